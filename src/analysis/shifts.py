"""Finds stated changes of belief and types them.

A writer who has changed their mind tells two beliefs: one that they held ("I thought she disliked gardening") and one
that they came to ("then I saw that she only minds the committee"). Both are found by their verb of belief or
realisation in the first person; what says which is which is the verb, its tense, and words for the beginning and the
end of a time ("at first", "after reading").
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from spacy.tokens import Token

from analysis.claims import Claim, governors
from analysis.lexicon import Lexicon
from analysis.mentions import UNREAD
from analysis.parsing import Sentence
from analysis.rules import subject_of

SHIFT_COLUMNS = (
    "shift source holder before_start before_end before_text after_start after_end after_text"
    " before_holder before_target before_polarity before_kind after_holder after_target after_polarity after_kind"
    " type cue second_order"
).split()

TYPES = ("retargeting", "reversal", "softening", "strengthening", "replacement")

# Words that set a belief at the beginning or at the end of the time that is told.
_OPENING = frozenset("initially originally first beginning start begin before formerly previously used until".split())
_CLOSING = frozenset("after afterwards finally eventually now later end finish done finished once ultimately".split())
_CONTRAST = frozenset("but however yet instead actually though although until then now after turns".split())

# A belief and what came of it are told close together; further apart they belong to different matters.
_FARTHEST = 3  # sentences

# Strengths nearer than this are the same strength.
_SAME = 0.1


@dataclass(frozen=True)
class Report:
    """A belief that the writer reports as theirs: `start:end` from its subject to the end of its clause."""

    phase: str
    sentence: Sentence
    verb: Token
    start: int
    end: int
    claim: Claim | None


@dataclass(frozen=True)
class Shift:
    """A stated change of belief: the report before, the report after, its type, and the words that join them."""

    before: Report
    after: Report
    holder: str
    type: str
    cue: str

    @property
    def second_order(self) -> bool:
        """Whether the belief is about what somebody else thinks."""
        return any(
            report.claim is not None and report.claim.holder != self.holder for report in (self.before, self.after)
        )


def find_shifts(sentences: Sequence[Sentence], claims: Sequence[Claim], lexicon: Lexicon) -> tuple[Shift, ...]:
    """Find the changes of belief that the reader states of themself.

    Args:
        sentences: All sentences of one text.
        claims: The claims in them.
        lexicon: The lists.
    """
    reports = [
        report
        for sentence in sentences
        if sentence.passage.paragraph.speaker == "reader" and sentence.passage.paragraph.role not in UNREAD
        for report in _reports(sentence, claims, lexicon)
    ]
    shifts: list[Shift] = []
    used: set[int] = set()
    for before in (report for report in reports if report.phase == "before"):
        candidates = [
            after
            for after in reports
            if after.phase == "after"
            and id(after) not in used
            and abs(after.sentence.number - before.sentence.number) <= _FARTHEST
        ]
        candidates.sort(key=lambda after: (after.start < before.start, abs(after.start - before.start)))
        for after in candidates:
            cue = _joint(before, after)
            if cue and not _is_confirmed(before, after):
                used.add(id(after))
                shifts.append(Shift(before, after, "reader", shift_type(before.claim, after.claim), cue))
                break
    return tuple(shifts)


def shift_type(before: Claim | None, after: Claim | None) -> str:
    """The type of a change, from the two claims.

    `retargeting`: same sign, other target. `reversal`: same target, other sign. `softening` and `strengthening`: same
    target and sign, other strength. `replacement`: all else, and where a side makes no claim about a target.
    """
    if before is None or after is None:
        return "replacement"
    same_sign = before.polarity * after.polarity > 0
    if before.target != after.target:
        return "retargeting" if same_sign else "replacement"
    if not same_sign:
        return "reversal"
    change = abs(after.polarity) - abs(before.polarity)
    if abs(change) < _SAME:
        return "replacement"
    return "strengthening" if change > 0 else "softening"


def shifts_table(text: str, source: str, shifts: Sequence[Shift]) -> pd.DataFrame:
    """One row a shift, with the columns of `SHIFT_COLUMNS`; NaN and empty where a side makes no claim."""
    rows = []
    for number, shift in enumerate(shifts):
        row: dict[str, object] = {
            "shift": number,
            "source": source,
            "holder": shift.holder,
            "type": shift.type,
            "cue": shift.cue,
            "second_order": shift.second_order,
        }
        for side, report in (("before", shift.before), ("after", shift.after)):
            claim = report.claim
            row |= {
                f"{side}_start": report.start,
                f"{side}_end": report.end,
                f"{side}_text": text[report.start : report.end],
                f"{side}_holder": claim.holder if claim else "",
                f"{side}_target": claim.target if claim else "",
                f"{side}_polarity": claim.polarity if claim else math.nan,
                f"{side}_kind": claim.kind if claim else "",
            }
        rows.append(row)
    return pd.DataFrame(rows, columns=SHIFT_COLUMNS)


def _reports(sentence: Sentence, claims: Sequence[Claim], lexicon: Lexicon) -> list[Report]:
    """The beliefs that the writer reports as their own in a sentence."""
    found = []
    base = sentence.passage.paragraph.start
    for verb in sentence.span:
        belief = lexicon.belief(verb)
        if belief is None or belief.sort == "speech":
            continue
        subject = subject_of(verb)
        clause = next((child for child in verb.children if child.dep_ in {"ccomp", "xcomp"} and child.i > verb.i), None)
        if subject is None or subject.lower_ != "i" or clause is None or _is_denied(verb, lexicon):
            continue
        phase = _phase(verb, belief.sort)
        if not phase:
            continue
        start = base + min(subject, verb, key=lambda token: token.i).idx
        last = max(clause.right_edge.i, verb.i)
        while last > verb.i and (sentence.span.doc[last].is_punct or sentence.span.doc[last].is_space):
            last -= 1
        end = base + sentence.span.doc[last].idx + len(sentence.span.doc[last])
        inside = [claim for claim in claims if start <= claim.cue_start and claim.cue_end <= end]
        strongest = max(inside, key=lambda claim: abs(claim.polarity), default=None)
        found.append(Report(phase, sentence, verb, start, end, strongest))
    return found


def _phase(verb: Token, sort: str) -> str:
    """`before`, `after`, or empty where nothing tells."""
    frame = _time_words(verb)
    used_to = verb.dep_ == "xcomp" and verb.head.lower_ == "used"
    had = any(child.dep_ == "aux" and child.lower_ in {"had", "’d", "'d"} for child in verb.children)
    if used_to:
        return "before"
    past = verb.tag_ in {"VBD", "VBN"} or had
    if sort == "realisation":
        return "before" if frame & _OPENING and not frame & _CLOSING else "after"
    if past and not frame & _CLOSING:
        return "before"
    return "after" if frame & _CLOSING or (not past and frame & _CONTRAST) else ""


def _time_words(verb: Token) -> set[str]:
    """The words that stand before or right behind the verb in its clause and say when, or set it against something."""
    words: set[str] = set()
    for governor in governors(verb):
        for child in governor.children:
            if child.dep_ in {"advmod", "cc", "mark", "prep", "npadvmod"}:
                words |= {child.lower_} | {word.lower_ for word in child.subtree if child.dep_ == "prep"}
            elif child.dep_ == "advcl" and child.i < verb.i:
                words |= {word.lower_ for word in child.subtree if word.dep_ in {"mark", "advmod", "acomp"}}
                words.add(child.lemma_.lower())
        if governor.dep_ in {"ccomp", "relcl"}:
            break
    return words & (_OPENING | _CLOSING | _CONTRAST)


def _joint(before: Report, after: Report) -> str:
    """The words that set the two beliefs against each other: those of time and contrast, and the verb of news."""
    words = sorted(
        (word for word in after.sentence.span if word.lower_ in _CONTRAST | _CLOSING and word.i < after.verb.i),
        key=lambda word: word.i,
    )
    if after.sentence.number == before.sentence.number:
        words = [word for word in words if word.i > before.verb.i or after.verb.i < before.verb.i]
    particle = [child for child in after.verb.children if child.dep_ == "prt"]
    return " ".join(word.text for word in [*words, after.verb, *particle])


def _is_denied(verb: Token, lexicon: Lexicon) -> bool:
    return any(child.dep_ == "neg" or child.lower_ in lexicon.negators for child in verb.children)


def _is_confirmed(before: Report, after: Report) -> bool:
    """The same belief twice is no change."""
    one, other = before.claim, after.claim
    return (
        one is not None
        and other is not None
        and (one.target, one.holder) == (other.target, other.holder)
        and math.isclose(one.polarity, other.polarity, abs_tol=_SAME)
    )
