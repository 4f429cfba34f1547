import math

import pandas as pd
import pytest
from parses import parsed

from analysis.lexicon import Lexicon, load_lexicon
from analysis.parsing import load_model
from analysis.sentiment import opinion_words, polarity_steps, textblob_score


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def test_textblob_is_left_as_it_is_but_for_what_it_does_not_know() -> None:
    from textblob import TextBlob

    text = "A funny concept, and not a good one."
    assert textblob_score(text).polarity == TextBlob(text).sentiment.polarity
    unknown = textblob_score("I am pessimistic about transactional people")
    assert math.isnan(unknown.polarity)
    assert math.isnan(unknown.subjectivity)
    assert unknown.known_words == 0
    balanced = textblob_score("The necessary thing")
    assert balanced.polarity == 0
    assert balanced.known_words == 1


@pytest.mark.parametrize(
    ("text", "word", "negated"),
    [
        ("The soup isn't a bad idea.", "bad", True),
        ("The soup is awful.", "awful", False),
        ("The hall is not dreary but charming.", "charming", False),
        ("He was never fond of opera.", "fond", True),
        ("I don't think the opera is boring.", "boring", True),
        ("The singer failed to impress the critic.", "impress", True),
        ("He never found the map useful.", "useful", True),
    ],
)
def test_negation_reaches_as_far_as_grammar_says(text: str, word: str, negated: bool, lexicon: Lexicon) -> None:
    found = {opinion.token.text: opinion for opinion in opinion_words(parsed(text)[:], lexicon)}
    assert found[word].negated is negated


@pytest.mark.parametrize("apostrophe", ["'", "’"])
def test_both_apostrophes_negate(apostrophe: str, lexicon: Lexicon) -> None:
    doc = load_model()(f"This isn{apostrophe}t a bad idea.")
    assert [word.negated for word in opinion_words(doc[:], lexicon)] == [True]


@pytest.mark.parametrize(
    ("text", "word", "negated"),
    [
        ("She helps nobody.", "helps", True),
        ("The clerk helped no customers.", "helped", True),
        ("The bank cheated none of us.", "cheated", True),
        ("Children love nothing more than mud.", "love", False),
        ("He helped nobody but his brother.", "helped", False),
        ("She helps people who have nothing.", "helps", False),
    ],
)
def test_a_negative_object_denies_its_verb(text: str, word: str, negated: bool, lexicon: Lexicon) -> None:
    found = {opinion.token.text: opinion for opinion in opinion_words(load_model()(text)[:], lexicon)}
    assert found[word].negated is negated


def test_two_negations_undo_each_other(lexicon: Lexicon) -> None:
    doc = load_model()("It is not not good.")
    assert [word.negated for word in opinion_words(doc[:], lexicon)] == [False]


def test_what_only_measures_is_no_opinion(lexicon: Lexicon) -> None:
    doc = load_model()("The very old house is incredibly large.")
    assert opinion_words(doc[:], lexicon) == ()


@pytest.mark.parametrize(
    ("text", "verb", "score"),
    [
        ("Dealers want something from you.", "want", -0.4),
        ("He flatters widows in order to get something from them.", "get", -0.4),
        ("My brother gives a damn about the school.", "gives", 0.5),
        ("The baby wants something.", "wants", None),
        ("I want something to eat.", "want", None),
        ("She took something from the shelf.", "took", None),
        ("I got something from my aunt.", "got", None),
        ("She went to get something from him.", "get", None),
        ("I will do anything to help you.", "do", None),
        ("I did not do anything.", "do", None),
    ],
)
def test_a_verb_may_mean_more_with_its_object(text: str, verb: str, score: float | None, lexicon: Lexicon) -> None:
    found = {word.token.text: word.score for word in opinion_words(load_model()(text)[:], lexicon)}
    assert found.get(verb) == score


def test_what_is_wanted_from_somebody_is_wanted_again(lexicon: Lexicon) -> None:
    doc = load_model()("Dealers want something from you. They want something, and they say so.")
    assert [word.score for word in opinion_words(doc[:], lexicon) if word.token.text == "want"] == [-0.4, -0.4]


def test_steps_stay_within_a_voice_and_are_unknown_where_a_score_is() -> None:
    table = pd.DataFrame(
        [("d", 0, "reader", 0.5), ("d", 1, "author", 1.0), ("d", 2, "reader", math.nan), ("d", 3, "reader", 0.25)],
        columns=["source", "sentence", "voice", "polarity"],
    )
    steps = polarity_steps(table)
    assert list(zip(steps["sentence"], steps["next_sentence"], strict=True)) == [(0, 2), (2, 3)]
    assert steps["step"].isna().all()
