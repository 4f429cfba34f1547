"""Says whose words each paragraph is, by layout and cue, or as a sidecar file tells it.

An essay is its author's and a response its reader's, but for what is quoted in so many marks. One document that mixes
both is read from top to bottom: it is the reader's, until a title with a byline, a lead-in ("here is what she says"),
a list that was led in, or quotation marks hand the word to the author; and again the reader's when somebody speaks of
the author in the third person, or of their own reading.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.cleaning import BLOCK_QUOTE, LIST_MARKER, Source
from analysis.errors import InputError
from analysis.tables import read_csv

VOICES = ("reader", "author", "apparatus")
_FILES = ("essay", "response")

_NAME = r"[A-Z][\w.'’-]*"
_BYLINE = re.compile(
    rf"(?:[—–-]\s*)?(?:[Ww]ritten\s+)?(?:[Bb]y|BY)\s+({_NAME}(?:\s+{_NAME}){{0,3}})\W*(?:\d[\d\s/.-]*)?$"
)
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_REFERENCES = re.compile(r"(?:references?|works cited|bibliography|sources?)\s*:?$", re.IGNORECASE)
_REFERENCE = re.compile(
    rf"{_NAME}, [A-Z]\."  # Surname, J.
    rf"|{_NAME}, {_NAME}[^.]*\((?:\d{{4}}|n\.d\.)"  # Surname, Jane (2016
    r"|(?:[Rr]etrieved|[Aa]vailable|[Aa]ccessed) (?:from|at|on)\b"
    r"|(?:[Ss]ource|[Vv]ia|[Ll]ink)\s*:"
    r"|\S+://\S+$"
)
_QUOTED = re.compile(r"“[^“”]+”\W{0,2}$|\"[^\"]+\"\W{0,2}$|«[^«»]+»\W{0,2}$")

# What announces that somebody else's words follow.
_PRESENTS = re.compile(
    r"\bhere(?:'s|’s| is| are| comes?)\b|\blet(?:'s|’s| us) (?:see|look|hear|read)\b|\b(?:the following|as follows)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    r"(?<!\bI )\b(?:says?|said|writes?|wrote|argues?|lists?|gives?|advises?|suggests?|puts? it)\b[^.!?]*:\s*$",
    re.IGNORECASE,
)
# A lead-in that what follows it must answer to; "let's see what she thinks" may be the reader's own summary.
_HANDS_OVER = re.compile(r"\bhere(?:'s|’s| is| are| comes?)\b[^.!?]*\W*$|:\s*$", re.IGNORECASE)
_THIRD_PERSON = re.compile(r"\b(?:he|she|his|her|hers|him|the (?:author|writer)(?:'s|’s)?)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|i|me|my|myself)\b")
_READING = re.compile(r"\b(?:read|reads|reading|re-?read|re-?reading)\b", re.IGNORECASE)
_THE_TEXT = re.compile(r"\b(?:this|the) (?:essay|article|post|piece|text|column|book|chapter|review)\b", re.IGNORECASE)
_THE_AUTHOR = re.compile(
    r"\bthe (?:author|writer)\b"
    r"|\b(?:his|her|their) (?:essay|article|post|piece|text|column|book|argument|point|tips?)\b",
    re.IGNORECASE,
)
_OWN_PART = re.compile(
    r"my (?:\w+ )?(?:thoughts?|response|reaction|reflections?|comments?|view|take)\W*$", re.IGNORECASE
)
_RULER = re.compile(r"[-–—*_=~\s]{3,}$")

# A parser's memory grows with what it is given at once: a line of a million characters took 3.4 GB.
LONGEST_PARAGRAPH = 20_000  # characters
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)")

_LONGEST_TITLE = 25  # words
_LONGEST_LEAD_IN = 45  # words


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: `start:end` of the cleaned text without list marker, quote mark and outer blanks.

    `speaker` is `reader` or `author` also where the voice is `apparatus`: the title of an essay is its author's.
    `role` says what it is on the page, `rule` what told its voice. `cut` is true where a longer paragraph had to be cut
    in two before it.
    """

    start: int
    end: int
    voice: str
    speaker: str
    role: str
    rule: str
    cut: bool = False


@dataclass(frozen=True)
class VoiceMark:
    """One row of a sidecar: the characters `start:end` of the cleaned text are in `voice`."""

    start: int
    end: int
    voice: str


