"""Decides whose words are whose in one document that mixes a reader's commentary and an author's essay."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.apparatus import OWN_PART, bylined, responds
from analysis.cleaning import Source
from analysis.layout import Block
from analysis.letters import is_postscript
from analysis.voice_cues import echoes, hands_over, leads_in, sums_up, third_persons, weigh
from analysis.voice_page import (
    STEP_AT_EDGE,
    STEP_AT_LEAD_IN,
    STEP_AT_LIST,
    STEP_IN_TALK,
    Group,
    Page,
    group_up,
    is_readers_title,
    look_at,
)
from analysis.voice_runs import Decided, Unit, decide

_PASTED = re.compile(r"(?:the )?(?:essay|text|article|original|excerpt|passage|piece)\b.{0,60}$", re.IGNORECASE)
_FORWARDED = re.compile(r"\W*(?:begin|start)?\W*(?:of )?\s*(?:forwarded|original|quoted) ", re.IGNORECASE)
_END_FORWARDED = re.compile(r"\W*end\b", re.IGNORECASE)

_ABRUPT = 1.5  # how much less it costs to come to a comment that has to be there
_READER_FIRST = -2.5  # log odds that the author has the first words, if nothing says so
_QUOTES_MUCH = 0.12  # the share of words in marked quotations from which on a document lives by quoting
_FEWEST_QUOTED = 10  # words; shorter ones may be what somebody said in a story
_FEWEST_IN_ESSAY = 20  # words; a shorter paragraph says too little of whose it is
_SURE = 0.88
_COMMENTS = -1.4  # log odds of cues from which on a document surely comments on a text


@dataclass(frozen=True)
class Told:
    """Whose words a block is; see `analysis.voices.Paragraph`."""

    voice: str
    speaker: str
    role: str
    rule: str
    unsure: bool


def find_mixed(source: Source) -> tuple[list[Block], list[Told]]:
    r"""Tell whose words each block of a document is.

    Args:
        source: The document.

    Returns:
        The blocks, and what is told of each.

    Examples:
        >>> text = "She writes:\n\n“Bread is hard, and it takes time.”\n\nI disagree."
        >>> blocks, told = find_mixed(Source.from_text(text))
        >>> [one.voice for one in told]
        ['reader', 'author', 'reader']
    """
    page = look_at(source)
    groups = group_up(page)
    _weigh_words(page, groups)
    _weigh_edges(page, groups)
    _weigh_lists(page, groups)
    _weigh_whole(page, groups)
    units = [
        Unit(
            group.odds,
            group.step,
            "\n".join(page.blocks[n].text for n in group.numbers),
            group.mark[0] if group.mark else "",
        )
        for group in groups
    ]
    start = _start(page, groups)
    # Where the essay comes first, there is a comment somewhere after it, and often nothing marks where it begins.
    decided = decide(units, start=start, abrupt=_ABRUPT if start > _READER_FIRST else 0.0)
    return page.blocks, _tell(page, groups, decided)


def _weigh_words(page: Page, groups: Sequence[Group]) -> None:
    """Add what the words of each group say by themselves, and who echoes whom."""
    echoed = echoes(page.blocks, [number for group in groups for number in group.numbers])
    for group in groups:
        if group.mark:
            continue
        for number in group.numbers:
            weighed = weigh(page.blocks[number].text, page.authors)
            # A list of ten items is not ten times as sure.
            group.push(weighed.odds / len(group.numbers) ** 0.5, weighed.rule)
            group.push(
                echoed.get(number, 0.0), "takes up the other's words" if echoed.get(number, 0) < 0 else "is quoted"
            )
        group.cued = group.odds <= -1
        if OWN_PART.match(page.blocks[group.numbers[0]].text):
            group.push(-5, "a heading for one's own part")
        if is_postscript(page.blocks[group.numbers[0]].text):
            group.push(-3, "a postscript")


def _weigh_edges(page: Page, groups: Sequence[Group]) -> None:
    """Add what titles, bylines, salutations and signatures say of the words before and after them."""
    before: Group | None = None
    for group in groups:
        for edge in group.edges:
            odds, rule = _after(page, edge)
            group.push(odds, rule)
        if before:
            _weigh_end(page, before, group.edges)
        if not group.mark:
            before = group
    last = groups[-1].numbers[-1] if groups else -1
    if before:
        _weigh_end(page, before, list(range(last + 1, len(page.blocks))))
    _weigh_letter(page, groups)


def _weigh_letter(page: Page, groups: Sequence[Group]) -> None:
    """Add that who greets somebody and signs has written what is between, up to where another's text is put in."""
    outer = [(n, role) for n, (role, _) in sorted(page.apparatus.items()) if page.blocks[n].depth == 0]
    greeted = next((n for n, role in outer if role == "salutation"), len(page.blocks))
    signed = max((n for n, role in outer if role == "signature"), default=0)
    put_in = next((n for n, role in outer if n > greeted and role in {"header", "byline", "title"}), len(page.blocks))
    for group in groups:
        if greeted < group.numbers[0] < min(signed, put_in):
            group.push(-1, "stands in a letter")


