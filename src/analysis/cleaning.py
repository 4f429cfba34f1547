"""Loads a text and repairs only what breaks parsing, listing each repair; keeps the way back to the raw text.

What stays as it is: spelling, capitals, quotes (curled or not), no-break spaces, dashes, emoji. What is repaired:
byte-order marks, line endings, control characters, bytes in another encoding than the rest, text that is not in
Unicode's composed form (NFC, Unicode Standard Annex 15), lines that were broken to a fixed width, and the marks of
Markdown and HTML.
"""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.errors import InputError
from analysis.markup import Edit, find_markup, form_of

LIST_MARKER = re.compile(r"[ \t]*(?:[•◦▪‣·*+–-]|\(?\d{1,3}[.)]|\(?[a-z][.)])[ \t]+(?=\S)")
BLOCK_QUOTE = re.compile(r"[ \t]*>+[ \t]?")

LINE_ENDS = "\r\v\f\x85\u2028\u2029"  # all but the plain one

# Text set to a fixed width has lines between these bounds; longer lines are paragraphs that nobody broke.
NARROWEST, WIDEST = 40, 120

# A file with more control characters than this is no text but a program, a picture or the like.
MOST_CONTROLS = 0.02

# A text of this size takes minutes and a gigabyte; books are smaller.
LARGEST = 10_000_000  # bytes

# Among 8-bit encodings no English text has NULs; in UTF-16 it has one to each letter.
_NULS_IF_WIDE = 0.1

_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)


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
        """Read a text file in any common encoding; one in Markdown (`.md`) or HTML is read without its marks.

        Raises:
            InputError: If there is no such file, it holds no text, or more than 10 MB.
        """
        path = Path(path)
        try:
            with path.open("rb") as file:
                raw = file.read(LARGEST + 1)
        except FileNotFoundError:
            raise InputError(f"{path}: no such file. Give the path of a text file.") from None
        except IsADirectoryError:
            raise InputError(f"{path}: this is a directory. Give the path of one text file in it.") from None
        except (OSError, ValueError) as error:  # a NUL in a path is a ValueError
            raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error}).") from None
        return cls.from_bytes(raw, name=name, label=str(path), suffix=path.suffix)

    @classmethod
    def from_bytes(cls, raw: bytes, *, name: str = "document", label: str = "the text", suffix: str = "") -> Source:
        """Decode and clean bytes; `label` is what an error calls them, `suffix` tells Markdown (`.md`) from plain text.

        Raises:
            InputError: If the bytes are empty, blank, no text, or more than 10 MB.
        """
        if len(raw) > LARGEST:
            raise InputError(f"{label}: this is more than {LARGEST / 1e6:g} MB, the most that is read. Give a part.")
        encoding = _encoding(raw)
        decoded = None if encoding is None else raw.decode(encoding, errors="surrogateescape")
        if decoded is None or _is_binary(decoded):
            raise InputError(f"{label}: this is no text in an encoding we know. Save it as plain text in UTF-8.")
        text, repairs = clean(decoded, form_of(suffix, decoded))
        if not any(map(_is_visible, set(text))):
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
            len(self.decoded[:raw_start].encode(self.encoding, errors="surrogateescape")),
            len(self.decoded[:raw_end].encode(self.encoding, errors="surrogateescape")),
        )


def clean(decoded: str, form: str = "plain") -> tuple[str, tuple[Repair, ...]]:
    r"""Repair what breaks parsing; cleaning plain text twice changes nothing.

    Args:
        decoded: Any text.
        form: What its marks are: one of `analysis.markup.FORMS`.

    Returns:
        The cleaned text, and the repairs in order.

    Examples:
        >>> clean("cafe\u0301")[0]
        'café'
        >>> clean("as it is")
        ('as it is', ())
        >>> clean("<p>Fish &amp; chips</p>", "html")[0]
        'Fish & chips'
    """
    text, repairs = _edited(decoded, _edits(decoded))
    if form == "plain":
        return _join_wrapped_lines(text, repairs)
    bare, cut = _edited(text, find_markup(text, form))
    # What the marks kept apart may belong together: a letter and its accent, a reference to a control character.
    final, mended = _edited(bare, _edits(bare))
    composed = _composed(_composed(repairs, cut), mended)
    return final, tuple(
        replace(repair, raw_text=decoded[repair.raw_start : repair.raw_end], text=final[repair.start : repair.end])
        for repair in composed
    )


