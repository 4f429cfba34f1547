"""Runs the notebooks, and makes pages of them that need nothing from anywhere else.

`python docs/build.py site` leaves the stored notebooks alone: it runs copies into build/notebooks and renders those to
build/site. `python docs/build.py notebooks` runs the stored ones in place.
"""

from __future__ import annotations

import csv
import html
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode
from rich.console import Console

from analysis import Study, read
from analysis.annotated import annotated_css, annotated_text
from analysis.figures import pictures
from analysis.finding import finding
from analysis.report import report
from analysis.terminal import print_finding
from readme import NOTEBOOK, figure, found, how_sure, missed, the_study

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
NOTEBOOKS = ROOT / "notebooks"
BUILD = ROOT / "build"
MOVE = NOTEBOOK.stem
EXAMPLE = ROOT / "data" / "example"
INPUTS = ROOT / "tests" / "inputs.csv"

# What every stored notebook says of its kernel. JupyterLab adds the version of its Python, which would change from
# one machine to the next, and says nothing that a reader needs.
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}

# Attributes by which a page makes a browser fetch something without a click.
_FETCHING = {"src", "srcset", "poster", "data"}
_FETCHING_LINKS = {
    "stylesheet",
    "preload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "modulepreload",
    "icon",
    "manifest",
}
_ELSEWHERE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?\s*(?:https?:)?//", re.IGNORECASE)


class PageError(RuntimeError):
    """A notebook or a page is not as it has to be; the message says where and what to change."""


def main() -> None:
    """Build what the only argument asks for."""
    stored = sorted(NOTEBOOKS.glob("*.ipynb"))
    if not stored:
        raise PageError("There is no notebook in notebooks/.")
    match sys.argv[1:]:
        case ["notebooks"]:
            run_notebooks(stored, NOTEBOOKS)
            print("The notebooks are stored with the outputs of this run.")
        case ["site"]:
            shutil.rmtree(BUILD / "notebooks", ignore_errors=True)
            executed = run_notebooks(stored, BUILD / "notebooks")
            print("Making pages of them ...", flush=True)
            build_site(executed, work=BUILD / "pages", site=BUILD / "site")
        case _:
            raise SystemExit(__doc__)


