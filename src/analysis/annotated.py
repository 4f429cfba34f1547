"""Shows the whole text with its claims, as HTML that needs no script: who says what about whom, and with which words.

Spans overlap, and elements cannot. So the text is cut wherever any span begins or ends, and each piece says what it is
part of. What stands out in colour also stands there in words.
"""

from __future__ import annotations

import html
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from analysis.claims import PROBABILITIES
from analysis.finding import belief, turn_in_words
from analysis.study import Study

_VOICES = {"reader": "reader", "author": "author", "apparatus": "title or source"}
_SOURCES = {"document": "The document", "essay": "The essay", "response": "The response"}


@dataclass
class _Marks:
    """What begins, ends and holds in one source, by character."""

    claims: list[tuple[int, int, int, float]] = field(default_factory=list)  # start, end, number, polarity
    cues: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    beliefs: list[tuple[int, int, str]] = field(default_factory=list)  # start, end, name such as "before-0"

    def within(self, start: int, end: int) -> _Marks:
        """Those that touch a part of the text."""
        return _Marks(
            [mark for mark in self.claims if mark[0] < end and mark[1] > start],
            {span: numbers for span, numbers in self.cues.items() if span[0] < end and span[1] > start},
            [mark for mark in self.beliefs if mark[0] < end and mark[1] > start],
        )

    def cuts(self) -> set[int]:
        spans = [*(claim[:2] for claim in self.claims), *self.cues, *(told[:2] for told in self.beliefs)]
        return {place for span in spans for place in span}


def annotated_css() -> str:
    """The style sheet that goes with `annotated_text`."""
    return (files("analysis") / "annotated.css").read_text(encoding="utf-8")


def annotated_text(study: Study, *, heading_level: int = 2) -> str:
    """The texts of a study with their claims marked, and a table of the claims, as a fragment of HTML.

    Every paragraph says whose words it is. The words that show a claim are a link to its row in the table; when
    pointed at or focused they tell holder, target, kind, and what the encoder and TextBlob hear. The belief before, the
    belief after and the turn link to each other. All that comes from a text is escaped.

    Args:
        study: What was read.
        heading_level: Of its headings, 1 to 6.

    Examples:
        >>> from analysis import Source, read
        >>> page = annotated_text(read(Source.from_text("The soup is <b>awful</b>.")))
        >>> "&lt;b&gt;" in page, "<b>" in page
        (True, False)
    """
    marks = {name: _Marks() for name in study.sources}
    claims = study.cues.reset_index(drop=True).to_dict("records")
    for number, claim in enumerate(claims):
        own = marks[claim["source"]]
        own.claims.append((claim["start"], claim["end"], number, claim["polarity"]))
        own.cues.setdefault((claim["cue_start"], claim["cue_end"]), []).append(number)
    for shift in study.shifts.to_dict("records"):
        for side in ("before", "after"):
            place = (shift[f"{side}_start"], shift[f"{side}_end"], f"{side}-{shift['shift']}")
            marks[shift["source"]].beliefs.append(place)
    told_in = next(iter(study.sources))
    for turn in study.turns.to_dict("records"):
        if not math.isnan(turn["turn_sentence"]):
            rows = study.sentences[study.sentences["source"] == told_in].set_index("sentence")
            row = rows.loc[int(turn["turn_sentence"])]
            marks[told_in].beliefs.append((int(row["start"]), int(row["end"]), f"turn-{turn['shift']}"))
    tag = f"h{heading_level}"
    parts = ['<div class="annotated">', *_summary(study, tag)]
    for name in study.sources:
        parts.append(f"<{tag}>{html.escape(_SOURCES.get(name, name))}</{tag}>")
        parts += _source(study, name, marks[name], claims)
    parts += [*_table(study, claims, tag), "</div>"]
    return "\n".join(parts)


def _summary(study: Study, tag: str) -> Iterator[str]:
    """What the reader held, where the essay turns, and links to both."""
    if study.shifts.empty:
        yield '<p class="note">The reader states no change of belief.</p>'
        return
    verdicts = study.verdicts.set_index(["shift", "side"])
    yield f"<{tag}>The move</{tag}>\n<ul>"
    for shift in study.shifts.to_dict("records"):
        number = shift["shift"]
        for side in ("before", "after"):
            told = verdicts.loc[(number, side)]
            this = "There is" if told["verdict"] == "not enough evidence" else "This is"
            words = _escaped(f"{belief(study, shift, side)}. {this} {told['verdict']}: {told['rule']}.")
            yield f'<li><a href="#{side}-{number}">{side.capitalize()}</a>: {words}</li>'
        [turn] = study.turns[study.turns["shift"] == number].to_dict("records")
        lead = "Turn" if math.isnan(turn["turn_sentence"]) else f'<a href="#turn-{number}">Turn</a>'
        yield f"<li>{lead}: {_escaped(turn_in_words(study, turn))}</li>"
    yield "</ul>"


def _source(study: Study, name: str, marks: _Marks, claims: list[dict[str, Any]]) -> Iterator[str]:
    text = study.sources[name].text
    done = 0
    for row in study.voices[study.voices["source"] == name].sort_values("start").to_dict("records"):
        # Markers of lists lie between the paragraphs.
        between = " ".join(text[done : row["start"]].split())
        marker = f'<span class="marker">{_escaped(between)} </span>' if between else ""
        voice = _VOICES.get(row["voice"], row["voice"])
        words = "".join(_pieces(study, text, row["start"], row["end"], marks, claims))
        yield (
            f'<div class="para para-{_escaped(row["voice"])}"><span class="voice note">{_escaped(voice)}</span>'
            f"<p>{marker}{words}</p></div>"
        )
        done = row["end"]
    if rest := " ".join(text[done:].split()):
        yield f'<p class="marker">{_escaped(rest)}</p>'


