import math

import pandas as pd

from analysis.sentiment import polarity_steps, textblob_score


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


def test_steps_stay_within_a_voice_and_are_unknown_where_a_score_is() -> None:
    table = pd.DataFrame(
        [("d", 0, "reader", 0.5), ("d", 1, "author", 1.0), ("d", 2, "reader", math.nan), ("d", 3, "reader", 0.25)],
        columns=["source", "sentence", "voice", "polarity"],
    )
    steps = polarity_steps(table)
    assert list(zip(steps["sentence"], steps["next_sentence"], strict=True)) == [(0, 2), (2, 3)]
    assert steps["step"].isna().all()
