"""Loads a text and repairs only what breaks parsing, listing each repair; keeps the way back to the raw text.

What stays as it is: spelling, capitals, quotes (curled or not), no-break spaces, dashes, emoji. What is repaired:
byte-order marks, line endings, control characters, text that is not in Unicode's composed form (NFC, Unicode
Standard Annex 15), and lines that were broken to a fixed width.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from charset_normalizer import from_bytes

from analysis.errors import InputError

LIST_MARKER = re.compile(r"[ \t]*(?:[•◦▪‣·*+–-]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+(?=\S)")
BLOCK_QUOTE = re.compile(r"[ \t]*>+[ \t]?")

LINE_ENDS = "\r\v\f\x85\u2028\u2029"  # all but the plain one

# Text set to a fixed width has lines between these bounds; longer lines are paragraphs that nobody broke.
NARROWEST, WIDEST = 40, 120

# A file with more control characters than this is no text but a program, a picture or the like.
MOST_CONTROLS = 0.02


@dataclass(frozen=True)
class Repair:
    """One change that cleaning made.

    `raw_start:raw_end` are characters of the decoded file, `start:end` of the cleaned text; both are half-open.
    """

    kind: str
    raw_start: int
    raw_end: int
    start: int
    end: int
    raw_text: str
    text: str


@dataclass(frozen=True)
class Source:
    r"""One text as read: the bytes, the characters they stand for, the cleaned text, and the repairs between the two.

    Examples:
        >>> source = Source.from_text("One line.\r\nAnother.")
        >>> source.text
        'One line.\nAnother.'
        >>> [repair.kind for repair in source.repairs]
        ['line ending']
        >>> source.to_raw(10, 17), source.decoded[11:18]
        ((11, 18), 'Another')
    """

    name: str
    raw: bytes
    encoding: str
    decoded: str
    text: str
    repairs: tuple[Repair, ...]

    @classmethod
    def from_path(cls, path: str | Path, *, name: str = "document") -> Source:
        """Read a text file in any common encoding.

        Raises:
            InputError: If there is no such file, or it holds no text.
        """
        path = Path(path)
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            raise InputError(f"{path}: no such file. Give the path of a text file.") from None
        except IsADirectoryError:
            raise InputError(f"{path}: this is a directory. Give the path of one text file in it.") from None
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}).") from None
        return cls.from_bytes(raw, name=name, label=str(path))

    @classmethod
    def from_bytes(cls, raw: bytes, *, name: str = "document", label: str = "the text") -> Source:
        """Decode and clean bytes; `label` is what an error calls them.

        Raises:
            InputError: If the bytes are empty, blank, or no text.
        """
        encoding = _encoding(raw)
        decoded = None if encoding is None else raw.decode(encoding)
        if decoded is None or _is_binary(decoded):
            raise InputError(f"{label}: this is no text in an encoding we know. Save it as plain text in UTF-8.")
        text, repairs = clean(decoded)
        if not text.strip():
            raise InputError(f"{label}: the file holds no words. Give a file with the text in it.")
        assert encoding is not None
        return cls(name, raw, encoding, decoded, text, repairs)

    @classmethod
    def from_text(cls, text: str, *, name: str = "document") -> Source:
        """Clean text that is at hand already.

        Raises:
            InputError: If the text is blank.
        """
        return cls.from_bytes(text.encode("utf-8", errors="replace"), name=name)

    def to_raw(self, start: int, end: int) -> tuple[int, int]:
        """The characters `start:end` of the decoded file that the cleaned characters `start:end` come from.

        A span that touches a repair takes in the whole of it.

        Raises:
            ValueError: If the span does not lie within the cleaned text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span {start}:{end} does not lie within the text's 0:{len(self.text)}")
        raw_start = _raw_position(self.repairs, start, at_end=False)
        return raw_start, raw_start if start == end else _raw_position(self.repairs, end, at_end=True)

    def to_bytes(self, start: int, end: int) -> tuple[int, int]:
        """The bytes `start:end` of the file that the cleaned characters `start:end` come from."""
        raw_start, raw_end = self.to_raw(start, end)
        return (
            len(self.decoded[:raw_start].encode(self.encoding)),
            len(self.decoded[:raw_end].encode(self.encoding)),
        )


def clean(decoded: str) -> tuple[str, tuple[Repair, ...]]:
    r"""Repair what breaks parsing; cleaning twice changes nothing.

    Args:
        decoded: Any text.

    Returns:
        The cleaned text, and the repairs in order.

    Examples:
        >>> clean("cafe\u0301")[0]
        'café'
        >>> clean("as it is")
        ('as it is', ())
    """
    pieces: list[str] = []
    repairs: list[Repair] = []
    position = raw_position = 0
    for raw_start, raw_end, new, kind in _edits(decoded):
        pieces += [decoded[raw_position:raw_start], new]
        start = position + raw_start - raw_position
        position, raw_position = start + len(new), raw_end
        repairs.append(Repair(kind, raw_start, raw_end, start, position, decoded[raw_start:raw_end], new))
    text = "".join([*pieces, decoded[raw_position:]])
    return _join_wrapped_lines(text, repairs)


