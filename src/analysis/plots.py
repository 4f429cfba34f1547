"""Draws each figure from its table, and says in words what it shows.

`plot_*` take a table and give back the Axes; `describe_*` take the same table and give the alt text, so that the two
cannot drift apart. `show` puts both into a notebook.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.finding import attitude, change
from analysis.shifts import SIDES

# Okabe and Ito 2008, "Color Universal Design": told apart by colour-blind readers. Each goes with a marker or a place.
COLOURS = {"reader": "#0072B2", "author": "#D55E00", "apparatus": "#767676"}
MARKERS = {"reader": "o", "author": "s", "apparatus": "^"}
_BAD, _GOOD, _INK, _FAINT = "#D55E00", "#0072B2", "#222222", "#767676"

HOLDERS = ("author", "reader", "other")

_VOICE_LABELS = {"reader": "reader", "author": "author", "apparatus": "title or source"}


@contextmanager
def style() -> Iterator[None]:
    """The look of the project's figures, for whatever is drawn within."""
    with as_file(files("analysis") / "readers-turn.mplstyle") as path, plt.style.context(path):
        yield


def plot_voices(
    voices: pd.DataFrame, mentions: pd.DataFrame, *, labels: Mapping[str, str], ax: Axes | None = None
) -> Axes:
    """The text from left to right: who has the word, and where each target is spoken of.

    Args:
        voices: Paragraphs of one source (`Study.voices`).
        mentions: Mentions in it (`Study.mentions`).
        labels: What to call each target, in the order of the rows.
        ax: Where to draw; a figure of its own if None.
    """
    with style():
        ax = _axes(ax, (4.9, 4.6))
        length = max(voices["end"].max(), 1)
        present = [voice for voice in _VOICE_LABELS if voice in set(voices["voice"])]
        rows = [*present, *labels]
        for paragraph in voices.itertuples():
            y = rows.index(paragraph.voice)
            width = (paragraph.end - paragraph.start) / length
            ax.barh(y, width, left=paragraph.start / length, height=0.7, color=COLOURS[paragraph.voice])
        for target in labels:
            own = mentions[mentions["target"] == target]
            ax.plot(own["start"] / length, [rows.index(target)] * len(own), "|", markersize=15, color=_INK)
        ax.axhline(len(present) - 0.5, color=_FAINT, linewidth=0.8)
        named = [*(_VOICE_LABELS[voice] for voice in present), *(textwrap.fill(label, 16) for label in labels.values())]
        ax.set_yticks(range(len(rows)), named)
        ax.invert_yaxis()
        ax.set_xlim(0, 1)
        ax.set_xticks([0, 0.5, 1], ["start", "half-way", "end"])
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.set_title("Who has the word, and what it is about")
    return ax


def describe_voices(voices: pd.DataFrame, mentions: pd.DataFrame, *, labels: Mapping[str, str]) -> str:
    """Alt text of `plot_voices`."""
    spoken = (voices["end"] - voices["start"]).groupby(voices["voice"]).sum()
    whole = spoken.sum()
    order = _runs(list(voices["voice"]))
    shares = ", ".join(
        f"{_VOICE_LABELS[voice]} {spoken[voice] / whole:.0%}" for voice in _VOICE_LABELS if voice in spoken.index
    )
    counts = ", ".join(f"{label} {int((mentions['target'] == target).sum())}" for target, label in labels.items())
    return (
        f"Strip of the text from start to end by voice. Shares of the characters: {shares}. The word passes in this "
        f"order: {', '.join(_VOICE_LABELS[voice] for voice in order)}. Mentions of each target: {counts}."
    )


