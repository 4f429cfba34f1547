"""Stated changes of belief, and what only looks like one, marked by a reader who had not seen the rules.

`shifts.csv` marks the spans in the text: `{b:...}` before, `{a:...}` after; a text without marks states no change.
"""

import csv
import functools
import re
from pathlib import Path

import pytest

from analysis import Source
from analysis.study import Reader

ROWS = list(csv.DictReader((Path(__file__).parent / "shifts.csv").open(encoding="utf-8")))
READER = Reader()

# A span is found where its words and those marked overlap by half (F1 over tokens).
ENOUGH = 0.5
MOST_WRONG = 0.15

Span = tuple[int, int]


def unmarked(marked: str) -> tuple[str, dict[str, Span]]:
    """A text without its marks, and where each of them stood."""
    text, spans, opened, at = "", {}, [], 0
    while at < len(marked):
        mark = re.match(r"\{([ab]\d?):", marked[at:])
        if mark:
            opened.append((mark[1], len(text)))
            at += mark.end()
        elif marked[at] == "}" and opened:
            name, start = opened.pop()
            spans[name] = (start, len(text))
            at += 1
        else:
            text += marked[at]
            at += 1
    return text, spans


def overlap(text: str, one: Span, other: Span) -> float:
    words = [(match.start(), match.end()) for match in re.finditer(r"\w+|[^\w\s]", text)]
    first, second = ({word for word in words if start <= word[0] and word[1] <= end} for start, end in (one, other))
    return 2 * len(first & second) / max(len(first) + len(second), 1)


@functools.cache
def found(text: str) -> list[dict]:
    return READER.read(None, Source.from_text(text)).shifts.to_dict("records")


def test_marks_are_well_formed() -> None:
    for row in ROWS:
        text, spans = unmarked(row["text"])
        assert {name[0] for name in spans} in (set(), {"a", "b"}), row
        assert not re.search(r"\{[ab]\d?:|\}", text), row
        assert bool(row["type"]) == bool(spans), row
        assert row["reason"], row


def went_wrong(marked: str) -> str:
    """What is wrong with what is found in a text, in a few words; empty if nothing is."""
    text, spans = unmarked(marked)
    shifts = found(text)
    numbers = sorted({name[1:] for name in spans})
    if not numbers:
        return "a change is found where none is stated" if shifts else ""
    if not shifts:
        return "no change is found"
    for number in numbers:
        fits = {
            side: [
                overlap(text, spans[f"{side[0]}{number}"], (shift[f"{side}_start"], shift[f"{side}_end"])) >= ENOUGH
                for shift in shifts
            ]
            for side in ("before", "after")
        }
        if not any(one and other for one, other in zip(fits["before"], fits["after"], strict=True)):
            missed = [side for side in ("before", "after") if not any(fits[side])]
            return f"other words are taken for the belief {' and '.join(missed)}" if missed else "wrongly paired"
    return ""


PARAMETERS = [
    pytest.param(
        row,
        id=f"{number}-{row['kind']}",
        marks=pytest.mark.xfail(strict=True, reason=row["known"]) if row["known"] else (),
    )
    for number, row in enumerate(ROWS)
]


@pytest.mark.parametrize("row", PARAMETERS)
def test_shifts_are_found_where_they_are_marked(row: dict[str, str]) -> None:
    assert went_wrong(row["text"]) == "", row["reason"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["known"]], ids=lambda row: row["kind"])
def test_known_failures_fail_as_they_say(row: dict[str, str]) -> None:
    assert went_wrong(row["text"]) == row["known"]


def test_few_fail() -> None:
    """Of these texts, on which the rules of version one were built, most are still read right."""
    share = sum(bool(row["known"]) for row in ROWS) / len(ROWS)
    assert share < MOST_WRONG


def test_a_sentence_before_moves_a_shift_and_changes_nothing_else() -> None:
    text, _ = unmarked(ROWS[0]["text"])
    [alone], [behind] = found(text), found("The shop opens at nine. " + text)
    moved = {name for name in alone if name.endswith(("_start", "_end"))}
    shift = len("The shop opens at nine. ")
    assert all(behind[name] == alone[name] + shift for name in moved)
