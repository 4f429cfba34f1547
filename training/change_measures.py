"""What is measured of changes of belief, with the measures of the benchmarks and on what `analysis.read` returns."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from analysis import Source
from analysis.shifts import TYPES, Answer
from change_data import MarkedText

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from data import Change, Review, read_kinds
from measures import change_measures, yes_measures

# A stated change is to be one nine times in ten, and at most one text without a change in ten may be called possible.
PRECISION = 0.9
POSSIBLE_OF_NONE = 0.1


@dataclass(frozen=True)
class Found:
    """A marked text and what was found in it; offsets are characters of the marked text."""

    review: Review
    probability: float
    known: bool
    changes: tuple[Change, ...]
    by_rule: bool = False

    @classmethod
    def of(cls, text: MarkedText, source: Source, answer: Answer) -> Found:
        """Take what was found in the cleaned text."""
        raw = source.text == text.text
        starts = [] if raw else [source.to_raw(i, i)[0] for i in range(len(source.text) + 1)]

        def place(at: int) -> int:
            return at if raw else starts[at]

        changes = tuple(
            Change(
                (place(shift.before.clause.start), place(shift.before.clause.end)),
                (place(shift.after.clause.start), place(shift.after.clause.end)),
                shift.type,
            )
            for shift in answer.shifts
        )
        types = text.types or (text.type,) * len(text.changes)
        gold = tuple(Change(*spans, TYPES[kind]) for spans, kind in zip(text.changes, types, strict=True))
        return cls(
            Review(text.text, gold),
            answer.probability,
            any(shift.is_known for shift in answer.shifts),
            changes,
            answer.by_rule,
        )

    def log_odds(self) -> float:
        """As the network gave them."""
        p = min(max(self.probability, 5e-5), 1 - 5e-5)
        return math.log(p / (1 - p))


def read_real(folder: Path) -> dict[str, list[MarkedText]]:
    """The real texts, by kind; see `read_kinds` of the benchmarks."""
    found = {}
    for name, reviews in read_kinds(folder).items():
        found[name] = [
            MarkedText(
                f"{name} {i}",
                0,
                review.text,
                tuple((change.before, change.after) for change in review.changes),
                types=tuple(TYPES.index(change.type) for change in review.changes),
            )
            for i, review in enumerate(reviews)
        ]
    return found


def fit_odds(found: Sequence[Found]) -> tuple[float, float]:
    """Temperature and shift by which the log-odds become probabilities: those of highest likelihood (Platt 1999)."""
    by_network = [one for one in found if not one.by_rule]
    x = np.array([one.log_odds() for one in by_network])
    y = np.array([bool(one.review.changes) for one in by_network])

    def loss(theta: np.ndarray) -> float:
        z = (x - theta[1]) / np.exp(theta[0])
        return float(np.logaddexp(0, np.where(y, -z, z)).mean() + 0.001 * theta[0] ** 2)

    best = minimize(loss, np.zeros(2), method="Nelder-Mead").x
    return round(float(np.exp(best[0])), 2), round(float(best[1]), 2)


def probability(one: Found, temperature: float, shift: float) -> float:
    """What the package would say; 1 for what the rules find, which is stated whatever the threshold."""
    return 1.0 if one.by_rule else 1 / (1 + math.exp(-(one.log_odds() - shift) / temperature))


def chosen_thresholds(found: Sequence[Found], temperature: float, shift: float) -> tuple[float, float]:
    """From where on a change is stated, and from where on possible, by those texts in which the rules find none."""
    rows = [
        (probability(one, temperature, shift), bool(one.review.changes), one.known) for one in found if not one.by_rule
    ]
    stated = next(
        (
            t
            for t in np.arange(0.3, 0.96, 0.01)
            if np.mean([y for p, y, known in rows if p >= t and known] or [0]) >= PRECISION
        ),
        0.95,
    )
    quiet = [(p, known) for p, y, known in rows if not y]
    possible = next(
        t
        for t in np.arange(0.05, 1.0, 0.01)
        if sum(p >= t and not (p >= stated and known) for p, known in quiet) <= POSSIBLE_OF_NONE * len(quiet)
    )
    return round(float(stated), 2), round(float(min(possible, stated)), 2)


def score(name: str, found: Sequence[Found], settings: Mapping[str, float]) -> dict[str, object]:
    """The figures of one set at the thresholds of the package."""
    p = [probability(one, settings["temperature"], settings["shift"]) for one in found]
    stated = [one.known and odds >= settings["threshold"] for one, odds in zip(found, p, strict=True)]
    possible = [odds >= settings["possible"] and not said for odds, said in zip(p, stated, strict=True)]
    gold = [bool(one.review.changes) for one in found]
    said = [one.changes if yes else () for one, yes in zip(found, stated, strict=True)]
    return {
        "set": name,
        **yes_measures(np.array(gold, dtype=np.int64), np.array(stated, dtype=np.int64)),
        **change_measures([one.review for one in found], said),
        "possible_with": sum(may and yes for may, yes in zip(possible, gold, strict=True)),
        "possible_without": sum(may and not yes for may, yes in zip(possible, gold, strict=True)),
    }