@dataclass(frozen=True)
class _Block:
    """A paragraph as it lies on the page, before anybody asks whose it is."""

    start: int
    end: int
    text: str
    role: str


def find_voices(source: Source, *, sidecar: str | Path | None = None) -> tuple[Paragraph, ...]:
    r"""Tell whose words each paragraph is.

    Args:
        source: A text; its name (`essay`, `response`, `document`) says whose words to expect.
        sidecar: A CSV file with the columns `start, end, voice` (for an essay and a response also `source`), which
            overrules layout and cues where it says something.

    Returns:
        The paragraphs in order; they do not overlap.

    Raises:
        InputError: If the sidecar is malformed.

    Examples:
        >>> text = "I met an essay.\n\nOn bread\n\nby Ann Baker\n\nI bake.\n\nI think the author bakes well."
        >>> source = Source.from_text(text)
        >>> [(paragraph.voice, paragraph.role) for paragraph in find_voices(source)]
        [('reader', 'body'), ('apparatus', 'title'), ('apparatus', 'byline'), ('author', 'body'), ('reader', 'body')]
    """
    blocks = list(_blocks(source.text))
    if source.name == "document":
        paragraphs = _mixed(blocks)
    else:
        paragraphs = _one_writer(blocks, "author" if source.name == "essay" else "reader")
    told = _overruled(paragraphs, source, read_sidecar(sidecar, source) if sidecar is not None else ())
    return tuple(piece for paragraph in told for piece in _pieces(paragraph, source.text))


def read_sidecar(path: str | Path, source: Source) -> tuple[VoiceMark, ...]:
    """Read and check the rows of a sidecar that are about this source.

    They must lie in its text and not overlap.

    Raises:
        InputError: If a column is missing, or a row is no such row; the message names the row.
    """
    columns = ("start", "end", "voice") if source.name == "document" else ("source", "start", "end", "voice")
    marks: list[VoiceMark] = []
    for number, row in read_csv(path, columns):
        where = f"{path}, row {number}"
        if source.name != "document" and row["source"] != source.name:
            if row["source"] not in _FILES:
                raise InputError(f"{where}: source {row['source']!r} is unknown. Use one of {', '.join(_FILES)}.")
            continue
        try:
            mark = VoiceMark(int(row["start"]), int(row["end"]), row["voice"])
        except ValueError:
            raise InputError(f"{where}: start and end must be whole numbers of characters.") from None
        if mark.voice not in VOICES:
            raise InputError(f"{where}: voice {mark.voice!r} is unknown. Use one of {', '.join(VOICES)}.")
        if not 0 <= mark.start < mark.end <= len(source.text):
            raise InputError(f"{where}: {mark.start}:{mark.end} does not lie in the text, 0:{len(source.text)}.")
        marks.append(mark)
    marks.sort(key=lambda mark: mark.start)
    for before, after in itertools.pairwise(marks):
        if after.start < before.end:
            raise InputError(
                f"{path}: the rows {before.start}:{before.end} and {after.start}:{after.end} overlap. "
                "Let each character have one voice."
            )
    return tuple(marks)


def voices_table(source: Source, paragraphs: tuple[Paragraph, ...]) -> pd.DataFrame:
    """One row a paragraph: `source, paragraph, start, end, text, voice, speaker, role, rule`."""
    columns = ["source", "paragraph", "start", "end", "text", "voice", "speaker", "role", "rule"]
    rows = [
        (source.name, number, p.start, p.end, source.text[p.start : p.end], p.voice, p.speaker, p.role, p.rule)
        for number, p in enumerate(paragraphs)
    ]
    return pd.DataFrame(rows, columns=columns)


def _blocks(text: str) -> Iterator[_Block]:
    offset = 0
    for line in text.split("\n"):
        start, role = 0, "body"
        if quote := BLOCK_QUOTE.match(line):
            start, role = quote.end(), "quote"
        if marker := LIST_MARKER.match(line, start):
            start, role = marker.end(), "list item" if role == "body" else role
        if heading := _HEADING.match(line, start):
            start, role = heading.end(), "heading"
        words = line[start:]
        left = start + len(words) - len(words.lstrip())
        right = len(line.rstrip())
        if left < right:
            yield _Block(offset + left, offset + right, line[left:right], role)
        offset += len(line) + 1


