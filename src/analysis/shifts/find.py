"""Finds stated changes of belief: asks the network for the two clauses, and the parse and the claims what each says."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from analysis.claims import Claim, Lit
from analysis.encoder import Candidates, Marked, Pair
from analysis.lexicon import Lexicon
from analysis.mentions import UNREAD, References
from analysis.parsing import Sentence
from analysis.shifts.clauses import Clause, clauses
from analysis.shifts.cues import AFTER_CUES, BEFORE_CUES, after_cues, before_cues, said_of
from analysis.shifts.rules import find_moves
from analysis.shifts.shift import Answer
from analysis.shifts.sides import Speaker, shift_by_rule, shift_of

_BETWEEN = "\n\n"  # two paragraphs of the reader's
# Of the changes that the rules find in texts by writers whom nobody read while writing them, so many are changes.
RULES_RIGHT = 0.76
CUES = {"before": BEFORE_CUES, "after": AFTER_CUES}
_COMPARED = 40  # pairs; the others have next to no probability
# From here on a clause is told to state a belief of before, where no change is.
_SURE = 0.5


class Marker(Protocol):
    """Whatever says which clauses state a change: the encoder, or something that is put in its place to compare."""

    threshold: float
    possible: float
    another: float
    ranking: Mapping[str, Any]

    def marks(self, asked: Sequence[Candidates]) -> list[Marked]:
        """The answer for each text; see `analysis.encoder.ChangeEncoder.marks`."""


@dataclass(frozen=True)
class ReadText:
    """What is known of a text before changes are looked for in it."""

    sentences: tuple[Sentence, ...]
    claims: tuple[Claim, ...]
    lit: tuple[Lit, ...]
    references: References


@dataclass(frozen=True)
class Told:
    """The reader's own words of a text, one paragraph after the other, with the clauses in them.

    `text` is what the network reads: what the reader quotes is not in it. `places` are the clauses as characters of it,
    and `mentions` what is spoken of, as characters of it, with their number among those that were given.
    """

    text: str
    clauses: tuple[Clause, ...]
    places: tuple[tuple[int, int], ...]
    mentions: tuple[tuple[int, int, int], ...]

    @classmethod
    def of(cls, sentences: Sequence[Sentence], lit: Sequence[Lit] = ()) -> Told:
        """Take the sentences that the reader says in their own voice, and the mentions in them."""
        own = [
            sentence
            for sentence in sentences
            if sentence.passage.paragraph.speaker == "reader" and sentence.passage.paragraph.role not in UNREAD
        ]
        text, found, places = "", list[Clause](), list[tuple[int, int]]()
        moves: dict[int, int] = {}  # by where a paragraph begins
        for _, paragraph in itertools.groupby(own, key=lambda sentence: sentence.passage.paragraph.start):
            told = list(paragraph)
            text += _BETWEEN if text else ""
            moved = len(text) - told[0].start
            moves[told[0].passage.paragraph.start] = moved
            text += told[0].passage.source.text[told[0].start : told[-1].end]
            for clause in (clause for sentence in told for clause in clauses(sentence)):
                found.append(clause)
                places.append((clause.start + moved, clause.end + moved))
        mentions = [
            (one.entity.start + moves[start], one.entity.end + moves[start], i)
            for i, one in enumerate(lit)
            if (start := one.sentence.passage.paragraph.start) in moves
        ]
        return cls(text, tuple(found), tuple(places), tuple(mentions))

    @property
    def cues(self) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
        """For each clause what speaks for a belief of before in it, and what for one of after."""
        last = self.clauses[-1].sentence.number if self.clauses else 0
        return (
            [before_cues(clause) for clause in self.clauses],
            [after_cues(clause, last=last) for clause in self.clauses],
        )

    def candidates(self, ranking: Mapping[str, Any]) -> Candidates:
        """What the network is asked, and what is weighed beside its answer."""
        before, after = self.cues
        weights = [[ranking[side][name] for name in names] for side, names in CUES.items()]
        return Candidates(
            self.text,
            self.places,
            tuple(clause.sentence.number for clause in self.clauses),
            tuple(sum(map(operator.mul, own, weights[0])) for own in before),
            tuple(sum(map(operator.mul, own, weights[1])) for own in after),
            tuple(said_of(clause) for clause in self.clauses),
            tuple((start, end) for start, end, _ in self.mentions),
        )


def find_changes(texts: Sequence[ReadText], marker: Marker, lexicon: Lexicon) -> list[Answer]:
    """Whether the reader of each text states a change of their own belief, and which.

    Args:
        texts: Sentences, claims and mentions of each.
        marker: The encoder, or what stands in for it.
        lexicon: The lists.

    Returns:
        The answer for each text. A change is stated only where its probability reaches the marker's threshold and one
        side at least has a target and a sign; where the probability is lower, or neither side has both, it is possible.
    """
    told = [Told.of(text.sentences, text.lit) for text in texts]
    asked = [i for i, one in enumerate(told) if len(one.clauses) > 1]
    marked = dict(zip(asked, marker.marks([told[i].candidates(marker.ranking) for i in asked]), strict=True))
    return [
        _answer(own, marked.get(i, Marked(0.0, ())), text, marker, lexicon)
        for i, (own, text) in enumerate(zip(told, texts, strict=True))
    ]


def _answer(told: Told, marked: Marked, text: ReadText, marker: Marker, lexicon: Lexicon) -> Answer:
    by_rule = [
        shift_by_rule(move, max(marked.probability, RULES_RIGHT))
        for move in find_moves(text.sentences, text.claims, lexicon)
    ]
    if any(shift.is_known for shift in by_rule):
        known = tuple(shift for shift in by_rule if shift.is_known)
        return Answer("stated", by_rule[0].probability, known, by_rule=True)
    about = [(text.lit[i], share) for (*_, i), share in zip(told.mentions, marked.about, strict=False)]
    speaker = Speaker(text.claims, about, text.references, lexicon)
    if marked.probability >= marker.possible:
        likely = [
            shift_of(told.clauses[pair.before], told.clauses[pair.after], pair, speaker, marked.probability)
            for pair in _apart(told, marked.pairs, marker.another)
        ]
        sure = [shift for shift in likely if shift.is_known]
        if sure and marked.probability >= marker.threshold:
            return Answer("stated", marked.probability, tuple(sorted(sure, key=lambda one: one.before.clause.start)))
        return Answer("possible", marked.probability, tuple(likely[:1]))
    before = None if marked.told_before is None else told.clauses[marked.told_before]
    return Answer("none", marked.probability, (), before if marked.before_probability >= _SURE else None)


def _apart(told: Told, pairs: Sequence[Pair], another: float) -> Iterator[Pair]:
    """The best pair, and the best of those that share no word with one taken before and are likely enough."""
    taken: list[Clause] = []
    left = list(pairs)

    def clear(pair: Pair) -> bool:
        return not any(told.clauses[i].overlaps(one) for i in (pair.before, pair.after) for one in taken)

    while left:
        if taken and _together(left) < another:
            return
        best = _best(told, left)
        yield best
        taken += [told.clauses[best.before], told.clauses[best.after]]
        left = [pair for pair in left if clear(pair)]


def _together(pairs: Sequence[Pair]) -> float:
    """The log-odds of any of some pairs."""
    most = max(pair.log_odds for pair in pairs)
    return most + math.log(sum(math.exp(pair.log_odds - most) for pair in pairs))


def _best(told: Told, pairs: Sequence[Pair]) -> Pair:
    """The pair that agrees best with all likely pairs, as many of them differ by a word only.

    That of least expected loss (Goel and Byrne 2000, Computer Speech and Language 14): not the likeliest single pair,
    but the one whose clauses share most with those of the others, each weighed by its probability.
    """
    likely = pairs[:_COMPARED]
    most = likely[0].log_odds
    weights = [math.exp(pair.log_odds - most) for pair in likely]

    def agreement(pair: Pair) -> float:
        return sum(
            weight
            * _shared(told.places[pair.before], told.places[other.before])
            * _shared(told.places[pair.after], told.places[other.after])
            for weight, other in zip(weights, likely, strict=True)
        )

    return max(likely, key=agreement)


def _shared(one: tuple[int, int], other: tuple[int, int]) -> float:
    """The F1 of the characters of two spans."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    return 2 * both / (one[1] - one[0] + other[1] - other[0]) if both > 0 else 0.0
