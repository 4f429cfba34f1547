"""Gives parts of spaCy's pipeline a memory, so that a word costs its full price once.

The two components at its end are rules, and what they make of a token depends on little of it; what they made of one
like it is what they would make of it. The words of the tokenizer can be kept for as long as the process lives. All
these memories are bounded, for a corpus has ever new words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np
from spacy.attrs import DEP, IS_SPACE, LEMMA, LOWER, MORPH, ORTH, POS, TAG
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc, Token

# What is forgotten beyond this is soon known again.
_MOST_WORDS_KNOWN = 50_000
_MOST_WORDS_KEPT = 30_000  # these are never forgotten

_Pattern = list[dict[str, Any]]
_Kind = tuple[int, int, int, int, tuple[int, ...]]
_UNDERSTOOD = {"TAG", "LOWER", "DEP", "IS_SPACE"}
_MADE = [DEP, TAG, POS, MORPH, LEMMA]


class RememberingRuler:
    """The attribute ruler, with a memory.

    It matches 180 patterns on every token to turn its tag into part of speech and morphology, which takes a quarter of
    the whole pipeline's time. All patterns are about one token or two: its tag, for some words the form, for some
    relations which of them it has. So what comes out for a token depends on these, and on which patterns over two
    tokens it is in; that is remembered.
    """

    def __init__(self, ruler: AttributeRuler) -> None:
        self._ruler = ruler
        self._known: dict[_Kind, tuple[int, ...]] = {}
        patterns = [pattern for rule in ruler.patterns for pattern in cast(list[_Pattern], rule["patterns"])]
        # What is not understood here is left to the ruler itself: it gives relations to blanks only.
        self._always = any(
            len(pattern) > 2
            or any(set(part) - _UNDERSTOOD for part in pattern)
            or ("DEP" in cast(dict[str, Any], rule["attrs"]) and not all("IS_SPACE" in part for part in pattern))
            for rule in ruler.patterns
            for pattern in cast(list[_Pattern], rule["patterns"])
        )
        self._pairs = [pattern for pattern in patterns if len(pattern) == 2]
        self._words = _Conditions(part["LOWER"] for pattern in patterns for part in pattern if "LOWER" in part)
        self._relations = _Conditions(part["DEP"] for pattern in patterns for part in pattern if "DEP" in part)
        self._relation: dict[int, int] = {}
        self._word: dict[int, int] = {}
        self._seconds: dict[int, list[int]] = {}  # the patterns over two tokens that a word may end

    def __call__(self, doc: Doc) -> Doc:
        """Give each token of a tagged and parsed text its part of speech and morphology."""
        kinds = [] if self._always else self._kinds(doc)
        if self._always or not self._known.keys() >= set(kinds):
            relations = doc.to_array(DEP).tolist()
            self._ruler(doc)
            for kind, relation, row in zip(kinds, relations, doc.to_array(_MADE).tolist(), strict=False):
                self._known[kind] = (row[0] if row[0] != relation else 0, *row[1:])
        elif kinds:
            made = np.array([self._known[kind] for kind in kinds], dtype="uint64")
            made[:, 0] = np.where(made[:, 0], made[:, 0], doc.to_array(DEP))
            doc.from_array(_MADE, made)  # type: ignore[arg-type]
        return doc

    def _kinds(self, doc: Doc) -> list[_Kind]:
        rows = doc.to_array([TAG, DEP, LOWER, IS_SPACE]).tolist()
        if len(self._word) > _MOST_WORDS_KNOWN:
            self._word.clear()
            self._seconds.clear()
        for _, relation, word, _ in rows:
            if relation not in self._relation:
                self._relation[relation] = self._relations.fitted(doc.vocab.strings[relation])
            if word not in self._word:
                self._learn(word, doc.vocab.strings[word])
        pairs: list[tuple[int, ...]] = [()] * len(rows)
        for i, row in enumerate(rows[1:]):
            for number in self._seconds[row[2]]:
                if all(_fits(part, doc[i + place]) for place, part in enumerate(self._pairs[number])):
                    pairs[i], pairs[i + 1] = (*pairs[i], 2 * number), (*pairs[i + 1], 2 * number + 1)
        return [
            (tag, relation if space else self._relation[relation], self._word[word], space, pair)
            for (tag, relation, word, space), pair in zip(rows, pairs, strict=True)
        ]

    def _learn(self, key: int, word: str) -> None:
        self._word[key] = self._words.fitted(word)
        self._seconds[key] = [
            number
            for number, (_, second) in enumerate(self._pairs)
            if "LOWER" not in second or _is(second["LOWER"], word)
        ]


class _Conditions:
    """Numbers the sets of conditions that a value may fit."""

    def __init__(self, told: Iterable[object]) -> None:
        self._named: defaultdict[object, set[int]] = defaultdict(set)  # by value, the conditions that list it
        self._other: list[tuple[int, object]] = []
        for number, condition in enumerate(told):
            if not isinstance(condition, Mapping):
                self._named[condition].add(number)
            elif set(condition) == {"IN"}:
                for value in condition["IN"]:
                    self._named[value].add(number)
            else:
                self._other.append((number, condition))
        self._numbers: dict[frozenset[int], int] = {}

    def fitted(self, value: object) -> int:
        """A number that any value has which fits the same conditions, and no other."""
        fits = {number for number, condition in self._other if _is(condition, value)}
        return self._numbers.setdefault(frozenset(fits | self._named.get(value, set())), len(self._numbers))


class RememberingLemmatizer:
    """The lemmatizer, with a memory.

    spaCy's own remembers only what it had to take an ending from, and looks for the word without it in a list of all,
    60,000 nouns one after the other. A lemma depends on the letters of a word, its part of speech and its morphology.
    """

    def __init__(self, lemmatizer: Lemmatizer) -> None:
        self._lemmatizer = type(lemmatizer)(lemmatizer.vocab, None, mode=lemmatizer.mode)
        lookups = Lookups()
        for name in lemmatizer.lookups.tables:
            table = dict(lemmatizer.lookups.get_table(name))
            if name == "lemma_index":  # it is asked only whether it has a word
                table = {key: frozenset(words) for key, words in table.items()}
            lookups.add_table(name, table)
        self._lemmatizer.initialize(lookups=lookups)
        self._known: dict[tuple[int, int, int], str] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Give each token of such a text its lemma, if it has none."""
        if len(self._known) > _MOST_WORDS_KNOWN:
            self._known.clear()
            self._lemmatizer.cache.clear()
        for token, (lemma, *key) in zip(doc, doc.to_array([LEMMA, ORTH, POS, MORPH]).tolist(), strict=True):
            if not lemma:  # the ruler may have given one
                kind = tuple(key)
                if kind not in self._known:
                    self._known[kind] = self._lemmatizer.lemmatize(token)[0]
                token.lemma_ = self._known[kind]
        return doc