def plot_polarity(sentences: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """TextBlob's polarity of each sentence, in reading order; hollow where it knows no word.

    Args:
        sentences: Rows of `Study.sentences` of one voice.
        ax: Where to draw; a figure of its own if None.
    """
    with style():
        ax = _axes(ax, (4.9, 2.6))
        known = sentences[sentences["polarity"].notna()]
        unknown = sentences[sentences["polarity"].isna()]
        for voice, own in known.groupby("voice"):
            ax.vlines(own["position"], 0, own["polarity"], color=COLOURS[str(voice)], linewidth=1.4)
            ax.plot(own["position"], own["polarity"], MARKERS[str(voice)], color=COLOURS[str(voice)], markersize=7)
        ax.plot(unknown["position"], [0.0] * len(unknown), "o", markersize=8, markerfacecolor="white", color=_FAINT)
        ax.axhline(0, color=_FAINT, linewidth=0.8, zorder=0)
        ax.set_ylim(-1.08, 1.08)
        ax.set_xlim(-0.02, 1.02)
        ax.set_yticks([-1, 0, 1], ["−1", "0", "+1"])
        ax.set_xticks([0, 0.5, 1], ["start", "half-way", "end"])
        voices = " and ".join(sorted(set(sentences["voice"])))
        ax.set_title(f"{voices.capitalize()}: {len(unknown)} of {len(sentences)} sentences not heard (hollow)")
    return ax


def describe_polarity(sentences: pd.DataFrame) -> str:
    """Alt text of `plot_polarity`."""
    known = sentences[sentences["polarity"].notna()]
    voices = " and ".join(sorted(set(sentences["voice"])))
    text = (
        f"TextBlob's polarity of the {voices}'s {len(sentences)} sentences in reading order. "
        f"{len(sentences) - len(known)} hold no word that it knows and are drawn hollow at zero."
    )
    if known.empty:
        return text
    low, high = known.loc[known["polarity"].idxmin()], known.loc[known["polarity"].idxmax()]
    return (
        f"{text} Of the {len(known)} others {int((known['polarity'] < 0).sum())} are below zero and "
        f"{int((known['polarity'] > 0).sum())} above; the mean is {known['polarity'].mean():+.2f} (n = {len(known)}). "
        f"Lowest {low['polarity']:+.2f}: “{low['text']}” Highest {high['polarity']:+.2f}: “{high['text']}”"
    )


def plot_claims(claims: pd.DataFrame, *, labels: Mapping[str, str], ax: Axes | None = None) -> Axes:
    """Who says what about whom: how many claims each holder makes about each target, for good and for bad.

    Args:
        claims: `Study.claims`.
        labels: What to call each target, in the order of the rows.
        ax: Where to draw; a figure of its own if None.
    """
    with style():
        ax = _axes(ax, (4.9, 1.1 + 0.6 * max(len(labels), 1)))
        for row, target in enumerate(labels):
            for column, holder in enumerate(HOLDERS):
                own = claims[(claims["target"] == target) & (claims["holder"] == holder)]
                for sign, mark, colour, shift in ((-1, "v", _BAD, -0.2), (1, "^", _GOOD, 0.2)):
                    n = int((own["polarity"] * sign > 0).sum())
                    if n:
                        ax.plot(column + shift, row, mark, markersize=13, color=colour)
                        ax.annotate(
                            str(n), (column + shift, row), xytext=(0, 9), textcoords="offset points", ha="center"
                        )
        ax.set_yticks(range(len(labels)), [textwrap.fill(label, 16) for label in labels.values()])
        ax.set_xticks(range(len(HOLDERS)), [f"{holder}s" if holder == "other" else holder for holder in HOLDERS])
        ax.set_ylim(max(len(labels), 1) - 0.5, -0.7)
        ax.set_xlim(-0.5, len(HOLDERS) - 0.5)
        ax.xaxis.tick_top()
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)
        ax.set_title("Claims: ▼ for bad, ▲ for good")
    return ax


def describe_claims(claims: pd.DataFrame, *, labels: Mapping[str, str]) -> str:
    """Alt text of `plot_claims`."""
    parts = []
    for target, label in labels.items():
        for holder in HOLDERS:
            own = claims.loc[(claims["target"] == target) & (claims["holder"] == holder), "polarity"]
            bad, good = int((own < 0).sum()), int((own > 0).sum())
            if bad or good:
                parts.append(f"{holder} about {label} {bad} for bad and {good} for good")
    return f"Table of the claims by holder and target. {'; '.join(parts) or 'None'}."


