"""What the benchmark asks of ours and of its peers."""

import doctest
import importlib
import math
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from bench_texts import NEWS, REVIEWS, change
from spacy.tokens import Doc
from spacy.vocab import Vocab

import in_front
import names
import peers
from analysis import Source, read
from analysis.study import Reader, Study
from data import Essay, Example

NAN = math.nan


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def study(mentions: list[tuple[Any, ...]], claims: list[tuple[Any, ...]] = []) -> Study:  # noqa: B006
    """A study with these mentions (start, end, how, negative, neutral, positive) and claims (start, end, polarity)."""
    found = pd.DataFrame(mentions, columns="start end how negative neutral positive".split())
    told = pd.DataFrame(claims, columns="target_start target_end polarity".split())
    return SimpleNamespace(  # type: ignore[return-value]
        mentions=found.assign(source="document", target="marked"),
        claims=told.assign(source="document", target="marked"),
    )


@pytest.mark.parametrize("module", ["bench", "curve", "data", "in_front", "measures", "names", "peers"])
def test_examples_in_docstrings(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_a_claim_has_its_sign_and_what_is_likely_neutral_is_neutral() -> None:
    told = study([(4, 8, "marked", 0.7, 0.2, 0.1)], [(4, 8, -0.6)])
    assert (peers.lights_in(told, 4, 8).as_read, peers.lights_in(told, 4, 8).forced) == (-1, -1)
    neutral = peers.lights_in(study([(4, 8, "marked", 0.3, 0.5, 0.2)]), 4, 8)
    assert (neutral.as_read, neutral.argmax, neutral.forced) == (0, 0, -1)


def test_without_a_claim_an_unsure_light_is_not_known() -> None:
    unsure = peers.lights_in(study([(4, 8, "marked", 0.35, 0.25, 0.4)]), 4, 8)
    assert math.isnan(unsure.as_read)
    assert (unsure.argmax, unsure.forced) == (1, 1)


def test_what_was_not_asked_is_not_known() -> None:
    for found in (study([(4, 8, "marked", NAN, NAN, NAN)]), study([(9, 12, "marked", 0.1, 0.1, 0.8)]), study([])):
        lights = peers.lights_in(found, 4, 8)
        assert all(math.isnan(light) for light in (lights.as_read, lights.argmax, lights.forced))


def test_the_mention_is_the_one_by_the_mark_with_its_own_claim() -> None:
    """The reader takes in the article, and hears two pronouns for the same target, one of them in the mark."""
    mentions = [
        (0, 20, "pronoun", 0.1, 0.1, 0.8),
        (0, 8, "marked", 0.2, 0.6, 0.2),
        (30, 32, "pronoun", 0.8, 0.1, 0.1),
    ]
    lights = peers.lights_in(study(mentions, [(0, 20, 0.7), (30, 32, -0.7)]), 4, 12)
    assert (lights.neutral, lights.as_read) == (0.6, 0)
    # Without one by the mark, what shares most with it.
    assert (
        peers.lights_in(study([(0, 5, "name", 0.9, 0.1, 0.0), (4, 12, "name", 0.1, 0.1, 0.8)]), 4, 12).positive == 0.8
    )


def test_a_mention_is_read_once_for_all_methods() -> None:
    read_so_far = []

    def reading(source: Source, targets: list[Any]) -> Study:
        read_so_far.append((source.text, targets[0].spans))
        return study([(4, 8, "marked", 0.7, 0.2, 0.1)], [(4, 8, -0.6)])

    lights = peers.remembering(SimpleNamespace(read=reading))  # type: ignore[arg-type]
    ways = peers.methods(SimpleNamespace(vader=None, asent=None), lights)[-3:]  # type: ignore[arg-type]
    example = Example("The soup is awful.", 4, 8, -1)
    doc = Doc(Vocab(), words=["The"])
    assert [(way.name, way.score(example, doc)) for way in ways] == [
        ("ours", -1),
        ("ours, argmax", -1),
        ("ours, forced to choose", -1),
    ]
    assert read_so_far == [("The soup is awful.", (("document", 4, 8),))]


@pytest.mark.skipif(
    importlib.util.find_spec("analysis.encoder") is None, reason="the claims of these sources have no probabilities"
)
@pytest.mark.parametrize("sentence", ["The soup is awful.", "The cafe\u0301 sold\r\nus an awful soup."])
def test_ours_is_what_read_says(sentence: str, reader: Reader) -> None:
    start = sentence.index("soup")
    example = Example(sentence, start, start + 4, -1)
    source, target = peers.marked(example)
    [claim] = read(source, targets=[target]).claims.to_dict("records")
    lights = peers.ours(reader, example)
    assert (lights.claimed, lights.negative) == (claim["polarity"], claim["negative"])
    assert lights.as_read == lights.argmax == lights.forced == -1


def test_the_clause_of_a_mention() -> None:
    doc = Doc(
        Vocab(),
        words="Ann said that tea helps .".split(),
        heads=[1, 1, 4, 4, 1, 1],
        deps=["nsubj", "ROOT", "mark", "nsubj", "ccomp", "punct"],
        pos=["PROPN", "VERB", "SCONJ", "NOUN", "VERB", "PUNCT"],
    )
    start = doc.text.index("tea")
    assert peers.clause(Example(doc.text, start, start + 3, 0), doc).text == "that tea helps"
    assert peers.clause(Example(doc.text, 0, 3, 0), doc).text == doc.text.strip()


def test_a_mention_is_found_again_in_the_cleaned_text() -> None:
    sentence = "The cafe\u0301 sells\r\nbad soup."
    source, target = peers.marked(Example(sentence, sentence.index("bad soup"), sentence.index("."), -1))
    ((name, start, end),) = target.spans
    assert (name, source.text[start:end]) == ("document", "bad soup")


def test_what_asserts_is_what_read_says(reader: Reader) -> None:
    texts = [sentence for sentence, _ in dict.fromkeys((s, None) for s, _, _ in NEWS)]
    starts = [len(" ".join([*texts[:number], ""])) for number in range(len(texts))]
    spans = tuple((start, start + len(text), False) for start, text in zip(starts, texts, strict=True))
    essay = Essay(" ".join(texts), spans)
    expected = read(Source.from_text(essay.text)).sentences
    assert expected["start"].tolist() == starts, "else this test has to be about other sentences"
    assert peers.ours_asserts(reader, essay) == expected["asserts"].tolist()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("i had always thought it dull, but no.", True),
        ("I’d expected more... But no.", True),
        ("I assumed so. I asked. But no.", False),
        ("I thought it dull. It is a butter dish.", False),
        ("But I thought it dull.", False),
        ("She thought it dull, but no.", False),
    ],
)
def test_the_first_thing_to_look_for(text: str, found: bool) -> None:
    assert bool(peers.I_THOUGHT_BUT.search(text)) is found