def _one_writer(blocks: list[_Block], writer: str) -> tuple[Paragraph, ...]:
    """An essay or a response alone: all its words are its writer's, but for apparatus and marked quotations."""
    paragraphs: list[Paragraph] = []
    in_references = False
    for number, block in enumerate(blocks):
        in_references = _is_in_references(block, in_references)
        apparatus = _apparatus(blocks, number, in_references=in_references)
        if apparatus:
            role, rule = apparatus
            paragraphs.append(Paragraph(block.start, block.end, "apparatus", writer, role, rule))
        elif writer == "reader" and (block.role == "quote" or _QUOTED.match(block.text)):
            paragraphs.append(Paragraph(block.start, block.end, "author", "author", "quote", "marked as a quotation"))
        else:
            paragraphs.append(Paragraph(block.start, block.end, writer, writer, block.role, f"the {writer}'s own file"))
    return tuple(paragraphs)


def _mixed(blocks: list[_Block]) -> tuple[Paragraph, ...]:
    """One document with both voices in it: follow the word as it passes from one to the other."""
    paragraphs: list[Paragraph] = []
    names = _names(block.text for block in blocks)
    speaker, rule = "reader", "the document's own writer"
    in_references = False
    led = ""  # the layout of what was led in: its end is the end of the author's words
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        in_references = _is_in_references(block, in_references)
        if apparatus := _apparatus(blocks, number, in_references=in_references):
            role, why = apparatus
            owner = "author" if role == "byline" or why == "stands over a byline" else speaker
            owner = "reader" if role == "reference" else owner
            if block.role == "heading" and _OWN_PART.match(block.text):
                owner = speaker = "reader"
                rule, led = "a heading for one's own part", ""
            paragraphs.append(Paragraph(block.start, block.end, "apparatus", owner, role, why))
            if role == "byline":
                speaker, rule, led = "author", "follows title and byline", ""
            continue
        role = _layout(block)
        if led and role != led:
            speaker, rule, led = "reader", f"the {led} that was led in has ended", ""
        if role == "quote":
            paragraphs.append(Paragraph(block.start, block.end, "author", "author", "quote", "marked as a quotation"))
            continue
        if _RULER.match(block.text):
            paragraphs.append(Paragraph(block.start, block.end, "apparatus", speaker, "ruler", "a line of marks"))
            continue
        if speaker == "author" and role == "body" and (cue := _reader_returns(block.text, following, names)):
            speaker, rule = "reader", cue
        if role == "body" and speaker == "reader" and following and _leads_in(block.text, names):
            role = "lead-in"
        paragraphs.append(Paragraph(block.start, block.end, speaker, speaker, role, rule))
        if role == "lead-in" and following:
            led = _layout(following) if _layout(following) != "body" else ""
            if led or _HANDS_OVER.search(block.text):
                speaker, rule = "author", f"a {led} that was led in" if led else "follows a lead-in"
    return tuple(paragraphs)


def _is_in_references(block: _Block, before: bool) -> bool:
    """Whether a paragraph belongs to the references: from their heading to the next one."""
    return bool(_REFERENCES.match(block.text)) or (before and block.role != "heading")


def _layout(block: _Block) -> str:
    """`list item`, `quote`, or `body`: what marks on the page say of a paragraph."""
    return "quote" if block.role == "body" and _QUOTED.match(block.text) else block.role


def _apparatus(blocks: list[_Block], number: int, *, in_references: bool) -> tuple[str, str] | None:
    """Role and rule of a paragraph that is nobody's prose: title, byline or reference."""
    block = blocks[number]
    if block.role == "heading" and not in_references:
        return "title", "marked as a heading"
    if block.role not in {"body", "heading"}:
        return ("reference", "stands under a heading for references") if in_references else None
    if _byline(block.text):
        return "byline", "'by' and a name"
    if in_references:
        return "reference", "stands under a heading for references"
    if _REFERENCE.match(block.text):
        return "reference", "laid out as a reference"
    short = len(block.text.split()) <= _LONGEST_TITLE
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    if short and following and following.role == "body" and _byline(following.text):
        return "title", "stands over a byline"
    if number == 0 and short and following and re.search(r"[\w)]$", block.text):
        return "title", "a short first line without a full stop"
    return None


