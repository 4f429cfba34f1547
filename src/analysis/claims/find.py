"""Asks the encoder how each sentence shows each of its mentions, and claims what is probable enough."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from spacy.tokens import Token

from analysis.claims.claim import Claim
from analysis.claims.context import compared_with, context, is_only_asked, stated_sign
from analysis.encoder import DIGITS, Asked
from analysis.lexicon import Lexicon
from analysis.mentions import UNREAD, Entity, References
from analysis.parsing import Sentence, english_words


class Judge(Protocol):
    """Whatever says how likely each light is: the encoder, or something that is put in its place to compare."""

    threshold: float

    def lights(self, asked: Sequence[Asked]) -> list[npt.NDArray[np.float64]]:
        """For each sentence an array with a row a span; see `analysis.encoder.Encoder.lights`."""


@dataclass(frozen=True)
class Lit:
    """A mention in its sentence, and how likely it is shown in each light; NaN where nobody says anything."""

    entity: Entity
    sentence: Sentence
    negative: float
    neutral: float
    positive: float

    @property
    def polarity(self) -> float:
        """From -1 to 1: how much likelier a good light is than a bad one."""
        return round(self.positive - self.negative, DIGITS)


def find_lights(texts: Sequence[tuple[Sequence[Sentence], Iterable[Entity]]], judge: Judge) -> list[tuple[Lit, ...]]:
    """How each mention of some texts is shown, all texts in one go.

    Each sentence is read alone, so that nothing hangs on what is not shown with it.

    Args:
        texts: The sentences of each text, and the mentions in them.
        judge: The encoder, or what stands in for it.

    Returns:
        The mentions of each text with their probabilities, in the order in which they came.
    """
    asked: list[Asked] = []
    placed: list[list[tuple[Entity, Sentence, int, int]]] = []  # with the number of the question, and of the span
    for sentences, entities in texts:
        numbers = {(id(s.span.doc), token.i): i for i, s in enumerate(sentences) for token in s.span}
        own: dict[int, list[Entity]] = {}
        for entity in entities:
            own.setdefault(numbers[id(entity.head.doc), entity.head.i], []).append(entity)
        placed.append([])
        for i, found in own.items():
            sentence = sentences[i]
            if sentence.passage.paragraph.role in UNREAD:
                placed[-1] += [(entity, sentence, -1, 0) for entity in found]
                continue
            spans = tuple(
                (max(entity.start, sentence.start) - sentence.start, min(entity.end, sentence.end) - sentence.start)
                for entity in found
            )
            placed[-1] += [(entity, sentence, len(asked), j) for j, entity in enumerate(found)]
            asked.append(Asked(sentence.text, spans, names_in(sentence)))
    answers = judge.lights(asked)
    unread = (float("nan"),) * 3
    return [
        tuple(
            Lit(entity, sentence, *(unread if at < 0 else map(float, answers[at][j])))
            for entity, sentence, at, j in own
        )
        for own in placed
    ]


def names_in(sentence: Sentence) -> tuple[tuple[int, int], ...]:
    """Where proper names stand in a sentence, as characters of it; neighbours are one name.

    In a title all words have capitals, and so capitals tell no names there. The tagger takes names that it has rarely
    met for other words, at the beginning of a sentence above all: a capital there is a name's if no English word is
    spelt so.
    """
    words = [token for token in sentence.span if token.is_alpha]
    if sum(token.text[0].isupper() for token in words) > len(words) / 2 and len(words) > 2:
        return ()
    found: list[tuple[int, int]] = []
    base = sentence.span.start_char
    for token in sentence.span:
        if token.pos_ == "PROPN" or _is_unknown_name(token, sentence):
            start, end = token.idx - base, token.idx - base + len(token)
            if found and found[-1][1] >= start - 1:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return tuple(found)


def _is_unknown_name(token: Token, sentence: Sentence) -> bool:
    """Whether a word with a capital is none that the lemmatizer's lists of English know."""
    if not token.text[0].isupper() or not token.is_alpha or len(token) < 2 or token.is_stop:
        return False
    if token.pos_ not in {"NOUN", "ADJ", "ADV", "VERB", "INTJ", "X"}:
        return False
    return token.i > sentence.span.start or english_words().isdisjoint({token.lower_, token.lemma_.lower()})


def find_claims(lit: Iterable[Lit], references: References, lexicon: Lexicon, threshold: float) -> tuple[Claim, ...]:
    """The claims of one text: a mention whose good or bad light is probable enough.

    Grammar is a second voice, in three matters that it is sure of. What is only asked or supposed is not claimed. Where
    a word of attitude names the mention as its target ("she is negative about the plan"), that is claimed with the
    word's sign. And what something is better or worse than is shown in the opposite light, where the encoder is not
    sure of any. The polarity is then the mean of the encoder's and of 1 or -1.

    Args:
        lit: Its mentions with their probabilities.
        references: What each of its nouns and pronouns stands for.
        lexicon: The lists.
        threshold: How probable the light has to be, 0 to 1.

    Returns:
        The claims, in the order of the sentences and of the mentions in them.
    """
    lit = tuple(lit)
    lights = {(id(one.entity.head.doc), one.entity.head.i): one for one in lit}
    found = []
    for one in lit:
        head, sentence = one.entity.head, one.sentence
        if one.entity.key is None or math.isnan(one.neutral):
            continue
        sign, sure = stated_sign(head, lexicon), max(one.negative, one.positive) >= threshold
        if not sign and not sure and (other := compared_with(head)) is not None:
            subject = lights.get((id(other.doc), other.i))
            if subject is not None and max(subject.negative, subject.positive) >= threshold:
                sign = -1 if subject.polarity > 0 else 1
        if not sign and not sure:
            continue
        polarity = round((one.polarity + sign) / 2, DIGITS) if sign else one.polarity
        if is_only_asked(head, sentence):
            continue
        said = context(head, sentence, references, lexicon)
        found.append(
            Claim(
                sentence=sentence.number,
                start=sentence.start,
                end=sentence.end,
                reporter=sentence.passage.paragraph.speaker,
                holder=said.holder,
                target=one.entity.key,
                target_start=one.entity.start,
                target_end=one.entity.end,
                kind=said.kind,
                polarity=polarity,
                negative=one.negative,
                neutral=one.neutral,
                positive=one.positive,
                hedge=said.hedge,
                time=said.time,
            )
        )
    return tuple(sorted(found, key=lambda claim: (claim.sentence, claim.target_start)))
