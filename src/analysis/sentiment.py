"""Scores a span: TextBlob as it is (the baseline), and opinion words with negation and scope from the parse.

TextBlob adds up words in a row and cannot see that "isn't a bad idea" is praise. Ours asks the parse what a negation
is about. Neither knows what the opinion is about: that is what claims are for.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import pandas as pd
from spacy.tokens import Span, Token
from textblob import TextBlob

from analysis.lexicon import Lexicon, OpinionEntry

# "Not good" is less than bad is good (Taboada et al. 2011, Computational Linguistics 37(2), section 2.4); TextBlob's
# own factor, kept so that the two differ in scope and not in strength.
NEGATED = -0.5

# From a word to its governor without leaving what a negation there is about.
_WITHIN_SCOPE = frozenset(
    {"acomp", "attr", "amod", "oprd", "xcomp", "dobj", "pobj", "prep", "pcomp", "advmod", "agent"}
)


@dataclass(frozen=True)
class Baseline:
    """TextBlob's verdict on a text. NaN, and no words, where it knows no word; 0 where what it knows balances.

    `evidence` names the words that it knows, with the score of each group of them.
    """

    polarity: float
    subjectivity: float
    known_words: int
    evidence: str


@dataclass(frozen=True)
class OpinionWord:
    """A word that carries polarity, in its place.

    `score` (-1 to 1) has negation and intensifiers in it; `negators` are the tokens that turn it round.
    """

    token: Token
    entry: OpinionEntry
    score: float
    negators: tuple[Token, ...]

    @property
    def negated(self) -> bool:
        """Whether the negators, taken together, turn the word round."""
        return _turns(self.negators) % 2 == 1


def textblob_score(text: str) -> Baseline:
    """TextBlob's polarity (-1 to 1) and subjectivity (0 to 1), unchanged, but NaN where it knows no word.

    Examples:
        >>> textblob_score("a good idea").polarity
        0.7
        >>> textblob_score("I am pessimistic about transactional people").polarity
        nan
    """
    assessed = TextBlob(text).sentiment_assessments
    if not assessed.assessments:
        return Baseline(math.nan, math.nan, 0, "")
    known = sum(len(words) for words, *_ in assessed.assessments)
    evidence = "; ".join(f"{' '.join(words)} {score:+.2f}" for words, score, *_ in assessed.assessments)
    return Baseline(float(assessed.polarity), float(assessed.subjectivity), known, evidence)


def polarity_steps(sentences: pd.DataFrame) -> pd.DataFrame:
    """How TextBlob's polarity moves from each sentence of a voice to its next one.

    Args:
        sentences: `Study.sentences`, in reading order.

    Returns:
        A row for each pair of neighbours within a source and voice: `source, voice, sentence, next_sentence, polarity,
        next_polarity, step`. The step (-2 to 2) is NaN where TextBlob knows no word in one of the two.

    Examples:
        >>> rows = [("essay", 0, "author", 0.5), ("essay", 1, "author", -0.25), ("essay", 2, "author", float("nan"))]
        >>> polarity_steps(pd.DataFrame(rows, columns=["source", "sentence", "voice", "polarity"]))["step"].tolist()
        [-0.75, nan]
    """
    groups = sentences.groupby(["source", "voice"], sort=False)
    steps = sentences[["source", "voice", "sentence", "polarity"]].assign(
        next_sentence=groups["sentence"].shift(-1), next_polarity=groups["polarity"].shift(-1)
    )
    steps = steps.dropna(subset="next_sentence").astype({"next_sentence": int})
    columns = ["source", "voice", "sentence", "next_sentence", "polarity", "next_polarity"]
    return steps[columns].assign(step=steps["next_polarity"] - steps["polarity"]).reset_index(drop=True)


def opinion_words(span: Span, lexicon: Lexicon) -> tuple[OpinionWord, ...]:
    """The opinion words of a span, each with its score in this place.

    Args:
        span: Parsed words, usually a sentence.
        lexicon: The lists.
    """
    return tuple(word for token in span if (word := opinion_word(token, lexicon)))


def opinion_word(token: Token, lexicon: Lexicon) -> OpinionWord | None:
    """The token as an opinion word, or None if the lists know no opinion in it."""
    entry = lexicon.opinion(token)
    if entry is None or (token.pos_ == "ADV" and _only_measures(token, lexicon)):
        return None
    negators = find_negators(token, lexicon)
    score = entry.polarity
    for child in token.children:
        if child.dep_ == "advmod":
            score *= lexicon.intensity(child)
    if _turns(negators) % 2:
        score *= NEGATED
    return OpinionWord(token, entry, max(-1.0, min(1.0, score)), negators)


def _only_measures(adverb: Token, lexicon: Lexicon) -> bool:
    """Whether an adverb says how much rather than how: "very", and "incredibly" before an adjective."""
    return lexicon.intensity(adverb) != 1.0 or adverb.head.pos_ in {"ADJ", "ADV"}


def find_negators(token: Token, lexicon: Lexicon) -> tuple[Token, ...]:
    """The tokens whose negation takes in this one, by the parse.

    A negation reaches what its verb governs ("is not a good idea"), the complements of a verb of not doing ("failed to
    impress"), and through verbs such as think the clause below ("I don't think it is good"; Horn 1978). It does not
    reach a conjunct behind "but", nor out of a relative clause.

    Examples:
        >>> from analysis.lexicon import load_lexicon
        >>> from analysis.parsing import load_model
        >>> doc = load_model()("This isn't a bad idea.")
        >>> [negator.text for negator in find_negators(doc[4], load_lexicon())]
        ["n't"]
    """
    found: list[Token] = []
    below: Token | None = None
    while True:
        found += [
            child
            for child in token.children
            if child is not below and (child.dep_ == "neg" or (child.lower_ in lexicon.negators and child.i < token.i))
        ]
        head = token.head
        if head.i == token.i:
            break
        if token.dep_ == "conj":
            # "Not cold and wet" denies both; "not cold but wet" and "did not call but came" deny the first alone.
            joined = [child.lower_ for child in head.children if child.dep_ == "cc" and head.i < child.i < token.i]
            own_clause = any(child.dep_ in {"nsubj", "nsubjpass", "aux", "neg"} for child in token.children)
            if "but" in joined or own_clause:
                break
        elif token.dep_ == "ccomp" and token.pos_ in {"ADJ", "NOUN"}:
            pass  # a clause without a verb is no clause of its own: "never found it useful"
        elif token.dep_ in {"ccomp", "acl"} or token.dep_ == "xcomp":
            belief = lexicon.belief(head)
            if head.lemma_ in lexicon.negative_verbs:
                found.append(head)
            elif token.dep_ != "xcomp" and not (belief and belief.neg_raising):
                break
            elif token.dep_ != "xcomp":
                found += [child for child in head.children if child.dep_ == "neg"]
                break
        elif token.dep_ == "pcomp" or token.dep_ == "pobj":
            if head.lower_ in lexicon.negators:
                found.append(head)
                break
        elif token.dep_ not in _WITHIN_SCOPE:
            break
        below, token = token, head
    return tuple(sorted(set(found), key=lambda negator: negator.i))


def _turns(negators: tuple[Token, ...]) -> int:
    """How often the negators turn the polarity: one written twice in a row ("will not not") is a slip, not two."""
    pairs = itertools.pairwise(negators)
    return len(negators) - sum(after.i == before.i + 1 and after.lower_ == before.lower_ for before, after in pairs)