class KeptWords:
    """What the tokenizer made of the words that stand in texts more than once, kept beyond a memory zone.

    A zone forgets all words first met in it, and a word is dear when it is met first: some twenty functions say what it
    is like. So they are to be met outside.
    """

    def __init__(self, nlp: Language) -> None:
        self._tokenizer = nlp.tokenizer
        self._kept: set[str] = set()

    def keep(self, texts: Iterable[str]) -> None:
        """Keep the words of some texts, up to a bound; to be called outside of a zone."""
        for word, times in Counter(word for text in texts for word in text.split()).items():
            if times > 1 and word not in self._kept and len(self._kept) < _MOST_WORDS_KEPT:
                self._tokenizer(word)
                self._kept.add(word)


def _fits(part: Mapping[str, Any], token: Token) -> bool:
    """Whether a token is what one part of a pattern asks for."""
    has = {"TAG": token.tag_, "LOWER": token.lower_, "DEP": token.dep_, "IS_SPACE": token.is_space}
    return all(_is(told, has[name]) for name, told in part.items())


def _is(told: object, value: object) -> bool:
    if not isinstance(told, Mapping):
        return value == told
    return (
        value in told.get("IN", [value])
        and value not in told.get("NOT_IN", [])
        and bool(re.search(told.get("REGEX", ""), str(value)))
    )
