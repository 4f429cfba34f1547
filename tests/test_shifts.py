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


def as_marked(marked: str) -> bool:
    """Whether as many shifts are found as are marked, each where it is marked; none where none is."""
    text, spans = unmarked(marked)
    shifts = found(text)
    numbers = sorted({name[1:] for name in spans})
    if len(shifts) < len(numbers) or bool(shifts) != bool(numbers):
        return False
    return all(
        any(
            overlap(text, spans["b" + number], (shift["before_start"], shift["before_end"])) >= ENOUGH
            and overlap(text, spans["a" + number], (shift["after_start"], shift["after_end"])) >= ENOUGH
            for shift in shifts
        )
        for number in numbers
    )


def test_marks_are_well_formed() -> None:
    for row in ROWS:
        text, spans = unmarked(row["text"])
        assert {name[0] for name in spans} in (set(), {"a", "b"}), row
        assert not re.search(r"\{[ab]\d?:|\}", text), row
        assert bool(row["type"]) == bool(spans), row
        assert row["reason"], row


# What the rules do not find, or find wrongly, by how the text begins; each with its reason.
KNOWN = {
    "{a:I now suspect the referee": "the after is told first, and both beliefs are of one target and sign",
    "{b:I thought the columnist": "'all for it' holds no opinion word",
    "{b1:I expected the ferry": "'dead as a doornail' holds no opinion word",
    "{b:My whole life": "the parser takes 'My whole life' for the subject",
    "{b:I'm not normally a fan": "a habit told in the present is no belief of before",
    "{a:These days I think": "'anything but a fan' is no denial to the parser",
    "{a:I'd now say the landlord": "the parser hangs 'that he was a crook' on 'April'",
    "{b:I thought Berry": "'It's the banks that he hates' is not read as news",
    "{b:Was expecting a proper steak": "'got a grey rag' holds no opinion word",
    "{b:I had it down": "'have it down that' is no verb of belief",
    "When I was child {b:I beleived": "'beleived' is no verb that the lists know",
    "Tried the vegan sausage roll": "three verbs in a row without a subject are one noun phrase to the parser",
    "{b:I was never a fan of beetroot": "'can't get enough of' is no opinion",
    "We booked this place": "'found the room spotless' is a noun phrase to the parser",
    "Interesting piece": "'have it in for' is no attitude of the lists",
    "Got this for my dad's 60th": "'the sturdiest spade' holds no opinion word",
    "{b:I've never been much of a cat person": "'a cat person' is no attitude of the lists",
    "Right, hands up": "the evaluation stands too far behind",
    "My brother wouldn't come": "the sentence between is taken for the correction",
    "Day three at the campsite": "a mere 'I thought' and praise without a joint are not put together",
    "Rented it last night and": "the verdict without a subject has no mention that could be shown in a light",
    "{b:Figured it'd fall apart": "'still going strong' is no praise that the encoder is sure of",
    "{b:In my student days": "both beliefs are heard alike, and 'mostly a nuisance' not as milder",
    "{b:I was expecting a thoughtful": "what is expected is not surely heard as good, so that nothing goes against it",
    "{b:I came to this novel": "'very little' is expected of the novel, and not surely heard as ill of it",
    "{b:I had great expectations of the new": "what she promised is heard as praise, and taken for what came of it",
    "From the title {b:I thought the author was in favour": "'dead against it' has no holder in the parse",
    "Rented it for the poster": "the elided subject has no mention that could be shown in a light",
    "{b:I expected the root canal": "'no worse than uncomfortable' is heard as blame",
    "{b:My expectations of the Prado": "'sky-high' is not surely heard as praise of the Prado",
    "My tomato leaves": "the yellow leaves are heard as ill before and after, as the same belief",
    "From the trailer I thought": "'I was not wrong' is taken for a belief of before",
    "Knee op, ward 7": "a strengthening without a joint is taken for the same belief",
}


def reason_of_failure(row: dict[str, str]) -> str:
    return next((why for start, why in KNOWN.items() if row["text"].startswith(start)), "")


PARAMETERS = [
    pytest.param(
        row,
        id=f"{number}-{row['kind']}",
        marks=pytest.mark.xfail(strict=True, reason=reason_of_failure(row)) if reason_of_failure(row) else (),
    )
    for number, row in enumerate(ROWS)
]


@pytest.mark.parametrize("row", PARAMETERS)
def test_shifts_are_found_where_they_are_marked(row: dict[str, str]) -> None:
    assert as_marked(row["text"]), row["reason"]


@pytest.mark.xfail(
    strict=True,
    reason="0.74: a light says how sure it is, not how strong, and one is heard in mere facts",
)
def test_most_types_are_right() -> None:
    """The type of a found shift is right in three of four; which ones are not is told in benchmarks/README.md."""
    right = of = 0
    for row in ROWS:
        if row["type"] and not reason_of_failure(row):
            text, spans = unmarked(row["text"])
            if "b" in spans:
                of += 1
                right += found(text)[0]["type"] == row["type"]
    assert of > 90
    assert right / of >= 0.75


@pytest.mark.xfail(strict=True, reason="'it' is taken for the shop, which is the subject of the sentence before")
def test_a_sentence_before_moves_a_shift_and_changes_nothing_else() -> None:
    text, _ = unmarked(ROWS[0]["text"])
    [alone], [behind] = found(text), found("The shop opens at nine. " + text)
    moved = {name for name in alone if name.endswith(("_start", "_end"))}
    shift = len("The shop opens at nine. ")
    assert all(behind[name] == alone[name] + shift for name in moved)
    assert all(behind[name] == alone[name] for name in alone if name not in moved)
