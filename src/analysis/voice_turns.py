"""Tells whose words a mark announces: a speaker's name before a turn, the depth of a quotation in e-mail."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from analysis.layout import AUTHOR_LABELS, READER_LABELS, Block
from analysis.letters import Found
from analysis.voice_cues import weigh

Mark = tuple[str, str, bool]  # voice, rule, and whether it is unsure

_FROM = re.compile(r"(?:From|Name|Student|By|Reader|Typed up by)\s?:\s+(.+)|(?:Posted|Submitted) by\s+([^,|·]+)")
_WROTE = re.compile(r"(?:On\b.*,\s*)?(\S.*?)\s+(?:wrote|writes|said|posted)\b[^:]*:$")
_NAME = re.compile(r"[A-Z][\w'’-]{2,}|\w+_\w+|[a-z]+\d+")
_LEAVE = frozenset("yours sincerely regards warmly best kind love cheers thanks many with the and from mrs".split())
_DOUBTFUL = 1.5  # log odds a turn, below which a speaker's voice is not sure


def own_names(blocks: Sequence[Block], apparatus: Mapping[int, Found]) -> set[str]:
    """What the reader is called, in small letters: the sender, the poster, the student, or who signed."""
    names: set[str] = set()
    sent = False
    for number, (role, _) in sorted(apparatus.items()):
        text = blocks[number].text
        if role == "signature" and blocks[number].depth == 0:
            names |= _names(text) - _LEAVE
        elif role == "header" and (match := _FROM.match(text)) and blocks[number].depth == 0:
            first = not text.startswith("From") or not sent  # a second one is of a message that was forwarded
            sent = sent or text.startswith("From")
            names |= _names(match[1] or match[2]) if first else set()
    return names


def _names(text: str) -> set[str]:
    return {name.lower() for name in _NAME.findall(re.sub(r"<[^<>]*>", "", text))}


def voices_of_labels(
    blocks: Sequence[Block], authors: Collection[str], own: Collection[str], quotes: Collection[int]
) -> dict[int, Mark]:
    """Whose words each labelled block is."""
    turns: defaultdict[str, list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        if block.label and block.role != "label" and number not in quotes:
            turns[block.label].append(number)
    if not turns:
        return {}
    lowered = {name.lower() for name in authors}
    sure = {label: voice for label in turns if (voice := _voice_of_name(label, turns.keys(), lowered, own))}
    odds = {
        label: sum(weigh(blocks[n].text, authors).odds for n in turns[label]) / len(turns[label]) for label in turns
    }
    open_labels = [label for label in turns if label not in sure]
    guessed: dict[str, tuple[str, bool]] = {}
    if len(turns) == 2 and len(open_labels) == 1:
        [known] = sure.values()
        guessed[open_labels[0]] = ("reader" if known == "author" else "author"), False
    elif len(turns) == 1 and open_labels:
        guessed[open_labels[0]] = "reader", False  # a reader who says their own name; the author's words need none
    elif len(open_labels) == 2 and len(turns) == 2 and len(quotes) < 2:
        one, other = sorted(open_labels, key=odds.__getitem__)
        unsure = odds[other] - odds[one] < _DOUBTFUL
        guessed = {one: ("reader", unsure), other: ("author", unsure)}
    else:
        has_author = "author" in sure.values() or bool(quotes)
        for label in open_labels:
            is_reader = has_author or odds[label] < 0
            guessed[label] = ("reader" if is_reader else "author"), not has_author
    told = {label: (voice, False) for label, voice in sure.items()} | guessed
    return {
        n: (told[label][0], f"stands behind the name {label!r}", told[label][1])
        for label in turns
        for n in turns[label]
    }


def _voice_of_name(label: str, labels: Collection[str], authors: Collection[str], own: Collection[str]) -> str:
    """The voice that a label tells by itself, or nothing."""
    if label == "q":
        return "reader" if "a" in labels else "author"
    if label == "a":
        return "author"
    if label in READER_LABELS or label in AUTHOR_LABELS:
        return "reader" if label in READER_LABELS else "author"
    parts = set(re.findall(r"\w[\w'’-]*", label))
    if not parts.isdisjoint(authors):
        return "author"
    if not parts.isdisjoint(own):
        return "reader"
    letters = [part[0] for part in re.findall(r"\w+", label)] if all(len(part) == 1 for part in parts) else []
    if len(letters) > 1:
        of_author = [any(name.startswith(letter) for name in authors) for letter in letters]
        of_reader = [any(name.startswith(letter) for name in own) for letter in letters]
        if all(of_author) != all(of_reader):
            return "author" if all(of_author) else "reader"
    return ""


def voices_of_depths(
    blocks: Sequence[Block], apparatus: Mapping[int, Found], authors: Collection[str], own: Collection[str]
) -> dict[int, Mark]:
    """Whose words each block quote is: the author's, unless e-mail says that it quotes the reader.

    "On Tuesday Ann wrote:" says whose the next depth is. Where it says so of one depth only, the depths below it take
    turns, as the mails of a thread do.
    """
    result: dict[int, Mark] = {}
    wrote: dict[int, str] = {}
    lowered = {name.lower() for name in authors}
    for number, block in enumerate(blocks):
        role = apparatus.get(number, ("", ""))[0]
        match = _WROTE.match(block.text) if role == "header" else None
        if match:
            names = _names(match[1])
            before = wrote.get(block.depth, "reader" if block.depth == 0 else "author")
            is_author = bool(names & lowered) or before == "reader"
            voice = "author" if is_author and names.isdisjoint(own) else "reader"
            # Some programs quote the line too, so that it stands at the depth it speaks of.
            begins = block.depth and block.depth not in wrote and (not number or blocks[number - 1].depth < block.depth)
            wrote = {depth: told for depth, told in wrote.items() if depth <= block.depth}
            wrote[block.depth + (not begins)] = voice
        elif role == "header" and block.depth == 0:
            wrote = {}
        if block.depth and role == "" and block.role == "quote":
            result[number] = _voice_of_depth(block.depth, wrote)
    return result


def _voice_of_depth(depth: int, wrote: Mapping[int, str]) -> Mark:
    if depth in wrote:
        return wrote[depth], "quoted from who is said to have written it", False
    above = max((known for known in wrote if known < depth), default=0)
    if not above:
        return "author", "marked as a quotation", False
    same = (depth - above) % 2 == 0
    voice = wrote[above] if same else "author" if wrote[above] == "reader" else "reader"
    return voice, "quoted by who is said to have written the quotation", depth - above > 1