def _after(page: Page, number: int) -> tuple[float, str]:
    """What a piece of apparatus says of the words after it."""
    role, why = page.apparatus[number]
    text = page.blocks[number].text
    if page.blocks[number].depth:
        return 0, ""
    if role == "byline":
        if is_readers_title(page.blocks, page.apparatus, number) or not _names_someone_else(page, text):
            return -2, "follows the title of a reader's own text"
        return 5, "follows title and byline"
    if role == "title":
        if OWN_PART.match(text):
            return -4, "a heading for one's own part"
        if responds(text) or re.search(r"\b(?:I|me) (?:think|thought|made|make|did|take|learn)", text):
            return -2.5, "a heading for one's own part"
        return (3, "follows a heading for the text") if _PASTED.match(text) else (0, "")
    if role == "salutation":
        return -3, "follows a salutation"
    if role == "header" and why == "the edge of a forwarded message":
        return (-3, "follows a forwarded message") if _END_FORWARDED.match(text) else (2, "in a forwarded message")
    return 0, ""


def _names_someone_else(page: Page, text: str) -> bool:
    names = {name.lower() for name in bylined(text)}
    return not names or not names <= page.own


def _weigh_end(page: Page, group: Group, edges: Sequence[int]) -> None:
    """Add what a signature or a source says of the words before it."""
    roles = [(page.apparatus[edge], page.blocks[edge]) for edge in edges if edge in page.apparatus]
    signed = [block for (role, _), block in roles if role == "signature" and block.depth == 0]
    if signed:
        of_author = any(bylined(block.text) & page.authors for block in signed)
        group.push(3 if of_author else -2.5, "stands over the signature")
    has_byline = any(role == "byline" for role, _ in page.apparatus.values())
    quoted = any(voice == "author" for voice, _, _ in page.marks.values())
    if (
        not has_byline
        and not quoted
        and any(why == "stands below the text" and role == "reference" for (role, why), _ in roles)
    ):
        group.push(5, "stands over where it came from")


def _weigh_lists(page: Page, groups: Sequence[Group]) -> None:
    """Add what a lead-in says of what follows, and of two lists which is the other's summary."""
    spoken: Group | None = None  # the last group that goes on from a byline without a cue
    for before, group in itertools.pairwise(groups):
        by_author = any(_after(page, edge)[0] > 3 for edge in before.edges)
        spoken, last = (before if (spoken or by_author) and not before.cued and not before.mark else None), spoken
        if before.mark and before.mark[0] == "author":
            continue
        text = page.blocks[before.numbers[-1]].text
        is_list = page.blocks[group.numbers[0]].role == "list item" and page.blocks[before.numbers[-1]].role == "body"
        if is_list and sums_up(text):
            group.push(-2.5, "sums up in own words")
        elif is_list and text.endswith(":") and not leads_in(text, page.authors):
            group.step = STEP_IN_TALK
        elif page.blocks[before.numbers[-1]].role == "body" and leads_in(text, page.authors):
            if group.mark or is_list:
                before.push(-5 if is_list else -3, "leads in somebody else's words")
                before.step = min(before.step, STEP_AT_LEAD_IN)
                if last:
                    last.push(1.5, "goes on until somebody breaks in")
            if is_list:
                group.push(4, "a list item that was led in")
                group.step = STEP_AT_EDGE
            elif not group.mark and hands_over(text) and not group.edges:
                before.push(-1.5, "leads in somebody else's words")
                group.push(4, "follows a lead-in")
                group.step = STEP_AT_LIST
    for one, group, other in zip(groups, groups[1:], groups[2:], strict=False):
        led = group.rule == "a list item that was led in" and one.odds < 0
        if led and not other.edges and page.blocks[other.numbers[0]].role == "body":
            other.push(-2.5, "the list item that was led in has ended")
    lists = [g for g in groups if len(g.numbers) > 2 and not g.mark and page.blocks[g.numbers[0]].role == "list item"]
    if len(lists) == 2 and abs(len(lists[0].numbers) - len(lists[1].numbers)) <= 1:
        counts = [third_persons(page.blocks[n].text for n in one.numbers) for one in lists]
        theirs, own = (lists[1], lists[0]) if counts[0] > counts[1] else (lists[0], lists[1])
        theirs.push(2, "one of two lists, with less said of somebody")
        own.push(-2, "one of two lists, with more said of somebody")


