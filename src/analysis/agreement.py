"""Compares the claims with reference marks, and two markings with each other.

Is the target found in the sentence, and is its sign right? The unit is a cell: one sentence and one target. In each
cell a marking says -1, 1, or nothing. The reference marks of this study were made by language models (see
`data/gold/GUIDE.md`); nothing here depends on that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.study import Study

Cell = tuple[int, str]

_MARK_COLUMNS = ["sentence", "start", "end", "text", "voice", "target", "polarity"]


@dataclass(frozen=True)
class BetweenMarkings:
    """How far two markings of one text agree.

    Attributes:
        sentences: How many sentences both have.
        same_voice: In how many of them both name the same voice.
        cells: Sentences times targets: every target that either marking marks anywhere.
        same: In how many cells both say the same, be it -1, 1 or nothing.
        kappa: Cohen's kappa over the cells.
        both: How many cells both mark.
        same_sign: In how many of those with the same sign.
    """

    sentences: int
    same_voice: int
    cells: int
    same: int
    kappa: float
    both: int
    same_sign: int


@dataclass(frozen=True)
class OnSharedCells:
    """How the claims do where two markings agree, and their agreement with each marking.

    Attributes:
        shared: How many cells both markings mark with the same sign.
        claimed: For how many of them there is a claim.
        right_sign: For how many of those with that sign.
        kappa_one: Agreement of the claims with the first marking over all cells (Cohen's kappa).
        kappa_other: And with the second.
    """

    shared: int
    claimed: int
    right_sign: int
    kappa_one: float
    kappa_other: float


def read_marks(path: str | Path) -> pd.DataFrame:
    """Read marked sentences, one row for each sentence and target; a polarity of 0 counts as not marked.

    Raises:
        InputError: If a column is missing; the message names those found.
    """
    marks = pd.read_csv(path, keep_default_na=False)
    missing = [column for column in _MARK_COLUMNS if column not in marks]
    if missing:
        raise InputError(f"{path}: no column {', '.join(missing)}. Found: {', '.join(marks.columns)}.")
    return marks


def between_markings(one: pd.DataFrame, other: pd.DataFrame) -> BetweenMarkings:
    """How far two markings agree; sentences go by their number.

    Args:
        one: A marking, from `read_marks`.
        other: Another one of the same text, with the same numbers.

    Examples:
        >>> one = pd.DataFrame({"sentence": [0, 1], "voice": "author", "target": ["soup", ""], "polarity": [-1, 0]})
        >>> found = between_markings(one, one.assign(polarity=[1, 0]))
        >>> found.same, found.cells, found.both, found.same_sign
        (1, 2, 1, 0)
    """
    voices = [marks.drop_duplicates("sentence").set_index("sentence")["voice"] for marks in (one, other)]
    common = voices[0].index.intersection(voices[1].index)
    first, second = _marked_cells(one), _marked_cells(other)
    cells = _all_cells(common, [target for _, target in [*first, *second]])
    both = [cell for cell in cells if cell in first and cell in second]
    return BetweenMarkings(
        sentences=len(common),
        same_voice=int((voices[0][common] == voices[1][common]).sum()),
        cells=len(cells),
        same=sum(first.get(cell, 0) == second.get(cell, 0) for cell in cells),
        kappa=kappa(first, second, cells),
        both=len(both),
        same_sign=sum(first[cell] == second[cell] for cell in both),
    )


def shared_cells(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The cells that both markings mark with the same sign: a row of `sentence, target, polarity` for each.

    Examples:
        >>> one = pd.DataFrame({"sentence": [0, 1], "target": ["soup", "bread"], "polarity": [-1, 1]})
        >>> shared_cells(one, one.assign(polarity=[-1, -1])).values.tolist()
        [[0, 'soup', -1]]
    """
    first, second = _marked_cells(one), _marked_cells(other)
    rows = [(*cell, sign) for cell, sign in sorted(first.items()) if second.get(cell) == sign]
    return pd.DataFrame(rows, columns=["sentence", "target", "polarity"])


def on_shared_cells(study: Study, one: pd.DataFrame, other: pd.DataFrame) -> OnSharedCells:
    """How many of the cells on which two markings agree the claims cover, with how many signs right.

    Args:
        study: A reading of the marked text.
        one: A marking of it, from `read_marks`.
        other: Another, with the same numbers of sentences.
    """
    claimed = _claimed_cells(study, one)
    shared = _marked_cells(shared_cells(one, other))
    covered = [cell for cell in shared if cell in claimed]
    kappas = [float(agreement(study, marks)["kappa"].iloc[0]) for marks in (one, other)]
    return OnSharedCells(
        len(shared), len(covered), sum(claimed[cell] == shared[cell] for cell in covered), kappas[0], kappas[1]
    )


def numbered_as(study: Study, marks: pd.DataFrame) -> pd.DataFrame:
    """The marks with the study's numbers of sentences: each goes to the sentence it shares the most characters with."""
    source = next(iter(study.sources))
    own = study.sentences[study.sentences["source"] == source]
    numbers = {}
    for row in marks.drop_duplicates("sentence").to_dict("records"):
        shared = own["end"].clip(upper=row["end"]) - own["start"].clip(lower=row["start"])
        if len(shared) and shared.max() > 0:
            numbers[row["sentence"]] = int(own.loc[shared.idxmax(), "sentence"])
    kept = marks[marks["sentence"].isin(numbers)]
    return kept.assign(sentence=kept["sentence"].map(numbers))


def agreement(study: Study, marks: pd.DataFrame) -> pd.DataFrame:
    """Agreement of the claims with a marking, beside a baseline that gives every target one fixed sign.

    The baseline takes each sentence that speaks of a target at all, and gives it that target's commoner sign in the
    marking: it has been told the answer to a question that the program must answer.

    Args:
        study: A reading of the marked text.
        marks: Its sentences as marked, from `read_marks`.

    Returns:
        One row a method (`program`, `fixed sign`): `precision` and `recall` of finding the target in a sentence,
        `sign_accuracy` where it is rightly found (NaN if never), `kappa` over the cells (Cohen 1960), and the counts
        they stand on: `found`, `marked`, `both`, `right_sign`, `cells`.
    """
    marked = _marked_cells(marks)
    targets = sorted({target for _, target in marked} | {target.name for target in study.targets})
    where = _marked_sentences(study, marks)
    program = _claimed_cells(study, marks)
    common = {target: _commoner(marked, target) for target in targets}
    fixed = {
        (where[row["source"], row["sentence"]], row["target"]): common[row["target"]]
        for _, row in study.mentions.iterrows()
        if (row["source"], row["sentence"]) in where and common.get(row["target"], 0)
    }
    cells = _all_cells(marks["sentence"], targets)
    methods = {"program": program, "fixed sign": fixed}
    return pd.DataFrame([{"method": name, **_score(found, marked, cells)} for name, found in methods.items()])


def disagreements(study: Study, marks: pd.DataFrame) -> pd.DataFrame:
    """The cells in which claims and marks differ.

    Returns:
        One row a cell: `kind` (`missed`, `not marked`, `wrong sign`), `sentence` (of the marks), `target`, what was
        `marked` and `found` (-1 or 1, 0 for nothing), and the sentence's `text`.
    """
    marked, found = _marked_cells(marks), _claimed_cells(study, marks)
    texts = marks.drop_duplicates("sentence").set_index("sentence")["text"]
    rows = []
    for cell in sorted(marked.keys() | found.keys()):
        one, other = marked.get(cell, 0), found.get(cell, 0)
        if one != other:
            kind = "missed" if not other else "not marked" if not one else "wrong sign"
            rows.append((kind, cell[0], cell[1], one, other, texts[cell[0]]))
    return pd.DataFrame(rows, columns=["kind", "sentence", "target", "marked", "found", "text"])


def voice_accuracy(study: Study, marks: pd.DataFrame) -> tuple[int, int]:
    """In how many marked sentences the voice is right, and how many there are."""
    voices = study.voices
    sentences = marks.drop_duplicates("sentence")
    right = sum(
        set(voices[(voices["start"] < row["end"]) & (row["start"] < voices["end"])]["voice"]) == {row["voice"]}
        for _, row in sentences.iterrows()
    )
    return right, len(sentences)


def kappa(one: Mapping[Cell, int], other: Mapping[Cell, int], cells: list[Cell]) -> float:
    """Cohen's kappa of two markings over the same cells; a cell that a marking leaves out counts as 0.

    Source: Cohen 1960, Educational and Psychological Measurement 20(1), page 40.

    Examples:
        >>> kappa({(0, "soup"): 1}, {(0, "soup"): 1}, [(0, "soup"), (1, "soup")])
        1.0
    """
    pairs = Counter((one.get(cell, 0), other.get(cell, 0)) for cell in cells)
    n = len(cells)
    observed = sum(count for (a, b), count in pairs.items() if a == b) / n
    ones, others = Counter(one.get(cell, 0) for cell in cells), Counter(other.get(cell, 0) for cell in cells)
    expected = sum(ones[label] * others[label] for label in ones) / n**2
    return float("nan") if expected == 1 else (observed - expected) / (1 - expected)


def _score(found: Mapping[Cell, int], marked: Mapping[Cell, int], cells: list[Cell]) -> dict[str, float]:
    both = [cell for cell in found if cell in marked]
    right = sum(found[cell] == marked[cell] for cell in both)
    return {
        "precision": len(both) / len(found) if found else float("nan"),
        "recall": len(both) / len(marked) if marked else float("nan"),
        "sign_accuracy": right / len(both) if both else float("nan"),
        "kappa": kappa(found, marked, cells),
        "found": len(found),
        "marked": len(marked),
        "both": len(both),
        "right_sign": right,
        "cells": len(cells),
    }


def _all_cells(sentences: Iterable[int], targets: Iterable[str]) -> list[Cell]:
    """Every sentence with every target, each once."""
    return [(sentence, target) for sentence in sorted(set(sentences)) for target in sorted(set(targets))]


def _marked_cells(marks: pd.DataFrame) -> dict[Cell, int]:
    rows = marks[marks["target"] != ""]
    cells = {(row["sentence"], row["target"]): _sign(float(row["polarity"])) for _, row in rows.iterrows()}
    return {cell: sign for cell, sign in cells.items() if sign}


def _claimed_cells(study: Study, marks: pd.DataFrame) -> dict[Cell, int]:
    where = _marked_sentences(study, marks)
    claimed: dict[Cell, float] = {}
    for _, claim in study.claims.iterrows():
        cell = (where.get((claim["source"], claim["sentence"]), -1), claim["target"])
        claimed[cell] = claimed.get(cell, 0.0) + claim["polarity"]
    return {cell: _sign(total) for cell, total in claimed.items() if cell[0] >= 0}


def _marked_sentences(study: Study, marks: pd.DataFrame) -> dict[tuple[str, int], int]:
    """The marked sentence that each of ours shares the most characters with."""
    source = next(iter(study.sources))
    sentences = marks.drop_duplicates("sentence")
    where: dict[tuple[str, int], int] = {}
    for _, row in study.sentences[study.sentences["source"] == source].iterrows():
        shared = sentences["end"].clip(upper=row["end"]) - sentences["start"].clip(lower=row["start"])
        if shared.max() > 0:
            where[source, row["sentence"]] = int(sentences.loc[shared.idxmax(), "sentence"])
    return where


def _commoner(marked: Mapping[Cell, int], target: str) -> int:
    return _sign(sum(sign for (_, name), sign in marked.items() if name == target))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
