import copy
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from build import KERNEL, LANGUAGE, figures_of

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
STORED = sorted(FOLDER.glob("*.ipynb"))

# What show() publishes beside the picture: the alt text, and a hash of what is drawn for nbval to compare.
FIGURE = re.compile(r"Figure: (?P<alt>.+) \[data [0-9a-f]+\]", re.DOTALL)

each_stored = pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_notebooks_are_stored() -> None:
    assert STORED


@each_stored
def test_stored_from_one_run_from_top_to_bottom(path: Path) -> None:
    # nbval compares nothing in a cell without a count, so that a notebook without outputs would pass.
    cells = code_cells(read(path))
    assert cells
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@each_stored
def test_stored_without_errors_and_without_tags_that_hide_some(path: Path) -> None:
    hiding = {"raises-exception", "nbval-skip", "nbval-ignore-output", "nbval-raises-exception"}
    for cell in code_cells(read(path)):
        assert not [output for output in cell.outputs if output.output_type == "error"]
        assert not hiding & set(cell.metadata.get("tags", []))
        assert not re.search(r"NBVAL_|PYTEST_VALIDATE", cell.source)


@each_stored
def test_stored_for_any_machine(path: Path) -> None:
    notebook = read(path)
    assert notebook.metadata == {"kernelspec": KERNEL, "language_info": LANGUAGE}
    text = path.read_text(encoding="utf-8")
    for place in {str(ROOT), str(Path.home()), sys.prefix, tempfile.gettempdir()}:
        assert f"{place}/" not in text
    assert not re.search(r"/home/|/Users/|[A-Z]:\\\\|site-packages|0x[0-9a-f]{6,}", text)


@each_stored
def test_every_figure_has_alt_text_that_nbval_compares(path: Path) -> None:
    notebook = read(path)
    for number, alt in figures_of(notebook, path.name).items():
        (data,) = [output.data for output in notebook.cells[number].outputs if "image/png" in output.get("data", {})]
        assert set(data) == {"image/png", "text/plain"}
        written = FIGURE.fullmatch(data["text/plain"])
        assert written, data["text/plain"]
        assert written["alt"] == alt


def run_nbval(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run nbval as `make test` does, on the notebooks in a folder that has the settings of notebooks/."""
    shutil.copy(FOLDER / "conftest.py", folder)
    options = ["-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=300", "-rA"]
    command = [sys.executable, "-m", "pytest", "--rootdir", folder, "-c", ROOT / "pyproject.toml", *options, folder]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def outcomes(done: subprocess.CompletedProcess[str], name: str) -> list[str]:
    """What became of each cell of a notebook, in order."""
    found = re.findall(rf"^(PASSED|FAILED|ERROR|SKIPPED|XFAIL) \S*{name}\S*::Cell (\d+)", done.stdout, re.MULTILINE)
    return [outcome for outcome, _ in sorted(found, key=lambda pair: int(pair[1]))]


def test_nbval_fails_when_a_stored_output_is_changed(tmp_path: Path) -> None:
    smallest = read(min(STORED, key=lambda path: path.stat().st_size))
    cells = code_cells(smallest)
    # The first cell that shows something is enough: what comes after it only costs time.
    last = next(n for n, cell in enumerate(cells) if any("text/plain" in out.get("data", {}) for out in cell.outputs))
    kept = new_notebook(cells=cells[: last + 1], metadata=smallest.metadata)
    changed = copy.deepcopy(kept)
    (output,) = [output for output in changed.cells[last].outputs if "text/plain" in output.get("data", {})][:1]
    output.data["text/plain"] += " "
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (tmp_path / "data").symlink_to(ROOT / "data")
    nbformat.write(kept, folder / "kept.ipynb")
    nbformat.write(changed, folder / "changed.ipynb")

    done = run_nbval(folder)

    assert outcomes(done, "kept") == ["PASSED"] * (last + 1), done.stdout
    assert outcomes(done, "changed") == ["PASSED"] * last + ["FAILED"], done.stdout
    assert done.returncode == 1


def test_nbval_compares_text_and_neither_html_nor_progress(tmp_path: Path) -> None:
    def stored(*, text: str, html: str, progress: str) -> NotebookNode:
        source = (
            "import sys\nfrom IPython.display import display\n"
            "print('working', file=sys.stderr)\n"
            "display({'text/plain': 'table', 'text/html': '<b>table</b>'}, raw=True)"
        )
        outputs = [
            new_output("stream", name="stderr", text=progress),
            new_output("display_data", data={"text/plain": text, "text/html": html}),
        ]
        return new_notebook(cells=[new_code_cell(source, outputs=outputs, execution_count=1)])

    nbformat.write(stored(text="table", html="<i>table</i>", progress="waiting\n"), tmp_path / "beside.ipynb")
    nbformat.write(stored(text="figure", html="<b>table</b>", progress="working\n"), tmp_path / "other.ipynb")

    done = run_nbval(tmp_path)

    assert outcomes(done, "beside") == ["PASSED"], done.stdout
    assert outcomes(done, "other") == ["FAILED"], done.stdout


def test_your_own_pair_runs_on_a_pair_without_a_change_of_belief(tmp_path: Path) -> None:
    done = papermill.execute_notebook(
        FOLDER / "06-your-own-pair.ipynb",
        tmp_path / "trains.ipynb",
        {"essay": "../data/example/trains-essay.txt", "response": "../data/example/trains-response.txt"},
        cwd=FOLDER,
        progress_bar=False,
    )
    shown = [
        output["data"]["text/markdown"]
        for cell in code_cells(done)
        for output in cell.outputs
        if "text/markdown" in output.get("data", {})
    ]
    assert shown[0].startswith("**The finding.** The reader states no change of belief.")
    alts = figures_of(done, "06")
    assert [alt.startswith("Table of the claims by holder and target.") for alt in alts.values()] == [True]
