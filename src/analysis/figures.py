"""Draws the figures that go with any study, as pictures with their alt text."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from analysis.finding import who_says_what
from analysis.plot_tug import describe_tug, plot_tug
from analysis.plots import describe_arc, describe_claims, describe_voices, plot_arc, plot_claims, plot_voices
from analysis.tug import tug_table

if TYPE_CHECKING:
    from analysis.study import Study

# More rows than this cannot be read; the tables have them all.
_MOST_TARGETS = 12
_MOST_SHIFTS = 5


@dataclass(frozen=True)
class Picture:
    """A figure: the name of its file without the suffix, the picture, and what it shows in words."""

    name: str
    png: bytes
    alt: str


def pictures(study: Study) -> tuple[Picture, ...]:
    """Draw a study's figures: for each shift turn and arc, then the claims, and the voices where a text mixes them."""
    return tuple(_picture(name, ax, alt) for name, ax, alt in _drawn(study))


def _drawn(study: Study) -> Iterator[tuple[str, Axes, str]]:
    # The commonest targets, whoever speaks of them.
    counts = study.claims["target"].value_counts().head(_MOST_TARGETS)
    labels = {
        target: study.label(target) for target in dict.fromkeys(who_says_what(study)["target"]) if target in counts
    }
    for shift in study.shifts.head(_MOST_SHIFTS).to_dict("records"):
        number = shift["shift"] + 1
        both = {shift[f"{side}_target"]: study.label(shift[f"{side}_target"]) for side in ("before", "after")}
        tug = tug_table(study.evidence, shift, study.author_sentences, labels=both)
        if tug[["program_before", "program_after"]].any(axis=None):
            yield f"turn-{number}", plot_tug(tug, shift, labels=both), describe_tug(tug, shift, labels=both)
        own = study.cues[study.cues["source"] == shift["source"]]
        if own["target"].isin(both).any():
            length = len(study.sources[shift["source"]].text)
            arc = (own, shift, length)
            yield f"arc-{number}", plot_arc(*arc, labels=both), describe_arc(*arc, labels=both)
    if labels:
        yield "claims", plot_claims(study.claims, labels=labels), describe_claims(study.claims, labels=labels)
    for name in study.sources:
        voices = study.voices[study.voices["source"] == name]
        mentions = study.mentions[study.mentions["source"] == name]
        if len({"author", "reader"} & set(voices["voice"])) > 1:
            yield (
                f"voices-{name}",
                plot_voices(voices, mentions, labels=labels),
                describe_voices(voices, mentions, labels=labels),
            )


def _picture(name: str, ax: Axes, alt: str) -> Picture:
    figure = ax.get_figure(root=True)
    assert figure is not None
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # An emoji or a letter that the font lacks is drawn as a box; the alt text has it.
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        # The version of matplotlib would change the file from one machine to the next.
        figure.savefig(buffer, format="png", dpi=200, metadata={"Software": None})
    plt.close(figure)
    return Picture(name, buffer.getvalue(), alt)
