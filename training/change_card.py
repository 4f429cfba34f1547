"""Writes the card of the weights for changes of belief from what was measured."""

from __future__ import annotations

import hashlib
import math
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from change_data import read_changes
from change_train import Recipe

_REAL = ("shift-dev.jsonl", "shift-dev-2.jsonl")


def write_change_card(
    path: Path,
    settings: Mapping[str, Any],
    figures: Sequence[Mapping[str, Any]],
    curve: Sequence[Mapping[str, Any]],
    recipe: Recipe,
    seed: int,
    written: Path,
    folder: Path,
) -> None:
    """Write the card.

    Args:
        path: Where.
        settings: What the package reads beside the weights.
        figures: A row a set, as `change_measures.score` gives them.
        curve: The learning curve: the rows of one fold and of the real texts, each with its `share` of the texts.
        recipe: How it was trained.
        seed: Of all that is random.
        written: The folder of the written texts.
        folder: The public data.
    """
    lines = [
        "# The encoder for changes of belief: which two clauses state one",
        "",
        *_wrapped(
            "Written by `make train-changes`; every figure is computed there. A text and the clauses in it go in. Out"
            " come the probability that its writer states a change of their own belief, and for each pair of clauses"
            " how likely it is that the first tells the belief of before and the second the one of after; besides its"
            " type, the signs of both, and whether they are about what somebody else thinks."
        ),
        "## Where it comes from",
        "",
        "- **Base**: as of the encoder for attitudes; `CARD.md` says what is known of it and of its training data.",
        "- **Added**: a vector for each clause, a score for each pair, and heads for type, signs and order.",
        f"- **Weights**: SHA-256 `{settings['sha256']}`. Stored in int8, computed in float32.",
        "",
        "## What it was trained on",
        "",
        "| file, one writer each | texts | with a change | SHA-256 |",
        "|---|---|---|---|",
        *_data_rows(written),
        "",
        *_wrapped(
            "The writers are language models, which wrote and marked the texts for this project by"
            " `data/training/SHIFTS.md`; no person has marked them. That guide's example of a retargeting has the"
            f" pattern of the study's own sentence. Real texts ({' and '.join(f'`{name}`' for name in _REAL)}) were"
            " looked at while building, and never trained on."
        ),
        "## How",
        "",
        *_wrapped(
            f"{recipe.epochs} epochs at a rate of {recipe.rate:g} (heads {recipe.faster:g} times that),"
            f" {recipe.batch}"
            " texts a step, AdamW with linear warm-up and decay, the base's word vectors frozen, seed"
            f" {seed}. The pair is chosen among all pairs of clauses and *no change* by one softmax; a"
            f" clause counts as"
            f" the marked one the more it overlaps. {recipe.beside:.0%} of the texts have sentences of another text"
            f" beside them, and {recipe.cut:.0%} of the changes are shown once more without the sentences of"
            f" one side,"
            " as texts that state none."
        ),
        "## How well",
        "",
        *_wrapped(
            "All figures are of what `analysis.read` gives, which is more than this network: where grammar"
            " finds a change"
            " in the usual words (`src/analysis/shifts/rules.py`), that is stated whatever the network"
            " says. *Both spans*: of the marked changes, those of which a"
            " stated change shares half of the words (F1) on both sides. *Type*: of the marked changes, those found"
            " with the right type. *Possibly*: texts with and without a change that get this answer; they"
            " count as *no*"
            " everywhere else."
        ),
        "| set | n | F1 (95 %) | precision | recall | false alarms | both spans | type | possibly: with, without |",
        "|---|---|---|---|---|---|---|---|---|",
        *(_figure_row(row) for row in figures),
        "",
        *_wrapped(
            f"**Thresholds.** A change is stated from a probability of {settings['threshold']} on, and possible from"
            f" {settings['possible']} on. Both, and the temperature ({settings['temperature']}) and shift"
            f" ({settings['shift']}) of the log-odds, were fixed on every second real text together with the"
            f" first fold"
            " of writers, without those in which grammar finds a change: the lowest at which nine of ten"
            " stated changes"
            " are changes, and the lowest at which at most one text without a change in ten is called"
            " possible. The second row and the other folds say what they"
            " give elsewhere."
        ),
        "## Would more texts help?",
        "",
        "| share of the texts | set | F1 | both spans | type |",
        "|---|---|---|---|---|",
        *(_curve_row(row) for row in curve),
        "",
        "## What it cannot do",
        "",
        "- It has learned from written texts, and finds less in real ones.",
        "- It chooses the belief of after less surely than that of before, and the type less surely than either.",
        "- Two clauses further apart than its window (510 word pieces) are no pair.",
        "- It says what a text states, not whether its writer did change their mind.",
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _wrapped(words: str) -> list[str]:
    return [*textwrap.wrap(words, 118, break_on_hyphens=False), ""]


def _data_rows(written: Path) -> list[str]:
    rows = []
    for file in sorted(written.glob("shifts-*.jsonl"), key=lambda file: int(file.stem.split("-")[1])):
        texts = read_changes([file])
        changes = sum(bool(text.changes) for text in texts)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        rows.append(f"| `data/training/{file.name}` | {len(texts)} | {changes} | `{digest[:16]}` |")
    return rows


def _figure_row(row: Mapping[str, Any]) -> str:
    f1 = f"{row['f1']:.2f} ({row['f1_low']:.2f} to {row['f1_high']:.2f})"
    alarms = f"{row['false_alarms']} of {row['without_shift']}"
    shares = [_share(row[name]) for name in ("precision", "recall")]
    more = [_share(row[name]) for name in ("spans", "types")]
    maybe = f"{row['possible_with']}, {row['possible_without']}"
    return f"| {row['set']} | {row['n']} | {f1} | {' | '.join(shares)} | {alarms} | {' | '.join(more)} | {maybe} |"


def _curve_row(row: Mapping[str, Any]) -> str:
    return f"| {row['share']:.0%} | {row['set']} | {row['f1']:.2f} | {_share(row['spans'])} | {_share(row['types'])} |"


def _share(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.0%}"