def plot_move(shift: Mapping[str, Any], *, labels: Mapping[str, str], ax: Axes | None = None) -> Axes:
    """The stated move: what the reader held before, what after, about which target, with the words of each.

    Args:
        shift: One row of `Study.shifts`, as a mapping.
        labels: What to call each target.
        ax: Where to draw; a figure of its own if None.
    """
    with style():
        ax = _axes(ax, (4.9, 4.8))
        heights = [0.0 if math.isnan(shift[f"{side}_polarity"]) else shift[f"{side}_polarity"] for side in SIDES]
        ax.axhline(0, color=_FAINT, linewidth=0.8, zorder=0)
        ax.annotate(
            "",
            xy=(1, heights[1]),
            xytext=(0, heights[0]),
            arrowprops={"arrowstyle": "-|>", "color": _FAINT, "shrinkA": 13, "shrinkB": 13, "linewidth": 1.8},
        )
        for x, (side, height) in enumerate(zip(SIDES, heights, strict=True)):
            mark, colour = ("v", _BAD) if height < 0 else ("^", _GOOD) if height > 0 else ("o", _FAINT)
            ax.plot(x, height, mark, markersize=16, color=colour, markerfacecolor=colour if x else "white", zorder=3)
            below = height <= 0
            label = labels.get(shift[f"{side}_target"], shift[f"{side}_target"])
            said = f"{attitude(shift[f'{side}_kind'], height)} {label}" if label else "no target found"
            ax.annotate(
                textwrap.fill(said, 18),
                (x, height),
                xytext=(0, -14 if below else 14),
                textcoords="offset points",
                ha="center",
                va="top" if below else "bottom",
                weight="bold",
            )
            # The words stand on the other side of zero, where there is room.
            quoted = textwrap.fill(textwrap.shorten(f"“{shift[f'{side}_text']}”", 150, placeholder=" …”"), 24)
            ax.text(x, 0.08 if below else -0.08, quoted, ha="center", va="bottom" if below else "top", style="italic")
        ax.set_xlim(-0.55, 1.55)
        ax.set_ylim(-1.6, 1.35)
        ax.set_xticks([0, 1], ["before", "after"])
        ax.set_yticks([-1, 0, 1], ["−1\nbad", "0", "good\n+1"])
        ax.tick_params(axis="x", length=0)
        ax.set_title(f"The move that the reader states: {shift['type']}")
    return ax


def describe_move(shift: Mapping[str, Any], *, labels: Mapping[str, str]) -> str:
    """Alt text of `plot_move`."""
    sides = []
    for side in SIDES:
        label = labels.get(shift[f"{side}_target"], shift[f"{side}_target"])
        said = f"{attitude(shift[f'{side}_kind'], shift[f'{side}_polarity'])} {label}" if label else "no attitude found"
        sides.append(f"{side.capitalize()}: {said}, in the words “{shift[f'{side}_text']}”.")
    return (
        f"An arrow from what the reader held before to what after. {' '.join(sides)} The change is a {change(shift)}."
    )


def plot_arc(
    claims: pd.DataFrame, shift: Mapping[str, Any], length: int, *, labels: Mapping[str, str], ax: Axes | None = None
) -> Axes:
    """The reader's own arc: all that their text says of both targets, from its first word to its last.

    Args:
        claims: The rows of `Study.claims` of the source that the reader's words are in.
        shift: One row of `Study.shifts`, as a mapping.
        length: Characters of that source.
        labels: What to call each target.
        ax: Where to draw; a figure of its own if None.
    """
    with style():
        ax = _axes(ax, (4.9, 5.2))
        own = _of_both(claims, shift)
        ax.axhline(0, color=_FAINT, linewidth=0.8, zorder=0)
        for target, mark in zip(
            dict.fromkeys([shift["before_target"], shift["after_target"]]), ("o", "s"), strict=False
        ):
            for quoted, fill in ((False, None), (True, "white")):
                rows = own[(own["target"] == target) & ((own["reporter"] == "author") == quoted)]
                colour = _BAD if target == shift["before_target"] else _GOOD
                face = fill or colour
                ax.plot(
                    rows["start"] / length, rows["polarity"], mark, color=colour, markerfacecolor=face, markersize=8
                )
        levels: dict[bool, list[float]] = {True: [], False: []}
        for row in _telling(own):
            up, x = row["polarity"] > 0, row["start"] / length
            # One that would stand on another goes a line further out.
            level = sum(abs(x - other) < 0.24 for other in levels[up])
            levels[up].append(x)
            ax.annotate(
                f"“{row['cue']}”",
                (x, row["polarity"]),
                xytext=(x, (1.25 + 0.24 * level) * (1 if up else -1)),
                ha="left" if x < 0.15 else "right" if x > 0.85 else "center",
                va="center",
                arrowprops={"arrowstyle": "-", "color": _FAINT, "linewidth": 0.7, "shrinkA": 7, "shrinkB": 4},
            )
        ax.axvline(shift["after_start"] / length, color=_INK, linestyle=":", linewidth=1.4)
        ax.set_xlim(-0.04, 1.04)
        reach = {up: 1.4 + 0.24 * max(len(at) - 1, 0) for up, at in levels.items()}
        ax.set_ylim(-reach[False], reach[True])
        ax.set_yticks([-1, 0, 1], ["bad −1", "0", "good +1"])
        ax.set_xticks([0, 0.5, 1], ["start", "half-way", "end"])
        marks = [f"● {labels.get(shift['before_target'], shift['before_target'])}"]
        if shift["after_target"] != shift["before_target"]:
            marks.append(f"■ {labels.get(shift['after_target'], shift['after_target'])}")
        notes = ["hollow: in the author's words", "dotted: here the reader tells the belief after"]
        ax.set_xlabel("\n".join([*marks, *notes]))
        ax.set_title("What the text says of both, in order")
    return ax


