"""Fits how the facts of clauses are weighed beside the network's scores: on writers whom the network has not read.

A log-linear model of the marked pair among all pairs of clauses and *no change*, with the network's score as one of its
facts: stacking, so that what the network over-learned counts for less (Wolpert 1992, Neural Networks 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from analysis import Source
from analysis.encoder import FARTHEST, NEAREST, Candidates, ChangeEncoder
from analysis.encoder.changes import shared
from analysis.parsing import parse_all, sentences
from analysis.shifts import Told
from analysis.shifts.cues import said_of
from analysis.shifts.find import CUES
from analysis.voices import find_voices
from change_data import MarkedText, as_read
from change_train import fit as fits

_TOGETHER = 20
STEPS, RATE, DECAY = 100, 0.05, 0.003


@dataclass(frozen=True)
class Case:
    """One window: the network's scores, the facts, and how well each pair fits the marks."""

    scores: torch.Tensor
    none: float
    clear: torch.Tensor
    apart: torch.Tensor
    shared: torch.Tensor
    before: torch.Tensor
    after: torch.Tensor
    right: torch.Tensor | None


def cases(encoder: ChangeEncoder, texts: Sequence[MarkedText]) -> Iterable[Case]:
    """The windows of texts; one that lacks a marked change of its text is left out."""
    for at in range(0, len(texts), _TOGETHER):
        part = texts[at : at + _TOGETHER]
        sources = [Source.from_text(text.text, name="response") for text in part]
        parsed = [sentences(p) for p in parse_all([(source, find_voices(source)) for source in sources])]
        told = [Told.of(own) for own in parsed]
        asked = [Candidates(one.text, one.places, tuple(c.sentence.number for c in one.clauses)) for one in told]
        for number, clauses, scores, clear, none in encoder.scores(asked):
            case = _case(part[number], sources[number], parsed[number], told[number], clauses, scores, clear, none)
            if case is not None:
                yield case


def _case(
    text: MarkedText,
    source: Source,
    parsed: Sequence[Any],
    told: Told,
    clauses: Sequence[int],
    scores: np.ndarray,
    clear: np.ndarray,
    none: float,
) -> Case | None:
    right = None
    if text.changes:
        changes = as_read(text, source, parsed, told)
        if changes is None:
            return None
        spans = [told.places[i] for i in clauses]
        fit = [
            [np.array([fits(told.text, span, change[side]) for span in spans]) for side in (0, 1)] for change in changes
        ]
        right = np.max([np.outer(before, after) for before, after in fit], axis=0) * clear
        if not right.any():
            return None
    before, after = told.cues
    told_in = np.array([told.clauses[i].sentence.number for i in clauses])
    apart = np.clip(told_in[None, :] - told_in[:, None], NEAREST, FARTHEST) - NEAREST
    return Case(
        torch.from_numpy(scores).float(),
        none,
        torch.from_numpy(clear),
        torch.from_numpy(apart),
        torch.from_numpy(shared([said_of(told.clauses[i]) for i in clauses])).float(),
        torch.tensor([before[i] for i in clauses]),
        torch.tensor([after[i] for i in clauses]),
        None if right is None else torch.from_numpy(right).float(),
    )


def fit_ranking(found: Sequence[Case]) -> dict[str, Any]:
    """The weights, by the names that `changes.json` has."""
    size = FARTHEST - NEAREST + 1
    scale, none, both = (
        torch.ones((), requires_grad=True),
        torch.zeros((), requires_grad=True),
        torch.zeros((), requires_grad=True),
    )
    apart = torch.zeros(size, requires_grad=True)
    before, after = (torch.zeros(len(names), requires_grad=True) for names in CUES.values())
    weights = [scale, none, both, apart, before, after]
    optimizer = torch.optim.Adam(weights, lr=RATE)
    for _ in range(STEPS):
        loss = DECAY * sum((w**2).sum() for w in (both, apart, before, after)) + torch.zeros(())
        for case in found:
            scores = scale * case.scores + apart[case.apart] + both * case.shared
            scores = scores + (case.before @ before)[:, None] + (case.after @ after)[None, :]
            scores = scores.masked_fill(~case.clear, -1e4)
            quiet = scale * case.none + none
            total = torch.logsumexp(torch.cat([scores.flatten(), quiet[None]]), 0)
            if case.right is None:
                said = quiet
            else:
                # Only the pairs that fit: the others' logarithm of nothing has no gradient to speak of.
                there = case.right > 0
                said = torch.logsumexp(scores[there] + torch.log(case.right[there]), 0)
            loss = loss + (total - said) / len(found)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return {
        "scale": round(scale.item(), 3),
        "none": round(none.item(), 3),
        "shared": round(both.item(), 3),
        "apart": [round(w, 3) for w in apart.tolist()],
        "before": dict(zip(CUES["before"], (round(w, 3) for w in before.tolist()), strict=True)),
        "after": dict(zip(CUES["after"], (round(w, 3) for w in after.tolist()), strict=True)),
    }


def no_ranking() -> dict[str, Any]:
    """Weights that leave the network's scores as they are."""
    return {
        "scale": 1.0,
        "none": 0.0,
        "shared": 0.0,
        "apart": [0.0] * (FARTHEST - NEAREST + 1),
        **{side: dict.fromkeys(names, 0.0) for side, names in CUES.items()},
    }