def _weigh_whole(page: Page, groups: Sequence[Group]) -> None:
    """Add what the document as a whole says: who quotes much comments, and who comments does so on something."""
    theirs = [g for g in groups if g.mark and g.mark[0] == "author"]
    words = {id(group): sum(page.blocks[n].words for n in group.numbers) for group in groups}
    quoted = sum(words[id(group)] for group in theirs if words[id(group)] >= _FEWEST_QUOTED)
    runs = sum(
        not (number and groups[number - 1].mark)
        for number, group in enumerate(groups)
        if group.mark and group.mark[0] == "author"
    )
    if runs > 1 and quoted >= _QUOTES_MUCH * sum(words.values()):
        for number, group in enumerate(groups):
            beside = any(groups[n].mark for n in (number - 1, number + 1) if 0 <= n < len(groups))
            group.push(-1.5 if beside else -1.0, "comments on quotations")
        return
    if not theirs and any(group.mark for group in groups):
        for group in groups:
            group.push(1.5, "what is remarked on")
    elif _has_comments(groups) and not _has_author(groups):
        for group in groups:
            if not group.cued and words[id(group)] >= _FEWEST_IN_ESSAY:
                group.push(0.5, "says nothing of a text, where others do")


def _has_comments(groups: Sequence[Group]) -> bool:
    """Whether somebody surely speaks of a text."""
    marked = any(group.mark and group.mark[0] == "reader" for group in groups)
    return marked or sum(group.odds for group in groups if group.cued) <= _COMMENTS


def _has_author(groups: Sequence[Group]) -> bool:
    """Whether it is plain without a look at the whole where the author's words are."""
    return any((group.mark and group.mark[0] == "author") or group.odds >= 3 for group in groups)


def _start(page: Page, groups: Sequence[Group]) -> float:
    """Log odds that the first words are the author's: somebody who reads writes such a document."""
    if not groups:
        return 0.0
    if any(page.apparatus[n][0] == "byline" and _after(page, n)[0] > 0 for n in groups[0].edges):
        return 0.0
    titled = [n for n in groups[0].edges if page.apparatus[n][0] == "title" and not responds(page.blocks[n].text)]
    in_capitals = any(page.apparatus[n][1] == "in capitals" for n in titled)
    if in_capitals:
        return -1.0
    if not _has_author(groups) and _has_comments(groups):
        # What the comments are about has to be somewhere. The longer nobody comments, the likelier it comes first.
        silent = list(itertools.takewhile(lambda group: not group.cued and not group.mark, groups))
        return min(_READER_FIRST + 0.9 * len(silent), 1.0) if len(silent) > 1 else _READER_FIRST
    return _READER_FIRST


def _tell(page: Page, groups: Sequence[Group], decided: Sequence[Decided]) -> list[Told]:
    told: dict[int, Told] = {}
    both = len({one.voice for one in decided}) > 1
    # Where somebody comments and nobody else is heard, what they comment on may have been missed.
    mixed = both or _has_comments(groups)
    for place, (group, one) in enumerate(zip(groups, decided, strict=True)):
        following = groups[place + 1] if place + 1 < len(groups) else None
        for number in group.numbers:
            block = page.blocks[number]
            role, rule = block.role, group.rule
            if group.mark:
                rule, unsure = group.mark[1], group.mark[2]
                role = "quote" if number in page.quotes else role
            else:
                agrees = rule and (group.odds > 0) == (one.voice == "author")
                rule = rule if agrees else "goes on" if told and both else "the document's own writer"
                share = one.author if one.voice == "author" else 1 - one.author
                missed = not both and not group.cued and block.words >= _FEWEST_IN_ESSAY
                unsure = mixed and (share < _SURE or missed)
            if one.voice == "reader" and role == "body" and following and _is_led(page, group, following):
                role = "lead-in"
            told[number] = Told(one.voice, one.voice, role, rule, unsure)
    return [told.get(number) or _of_apparatus(page, number, told) for number in range(len(page.blocks))]


def _is_led(page: Page, group: Group, following: Group) -> bool:
    return leads_in(page.blocks[group.numbers[-1]].text, page.authors) and not following.edges


def _of_apparatus(page: Page, number: int, told: Mapping[int, Told]) -> Told:
    role, rule = page.apparatus[number]
    return Told("apparatus", _owner(page, number, told), role, rule, False)


def _owner(page: Page, number: int, told: Mapping[int, Told]) -> str:
    """Whose a title or a signature is: whose words it stands over, or under."""
    role, rule = page.apparatus[number]
    if role == "reference" and rule != "stands below the text":
        return "reader"
    if role == "byline" or rule == "stands over a byline":
        return "reader" if is_readers_title(page.blocks, page.apparatus, number) else "author"
    count = len(page.blocks)
    after = next((told[n].voice for n in range(number + 1, min(number + 15, count)) if n in told), "")
    before = next((told[n].voice for n in range(number - 1, max(number - 15, -1), -1) if n in told), "")
    if role == "title" and (responds(page.blocks[number].text) or OWN_PART.match(page.blocks[number].text)):
        return "reader"
    if role in {"signature", "reference", "note", "ruler"}:
        return before or after or "reader"
    return after or before or "reader"
