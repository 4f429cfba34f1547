"""Takes the words out of Markdown and HTML, and says what was cut or put in between, so that the way back is kept.

What marks a paragraph's part in the text stays as a plain sign that `voices.py` reads: `# ` before a heading, `> `
before a quotation, `• ` before an item of a list. Pictures, code, scripts, menus and comments are no part of what
anybody says.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

FORMS = ("plain", "markdown", "html")

# What to replace in a text: start, end, new text, kind.
Edit = tuple[int, int, str, str]

_SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".xhtml": "html"}
_PAGE = re.compile(
    r"[\s\ufeff]*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+)?html\b", re.IGNORECASE | re.DOTALL
)
_FRONT_MATTER = re.compile(r"---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)

# Elements whose words are not the text: nobody reads them, or they belong to the site.
_UNREAD = frozenset(
    "head script style noscript template svg math iframe object canvas audio video select button textarea nav footer"
    " aside".split()
)
_BLOCKS = frozenset(
    "address article blockquote body caption center dd details dialog div dl dt fieldset figcaption figure form h1 h2"
    " h3 h4 h5 h6 header hr li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
# Elements that never have an end tag, and so cannot hold anything that goes unread.
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# Elements whose content is no markup: their own end tag is the next one.
_RAW = frozenset("script style textarea title xmp iframe noembed noframes".split())

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
_NAMES = re.compile(r"[^>=]*")
_VALUE = re.compile(r"\s*(?:([\"'])|[^\s>]*)")
# HTML's own blanks; a no-break space is none of them.
_BLANKS = " \t\n\r\f"
_WORDS = re.compile(rf"[{_BLANKS}]+|[^{_BLANKS}]+")
_DATA = re.compile(rf"[{_BLANKS}]+|&(?:#\d+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);?|&|[^&{_BLANKS}]+")


def form_of(suffix: str, text: str) -> str:
    """Tell the form of a text: by what it begins with, and by the suffix of its file.

    Examples:
        >>> form_of(".md", "Some *words*."), form_of("", "<!DOCTYPE html><p>Words."), form_of(".txt", "Words.")
        ('markdown', 'html', 'plain')
    """
    return "html" if _PAGE.match(text) else _SUFFIXES.get(suffix.lower(), "plain")


def find_markup(text: str, form: str) -> list[Edit]:
    """Find what to cut and what to put in its place, so that only the words are left, a paragraph to a line.

    Args:
        text: A text with plain line ends.
        form: One of `FORMS`.

    Examples:
        >>> find_markup("un<b>do</b>", "html")
        [(2, 5, '', 'markup'), (7, 11, '', 'markup')]
        >>> find_markup("*Fine*", "markdown")
        [(0, 1, '', 'markup'), (5, 6, '', 'markup')]
    """
    if form == "plain":
        return []
    writer = _Writer(text)
    if form == "html":
        _write_html(writer, text, 0)
    else:
        _write_markdown(writer, text)
    return writer.finished()


class _Writer:
    """Collects the edits that leave the given words, with blanks and signs between them as asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._edits: list[Edit] = []
        self._done = 0
        self._begun = False
        self._between = ""
        self._opening = ""
        self.quotes = 0
        self.sign = ""

    def part(self, between: str) -> None:
        """Part what follows from what came before, by a blank or line ends; the widest that is asked for counts."""
        self._between = max(self._between, between, key=(" ", "\n", "\n\n").index) if self._between else between

    def open(self, mark: str) -> None:
        """Put a mark before the next word."""
        self._opening += mark

    def close(self, mark: str) -> None:
        """Put a mark behind the last word."""
        if self._opening:
            self._opening = ""  # nothing was said between the two
        elif self._begun:
            self._edits.append((self._done, self._done, mark, "markup"))

    def word(self, start: int, end: int, new: str | None = None) -> None:
        """Keep the characters `start:end`, or put `new` in their place."""
        between = self._between if self._begun else ""
        if not self._begun or "\n" in between:
            between += ("> " if self.quotes else "") + self.sign
            self.sign = ""
        self._edit(self._done, start, between + self._opening)
        if new is not None:
            self._edit(start, end, new)
        self._done, self._begun, self._between, self._opening = end, True, "", ""

    def finished(self) -> list[Edit]:
        """All edits, in order."""
        self._edit(self._done, len(self._text), "")
        return self._edits

    def _edit(self, start: int, end: int, new: str) -> None:
        if self._text[start:end] != new:
            self._edits.append((start, end, new, "markup"))