def _pieces(
    study: Study, text: str, start: int, end: int, marks: _Marks, claims: list[dict[str, Any]]
) -> Iterator[str]:
    """The text from `start` to `end`, cut wherever a span begins or ends."""
    marks = marks.within(start, end)
    cuts = sorted({start, end, *(cut for cut in marks.cuts() if start < cut < end)})
    opened: set[tuple[int, int]] = set()
    for left, right in itertools.pairwise(cuts):
        told = [mark for mark in marks.beliefs if mark[0] <= left and right <= mark[1]]
        for _, _, name in (mark for mark in told if mark[0] == left):
            yield _tag(study, name)
        classes = sorted({f"told told-{name.split('-')[0]}" for _, _, name in told})
        polarities = [claim[3] for claim in marks.claims if claim[0] <= left and right <= claim[1]]
        if polarities:
            classes.append("said said-bad" if min(polarities) < 0 else "said said-good")
        words = _escaped(text[left:right])
        # Several may begin here, or one within another: they share a link, and each claim keeps its place.
        begun = [span for span in marks.cues if span[0] <= left and right <= span[1] and span not in opened]
        if begun:
            opened.update(begun)
            words = _cue(study, words, sorted(number for span in begun for number in marks.cues[span]), claims)
        yield f'<span class="{" ".join(classes)}">{words}</span>' if classes else words


def _tag(study: Study, name: str) -> str:
    """The word that opens a belief or the turn, with links to the others."""
    side, number = name.split("-")
    turns = study.turns[study.turns["shift"] == int(number)]["turn_sentence"]
    others = [other for other in ("before", "after", "turn") if other != side]
    if turns.isna().all():
        others = [other for other in others if other != "turn"]
    links = ", ".join(f'<a href="#{other}-{number}">{other}</a>' for other in others)
    return (
        f'<span class="tag tag-{side} note" id="{name}" tabindex="-1">{side.upper()} <span>(see {links})</span> </span>'
    )


def _cue(study: Study, words: str, numbers: list[int], claims: list[dict[str, Any]]) -> str:
    """The words that show one or more claims: a link to the table, a label, and what is known of each."""
    own = [claims[number] for number in numbers]
    labels = dict.fromkeys(f"{_mark(claim)} {study.label(claim['target'])}" for claim in own)
    told = "".join(f"<span>{_escaped(_in_words(study, claim))}</span>" for claim in own)
    # A claim may share its words with others; each has a place to come back to.
    places = "".join(f'<span id="cue-{number}"></span>' for number in numbers)
    first = numbers[0]
    return (
        f'{places}<a class="cue" href="#claim-{first}" aria-describedby="tip-{first}">{words}</a>'
        f'<span class="label note"> {_escaped(", ".join(labels))}</span>'
        f'<span class="tip note" role="tooltip" id="tip-{first}">{told}</span>'
    )


def _mark(claim: dict[str, Any]) -> str:
    return "▼" if claim["polarity"] < 0 else "▲" if claim["polarity"] > 0 else "●"


def _in_words(study: Study, claim: dict[str, Any]) -> str:
    """What is known of a claim, in a line."""
    light = "against" if claim["polarity"] < 0 else "for" if claim["polarity"] > 0 else "neither for nor against"
    more = [f"hedged: {claim['hedge']}"] if claim["hedge"] else []
    probabilities = ", ".join(f"{name} {claim[name]:.2f}" for name in PROBABILITIES)
    heard = "knows no word" if math.isnan(claim["textblob"]) else f"{claim['textblob']:+.2f}"
    facts = [
        f"{claim['kind']}",
        f"score {claim['polarity']:+.2f}",
        f"carried by “{claim['cue']}”",
        *more,
        probabilities,
        f"TextBlob {heard}",
    ]
    return f"The {claim['holder']} {light} {study.label(claim['target'])}; {', '.join(facts)}."


def _table(study: Study, claims: list[dict[str, Any]], tag: str) -> Iterator[str]:
    if not claims:
        yield '<p class="note">No claim was found.</p>'
        return
    heads = ("Words", "Holder", "Target", "For or against", "Kind", "TextBlob", "Sentence")
    caption = "Who says what about whom; the words lead back to the text."
    yield f"<{tag}>All claims</{tag}>\n<table><caption>{caption}</caption>"
    columns = "".join(f'<th scope="col">{head}</th>' for head in heads)
    yield f"<thead><tr>{columns}</tr></thead>\n<tbody>"
    for number, claim in enumerate(claims):
        light = f"{_mark(claim)} {claim['polarity']:+.2f}"
        heard = "" if math.isnan(claim["textblob"]) else f"{claim['textblob']:+.2f}"
        cells = (claim["holder"], study.label(claim["target"]), light, claim["kind"], heard)
        words = f'<th scope="row"><a href="#cue-{number}">{_escaped(claim["text"])}</a></th>'
        named = zip(heads[1:], (*cells, f"{claim['source']} {claim['sentence']}"), strict=True)
        rest = "".join(f'<td data-head="{head}">{_escaped(cell)}</td>' for head, cell in named)
        yield f'<tr id="claim-{number}">{words}{rest}</tr>'
    yield "</tbody></table>"


def _escaped(text: object) -> str:
    return html.escape(str(text))