def describe_arc(claims: pd.DataFrame, shift: Mapping[str, Any], length: int, *, labels: Mapping[str, str]) -> str:
    """Alt text of `plot_arc`."""
    own = _of_both(claims, shift)
    parts = [f"What the text says of both targets from start to end: {len(own)} claims."]
    for target in dict.fromkeys([shift["before_target"], shift["after_target"]]):
        rows = own[own["target"] == target]
        told = "; ".join(
            f"{row['start'] / length:.0%} “{row['cue']}” {row['polarity']:+.2f} ({row['holder']})"
            for row in rows.to_dict("records")
        )
        parts.append(f"{labels.get(target, target) or 'no target'}: {told or 'none'}.")
    return " ".join([*parts, f"The belief after is told at {shift['after_start'] / length:.0%} of the text."])


def _of_both(claims: pd.DataFrame, shift: Mapping[str, Any]) -> pd.DataFrame:
    own = claims[claims["target"].isin([shift["before_target"], shift["after_target"]])]
    return own.sort_values("start")


def _telling(claims: pd.DataFrame) -> list[dict[str, Any]]:
    """The claims whose words are worth a label: all that the reader tells, and the strongest of the author's."""
    author = claims[claims["reporter"] == "author"]
    strongest = author.loc[author["polarity"].abs().nlargest(2).index]
    return list(pd.concat([claims[claims["reporter"] != "author"], strongest]).sort_values("start").to_dict("records"))


