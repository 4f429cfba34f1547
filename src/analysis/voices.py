"""Says whose words each paragraph is, by layout and cue, or as a sidecar file tells it.

An essay is its author's and a response its reader's, but for what is quoted in so many marks. One document that mixes
both is decided as a whole: what is marked as a quotation or has somebody's name before it is told by its mark, and the
rest is cut into runs where all cues together, weighed, make it likeliest. What stays unsure is marked as such.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.apparatus import bylined, is_in_references, plain_apparatus
from analysis.cleaning import Source
from analysis.errors import InputError
from analysis.layout import find_blocks, quotations
from analysis.letters import letter_apparatus
from analysis.tables import read_csv
from analysis.voice_cues import speaks_of_a_text
from analysis.voice_mixed import find_mixed

__all__ = [
    "LONGEST_PARAGRAPH",
    "VOICES",
    "Paragraph",
    "VoiceMark",
    "bylines",
    "find_voices",
    "read_sidecar",
    "speaks_of_a_text",
    "voices_table",
]

VOICES = ("reader", "author", "apparatus")
_FILES = ("essay", "response")

# A parser's memory grows with what it is given at once: a line of a million characters took 3.4 GB.
LONGEST_PARAGRAPH = 20_000  # characters
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph: `start:end` of the cleaned text without list marker, quote mark and outer blanks.

    `speaker` is `reader` or `author` also where the voice is `apparatus`: the title of an essay is its author's.
    `role` says what it is on the page, `rule` what told its voice. `cut` is true where a longer paragraph had to be cut
    in two before it, `unsure` where the cues of a document that mixes both voices leave a doubt whose words these are.
    """

    start: int
    end: int
    voice: str
    speaker: str
    role: str
    rule: str
    cut: bool = False
    unsure: bool = False


@dataclass(frozen=True)
class VoiceMark:
    """One row of a sidecar: the characters `start:end` of the cleaned text are in `voice`."""

    start: int
    end: int
    voice: str


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
    if source.name == "document":
        paragraphs = tuple(
            Paragraph(block.start, block.end, told.voice, told.speaker, told.role, told.rule, unsure=told.unsure)
            for block, told in zip(*find_mixed(source), strict=True)
        )
    else:
        paragraphs = _one_writer(source, "author" if source.name == "essay" else "reader")
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


def _one_writer(source: Source, writer: str) -> tuple[Paragraph, ...]:
    """An essay or a response alone: all its words are its writer's, but for apparatus and marked quotations."""
    blocks = list(find_blocks(source.text))
    paragraphs: list[Paragraph] = []
    # What a reader quotes is the author's, and a response may come as a letter. An essay's quotations are part of it.
    quotes = quotations(blocks, source) if writer == "reader" else {}
    letter = letter_apparatus(blocks) if writer == "reader" else {}
    in_references = False
    for number, block in enumerate(blocks):
        in_references = is_in_references(block, in_references)
        apparatus = plain_apparatus(blocks, number, in_references=in_references)
        if apparatus := letter.get(number) or apparatus:
            role, rule = apparatus
            paragraphs.append(Paragraph(block.start, block.end, "apparatus", writer, role, rule))
        elif number in quotes:
            paragraphs.append(Paragraph(block.start, block.end, "author", "author", "quote", "marked as a quotation"))
        else:
            paragraphs.append(Paragraph(block.start, block.end, writer, writer, block.role, f"the {writer}'s own file"))
    return tuple(paragraphs)


def bylines(paragraphs: Iterable[Paragraph], text: str) -> set[str]:
    """The names in the bylines of a text, first and last ones each by itself."""
    told = [text[paragraph.start : paragraph.end] for paragraph in paragraphs if paragraph.role == "byline"]
    return set().union(*map(bylined, told))


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
                    part,
                    voice=told,
                    speaker=part.speaker if told == "apparatus" else told,
                    rule="told by the sidecar",
                    unsure=False,
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
