"""TextBlob's score of a text, as it is: the voice of a word list, which stands beside the encoder's all the way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from textblob import TextBlob


@dataclass(frozen=True)
class Baseline:
    """TextBlob's verdict on a text. NaN, and no words, where it knows no word; 0 where what it knows balances.

    `evidence` names the words that it knows, with the score of each group of them.
    """

    polarity: float
    subjectivity: float
    known_words: int
    evidence: str


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
