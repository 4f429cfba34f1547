"""Weighs by its words whether a paragraph is a reader's or an author's: general cues of English, and echoes.

The weights are log odds, set by hand: below 0 for the reader, above 0 for the author.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from analysis.layout import Block

_WORK = r"(?:essay|article|post|piece|column|chapter|review|editorial|op-ed|text|book)"
_PLACE = r"(?:line|sentence|passage|phrase|paragraph|quotation|quote|bit|section|ending|last part)"
_SAYS = (
    r"(?:says?|writes?|wrote|claims?|argues?|means|puts? it|describes?|tells|suggests?|admits|mentions|shows|explains|"
    r"believes|thinks|lists|concludes|compares|asks|has a point|is right|is wrong|was right|was wrong)"
)
_OWNED = (
    r"(?:story|point|idea|tips?|argument|claim|words|advice|rule|example|question|answer|conclusion|opinion|case|title)"
)

_HAVE = r"(?:['’]ve| have|['’]d| had)?"

_THIRD_PERSON = re.compile(r"\b(?:he|she|his|her|hers|him|the (?:author|writer)(?:'s|’s)?)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:I|i|me|my|myself)\b")
_READING = re.compile(r"\b(?:read|reads|reading|re-?read|re-?reading)\b", re.IGNORECASE)
_THE_TEXT = re.compile(r"\b(?:this|the) (?:essay|article|post|piece|text|column|book|chapter|review)\b", re.IGNORECASE)
_THE_AUTHOR = re.compile(
    r"\bthe (?:author|writer)\b"
    r"|\b(?:his|her|their) (?:essay|article|post|piece|text|column|book|argument|point|tips?)\b",
    re.IGNORECASE,
)

# Weight, what it shows, and how it is said: any of these, in capitals or not.
_CUES: tuple[tuple[float, str, tuple[str, ...]], ...] = (
    (-2.5, "speaks to the author of the text", (rf"\byour (?:\w+ )?{_WORK}\b", r"\byou (?:write|wrote|argue|claim)\b")),
    (-1.5, "speaks of the text", (rf"\b(?:this|the|that|an) (?:\w+ )?{_WORK}\b",)),
    (
        -1.5,
        "speaks of reading",
        (
            rf"\bI{_HAVE}(?: \w+ly| just| only| first)? (?:re-?)?read"
            r" (?:it|this|that|on\b|the|her|his|your|these|about)",
            r"\bread(?:ing)? (?:it|this|that|on) (?:\w+ )?(?:again|twice|aloud|out|three times)",
        ),
    ),
    (
        -1.2,
        "works with the text",
        (
            r"\b(?:copied|typed|cut|tore|wrote) (?:it|this|that) (?:out|up|down)\b",
            r"\bunderlin|\bin the margin",
        ),
    ),
    (-1.5, "speaks of a passage", (rf"\b(?:this|that|the|her|his|your|first|last|good|nice|strong\w*) {_PLACE}\b",)),
    (
        -1.0,
        "praises or blames",
        (r"\b(?:well put|(?:good|nice) line|fair enough|(?:fair|good) point|too far|spot on)\b",),
    ),
    (
        -1.5,
        "agrees or does not",
        (r"\bI (?:\w+ |don['’]t |do not |can['’]t |cannot |couldn['’]t |would ){0,2}(?:dis)?agree\b",),
    ),
    (
        -1.0,
        "takes a side",
        (
            r"\bagree(?:d|s)? with (?:him|her|them|you|that|this)\b",
            r"\bgo along with\b|\b(?:un|not )?convinced\b",
        ),
    ),
    (
        -1.0,
        "gives an opinion",
        (
            r"\bin my (?:own )?(?:opinion|view|country|case)\b",
            r"\bwhat I (?:thought|think|make|made|take from)\b",
            r"\bI['’]d say\b|\bI would (?:still )?say\b|\bI still (?:think|say|believe)\b",
        ),
    ),
    (-0.8, "says what another says", (rf"\b(?:he|she|they|the author|the writer)(?:['’]s)? (?:\w+ )?{_SAYS}\b",)),
    (-1.2, "speaks of another's point", (rf"\b(?:his|her|their|your) (?:\w+ )?{_OWNED}\b",)),
    (
        -1.0,
        "reacts",
        (
            r"\bmade me (?:\w+ )?(?:think|ask|wonder|laugh|cry|look|remember|angry|cross|feel|stop|want)\b",
            r"\bwhat I (?:notice|like|dislike|keep|liked|learned|would say)\b",
            r"\b(?:strikes me|struck me|I like that|I find (?:this|that|it)|got under my skin|caught me)\b",
        ),
    ),
    (
        -0.7,
        "tells of a change of mind",
        (
            r"\bI (?:used to|had always|always|first|no longer) (?:think|thought|believed?|held|assumed|supposed)\b",
            r"\bI['’]d always\b|\bI no longer\b|\bI (?:was|am|['’]m) (?:now )?against\b",
            r"\bchanged my mind\b|\btake back\b|\bmy first (?:thought|note|reaction)\b",
            r"\bowe (?:him|her|you|them) an apology\b",
            r"\bI(?:['’]ve| have) (?:not )?been (?:moved|converted|persuaded)\b",
        ),
    ),
    (
        -0.6,
        "sets oneself beside another",
        (
            r"\b(?:for me|me too|my one|one of (?:these|those)|not that one|so (?:have|do|am|did) I)\b",
            r"\b(?:I['’]ve got one|in my case|unlike (?:her|him)|like (?:him|her)|with me)\b",
        ),
    ),
    (
        0.5,
        "speaks to everybody",
        (
            r"\bI (?:do not|don['’]t) ask\b|\bI ask (?:only|for)\b|\ball I (?:say|ask)\b|\bI would tell anyone\b",
            r"\b(?:people (?:tell|say|think|suppose)|they say|we (?:should|must|need to))\b",
            r"\bI(?: a|['’])m not (?:asking|saying|going to say)\b",
        ),
    ),
    (-0.5, "is written as one speaks", (r"!!|\?\?|\b(?:lol|haha|ha ha|btw|imo|tbh)\b|[\U0001f300-\U0001faff]",)),
)
_COMPILED = tuple((weight, rule, re.compile("|".join(cues), re.IGNORECASE)) for weight, rule, cues in _CUES)
_OPENING = re.compile(
    r"(?:Well|So|OK|Ok|ok|Okay|Right|Yes|yes|Yeah|No|Hmm?|Good|Fair|Still|Naturally|Annoying|Anyway|Ha|True|Agreed|"
    r"Exactly|Really|Touché|Interesting|Not (?:sure|convinced)|My first|First of all|In conclusion|To sum up|Now that|"
    r"What I|That[’']s)\b(?![’'])|[a-z]"
)
_OPENS = -0.7
_MOST_READ = 4_000  # characters of a paragraph; a cue stands at its ends, if anywhere
_MOST = 5.0

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
_SUMS_UP = re.compile(
    r"\bas I (?:understand|understood|read|see|remember|recall)\b|\bin my (?:own )?words\b|\bsumm|\bin short\b",
    re.IGNORECASE,
)
_LONGEST_LEAD_IN = 45  # words

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_NAMED = re.compile(r"[A-Z][^\W_]*(?:[-’'](?!s\b)[^\W_]+)*")
_PHRASE = re.compile(r"“([^“”]{8,80})”|\"([^\"]{8,80})\"|‘([^‘’]{8,80})’")
_FEWEST_ECHOED, _MOST_ECHOED = 3, 9  # words

_CITED_BY = re.compile(
    rf"\b{_WORK}\b[^.!?:;]{{0,60}}?\bby ((?:[A-Z][\w’'.-]+\s?){{1,4}})"
    rf"|\b((?:[A-Z][\w’'-]+\s){{0,3}}[A-Z][\w-]+)['’]s? (?:“|‘|\"|[\w-]+ ){{0,3}}{_WORK}\b"
    r"|[”\"’](?:,| by) ((?:[A-Z][\w’'.-]+[ ]?){2,4})$"
    r"|[(](?:[A-Z]\. )?((?:[A-Z][\w’'.-]+)), [“\"‘]"
)
_NO_NAMES = frozenset("The This That My His Her Our Your Their Its Sunday Saturday Monday Friday Last First".split())


@dataclass(frozen=True)
class Weighed:
    """What a paragraph's words say: log odds, and the cue that weighs most."""

    odds: float
    rule: str


