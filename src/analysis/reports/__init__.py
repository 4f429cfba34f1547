"""Finds what a writer says that they believed, and what they came to believe: the two halves of a change of mind.

A report is a clause by which the writer tells a belief of their own. What makes it one of before is its verb in the
past ("I expected a thriller"), a word for a time that is over ("at first", "used to"), or that its content was still
to come ("I thought it would be dull"). What makes it one of after is a verb or phrase of news ("I realised", "it turned
out"), one's own error ("I was wrong"), or a present set against the past ("now I love it").
"""

from __future__ import annotations

from analysis.lexicon import Lexicon
from analysis.parsing import Sentence
from analysis.reports import after, before
from analysis.reports.frame import Frame, Report

__all__ = ["Report", "find_reports"]


def find_reports(sentence: Sentence, lexicon: Lexicon) -> tuple[Report, ...]:
    """The reports of one sentence, in its order. Two of the same phase never share a word: the surer rule has it."""
    if sentence.text.rstrip("\"'”’)» ").endswith("?"):
        return ()
    frame = Frame(sentence, lexicon)
    found: list[Report] = []
    for report in (*after.reports(frame), *before.reports(frame)):
        if not any(report.phase == other.phase and report.overlaps(other) for other in found):
            found.append(report)
    return tuple(sorted(found, key=lambda report: report.first.i))
