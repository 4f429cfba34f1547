"""Says in a few plain sentences what a study found: the stated move, and what the essay has on it."""

from __future__ import annotations

import math
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
    said = f"{attitude(shift[f'{side}_kind'], shift[f'{side}_polarity'])} {study.label(shift[f'{side}_target'])}"
    if shift[f"{side}_holder"] == "reader":
        return f"was {said}"
    return f"{'the author' if shift[f'{side}_holder'] == 'author' else 'somebody else'} is {said}"


def change(shift: Mapping[str, Any]) -> str:
    """The type of a shift in words, with the kinds where they differ."""
    words = f"{shift['type']}: {_CHANGES[shift['type']]}"
    before, after = shift["before_kind"], shift["after_kind"]
    return f"{words}, and no longer an {before} but an {after}" if before and after and before != after else words


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
            lines.append(
                f"{lead}: the reader {'held that ' if shift[f'{side}_holder'] != 'reader' else ''}"
                f"{belief(study, shift, side)}."
            )
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
    """The verdicts on both sides and the turn, where there are the author's words to look at."""
    own = study.author_sentences
    if own.empty:
        return []
    where = (
        "the essay"
        if "essay" in study.sources
        else "the passages that the reader quotes, all that we have of the essay"
    )
    lines = [f"Do the author's words bear it out? Looked for in {where} ({len(own)} sentences)."]
    verdicts = study.verdicts[study.verdicts["shift"] == shift["shift"]]
    for row in verdicts.to_dict("records"):
        lines.append(f"    the belief {row['side']} is {row['verdict']}: {row['rule']}.")
    [turn] = study.turns[study.turns["shift"] == shift["shift"]].to_dict("records")
    return [*lines, f"    {turn_in_words(study, turn)}"]


def turn_in_words(study: Study, turn: Mapping[str, Any]) -> str:
    """Where the evidence passes from one belief to the other, and how firmly; or that it never does, and why."""
    counts = f"{turn['n_after']} sentences for the belief after, {turn['n_before']} for the belief before"
    if math.isnan(turn["turn_sentence"]):
        return f"The essay never turns from the one to the other: {turn['note']} ({counts})."
    own = study.author_sentences
    text = own.loc[own["sentence"] == turn["turn_sentence"], "text"].iloc[0]
    chance = f"; in random order its sentences turn as late and as clearly {turn['p_order']:.0%} of the time"
    return f"The essay turns at “{text}” ({counts}{'' if math.isnan(turn['p_order']) else chance})."


def _count(study: Study, holder: str) -> int:
    return int((study.claims["holder"] == holder).sum())