def cited_authors(texts: Iterable[str]) -> set[str]:
    """The names of those whose text is spoken of: "an essay by Ann Baker", "Baker's piece".

    Examples:
        >>> sorted(cited_authors(["I read an essay by Ann Baker today.", "Cole’s article is long."]))
        ['Ann', 'Baker', 'Cole']
    """
    names: set[str] = set()
    for text in texts:
        for match in _CITED_BY.finditer(text[:_MOST_READ]):
            name = next(filter(None, match.groups()))
            names |= {part.rstrip(".") for part in name.split()} - _NO_NAMES
    return {name for name in names if len(name) > 2}


def weigh(text: str, names: Collection[str]) -> Weighed:
    """Weigh a paragraph by itself.

    Args:
        text: The paragraph.
        names: Of the author.

    Examples:
        >>> weigh("I read the essay twice, and I don't agree.", set()).odds < -2
        True
    """
    text = text if len(text) <= _MOST_READ else text[: _MOST_READ // 2] + "\n" + text[-_MOST_READ // 2 :]
    told = [(-4.0, rule)] if (rule := speaks_of_a_text(text, names) or "") else []
    for weight, rule, cue in _COMPILED:
        if cue.search(text):
            told.append((weight, rule))
    if _OPENING.match(text):
        told.append((_OPENS, "opens like an answer"))
    odds = sum(weight for weight, _ in told)
    strongest = max(told, key=lambda cue: abs(cue[0]), default=(0.0, ""))
    return Weighed(max(-_MOST, min(_MOST, odds)), strongest[1])


def speaks_of_a_text(text: str, names: Collection[str]) -> str | None:
    """The cue by which a paragraph is told to be about somebody else's text, or None.

    Args:
        text: The paragraph.
        names: Names of that text's author.

    Examples:
        >>> speaks_of_a_text("The author is wrong.", set())
        'speaks of the author'
    """
    if names_author(text, names):
        return "names the author"
    if _THE_AUTHOR.search(text):
        return "speaks of the author"
    if _FIRST_PERSON.search(text) and _READING.search(text) and _THE_TEXT.search(text):
        return "speaks of reading the text"
    if re.match(r"(?:when|as|while|after|before|once|having)\b[^.,]*\bread(?:ing)?\b", text, re.IGNORECASE):
        return "opens with the reading"
    return None


def names_author(text: str, names: Collection[str]) -> bool:
    """Whether one of these names stands in a text."""
    # One look at each word, however many names there are: a forum has hundreds.
    return bool(names) and not {part for word in _NAMED.findall(text) for part in (word, *word.split("-"))}.isdisjoint(
        names
    )


def leads_in(text: str, names: Collection[str]) -> bool:
    """Does the paragraph announce the author's words?"""
    last = re.split(r"(?<=[.!?])\s+", text)[-1]
    if len(last.split()) > _LONGEST_LEAD_IN:
        return False
    if _SPEAKS.search(last):
        return True
    return bool(_PRESENTS.search(last)) and (bool(_THIRD_PERSON.search(last)) or names_author(text, names))


def hands_over(text: str) -> bool:
    """Whether what follows a lead-in must be what it announces."""
    return bool(_HANDS_OVER.search(text))


def sums_up(text: str) -> bool:
    """Whether a reader announces somebody's points in their own words."""
    return bool(_SUMS_UP.search(text))


def third_persons(texts: Iterable[str]) -> int:
    """How often somebody else is spoken of."""
    return sum(len(_THIRD_PERSON.findall(text)) for text in texts)


def echoes(blocks: Sequence[Block], numbers: Collection[int]) -> dict[int, float]:
    """Weigh who takes up whose words: what stands in quotation marks, or alone as a sentence, and also elsewhere.

    Args:
        blocks: The blocks of a document.
        numbers: Those with prose.

    Returns:
        Log odds by the number of the block.
    """
    places: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    taken: list[tuple[int, tuple[str, ...], bool]] = []
    for number in sorted(numbers):
        text = blocks[number].text[:_MOST_READ]
        taken += [(number, phrase, True) for phrase in _quoted_phrases(text)]
        taken += [(number, phrase, False) for phrase in _bare_sentences(text)]
    wanted: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)  # by their first word, to be found sooner
    for _, phrase, _ in taken:
        wanted[phrase[0]].add(phrase)
    lengths = {word: {len(phrase) for phrase in phrases} for word, phrases in wanted.items()}
    for number in sorted(numbers):
        words = _words(blocks[number].text[:_MOST_READ])
        for start, word in enumerate(words):
            for length in lengths.get(word, ()):
                if (phrase := tuple(words[start : start + length])) in wanted[word]:
                    places[phrase].add(number)
    odds: Counter[int] = Counter()
    for number, phrase, quoted in taken:
        elsewhere = places[phrase] - {number}
        if len(elsewhere) != 1 or (not quoted and max(elsewhere) > number):
            continue
        odds[number] -= 2 if quoted else 1
        for other in elsewhere:
            odds[other] += 1
    return {number: max(-3.0, min(2.0, told)) for number, told in odds.items()}


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def _quoted_phrases(text: str) -> set[tuple[str, ...]]:
    found = (tuple(_words(next(filter(None, match.groups())))) for match in _PHRASE.finditer(text))
    return {phrase for phrase in found if _FEWEST_ECHOED <= len(phrase) <= _MOST_ECHOED}


def _bare_sentences(text: str) -> set[tuple[str, ...]]:
    found = (tuple(_words(sentence)) for sentence in re.split(r"(?<=[.!?])\s+", text))
    return {phrase for phrase in found if _FEWEST_ECHOED <= len(phrase) <= 6}
