"""Draws the figure of the study: the author's sentences as a tug-of-war between a reader's two beliefs.

`plot_tug` takes a table of `analysis.tug.tug_table` and gives back the Axes; `describe_tug` takes the same table and
gives the alt text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from analysis.plots import style
from analysis.shifts import SIDES
from analysis.tug import counts_of, result, turn_of, view

# Green and near-black of Okabe and Ito 2008; neither stands for anything else here, and width and marker tell them too.
COUNTS = {"marks": "#009E73", "program": "#222222"}
_MARKERS = {"marks": "o", "program": "s"}
_WIDTHS = {"marks": 5.5, "program": 1.6}
_FAINT = "#767676"
_NAMES = {"marks": "reference marks", "program": "the program"}
# Numbers beside more hollow marks than this would cover each other.
_MOST_NUMBERS = 15
_LINE = 44


def plot_tug(
    table: pd.DataFrame, shift: Mapping[str, Any], *, labels: Mapping[str, str], ax: Axes | None = None
) -> Axes:
    """One line over the author's sentences: up for the belief after, down for the belief before.

    The thick line counts by the reference marks, the thin one by the program. Marks are hollow where one of them counts
    a sentence that the other does not, or not for the same belief. The turn is circled.

    Args:
        table: A table of `analysis.tug.tug_table`. Without reference marks there is only the program's line.
        shift: The row of `Study.shifts` that it is about, as a mapping.
        labels: What to call each target.
        ax: Where to draw; a figure of its own if None.
    """
    with style():
        ax = plt.subplots(figsize=(4.9, 8.0))[1] if ax is None else ax
        names = counts_of(table)
        leads = pd.concat([table[f"{name}_lead"] for name in names]) if len(table) else pd.Series([0.0])
        bottom, top = min(leads.min(), 0) - 1.3, max(leads.max(), 0) + 1.3
        reach = top - bottom
        ax.axhline(0, color=_FAINT, linewidth=0.8, zorder=0)
        for name in names:
            _draw_line(ax, table, name)
        for x, y in _turns(table).items():
            ax.plot(x, y, "o", markersize=21, markerfacecolor="none", color="#222222", markeredgewidth=2, zorder=5)
        for name, height in _apart({name: float(_end(table, name)) for name in names}, 0.13 * reach).items():
            place = (len(table) + 0.7, height)
            ax.annotate(
                textwrap.fill(_NAMES[name], 10),
                place,
                color=COUNTS[name],
                va="center",
                weight="bold" if name == "marks" else "normal",
                annotation_clip=False,
            )
        for arrow, side, height, edge in (("▲", "after", top, "top"), ("▼", "before", bottom, "bottom")):
            words = textwrap.shorten(f"{arrow} {view(shift, side, labels)}", 36, placeholder=" …")
            ax.text(0.2, height, words, va=edge, path_effects=[withStroke(linewidth=3, foreground="white")])
        boxes = {side: _belief_box(shift, side) for side in SIDES}
        for side, left in (("before", -0.14), ("after", 0.62)):
            ax.text(left, 1.03, boxes[side], transform=ax.transAxes, va="bottom", clip_on=False)
        ax.set_xlim(-0.3, max(len(table), 2) + 0.5)
        ax.set_ylim(bottom, top)
        ticks = _whole_steps(bottom, top)
        ax.set_yticks(ticks, [f"{abs(tick)}" for tick in ticks])
        places = _places(len(table))
        ax.set_xticks(places, [str(table["sentence"].iloc[place - 1]) for place in places])
        ax.set_xlabel("\n".join(_notes(table)), x=-0.14, ha="left")
        tallest = max(box.count("\n") + 1 for box in boxes.values())
        title: str = textwrap.fill(result(table), 42)
        ax.set_title(title, pad=17 + 15 * tallest, x=-0.14)
    return ax


def describe_tug(table: pd.DataFrame, shift: Mapping[str, Any], *, labels: Mapping[str, str]) -> str:
    """Alt text of `plot_tug`."""
    parts = [
        f"{result(table)}. A line over the author's {len(table)} sentences in reading order goes up by one for each "
        f"sentence {view(shift, 'after', labels)}, and down by one for each {view(shift, 'before', labels)}."
    ]
    for name in counts_of(table):
        before, after = (int(table[f"{name}_{side}"].sum()) for side in SIDES)
        leads = [0, *(int(lead) for lead in table[f"{name}_lead"])]
        who = "Reference marks (made by language models, checked by no human)" if name == "marks" else "The program"
        parts.append(
            f"{who}: {after} up and {before} down, so that it ends at {_signed(leads[-1])}; "
            f"lowest {_signed(min(leads))}, highest {_signed(max(leads))}."
        )
    parts += [f"Circled: {words}" for words in _turning_sentences(table)]
    differ = table[table["differ"]]
    if len(differ):
        told = "; ".join(
            f"{row['sentence']}, {row['marks_say']} by the marks, {row['program_says']} by the program"
            for row in differ.to_dict("records")
        )
        parts.append(f"Hollow where the two differ: sentence {told}.")
    parts += [f"The reader {side}: “{shift[f'{side}_text']}”." for side in SIDES]
    return " ".join(parts)


def _draw_line(ax: Axes, table: pd.DataFrame, name: str) -> None:
    """The line of one count, with a mark at each sentence that it counts, hollow where the other does not."""
    colour, places = COUNTS[name], range(1, len(table) + 1)
    over = 3 if name == "program" else 2
    ax.plot([0, *places], [0, *table[f"{name}_lead"]], color=colour, linewidth=_WIDTHS[name], zorder=over)
    counted = (table[f"{name}_before"] + table[f"{name}_after"]) > 0
    for hollow in (False, True):
        rows = table[counted & (table["differ"] == hollow)]
        x = [places[row] for row in rows.index]
        ax.plot(
            x,
            rows[f"{name}_lead"],
            _MARKERS[name],
            color=colour,
            markerfacecolor="white" if hollow else colour,
            markeredgewidth=2,
            markersize=(11 if name == "marks" else 7) if hollow else (7 if name == "marks" else 4),
            zorder=over + 0.5,
        )
        if hollow and len(rows) <= _MOST_NUMBERS:
            for place, row in zip(x, rows.to_dict("records"), strict=True):
                # The thick line's numbers stand above it and the thin line's below, each where the line leaves room.
                above = name == "marks"
                left = (row[f"{name}_after"] > row[f"{name}_before"]) == above
                ax.annotate(
                    str(row["sentence"]),
                    (place, row[f"{name}_lead"]),
                    xytext=(-7 if left else 7, 4 if above else -4),
                    textcoords="offset points",
                    ha="right" if left else "left",
                    va="bottom" if above else "top",
                    path_effects=[withStroke(linewidth=3, foreground="white")],
                    zorder=6,
                )


def _turns(table: pd.DataFrame) -> dict[int, float]:
    """The place and the height of each circle."""
    found: dict[int, float] = {}
    for name in counts_of(table):
        for row in table.index[table[f"{name}_turn"].astype(bool)]:
            found[int(row) + 1] = float(table.loc[row, f"{name}_lead"])
    return found


def _turning_sentences(table: pd.DataFrame) -> list[str]:
    numbers = dict.fromkeys(number for name in counts_of(table) if (number := turn_of(table, name)) is not None)
    texts = table.set_index("sentence")["text"]
    return [f"sentence {number}, “{texts[number]}”" for number in numbers]


def _notes(table: pd.DataFrame) -> list[str]:
    """What stands under the figure: the axis, the sentence of the turn, and what the lines and marks are."""
    notes = ["number of the author's sentence", ""]
    for words in _turning_sentences(table):
        shortened = textwrap.shorten(f"Circled: {words}", 150, placeholder=" …”")
        notes += textwrap.wrap(shortened, _LINE)
    if "marks" in counts_of(table):
        notes += ["", "thick: reference marks, by language models", "(no human marked the text); thin: the program"]
        notes += ["hollow: the two count this sentence differently"] if table["differ"].any() else []
    return notes


def _belief_box(shift: Mapping[str, Any], side: str) -> str:
    words = textwrap.shorten(f"“{shift[f'{side}_text']}”", 110, placeholder=" …”")
    return f"{side.upper()}, the reader:\n{textwrap.fill(words, 21)}"


def _signed(lead: int) -> str:
    return f"{lead:+d}" if lead else "0"


def _end(table: pd.DataFrame, name: str) -> int:
    return int(table[f"{name}_lead"].iloc[-1]) if len(table) else 0


def _apart(heights: Mapping[str, float], least: float) -> dict[str, float]:
    """The same heights, moved apart so that labels do not overlap."""
    if len(heights) < 2:
        return dict(heights)
    (low, bottom), (high, top) = sorted(heights.items(), key=lambda item: item[1])
    gap = max(0.0, least - (top - bottom)) / 2
    return {low: bottom - gap, high: top + gap}


def _whole_steps(bottom: float, top: float) -> list[int]:
    """Whole numbers from bottom to top with 0 among them, at most nine."""
    step = max(1, -(-int(top - bottom) // 8))
    return [tick for tick in range(int(bottom), int(top) + 1) if tick % step == 0]


def _places(n: int) -> list[int]:
    """The sentences whose numbers stand under the axis: the first, the last, and some between that leave room."""
    step = max(5, -(-n // 5))
    inner = [place for place in range(step, n, step) if n - place > step / 2]
    return sorted({1, *inner, n}) if n else []
