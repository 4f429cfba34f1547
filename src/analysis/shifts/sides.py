"""Says what each of two clauses claims, and so of what type the change from one to the other is.

A claim in the clause tells holder, target and light. Where none was sure enough to be claimed, the network for changes
says whether the belief is for or against its object, and the parse which mention that is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from analysis.claims import Claim, Lit, context
from analysis.encoder import CHANGE_TYPES, DIGITS, Pair
from analysis.lexicon import Lexicon
from analysis.mentions import References
from analysis.shifts.clauses import Clause
from analysis.shifts.rules import Half, Move
from analysis.shifts.shift import Shift, Side

_WRITER = frozenset("i we me us my our myself ourselves".split())
# From here on the network's word for the sign of a belief is taken.
_SURE = 0.5


@dataclass(frozen=True)
class Speaker:
    """What one text claims and speaks of.

    `about` are the reader's mentions, each with how likely it names what a belief is about, 0 to 1.
    """

    claims: Sequence[Claim]
    about: Sequence[tuple[Lit, float]]
    references: References
    lexicon: Lexicon


def shift_of(before: Clause, after: Clause, pair: Pair, speaker: Speaker, probability: float) -> Shift:
    """The change from one clause to another; `probability` is that the text states one."""
    one = _side(before, pair.before_signs, speaker)
    other = _side(after, pair.after_signs, speaker)
    second_order = pair.second_order >= _SURE or any(side.holder not in {"", "reader"} for side in (one, other))
    return Shift(one, other, "reader", _type(one, other, pair), second_order, probability)


def shift_by_rule(move: Move, probability: float) -> Shift:
    """The change that the rules find."""

    def side(half: Half) -> Side:
        report, claim = half.report, half.claim
        clause = Clause(report.sentence, report.first, report.last)
        if claim is None:
            return Side(clause, "", "", math.nan, "")
        return Side(clause, claim.holder, claim.target, claim.polarity, claim.kind)

    one, other = side(move.before), side(move.after)
    second_order = any(half.holder not in {"", "reader"} for half in (one, other))
    return Shift(one, other, "reader", move.type, second_order, probability)


def _type(one: Side, other: Side, pair: Pair) -> str:
    return CHANGE_TYPES[max(range(len(CHANGE_TYPES)), key=lambda i: pair.types[i])]


def _side(clause: Clause, signs: Sequence[float], speaker: Speaker) -> Side:
    negative, _, positive = signs
    sure = max(negative, positive) >= _SURE
    heard = round(positive - negative, DIGITS) if sure else math.nan
    inside = [
        (share, -_depth(one), one)
        for one, share in speaker.about
        if clause.start <= one.entity.start < clause.end and one.entity.key is not None and not _is_writer(one)
    ]
    if not inside:
        return Side(clause, "", "", heard, "")
    *_, about = max(inside, key=lambda found: found[:2])
    said = context(about.entity.head, about.sentence, speaker.references, speaker.lexicon)
    claims = [
        claim
        for claim in speaker.claims
        if claim.target == about.entity.key and clause.start <= claim.target_start < clause.end
    ]
    for claim in claims:
        if math.isnan(heard) or claim.polarity * heard > 0:
            return Side(clause, claim.holder, claim.target, claim.polarity, claim.kind)
    return Side(clause, said.holder, about.entity.key or "", heard, said.kind if sure else "")


def _is_writer(one: Lit) -> bool:
    return one.entity.head.lower_ in _WRITER


def _depth(one: Lit) -> int:
    return sum(1 for _ in one.entity.head.ancestors)


def content_of(clause: Clause) -> list[Token]:
    """The words that say what is believed: behind the verb of belief, where the clause has one."""
    words = clause.words
    inside = {word.i for word in words}
    for word in words:
        if word.pos_ in {"VERB", "AUX"} and any(
            child.dep_ in {"ccomp", "xcomp"} and child.i in inside and child.i > word.i for child in word.children
        ):
            return [other for other in words if other.i > word.i]
    return words