def _byline(text: str) -> str | None:
    match = _BYLINE.match(text)
    return match[1] if match else None


def bylines(paragraphs: Iterable[Paragraph], text: str) -> set[str]:
    """The names in the bylines of a text, first and last ones each by itself."""
    return _names(text[paragraph.start : paragraph.end] for paragraph in paragraphs if paragraph.role == "byline")


def _names(texts: Iterable[str]) -> set[str]:
    return {part for text in texts if (by := _byline(text)) for part in by.split() if len(part) > 2}


def _leads_in(text: str, names: set[str]) -> bool:
    """Does the paragraph announce the author's words?"""
    last = re.split(r"(?<=[.!?])\s+", text)[-1]
    if len(last.split()) > _LONGEST_LEAD_IN:
        return False
    if _SPEAKS.search(last):
        return True
    return bool(_PRESENTS.search(last)) and (bool(_THIRD_PERSON.search(last)) or _names_author(text, names))


def _reader_returns(text: str, following: _Block | None, names: set[str]) -> str | None:
    """The cue by which a paragraph after the author's words is told to be the reader's, if there is one."""
    if following and following.role in {"list item", "quote"} and _THIRD_PERSON.search(text) and _leads_in(text, names):
        return "leads in somebody else's words"
    if _OWN_PART.match(text):
        return "a heading for one's own part"
    return speaks_of_a_text(text, names)


def speaks_of_a_text(text: str, names: set[str]) -> str | None:
    """The cue by which a paragraph is told to be about somebody else's text, or None.

    Args:
        text: The paragraph.
        names: Names of that text's author.

    Examples:
        >>> speaks_of_a_text("The author is wrong.", set())
        'speaks of the author'
    """
    if _names_author(text, names):
        return "names the author"
    if _THE_AUTHOR.search(text):
        return "speaks of the author"
    if _FIRST_PERSON.search(text) and _READING.search(text) and _THE_TEXT.search(text):
        return "speaks of reading the text"
    if re.match(r"(?:when|as|while|after|before|once|having)\b[^.,]*\bread(?:ing)?\b", text, re.IGNORECASE):
        return "opens with the reading"
    return None


def _names_author(text: str, names: set[str]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def _overruled(
    paragraphs: tuple[Paragraph, ...], source: Source, marks: tuple[VoiceMark, ...]
) -> tuple[Paragraph, ...]:
    """Cut the paragraphs where a sidecar's rows begin and end, and give each piece the voice that it is told."""
    if not marks:
        return paragraphs
    result: list[Paragraph] = []
    for paragraph in paragraphs:
        cuts = {paragraph.start, paragraph.end}
        cuts |= {cut for mark in marks for cut in (mark.start, mark.end) if paragraph.start < cut < paragraph.end}
        edges = sorted(cuts)
        for start, end in itertools.pairwise(edges):
            piece = source.text[start:end]
            left = start + len(piece) - len(piece.lstrip())
            right = end - len(piece) + len(piece.rstrip())
            if left >= right:
                continue
            part = replace(paragraph, start=left, end=right)
            told = next((mark.voice for mark in marks if mark.start < right and left < mark.end), None)
            if told is not None:
                part = replace(
                    part, voice=told, speaker=part.speaker if told == "apparatus" else told, rule="told by the sidecar"
                )
            result.append(part)
    return tuple(result)


def _pieces(paragraph: Paragraph, text: str) -> Iterator[Paragraph]:
    """A paragraph in pieces short enough to parse, cut at sentence ends, or else at blanks, or else anywhere."""
    start, cut = paragraph.start, paragraph.cut
    while paragraph.end - start > LONGEST_PARAGRAPH:
        latest = start + LONGEST_PARAGRAPH
        ends = [match.end() for match in _SENTENCE_END.finditer(text, start + LONGEST_PARAGRAPH // 2, latest)]
        blank = next((place for place in range(latest, start, -1) if text[place].isspace()), latest)
        end = ends[-1] if ends else blank
        piece = text[start:end].rstrip()
        if piece:
            yield replace(paragraph, start=start, end=start + len(piece), cut=cut)
        start, cut = end, True
        while text[start].isspace():
            start += 1
    yield replace(paragraph, start=start, cut=cut)
