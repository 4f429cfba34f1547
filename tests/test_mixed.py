"""Documents that mix both voices: whose words each line is, beside the reference marks in tests/mixed."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from analysis import read
from analysis.cleaning import Source
from analysis.voices import find_voices

FOLDER = Path(__file__).parent / "mixed"
MARKS = {"R": "reader", "A": "author", "X": "apparatus"}


@dataclass(frozen=True)
class Line:
    """A line that is not blank: whose it is by the marks, and by the rules, and whether these raise a doubt."""

    number: int
    text: str
    marked: str
    told: str
    unsure: bool

    @property
    def is_right(self) -> bool:
        return self.told == self.marked

    @property
    def is_taken_from_the_author(self) -> bool:
        """An author's line that the reader is credited with, and nobody is warned."""
        return self.marked == "author" and self.told == "reader" and not self.unsure


def scored(path: Path) -> list[Line]:
    """The lines of a marked document; one of quote marks alone has no words and is left out."""
    marks, lines = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        marks.append(MARKS[line[0]] if line.strip() else "")
        lines.append(line[3:])
    source = Source.from_text("\n".join(lines))
    assert source.text.split("\n") == lines, "cleaning moved the lines"
    paragraphs = list(find_voices(source))
    found, offset = [], 0
    for number, (mark, text) in enumerate(zip(marks, lines, strict=True)):
        within = [one for one in paragraphs if offset <= one.start < offset + len(text)]
        if within:
            found.append(Line(number, text, mark, within[0].voice, within[0].unsure))
        else:
            assert not text.strip("> "), text
        offset += len(text) + 1
    return found


def documents(folder: str) -> Iterator[Path]:
    yield from sorted((FOLDER / folder).glob("d*.txt"))


def share(lines: list[Line]) -> float:
    return sum(line.is_right for line in lines) / len(lines)


# These documents the rules were made by, so this says that they still hold, not how well they do on others.
@pytest.mark.parametrize("path", list(documents("build")), ids=lambda path: path.stem)
def test_most_lines_are_told_right(path: Path) -> None:
    lines = scored(path)
    wrong = [(line.number, line.told, line.text[:50]) for line in lines if not line.is_right]
    assert share(lines) >= 0.9, wrong
    assert not [line.text for line in lines if line.is_taken_from_the_author]


def test_nearly_all_lines_together_are_told_right() -> None:
    lines = [line for path in documents("build") for line in scored(path)]
    assert share(lines) >= 0.99
    doubted = sum(line.unsure for line in lines) / len(lines)
    assert doubted < 0.1, "a doubt that is raised everywhere says nothing"


def test_a_doubt_names_the_lines_and_the_saved_table_puts_them_right(tmp_path: Path) -> None:
    marked = (FOLDER / "build" / "d06.txt").read_text(encoding="utf-8").splitlines()
    text = Source.from_text("\n".join(line[3:] for line in marked))
    study = read(text)
    [message] = study.doubts[study.doubts["kind"] == "voices"]["message"]
    assert "15 ('Three winters ago I had ...', taken for the author's)" in message
    assert all(word in message for word in ("--voices", "voices.csv", "Study.voices"))

    study.save(tmp_path / "result")
    table = pd.read_csv(tmp_path / "result" / "tables" / "voices.csv")
    table.loc[table["text"].str.startswith("Three winters ago"), "voice"] = "reader"
    table.to_csv(tmp_path / "mine.csv", index=False)
    again = read(text, voices=tmp_path / "mine.csv")
    assert again.voices["voice"].tolist() == table["voice"].tolist()
    assert "voices" not in set(again.doubts["kind"])
