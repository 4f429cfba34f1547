"""Draws what a word list hears in a reader's two clauses, beside what the program hears.

`plot_clauses` takes a row of the shifts table and gives back the Axes; `describe_clauses` takes the same row and gives
the alt text.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from analysis.plots import style
from analysis.shifts import SIDES

# Dark enough on white, and the marker tells them too.
_SCORES = {"TextBlob": ("_textblob", "D", "#9A6700"), "program": ("_polarity", "s", "#222222")}
_NOT_HEARD = {"TextBlob": "TextBlob: no word known", "program": "program: nothing found"}
_FAINT = "#767676"


def plot_clauses(shift: Mapping[str, Any], *, ax: Axes | None = None) -> Axes:
    """TextBlob's score of the clause of before and of the clause of after, beside the program's, from −1 to 1.

    Where one of them has no score, that stands in words at 0, beside a hollow mark: unknown is not neutral.

    Args:
        shift: One row of `Study.shifts`, as a mapping, with `before_textblob` and `after_textblob`.
        ax: Where to draw; a figure of its own if None.
    """
    with style():
        ax = plt.subplots(figsize=(4.9, 4.9))[1] if ax is None else ax
        ax.axvline(0, color=_FAINT, linewidth=0.8, zorder=0)
        heights = {"before": (3.0, 2.5), "after": (1.0, 0.5)}
        for side in SIDES:
            quoted = textwrap.shorten(f"{side.upper()}: “{shift[f'{side}_text']}”", 110, placeholder=" …”")
            words = textwrap.fill(quoted, 44)
            ax.text(-1.08, heights[side][0] + 0.3, words, va="bottom", path_effects=[_over()])
            for height, (name, (column, marker, colour)) in zip(heights[side], _SCORES.items(), strict=True):
                score = float(shift[f"{side}{column}"])
                known = not math.isnan(score)
                x = score if known else 0.0
                if known:
                    ax.hlines(height, min(0.0, x), max(0.0, x), color=colour, linewidth=2)
                face = colour if known else "white"
                ax.plot(x, height, marker, color=colour, markerfacecolor=face, markeredgewidth=2, markersize=9)
                # The words stand on the other side of zero, where there is room.
                right = x <= 0
                ax.annotate(
                    f"{name} {_signed(score)}" if known else _NOT_HEARD[name],
                    (0, height),
                    xytext=(10 if right else -10, 0),
                    textcoords="offset points",
                    ha="left" if right else "right",
                    va="center",
                )
        ax.set_ylim(0.1, 4.2)
        ax.set_xlim(-1.1, 1.1)
        ax.set_yticks([])
        ax.set_xticks([-1, 0, 1], ["−1\nbad", "0", "+1\ngood"])
        ax.spines["left"].set_visible(False)
        ax.set_title(textwrap.fill(_result(shift), 42))
    return ax


def describe_clauses(shift: Mapping[str, Any]) -> str:
    """Alt text of `plot_clauses`.

    Examples:
        >>> shift = {"before_text": "it was bad", "before_textblob": -0.7, "before_polarity": -0.6,
        ...     "after_text": "I am pessimistic", "after_textblob": float("nan"), "after_polarity": -0.7}
        >>> describe_clauses(shift)
        'TextBlob hears what the reader thought first, and nothing of what they think now. Scores from −1 (bad) to +1 \
(good). Before, “it was bad”: TextBlob −0.70, program −0.60. After, “I am pessimistic”: TextBlob: no word known, \
program −0.70.'
    """
    sides = []
    for side in SIDES:
        told = []
        for name, (column, _, _) in _SCORES.items():
            score = float(shift[f"{side}{column}"])
            told.append(_NOT_HEARD[name] if math.isnan(score) else f"{name} {_signed(score)}")
        sides.append(f"{side.capitalize()}, “{shift[f'{side}_text']}”: {', '.join(told)}.")
    return f"{_result(shift)}. Scores from −1 (bad) to +1 (good). {' '.join(sides)}"


def _result(shift: Mapping[str, Any]) -> str:
    """What the chart shows, in words; its title."""
    before, after = (not math.isnan(float(shift[f"{side}_textblob"])) for side in SIDES)
    if before and after:
        return "TextBlob hears both what the reader thought first and what they think now"
    if before:
        return "TextBlob hears what the reader thought first, and nothing of what they think now"
    if after:
        return "TextBlob hears nothing of what the reader thought first, only what they think now"
    return "TextBlob hears neither what the reader thought first nor what they think now"


def _over() -> withStroke:
    """A white edge, for words that a line would run through."""
    return withStroke(linewidth=3, foreground="white")


def _signed(score: float) -> str:
    return f"{score:+.2f}".replace("-", "−")
