"""Cuts a sentence into the clauses that may state a belief: what the network chooses from.

A sentence is cut at marks, at words that join clauses, and where a clause begins with its own subject; a clause is a
run of such pieces, since a belief often takes several ("I thought | that she disliked dogs"). Noun phrases of one's own
("my first impression of the place") are clauses too, because a belief may be told by a noun.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from analysis.parsing import Sentence

_BREAKS = frozenset("; : , — – -- - ... … ! ? ( ) . / ∆ \" “ ” `` '' « »".split())
_JOINS = frozenset("but and yet so or nor plus".split())
_SUBORDINATES = frozenset(
    "because although though while whereas until till unless since when where if as before after once whenever even"
    " than".split()
)
_RELATIVES = frozenset("who which what whose where that".split())
_RELATIVE_PLACES = frozenset({"nsubj", "nsubjpass", "dobj", "advmod", "attr", "pobj"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_CLAUSES = frozenset({"ccomp", "conj", "parataxis", "ROOT", "advcl"})
# What a clause does not begin with: joints without content, which are left out, or left out in one of two variants.
_EMPTY_LEADS = frozenset("and but so or yet that".split())
_LEADS = _EMPTY_LEADS | frozenset("because for then however though although".split())
_OWN = frozenset({"my", "our", "no"})
_VERBS = frozenset({"VERB", "AUX"})

_SOON = 8  # words behind a joint within which a clause has its verb
_MOST_PIECES = 6
_MOST_CLAUSES = 60  # of a sentence; the shorter ones first
_LONGEST_WITHOUT_VERB = 12  # words
# Longer sentences are lists or texts without full stops. Time must not grow with the square of their length.
_MOST_WORDS = 400


@dataclass(frozen=True)
class Clause:
    """Some neighbouring words of a sentence, from `first` to `last`."""

    sentence: Sentence
    first: Token
    last: Token

    @property
    def start(self) -> int:
        """Where it starts, in characters of the cleaned text."""
        return self.sentence.passage.paragraph.start + self.first.idx

    @property
    def end(self) -> int:
        """Where it ends, in characters of the cleaned text."""
        return self.sentence.passage.paragraph.start + self.last.idx + len(self.last)

    @property
    def words(self) -> list[Token]:
        """Its tokens."""
        return list(self.first.doc[self.first.i : self.last.i + 1])

    def overlaps(self, other: Clause) -> bool:
        """Whether the two share a word."""
        return self.start < other.end and other.start < self.end


def clauses(sentence: Sentence) -> tuple[Clause, ...]:
    """The clauses of a sentence, in reading order; they overlap, and most lie within others."""
    words = list(sentence.span)[:_MOST_WORDS]
    found: dict[tuple[int, int], int] = {}
    for pieces, first, end in _runs(words):
        for a, b in _without_joint(words, *_trimmed(words, first, end)):
            verbal = any(word.pos_ in _VERBS for word in words[a:b])
            if a < b and (verbal or b - a <= _LONGEST_WITHOUT_VERB):
                found.setdefault((a, b), pieces)
    for a, b in _own_nouns(words):
        if b - a >= 2:
            found.setdefault((a, b), 1)
    chosen = sorted(found, key=lambda span: (found[span], span))[:_MOST_CLAUSES]
    return tuple(Clause(sentence, words[a], words[b - 1]) for a, b in sorted(chosen))


def _runs(words: list[Token]) -> Iterator[tuple[int, int, int]]:
    """Neighbouring pieces: how many, the number of the first word, and of the one behind the last."""
    cuts = [*sorted(cut for cut in _cuts(words) if cut < len(words)), len(words)]
    pieces = list(itertools.pairwise(cuts))
    sizes = [*range(1, min(_MOST_PIECES, len(pieces)) + 1), *([len(pieces)] if len(pieces) > _MOST_PIECES else [])]
    for size in sizes:
        for i in range(len(pieces) - size + 1):
            yield size, pieces[i][0], pieces[i + size - 1][1]


def _cuts(words: list[Token]) -> set[int]:
    """The numbers of the words before which a piece may begin."""
    cuts = {0}
    at = {word.i: number for number, word in enumerate(words)}
    for number, word in enumerate(words):
        low = word.lower_
        verb_behind = any(other.pos_ in _VERBS for other in words[number + 1 : number + 1 + _SOON])
        if word.text in _BREAKS or word.is_space:
            cuts |= {number, number + 1}
        elif (
            verb_behind
            and (
                low in _JOINS
                or (word.dep_ == "mark" and low != "that")
                or (low in _SUBORDINATES and word.dep_ in {"advmod", "mark", "prep", "cc"})
            )
        ) or (low in _RELATIVES and word.dep_ in _RELATIVE_PLACES and word.head.dep_ == "relcl"):
            cuts.add(number)
        if word.pos_ in _VERBS and word.dep_ in _CLAUSES:
            subject = next((child for child in word.children if child.dep_ in _SUBJECTS and child.i < word.i), None)
            if subject is not None:
                cuts.add(at.get(subject.left_edge.i, 0))
    return cuts


def _trimmed(words: list[Token], a: int, b: int) -> tuple[int, int]:
    while b > a and (words[b - 1].is_punct or words[b - 1].is_space or words[b - 1].lower_ in {"and", "but"}):
        b -= 1
    while a < b and (words[a].is_punct or words[a].is_space):
        a += 1
    return a, b


def _without_joint(words: list[Token], a: int, b: int) -> list[tuple[int, int]]:
    if b - a <= 2 or words[a].lower_ not in _LEADS:
        return [(a, b)]
    behind = _trimmed(words, a + 1, b)
    return [behind] if words[a].lower_ in _EMPTY_LEADS else [behind, (a, b)]


def _own_nouns(words: list[Token]) -> Iterator[tuple[int, int]]:
    """Noun phrases with a possessive of the first person, or with "no", with and without what hangs on them."""
    low, high = words[0].i if words else 0, words[-1].i + 1 if words else 0
    for word in words:
        if word.pos_ in {"NOUN", "PROPN"} and any(child.lower_ in _OWN for child in word.children):
            first, last = max(word.left_edge.i, low), min(word.right_edge.i + 1, high)
            a, b = _trimmed(words, first - low, last - low)
            yield a, b
            yield a, max(a, word.i - low + 1)
