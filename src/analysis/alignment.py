"""Lays each side of a reader's move beside the essay's sentences that say it, with the words in which they agree.

A reader rarely repeats the essay's words, and common words agree by chance. So three things are looked for: whether the
author claims the same of the belief's target there, or speaks of it at least; whether both have a verb with the same
preposition ("get ... from"), which says who does what to whom; and which other words both have. The rarer a word is in
the essay, the more it says (Sparck Jones 1972, Journal of Documentation 28(1)).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd
from spacy.tokens import Token

from analysis.grammar import governors
from analysis.mentions import UNREAD
from analysis.parsing import Sentence
from analysis.shifts import SIDES, Shift, content_of

ALIGNMENT_COLUMNS = (
    "shift side rank source sentence start end text score shared_target same_claim relation similarity words"
).split()

_OPEN_CLASS = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "ADV"})
# Verbs and adverbs that stand in any sentence.
_EMPTY = frozenset("be have do get go make just only very really so too even not also then now here there".split())
_MOST = 3


def alignment_table(
    shifts: pd.DataFrame,
    found: Sequence[Shift],
    sentences: Iterable[Sentence],
    source: str,
    mentions: pd.DataFrame,
    claims: pd.DataFrame,
) -> pd.DataFrame:
    """The author's sentences that come nearest to each side of each shift.

    Args:
        shifts: The shifts table.
        found: The same shifts as they were found, in the same order.
        sentences: The sentences of the source that the author's words are in.
        source: Its name.
        mentions: `Study.mentions`.
        claims: `Study.claims`.

    Returns:
        Up to three rows a side, the best first, with the columns of `ALIGNMENT_COLUMNS`. `score` (0 to 3) adds up 1 for
        `same_claim`, or a half where there is only a `shared_target`; `relation` (0 to 1), how rare the rarest shared
        verb with its preposition is; and `similarity` (0 to 1), the cosine of both bags of words, the rare ones
        weighing more. `words` are the shared ones, as the essay's sentence has them.
    """
    own = [
        sentence
        for sentence in sentences
        if sentence.passage.paragraph.speaker == "author" and sentence.passage.paragraph.role not in UNREAD
    ]
    bags = [_terms(list(sentence.span)) for sentence in own]
    known = Counter(term for bag in bags for term in bag)
    weights = {term: math.log((len(own) + 1) / count) for term, count in known.items()}
    spoken = mentions[mentions["source"] == source]
    claimed = claims[(claims["source"] == source) & (claims["holder"] == "author") & (claims["reporter"] == "author")]
    rows = []
    for shift, told in zip(shifts.to_dict("records"), found, strict=True):
        for side in SIDES:
            said = _terms(content_of(getattr(told, side).clause))
            target, polarity = shift[f"{side}_target"], shift[f"{side}_polarity"]
            of_target = spoken.loc[spoken["target"] == target, "start"]
            alike = claimed.loc[(claimed["target"] == target) & (claimed["polarity"] * polarity > 0), "sentence"]
            ranked = []
            for sentence, bag in zip(own, bags, strict=True):
                shared_target = bool(((of_target >= sentence.start) & (of_target < sentence.end)).any())
                same_claim = bool((alike == sentence.number).any())
                similarity, words = _similarity(said, bag, weights, len(own))
                verbs = [weights[term] for term in said if term in bag and " " in term]
                relation = max(verbs, default=0.0) / math.log(len(own) + 1)
                score = max(float(same_claim), shared_target / 2) + relation + similarity
                if score > 0:
                    ranked.append((round(score, 4), sentence, shared_target, same_claim, relation, similarity, words))
            ranked.sort(key=lambda row: (-row[0], row[1].number))
            for rank, (score, sentence, *grounds, relation, similarity, words) in enumerate(ranked[:_MOST], 1):
                place = (source, sentence.number, sentence.start, sentence.end, sentence.text)
                numbers = (round(relation, 4), round(similarity, 4), ", ".join(words))
                rows.append((shift["shift"], side, rank, *place, score, *grounds, *numbers))
    return pd.DataFrame(rows, columns=ALIGNMENT_COLUMNS)


def _terms(words: Sequence[Token]) -> dict[str, str]:
    """What words say, by lemma: open-class words, and verbs with the prepositions that go with them.

    Each with the words themselves, as they stand.
    """
    terms: dict[str, str] = {}
    inside = {word.i for word in words}
    for word in words:
        lemma = word.lemma_.lower()
        if word.pos_ in _OPEN_CLASS and lemma not in _EMPTY and not word.is_punct:
            terms.setdefault(lemma, word.text)
        if word.dep_ in {"prep", "dative"} and word.pos_ == "ADP":
            verb = next((up for up in governors(word) if up.pos_ == "VERB"), None)
            if verb is not None and verb.i in inside and verb.i < word.i:
                terms.setdefault(f"{verb.lemma_.lower()} {word.lower_}", f"{verb.text} … {word.text}")
    return terms


def _similarity(
    said: dict[str, str], bag: dict[str, str], weights: dict[str, float], sentences: int
) -> tuple[float, list[str]]:
    """The cosine of two bags of terms, and the shared ones; a term that the essay lacks is as rare as can be."""
    rarest = math.log(sentences + 1)
    shared = [term for term in said if term in bag]
    if not shared:
        return 0.0, []

    def length(terms: Iterable[str]) -> float:
        return math.sqrt(sum(weights.get(term, rarest) ** 2 for term in terms))

    together = sum(weights[term] ** 2 for term in shared)
    norm = length(said) * length(bag)
    return (together / norm if norm else 0.0), [bag[term] for term in shared]
