"""Finds the lines of a page that are nobody's prose: titles, bylines, headers, salutations, signatures, references."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from analysis.layout import ENDS, Block
from analysis.letters import Found, is_postscript, letter_apparatus

_NAME = r"[A-Z][\w.'’-]*"
_BYLINE = re.compile(
    rf"(?:[—–-]\s*)?(?:[Ww]ritten\s+)?(?:[Bb]y|BY)\s+({_NAME}(?:\s+{_NAME}){{0,3}})\W*(?:\d[\d\s/.-]*)?$"
)
_FULL_NAME = rf"({_NAME}(?:\s+(?:{_NAME}|de|del|della|di|da|du|la|le|van|von|der|den|ter|al|bin|of)){{0,5}})"
_OUTLET = r"(?:\s*[,|·•/(–—-].{0,60})?[^\w.!?]*$"
_WRITTEN = (
    r"(?:words?|texts?|story|essay|article|column|opinion|writing|written|report(?:ing)?|author|a?n? ?essay|review)"
)
_OTHER_WORK = (
    r"(?:pictures?|photos?|photograph(?:s|y|er)?|images?|illustrations?|illustrat(?:or|ed)|art(?:work)?|drawings?|"
    r"edit(?:or|ed|ing)|translat(?:ion|ed|or)|design|cover)"
)
_CREDIT = re.compile(rf"[*_]?(?i:{_WRITTEN})\s*(?:[Bb][Yy]:?|[:|])\s*{_FULL_NAME}{_OUTLET}")
_PLAIN_CREDIT = re.compile(rf"(?:[Ww]ords|[Tt]ext|[Ss]tory)\s+({_NAME}(?:\s+{_NAME}){{1,3}})$")
_PLAIN_OTHER = re.compile(
    rf"(?:[Pp]hoto(?:graphy|graphs|s)?|[Pp]ictures?|[Ii]llustrations?|[Aa]rt|[Ii]mages?)\s+{_NAME}(?:\s+{_NAME}){{1,3}}$"
)
_BY = re.compile(rf"[*_(]?(?:[—–-]\s*)?(?:[Bb][Yy]|BY)\s+{_FULL_NAME}{_OUTLET}")
_OTHER_CREDIT = re.compile(rf"[*_]?(?i:{_OTHER_WORK})\s*(?:[Bb][Yy]:?|[:|])\s*{_NAME}.{{0,60}}$")
_PLAIN_NAME = re.compile(rf"({_NAME}(?:\s+(?:{_NAME}|de|la|van|von|der)){{1,3}})(?:\s*[|·,]\s.{{2,60}})?$")

_REFERENCES = re.compile(r"(?:references?|works cited|bibliography|sources?)\s*:?$", re.IGNORECASE)
_REFERENCE = re.compile(
    rf"{_NAME}, [A-Z]\."  # Surname, J.
    rf"|{_NAME}, {_NAME}[^.]*\((?:\d{{4}}|n\.d\.)"  # Surname, Jane (2016
    r"|(?:[Rr]etrieved|[Aa]vailable|[Aa]ccessed) (?:from|at|on)\b"
    r"|(?:[Ss]ource|[Vv]ia|[Ll]ink)\s*:"
    r"|\S+://\S+$"
)
RULER = re.compile(r"[-–—*_=~#•·.\s]{3,}$")
OWN_PART = re.compile(
    r"my (?:\w+ )?(?:thoughts?|response|reaction|reflections?|comments?|view|take)\W*$", re.IGNORECASE
)

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"(?:[\w' -]{2,30},\s+)?(?:the\s+)?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_MONTH}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?)(?:,?\s+\d{{2,4}})?\W*$"
    r"|\d{1,4}[./-]\d{1,2}[./-](?:\d{1,4})?\W*$"
)
_POSTED = re.compile(
    r"[*_>\W]{0,3}(?:Re-?)?(?:Posted|Published|Filed|Tagged|Tags|Categor(?:y|ies)|Updated|Last updated|"
    r"First published|Printed in|Reprinted|Reposted|Submitted|Joined|Likes|Reads?:|Reading time|Share this|"
    r"Comments? \(\d)\b[^.!?]*[*_.]{0,3}$"
)
_NOTE = re.compile(r"\[[^\[\]]*\]$|\((?:[^()]*\bwords?|[.…]+)\)$|…$|\.\.\.$")
# Somebody speaks in brackets: a sentence, and more than a few words.
_REMARK = re.compile(r"\[(?:[^\s\]]+\s+){7,}[^\s\]]+[.!?…][\"”’]?(?:\s[–—-]\s?[^\]]{1,30})?\]$")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^()]*\)\W*$")
_LINK = re.compile(r"!?\[[^\[\]]*\]\([^()\s]*\)|https?://\S+")
_SIGNED = re.compile(rf"(?:[—–-]\s?)?{_NAME}(?: {_NAME}){{0,3}}(?:, [a-z][^.!?]{{2,40}})?$")
_INITIALS = re.compile(r"(?:[—–-]\s?)?(?:[A-Z]\.? ?){1,3}$")
# "Ann Baker, The Bread of Others", "Hallway, issue 8", "from “On Bread”"
_COUNT = re.compile(r"(?:[IVXLC]{1,5}|\d{1,3})[.)]?$")
# "Ann Baker lives in Hull."
_LIVES = re.compile(
    r"(?:\s(?:is (?:an?|the)|lives|lived|writes|teaches|works|has (?:written|published|been)|edits|runs|"
    r"was (?:born|an?|the))|['’]s (?:\w+ )?(?:book|novel))\b"
)
_SELF = re.compile(r"\b(?:I|me|my|you|your|we|our)\b")
_LONGEST_LIFE = 40  # words
_SOURCE = re.compile(
    r"[\w.]+, (?:[“\"‘*_]|(?:The|A|An|On|In|From|Of|How|Why|What) [A-Z])|[”\"’*_]$"
    r"|\b(?:[Ii]ssue|[Vv]ol(?:ume)?|[Nn]o|pp?)\.? ?\d|\b(?:19|20)\d\d\b|\b[Ff]rom (?:the )?[A-Z“\"]"
)
_ARROW = re.compile(r"(?:->|→|=>)\s")
_FIELD = re.compile(r"[A-Z][\w'’ &/-]{0,24}:\s+\S")
_LEADS_IN = re.compile(r":$|\bhere(?:'s|’s| is| are| comes?)\b|\bthe following\b", re.IGNORECASE)
_FRONT_MATTER = re.compile(r"[\w-]+\s?:|[-\]\[]|\s")
_RESPONDS = re.compile(
    r"\b(?:repl(?:y|ies)|respon(?:se|ds?|ding)|reaction|comments?|notes|thoughts|review|letters?|answers?|answering|"
    r"reflections?|homework|assignment|reading (?:diary|journal|log|notes?))\b"
    r"|\bI read\b|\b(?:on|after) reading\b",
    re.IGNORECASE,
)

_LONGEST_TITLE = 25  # words
_LONGEST_LINE = 14  # words of a line that is set apart: a rubric, a name, an address
_LONGEST_HEAD = 14  # lines above the first prose
_TITLE_CASE = 0.6  # the share of its longer words that a title has in capitals


def plain_apparatus(blocks: Sequence[Block], number: int, *, in_references: bool) -> Found | None:
    """Role and rule of a paragraph that any kind of text sets apart: title, byline or reference."""
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
    short = block.words <= _LONGEST_TITLE
    following = blocks[number + 1] if number + 1 < len(blocks) else None
    if short and following and following.role == "body" and _byline(following.text):
        return "title", "stands over a byline"
    if number == 0 and short and following and re.search(r"[\w)]$", block.text):
        return "title", "a short first line without a full stop"
    return None


def is_in_references(block: Block, before: bool) -> bool:
    """Whether a paragraph belongs to the references: from their heading to the next one."""
    return bool(_REFERENCES.match(block.text)) or (before and block.role != "heading")


def find_apparatus(blocks: Sequence[Block], marked: Iterable[int]) -> dict[int, Found]:
    """The blocks of a document in mixed voices that are nobody's prose, with role and rule.

    Args:
        blocks: Its blocks, with labels taken off.
        marked: Those that are marked as a quotation, which is prose.

    Returns:
        Role and rule, by the number of the block.
    """
    found = letter_apparatus(blocks)
    quoted = set(marked)
    _find_front_matter(blocks, found)
    in_references = False
    for number, block in enumerate(blocks):
        in_references = is_in_references(block, in_references)
        if number in found:
            continue
        if block.role == "label":
            found[number] = "label", "says who speaks"
        elif told := plain_apparatus(blocks, number, in_references=in_references):
            if not OWN_PART.match(block.text) or block.role == "heading":
                found[number] = told
        elif (number not in quoted or block.role == "body") and not block.takes_turn and (told := _of_page(block)):
            found[number] = told
    if sum(block.takes_turn for block in blocks) > 2:
        for number, block in enumerate(blocks):
            if not block.takes_turn and block.words <= _LONGEST_LINE and not ENDS.search(block.text):
                found.setdefault(number, ("note", "stands outside of what is spoken"))
    prose = [
        number for number, block in enumerate(blocks) if number not in found and _is_prose(block, number in quoted)
    ]
    if prose:
        _find_head(blocks, found, prose[0])
        _find_tail(blocks, found, prose[-1])
        _find_names(blocks, found)
        _find_titles(blocks, found, quoted)
    return found


def _of_page(block: Block) -> Found | None:
    """What a line of its own is by its words alone: a credit, a date, a note of the one who typed it, a link."""
    text = block.text
    if RULER.match(text) or not any(map(str.isalnum, text[:100])):
        return "ruler", "a line of marks"
    if _COUNT.match(text):
        return "number", "the number of a part"
    if len(text) > 400 or block.role not in {"body", "quote", "list item"}:
        return None
    if text.startswith("©") or _IMAGE.match(text) or (_LINK.search(text) and not re.search(r"\w", _LINK.sub("", text))):
        return "note", "a picture or a link"
    if (_NOTE.match(text) and not _REMARK.match(text)) or (_ARROW.match(text) and not ENDS.search(text)):
        return "note", "set apart by brackets or an arrow"
    if block.role == "list item":
        return None
    if _writer(text):
        return "byline", "says who wrote it"
    if block.words <= 14 and (_OTHER_CREDIT.match(text) or _PLAIN_OTHER.match(text)):
        return "note", "says whose the pictures are"
    if block.words <= 8 and _DATE.match(text):
        return "header", "a date"
    if block.words <= 20 and _POSTED.match(text):
        return "header", "says when or where it was published"
    if block.words <= 15 and _is_in_capitals(text):
        return "title", "in capitals"
    return None


def _is_in_capitals(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) > 4 and " " in text.strip() and all(character.isupper() for character in letters)


def _find_front_matter(blocks: Sequence[Block], found: dict[int, Found]) -> None:
    """Add what stands above a document between two lines of dashes, as blogs have it."""
    if blocks and re.fullmatch(r"(?:---+|\+\+\++)", blocks[0].text):
        for number in range(1, min(len(blocks), 30)):
            if blocks[number].text == blocks[0].text:
                found |= dict.fromkeys(range(number + 1), ("header", "stands above the document between dashes"))
                return
            if not _FRONT_MATTER.match(blocks[number].text) and blocks[number].role == "body":
                return


def _is_prose(block: Block, quoted: bool) -> bool:
    if block.takes_turn or (block.label and not block.words < 10) or block.role == "list item":
        return True
    if quoted and block.role != "body":
        return block.words > 2
    return (block.words >= 4 and bool(re.search(r"[.!?…][\"'”’»)\]*_]*$", block.text))) or block.words > _LONGEST_TITLE


def _is_set_apart(block: Block) -> bool:
    """Whether a line looks like a title, a rubric, an address: short, and without the end of a sentence."""
    return (
        block.role == "body"
        and not block.takes_turn
        and block.words <= _LONGEST_LINE
        and not (ENDS.search(block.text) and not _FIELD.match(block.text))
        and not block.text[0].islower()
        and not _LEADS_IN.search(block.text)
        and not OWN_PART.match(block.text)
    )


def _in_title_case(text: str) -> bool:
    longer = [word for word in re.findall(r"[^\W\d_][\w'’-]*", text) if len(word) > 3]
    return len(longer) > 1 and sum(word[0].isupper() for word in longer) >= _TITLE_CASE * len(longer)


def _find_head(blocks: Sequence[Block], found: dict[int, Found], first: int) -> None:
    """Add the lines above the first prose, and those of a form that stand together with them."""
    for number in range(min(first, _LONGEST_HEAD)):
        block = blocks[number]
        if number in found or block.role != "body":
            continue
        asks = block.text[-1] in "?!" and _in_title_case(block.text)
        # In a block of lines, as an address is one, a line may begin with a small letter.
        beside = number and not block.apart and number - 1 in found and not ENDS.search(block.text)
        if _is_set_apart(block) or asks or (beside and block.words <= 6):
            is_name = number and "title" in found.get(number - 1, ("",))[0] and _PLAIN_NAME.match(block.text)
            found[number] = (
                ("byline", "a name under a title") if is_name else ("header", "stands above the first prose")
            )
    # A form may ask for a sentence: "Task: Respond to the essay. Quote from it."
    number = max((number for number in found if number < _LONGEST_HEAD), default=-1)
    top = [
        number for number in range(min(len(blocks), _LONGEST_HEAD)) if all(not b.apart for b in blocks[1 : number + 1])
    ]
    if len(top) > 1 and len(top) < len(blocks):
        fields = [
            number
            for number in top
            if number in found or (_FIELD.match(blocks[number].text) and not blocks[number].takes_turn)
        ]
        if fields == top or (2 * len(fields) > len(top) and all(blocks[n].words <= 20 for n in top)):
            for number in top:
                found.setdefault(number, ("header", "stands above the document"))


def _find_tail(blocks: Sequence[Block], found: dict[int, Found], last: int) -> None:
    """Add the lines below the last prose: a signature, or where a text came from."""
    tail = [n for n in range(last + 1, len(blocks)) if n not in found and _is_set_apart(blocks[n])]
    is_letter = any(role == "salutation" for role, _ in found.values())
    is_source = not is_letter and any(_SOURCE.search(blocks[n].text) for n in tail)
    for number in tail:
        found[number] = ("reference" if is_source else "signature"), "stands below the text"


def _find_names(blocks: Sequence[Block], found: dict[int, Found]) -> None:
    """Add the names that stand alone at the end, or above a postscript or another letter."""
    for number in range(1, len(blocks)):
        block = blocks[number]
        if number in found or block.role != "body" or block.takes_turn or block.words > 8:
            continue
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        ends = following is None or is_postscript(following.text)
        if not ends and found.get(number + 1, ("",))[0] not in {"header", "ruler"}:
            continue
        signed = _SIGNED.match(block.text)
        is_sentence = block.text.endswith(".") and (following is not None or block.words == 1)
        if _INITIALS.match(block.text) or (signed and not is_sentence):
            found[number] = "signature", "a name at the end"


def _find_titles(blocks: Sequence[Block], found: dict[int, Found], quoted: set[int]) -> None:
    """Add titles in the middle of a document, with the lines that stand together with them."""
    ends = [number for number in range(len(blocks)) if number == 0 or blocks[number].apart]
    for start, end in zip(ends, [*ends[1:], len(blocks)], strict=True):
        lines = range(start, end)
        loose = [number for number in lines if number not in found]
        if not loose or end == len(blocks) or end - start > 8 or any(n in quoted for n in loose):
            continue
        if not all(_is_set_apart(blocks[number]) for number in loose):
            continue
        anchored = len(loose) < len(lines) and any(
            found[n][0] in {"byline", "title", "header"} for n in lines if n in found
        )
        if anchored or len(loose) > 1 or _in_title_case(blocks[start].text):
            for number in loose:
                is_name = (
                    number and found.get(number - 1, ("",))[0] == "title" and _PLAIN_NAME.match(blocks[number].text)
                )
                found[number] = ("byline", "a name under a title") if is_name else ("title", "set apart like a title")


def _byline(text: str) -> str | None:
    match = _BYLINE.match(text) if len(text) < 300 else None
    return match[1] if match else None


def _writer(text: str) -> str | None:
    """The name in "By Ann Baker, Weekend", "words: Ann Baker", "Story by Ann Baker | 3 May"."""
    if len(text) > 160 or len(text.split()) > _LONGEST_LINE:
        return None
    match = _BY.match(text) or _CREDIT.match(text) or _PLAIN_CREDIT.match(text)
    return match[1] if match else None


def bylined(text: str) -> set[str]:
    """The names in a line that says who wrote a text, first and last ones each by itself.

    Examples:
        >>> sorted(bylined("words: Ann van der Baker")), sorted(bylined("By the way, yes."))
        (['Ann', 'Baker'], [])
    """
    by = _byline(text) or _writer(text)
    if by is None and len(text) < 100 and (name := _PLAIN_NAME.match(text)):
        by = name[1]
    parts = {part.strip(".,") for part in (by or "").split() if part[0].isupper()}
    return {part.title() if part.isupper() else part for part in parts if len(part) > 2}


def tells_of_life(block: Block, names: Collection[str]) -> bool:
    """Whether a line says who the author is, as magazines have it under an essay: "Ann Baker lives in Hull."."""
    if block.words > _LONGEST_LIFE or block.role != "body" or _SELF.search(block.text):
        return False
    name = re.match(rf"[*_(\[]{{0,2}}({_NAME}(?:\s{_NAME}){{1,3}}?)(?={_LIVES.pattern})", block.text)
    return name is not None and all(part in names for part in name[1].split() if len(part) > 2)


def responds(text: str) -> bool:
    """Whether a title is one for a reader's own text: "a reply", "thoughts on", "my response".

    Examples:
        >>> responds("Against the bargain: a reply")
        True
    """
    return bool(_RESPONDS.search(text) or OWN_PART.match(text))


def is_remark(text: str) -> bool:
    """Whether a paragraph is a remark in square brackets, as one who reads puts between another's words."""
    return bool(_REMARK.match(text))
