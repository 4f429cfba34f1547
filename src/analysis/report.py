"""Makes a page of a study that needs nothing beside it: the finding, its figures, and the text with every claim marked.

All that comes from a text is escaped, and the page forbids itself scripts and requests.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from analysis.annotated import annotated_css, annotated_text
from analysis.finding import finding, sentence

if TYPE_CHECKING:
    from analysis.figures import Picture
    from analysis.study import Study

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def report(study: Study, pictures: Sequence[Picture] = ()) -> str:
    """A whole page, as HTML.

    Args:
        study: What was read.
        pictures: Its figures, of `analysis.figures.pictures`.

    Examples:
        >>> from analysis import read
        >>> page = report(read("The soup is <script>awful</script>.", "It rains."))
        >>> "<script" in page, "&lt;script&gt;awful" in page
        (False, True)
    """
    found = finding(study, words=True)
    style = (files("analysis") / "report.css").read_text(encoding="utf-8")
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_escaped(title(found))}</title>",
        f"<style>\n{style}\n{annotated_css()}</style></head>",
        f"<body><main><h1>{_escaped(title(found))}</h1>",
        summary(study, found, heading=2),
    ]
    for picture in pictures:
        data = base64.b64encode(picture.png).decode("ascii")
        parts.append(f'<figure><img src="data:image/png;base64,{data}" alt="{_escaped(picture.alt)}"></figure>')
    parts += ["<h2>How to read this</h2>", f"<p>{_escaped(_HOW)}</p>", annotated_text(study, heading_level=2)]
    return "\n".join([*parts, "</main></body></html>", ""])


_HOW = """A claim is somebody's word for or against something. A small trained model judges in what light a sentence
shows what it speaks of, each sentence by itself; where it is not sure enough, nothing is claimed. “Borne out” means
that the chance is four to one or better that the author speaks so of it, over two sentences or more; “not borne out”
means the reverse, or that the author says it of the other side's target. All else is “not enough evidence”. It says
what the essay says, not what is true."""


def title(found: Mapping[str, Any]) -> str:
    """The finding in a line."""
    if not found["shifts"]:
        possible = found["answer"]["kind"] == "possible"
        return "Possibly a change of belief" if possible else "No change of belief is stated"
    shift = found["shifts"][0]
    more = len(found["shifts"]) - 1
    targets = [shift[side]["label"] for side in ("before", "after") if shift[side]["target"]]
    about = f": {' to '.join(dict.fromkeys(targets))}" if targets else ""
    return f"A change of belief ({shift['type']}){about}{f', and {more} more' if more else ''}"


def summary(study: Study, found: Mapping[str, Any] | None = None, *, heading: int = 3) -> str:
    """The finding as a fragment of HTML: what a notebook shows of a study.

    Examples:
        >>> from analysis import read
        >>> "states no change of belief" in summary(read("Soup is awful.", "It rains."))
        True
    """
    return "\n".join(_summary(finding(study) if found is None else found, f"h{heading}"))


def _summary(found: Mapping[str, Any], tag: str) -> Iterator[str]:
    yield '<div class="readers-turn">'
    if found["doubts"]:
        doubts = "".join(f"<li>{_escaped(row['source'])}: {_escaped(row['message'])}</li>" for row in found["doubts"])
        yield f'<div class="doubts"><p><strong>Read with care:</strong></p><ul>{doubts}</ul></div>'
    if not found["shifts"]:
        yield from _answer(found["answer"])
        for light in ("against", "for") if found["looked_in"] else ():
            yield from _strongest(f"What the author has {light} anything", found["strongest"][light])
    for number, shift in enumerate(found["shifts"], start=1):
        if len(found["shifts"]) > 1:
            yield f"<{tag}>Change of belief {number}</{tag}>"
        yield "<dl>"
        for side in ("before", "after"):
            told = shift[side]
            yield f"<dt>{side.capitalize()}</dt><dd>{_escaped(sentence(told['belief']))}<br>"
            yield f"<q>{_escaped(told['text'])}</q> ({_place(told)})"
            if found["looked_in"]:
                yield f"<br><strong>{_escaped(told['verdict'])}</strong>: {_escaped(told['rule'])}"
            yield "</dd>"
        yield f"<dt>Type</dt><dd>{_escaped(shift['change'])}</dd>"
        if found["looked_in"]:
            yield f"<dt>Turn</dt><dd>{_escaped(shift['turn']['in_words'])}</dd>"
            yield f"<dt>Essay</dt><dd>Evidence was looked for in {_escaped(found['looked_in'])}.</dd>"
        yield "</dl>"
        for side in ("before", "after") if found["looked_in"] else ():
            rows = shift[side]["strongest"]
            near = bool(rows) and not rows[0]["counted"]
            lead = f"Nearest to the belief {side}, but no evidence" if near else f"Strongest for the belief {side}"
            yield from _strongest(lead, rows)
    yield from _who(found["who"])
    yield "</div>"


def _answer(told: Mapping[str, Any]) -> Iterator[str]:
    """What is said where no change is stated."""
    yield f"<p><strong>{_escaped(told['in_words'])}</strong></p>"
    if told["possible"]:
        yield "<dl>"
        for side in ("before", "after"):
            row = told["possible"][side]
            yield f"<dt>{side.capitalize()}?</dt><dd><q>{_escaped(row['text'])}</q> ({_place(row)})</dd>"
        yield "</dl>"
    if told["told_before"]:
        row = told["told_before"]
        yield f"<p>They tell a belief of before, and none that took its place: <q>{_escaped(row['text'])}</q>.</p>"
    yield from _strongest("What the reader says for themself", told["says"])


def _strongest(lead: str, rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not rows:
        return
    yield f"<p>{_escaped(lead)}:</p><ol>"
    for row in rows:
        score = "" if row["polarity"] is None else f"{row['polarity']:+.2f}, "
        about = row["cue"] or row["target"]
        yield f"<li><q>{_escaped(row['text'])}</q> ({score}{_escaped(about)}; {_place(row)})</li>"
    yield "</ol>"


def _who(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not rows:
        yield "<p>Nobody says anything for or against anybody, as far as the program hears.</p>"
        return
    heads = ["Holder", "Target", "For", "Against", "Mean", "n"]
    worded = any(row["words"] for row in rows)
    heads += ["Words"] if worded else []
    # No caption: some pages that show notebooks give it a colour that cannot be read in the dark.
    yield "<p><strong>Who says what about whom</strong></p>"
    yield '<div class="wide" tabindex="0" role="region" aria-label="Who says what about whom">'
    # The class by which pages that show notebooks know the tables of pandas.
    yield '<table class="dataframe"><thead><tr>'
    yield "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    for row in rows:
        mean = f"{row['polarity']:+.2f}"
        cells = (row["label"], row["n_for"], row["n_against"], mean, row["n"], *([row["words"]] if worded else []))
        yield f'<tr><th scope="row">{_escaped(row["holder"])}</th>'
        yield "".join(f"<td>{_escaped(cell)}</td>" for cell in cells) + "</tr>"
    yield "</tbody></table></div>"


def _place(row: Mapping[str, Any]) -> str:
    return _escaped(f"{row['source']}, characters {row['start']}–{row['end']}")


def _escaped(text: object) -> str:
    return html.escape(str(text))
