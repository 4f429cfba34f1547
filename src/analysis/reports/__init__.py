"""Finds what a writer says that they believed, and what they came to believe: the two halves of a change of mind.

A report is a clause by which the writer tells a belief of their own. What makes it one of before is its verb in the
past ("I expected a thriller"), a word for a time that is over ("at first", "used to"), or that its content was still
to come ("I thought it would be dull"). What makes it one of after is a verb or phrase of news ("I realised", "it turned
out"), one's own error ("I was wrong"), or a present set against the past ("now I love it").
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.lexicon import Lexicon
from analysis.parsing import Sentence
from analysis.reports import after, before
from analysis.reports.frame import Frame, Report

__all__ = ["Report", "find_reports"]


def find_reports(sentences: Sequence[Sentence], lexicon: Lexicon) -> tuple[Report, ...]:
    """The reports of a text, in its order; none at all where there is none of before, for then nothing has changed.

    Two of the same phase never share a word: the surer rule has it.
    """
    frames = [Frame(sentence, lexicon) for sentence in sentences if not sentence.text.rstrip("\"'”’)» ").endswith("?")]
    # Most texts tell no belief of before, and are done here.
    earlier = [tuple(before.reports(frame)) for frame in frames]
    if not any(earlier) and not any(any(after.by_comparison(frame)) for frame in frames):
        return ()
    found: list[Report] = []
    for frame, of_before in zip(frames, earlier, strict=True):
        own: list[Report] = []
        for report in (*after.reports(frame), *of_before):
            if not any(report.phase == other.phase and report.overlaps(other) for other in own):
                own.append(report)
        found += sorted(own, key=lambda report: report.first.i)
    return tuple(found)
