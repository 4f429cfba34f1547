"""Reads the public data in the folder where they are, and the project's own written paragraphs.

Nothing is copied. A file that does not have the form that README.md describes is named in one line.
"""

from __future__ import annotations

import gzip
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from analysis.shifts import TYPES
from measures import POLARITIES

TARGETED = ("newsmtsc-mt-dev.jsonl", "newsmtsc-rw-dev.jsonl", "mams-val.xml")
# Measured where they are there.
TARGETED_TOO = ("ibm-claims-dev.jsonl", "mooc-dev.jsonl")
ANY_TARGETED = "targets-*.jsonl"
ESSAYS = "essays-dev.conll.gz"
REVIEWS, REPORTS = "shift-dev.jsonl", "shift-dev-2.jsonl"
ALL_REAL = "all of these"
FILES = (*TARGETED, ESSAYS, REVIEWS, REPORTS)

_TAG = re.compile(r"⟦(\w+)\|([-+0])(r?)⟧(.*?)⟦/⟧", re.DOTALL)
_LIGHTS = {"-": -1, "0": 0, "+": 1}


class BenchError(RuntimeError):
    """Something that is needed is not there; the message is one line that says what, and where to look."""


@dataclass(frozen=True)
class Example:
    """A mention `start:end` in a sentence, and the polarity that people gave it there: -1, 0 or 1."""

    sentence: str
    start: int
    end: int
    gold: int


@dataclass(frozen=True)
class Essay:
    """The text of an essay and its sentences: where each starts and ends, and whether it holds a claim."""

    text: str
    sentences: tuple[tuple[int, int, bool], ...]


@dataclass(frozen=True)
class Change:
    """A stated change of belief: where the words for the belief before and the one after stand, and its type."""

    before: tuple[int, int]
    after: tuple[int, int]
    type: str


@dataclass(frozen=True)
class Review:
    """A text, and the changes of their own belief that its writer states in it, as people marked them."""

    text: str
    changes: tuple[Change, ...]


class Mark(NamedTuple):
    """A mention `start:end` of a target in a written paragraph, and its light: -1, 0 or 1.

    `reported` is true where the sentence only reports what somebody else thinks of the target.
    """

    start: int
    end: int
    target: str
    light: int
    reported: bool


@dataclass(frozen=True)
class Written:
    """A paragraph that was written and marked for this project, without its tags."""

    id: str
    text: str
    marks: tuple[Mark, ...]


# Marked mentions -----------------------------------------------------------------------------------------------------