def run_notebooks(paths: list[Path], folder: Path) -> list[Path]:
    """Run each notebook from top to bottom in a kernel of its own, with its own folder as the working directory.

    Returns:
        The paths of the notebooks with their outputs, in `folder`. A notebook with an error in it raises, and is not
        written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for path in paths:
        print(f"Running {path.name} ...", flush=True)
        notebook = nbformat.read(path, as_version=4)
        try:
            run_notebook(notebook, path.parent)
        except CellExecutionError as error:
            raise PageError(f"{path.name} stopped in this cell:\n{error}") from error
        figures_of(notebook, path.name)
        written.append(folder / path.name)
        nbformat.write(notebook, written[-1])
    return written


def run_notebook(notebook: NotebookNode, folder: Path) -> None:
    """Fill in the outputs."""
    NotebookClient(
        notebook,
        kernel_name=KERNEL["name"],
        timeout=300,
        resources={"metadata": {"path": str(folder)}},
        # Both would differ from run to run.
        record_timing=False,
        coalesce_streams=True,
        # A kernel warns that nothing between it and us is encrypted, and both are on this computer.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    ).execute()
    for cell in notebook.cells:
        # A progress bar takes itself away on the screen; stored, it would be a row of blanks.
        cell.get("outputs", [])[:] = [output for output in cell.get("outputs", []) if not _is_progress(output)]
    notebook.metadata = NotebookNode(kernelspec=KERNEL, language_info=LANGUAGE)


def _is_progress(output: NotebookNode) -> bool:
    stderr = output.output_type == "stream" and output.name == "stderr"
    return bool(stderr and "\r" in output.text)


def figures_of(notebook: NotebookNode, name: str) -> dict[int, str]:
    """Find the figures and what they show in words.

    Returns:
        The alt text of the figure in each cell that has one, by the number of the cell, counted from 0.

    Raises:
        PageError: If a figure has no alt text, or shares its cell with another one: MyST-NB takes the alt text from the
            cell, so that both would get the same.
    """
    alts = {}
    for number, cell in enumerate(notebook.cells):
        figures = [
            output
            for output in cell.get("outputs", [])
            if any(kind.startswith("image/") for kind in output.get("data", ()))
        ]
        if len(figures) > 1:
            raise PageError(
                f"{name}, cell {number}: {len(figures)} figures. Give each a cell of its own, for its alt text."
            )
        for output in figures:
            alt = output.metadata.get("image/png", {}).get("alt", "").strip()
            if not alt:
                raise PageError(
                    f"{name}, cell {number}: a figure without alt text. End the cell with show(..., alt=...)."
                )
            alts[number] = alt
    return alts


def build_site(executed: list[Path], *, work: Path, site: Path) -> None:
    """Render notebooks that have been run to pages, with the front page of docs/index.md.

    Args:
        executed: The notebooks.
        work: A folder for what Sphinx reads and keeps; emptied first.
        site: The folder for the pages, replaced once they are made and found to be good.

    Raises:
        PageError: If Sphinx has anything to complain about, or a page would fetch something from elsewhere.
    """
    shutil.rmtree(work, ignore_errors=True)
    source, pages = work / "source", work / "pages"
    (source / "notebooks").mkdir(parents=True)
    write_pages(executed, source)
    for path in executed:
        nbformat.write(as_page(nbformat.read(path, as_version=4), path.name), source / "notebooks" / path.name)
    # In a process of its own, because Sphinx registers things for good.
    sphinx = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "--keep-going", "-q"]
    done = subprocess.run([*sphinx, "-c", DOCS, "-d", work / "doctrees", source, pages], check=False)
    if done.returncode:
        raise PageError("Sphinx could not make the pages; its complaints are above.")
    example = read(*(EXAMPLE / f"recipes-{name}.txt" for name in ("essay", "response")))
    (pages / "example-report.html").write_text(report(example, pictures(example)), encoding="utf-8")
    if fetched := list(requests_elsewhere(pages)):
        raise PageError("The pages must work offline, but would fetch:\n" + "\n".join(fetched))
    shutil.rmtree(site, ignore_errors=True)
    shutil.move(pages, site)


def write_pages(executed: list[Path], source: Path) -> None:
    """Write the pages that are no notebooks: the front page, the text with its claims, and how to read one's own.

    What they say of the finding is computed here and now, and the figure is the first one of the notebook on the move.
    """
    study = the_study()
    moves = next((path for path in executed if path.stem == MOVE), None)
    picture = ""
    if moves is not None:
        data, alt = figure(moves)
        (source / "finding.png").write_bytes(data)
        picture = f"\n\n```{{image}} finding.png\n:alt: {alt}\n:class: finding\n```\n\n{missed(study)}"
    front = (DOCS / "index.md").read_text(encoding="utf-8")
    front = front.replace("<!-- finding -->", f"{found(study)}{picture}")
    front = front.replace("<!-- how sure -->", how_sure(study))
    (source / "index.md").write_text(front, encoding="utf-8")
    yours = (DOCS / "yours.md").read_text(encoding="utf-8").replace("<!-- printed -->", f"```text\n{printed(study)}```")
    (source / "yours.md").write_text(yours, encoding="utf-8")
    odd = (DOCS / "inputs.md").read_text(encoding="utf-8").replace("<!-- inputs -->", inputs())
    (source / "inputs.md").write_text(odd, encoding="utf-8")
    fragment = f"<style>\n{annotated_css()}\n</style>\n{annotated_text(study)}"
    head = "# The text, annotated\n\n*Who says what about whom, and with which words?*"
    (source / "text.md").write_text(f"{head}\n\n```{{raw}} html\n{fragment}\n```\n", encoding="utf-8")


def printed(study: Study) -> str:
    """What the command prints of a study, on lines that a page has room for."""
    console = Console(file=io.StringIO(), width=84, color_system=None)
    print_finding(finding(study), console)
    assert isinstance(console.file, io.StringIO)
    return "".join(f"{line.rstrip()}\n" for line in console.file.getvalue().splitlines())


def inputs() -> str:
    """The table of odd and bad input, from the file that the tests go through."""
    rows = csv.DictReader(INPUTS.read_text(encoding="utf-8").splitlines())
    lines = ["| given | exit code | it says | and then |", "|---|---|---|---|"]
    for row in rows:
        says = "nothing of it" if row["says"] == "-" else f"“… {row['says']} …”"
        cells = (
            row["given"],
            row["exit"],
            says,
            row["then"] or ("Nothing is read or written." if row["exit"] == "2" else ""),
        )
        lines.append("| " + " | ".join(html.escape(cell, quote=False).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def as_page(notebook: NotebookNode, name: str) -> NotebookNode:
    """Fold the code away, and put the alt text where MyST-NB looks for it: it ignores the one in the output."""
    alts = figures_of(notebook, name)
    if notebook.cells and notebook.cells[0].cell_type == "markdown":
        notebook.cells[0].source += f"\n\n{{download}}`This page as a notebook <{name}>`"
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
        if number in alts:
            cell.metadata["mystnb"] = {"image": {"alt": alts[number]}}
    return notebook


def requests_elsewhere(site: Path) -> Iterator[str]:
    """Find what the pages would fetch from other places without a click; links to follow are none of it.

    Returns:
        A line for each, with the file and the address.
    """
    for path in sorted(site.rglob("*.html")):
        page = _Page()
        page.feed(path.read_text(encoding="utf-8"))
        for address in page.fetched:
            if _ELSEWHERE.match(address):
                yield f"{path.relative_to(site)}: {address}"
        for style in page.styles:
            if found := _IN_STYLE.search(style):
                yield f"{path.relative_to(site)}: {style[found.start() : found.start() + 80]}"
    for path in sorted(site.rglob("*.css")):
        text = path.read_text(encoding="utf-8")
        if found := _IN_STYLE.search(text):
            yield f"{path.relative_to(site)}: {text[found.start() : found.start() + 80]}"


class _Page(HTMLParser):
    """Collects the addresses that a page fetches, and its styles."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.styles: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.fetched += [value for name, value in values.items() if name in _FETCHING]
        if tag == "link" and _FETCHING_LINKS & set(values.get("rel", "").lower().split()):
            self.fetched.append(values.get("href", ""))
        self.styles.append(values.get("style", ""))
        self._in_style = tag == "style"

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.styles.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False


if __name__ == "__main__":
    try:
        main()
    except PageError as error:
        sys.exit(str(error))
