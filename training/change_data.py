"""Texts in which stated changes of belief are marked, cut into clauses as the package cuts them, and variants."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis import Source
from analysis.encoder import CHANGE_TYPES
from analysis.parsing import Sentence, parse_all, sentences
from analysis.shifts import Told
from analysis.voices import find_voices

Span = tuple[int, int]

_TAG = re.compile(r"⟦(/?)([AB])(\d?)⟧")
_SIGNS = {"-1": 0, "0": 1, "1": 2, "negative": 0, "neutral": 1, "positive": 2}
# Where one of these is left, a text whose belief of after is cut away may still say that a belief is over.
_PIVOT = re.compile(
    r"\b(?:wrong|mistaken|chang\w+ my|turn\w* out|any ?more|no longer|convert\w*|correct\w*|revis\w+|take it back"
    r"|other way|not so|proved|stand|but)\b",
    re.IGNORECASE,
)
_ATTITUDE = re.compile(r"⟦/?[^⟧]*⟧")
_OF_CHANGE = re.compile(
    r"\b(?:thought|expect\w*|assum\w*|suppos\w*|believ\w*|used to|first|reali[sz]\w*|turn\w* out|chang\w*|wrong|once"
    r"|surpris\w*|no longer|any ?more|skeptic\w*|sceptic\w*|until|disappoint\w*|doubt\w*|hop(?:ed|ing)|now|had been)\b",
    re.IGNORECASE,
)
_TOGETHER = 20  # texts that are parsed at once
UNKNOWN = -1


@dataclass(frozen=True)
class MarkedText:
    """A text as it is marked: pairs of spans, and the type, signs and order of the first change.

    `type` is a number in CHANGE_TYPES and `signs` are 0 (against), 1 (neither) or 2 (for); -1 where nothing is marked.
    `targets` are what the two beliefs of the first change are about, in the marker's words. `types` has the type of
    each change, where each has one.
    """

    id: str
    writer: int
    text: str
    changes: tuple[tuple[Span, Span], ...]
    type: int = UNKNOWN
    signs: tuple[int, int] = (UNKNOWN, UNKNOWN)
    second_order: int = UNKNOWN
    targets: tuple[str, str] = ("", "")
    types: tuple[int, ...] = ()


@dataclass(frozen=True)
class ClauseText:
    """A text as the network reads it: its clauses and sentences are characters of `text`, as are the changes."""

    id: str
    text: str
    clauses: tuple[Span, ...]
    told_in: tuple[int, ...]
    sentences: tuple[Span, ...]
    changes: tuple[tuple[Span, Span], ...]
    type: int
    signs: tuple[int, int]
    second_order: int
    targets: tuple[str, str] = ("", "")
    weight: float = 1.0


def untagged(tagged: str) -> tuple[str, tuple[tuple[Span, Span], ...]]:
    """A text without its tags, and the two spans of each change in it.

    Examples:
        >>> untagged("⟦B⟧I feared rain⟦/B⟧; ⟦A⟧it shone⟦/A⟧.")
        ('I feared rain; it shone.', (((0, 13), (15, 23)),))
    """
    text, done = "", 0
    opened: dict[str, int] = {}
    spans: dict[str, Span] = {}
    for tag in _TAG.finditer(tagged):
        text += tagged[done : tag.start()]
        done = tag.end()
        name = f"{tag[2]}{tag[3] or 1}"
        if tag[1]:
            spans[name] = (opened.pop(name), len(text))
        else:
            opened[name] = len(text)
    assert not opened, tagged
    numbers = sorted({name[1:] for name in spans})
    return text + tagged[done:], tuple((spans[f"B{n}"], spans[f"A{n}"]) for n in numbers)


def read_changes(paths: Iterable[Path]) -> list[MarkedText]:
    """Read files of marked texts (shifts-1.jsonl and so on; the number is the writer's)."""
    found = []
    for path in sorted(paths, key=lambda path: int(path.stem.split("-")[1])):
        writer = int(path.stem.split("-")[1])
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text, changes = untagged(row["text"])
            assert bool(changes) == row["shift"], row["id"]
            one = MarkedText(row["id"], writer, text, changes)
            if changes:
                signs = tuple(_SIGNS.get(str(row[f"{side}_polarity"]), UNKNOWN) for side in ("before", "after"))
                one = replace(
                    one,
                    type=CHANGE_TYPES.index(row["type"]),
                    signs=(signs[0], signs[1]),
                    second_order=int(bool(row["second_order"])),
                    targets=(row["before_target"] or "", row["after_target"] or ""),
                )
            found.append(one)
    return found


def read_quiet(paragraphs: Iterable[Path], reviews: Path, most: int, seed: int) -> list[MarkedText]:
    """Opinion prose that states no change: paragraphs marked for attitudes, and sentences of real reviews.

    In the texts that were written for changes, those without one hold the usual words of change ("I thought", "at
    first") more often than those with one. These hold none, so that the words by themselves tell nothing.

    Args:
        paragraphs: Files of paragraphs in which attitudes are marked (attitudes-1.jsonl and so on).
        reviews: The sentences (tsa-md.jsonl).
        most: How many to take of either kind.
        seed: Of the draw.
    """
    rng = random.Random(seed)
    prose = [
        _ATTITUDE.sub("", json.loads(line)["text"])
        for path in sorted(paragraphs)
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    told = [json.loads(line)["sentence"] for line in reviews.read_text(encoding="utf-8").splitlines()]
    found = []
    for name, texts in (("prose", prose), ("review", told)):
        plain = sorted({text for text in texts if not _OF_CHANGE.search(text)})
        rng.shuffle(plain)
        found += [MarkedText(f"{name}-{i}", 0, text, ()) for i, text in enumerate(plain[:most])]
    return found


def cut_into_clauses(texts: Sequence[MarkedText]) -> list[ClauseText]:
    """Parse texts, and find the clauses of each; one of whose marks lie in a quotation is left out."""
    found = []
    for at in range(0, len(texts), _TOGETHER):
        part = texts[at : at + _TOGETHER]
        sources = [Source.from_text(text.text, name="response") for text in part]
        parsed = parse_all([(source, find_voices(source)) for source in sources])
        for text, source, passages in zip(part, sources, parsed, strict=True):
            one = _clause_text(text, source, sentences(passages))
            if one is not None:
                found.append(one)
    return found


def _clause_text(marked: MarkedText, source: Source, told_in: Sequence[Sentence]) -> ClauseText | None:
    told = Told.of(told_in)
    moved = {
        clause.sentence.passage.paragraph.start: place[0] - clause.start
        for clause, place in zip(told.clauses, told.places, strict=True)
    }
    spans = {
        sentence.number: (sentence.start + moved[start], sentence.end + moved[start])
        for sentence in told_in
        if (start := sentence.passage.paragraph.start) in moved
    }
    order = {number: i for i, number in enumerate(sorted(spans))}
    changes = as_read(marked, source, told_in, told)
    if changes is None:
        return None
    return ClauseText(
        marked.id,
        told.text,
        told.places,
        tuple(order[clause.sentence.number] for clause in told.clauses),
        tuple(spans[number] for number in sorted(spans)),
        changes,
        marked.type,
        marked.signs,
        marked.second_order,
        marked.targets,
    )


def as_read(
    marked: MarkedText, source: Source, told_in: Sequence[Sentence], told: Told
) -> tuple[tuple[Span, Span], ...] | None:
    """The changes of a text as characters of what the network reads; None where a mark lies in a quotation."""
    moved = {
        clause.sentence.passage.paragraph.start: place[0] - clause.start
        for clause, place in zip(told.clauses, told.places, strict=True)
    }
    changes = []
    for change in marked.changes:
        before, after = (_moved(_cleaned(span, source, marked.text), told_in, moved) for span in change)
        if before is None or after is None:
            return None
        changes.append((before, after))
    return tuple(changes)


def _cleaned(span: Span, source: Source, raw: str) -> Span:
    """A span of a text in the cleaned text."""
    if source.text == raw:
        return span
    first, last = span
    starts = [source.to_raw(i, i)[0] for i in range(len(source.text) + 1)]
    return next(i for i, at in enumerate(starts) if at >= first), next(i for i, at in enumerate(starts) if at >= last)


def _moved(span: Span, told_in: Sequence[Sentence], moved: dict[int, int]) -> Span | None:
    """A span of the cleaned text in what the network reads."""
    for sentence in told_in:
        if sentence.start <= span[0] < sentence.end:
            by = moved.get(sentence.passage.paragraph.start)
            return None if by is None else (span[0] + by, span[1] + by)
    return None


# Variants ------------------------------------------------------------------------------------------------------------


def without_a_side(text: ClauseText, rng: random.Random) -> ClauseText | None:
    """The text without the sentences of one of its two beliefs, so that it states no change any more.

    None where both stand in one sentence, or where what is left may still say that a belief is over.
    """
    if len(text.changes) != 1:
        return None
    which = rng.randrange(2)
    gone, kept = text.changes[0][which], text.changes[0][1 - which]

    def touches(sentence: Span, span: Span) -> bool:
        return sentence[0] < span[1] and sentence[1] > span[0]

    left = [i for i, sentence in enumerate(text.sentences) if not touches(sentence, gone)]
    if not left or not any(touches(text.sentences[i], kept) for i in left):
        return None
    if which == 1 and _PIVOT.search(" ".join(text.text[slice(*text.sentences[i])] for i in left)):
        return None
    return _of_sentences(text, left, f"{text.id} cut", 0.7)


def _of_sentences(text: ClauseText, left: Sequence[int], name: str, weight: float) -> ClauseText:
    told, moved, spans = "", {}, []
    for number, i in enumerate(left):
        start, end = text.sentences[i]
        told += " " if told else ""
        moved[i] = (len(told) - start, number)
        spans.append((len(told), len(told) + end - start))
        told += text.text[start:end]
    kept = [
        ((a + moved[i][0], b + moved[i][0]), moved[i][1])
        for (a, b), i in zip(text.clauses, text.told_in, strict=True)
        if i in moved
    ]
    none = (UNKNOWN, UNKNOWN)
    clauses, told_in = tuple(span for span, _ in kept), tuple(i for _, i in kept)
    return ClauseText(name, told, clauses, told_in, tuple(spans), (), UNKNOWN, none, UNKNOWN, weight=weight)


def beside(text: ClauseText, other: ClauseText, rng: random.Random) -> ClauseText:
    """The text with a few sentences of another, which states no change, before or behind it."""
    size = rng.randint(1, min(4, len(other.sentences)))
    at = rng.randrange(len(other.sentences) - size + 1)
    part = _of_sentences(other, range(at, at + size), text.id, 1.0)
    front = rng.random() < 0.5
    one, two = (part, text) if front else (text, part)
    by, further = len(one.text) + 2, len(one.sentences)

    def shifted(spans: Iterable[Span]) -> tuple[Span, ...]:
        return tuple((a + by, b + by) for a, b in spans)

    changes = tuple((shifted(pair)[0], shifted(pair)[1]) for pair in text.changes) if front else text.changes
    return replace(
        text,
        text=f"{one.text}\n\n{two.text}",
        clauses=one.clauses + shifted(two.clauses),
        told_in=one.told_in + tuple(i + further for i in two.told_in),
        sentences=one.sentences + shifted(two.sentences),
        changes=changes,
    )