def plot_variations(variations: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """In how many variations the finding holds: a mark for each, filled where it does.

    Args:
        variations: Columns `kind, name, holds`.
        ax: Where to draw; a figure of its own if None.
    """
    with style():
        kinds = list(dict.fromkeys(variations["kind"]))
        ax = _axes(ax, (4.9, 1.0 + 0.45 * max(len(kinds), 1)))
        for row, kind in enumerate(kinds):
            own = variations[variations["kind"] == kind]
            for column, holds in enumerate(own["holds"]):
                ax.plot(column, row, "o" if holds else "X", markersize=9, color=_GOOD if holds else _BAD)
            n = int(own["holds"].sum())
            ax.annotate(f"{n} of {len(own)}", (len(own) - 0.35, row), va="center", annotation_clip=False)
        ax.set_yticks(range(len(kinds)), [textwrap.fill(kind, 20) for kind in kinds])
        ax.set_ylim(len(kinds) - 0.5, -0.5)
        ax.set_xlim(-0.6, max(variations.groupby("kind").size().max() if len(variations) else 1, 6) + 1.2)
        ax.set_xticks([])
        ax.tick_params(length=0)
        for spine in ax.spines.values():
            spine.set_visible(False)
        holds = int(variations["holds"].sum())
        ax.set_title(f"The finding holds in {holds} of {len(variations)}\nvariations: ● yes, ✖ no", x=-0.28)
    return ax


def describe_variations(variations: pd.DataFrame) -> str:
    """Alt text of `plot_variations`."""
    parts = [f"The finding holds in {int(variations['holds'].sum())} of {len(variations)} variations."]
    for kind in dict.fromkeys(variations["kind"]):
        own = variations[variations["kind"] == kind]
        failing = ", ".join(str(name) for name in own.loc[~own["holds"].astype(bool), "name"])
        parts.append(f"{kind}: {int(own['holds'].sum())} of {len(own)}" + (f" (not: {failing})." if failing else "."))
    return " ".join(parts)


def plot_shares(shares: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Shares with their intervals, from the first row down, and what was put in where that is known.

    Args:
        shares: Rows of `what, n, share, low, high, made`, the shares from 0 to 1.
        ax: Where to draw; a figure of its own if None.
    """
    with style():
        ax = _axes(ax, (4.9, 1.4 + 0.5 * len(shares)))
        places = range(len(shares))
        ax.hlines(places, shares["low"], shares["high"], color=_GOOD, linewidth=3)
        ax.plot(shares["share"], places, "o", color=_GOOD, markersize=8)
        ax.plot(shares["made"], places, "x", color=_INK, markersize=9, markeredgewidth=2)
        ax.set_yticks(places, [textwrap.fill(what, 18) for what in shares["what"]])
        ax.invert_yaxis()
        ax.set_xlim(-0.02, 1.02)
        ax.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
        ax.set_xlabel("● found, with its 95 % interval\n✕ put in by the generator")
        ax.tick_params(axis="y", length=0)
        ax.set_title("What was found, and what was put in")
    return ax


def describe_shares(shares: pd.DataFrame) -> str:
    """Alt text of `plot_shares`."""
    parts = [
        f"{row.what}: found {row.share:.0%} (95 % interval {row.low:.0%} to {row.high:.0%}, n = {row.n}), "
        f"put in {row.made:.0%}"
        for row in shares.itertuples()
    ]
    return f"Shares found, with their intervals, beside the shares put in. {'; '.join(parts)}."


def show(figure: Figure | Axes, alt: str) -> None:
    """Put a figure into a notebook, with its alt text.

    The alt text is also the output's plain text, together with a mark of the data as drawn: so a notebook's test fails
    when the picture would show other data than the stored one, although pictures themselves are not compared.

    Args:
        figure: A figure, or any of its Axes.
        alt: What it shows, in words, from a `describe_*` function.
    """
    from IPython.display import display  # comes with the notebooks, and is not needed to draw

    whole = figure if isinstance(figure, Figure) else figure.get_figure(root=True)
    assert whole is not None
    buffer = io.BytesIO()
    whole.savefig(buffer, format="png", dpi=200)
    plt.close(whole)
    display(  # type: ignore[no-untyped-call]
        {"image/png": buffer.getvalue(), "text/plain": f"Figure: {alt} [data {drawn_mark(whole)}]"},
        raw=True,
        metadata={"image/png": {"alt": alt}},
    )


def drawn_mark(figure: Figure) -> str:
    """Eight characters that change when what is drawn changes: words, lines, shapes and points, but not colours."""
    drawn: list[object] = []
    for ax in figure.axes:
        drawn += [ax.get_title(loc="left"), ax.get_title(), ax.get_xlabel(), ax.get_ylabel()]
        drawn += [text.get_text() for text in (*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels())]
        drawn += [_rounded(line.get_xydata()) for line in ax.lines]
        drawn += [_rounded(patch.get_patch_transform().transform(patch.get_path().vertices)) for patch in ax.patches]
        for collection in ax.collections:
            drawn += [_rounded(collection.get_offsets()), *(_rounded(path.vertices) for path in collection.get_paths())]
    return hashlib.sha256(json.dumps(drawn).encode()).hexdigest()[:8]


def _rounded(values: Any) -> list[Any]:
    rounded: list[Any] = (np.round(np.asarray(values, dtype=float), 4) + 0.0).tolist()
    return rounded


def _axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    return plt.subplots(figsize=size)[1] if ax is None else ax


def _runs(values: list[str]) -> list[str]:
    """The values with immediate repetitions left out."""
    return [value for index, value in enumerate(values) if index == 0 or values[index - 1] != value]
