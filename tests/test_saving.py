"""What is written: whole or not at all, nothing let through, the same bytes for the same text."""

import json
import os
import subprocess
import sys
import threading
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from analysis import Study, read, saving
from analysis.errors import OutputError
from analysis.finding import finding
from analysis.saving import tables

ESSAY = (
    'Cold soup\n\nby Ann Baker\n\nCold soup is awful. =HYPERLINK("http://x") is bad. I hate it.\n\n'
    "<script>alert('x')</script> is a pest. “Fish & chips” are lovely.\n\n- Bread is fine."
)
RESPONSE = "I thought Baker hated soup. Then I realised that she only dislikes cold soup."


@pytest.fixture(scope="module")
def study() -> Study:
    return read(ESSAY, RESPONSE)


@pytest.fixture(scope="module")
def written(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written") / "result"
    study.save(folder, spreadsheet=True)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_of_it_is_there(study: Study, written: Path) -> None:
    names = set(contents(written))
    assert {"report.html", "finding.json", "figures/turn-1.png", "figures/claims.png"} <= names
    for name in tables(study):
        assert {f"tables/{name}.csv", f"spreadsheet/{name}.csv"} <= names
    assert not any(name.startswith(".") for name in names)


def test_the_tables_hold_the_text_as_it_is(study: Study, written: Path) -> None:
    for name, table in tables(study).items():
        back = pd.read_csv(written / "tables" / f"{name}.csv", keep_default_na=False, dtype=str)
        assert list(back.columns) == list(table.columns)
        assert len(back) == len(table), name
        if "text" in table:
            assert back["text"].tolist() == table["text"].tolist()


def test_no_cell_of_a_spreadsheet_runs(study: Study, written: Path) -> None:
    cells = 0
    for name, table in tables(study).items():
        back = pd.read_csv(
            written / "spreadsheet" / f"{name}.csv", keep_default_na=False, dtype=str, encoding="utf-8-sig"
        )
        for column in table:
            if pd.api.types.is_numeric_dtype(table[column]):
                continue
            for cell, harmless in zip(table[column], back[column], strict=True):
                if isinstance(cell, str):
                    assert not harmless.lstrip().startswith(("=", "+", "-", "@", "|", "%")), (name, column, harmless)
                    cells += cell != harmless
    assert cells, "the text holds a formula, and nothing was done about it"


def test_the_finding_is_json(study: Study, written: Path) -> None:
    assert json.loads((written / "finding.json").read_text(encoding="utf-8")) == finding(study, words=True)


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_report_stands_by_itself_and_runs_nothing(written: Path) -> None:
    page = (written / "report.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert" in page
    elements = Elements()
    elements.feed(page)
    for tag, attributes in elements.found:
        assert tag not in {"script", "link", "iframe", "object"}
        assert not any(name.startswith("on") for name in attributes)
        if tag == "img":
            assert (attributes["src"] or "").startswith("data:image/png;base64,")
            assert len(attributes["alt"] or "") > 40
        if tag == "a":
            assert (attributes["href"] or "").startswith("#")


def test_a_notebook_shows_the_finding(study: Study) -> None:
    shown = study._repr_html_()
    assert "<dt>Before</dt>" in shown
    assert "negative about cold soup" in shown
    assert "<script" not in shown


def test_the_same_text_gives_the_same_bytes(study: Study, written: Path, tmp_path: Path) -> None:
    essay, response = tmp_path / "essay.txt", tmp_path / "response.txt"
    essay.write_text(ESSAY)
    response.write_text(RESPONSE)
    for seed in ("1", "2"):
        command = [
            sys.executable,
            "-m",
            "analysis",
            "read",
            essay,
            response,
            "--quiet",
            "--spreadsheet",
            "--out",
            tmp_path / seed,
        ]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True)
        assert contents(tmp_path / seed) == contents(written), f"PYTHONHASHSEED={seed}"


def test_another_study_leaves_nothing_of_the_first_one(tmp_path: Path, study: Study) -> None:
    study.save(tmp_path, spreadsheet=True)
    mine = tmp_path / "figures" / "mine.png"
    mine.write_bytes(b"mine")
    (tmp_path / "tables" / "notes.csv").write_text("mine")
    read("Bread is good.", "It rains.").save(tmp_path)
    names = set(contents(tmp_path))
    assert {"figures/mine.png", "tables/notes.csv"} <= names
    assert not any(name.startswith(("figures/turn", "figures/arc", "spreadsheet/")) for name in names)
    assert "Baker" not in (tmp_path / "report.html").read_text()


def test_what_is_interrupted_leaves_what_stood_there(
    tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    read("Bread is good.", "It rains.").save(tmp_path)
    before = contents(tmp_path)
    real, writes = saving._write, []

    def stops(path: Path, content: bytes) -> None:
        writes.append(path)
        if len(writes) == 5:
            raise KeyboardInterrupt
        real(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(saving, "_write", stops)
        with pytest.raises(KeyboardInterrupt):
            study.save(tmp_path)
    assert contents(tmp_path) == before
    study.save(tmp_path)
    assert "Baker" in (tmp_path / "report.html").read_text()


def test_what_was_killed_is_done_by_the_next_run(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from analysis import read, saving\n"
        "real, count = saving._write, []\n"
        "def killed(path, content):\n"
        "    real(path, content[:10]); count.append(path)\n"
        "    if len(count) == 7: os.kill(os.getpid(), signal.SIGKILL)\n"
        "saving._write = killed\n"
        "read('Bread is good.', 'It rains.').save(sys.argv[1])\n"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], check=False)
    assert done.returncode < 0
    assert not [name for name in contents(tmp_path) if not name.startswith(".unfinished/")], "something half-written"
    read("Bread is good.", "It rains.").save(tmp_path)
    assert not [name for name in contents(tmp_path) if name.startswith(".")]
    assert "</html>" in (tmp_path / "report.html").read_text()


def test_two_runs_into_one_folder_come_one_after_the_other(
    tmp_path: Path, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.figures.pictures", lambda _: ())  # pyplot knows of no threads
    other = read("Bread is good.", "It rains.")
    alone = {}
    for name, one in (("one", study), ("other", other)):
        one.save(tmp_path / name)
        alone[name] = contents(tmp_path / name)
    for _ in range(3):
        runs = [threading.Thread(target=one.save, args=(tmp_path / "both",)) for one in (study, other)]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
        assert contents(tmp_path / "both") in alone.values()


def test_says_what_cannot_be_written(tmp_path: Path, study: Study) -> None:
    (tmp_path / "tables").write_text("a file where a folder must be")
    with pytest.raises(OutputError, match="cannot be written"):
        study.save(tmp_path)
    assert contents(tmp_path) == {"tables": b"a file where a folder must be"}
