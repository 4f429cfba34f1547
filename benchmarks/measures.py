"""How right a method is: macro-F1, signs, certainty and calibration, stated changes. Arrays in, numbers out.

A light is -1 (bad), 0 (neutral) or 1 (good); NaN is "does not know", and is no class: it is wrong wherever people gave
one. Nothing here needs anything but numpy.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from data import Change, Review

POLARITIES = (-1, 0, 1)
YES_NO = (0, 1)

RESAMPLES = 1000
SEED = 20261122

TOKEN = re.compile(r"\w+|[^\w\s]")
# How well a found span has to fit one that was marked by hand, as the F1 of their tokens.
FITS = 0.5

Labels = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


# Classes -------------------------------------------------------------------------------------------------------------


def labels(scores: Scores, bound: float, unknown: float = 0.0) -> Scores:
    """-1, 0 or 1: a score counts as a sign where it is not zero and reaches the bound; NaN counts as `unknown`.

    Examples:
        >>> labels(np.array([0.05, 0.04, -1.0, 0.0, np.nan]), 0.05).tolist()
        [1.0, 0.0, -1.0, 0.0, 0.0]
        >>> labels(np.array([0.2, np.nan]), 0.0, unknown=np.nan).tolist()
        [1.0, nan]
    """
    signs = np.where(np.abs(scores) >= bound, np.sign(scores), 0.0)
    return np.where(np.isnan(scores), unknown, signs)


def classes_of(gold: Labels) -> tuple[int, ...]:
    """The lights that a set tells apart: two where people called nothing neutral, else three.

    Examples:
        >>> classes_of(np.array([1, -1, 1])), classes_of(np.array([1, 0]))
        ((-1, 1), (-1, 0, 1))
    """
    return POLARITIES if (gold == 0).any() else (-1, 1)


def confusions(gold: Labels, found: Labels | Scores, groups: Labels, classes: Sequence[int]) -> npt.NDArray[np.int64]:
    """A confusion matrix a group: rows are the gold classes, columns the found ones and, last, any other answer."""
    columns = np.full(len(found), len(classes))
    for column, one in enumerate(classes):
        columns[found == one] = column
    counts = np.zeros((int(groups.max()) + 1, len(classes), len(classes) + 1), dtype=np.int64)
    np.add.at(counts, (groups, np.searchsorted(classes, gold), columns), 1)
    return counts


def mean_f1(confusion: npt.NDArray[np.int64]) -> Scores:
    """The mean F1 of all classes, over any number of confusion matrices at once.

    A class that is neither in the gold nor found counts as 0, so that the number of classes never changes.
    """
    right = np.diagonal(confusion, axis1=-2, axis2=-1)
    both = confusion.sum(axis=-1) + confusion.sum(axis=-2)[..., : confusion.shape[-2]]
    f1: Scores = np.divide(2 * right, both, out=np.zeros(both.shape), where=both > 0).mean(axis=-1)
    return f1


def f1_of_yes(confusion: npt.NDArray[np.int64]) -> Scores:
    """The F1 of "yes" alone, over any number of confusion matrices of no and yes at once; 0 where there is none."""
    right = confusion[..., 1, 1]
    both = confusion[..., 1, :].sum(axis=-1) + confusion[..., :, 1].sum(axis=-1)
    f1: Scores = np.divide(2 * right, both, out=np.zeros(both.shape), where=both > 0)
    return f1


def macro_f1(gold: Labels, found: Labels | Scores, classes: Sequence[int] = POLARITIES) -> float:
    """The mean F1 of the classes; an answer that is none of them, or NaN, is wrong.

    Args:
        gold: The class of each mention.
        found: The answer to each mention.
        classes: All classes, in rising order.

    Examples:
        Bad: 1 right of 1 found and 2 there, 2/3. Neutral: 1 of 1 and 1, 1. Good: 1 of 1 and 1, 1.

        >>> round(macro_f1(np.array([-1, -1, 0, 1]), np.array([-1, np.nan, 0, 1])), 4)
        0.8889
    """
    return float(mean_f1(confusions(gold, found, np.zeros(len(gold), dtype=np.int64), classes)[0]))


def interval(
    by_group: npt.NDArray[np.int64], measure: Callable[[npt.NDArray[np.int64]], Scores] = mean_f1
) -> tuple[float, float]:
    """A 95 percent interval for the macro-F1 or another measure, by drawing whole groups with replacement.

    What is said of two mentions in one sentence is not independent, so the sentences are drawn and not the mentions.
    """
    groups = len(by_group)
    draws = np.random.default_rng(SEED).multinomial(groups, np.full(groups, 1 / groups), size=RESAMPLES)
    drawn = (draws @ by_group.reshape(groups, -1)).reshape(RESAMPLES, *by_group.shape[1:])
    low, high = np.quantile(measure(drawn), [0.025, 0.975])
    return float(low), float(high)


def measures(gold: Labels, found: Labels | Scores, groups: Labels, classes: Sequence[int]) -> dict[str, float]:
    """Accuracy, macro-F1 and its interval; mentions of one group (a sentence) are drawn together."""
    by_group = confusions(gold, found, groups, classes)
    low, high = interval(by_group)
    return {
        "n": len(gold),
        "accuracy": float((gold == found).mean()),
        "macro_f1": float(mean_f1(by_group.sum(axis=0))),
        "macro_f1_low": low,
        "macro_f1_high": high,
    }


# Signs and certainty -------------------------------------------------------------------------------------------------


def sign_measures(gold: Labels, found: Labels | Scores) -> dict[str, float]:
    """For what share of the mentions a method gives a sign, and how often it is right where people gave one too.

    Examples:
        >>> sign_measures(np.array([1, 0, -1, 1]), np.array([1.0, 1.0, 1.0, np.nan]))
        {'coverage': 0.75, 'sign_right': 0.5, 'signs': 2}
    """
    signed = np.abs(found) == 1
    in_both = signed & (gold != 0)
    signs = int(in_both.sum())
    return {
        "coverage": float(signed.mean()),
        "sign_right": float((gold == found)[in_both].mean()) if signs else math.nan,
        "signs": signs,
    }


def by_certainty(gold: Labels, negative: Scores, positive: Scores) -> npt.NDArray[np.bool_]:
    """Whether the sign is right, of what people called good or bad, the most certain first.

    Certainty is the larger of the two probabilities, and the sign that of the larger. Where both are NaN nothing is
    known: such mentions come last, and are wrong. Of two that are equally certain, the first comes first.

    Args:
        gold: The light of each mention; what is neutral is left out.
        negative: The probability of a bad light.
        positive: The probability of a good one.

    Examples:
        >>> by_certainty(np.array([1, 0, -1, 1]), np.array([0.1, 0, 0.9, 0.5]), np.array([0.7, 1, 0, 0.2])).tolist()
        [True, True, False]
    """
    judged = gold != 0
    certainty = np.nan_to_num(np.maximum(negative, positive)[judged], nan=-1.0)
    right = (np.sign(positive - negative) == gold)[judged]
    return np.asarray(right[np.argsort(-certainty, kind="stable")], dtype=np.bool_)


def sign_right_of_most_certain(
    gold: Labels, negative: Scores, positive: Scores, share: float = 0.5
) -> tuple[float, int]:
    """How often the sign is right in the most certain share of what people called good or bad.

    Args:
        gold: The light of each mention; what is neutral is left out.
        negative: The probability of a bad light.
        positive: The probability of a good one.
        share: What share is looked at, above 0 and up to 1; its number is rounded up.

    Returns:
        The share of right signs among them (NaN if there is nothing), and their number.

    Examples:
        >>> gold = np.array([1, 0, -1, 1, 1])
        >>> negative, positive = np.array([0.1, 0.0, 0.9, 0.8, 0.5]), np.array([0.7, 1.0, 0.0, 0.1, 0.2])
        >>> sign_right_of_most_certain(gold, negative, positive)
        (0.5, 2)
    """
    right = by_certainty(gold, negative, positive)
    # 0.2 of 15 is 3, and not the 4 that floating point would make of it.
    n = math.ceil(round(share * len(right), 6))
    return (float(right[:n].mean()) if n else math.nan), n


def expected_calibration_error(probabilities: Scores, gold: Labels, bins: int = 15) -> float:
    """How far the probability of the most probable class is from how often it is right (Guo et al. 2017).

    The mentions are sorted by that probability into bins of equal width; the difference between mean probability and
    share of right answers in each bin is weighed by the number of mentions in it.

    Args:
        probabilities: A row a mention, a column for each of -1, 0 and 1. Rows with NaN are left out.
        gold: The light of each mention.
        bins: Their number.

    Examples:
        Two answers are given with 0.8, one of them right, and two with 1, both right: (2 * 0.3 + 2 * 0) / 4.

        >>> probabilities = np.array([[0.8, 0.1, 0.1], [0.1, 0.1, 0.8], [0, 1, 0], [0, 0, 1]])
        >>> round(expected_calibration_error(probabilities, np.array([-1, 0, 0, 1])), 4)
        0.15
    """
    known = ~np.isnan(probabilities).any(axis=1)
    probabilities, gold = probabilities[known], gold[known]
    if not len(gold):
        return math.nan
    confidence = probabilities.max(axis=1)
    right = np.array(POLARITIES)[probabilities.argmax(axis=1)] == gold
    # Bin m takes in what is above (m - 1) / bins and up to m / bins.
    numbers = np.clip(np.digitize(confidence, np.linspace(0, 1, bins + 1), right=True) - 1, 0, bins - 1)
    surplus = np.bincount(numbers, weights=confidence - right, minlength=bins)
    return float(np.abs(surplus).sum() / len(gold))


# Changes of belief ---------------------------------------------------------------------------------------------------


def yes_measures(gold: Labels, found: Labels) -> dict[str, float]:
    """Precision, recall and F1 of "yes", its interval by drawing texts, and the false alarms.

    Precision is NaN for a method that never says yes, and recall where there is nothing to find.
    """
    by_text = confusions(gold, found, np.arange(len(gold)), YES_NO)
    (quiet, alarms, _), (missed, right, _) = by_text.sum(axis=0).tolist()
    low, high = interval(by_text, f1_of_yes)
    return {
        "n": len(gold),
        "precision": right / (right + alarms) if right + alarms else math.nan,
        "recall": right / (right + missed) if right + missed else math.nan,
        "f1": float(f1_of_yes(by_text.sum(axis=0))),
        "f1_low": low,
        "f1_high": high,
        "false_alarms": alarms,
        "without_shift": quiet + alarms,
    }


def span_f1(text: str, one: tuple[int, int], other: tuple[int, int]) -> float:
    """The F1 of the tokens that two spans of a text take in, if only in part.

    Examples:
        >>> span_f1("I thought it was dull.", (0, 21), (10, 22))
        0.6666666666666666
    """
    tokens = [match.span() for match in TOKEN.finditer(text)]
    first, second = ({token for token in tokens if token[0] < end and token[1] > start} for start, end in (one, other))
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 0.0


def change_measures(reviews: Sequence[Review], found: Sequence[Sequence[Change]]) -> dict[str, float]:
    """How many of the marked changes are found with both their spans, and how many with their type.

    The type is that of the found change that fits best, by the sum of both F1; one that shares no token fits nothing.
    """
    spans, types = list[bool](), list[bool]()
    for review, changes in zip(reviews, found, strict=True):
        for gold in review.changes:
            fits = [
                (span_f1(review.text, gold.before, change.before), span_f1(review.text, gold.after, change.after))
                for change in changes
            ]
            spans.append(any(min(fit) >= FITS for fit in fits))
            # The first of those that fit equally well.
            best = max(range(len(fits)), key=lambda number: sum(fits[number]), default=None)
            types.append(best is not None and sum(fits[best]) > 0 and changes[best].type == gold.type)
    return {
        "shifts": len(spans),
        "spans": sum(spans) / len(spans) if spans else math.nan,
        "types": sum(types) / len(types) if types else math.nan,
        "types_of_found": sum(map(min, spans, types)) / sum(spans) if any(spans) else math.nan,
    }
