import math

import numpy as np
import pytest
from bench_texts import change

import measures
from data import Review

NAN = math.nan


def test_an_answer_that_is_no_class_is_wrong_and_no_class_of_its_own() -> None:
    gold = np.array([1, 1, -1, -1])
    found = np.array([1.0, 0.0, NAN, -1.0])
    row = measures.measures(gold, found, np.arange(4), measures.classes_of(gold))
    # Each of the two classes: 1 right of 1 found and 2 there, 2/3.
    assert row["macro_f1"] == measures.macro_f1(gold, found, (-1, 1)) == pytest.approx(2 / 3)
    assert row["accuracy"] == 1 / 2
    three = np.array([1, 0, -1, 0])
    assert measures.classes_of(three) == (-1, 0, 1)
    # Good 1, neutral 1 of 1 and 2 there (2/3), bad none: what nobody knows helps no class.
    assert measures.macro_f1(three, np.array([1.0, 0.0, NAN, NAN])) == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_signs_are_compared_where_both_give_one() -> None:
    gold, found = np.array([1, -1, 0, 1, -1]), np.array([1.0, 1.0, -1.0, 0.0, NAN])
    assert measures.sign_measures(gold, found) == {"coverage": 3 / 5, "sign_right": 1 / 2, "signs": 2}


def test_a_method_without_any_sign_has_none_right() -> None:
    signs = measures.sign_measures(np.array([1, -1]), np.array([NAN, 0.0]))
    assert (signs["coverage"], signs["signs"]) == (0, 0)
    assert math.isnan(signs["sign_right"])


def test_the_most_certain_come_first_and_what_is_not_known_last() -> None:
    gold = np.array([1, 1, 0, -1, -1, 1])
    negative = np.array([0.1, NAN, 0.9, 0.6, 0.2, 0.5])
    positive = np.array([0.9, NAN, 0.0, 0.2, 0.7, 0.5])
    # Certain with 0.9 (right), 0.7 (wrong), 0.6 (right), 0.5 (both signs alike, wrong), and unknown (wrong).
    assert measures.by_certainty(gold, negative, positive).tolist() == [True, False, True, False, False]
    assert measures.sign_right_of_most_certain(gold, negative, positive, 0.2) == (1.0, 1)
    assert measures.sign_right_of_most_certain(gold, negative, positive) == (2 / 3, 3)
    assert measures.sign_right_of_most_certain(gold, negative, positive, 1) == (2 / 5, 5)
    nothing = measures.sign_right_of_most_certain(np.array([0]), np.array([0.1]), np.array([0.2]))
    assert math.isnan(nothing[0])
    assert nothing[1] == 0


def test_a_share_is_rounded_up_but_not_by_floating_point() -> None:
    gold, half = np.ones(15, dtype=np.int64), np.full(15, 0.5)
    assert [measures.sign_right_of_most_certain(gold, half, half, share)[1] for share in (0.2, 0.21)] == [3, 4]


def test_calibration_by_hand() -> None:
    probabilities = np.array([[0.6, 0.3, 0.1], [0.1, 0.65, 0.25], [0.0, 0.0, 1.0], [NAN, NAN, NAN]])
    gold = np.array([-1, 1, 1, 0])
    # 0.6 is the upper edge of its bin of 15, so that 0.65 is in the next one.
    expected = (abs(0.6 - 1) + abs(0.65 - 0) + abs(1 - 1)) / 3
    assert measures.expected_calibration_error(probabilities, gold) == pytest.approx(expected)
    # In one bin: the mean of 0.75 beside 2 right of 3.
    assert measures.expected_calibration_error(probabilities, gold, bins=1) == pytest.approx(0.75 - 2 / 3)
    assert math.isnan(measures.expected_calibration_error(probabilities[3:], gold[3:]))