def check_data(folder: Path) -> None:
    """Raise a BenchError that names the files which `folder` lacks."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise BenchError(
            f"{folder} lacks {', '.join(missing)}; benchmarks/README.md says where the data come from. "
            "Say where they are: make bench DATA=folder"
        )


def targeted_files(folder: Path) -> tuple[list[Path], list[str]]:
    """The files of marked mentions that are in `folder`, and the names of those that could be and are not."""
    more = sorted(folder.glob(ANY_TARGETED))
    absent = [name for name in TARGETED_TOO if not (folder / name).is_file()]
    known = [folder / name for name in (*TARGETED, *TARGETED_TOO) if name not in absent]
    return known + more, absent if more else [*absent, ANY_TARGETED]


def read_examples(path: Path) -> list[Example]:
    """Read the marked mentions of a file with an object a line (.jsonl), or of MAMS (.xml).

    Raises:
        BenchError: If the file does not have the form that README.md describes.
    """
    try:
        examples = list(_read_lines(path) if path.suffix == ".jsonl" else _read_mams(path))
    except (KeyError, TypeError, ValueError, ET.ParseError) as error:
        raise BenchError(f"{path} does not have the form that benchmarks/README.md describes: {error!r}") from None
    for example in examples:
        if not 0 <= example.start < example.end <= len(example.sentence) or example.gold not in POLARITIES:
            raise BenchError(f"{path} does not have the form that benchmarks/README.md describes: {example}")
    if not examples:
        raise BenchError(f"{path} has no marked mention.")
    return examples


def _read_lines(path: Path) -> Iterator[Example]:
    for row in _objects(path):
        yield Example(row["sentence"], row["from"], row["to"], row["polarity"])


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    # Not str.splitlines: a string in JSON may hold what ends a line elsewhere, such as U+2028.
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def _read_mams(path: Path) -> Iterator[Example]:
    polarities = {"negative": -1, "neutral": 0, "positive": 1}
    for sentence in ET.parse(path).iter("sentence"):
        text = sentence.findtext("text", "")
        for term in sentence.iter("aspectTerm"):
            yield Example(text, int(term.attrib["from"]), int(term.attrib["to"]), polarities[term.attrib["polarity"]])


# Essays --------------------------------------------------------------------------------------------------------------


def read_essays(path: Path) -> list[Essay]:
    """Read the essays: a line a token, its word in the second column and its label in the last, blanks between."""
    blocks = gzip.decompress(path.read_bytes()).decode("utf-8").strip().split("\n\n")
    return [_essay([line.split("\t") for line in block.splitlines()]) for block in blocks]


def _essay(rows: Sequence[Sequence[str]]) -> Essay:
    """Put the text together; a sentence ends behind a token of `.`, `!` or `?`, as the file marks no sentences.

    Nor does it mark paragraphs, so that an essay's title is a part of its first sentence.
    """
    sentences: list[tuple[int, int, bool]] = []
    text, words, claims = "", list[str](), False
    for number, row in enumerate(rows):
        words.append(row[1])
        claims |= row[-1].split(":")[0] in {"B-Claim", "I-Claim", "B-MajorClaim", "I-MajorClaim"}
        if re.fullmatch(r"[.!?]+[\"'”’]*", row[1]) or number == len(rows) - 1:
            start = len(text) + bool(text)
            text = f"{text} {as_written(words)}".strip()
            sentences.append((start, len(text), claims))
            words, claims = [], False
    return Essay(text, tuple(sentences))


def as_written(words: Sequence[str]) -> str:
    """Join tokens as people write them, because all methods read writing: "can", "'", "t" is a negation in one.

    Examples:
        >>> as_written("One can ' t know , can one ?".split())
        "One can't know, can one?"
    """
    text = re.sub(r" (['’]) (?=(?:s|t|re|ve|ll|d|m)\b)", r"\1", " ".join(words))
    return re.sub(r" (?=[.,;:!?])", "", text)


# Changes of belief ---------------------------------------------------------------------------------------------------


def read_reviews(path: Path) -> list[Review]:
    """Read the texts in which stated changes of belief are marked: an object a line."""
    rows = list(_objects(path))
    reviews = [Review(row["text"], tuple(as_change(marked) for marked in row["shifts"])) for row in rows]
    for row, review in zip(rows, reviews, strict=True):
        spans = [span for change in review.changes for span in (change.before, change.after)]
        inside = all(0 <= start < end <= len(review.text) for start, end in spans)
        if not inside or row["shift"] != bool(spans) or not {change.type for change in review.changes} <= {*TYPES}:
            raise BenchError(f"{path} does not have the form that benchmarks/README.md describes: {review}")
    return reviews


def read_kinds(folder: Path) -> dict[str, list[Review]]:
    """The real texts in which changes are marked, by kind: reviews, a debate forum, self-reports and reading notes."""
    told = read_reviews(folder / REPORTS)
    in_forum = ["forum" in row["genre"] for row in _objects(folder / REPORTS)]
    return {
        f"{REVIEWS}, reviews": read_reviews(folder / REVIEWS),
        f"{REPORTS}, debate forum": [text for text, forum in zip(told, in_forum, strict=True) if forum],
        f"{REPORTS}, self-reports and notes": [text for text, forum in zip(told, in_forum, strict=True) if not forum],
    }


def as_change(row: Mapping[str, Any]) -> Change:
    """The change of belief in a marked row, or in a row of `Study.shifts`."""
    before, after = ((int(row[f"{side}_start"]), int(row[f"{side}_end"])) for side in ("before", "after"))
    return Change(before, after, row["type"])


# Written paragraphs --------------------------------------------------------------------------------------------------


def read_written(path: Path) -> list[Written]:
    """Read a file of written paragraphs (attitudes-*.jsonl), in which every mention of a target is tagged."""
    return [Written(row["id"], *untagged(row["text"])) for row in _objects(path)]


def untagged(tagged: str) -> tuple[str, tuple[Mark, ...]]:
    """A text without its tags, and what they said; offsets are characters of the text without tags.

    Raises:
        BenchError: If a tag is left over that is not closed, or has no light.

    Examples:
        >>> untagged("⟦t1|+⟧The goat⟦/⟧ sang; critics call ⟦t1|-r⟧it⟦/⟧ loud.")[0]
        'The goat sang; critics call it loud.'
        >>> [tuple(mark) for mark in untagged("⟦t1|+⟧The goat⟦/⟧ sang; critics call ⟦t1|-r⟧it⟦/⟧ loud.")[1]]
        [(0, 8, 't1', 1, False), (28, 30, 't1', -1, True)]
    """
    text, marks, done = "", list[Mark](), 0
    for tag in _TAG.finditer(tagged):
        text += tagged[done : tag.start()]
        marks.append(Mark(len(text), len(text) + len(tag[4]), tag[1], _LIGHTS[tag[2]], bool(tag[3])))
        text, done = text + tag[4], tag.end()
    text += tagged[done:]
    if "⟦" in text or "⟧" in text:
        raise BenchError(f"A tag is not closed, or has no light: {text[:80]}")
    return text, tuple(marks)
