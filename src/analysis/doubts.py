"""Says what makes a reading doubtful: a text that is short, in another language, or perhaps in the other one's place.

None of it stops the reading. What does is an `InputError`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import pandas as pd
from spacy.lang.en.stop_words import STOP_WORDS

from analysis.cleaning import Source
from analysis.voices import LONGEST_PARAGRAPH, Paragraph, bylines, speaks_of_a_text

DOUBT_COLUMNS = "kind source message".split()

# Below this, a list of function words says little of a language.
_FEWEST_WORDS = 200
# About 25 to 30 in a hundred words of English are among them, a learner's English included; of Dutch, German, Spanish,
# French and Swedish below six. Shorter ones ("in", "was", "me") are words of other languages too.
_LEAST_ENGLISH = 0.10
_ENGLISH = frozenset(word for word in STOP_WORDS if len(word) > 2 and word.isalpha())
_WORD = re.compile(r"[^\W\d_]+")

# A belief is borne out by two sentences at least; of fewer than this, two on one target are rare.
_FEWEST_SENTENCES = 5

_MOST_NAMED = 12  # paragraphs whose voice is not sure
_FIRST_WORDS = 5
_LINE_END = re.compile(r"\r\n|[\r\n]")

_WHAT_TO_DO = (
    "If it is an essay, give the response as a second file; if it mixes both, a table of voices can say whose words "
    "are whose."
)


def doubts_table(
    sources: Mapping[str, Source],
    paragraphs: Mapping[str, Sequence[Paragraph]],
    author_sentences: pd.DataFrame,
    shifts: pd.DataFrame,
    cut: Mapping[str, Sequence[int]] = MappingProxyType({}),
) -> pd.DataFrame:
    """What to warn of.

    Args:
        sources: The texts, by name.
        paragraphs: Their paragraphs, by the same names.
        author_sentences: Rows of `Study.sentences` with the author's own words.
        shifts: `Study.shifts`.
        cut: The numbers of the sentences, by source, of which the encoder read only a part around each mention.

    Returns:
        A row for each doubt: `kind`, the `source` that it is about, and a `message` that says what to do about it.
    """
    rows = [*_of_both(sources, paragraphs, shifts), *_of_the_author(sources, paragraphs, author_sentences)]
    for name, source in sources.items():
        rows += _of_one(name, source, paragraphs[name])
        rows += _of_voices(name, source, paragraphs[name])
        if numbers := cut.get(name):
            shown = ", ".join(map(str, numbers[:5])) + (", ..." if len(numbers) > 5 else "")
            rows.append(
                (
                    "long sentence",
                    name,
                    f"Of the longest sentences (number {shown}) only a part around each mention was judged. Look at "
                    "whether they are sentences: a list or a text without full stops may need line breaks.",
                )
            )
    return pd.DataFrame(rows, columns=DOUBT_COLUMNS)


def _of_both(
    sources: Mapping[str, Source], paragraphs: Mapping[str, Sequence[Paragraph]], shifts: pd.DataFrame
) -> Iterator[tuple[str, str, str]]:
    if set(sources) != {"essay", "response"}:
        return
    essay, response = sources["essay"].text, sources["response"].text
    if essay.split() == response.split():
        yield "identical", "response", "The essay and the response are the same text. Give the reader's own second."
    elif (
        shifts.empty
        and _answers(essay, paragraphs["essay"], bylines(paragraphs["response"], response))
        and not _answers(response, paragraphs["response"], bylines(paragraphs["essay"], essay))
    ):
        yield (
            "swapped",
            "essay",
            "The essay speaks of another text or its author, and the response does not. If they were swapped, give the "
            "essay first.",
        )


def _answers(text: str, paragraphs: Sequence[Paragraph], names: set[str]) -> bool:
    return any(speaks_of_a_text(text[paragraph.start : paragraph.end], names) for paragraph in paragraphs)


def _of_the_author(
    sources: Mapping[str, Source], paragraphs: Mapping[str, Sequence[Paragraph]], author_sentences: pd.DataFrame
) -> Iterator[tuple[str, str, str]]:
    told_in = next(iter(sources))
    own = [paragraph for paragraph in paragraphs[told_in] if paragraph.speaker == "author"]
    if told_in == "response" or not own:
        more = "" if told_in == "response" else f" {_WHAT_TO_DO}"
        yield "no author", told_in, f"No words of an author are known, so nothing can be borne out.{more}"
    elif author_sentences["voice"].ne("author").all():
        yield "only a title", told_in, "Of the author there is only a title. Give the essay itself."
    elif len(author_sentences) < _FEWEST_SENTENCES:
        sentences = "1 sentence" if len(author_sentences) == 1 else f"{len(author_sentences)} sentences"
        yield "short essay", told_in, f"The author has {sentences}; a belief takes two for it at least to be borne out."


def _of_one(name: str, source: Source, paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str, str, str]]:
    words = _WORD.findall(source.text.lower())
    share = sum(word in _ENGLISH for word in words) / max(len(words), 1)
    if len(words) > _FEWEST_WORDS and share < _LEAST_ENGLISH:
        yield (
            "language",
            name,
            f"This may not be English: {share:.0%} of its words are common English ones, where 25 % would be usual. "
            "Nothing else can be read.",
        )
    stray = sum(repair.kind.startswith("wrong encoding") for repair in source.repairs)
    if stray:
        places = "1 place" if stray == 1 else f"{stray} places"
        yield "encoding", name, f"In {places} this is not UTF-8 and was read as Windows-1252. Look at the repairs."
    if cuts := [paragraph.start for paragraph in paragraphs if paragraph.cut]:
        shown = ", ".join(map(str, cuts[:5])) + (", ..." if len(cuts) > 5 else "")
        yield (
            "long paragraph",
            name,
            f"A paragraph of more than {LONGEST_PARAGRAPH:,} characters was cut at {shown}: a sentence may be in two.",
        )


def _of_voices(name: str, source: Source, paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str, str, str]]:
    unsure = [paragraph for paragraph in paragraphs if paragraph.unsure]
    if not unsure:
        return
    shown = "; ".join(_place(source, paragraph) for paragraph in unsure[:_MOST_NAMED])
    more = f"; and {len(unsure) - _MOST_NAMED} more" if len(unsure) > _MOST_NAMED else ""
    yield (
        "voices",
        name,
        f"It is not sure whose words these are: line {shown}{more}. To put it right, take the table voices.csv of the "
        "saved study (in Python Study.voices, by its to_csv), correct its column voice, and give it back as the table "
        "of voices (--voices, in Python voices=), of which the columns start, end and voice are read.",
    )


def _place(source: Source, paragraph: Paragraph) -> str:
    """The line of the file that a paragraph begins in, its first words, and whose they were taken for."""
    before = source.decoded[: source.to_raw(paragraph.start, paragraph.start)[0]]
    line = len(_LINE_END.findall(before)) + 1
    words = source.text[paragraph.start : paragraph.end].split()
    first = " ".join(words[:_FIRST_WORDS]) + (" ..." if len(words) > _FIRST_WORDS else "")
    return f"{line} ({first!r}, taken for the {paragraph.voice}'s)"
