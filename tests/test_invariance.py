"""With the pinned model: what changes a sentence's surroundings or its names should change no claim in it.

The parse of a sentence depends a little on what stands beside it. So a few change, and each is listed.
"""

import re
import textwrap
from functools import cache
from pathlib import Path

from analysis import Source
from analysis.claims import Claim
from analysis.study import Reader

TEXTS = (Path(__file__).parent / "varied.txt").read_text(encoding="utf-8").strip().split("\n")
MOST = 0.03

# A sentence with no noun, so that no pronoun can stand for anything in it.
BEFORE = "It rained. "
PARSED_OTHERWISE = {
    "My tooth hurts less than yesterday, thank goodness.",
    '"Beautiful," whispered Ines, and she meant the bridge, not the sunset.',
}

OTHER_NAMES = {
    "Peter": "Simon",
    "Jonas": "Robert",
    "Ines": "Clara",
    "Greta": "Laura",
    "London": "Bristol",
    "Hull": "York",
}
OTHER_NAMES |= {"Vera": "Emma", "Olga": "Anna", "Nadia": "Maria", "Poland": "Norway", "Turin": "Milan", "Franz": "Karl"}
NAMED_OTHERWISE: set[str] = set()


@cache
def reader() -> Reader:
    return Reader()


def told(text: str, moved: int = 0) -> list[tuple[int, int, float, str, str]]:
    claims: tuple[Claim, ...] = reader().claims(Source.from_text(text, name="response"))
    return [(c.start - moved, c.end - moved, c.polarity, c.holder, c.kind) for c in claims if c.start >= moved]


@cache
def alone() -> dict[str, list[tuple[int, int, float, str, str]]]:
    return {text: told(text) for text in TEXTS}


def test_the_sentences_are_many_and_say_something() -> None:
    assert len(set(TEXTS)) >= 200
    assert sum(map(len, alone().values())) >= len(TEXTS) / 2


def test_a_sentence_before_it_changes_few() -> None:
    changed = {text for text in TEXTS if told(BEFORE + text, len(BEFORE)) != alone()[text]}
    assert len(changed) <= MOST * len(TEXTS)
    assert changed <= PARSED_OTHERWISE


def test_a_paragraph_before_it_changes_none() -> None:
    before = "The train left at nine.\n\n"
    opens_with_pronoun = re.compile(r"\W*(?:(?:And|But|So|Then) )?(?:It|They|He|She|His|Her|Their|Its)\b")
    for text in TEXTS:
        if not opens_with_pronoun.match(text):
            assert told(before + text, len(before)) == alone()[text], text


def test_a_line_that_is_wrapped_changes_none() -> None:
    for text in TEXTS:
        wrapped = "\n".join(textwrap.wrap(text, 60))
        assert len(wrapped) == len(text)
        assert told(wrapped) == alone()[text], text


def test_other_names_change_few() -> None:
    names = re.compile(r"\b(" + "|".join(OTHER_NAMES) + r")\b")
    named = [text for text in TEXTS if names.search(text)]
    assert len(named) >= 10
    changed = set()
    for text in named:
        other = names.sub(lambda match: OTHER_NAMES[match[1]], text)
        if [claim[2:] for claim in told(other)] != [claim[2:] for claim in alone()[text]]:
            changed.add(text)
    assert len(changed) <= MOST * len(TEXTS)
    assert changed <= NAMED_OTHERWISE
