"""The figures of the model card, on arrays of scores (a row a mention, a column a light) and marks."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from data import NEGATIVE, NEUTRAL, POSITIVE

_CLASSES = (NEGATIVE, NEUTRAL, POSITIVE)
_RESAMPLES = 1000


def probabilities(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax of scores that are divided by a temperature."""
    scaled = (scores - scores.max(axis=1, keepdims=True)) / temperature
    odds = np.exp(scaled)
    return odds / odds.sum(axis=1, keepdims=True)


def fit_temperature(scores: np.ndarray, lights: np.ndarray) -> float:
    """The temperature under which the marks are likeliest (Guo et al. 2017, ICML, section 4.2)."""
    tried = np.arange(0.5, 4.0, 0.01)
    losses = [-np.log(probabilities(scores, t)[np.arange(len(lights)), lights] + 1e-12).mean() for t in tried]
    return float(tried[int(np.argmin(losses))])


def macro_f1(marks: np.ndarray, found: np.ndarray, classes: Iterable[int]) -> float:
    """The mean F1 of the classes; what is found in no class counts as wrong.

    Examples:
        >>> round(macro_f1(np.array([0, 1, 2, 2]), np.array([0, 1, 2, -1]), (0, 1, 2)), 3)
        0.889
    """
    scores = []
    for one in classes:
        both = (marks == one).sum() + (found == one).sum()
        scores.append(2 * ((marks == one) & (found == one)).sum() / both if both else 0.0)
    return round(float(np.mean(scores)), 4)


def classes_of(marks: np.ndarray) -> tuple[int, ...]:
    """The classes of a set: some have no neutral."""
    return tuple(one for one in _CLASSES if (marks == one).any())


def argmax_f1(p: np.ndarray, marks: np.ndarray) -> float:
    """Macro-F1 of the likeliest light."""
    return macro_f1(marks, p.argmax(axis=1), classes_of(marks))


def calibrated(p: np.ndarray, marks: np.ndarray, threshold: float) -> float:
    """Macro-F1 of what is claimed: a sign from the threshold on, neutral where that is likeliest, else nothing."""
    signs = np.where(p[:, POSITIVE] > p[:, NEGATIVE], POSITIVE, NEGATIVE)
    claims = np.maximum(p[:, NEGATIVE], p[:, POSITIVE]) >= threshold
    found = np.where(claims, signs, np.where(p.argmax(axis=1) == NEUTRAL, NEUTRAL, -1))
    return macro_f1(marks, found, classes_of(marks))


def claimed(p: np.ndarray, marks: np.ndarray, threshold: float) -> tuple[float, float]:
    """Of what the marks call good or bad: how many of the claims have the right sign, and how much is claimed."""
    judged = marks != NEUTRAL
    claims = (np.maximum(p[:, NEGATIVE], p[:, POSITIVE]) >= threshold) & judged
    signs = np.where(p[:, POSITIVE] > p[:, NEGATIVE], POSITIVE, NEGATIVE)
    right = float((signs == marks)[claims].mean()) if claims.any() else 0.0
    return round(right, 4), round(float(claims.sum() / judged.sum()), 4)


def sign_right(p: np.ndarray, marks: np.ndarray, share: float) -> float:
    """Signs right in the most certain share of what the marks call good or bad."""
    judged = marks != NEUTRAL
    signs = np.where(p[:, POSITIVE] > p[:, NEGATIVE], POSITIVE, NEGATIVE)
    certain = np.maximum(p[:, NEGATIVE], p[:, POSITIVE])[judged]
    order = np.argsort(-certain, kind="stable")[: max(1, round(share * len(certain)))]
    return round(float((signs == marks)[judged][order].mean()), 4)


def expected_error(p: np.ndarray, marks: np.ndarray, bins: int = 15) -> float:
    """Expected calibration error (Guo et al. 2017, ICML, section 2): mean distance of certainty and accuracy."""
    certain, right = p.max(axis=1), p.argmax(axis=1) == marks
    which = np.minimum((certain * bins).astype(int), bins - 1)
    parts = [(which == one) for one in range(bins) if (which == one).any()]
    return round(float(sum(part.mean() * abs(right[part].mean() - certain[part].mean()) for part in parts)), 4)


def interval(p: np.ndarray, marks: np.ndarray, seed: int) -> tuple[float, float]:
    """The 95 % bootstrap interval of `argmax_f1`."""
    rng = np.random.default_rng(seed)
    found, classes = p.argmax(axis=1), classes_of(marks)
    drawn = [
        macro_f1(marks[rows], found[rows], classes)
        for rows in (rng.integers(0, len(marks), len(marks)) for _ in range(_RESAMPLES))
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)
