"""Finds what letters and e-mail have around their words: headers, salutation, signature."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.layout import ENDS, Block

Found = tuple[str, str]  # role and rule

_HEADER = re.compile(r"(?:From|To|Cc|CC|Bcc|Subject|Sent|Date|Reply-To|Re|RE|Fwd?|FW|Attachments?)\s?:\s+\S")
_WROTE = re.compile(
    r"(?:On|Am|Le)\b.{3,100}\b(?:wrote|writes)\s*:$"
    r"|\S.{0,60}\b(?:wrote|said|posted|writes)\s*\([^()]*\)\s*:$"
    r"|\S*[_\d]\S*\s(?:wrote|said|posted)\s*:$"
    r"|(?:Quote (?:from|by|of)|Originally posted by|In reply to|Replying to|Quoting)\b[^.!?]{0,80}$"
)
_MESSAGE = re.compile(
    r"\W*(?:begin|end(?: of)?|start(?: of)?)?\s*(?:forwarded|original|quoted) (?:message|e-?mail|text)\W*$",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    r"(?:My )?(?:Dear|Dearest|Hi|Hiya|Hello|Hey|Greetings|Good (?:morning|afternoon|evening|day)|To whom it may|"
    r"Sirs?|Madam)\b"
    r"[^.!?]{0,60}(?:(?:M[rs]{1,2}s?|Dr|Prof|St)\.[^.!?]{0,40})?[,:!–—-]?$"
)
_CALLED = re.compile(r"(?:[A-Z][\w'’.-]*)(?:,? (?:and |& )?[\w'’.-]+){0,3},$")
_CLOSING = re.compile(
    r"(?:Yours?|Sincerely|Kind|Kindest|Warm|Warmest|Best|With|Regards|Warmly|Cheers|Love|Lots of|Respectfully|"
    r"Faithfully|Fondly|Affectionately|Cordially|Thanks?|Many|Gratefully|In|Until|All|Take care|Ever|As ever|Always|"
    r"Hugs|xx?|Peace|Bye|Most|Very|Friendly|A)\b(?: [\w'’]+){0,6}[,.!–—-]?$"
)
_SURE_CLOSING = re.compile(
    r"(?:yours?|sincerely|regards|warmly|cheers|love|respectfully|faithfully|fondly|wishes|greetings|thanks|gratefully|"
    r"hugs|ever|always|cordially|affectionately|care|truly|gratitude)\b",
    re.IGNORECASE,
)
# "Best, Ann"
_SIGNED_CLOSING = re.compile(
    r"(?:Yours|Best|Love|Cheers|Thanks|Regards|Warmly|Sincerely|(?:Yours|Kind|Best|Warm|Many|All the) [a-z]+),? "
    r"(?:[A-Z][\w'’-]*\.? ?){1,3}x*\.?$"
)
_POSTSCRIPT = re.compile(r"(?:P\.?\s?){1,3}S\b")
_SIGN_OFF = re.compile(r"--? ?$|—$")


def letter_apparatus(blocks: Sequence[Block]) -> dict[int, Found]:
    """The headers, salutation and signature of letters and e-mail, by the number of the block."""
    found: dict[int, Found] = {}
    for number, block in enumerate(blocks):
        if block.words <= 30 and block.role in {"body", "quote"} and (told := _of_mail(block)):
            found[number] = told
    first = True  # whether nothing but such lines stands before
    for number, block in enumerate(blocks):
        first = first and (number == 0 or number - 1 in found)
        if number in found or block.role not in {"body", "quote"} or block.words > 10:
            continue
        if _SALUTATION.match(block.text) and (first or block.text[-1] in ",:!–—-" or block.text.startswith("Dear")):
            found[number] = "salutation", "greets somebody"
        elif _CALLED.match(block.text) and first and number + 1 < len(blocks):
            found[number] = "salutation", "calls somebody by name at the head"
    _find_signatures(blocks, found)
    return found


def _of_mail(block: Block) -> Found | None:
    if _HEADER.match(block.text) and (block.words <= 20 or not ENDS.search(block.text)):
        return "header", "a header of e-mail"
    if _WROTE.match(block.text):
        return "header", "says who wrote what is quoted"
    if _MESSAGE.match(block.text):
        return "header", "the edge of a forwarded message"
    return None


def _find_signatures(blocks: Sequence[Block], found: dict[int, Found]) -> None:
    """Add the closing formula of a letter, and the names under it."""
    number = 0
    while number < len(blocks):
        block = blocks[number]
        start = number
        number += 1
        if start in found or block.role not in {"body", "list item", "quote"} or start == 0:
            continue
        if _SIGN_OFF.match(block.text) and not block.text.startswith("---"):
            after = _names_below(blocks, number, found, most=6)
            if after > number:
                found |= dict.fromkeys(range(start, after), ("signature", "follows the mark of a signature"))
        elif _is_closing(block, blocks[number] if number < len(blocks) else None):
            after = _names_below(blocks, number, found, most=4)
            found |= dict.fromkeys(range(start, after), ("signature", "takes leave"))
            number = after


def _is_closing(block: Block, following: Block | None) -> bool:
    if block.words > 7 or block.text.endswith("?"):
        return False
    if _SIGNED_CLOSING.match(block.text):
        return True
    if not _CLOSING.match(block.text):
        return False
    sure = bool(_SURE_CLOSING.search(block.text))
    if block.text.endswith(","):
        return sure or following is None or _is_signed(following)
    if following is None:
        return sure and not ENDS.search(block.text)
    return sure and _is_signed(following) and (not ENDS.search(block.text) or block.words <= 3)


def _is_signed(block: Block) -> bool:
    """Whether a line may be somebody's name."""
    text = block.text.strip("()*_—–- ")
    return (
        block.role in {"body", "quote"}
        and block.words <= 6
        and bool(text)
        and (text[0].isupper() or not ENDS.search(text))
        and not re.search(r"[!?:;…]$|[a-z]{4,}\.$", text)
        and not _POSTSCRIPT.match(text)
    )


def _names_below(blocks: Sequence[Block], start: int, found: dict[int, Found], *, most: int) -> int:
    """Where the lines end that may be a name, a title, or an address."""
    number = start
    while number < min(start + most, len(blocks)) and number not in found and _is_signed(blocks[number]):
        if number > start and blocks[number].apart and blocks[number].words > 3:
            break
        number += 1
    return number


def is_postscript(text: str) -> bool:
    """Whether a paragraph is one under a letter: "P.S. Thanks."."""
    return bool(_POSTSCRIPT.match(text))