def _write_html(writer: _Writer, text: str, offset: int) -> None:
    """Write the words of a page, or of a piece of one that begins at `offset`."""
    page = _Page(text)
    for what, start, end, new in page.kept():
        if what == "word":
            writer.word(offset + start, offset + end, new)
        elif what == "sign":
            writer.sign = new or ""
        elif what == "quotation":
            writer.quotes = max(0, writer.quotes + start)
        elif what == "open":
            writer.open("“")
        elif what == "close":
            writer.close("”")
        else:
            writer.part(what)


# What a page holds, in order: what it is ("word", what parts words, ...), start and end of a word (or how many
# quotations open), and what it stands for.
_Event = tuple[str, int, int, str | None]


class _Page:
    """The words of a page that are read, and what parts them.

    Tags are told from words as browsers do (HTML Living Standard, section 13.2.5, without its errors), in one pass over
    whatever it is: the standard library's parser is quadratic in what is opened and not closed.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._events: list[tuple[frozenset[str], _Event]] = []
        self._unread: list[str] = []
        self._within = {"article": 0, "main": 0}
        self._seen = {"article": 0, "main": 0}
        at = 0
        while at < len(text):
            opening = text.find("<", at)
            self._data(at, opening if opening >= 0 else len(text))
            at = self._markup(opening) if opening >= 0 else len(text)

    def kept(self) -> Iterator[_Event]:
        """What the page says: its one article or main part, if it has one; else all of it."""
        part = next((name for name, seen in self._seen.items() if seen == 1), "")
        return (event for within, event in self._events if not part or part in within)

    def _markup(self, at: int) -> int:
        """Read what begins with the `<` at a place; where it ends."""
        text = self._text
        if text.startswith("<!--", at):
            return self._behind("-->", at + 2)
        if text[at + 1 : at + 2] in {"!", "?"}:
            return self._behind(">", at)
        match = _TAG.match(text, at)
        if not match:
            if text.startswith("</", at):
                return self._behind(">", at)
            self._data(at, at + 1)
            return at + 1
        end, attributes = self._attributes(match.end())
        tag = match[2].lower()
        if match[1]:
            self._end_tag(tag)
        else:
            self._start_tag(tag, attributes)
            if tag in _RAW:
                closing = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(text, end)
                return closing.start() if closing else len(text)
        return end

    def _behind(self, mark: str, at: int) -> int:
        place = self._text.find(mark, at)
        return place + len(mark) if place >= 0 else len(self._text)

    def _attributes(self, at: int) -> tuple[int, set[str]]:
        """Where a tag ends, and the names of its attributes; a `>` within quotes does not end it."""
        names: set[str] = set()
        while match := _NAMES.match(self._text, at):
            names.update(match[0].lower().replace("/", " ").split())
            at = match.end()
            if self._text[at : at + 1] != "=":
                break
            value = _VALUE.match(self._text, at + 1)
            assert value is not None  # it may be empty
            at = value.end()
            if quote := value[1]:
                at = self._behind(quote, at)
        return min(at + 1, len(self._text)), names

    def _start_tag(self, tag: str, attributes: set[str]) -> None:
        if self._unread:
            if tag == self._unread[-1]:
                self._unread.append(tag)
            return
        if tag not in _VOID and (tag in _UNREAD or "hidden" in attributes):
            self._add("\n\n" if tag in _BLOCKS else " ")
            self._unread.append(tag)
            return
        if tag in self._within:
            self._within[tag] += 1
            self._seen[tag] += 1
        if tag in _BLOCKS:
            self._add("\n\n")
        if tag in _HEADINGS:
            self._add("sign", new="# ")
        elif tag == "li":
            self._add("sign", new="• ")
        elif tag == "blockquote":
            self._add("quotation", 1)
        elif tag == "br":
            self._add("\n")
        elif tag == "q":
            self._add("open")

    def _end_tag(self, tag: str) -> None:
        if self._unread:
            if tag == self._unread[-1]:
                self._unread.pop()
            return
        if tag in _BLOCKS:
            self._add("\n\n")
        if tag in _HEADINGS or tag == "li":
            self._add("sign", new="")
        elif tag == "blockquote":
            self._add("quotation", -1)
        elif tag == "q":
            self._add("close")
        if self._within.get(tag):
            self._within[tag] -= 1

    def _data(self, start: int, end: int) -> None:
        if self._unread:
            return
        for match in _DATA.finditer(self._text, start, end):
            new = html.unescape(match[0]) if match[0].startswith("&") else match[0]
            if not new.strip(_BLANKS):
                self._add(" ")
            else:
                self._add("word", match.start(), match.end(), None if new == match[0] else new)

    def _add(self, what: str, start: int = 0, end: int = 0, new: str | None = None) -> None:
        within = frozenset(name for name, depth in self._within.items() if depth)
        self._events.append((within, (what, start, end, new)))


def _write_markdown(writer: _Writer, text: str) -> None:
    """Write the words of a text in Markdown (CommonMark 0.31), without its code and its pictures."""
    from markdown_it import MarkdownIt

    front = _FRONT_MATTER.match(text)
    begin = front.end() if front else 0
    # Indented lines are far oftener prose than code; and what was escaped must be told from what was not.
    reader = MarkdownIt("commonmark").disable(["code", "text_join"])
    starts = [begin + start for start in accumulate((len(line) for line in _lines(text[begin:])), initial=0)]
    for token in reader.parse(text[begin:]):
        if token.type == "blockquote_open":
            writer.quotes += 1
        elif token.type == "blockquote_close":
            writer.quotes -= 1
        elif token.type == "list_item_open":
            writer.sign = "• "
        elif token.type == "heading_open":
            writer.sign = "# "
        elif token.type == "list_item_close":
            writer.sign = ""
        elif token.type in {"inline", "html_block"} and token.map:
            start, end = (starts[min(line, len(starts) - 1)] for line in token.map)
            writer.part("\n\n")
            if token.type == "inline":
                _write_inline(writer, text, start, end, token.children or [])
            else:
                _write_html(writer, text[start:end], start)
            writer.part("\n\n")
            writer.sign = ""


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _write_inline(writer: _Writer, text: str, start: int, end: int, children: list[Token]) -> None:
    """Write the words of one paragraph, which lie in `start:end`, by finding them there one after the other."""
    words: list[tuple[str, int, int, str | None]] = []
    at = start
    links = 0
    for child in children:
        if child.type in {"text", "text_special", "code_inline"} and child.content:
            raw = child.markup if child.type == "text_special" else child.content
            place = text.find(raw, at, end)
            if place < 0 and child.type == "code_inline":
                continue  # code over several lines is no prose
            if place < 0:
                # What cannot be told apart is kept as it stands.
                words = [("word", start, end, None)]
                break
            at = place + len(raw)
            new = child.content if child.type == "text_special" else None
            words.append(("word", place, at, new))
        elif child.type in {"softbreak", "hardbreak"}:
            at = text.find("\n", at, end) + 1 or at
            words.append(("blank" if child.type == "softbreak" else "break", at, at, None))
        elif child.type == "html_inline":
            at = max(at, text.find(child.content, at, end) + len(child.content))
        elif child.type == "link_open" and child.markup != "autolink":
            links += 1
        elif child.type == "link_close" and links:
            links -= 1
            at = _behind_link(text, at, end)
        elif child.type == "image":
            at = _behind_link(text, text.find("](", at, end) if "](" in text[at:end] else at, end)
    for what, first, last, new in words:
        if what != "word":
            writer.part(" " if what == "blank" else "\n")
            continue
        for match in _WORDS.finditer(text, first, last):
            if new is not None:
                writer.word(first, last, new)
                break
            if match[0][0] in _BLANKS:
                writer.part(" ")
            else:
                writer.word(match.start(), match.end())


def _behind_link(text: str, at: int, end: int) -> int:
    """Where a link ends whose words end before `at`: behind its address, in brackets that may hold others."""
    at = text.find("]", at, end) + 1 or at
    if text[at : at + 1] == "[":
        return text.find("]", at, end) + 1 or at
    if text[at : at + 1] != "(":
        return at
    depth = 0
    for place in range(at, end):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place + 1
    return at