def _raw_position(repairs: Sequence[Repair], position: int, *, at_end: bool) -> int:
    """Where a boundary of the cleaned text lies in the decoded text, by the repairs before it."""
    before = bisect_right(repairs, position, key=lambda repair: repair.start) - 1
    while at_end and before >= 0 and repairs[before].start == position:
        before -= 1  # what is repaired right behind a span's end is no part of the span
    if before < 0:
        return position
    repair = repairs[before]
    if position < repair.end:
        return repair.raw_end if at_end else repair.raw_start
    return repair.raw_end + position - repair.end


def _encoding(raw: bytes) -> str | None:
    """The encoding that charset-normalizer finds the likeliest, among those in which English is written."""
    if b"\0" not in raw:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return "utf_8"
    # Short texts in an 8-bit encoding look like Chinese in UTF-16; a NUL or a mark tells that it is really UTF-16.
    wide = b"\0" in raw or raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    likely = ["utf_16", "utf_32", "utf_16_le", "utf_16_be", "utf_8"] if wide else ["cp1252", "mac_roman", "iso8859_15"]
    match = from_bytes(raw, cp_isolation=likely).best()
    return None if match is None else match.encoding


def _is_binary(decoded: str) -> bool:
    strange = (c for c in set(decoded) if _is_stray_control(c) or c == "\ufffd")
    return sum(decoded.count(character) for character in strange) > MOST_CONTROLS * len(decoded)


def _is_stray_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character not in f"\t\n{LINE_ENDS}"


def _edits(decoded: str) -> Iterator[tuple[int, int, str, str]]:
    """What to replace in the decoded text, in order: start, end, new text, kind."""
    present = set(decoded)
    odd = sorted(character for character in present if _needs_a_look(character))
    if not odd and present.isdisjoint(LINE_ENDS):
        return
    # A character goes with all that may join it: composing looks across control characters that we take out.
    odd_run = rf"|.?[{re.escape(''.join(odd))}]+" if odd else ""
    for match in re.finditer(rf"\r\n|[{LINE_ENDS}]{odd_run}", decoded, flags=re.DOTALL):
        old = match[0]
        if old[0] in LINE_ENDS:
            yield match.start(), match.end(), "\n", "line ending"
            continue
        kept = "".join(character for character in old if not _is_stray_control(character))
        kind = "not composed" if kept == old else "control character"
        if match.start() == 0 and kept.startswith("\ufeff"):
            kept, kind = kept.lstrip("\ufeff"), "byte-order mark"
        new = unicodedata.normalize("NFC", kept)
        if new != old:
            yield match.start(), match.end(), new, kind


def _needs_a_look(character: str) -> bool:
    return (
        character == "\ufeff"
        or _is_stray_control(character)
        or unicodedata.category(character).startswith("M")
        or "\u1160" <= character <= "\u11ff"  # Hangul vowels and finals join what stands before them
        or not unicodedata.is_normalized("NFC", character)
    )


def _join_wrapped_lines(text: str, repairs: list[Repair]) -> tuple[str, tuple[Repair, ...]]:
    """Turn the line ends within paragraphs that were set to a fixed width into spaces, which keeps every offset.

    A line was broken to fit where the next line's first word had no room on it. A paragraph is joined only if
    that is so of all its lines but the last, and only in a text without any long line.
    """
    lines = text.split("\n")
    width = max((len(line) for line in lines if " " in line.strip()), default=0)
    if not NARROWEST <= width <= WIDEST:
        return text, tuple(repairs)
    joined: list[int] = []
    unit: list[tuple[int, str]] = []  # (offset, line) of the paragraph so far
    offset = 0
    for line in [*lines, ""]:
        if not line.strip() or LIST_MARKER.match(line) or BLOCK_QUOTE.match(line):
            joined += _breaks(unit, width)
            unit = []
        if line.strip():
            unit.append((offset, line))
        offset += len(line) + 1
    if not joined:
        return text, tuple(repairs)
    ended = {repair.start: index for index, repair in enumerate(repairs) if repair.kind == "line ending"}
    joined_set = set(joined)
    wrapped = []
    for position in joined:
        if position in ended:
            wrapped.append(replace(repairs[ended[position]], kind="wrapped line", text=" "))
        else:
            raw = _raw_position(repairs, position, at_end=False)
            wrapped.append(Repair("wrapped line", raw, raw + 1, position, position + 1, "\n", " "))
    kept = [repair for repair in repairs if repair.kind != "line ending" or repair.start not in joined_set]
    characters = list(text)
    for position in joined:
        characters[position] = " "
    return "".join(characters), tuple(sorted([*kept, *wrapped], key=lambda repair: (repair.raw_start, repair.start)))


def _breaks(unit: list[tuple[int, str]], width: int) -> list[int]:
    """The offsets of the line ends in one paragraph, if all its lines but the last are full; else none."""
    for (_, line), (_, following) in itertools.pairwise(unit):
        if len(line.rstrip()) + 1 + len(following.split()[0]) <= width:
            return []
    return [offset + len(line) for offset, line in unit[:-1]]