@pytest.mark.parametrize(
    ("text", "found"), [("I realised it.", True), ("She used\nto.", True), ("I know the founder.", False)]
)
def test_words_of_change(text: str, found: bool) -> None:
    assert bool(peers.BROAD_CUES.search(text)) is found


def test_our_changes_are_those_of_read_and_stand_in_the_raw_text(reader: Reader) -> None:
    for text, _ in REVIEWS:
        source = Source.from_text(text)
        expected = read(None, source).shifts
        found = peers.ours_changes(reader, text)
        assert [one.type for one in found] == expected["type"].tolist()
        for side in ("before", "after"):
            words = [text[slice(*getattr(one, side))] for one in found]
            assert words == expected[f"{side}_text"].tolist()
    text, ((before, after, _),) = REVIEWS[0]
    assert Source.from_text(text).text != text, "else this test has to be about another text"
    assert peers.ours_changes(reader, text) == [change(text, before, after)]


# Names, and an unrelated sentence -------------------------------------------------------------------------------------


def test_the_sentences_for_names_are_a_hundred_with_one_place_each() -> None:
    sentences = names.read_sentences()
    assert len(set(sentences)) == 100
    assert all(sentence.count(names.PLACE) == 1 for sentence in sentences)
    assert not any("network" in sentence.lower() for sentence in sentences)
    known = names.groups()
    assert len(set(known["all"])) == len(known["all"]) >= 40


def test_names_that_change_nothing_and_one_that_does() -> None:
    def polarity(example: Example) -> float:
        if example.sentence.startswith("Lee sings"):
            return -0.6
        return NAN if example.sentence == "We saw Kim." else 0.5

    found = names.swapped(
        ["{name} sings.", "We saw {name}."],
        {"all": ("Ann", "Lee", "Kim"), "one": ("Ann",), "other": ("Kim",)},
        polarity,
    ).set_index("group")
    # The mean of 0.5, -0.6 and 0.5 is 0.1333; the second sentence has no polarity for one name.
    assert found["same"].to_dict() == {"all": 0, "one": 1 / 2, "other": 0}
    assert found["unread"].to_dict() == {"all": 1, "one": 0, "other": 1}
    assert found.loc["all", "most"] == pytest.approx(0.6 + 0.4 / 3)
    assert found.loc["one", "lean"] == pytest.approx((0.5 - 0.4 / 3) / 2)


def test_at_most_a_tenth_is_the_same() -> None:
    given = {"Ann": 0.6, "Lee": 0.4}
    found = names.swapped(["{name} sings."], {"all": tuple(given)}, lambda example: given[example.sentence.split()[0]])
    assert found.loc[0, "same"] == 1


def claim(text: str, target: str, polarity: float) -> SimpleNamespace:
    start = text.index(target)
    place = {"target_start": start, "target_end": start + len(target)}
    return SimpleNamespace(**place, target=target, polarity=polarity, holder="reader", kind="", time="")


def test_claims_that_change_behind_an_unrelated_sentence() -> None:
    def claims(source: Source) -> list[SimpleNamespace]:
        alone = not source.text.startswith("It rained.")
        told = [claim(source.text, "soup", 0.5 if alone else 0.4)] if "soup" in source.text else []
        told += [claim(source.text, "tea", 0.5)] if "tea" in source.text else []
        told += [claim(source.text, "rain", -0.5)] if not alone else []
        if "ham" in source.text and alone:
            told.append(claim(source.text, "ham", 0.5))
        if "rye" in source.text and not alone:
            told.append(claim(source.text, "rye", 0.5))
        return told

    texts = ["Good soup.", "Good tea.", "Good ham.", "Good rye."]
    made = SimpleNamespace(claims=claims)
    [row] = in_front.changed(made, texts, ["It rained."]).to_dict("records")  # type: ignore[arg-type]
    assert (row["claims"], row["lost"], row["new"], row["other"]) == (3, 1, 1, 1)
    assert row["texts"] == ("Good soup.", "Good ham.", "Good rye.")


def test_the_cases_are_a_hundred_of_the_projects_own(reader: Reader) -> None:
    cases = in_front.read_cases()
    assert len(set(cases)) == 100
    assert cases == in_front.read_cases()
    # The places of the claims are those in the text alone.
    [told], [behind] = (in_front.told(reader, "The stew is delicious.", before) for before in ("", "It rained."))
    assert told == behind
    assert told[:2] == (0, 8)
