"""Says in a few plain sentences what a study found: the stated move, and what the essay has on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.study import Study

_ATTITUDES = {
    ("evaluation", -1): "negative about",
    ("evaluation", 1): "positive about",
    ("expectation", -1): "pessimistic about",
    ("expectation", 1): "hopeful about",
    ("prescription", -1): "against",
    ("prescription", 1): "in favour of",
    ("description", -1): "telling ill of",
    ("description", 1): "telling well of",
}

_CHANGES = {
    "retargeting": "the same sign, another target",
    "reversal": "the same target, the other sign",
    "softening": "the same target and sign, weaker",
    "strengthening": "the same target and sign, stronger",
    "replacement": "another belief in the place of the first",
}


def attitude(kind: str, polarity: float) -> str:
    """A kind and a polarity in words.

    Examples:
        >>> attitude("expectation", -0.7)
        'pessimistic about'
    """
    return _ATTITUDES.get((kind, (polarity > 0) - (polarity < 0)), "of two minds about")


def belief(study: Study, shift: Mapping[str, Any], side: str) -> str:
    """One side of a shift in words: who is what about whom; the quotation alone where no claim was found in it."""
    if not shift[f"{side}_target"]:
        return f"“{shift[f'{side}_text']}”"
    holder = {"author": "the author", "reader": "the reader"}.get(shift[f"{side}_holder"], "somebody else")
    said = attitude(shift[f"{side}_kind"], shift[f"{side}_polarity"])
    return f"{holder} is {said} {study.label(shift[f'{side}_target'])}"


def change(shift: Mapping[str, Any]) -> str:
    """The type of a shift in words, with the kinds where they differ."""
    words = f"{shift['type']}: {_CHANGES[shift['type']]}"
    before, after = shift["before_kind"], shift["after_kind"]
    return f"{words}, and no longer an {before} but an {after}" if before and after and before != after else words


def heard(study: Study, target: str, polarity: float) -> int:
    """In how many of the author's sentences the rules find the target in this light."""
    rows = study.evidence[(study.evidence["target"] == target) & (study.evidence["sign"] * polarity > 0)]
    return int(rows["sentence"].nunique())


def finding(study: Study) -> list[str]:
    """The finding, a sentence or two to a line.

    Examples:
        >>> from analysis import Source, read
        >>> finding(read(None, Source.from_text("A fine day. The soup was good.")))[0]
        'The reader states no change of belief.'
    """
    lines: list[str] = []
    for shift in study.shifts.to_dict("records"):
        source = shift["source"]
        for side, lead in (("before", "Before"), ("after", "After")):
            start, end = shift[f"{side}_start"], shift[f"{side}_end"]
            lines.append(f"{lead}: the reader held that {belief(study, shift, side)}.")
            lines.append(f"    “{shift[f'{side}_text']}” ({source}, characters {start}–{end})")
        lines.append(f"The change is a {change(shift)}.")
        lines += _essay_on(study, shift)
    if not lines:
        lines = ["The reader states no change of belief."]
    lines.append(
        f"{len(study.claims)} claims in {len(study.sentences)} sentences: "
        f"{_count(study, 'author')} held by the author, {_count(study, 'reader')} by the reader, "
        f"{_count(study, 'other')} by others."
    )
    return lines


def _essay_on(study: Study, shift: Mapping[str, Any]) -> list[str]:
    """What the essay itself has on both sides, where the belief is about its author."""
    sides = [
        (shift[f"{side}_target"], shift[f"{side}_polarity"])
        for side in ("before", "after")
        if shift[f"{side}_target"] and shift[f"{side}_holder"] == "author"
    ]
    if not sides or ("response" in study.sources and "essay" not in study.sources):
        return []
    told = " and ".join(f"in {heard(study, target, polarity)} to {study.label(target)}" for target, polarity in sides)
    source = "essay" if "essay" in study.sources else "document"
    own = int(((study.sentences["source"] == source) & (study.sentences["voice"] == "author")).sum())
    where = "the essay" if source == "essay" else "the passages that the reader quotes, all that we have of the essay"
    return [f"In {where}, the author shows such an attitude {told}, of {own} sentences."]


def _count(study: Study, holder: str) -> int:
    return int((study.claims["holder"] == holder).sum())