def test_intervals_are_the_same_each_time_and_draw_whole_sentences() -> None:
    gold = np.array([1, 1, -1, 0, -1, 0, 1, 0])
    found = np.array([1, 0, -1, 0, 1, 0, -1, 0])
    pairs = measures.confusions(gold, found, np.arange(8) // 2, measures.POLARITIES)
    assert pairs.shape == (4, 3, 4)
    assert measures.interval(pairs) == measures.interval(pairs)
    # One sentence, always drawn whole, leaves nothing to chance.
    whole = measures.confusions(gold, found, np.zeros(8, dtype=np.int64), measures.POLARITIES)
    assert measures.interval(whole) == (measures.mean_f1(whole)[0],) * 2


def test_yes_measures_by_hand() -> None:
    """Of three texts with a change two are found, and of four without one there is one false alarm."""
    gold, found = np.array([1, 1, 1, 0, 0, 0, 0]), np.array([1, 1, 0, 1, 0, 0, 0])
    row = measures.yes_measures(gold, found)
    assert row["n"] == 7
    assert row["precision"] == row["recall"] == row["f1"] == pytest.approx(2 / 3)
    assert (row["false_alarms"], row["without_shift"]) == (1, 4)
    assert row["f1_low"] < row["f1"] < row["f1_high"]
    assert row == measures.yes_measures(gold, found)


def test_who_never_says_yes_has_no_precision() -> None:
    row = measures.yes_measures(np.array([1, 0]), np.array([0, 0]))
    assert math.isnan(row["precision"])
    assert row["recall"] == row["f1"] == row["f1_high"] == row["false_alarms"] == 0


def test_spans_share_tokens() -> None:
    text = "I thought it was dull."
    assert measures.span_f1(text, (0, 21), (0, 21)) == 1
    assert measures.span_f1(text, (0, 9), (10, 21)) == 0
    # Two tokens and five, two of them shared; a token counts if a span holds a part of it.
    assert measures.span_f1(text, (0, 4), (0, 21)) == pytest.approx(2 * 2 / 7)
    assert measures.span_f1(text, (9, 10), (9, 10)) == 0, "a blank is no token"


def test_change_measures_by_hand() -> None:
    text = "I thought tea dull. I find tea nice. I liked ham a lot. I loathe ham. I took rye for bad. It is ok."
    tea, ham, rye = (
        change(text, "I thought tea dull", "I find tea nice"),
        change(text, "I liked ham a lot", "I loathe ham", "replacement"),
        change(text, "I took rye for bad", "It is ok", "softening"),
    )
    found = [
        # Spans and type are right, although this one fits the other change a little as well.
        change(text, "thought tea dull", "I find tea nice. I"),
        # The type is right, but one of five tokens is too little of the first span, 2 / 6.
        change(text, "lot", "I loathe ham", "replacement"),
        # Both spans are right, and the type is wrong.
        change(text, "I took rye for bad", "It is ok", "reversal"),
        # The right type for it, but this one does not fit as well.
        change(text, "I took rye", "It is ok", "softening"),
    ]
    assert measures.change_measures([Review(text, (tea, ham, rye))], [found]) == {
        "shifts": 3,
        "spans": 2 / 3,
        "types": 2 / 3,
        "types_of_found": 1 / 2,
    }


def test_both_spans_have_to_be_those_of_one_change() -> None:
    text = "I thought tea dull. I find tea nice. I liked ham a lot. I loathe ham."
    gold = change(text, "I thought tea dull", "I find tea nice")
    halves = [change(text, "I thought tea dull", "I loathe ham"), change(text, "I liked ham a lot", "I find tea nice")]
    measured = measures.change_measures([Review(text, (gold,))], [halves])
    assert measured["spans"] == 0
    assert measured["types"] == 1, "the first of two that fit equally well has its type"
    assert math.isnan(measured["types_of_found"])


def test_what_shares_no_word_gives_no_type() -> None:
    text = "I thought tea dull. I find tea nice. I liked ham a lot. I loathe ham."
    gold = change(text, "I thought tea dull", "I find tea nice")
    elsewhere = change(text, "I liked ham a lot", "I loathe ham")
    assert measures.change_measures([Review(text, (gold,))], [[elsewhere]])["types"] == 0
    assert measures.change_measures([Review(text, (gold,))], [[]])["types"] == 0
    nothing = measures.change_measures([Review(text, ())], [[elsewhere]])
    assert nothing.pop("shifts") == 0
    assert all(math.isnan(share) for share in nothing.values())