def _edited(text: str, edits: Iterable[Edit]) -> tuple[str, list[Repair]]:
    """A text with its edits made, and the repairs that they are."""
    pieces: list[str] = []
    repairs: list[Repair] = []
    position = raw_position = 0
    for raw_start, raw_end, new, kind in edits:
        pieces += [text[raw_position:raw_start], new]
        start = position + raw_start - raw_position
        position, raw_position = start + len(new), raw_end
        repairs.append(Repair(kind, raw_start, raw_end, start, position, text[raw_start:raw_end], new))
    return "".join([*pieces, text[raw_position:]]), repairs


def _composed(first: Sequence[Repair], second: Sequence[Repair]) -> list[Repair]:
    """Two rounds of repairs, the second made on the text that the first one left, as one round.

    Repairs that touch each other become one. Its texts are left to the caller, who has them.
    """
    if not second:
        return list(first)
    # All in the characters of the text between the two rounds.
    places = [(repair.start, repair.end, repair.kind) for repair in first]
    places += [(repair.raw_start, repair.raw_end, repair.kind) for repair in second]
    merged: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(places, key=lambda place: place[:2]):
        if merged and start <= merged[-1][1]:
            before = merged.pop()
            kinds = dict.fromkeys([*before[2].split(", "), kind])
            merged.append((before[0], max(before[1], end), ", ".join(kinds)))
        else:
            merged.append((start, end, kind))
    result = []
    to_raw = to_text = 0  # how many repairs of each round lie before
    raw_shift = shift = 0
    for start, end, kind in merged:
        raw_start, new_start = start + raw_shift, start + shift
        while to_raw < len(first) and first[to_raw].end <= end:
            raw_shift = first[to_raw].raw_end - first[to_raw].end
            to_raw += 1
        while to_text < len(second) and second[to_text].raw_end <= end:
            shift = second[to_text].end - second[to_text].raw_end
            to_text += 1
        result.append(Repair(kind, raw_start, end + raw_shift, new_start, end + shift, "", ""))
    return result


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
    # Short texts in an 8-bit encoding look like Chinese in UTF-16; NULs or a mark tell that it is really UTF-16.
    wide = raw.count(b"\0") > _NULS_IF_WIDE * len(raw) or raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not wide and _is_utf8(raw):
        return "utf_8"
    if (declared := _DECLARED.search(raw[:2000])) and (codec := _codec(declared[1])) and _decodes(raw, codec):
        return codec
    from charset_normalizer import from_bytes  # only here, because most texts are in UTF-8

    likely = ["utf_16", "utf_32", "utf_16_le", "utf_16_be", "utf_8"] if wide else ["cp1252", "mac_roman", "iso8859_15"]
    match = from_bytes(raw, cp_isolation=likely).best()
    return match.encoding if match is not None and _decodes(raw, match.encoding) else None


def _is_utf8(raw: bytes) -> bool:
    """Whether bytes are UTF-8, all or most of them: what is right by chance in another encoding is rare."""
    if _decodes(raw, "utf_8"):
        return True
    decoded = raw.decode("utf-8", errors="surrogateescape")
    wrong = sum(decoded.count(character) for character in set(decoded) if _is_stray_byte(character))
    return wrong < sum(decoded.count(character) for character in set(decoded) if character >= "\x80") - wrong


def _decodes(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _codec(name: bytes) -> str | None:
    """The 8-bit or UTF codec of a name that a page gives its encoding."""
    try:
        found = codecs.lookup(name.decode("ascii"))
    except (LookupError, ValueError):
        return None
    # Some that Python knows make bytes of bytes, or text of text.
    return found.name if found._is_text_encoding else None


def _is_binary(decoded: str) -> bool:
    strange = (c for c in set(decoded) if _is_stray_control(c) or c == "\ufffd")
    return sum(decoded.count(character) for character in strange) > MOST_CONTROLS * len(decoded)


def _is_visible(character: str) -> bool:
    return not character.isspace() and unicodedata.category(character) not in {"Cc", "Cf"}


def _is_stray_byte(character: str) -> bool:
    """What decoding with `surrogateescape` makes of a byte that is not UTF-8."""
    return "\udc80" <= character <= "\udcff"


def _as_windows(character: str) -> str:
    """A stray byte as the letter that it is in Windows-1252, the likeliest encoding by far of one in English text."""
    if not _is_stray_byte(character):
        return character
    return bytes([ord(character) - 0xDC00]).decode("cp1252", errors="replace")


def _is_stray_control(character: str) -> bool:
    return unicodedata.category(character) == "Cc" and character not in f"\t\n{LINE_ENDS}"


def _edits(decoded: str) -> Iterator[Edit]:
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
        kept = "".join(_as_windows(character) for character in old if not _is_stray_control(character))
        if any(map(_is_stray_byte, old)):
            kind = "wrong encoding"
        else:
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
        or _is_stray_byte(character)
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
