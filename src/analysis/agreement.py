"""Holds the claims against sentences marked by hand: is the target found, and is its sign right?

The unit is a cell: one sentence and one target. In each cell a marking says -1, 1, or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.errors import InputError
from analysis.study import Study

Cell = tuple[int, str]

_GOLD_COLUMNS = ["sentence", "start", "end", "text", "voice", "target", "polarity"]


def read_gold(path: str | Path) -> pd.DataFrame:
    """Read sentences marked by hand, one row for each sentence and target.

    Raises:
        InputError: If a column is missing; the message names those found.
    """
    gold = pd.read_csv(path, keep_default_na=False)
    missing = [column for column in _GOLD_COLUMNS if column not in gold]
    if missing:
        raise InputError(f"{path}: no column {', '.join(missing)}. Found: {', '.join(gold.columns)}.")
    return gold


def agreement(study: Study, gold: pd.DataFrame) -> pd.DataFrame:
    """Agreement of the claims with the gold, beside a baseline that gives every target one fixed sign.

    The baseline takes each sentence that speaks of a target at all, and gives it that target's commoner sign in the
    gold: it has been told the answer to a question that the rules must answer.

    Args:
        study: A reading of the marked text.
        gold: Its sentences as marked, from `read_gold`.

    Returns:
        One row a method (`rules`, `fixed sign`): `precision` and `recall` of finding the target in a sentence,
        `sign_accuracy` where it is rightly found (NaN if never), `kappa` over the cells (Cohen 1960), and the counts
        they stand on: `found`, `marked`, `both`, `right_sign`, `cells`.
    """
    marked = _gold_cells(gold)
    targets = sorted({target for _, target in marked} | {target.name for target in study.targets})
    where = _gold_sentences(study, gold)
    rules = _claimed_cells(study, gold)
    common = {target: _commoner(marked, target) for target in targets}
    fixed = {
        (where[row["source"], row["sentence"]], row["target"]): common[row["target"]]
        for _, row in study.mentions.iterrows()
        if (row["source"], row["sentence"]) in where and common.get(row["target"], 0)
    }
    cells = [(sentence, target) for sentence in sorted(set(gold["sentence"])) for target in targets]
    return pd.DataFrame(
        [{"method": name, **_score(found, marked, cells)} for name, found in (("rules", rules), ("fixed sign", fixed))]
    )


def disagreements(study: Study, gold: pd.DataFrame) -> pd.DataFrame:
    """The cells in which claims and gold differ.

    Returns:
        One row a cell: `kind` (`missed`, `not marked`, `wrong sign`), `sentence` (of the gold), `target`, what was
        `marked` and `found` (-1 or 1, 0 for nothing), and the sentence's `text`.
    """
    marked, found = _gold_cells(gold), _claimed_cells(study, gold)
    texts = gold.drop_duplicates("sentence").set_index("sentence")["text"]
    rows = []
    for cell in sorted(marked.keys() | found.keys()):
        one, other = marked.get(cell, 0), found.get(cell, 0)
        if one != other:
            kind = "missed" if not other else "not marked" if not one else "wrong sign"
            rows.append((kind, cell[0], cell[1], one, other, texts[cell[0]]))
    return pd.DataFrame(rows, columns=["kind", "sentence", "target", "marked", "found", "text"])


def voice_accuracy(study: Study, gold: pd.DataFrame) -> tuple[int, int]:
    """In how many gold sentences the voice is right, and how many there are."""
    voices = study.voices
    told = gold.drop_duplicates("sentence")
    right = sum(
        set(voices[(voices["start"] < row["end"]) & (row["start"] < voices["end"])]["voice"]) == {row["voice"]}
        for _, row in told.iterrows()
    )
    return right, len(told)


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


def _gold_cells(gold: pd.DataFrame) -> dict[Cell, int]:
    rows = gold[gold["target"] != ""]
    return {(row["sentence"], row["target"]): _sign(float(row["polarity"])) for _, row in rows.iterrows()}


def _claimed_cells(study: Study, gold: pd.DataFrame) -> dict[Cell, int]:
    where = _gold_sentences(study, gold)
    claimed: dict[Cell, float] = {}
    for _, claim in study.claims.iterrows():
        cell = (where.get((claim["source"], claim["sentence"]), -1), claim["target"])
        claimed[cell] = claimed.get(cell, 0.0) + claim["polarity"]
    return {cell: _sign(total) for cell, total in claimed.items() if cell[0] >= 0}


def _gold_sentences(study: Study, gold: pd.DataFrame) -> dict[tuple[str, int], int]:
    """The gold sentence that each of ours shares the most characters with."""
    source = next(iter(study.sources))
    told = gold.drop_duplicates("sentence")
    where: dict[tuple[str, int], int] = {}
    for _, row in study.sentences[study.sentences["source"] == source].iterrows():
        shared = told["end"].clip(upper=row["end"]) - told["start"].clip(lower=row["start"])
        if shared.max() > 0:
            where[source, row["sentence"]] = int(told.loc[shared.idxmax(), "sentence"])
    return where


def _commoner(marked: Mapping[Cell, int], target: str) -> int:
    return _sign(sum(sign for (_, name), sign in marked.items() if name == target))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
