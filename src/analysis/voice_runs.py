"""Cuts a document into runs of the reader's and the author's words: the split that all cues make likeliest.

A hidden Markov model with two states, the voices. Each unit (a paragraph, or a list) has log odds of being the
author's; each passage from one voice to the other costs something, less where the page shows an edge. Viterbi's
algorithm finds the best split, the forward-backward algorithm how sure each unit of it is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

_WORD = re.compile(r"[^\W\d_]+")
_WINDOW = 6  # units on either side among which words are compared
_PRIOR = 0.5  # for each word of the vocabulary
_BALANCE = 0.3  # of what the sheer number of words explains, what is taken off
_SHIFT, _MOST_SHIFT = 0.2, 2.0  # how far to trust a change of words: those of a paragraph hang together
_MOST_READ = 4_000  # characters of a unit
_LEAST_STEP = 0.5


@dataclass(frozen=True)
class Unit:
    """What is decided at once. `odds` are log odds for the author, `step` is what it costs to change voice before it.

    `abrupt` is how much less it costs to come to the reader.
    `known` is the voice where marks on the page have told it; such a unit lies outside the run of voices, so that the
    word is afterwards with whom it was before.
    """

    odds: float
    step: float
    text: str
    known: str = ""
    abrupt: float = 0.0

    @property
    def to_reader(self) -> float:
        """What it costs to come from the author's words to the reader's."""
        return max(self.step - self.abrupt, min(self.step, _LEAST_STEP))


@dataclass(frozen=True)
class Decided:
    """The voice of a unit, and how probable it is that it is the author's."""

    voice: str
    author: float


def decide(units: Sequence[Unit], *, start: float, abrupt: float = 0.0) -> list[Decided]:
    """Split units into runs of one voice.

    Args:
        units: In reading order.
        start: Log odds that the first words are the author's.
        abrupt: How much less it costs to come to the reader's words than to the author's.

    Returns:
        One for each unit.

    Examples:
        >>> units = [Unit(-2, 3, "I read it."), Unit(0, 3, "So."), Unit(6, 1, "Bread."), Unit(0, 3, "More.")]
        >>> [decided.voice for decided in decide(units, start=-2)]
        ['reader', 'reader', 'author', 'author']
    """
    free = [number for number, unit in enumerate(units) if not unit.known]
    shifts = _shifts(units)
    chain = [replace(units[n], step=max(units[n].step - shifts[n], _LEAST_STEP), abrupt=abrupt) for n in free]
    likely = dict(zip(free, zip(_best(chain, start), _probable(chain, start), strict=True), strict=True))
    return [
        Decided(unit.known, float(unit.known == "author"))
        if unit.known
        else Decided("author" if likely[number][0] else "reader", likely[number][1])
        for number, unit in enumerate(units)
    ]


def _best(chain: Sequence[Unit], start: float) -> list[bool]:
    """For each unit whether it is the author's, in the best split (Viterbi)."""
    if not chain:
        return []
    reader, author = 0.0, start + chain[0].odds
    # Whether the author's words come before, if these are the reader's, and if they are the author's.
    came: list[tuple[bool, bool]] = []
    for unit in chain[1:]:
        to_reader = unit.to_reader
        came.append((author - to_reader >= reader, author >= reader - unit.step))
        reader, author = max(reader, author - to_reader), max(author, reader - unit.step) + unit.odds
    path = [author > reader]
    for if_reader, if_author in reversed(came):
        path.append(if_author if path[-1] else if_reader)
    return path[::-1]


def _probable(chain: Sequence[Unit], start: float) -> list[float]:
    """For each unit how probable it is that it is the author's, over all splits (forward-backward)."""
    if not chain:
        return []
    ahead = [start + chain[0].odds]  # log odds of the author by what stands before, this unit included
    for unit in chain[1:]:
        ahead.append(_stepped(ahead[-1], unit.step, unit.to_reader) + unit.odds)
    behind = [0.0]
    for unit in reversed(chain[1:]):
        behind.append(_stepped(behind[-1] + unit.odds, unit.to_reader, unit.step))
    return [_probability(one + other) for one, other in zip(ahead, reversed(behind), strict=True)]


def _stepped(odds: float, to_author: float, to_reader: float) -> float:
    """Log odds after a passage that costs so much to change the voice."""
    odds = max(-500.0, min(500.0, odds))
    return math.log(math.exp(odds) + math.exp(-to_author)) - math.log(math.exp(odds - to_reader) + 1)


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, odds))))


def _shifts(units: Sequence[Unit]) -> list[float]:
    """How much the words change before each unit, beside how much they do elsewhere in the text.

    It is the log of a Bayes factor: two vocabularies, one of the units before and one of those after, against one that
    is common to both, each multinomial with a Dirichlet prior. Two writers use other words even of one thing.
    """
    bags = [_bag(unit.text) for unit in units]
    size = len(frozenset[str]().union(*bags)) or 1
    # What the words of a window say, with the sums kept as the windows move, so that time stays linear.
    windows = [_Window(size) for _ in range(3)]
    factors, expected = [], []
    for place in range(1, len(units)):
        for window, (start, end) in zip(windows, ((-1, 0), (0, 1), (-1, 1)), strict=True):
            window.move(bags, max(place + start * _WINDOW, 0), min(place + end * _WINDOW, len(bags)))
        before, after, both = (window.evidence() for window in windows)
        factors.append(before + after - both)
        one, other = windows[0].size, windows[1].size
        expected.append(one * other / max(one + other, 1))
    # The more words there are on both sides, the larger the factor. Some of that is taken off, and some left: runs
    # of one voice are seldom short, so that many words on both sides are themselves a reason.
    square = sum(size * size for size in expected)
    slope = sum(f * size for f, size in zip(factors, expected, strict=True)) / square if square else 0.0
    over = [factor - _BALANCE * slope * size for factor, size in zip(factors, expected, strict=True)]
    middle = sum(over) / max(len(over), 1)
    return [0.0, *(max(-_MOST_SHIFT, min(_MOST_SHIFT, _SHIFT * (one - middle))) for one in over)]


class _Window:
    """The words of some units in a row, and how likely they are under one vocabulary."""

    def __init__(self, vocabulary: int) -> None:
        self._vocabulary = vocabulary
        self._start = self._end = 0
        self._counts = Counter[str]()
        self._sum = 0.0
        self.size = 0

    def move(self, bags: Sequence[frozenset[str]], start: int, end: int) -> None:
        """Let it hold the units from `start` to `end`, neither of which ever goes back."""
        for bag in bags[self._end : end]:
            self._add(bag, 1)
        for bag in bags[self._start : start]:
            self._add(bag, -1)
        self._start, self._end = start, end

    def _add(self, bag: frozenset[str], sign: int) -> None:
        for word in bag:
            count = self._counts[word]
            self._sum += math.lgamma(_PRIOR + count + sign) - math.lgamma(_PRIOR + count)
            self._counts[word] = count + sign
        self.size += sign * len(bag)

    def evidence(self) -> float:
        """The log of how likely its words are."""
        return math.lgamma(_PRIOR * self._vocabulary) - math.lgamma(_PRIOR * self._vocabulary + self.size) + self._sum


def _bag(text: str) -> frozenset[str]:
    """The longer words of a unit by their stem, each once."""
    return frozenset(word.lower()[:6] for word in _WORD.findall(text[:_MOST_READ]) if len(word) > 3)
