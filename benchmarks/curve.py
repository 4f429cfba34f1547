"""Draws how often the sign is right when only the most certain claims are kept, beside the peers as they come."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from measures import Labels, Scores, by_certainty, sign_right_of_most_certain
from peers import OURS

STYLE = Path(__file__).resolve().parent.parent / "src" / "analysis" / "readers-turn.mplstyle"
SHARES = (0.2, 0.4, 0.5, 0.6, 0.8, 1.0)
CURVE = f"{OURS}, most certain"
# The curve begins where it rests on so many mentions; with fewer it only jumps.
FEWEST = 20

TITLES = {
    "newsmtsc-mt-dev.jsonl": "News, two or more targets",
    "newsmtsc-rw-dev.jsonl": "News, as found",
    "mams-val.xml": "Restaurants",
    "ibm-claims-dev.jsonl": "Debate claims",
    "mooc-dev.jsonl": "Online courses",
}
# Okabe and Ito 2008, told apart by colour-blind readers; each goes with a marker and its name. What is first in the
# name of a method, up to the comma, is what it is called in the picture.
LOOKS = {"TextBlob": ("#E69F00", "^"), "VADER": ("#D55E00", "s"), "asent": ("#009E73", "D"), OURS: ("#0072B2", "o")}


@dataclass(frozen=True)
class Answers:
    """What all methods answer to the marked mentions of one file.

    Attributes:
        data: The name of the file.
        gold: What people said: -1, 0 or 1.
        groups: The number of the sentence of each mention.
        found: The answers by method: -1, 0, 1, or NaN for "does not know".
        negative: How probable ours finds a bad light; NaN where it was not asked.
        positive: Likewise a good one.
    """

    data: str
    gold: Labels
    groups: Labels
    found: Mapping[str, Scores]
    negative: Scores
    positive: Scores


def coverage_rows(given: Answers) -> Iterator[dict[str, Any]]:
    """Rows of coverage.csv: for what share of the mentions that people judge is a sign given, and how often rightly.

    First ours, when it keeps the most certain share alone; then every method as it comes, with its own share.
    """
    for share in SHARES:
        right, n = sign_right_of_most_certain(given.gold, given.negative, given.positive, share)
        yield {"data": given.data, "method": CURVE, "share": share, "n": n, "sign_right": right}
    for method in _drawn(given):
        share, right, n = _point(given, method)
        yield {"data": given.data, "method": method, "share": share, "n": n, "sign_right": right}


def _drawn(given: Answers) -> list[str]:
    """The methods that are points of the picture: each as it comes, and not ours when it is forced to answer."""
    return [method for method in given.found if method in LOOKS or method.split(",")[0] != OURS]


def _point(given: Answers, method: str) -> tuple[float, float, int]:
    """For what share of the judged mentions a method gives a sign, how often it is right, and their number."""
    judged = given.gold != 0
    found, gold = given.found[method][judged], given.gold[judged]
    signed = np.abs(found) == 1
    n = int(signed.sum())
    return (n / len(gold) if len(gold) else math.nan), (float((found == gold)[signed].mean()) if n else math.nan), n


# The picture ---------------------------------------------------------------------------------------------------------


def draw(sets: Sequence[Answers], path: Path) -> None:
    """Draw a panel a file: the curve of ours, and the peers as points, all with their names."""
    with matplotlib.style.context(STYLE):
        columns = min(3, len(sets))
        rows = math.ceil(len(sets) / columns)
        figure = Figure(figsize=(4.2 * columns, 3.6 * rows))
        panels = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
        lowest = min(_draw_panel(given, ax) for given, ax in zip(sets, panels, strict=False))
        panels[0].set_yticks(range(0, 101, 10))  # of all, as they share them
        panels[0].set_ylim(min(40.0, lowest - 5), 107)
        for ax in panels[len(sets) :]:
            ax.set_visible(False)
        for ax in panels[len(sets) - columns : len(sets)]:  # the lowest of each column
            ax.tick_params(labelbottom=True)
        figure.supxlabel("share of the good or bad mentions that are given a sign, the most certain first, in percent")
        figure.supylabel("of these, sign right, in percent")
        # Without the version of what drew it, so that the same figures give the same file.
        figure.savefig(path, dpi=110, metadata={"Software": None})


def _draw_panel(given: Answers, ax: Axes) -> float:
    """Draw one file; returns the lowest percentage in it."""
    right = by_certainty(given.gold, given.negative, given.positive)
    counts = np.arange(1, len(right) + 1)
    first = min(FEWEST, len(right)) - 1 if len(right) else 0
    shares, curve = 100 * counts / max(len(right), 1), 100 * np.cumsum(right) / counts
    ax.plot(shares[first:], curve[first:], color=LOOKS[OURS][0])
    ax.axhline(50, color="#BBBBBB", linewidth=0.8, zorder=0)
    points = [(method.split(",")[0], *_point(given, method)[:2]) for method in _drawn(given)]
    drawn = [(name, 100 * x, 100 * y) for name, x, y in points if not math.isnan(y)]
    for name, x, y in drawn:
        colour, marker = LOOKS[name]
        ax.plot([x], [y], marker, color=colour, markersize=7)
    peers = [point for point in drawn if point[0] != OURS]
    heights = dict(zip([name for name, *_ in peers], spread([y for *_, y in peers], gap=5), strict=True))
    for name, x, y in drawn:
        left = x > 60
        if name == OURS:  # above the curve, however it goes under the words
            y = max([y, *curve[first:][np.abs(shares[first:] - x) < 40].tolist()]) + 3
        ax.annotate(
            "ours, as it claims" if name == OURS else name,
            (x - 3 if left else x + 3, heights.get(name, y)),
            color=LOOKS[name][0],
            fontsize=10,
            ha="right" if left else "left",
            va="center",
        )
    ax.set_title(TITLES.get(given.data, Path(given.data).stem), fontsize=12)
    ax.set_xlim(0, 102)
    lowest: float = min([100.0, *curve[first:].tolist(), *(y for _, _, y in drawn)])
    return lowest


def spread(heights: Sequence[float], gap: float) -> list[float]:
    """The heights moved apart, as little as a few steps will, so that labels do not stand on each other.

    Examples:
        >>> spread([70.0, 71.0, 90.0], gap=5)
        [68.0, 73.0, 90.0]
    """
    moved = list(heights)
    order = sorted(range(len(moved)), key=lambda number: moved[number])
    for _ in range(20):
        for low, high in itertools.pairwise(order):
            if (lacking := gap - (moved[high] - moved[low])) > 0:
                moved[low] -= lacking / 2
                moved[high] += lacking / 2
    return moved


# Its words -----------------------------------------------------------------------------------------------------------


def describe(rows: pd.DataFrame) -> str:
    """The alt text of the picture, by the rows of coverage.csv."""
    panels = [
        f"{TITLES.get(data, Path(data).stem)}: {_told(own.to_dict('records'))}"
        for data, own in rows.groupby("data", sort=False)
    ]
    return (
        f"{len(panels)} panels, one a data set. A curve runs from the left, where only the most certain of our signs "
        "are kept, to the right, where all are; TextBlob, VADER and asent are single points. Signs right, in percent. "
        + " ".join(panels)
    )


def _told(rows: Sequence[Mapping[str, Any]]) -> str:
    ours = {row["share"]: row["sign_right"] for row in rows if row["method"] == CURVE}
    fifth, half, whole = (f"{100 * ours[share]:.0f}" for share in (0.2, 0.5, 1.0))
    peers = [
        f"{row['method'].split(',')[0]} {100 * row['sign_right']:.0f} of {100 * row['share']:.0f}"
        for row in rows
        if row["method"].split(",")[0] != OURS
    ]
    return f"ours {fifth} in the most certain fifth, {half} in the half, {whole} in all; {', '.join(peers)}."


def with_alt(readme: str, alt: str) -> str:
    """The README with this alt text for the picture.

    Examples:
        >>> with_alt("See ![a curve](coverage.png).", "Two curves")
        'See ![Two curves](coverage.png).'
    """
    return re.sub(r"!\[[^\]]*\]\(coverage\.png\)", lambda _: f"![{alt}](coverage.png)", readme)
