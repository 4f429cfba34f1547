"""The words that a claim hangs on: those without which the encoder would judge it least so.

One word after the other is left out of the sentence, and then short runs of words around the one that mattered most
(Li, Monroe and Jurafsky 2016, Understanding Neural Networks through Representation Erasure, section 5).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from spacy.lang.en.stop_words import STOP_WORDS

from analysis.encoder import LIGHTS, Asked, Encoder

CUE_COLUMNS = ("cue", "cue_start", "cue_end")

_WORD = re.compile(r"\w+(?:[’'\-]\w+)*")
# Words of a run at most, and how much more a longer run has to change to be told instead of its best word.
_LONGEST = 3
_WORTH_A_WORD = 0.2
# Words of grammar carry nothing by themselves: "were rude" is told as "rude", but "not good" as it stands.
_GRAMMATICAL = frozenset(STOP_WORDS) - set("not no never nothing nobody none neither nor without only too".split())


def with_cues(claims: pd.DataFrame, encoder: Encoder) -> pd.DataFrame:
    """The claims with the words that carry them.

    Args:
        claims: A table of claims (`analysis.claims.CLAIM_COLUMNS`).
        encoder: What judged them.

    Returns:
        The same rows with `cue`, `cue_start` and `cue_end` behind `target_end`: the word, or up to three words in a
        row, of the sentence without which the probability of the claim's light falls most; characters of the source's
        cleaned text. A mention itself is told only where nothing else carries.
    """
    rows = claims.to_dict("records")
    cues = _cues([_Case(row) for row in rows], encoder)
    at = list(claims.columns).index("target_end") + 1
    table = claims.copy()
    for offset, column in enumerate(CUE_COLUMNS):
        values = [cue[offset] for cue in cues]
        table.insert(at + offset, column, pd.Series(values, index=claims.index, dtype="str" if not offset else "int64"))
    return table


class _Case:
    """One claim, as questions to the encoder."""

    def __init__(self, row: dict[str, object]) -> None:
        self.text, self.start = str(row["text"]), int(str(row["start"]))
        begin, end = int(str(row["target_start"])) - self.start, int(str(row["target_end"])) - self.start
        self.span = (max(begin, 0), min(end, len(self.text)))
        self.light = LIGHTS.index("positive" if float(str(row["polarity"])) > 0 else "negative")
        self.sure = float(str(row[LIGHTS[self.light]]))
        words = [match.span() for match in _WORD.finditer(self.text)]
        outside = [word for word in words if not (word[0] < self.span[1] and word[1] > self.span[0])]
        telling = [word for word in outside if self.text[slice(*word)].lower() not in _GRAMMATICAL]
        self.words = telling or outside or words or [(0, len(self.text))]

    def asked(self, span: tuple[int, int]) -> Asked:
        return Asked(self.text, (self.span,), without=span)

    def runs(self, best: int) -> Iterator[tuple[int, int]]:
        """Runs of words that hold the best one, with nothing but blanks between them and no function word at an end."""
        for length in range(2, _LONGEST + 1):
            for first in range(max(0, best - length + 1), best + 1):
                run = self.words[first : first + length]
                between = [self.text[a[1] : b[0]] for a, b in itertools.pairwise(run)]
                edges = {self.text[slice(*word)].lower() for word in (run[0], run[-1])}
                if len(run) == length and not any(gap.strip() for gap in between) and not edges & _GRAMMATICAL:
                    yield run[0][0], run[-1][1]


def _cues(cases: list[_Case], encoder: Encoder) -> list[tuple[str, int, int]]:
    """The words that carry each case, with their place."""
    first = [(case, span) for case in cases for span in case.words]
    falls = iter(_falls(first, encoder))
    told = [[next(falls) for _ in case.words] for case in cases]
    best = [int(np.argmax(own)) for own in told]
    second = [(case, span) for case, word in zip(cases, best, strict=True) for span in case.runs(word)]
    further = iter(_falls(second, encoder))
    found = []
    for case, word, own in zip(cases, best, told, strict=True):
        span, fall = case.words[word], own[word]
        for run in case.runs(word):
            more = next(further)
            if more > fall + _WORTH_A_WORD:
                span, fall = run, more
        found.append((case.text[slice(*span)], case.start + span[0], case.start + span[1]))
    return found


def _falls(asked: list[tuple[_Case, tuple[int, int]]], encoder: Encoder) -> list[float]:
    """How much the probability of each case's light falls without the span; 0 where nothing is left to judge."""
    answers = encoder.lights([case.asked(span) for case, span in asked])
    falls = [case.sure - answer[0][case.light] for (case, _), answer in zip(asked, answers, strict=True)]
    return [0.0 if np.isnan(fall) else float(fall) for fall in falls]
