"""Reads the page of a text: its lines as blocks, and what marks them as a quotation or as somebody's turn to speak.

Nothing here asks whose words they are; `analysis.voices` does.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from analysis.cleaning import BLOCK_QUOTE, LIST_MARKER, Source

_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_INDENTED = re.compile(r"(?: {4}|\t)\s*(?=\S)")
_QUOTED = re.compile(r"“[^“”]+”\W{0,2}$|\"[^\"]+\"\W{0,2}$|«[^«»]+»\W{0,2}$")

ENDS = re.compile(r"[.!?…:;,][\"'”’»)\]*_]*$")  # a sentence, or a part of one

# Where a quotation came from, behind it: "(p. 4)", "[12]", "— Baker".
_PAGE = re.compile(r"\s*[(\[][^()\[\]]{1,30}[)\]]\W{0,2}$|\s*[—–]\s*[^—–“”\"]{2,40}$")
# Where it came from, before it: "p. 4: ".
_PLACE = re.compile(
    r"[(\[]?(?:(?:pp?|ll?|par)\.|pages?|lines?|§|(?=\d))\s?\d{1,4}(?:\s?[-–]\s?\d{1,4})?[)\]]?\s*[:,.–—-]?\s*(?=[“„‘\"'«»])",
    re.IGNORECASE,
)
_QUOTES = {"“": "”", "„": "“”", "‘": "’", '"': '"', "'": "'", "«": "»", "»": "«"}
_ITALIC = re.compile(r"(\*{1,3}|_{1,3})(?![\s*_])[^*_]+(?<!\s)\1\W{0,2}$")
_OPENS_ITALICS = re.compile(r"(?:[*_]|<(?:em|i|cite|q)\b[^<>]*>)$")
_CLOSES_ITALICS = re.compile(r"[*_]|</(?:em|i|cite|q)>")
_ANY_ITALICS = re.compile(r"\B[*_]\w|\w[*_]\B|</(?:em|i|cite|q)>")
_FEWEST_IN_LIST = 5  # words; a list of single words in quotation marks is one's own
_FEWEST_IN_ITALICS = 8  # words; shorter ones are a caption or a cry

_NAME_PART = r"(?:[A-Z][\w'’-]*\.?|(?:[A-Z]\.)+)"
_NUMBER = r"(?:\s?(?:[Nn]o\.? ?)?\d{1,2})?"
_LABEL = re.compile(
    rf"[*_(\[]{{0,3}}({_NAME_PART}(?:\s(?:{_NAME_PART}|[a-z]{{3,9}})){{0,2}}|[a-z]{{1,9}}){_NUMBER}[*_)\]]{{0,3}}"
    r"(?::|\s[–—-])[*_]{0,3}\s+(?=\S)"
)
_BRACKETED = re.compile(rf"\[([A-Za-z][\w .'’-]{{0,30}}?){_NUMBER}\]:?[ \t]+(?=\S)")
_LABEL_LINE = re.compile(
    rf"[*_]{{0,3}}(?:\[([A-Za-z][\w .'’-]{{0,30}}?){_NUMBER}\]:?|([A-Za-z][\w .'’-]{{0,30}}?){_NUMBER}:)[*_]{{0,3}}$"
)
_NO_LABELS = frozenset(
    "from to cc bcc subject sent date re fw fwd ps pps note nb update edit http https source via link tags title"
    " photo time place question answer pause laughter laughs applause silence tape".split()
)
_READERS = "comment comments response reply reaction notes note thoughts answer take view opinion commentary".split()
READER_LABELS = frozenset(
    [*"me i mine myself reader student interviewer".split(), *_READERS]
    + [f"{whose} {what}" for whose in ("my", "reader's", "reader’s", "student's", "student’s") for what in _READERS]
)
_AUTHORS = "author text essay quote quotation article writer original passage excerpt column extract".split()
AUTHOR_LABELS = frozenset(
    [*_AUTHORS, *(f"{start} {what}" for start in ("the", "from the", "author's", "author’s") for what in _AUTHORS)]
)
_ROLE_LABELS = READER_LABELS | AUTHOR_LABELS | {"q", "a"}


@dataclass(frozen=True)
class Block:
    """A paragraph as it lies on the page, before anybody asks whose it is.

    `start:end` leaves out list marker, quote marks, label and outer blanks. `depth` counts the marks of a block quote,
    `apart` says whether a blank line stands before it, `label` who is said to speak, in small letters.
    """

    start: int
    end: int
    text: str
    role: str
    depth: int = 0
    indented: bool = False
    apart: bool = True
    label: str = ""
    takes_turn: bool = False  # whether the label stands right before it

    @functools.cached_property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())


def find_blocks(text: str) -> Iterator[Block]:
    """The lines of a text that hold words, in order."""
    offset, apart = 0, True
    for line in text.split("\n"):
        start, role, depth = 0, "body", 0
        if quote := BLOCK_QUOTE.match(line):
            start, role = quote.end(), "quote"
            depth = quote[0].count(">")
            while nested := BLOCK_QUOTE.match(line, start):  # "> > so"
                start, depth = nested.end(), depth + nested[0].count(">")
        indented = bool(_INDENTED.match(line))
        if marker := LIST_MARKER.match(line, start):
            start, role = marker.end(), "list item" if role == "body" else role
        if heading := _HEADING.match(line, start):
            start, role = heading.end(), "heading"
        words = line[start:]
        left = start + len(words) - len(words.lstrip())
        right = len(line.rstrip())
        if left < right:
            yield Block(offset + left, offset + right, line[left:right], role, depth, indented, apart)
        apart = left >= right
        offset += len(line) + 1


def is_quoted(text: str) -> bool:
    """Whether a whole paragraph stands in one pair of quotation marks, with its page behind it or not.

    Examples:
        >>> is_quoted("‘It wasn’t I.’ (p. 4)"), is_quoted("“No”, he said, “never.”")
        (True, False)
    """
    if _QUOTED.match(text):
        return True
    if place := _PLACE.match(text):
        text = text[place.end() :]
    if not text or text[0] not in _QUOTES:
        return False
    if page := _PAGE.search(text, max(len(text) - 60, 1)):
        text = text[: page.start()]
    closes = _QUOTES[text[0]]
    bare = text.rstrip(" .,;:!?…")
    if len(bare) < 3 or bare[-1] not in closes:
        return False
    inner = bare[1:-1]
    if text[0] in "‘'":  # these are apostrophes too, so look for one that closes before the end
        return text[0] not in (inner if text[0] == "‘" else "") and not re.search(r"[.,!?…][’'](?=[\s—])", inner)
    return text[0] not in inner and not any(mark in inner for mark in closes)


def quotations(blocks: Sequence[Block], source: Source) -> dict[int, str]:
    """Which blocks are marked as a quotation, and by what: `block quote`, `quotation marks`, `italics`, `indentation`.

    A quotation of several paragraphs opens each with a mark and closes the last one only.
    """
    found: dict[int, str] = {}
    opened: list[int] = []
    indented = sum(block.indented for block in blocks if block.role == "body")
    some_are_not = 2 * indented <= sum(block.role == "body" for block in blocks) + 1
    for number, block in enumerate(blocks):
        if block.role == "quote":
            found[number], opened = "block quote", []
        elif block.role == "list item" and block.words >= _FEWEST_IN_LIST and is_quoted(block.text):
            found[number], opened = "quotation marks", []
        elif block.role != "body":
            opened = []
        elif is_quoted(block.text):
            found |= dict.fromkeys([*opened, number], "quotation marks")
            opened = []
        elif block.words >= _FEWEST_IN_ITALICS and (_ITALIC.match(block.text) or _was_in_italics(block, source)):
            found[number], opened = "italics", []
        elif block.indented and some_are_not:
            found[number], opened = "indentation", []
        elif (
            opened
            and (_opens(block.text) or not re.search(r"[“\"]", block.text[:-3]))
            and re.search(r"[”\"]\W{0,2}$", block.text)
        ):
            found |= dict.fromkeys([*opened, number], "quotation marks")
            opened = []
        elif _opens(block.text):
            opened.append(number)
        else:
            opened = []
    return found


def _was_in_italics(block: Block, source: Source) -> bool:
    """Whether a paragraph stood in italics as a whole, before cleaning took off the marks of Markdown or HTML."""
    if not source.repairs:
        return False
    start, end = source.to_raw(block.start, block.end)
    within = source.decoded[start:end]
    opens = _OPENS_ITALICS.search(source.decoded[max(start - 20, 0) : start])
    closes = _CLOSES_ITALICS.match(source.decoded[end : end + 20])
    return bool(opens and closes) and not _ANY_ITALICS.search(within)


def _opens(text: str) -> bool:
    """Whether a paragraph opens a quotation and does not close it."""
    return (text[0] == "“" and "”" not in text) or (text[0] == '"' and '"' not in text[1:])


def labelled(blocks: Iterable[Block]) -> list[Block]:
    """The blocks with the labels of those who speak, "Me: yes", "E.S.: Why?", taken off into `label`.

    A name is a label if it stands so more than once. What stands under a label on its own line has it too.
    """
    blocks = list(blocks)
    inline = [_label(block) for block in blocks]
    inline[: _form(blocks, inline)] = [("", 0)] * _form(blocks, inline)
    lines = [_label_line(block) for block in blocks]
    counts = Counter(name for name, _ in inline if name) + Counter(filter(None, lines))
    known = {name for name, count in counts.items() if count > 1 or name in _ROLE_LABELS}
    if sum(counts[name] for name in known) < 2 or known <= {"a", "i"}:
        return blocks
    result, under = [], ""
    for block, (name, end), line in zip(blocks, inline, lines, strict=True):
        if line in known:
            under = line
            result.append(replace(block, role="label"))
        elif name in known:
            under = ""
            result.append(replace(block, start=block.start + end, text=block.text[end:], label=name, takes_turn=True))
        else:
            under = "" if block.role == "heading" else under
            result.append(replace(block, label=under))
    return result


def _form(blocks: Sequence[Block], inline: Sequence[tuple[str, int]]) -> int:
    """How many lines at the head are a form: "Author: ...", "Student: ...", each word once, and then a blank line."""
    end = next((number for number, block in enumerate(blocks) if number and block.apart), 0)
    names = [name for name, _ in inline[:end] if name]
    return end if len(names) > 1 and len(set(names)) == len(names) else 0


def _label(block: Block) -> tuple[str, int]:
    """The label at the head of a block, in small letters, and how long it is with its mark."""
    match = _BRACKETED.match(block.text) or _LABEL.match(block.text) if block.role != "heading" else None
    name = match[1].lower() if match else ""
    if not match or name.replace(".", "") in _NO_LABELS:
        return "", 0
    # A dash, or a word in small letters, is a label's only where the word can be nothing else.
    plain = ":" in match[0] or "]" in match[0]
    is_name = plain and match[1][0].isupper() and (match[1].istitle() or match[1].isupper() or " " not in match[1])
    return (name, match.end()) if is_name or name in _ROLE_LABELS else ("", 0)


def _label_line(block: Block) -> str:
    """The label that a block is, in small letters, if it is nothing else."""
    if block.role == "heading":
        name = block.text.strip(" :*_[]0123456789").lower()
        return name if name in _ROLE_LABELS else ""
    match = _LABEL_LINE.match(block.text)
    name = (match[1] or match[2]).lower() if match else ""
    if not match or name in _NO_LABELS:
        return ""
    is_name = (match[1] or match[2])[0].isupper() and len(name.split()) < 3
    return name if name in _ROLE_LABELS or is_name else ""
