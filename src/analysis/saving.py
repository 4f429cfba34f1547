"""Writes a study into a folder: a report, the tables, the figures; whole or not at all.

All files are made in a folder of their own within the target, and moved to their places when they are complete. Who
writes holds a lock, so that two runs into one folder come one after the other.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import OutputError
from analysis.finding import finding, who_says_what

if TYPE_CHECKING:
    from analysis.study import Study

# Where files are made; what an interrupted run left in it goes with the next.
_UNFINISHED = ".unfinished"

# What a spreadsheet takes for a formula when a cell begins with it (OWASP, "CSV Injection"), also behind blanks.
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠|%]")

_FIGURE = re.compile(r"(?:turn|arc)-\d+|claims|voices-\w+")


def save(study: Study, folder: str | Path, *, spreadsheet: bool = False) -> tuple[Path, ...]:
    """Write a study into a folder, which is made if there is none.

    What stands there from an earlier run is replaced, and what that one had and this one has not is removed; other
    files are left alone.

    Args:
        study: What was read.
        folder: Where to.
        spreadsheet: Whether to write also copies of the tables in which no cell can run as a formula.

    Returns:
        The files: `report.html`, `finding.json`, `tables/*.csv`, `figures/*.png`, and `spreadsheet/*.csv`.

    Raises:
        OutputError: If they cannot be written; then what stood there before stands there still.
    """
    from analysis.figures import pictures
    from analysis.report import report

    folder = Path(folder)
    drawn = pictures(study)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            made = folder / _UNFINISHED
            shutil.rmtree(made, ignore_errors=True)
            try:
                for name, table in tables(study).items():
                    _write_table(table, made / "tables" / f"{name}.csv")
                    if spreadsheet:
                        _write_table(_harmless(table), made / "spreadsheet" / f"{name}.csv", encoding="utf-8-sig")
                for picture in drawn:
                    _write(made / "figures" / f"{picture.name}.png", picture.png)
                found = json.dumps(finding(study, words=True), ensure_ascii=False, allow_nan=False, indent=2)
                _write(made / "finding.json", f"{found}\n".encode())
                _write(made / "report.html", report(study, drawn).encode())
                return _moved(made, folder)
            finally:
                shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise OutputError(f"{folder}: cannot be written ({why}). Give another folder with --out.") from None


def tables(study: Study) -> dict[str, pd.DataFrame]:
    """All tables of a study, by name.

    Examples:
        >>> from analysis import read
        >>> list(tables(read("It rains.")))[:4]
        ['sentences', 'claims', 'shifts', 'possible']
    """
    own = {field.name: getattr(study, field.name) for field in fields(study)}
    found = {name: table for name, table in own.items() if isinstance(table, pd.DataFrame)}
    return found | {"claims": study.cues, "stances": study.stances, "who": who_says_what(study, words=True)}


def _write_table(table: pd.DataFrame, path: Path, *, encoding: str = "utf-8") -> None:
    # The text as it stands, line ends included: quotes go around all words, and numbers have none.
    text = table.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    _write(path, text.encode(encoding))


def _harmless(table: pd.DataFrame) -> pd.DataFrame:
    """A copy in which an apostrophe stands before what a spreadsheet would run."""
    return table.map(lambda cell: f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # a file that is renamed before it is on the disk may be empty after a crash


def _moved(made: Path, folder: Path) -> tuple[Path, ...]:
    """Move what was made to its place, and remove what an earlier run had besides."""
    new = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
    drawn = [path.relative_to(folder) for path in (folder / "figures").glob("*.png") if _FIGURE.fullmatch(path.stem)]
    copied = [Path("spreadsheet", name.name) for name in new if name.parent.name == "tables"]
    for name in new:
        (folder / name).parent.mkdir(exist_ok=True)  # all before the first is moved: a file may stand in the way
    for stale in {*drawn, *copied} - {*new}:
        (folder / stale).unlink(missing_ok=True)
    # The report last: where it is, the rest is.
    for name in sorted(new, key=lambda name: (name.name == "report.html", name)):
        (made / name).replace(folder / name)
    return tuple(folder / name for name in new)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold a folder, or wait until whoever holds it is done. The system lets go of it should we be killed."""
    try:
        import fcntl
    except ImportError:  # not on Windows, where two runs at once are on their own
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
