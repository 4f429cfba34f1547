"""Plain tables of claims about soup, bread and salt, with numbers that can be worked out by hand."""

import io
import itertools
import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import evidence as module
from analysis.claims import CLAIM_COLUMNS
from analysis.evidence import (
    COURSE_COLUMNS,
    EVIDENCE_COLUMNS,
    SHARE_COLUMNS,
    TURN_COLUMNS,
    VARIATION_COLUMNS,
    VERDICT_COLUMNS,
    Belief,
    Turn,
    Weighing,
    course,
    evidence_table,
    order_test,
    shares,
    turn,
    turns_table,
    variations,
    verdict,
    verdicts_table,
)

LENGTH = 1000
# Numbers are by strength, so that they differ; what is stated counts.
STRENGTH = Weighing(measure="strength")
SOUP, BREAD = Belief("soup", -1, 0.8), Belief("bread", -1, 0.8)


def claims(*told: tuple[Any, ...]) -> pd.DataFrame:
    """A row for each (sentence, target, polarity), with more columns in a fourth place; ten characters a claim."""
    rows = []
    for number, (sentence, target, polarity, *more) in enumerate(told):
        own = {"sentence": sentence, "target": target, "polarity": polarity}
        rest = {"start": 10 * number, "end": 10 * number + 9, "reporter": "author", "holder": "author", "hedge": ""}
        rows.append(own | rest | (more[0] if more else {}))
    return pd.DataFrame(rows, columns=CLAIM_COLUMNS)


def table(*told: tuple[Any, ...], weighing: Weighing = STRENGTH) -> pd.DataFrame:
    return evidence_table(claims(*told), LENGTH, weighing)


def each(targets: str, polarity: float = -1.0) -> list[tuple[int, str, float]]:
    """A sentence a letter: s soup, b bread, o something else."""
    names = {"s": "soup", "b": "bread", "o": "oil"}
    return [(number, names[letter], polarity) for number, letter in enumerate(targets)]


def shift(before: tuple[str, float], after: tuple[str, float], kind: str = "retargeting") -> dict[str, Any]:
    row: dict[str, Any] = {"shift": 0, "type": kind}
    for side, (target, polarity) in (("before", before), ("after", after)):
        row |= {f"{side}_target": target, f"{side}_polarity": polarity}
    return row


MOVE = shift(("soup", -0.8), ("bread", -0.8))

# Sentences with up to three claims each, with strengths in whole tenths.
ESSAYS = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.sampled_from(["soup", "bread", "salt", "oil"]),
        st.integers(-10, 10).map(lambda tenths: tenths / 10),
    ),
    max_size=25,
).map(lambda told: sorted(told, key=lambda claim: claim[0]))


# Beta distributions


def quantile(level: float, a: float, b: float) -> float:
    return float(module._beta_quantile(np.array([level]), np.array([a]), np.array([b]))[0])


def cdf(x: float, a: float, b: float) -> float:
    return float(module._beta_cdf(np.array([x]), np.array([a]), np.array([b]))[0])


@pytest.mark.parametrize("level", [0.001, 0.025, 0.3, 0.5, 0.975])
def test_beta_agrees_with_what_can_be_written_down(level: float) -> None:
    assert cdf(level, 1, 1) == pytest.approx(level, abs=1e-12)
    assert quantile(level, 1, 1) == pytest.approx(level, abs=1e-9)
    assert cdf(level, 2, 2) == pytest.approx(3 * level**2 - 2 * level**3, abs=1e-12)
    assert cdf(level, 0.5, 0.5) == pytest.approx(2 / math.pi * math.asin(math.sqrt(level)), abs=1e-12)
    assert cdf(level, 1, 9) == pytest.approx(1 - (1 - level) ** 9, abs=1e-12)
    assert quantile(level, 1, 9) == pytest.approx(1 - (1 - level) ** (1 / 9), abs=1e-9)
    assert quantile(level, 300, 1) == pytest.approx(level ** (1 / 300), abs=1e-9)


@pytest.mark.parametrize(("a", "b"), [(0.05, 0.05), (0.1, 7), (0.5, 40.5), (3.2, 1.7), (900, 30), (5000, 5000)])
def test_beta_is_its_own_mirror_image_and_rises(a: float, b: float) -> None:
    xs = np.linspace(0.001, 0.999, 101)
    values = module._beta_cdf(xs, np.full_like(xs, a), np.full_like(xs, b))
    assert np.isfinite(values).all()
    assert (np.diff(values) > -1e-12).all()
    assert values == pytest.approx(1 - module._beta_cdf(1 - xs, np.full_like(xs, b), np.full_like(xs, a)), abs=1e-10)
    for level in (0.1, 0.5, 0.9):
        assert quantile(level, a, b) == pytest.approx(1 - quantile(1 - level, b, a), abs=1e-8)


@pytest.mark.parametrize(("a", "b"), [(0.5, 3.3), (2.4, 1.1), (60.0, 20.0)])
def test_beta_agrees_with_random_draws(a: float, b: float) -> None:
    drawn = np.random.default_rng(1).beta(a, b, 200_000)
    for level in (0.025, 0.5, 0.975):
        # The standard error of the part below is at most 0.0011.
        assert (drawn <= quantile(level, a, b)).mean() == pytest.approx(level, abs=0.006)


# The evidence


@pytest.mark.parametrize("wrong", [{"measure": "loudness"}, {"hedged": -0.1}, {"hedged": 1.1}, {"hedged": math.nan}])
def test_a_weighing_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Weighing(**wrong)


@pytest.mark.parametrize("prior", [0, -1, math.inf, math.nan])
def test_a_prior_out_of_range_is_refused(prior: float) -> None:
    with pytest.raises(ValueError, match="prior"):
        Weighing("strength", prior=prior)


def test_only_what_the_author_says_for_or_against_counts() -> None:
    found = table(
        (0, "soup", -0.5, {"reporter": "reader"}),
        (1, "soup", -0.5, {"holder": "other"}),
        (2, "soup", 0.0),
        (3, "soup", math.nan),
        (4, "soup", 0.5),
    )
    assert found["claim"].tolist() == [4]
    assert found.columns.tolist() == EVIDENCE_COLUMNS
    assert found.loc[0, ["position", "sentence", "start", "end", "sign", "weight", "n"]].tolist() == [
        *(0.04, 4, 40, 49),
        *(1, 0.5, 1),
    ]


def test_of_a_sentence_the_strongest_claim_of_a_target_and_sign_counts() -> None:
    found = table(
        (0, "soup", -0.5), (0, "soup", -0.9), (0, "soup", 0.3), (0, "bread", -0.9), (1, "soup", -0.4), (1, "soup", -0.4)
    )
    assert found[["claim", "target", "sign", "n"]].values.tolist() == [
        [1, "soup", -1, 1],
        [2, "soup", 1, 1],
        [3, "bread", -1, 1],
        [4, "soup", -1, 2],  # of two alike, the first
    ]


def test_of_many_alike_the_first_counts() -> None:
    assert table(*[(0, "soup", -0.4)] * 40, *[(1, "bread", -0.8)] * 40)["claim"].tolist() == [0, 40]


def test_rows_stand_in_reading_order_and_keep_the_index_of_their_claims() -> None:
    told = claims((2, "soup", -1.0, {"start": 50}), (1, "soup", -1.0, {"start": 40}), (1, "bread", -1.0, {"start": 30}))
    told.index = pd.Index([70, 71, 72])
    assert evidence_table(told, LENGTH, STRENGTH)["claim"].tolist() == [72, 71, 70]


def test_weights_are_strengths_or_counts_and_less_if_hedged() -> None:
    told = [(0, "soup", -0.8), (1, "soup", -0.6, {"hedge": "perhaps"})]
    assert table(*told)["weight"].tolist() == [0.8, 0.3]
    assert table(*told, weighing=Weighing("strength", hedged=1))["weight"].tolist() == [0.8, 0.6]
    assert evidence_table(claims(*told), LENGTH)["weight"].tolist() == [1, 0.5]  # as stated
    assert table(*told, weighing=Weighing("count", hedged=1))["weight"].tolist() == [1, 1]


def test_hedged_claims_that_count_nothing_are_no_evidence_and_hide_none() -> None:
    told = [(0, "soup", -0.8, {"hedge": "perhaps"}), (0, "soup", -0.2), (1, "bread", -0.8, {"hedge": "perhaps"})]
    assert table(*told, weighing=Weighing("strength", hedged=0))["claim"].tolist() == [1]
    assert table(*told)["claim"].tolist() == [0, 2]


@pytest.mark.parametrize("hedge", ["", "perhaps"])
def test_claims_may_come_from_a_csv_file(hedge: str) -> None:
    told = claims((0, "soup", -0.8), (1, "soup", -0.6, {"hedge": hedge}))
    again = pd.read_csv(io.StringIO(told.to_csv(index=False)))
    assert (
        evidence_table(again, LENGTH, STRENGTH)["weight"].tolist()
        == evidence_table(told, LENGTH, STRENGTH)["weight"].tolist()
    )


def test_shares_are_posterior_means_of_what_was_said_up_to_the_end_of_the_sentence() -> None:
    found = table((0, "soup", -1.0), (1, "bread", -0.5), (1, "soup", -1.0), (2, "bread", 1.0))
    # Two targets have blame: (0.5 + own) / (2 * 0.5 + all).
    assert found["share"].tolist() == pytest.approx([1.5 / 2, 1 / 3.5, 2.5 / 3.5, 1.5 / 2])
    assert ((found["low"] >= 0) & (found["low"] < found["share"]) & (found["share"] < found["high"])).all()
    # With a prior of 1 and bread alone praised, among two: Beta(2, 1), whose quantiles are roots.
    praise = table((2, "bread", 1.0), weighing=Weighing("strength", prior=1))
    assert praise.loc[0, ["low", "high"]].tolist() == pytest.approx([math.sqrt(0.025), math.sqrt(0.975)])


def test_shares_of_each_target_after_each_sentence() -> None:
    found = shares(table(*each("sb"), (2, "oil", 1.0)), -1, targets=["salt", "soup"])
    assert found.columns.tolist() == SHARE_COLUMNS
    assert found[["sentence", "target", "weight", "n"]].values.tolist() == [
        *([0, "soup", 1.0, 1], [0, "bread", 0.0, 0], [0, "salt", 0.0, 0]),
        *([1, "soup", 1.0, 1], [1, "bread", 1.0, 1], [1, "salt", 0.0, 0]),
    ]
    assert found["share"].tolist() == pytest.approx([1.5 / 2.5, 0.5 / 2.5, 0.5 / 2.5, 1.5 / 3.5, 1.5 / 3.5, 0.5 / 3.5])
    assert found["position"].tolist() == [0, 0, 0, 0.01, 0.01, 0.01]
    assert shares(table((0, "soup", -1.0), (0, "oil", -1.0)), -1)["position"].tolist() == [0, 0]
    assert shares(table(*each("s")), -1)["share"].tolist() == pytest.approx([1.5 / 2])  # and one unnamed


def test_both_tables_have_the_same_shares() -> None:
    found = table((0, "soup", -0.4), (0, "bread", -0.7), (3, "soup", -0.2, {"hedge": "may"}), (4, "salt", -1.0))
    drawn = shares(found, -1)
    both = found.merge(drawn, on=["sentence", "target"])
    assert len(both) == len(found)
    for column in ("n", "share", "low", "high"):
        assert both[f"{column}_x"].tolist() == pytest.approx(both[f"{column}_y"].tolist(), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(ESSAYS, st.sampled_from([-1, 1]))
def test_shares_of_all_targets_sum_to_one(told: list[tuple[int, str, float]], sign: int) -> None:
    found = shares(table(*told), sign, targets=["soup", "bread"])
    assert found.groupby("sentence")["share"].sum().tolist() == pytest.approx([1] * found["sentence"].nunique())
    assert ((found["low"] <= found["high"]) & (found["low"] >= 0) & (found["high"] <= 1)).all()


@settings(max_examples=40, deadline=None)
@given(ESSAYS, st.sampled_from(["soup", "oil"]), st.integers(1, 10))
def test_more_evidence_for_a_target_never_lowers_its_share(
    told: list[tuple[int, str, float]], target: str, tenths: int
) -> None:
    everything = ["soup", "bread", "salt", "oil"]
    told = [*told, (13, "bread", -0.5)]

    def last(essay: Sequence[tuple[int, str, float]]) -> pd.Series:
        found = shares(table(*essay), -1, targets=everything)
        return found[found["target"] == target].iloc[-1][["share", "low", "high"]]

    assert (last([*told, (14, target, -tenths / 10)]) > last(told)).all()


def test_ten_thousand_rows_are_quick() -> None:
    many = pd.concat([claims(*each("sbosb" * 20))] * 100, ignore_index=True)
    many["sentence"] = range(len(many))
    start = time.process_time()
    assert len(evidence_table(many, LENGTH, STRENGTH)) == 10_000
    assert time.process_time() - start < 2


# Beliefs and the turn


@pytest.mark.parametrize(("target", "polarity"), [("", -0.5), (math.nan, -0.5), ("soup", math.nan), ("soup", 0.0)])
def test_words_without_a_claim_are_no_belief(target: Any, polarity: float) -> None:
    assert Belief.of(shift((target, polarity), ("soup", 0.3)), "before") is None
    assert Belief.of(shift((target, polarity), ("soup", 0.3)), "after") == Belief("soup", 1, 0.3)


def test_the_course_counts_sentences_whatever_they_weigh() -> None:
    told = [(0, "soup", -0.8), (0, "bread", -0.3), (1, "oil", -1.0), (4, "bread", -0.9, {"hedge": "may"})]
    for weighing in (STRENGTH, Weighing(), Weighing(hedged=1)):
        found = course(table(*told, weighing=weighing), SOUP, BREAD)
        assert found.columns.tolist() == COURSE_COLUMNS
        assert found.values.tolist() == [[0, 0.0, 1, 1, 0], [4, 0.03, 1, 2, 1]]


def test_a_thing_said_twice_in_one_sentence_counts_once() -> None:
    told = [(0, "soup", -0.2), (1, "bread", -0.9), (1, "bread", -0.9), (1, "bread", -0.4)]
    assert course(table(*told), SOUP, BREAD)["lead"].tolist() == [-1, 0]


@pytest.mark.parametrize(
    ("essay", "sentence", "note"),
    [
        ("sbb", 2, ""),
        ("bbs", 0, ""),
        ("bsbb", 2, ""),  # 1 0 1 2: a draw is no lead
        ("bssbbb", 4, ""),  # 1 0 -1 0 1 2
        ("b", 0, ""),
        ("ssb", math.nan, "the belief before leads at the end"),
        ("sb", math.nan, "neither belief leads at the end"),
        ("oo", math.nan, "no sentence is evidence for either belief"),
    ],
)
def test_the_turn_is_where_the_belief_after_leads_for_good(essay: str, sentence: float, note: str) -> None:
    found = turn(table(*each(essay)), SOUP, BREAD)
    assert found.sentence == pytest.approx(sentence, nan_ok=True)
    assert found.position == pytest.approx(sentence / 100, nan_ok=True)
    assert found.note == note
    assert (found.n_before, found.n_after) == (essay.count("s"), essay.count("b"))
    lead = essay.count("b") - essay.count("s") if set(essay) & {"s", "b"} else math.nan
    assert found.lead == pytest.approx(lead, nan_ok=True)


def test_strong_words_and_hedges_move_no_turn() -> None:
    strong = table((0, "soup", -1.0), (1, "bread", -0.1, {"hedge": "may"}), (2, "bread", -0.1, {"hedge": "may"}))
    assert turn(strong, SOUP, BREAD) == Turn(2.0, 0.02, 1.0, 1, 2, "")


def test_a_reversal_turns_too() -> None:
    found = turn(table((0, "soup", -0.5), (1, "soup", 0.4), (2, "soup", 0.4)), SOUP, Belief("soup", 1, 0.8))
    assert (found.sentence, found.lead) == (2, 1)


def test_no_turn_between_beliefs_that_are_unknown_or_the_same() -> None:
    found = table(*each("sb"))
    assert turn(found, None, BREAD).note == "no target found in the words before"
    assert turn(found, None, None).note == "no target found in the words before and after"
    assert turn(found, None, BREAD).n_after == 1
    assert turn(found, SOUP, SOUP).note == "both beliefs are the same"
    assert math.isnan(turn(found, SOUP, SOUP).lead)
    assert course(found, SOUP, None).empty


def test_between_strengths_a_sentence_counts_for_the_nearer() -> None:
    told = [(0, "soup", -0.9), (1, "soup", -0.6), (2, "soup", -0.3), (3, "soup", -0.3), (4, "soup", 0.3)]
    found = table(*told, (5, "bread", -0.3))
    strong, mild = Belief("soup", -1, 0.8), Belief("soup", -1, 0.4)
    # 0.6 lies halfway and counts for neither.
    assert course(found, strong, mild)[["sentence", "lead"]].values.tolist() == [[0, -1], [2, 0], [3, 1]]
    assert turn(found, strong, mild) == Turn(3.0, 0.03, 1.0, 1, 2, "")
    assert turn(found, mild, strong).note == "the belief before leads at the end"


@settings(max_examples=80, deadline=None)
@given(ESSAYS)
def test_the_turn_fits_its_definition(told: list[tuple[int, str, float]]) -> None:
    found = table(*told)
    count = {belief: [0] * 13 for belief in (SOUP, BREAD)}
    for sentence, target, polarity in told:
        for belief, counted in count.items():
            if target == belief.target and polarity < 0:
                counted[sentence] = 1
    leads = [sum(count[BREAD][: number + 1]) - sum(count[SOUP][: number + 1]) for number in range(13)]
    told_of = [number for number in range(13) if count[BREAD][number] or count[SOUP][number]]
    turns = [number for number in told_of if all(leads[later] > 0 for later in range(number, 13))]
    assert turn(found, SOUP, BREAD).sentence == pytest.approx(min(turns, default=math.nan), nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(ESSAYS, st.integers(2, 9), st.randoms(use_true_random=False))
def test_scale_and_other_targets_move_no_turn(told: list[tuple[int, str, float]], times: int, random: Any) -> None:
    found = table(*told)
    sentence = pytest.approx(turn(found, SOUP, BREAD).sentence, nan_ok=True)
    assert turn(found.assign(weight=found["weight"] * times), SOUP, BREAD).sentence == sentence
    others = [number for number in range(len(told)) if told[number][1] in {"salt", "oil"}]
    moved = list(told)
    for number, source in zip(others, random.sample(others, len(others)), strict=True):
        moved[number] = (told[number][0], *told[source][1:])
    assert turn(table(*moved), SOUP, BREAD).sentence == sentence


# Verdicts


NO, YES, OPEN = "not borne out", "borne out", "not enough evidence"


@pytest.mark.parametrize(
    ("pro", "contra", "told"),
    [
        *((1, 0, OPEN), (2, 0, YES), (3, 1, YES), (5, 2, YES)),
        *((2, 1, OPEN), (4, 2, OPEN), (4, 4, OPEN), (1, 2, OPEN), (2, 4, OPEN)),
        *((0, 1, OPEN), (0, 2, NO), (1, 3, NO), (2, 5, NO)),
    ],
)
def test_a_verdict_by_light(pro: int, contra: int, told: str) -> None:
    essay = table(*each("s" * pro), *[(50 + number, "soup", 1.0) for number in range(contra)])
    found = verdict(essay, SOUP, "reversal")
    assert found["verdict"] == told
    assert (found["n_for"], found["n_against"]) == (found["weight_for"], found["weight_against"]) == (pro, contra)
    assert found["rule"].startswith(f"{pro} for, {contra} against: chance {found['probability']:.2f} that")
    # With a prior of 1: heads come up at most `pro` times in one throw more than there are sentences.
    throws = pro + contra + 1
    heads = sum(math.comb(throws, number) for number in range(pro + 1)) / 2**throws
    assert verdict(essay, SOUP, "reversal", None, Weighing("strength", prior=1))["probability"] == pytest.approx(heads)


def test_the_chance_by_jeffreys_prior() -> None:
    # Beta(1.5, 0.5) and Beta(2.5, 0.5): an arc sine and powers of a half.
    one, two = 0.5 + 1 / math.pi, 0.5 + 1 / math.pi + 1 / (3 * math.pi)
    assert verdict(table(*each("s")), SOUP, "reversal")["probability"] == pytest.approx(one)
    assert verdict(table(*each("ss")), SOUP, "reversal")["probability"] == pytest.approx(two)


def test_one_sentence_is_not_enough_however_sure() -> None:
    found = verdict(table(*each("s")), SOUP, "reversal")
    assert found["rule"] == "1 for, 0 against: chance 0.82 that the essay speaks so of it, but 2 sentences are needed"


def test_the_rule_says_which_test_decided() -> None:
    told = verdict(table(*each("sss")), SOUP, "reversal")
    assert told["rule"] == "3 for, 0 against: chance 0.97 that the essay speaks so of it (0.80 needed)"


@pytest.mark.parametrize(
    ("essay", "told"),
    [
        ("bb", OPEN),  # sure enough, but two sentences
        ("bbb", NO),
        ("sbb", OPEN),  # one to two
        ("sbbb", NO),
        ("ssbbbbbbbb", YES),  # by light, which comes first
        ("ooooooo", OPEN),  # said of neither
    ],
)
def test_a_belief_that_the_essay_bears_out_of_the_other_side(essay: str, told: str) -> None:
    found = verdict(table(*each(essay)), SOUP, "retargeting", BREAD)
    assert found["verdict"] == told
    assert ("for the other side" in found["rule"]) is (told == NO)


def test_the_rule_names_the_other_side() -> None:
    rule = verdict(table(*each("bbb")), SOUP, "retargeting", BREAD)["rule"]
    assert rule.startswith("0 for, 0 against: 3 for the other side, chance 0.03 that the essay says it of this rather")


def test_the_other_side_is_what_it_says_of_another_target() -> None:
    praise = table(*each("sbbb"), *((20 + number, "bread", 1.0) for number in range(5)))
    assert verdict(praise, SOUP, "reversal", Belief("bread", 1, 0.5))["verdict"] == NO
    # Of the same target there is no other side but the other light: Beta(1.5, 2.5) is too even.
    mixed = table(*each("s"), *((20 + number, "soup", 1.0) for number in range(2)))
    assert verdict(mixed, SOUP, "reversal", Belief("soup", 1, 0.5))["verdict"] == OPEN


def test_what_is_said_both_ways_may_still_be_said_of_the_other() -> None:
    found = verdict(table(*each("s" + "b" * 20), (50, "soup", 1.0)), SOUP, "retargeting", BREAD)
    assert found["probability"] == pytest.approx(0.5)
    assert found["verdict"] == NO


def test_the_share_is_that_at_the_end_among_the_readers_targets_too() -> None:
    essay, prior = table(*each("bbbbb"), (20, "salt", 1.0)), Weighing("strength", prior=1)
    two = verdict(essay, SOUP, "retargeting", BREAD, prior)
    assert two["share"] == pytest.approx(1 / 7)
    assert (two["low"], two["high"]) == pytest.approx((1 - 0.975 ** (1 / 6), 1 - 0.025 ** (1 / 6)))
    three = verdict(essay, SOUP, "retargeting", Belief("salt", -1, 0.5), prior)
    assert three["share"] == pytest.approx(1 / 8)


def test_nothing_said_is_unknown() -> None:
    found = verdict(table(), SOUP, "reversal")
    assert (found["verdict"], found["n_for"], found["n_against"]) == ("not enough evidence", 0, 0)
    assert all(math.isnan(found[column]) for column in ("probability", "share", "low", "high"))
    assert found["rule"] == "0 for, 0 against: the essay says neither of it"
    unknown = verdict(table(*each("sss")), None, "reversal", SOUP)
    assert (unknown["verdict"], unknown["rule"]) == ("not enough evidence", "no target found in these words")
    assert set(found) == set(unknown) == set(VERDICT_COLUMNS[2:])


@pytest.mark.parametrize(
    ("strengths", "before", "after", "told"),
    [
        # Mean 0.3, standard error 0.1 / sqrt(3) = 0.058: 0.6 is far off.
        ([0.2, 0.3, 0.4], 0.9, 0.3, (NO, YES)),
        ([0.2, 0.3, 0.4], 0.3, 0.9, (YES, NO)),
        # Mean 0.6, standard error 0.4 / sqrt(3) = 0.231: 0.5 is within 0.38.
        ([0.2, 0.6, 1.0], 0.9, 0.1, (OPEN, OPEN)),
        # 1.645 * 0.0577 = 0.0950: a middle of 0.3945 is just within that of the mean, one of 0.396 just not.
        ([0.2, 0.3, 0.4], 0.389, 0.4, (OPEN, OPEN)),
        ([0.2, 0.3, 0.4], 0.392, 0.4, (YES, NO)),
        # No spread at all.
        ([0.7, 0.7, 0.7], 0.9, 0.5, (OPEN, OPEN)),
        ([0.22, 0.22, 0.22], 0.42, 0.02, (OPEN, OPEN)),  # whose mean, in floats, is not 0.22
        ([0.71, 0.71, 0.71], 0.9, 0.5, (YES, NO)),
        ([0.3, 0.3], 0.9, 0.3, (OPEN, OPEN)),
    ],
)
def test_a_verdict_between_strengths(
    strengths: list[float], before: float, after: float, told: tuple[str, str]
) -> None:
    essay = table(*((number, "soup", -strength) for number, strength in enumerate(strengths)))
    rows = pd.DataFrame([shift(("soup", -before), ("soup", -after), "softening")])
    assert tuple(verdicts_table(rows, essay)["verdict"]) == told


def test_neither_strength_is_borne_out_if_the_essay_says_the_opposite() -> None:
    essay = table(*each("ooo"), (3, "soup", -0.3), *((10 + number, "soup", 1.0) for number in range(5)))
    rows = pd.DataFrame([shift(("soup", -0.9), ("soup", -0.3), "softening")])
    assert verdicts_table(rows, essay)["verdict"].tolist() == [NO, NO]


def test_strengths_are_compared_in_one_view_of_one_target_only() -> None:
    essay = table(*each("ss"))
    assert verdict(essay, SOUP, "strengthening", Belief("soup", -1, 0.2))["verdict"] == OPEN
    assert verdict(essay, SOUP, "strengthening", Belief("bread", -1, 0.2))["verdict"] == YES
    assert verdict(essay, SOUP, "replacement", Belief("soup", -1, 0.2))["verdict"] == YES


def test_the_table_of_verdicts_has_a_row_for_each_side() -> None:
    rows = pd.DataFrame([MOVE, shift(("", math.nan), ("soup", 0.5), "reversal") | {"shift": 1}])
    found = verdicts_table(rows, table(*each("ss")))
    assert found.columns.tolist() == VERDICT_COLUMNS
    assert found[["shift", "side", "verdict"]].values.tolist() == [
        [0, "before", YES],
        [0, "after", OPEN],
        [1, "before", OPEN],
        [1, "after", NO],
    ]


# How far it holds


def test_variations_compare_each_setting_with_the_stated_one() -> None:
    told = [(0, "soup", -1.0), (1, "bread", -0.6), (2, "bread", -0.8, {"hedge": "may"}), (3, "oil", 0.5)]
    found = variations(MOVE, claims(*told), LENGTH, STRENGTH).set_index("name")
    assert found.reset_index().columns.tolist() == sorted(VARIATION_COLUMNS, key=lambda column: column != "name")
    assert found.index.tolist() == ["as stated", "count", "0", "1", "0.1", "1", "1/K", "0", "1", "2"]
    assert found["kind"].tolist() == ["stated", "measure", *["hedged"] * 2, *["prior"] * 3, *["left out"] * 3]
    # Weights move no turn: one sentence to two. Left out in turn: 0 to 2, and twice 1 to 1.
    assert found["lead"].tolist() == [1] * 7 + [2, 0, 0]
    assert found["turn_sentence"].tolist() == pytest.approx([2] * 7 + [1, math.nan, math.nan], nan_ok=True)
    # Two sentences with a weight of 1: Beta(1.5, 0.5) says 0.82, Beta(2, 1) 0.75. One sentence is too few.
    assert found["before_verdict"].tolist() == [OPEN] * 10
    assert found["after_verdict"].tolist() == [YES, YES, OPEN, YES, YES, OPEN, YES, YES, OPEN, OPEN]
    assert found["holds"].tolist() == [True, True, False, True, True, False, True, True, False, False]
    assert variations(MOVE, claims(*told), LENGTH, Weighing("count"))["name"].iloc[1] == "strength"


def test_a_sentence_with_another_target_is_left_out_where_it_bears_on_the_share() -> None:
    told = claims(*each("sbo"), (3, "oil", 1.0), (4, "soup", 1.0))
    found = variations(MOVE, told, LENGTH, STRENGTH)
    assert found.loc[found["kind"] == "left out", "name"].tolist() == ["0", "1", "2", "4"]


def test_the_prior_of_one_over_k_is_one_sentence_in_all() -> None:
    # Weak words for bread are enough with a prior of 1/6, and not with one of 1/3; the reader's soup is among K.
    assert cdf(0.5, 1 / 6, 0.5 + 1 / 6) > 0.8 > cdf(0.5, 1 / 3, 0.5 + 1 / 3)
    weak = [(0, "bread", -0.2), (1, "bread", -0.3), (2, "oil", -1.0)]
    few = claims(*weak, (3, "salt", 1.0), (4, "tea", 1.0), (5, "jam", 1.0))
    many = claims(*weak, (3, "salt", -1.0), (4, "tea", -1.0), (5, "jam", -1.0))
    for told, after in ((few, OPEN), (many, YES)):
        assert variations(MOVE, told, LENGTH, STRENGTH).set_index("name").loc["1/K", "after_verdict"] == after


def test_the_table_of_turns() -> None:
    told = claims(*each("sbbobb"), (5, "soup", -0.5))
    found = turns_table(pd.DataFrame([MOVE]), told, LENGTH).loc[0]
    assert found.index.tolist() == TURN_COLUMNS
    assert found[["turn_sentence", "turn_start", "turn_end", "n_before", "n_after", "note"]].tolist() == [
        *(2, 20, 29),
        *(2, 4, ""),
    ]
    # Leads -1 0 1 2 2; without 0: 1 2 3 3; without 1, 2 or 4: -1 0 1 1; without 5: -1 0 1 2.
    assert found[["lead", "lead_without", "without_sentence"]].tolist() == [2, 1, 1]
    assert found[["turn_first", "turn_last", "turns_never", "variations"]].tolist() == [1, 4, 0, 5]
    assert found["permutations"] == 10_000
    assert found["p_order"] == order_test(evidence_table(told, LENGTH), SOUP, BREAD)


def test_the_claim_of_the_turn_is_the_one_that_counts_in_its_sentence() -> None:
    told = claims((0, "oil", -1.0), (0, "bread", 1.0), (0, "bread", -0.1), (0, "bread", -0.7), (1, "soup", 0.5))
    found = turns_table(pd.DataFrame([MOVE]), told, LENGTH).loc[0]
    assert found[["turn_sentence", "turn_start", "turn_end"]].tolist() == [0, 30, 39]


def test_the_range_of_turns_holds_the_turn_itself() -> None:
    # Leads -1 -2 -1 0 1. Without a sentence against soup the turn is one earlier; without one against bread, never.
    found = turns_table(pd.DataFrame([MOVE]), claims(*each("ssbbb")), LENGTH).loc[0]
    assert found[["turn_sentence", "turn_first", "turn_last", "turns_never", "variations"]].tolist() == [4, 3, 4, 3, 5]


def test_what_rests_on_one_sentence_does_not_stand_without_it() -> None:
    found = turns_table(pd.DataFrame([MOVE]), claims((5, "bread", -0.5, {"hedge": "may"})), LENGTH).loc[0]
    assert found[["turn_sentence", "lead", "without_sentence", "p_order"]].tolist() == [5, 1, 5, 1]
    assert math.isnan(found["lead_without"])
    assert found[["turn_first", "turn_last", "turns_never", "variations"]].tolist() == [5, 5, 1, 1]


def test_no_turn_has_no_range_and_no_test() -> None:
    rows = pd.DataFrame([MOVE, shift(("", math.nan), ("soup", 0.5)) | {"shift": 1}])
    found = turns_table(rows, claims(*each("ssb")), LENGTH)
    assert found[["turn_sentence", "turn_start", "turn_first", "turn_last", "p_order"]].isna().all(axis=None)
    assert found[["turns_never", "variations", "permutations"]].values.tolist() == [[3, 3, 0], [0, 0, 0]]
    assert found.loc[1, "note"] == "no target found in the words before"


def late_and_clear(steps: Sequence[float]) -> tuple[int, float]:
    leads = list(itertools.accumulate(steps))
    late = next(number for number in range(len(leads)) if all(lead > 0 for lead in leads[number:]))
    return late, max(0, *(-lead for lead in leads))


@pytest.mark.parametrize("steps", [(-1, -1, 1, 1, 1), (-1, 1, -1, 1, 1), (1, 1, 1, -1, 1), (1, -1, -1, 1, 1, 1)])
def test_the_test_of_order_comes_near_the_exact_one(steps: tuple[int, ...]) -> None:
    essay = table(*((n, "soup" if step < 0 else "bread", -abs(step) / 10) for n, step in enumerate(steps)))
    late, clear = late_and_clear(steps)
    orders = [late_and_clear(order) for order in itertools.permutations(steps)]
    exact = sum(one >= late and other >= clear for one, other in orders) / len(orders)
    # Four standard errors of 20,000 draws are at most 0.0142.
    assert order_test(essay, SOUP, BREAD, permutations=20_000) == pytest.approx(exact, abs=0.015)


def test_the_test_of_order_tells_a_late_clear_turn_from_an_early_one() -> None:
    assert order_test(table(*each("s" * 8 + "b" * 12)), SOUP, BREAD) < 0.01
    # One in 125,970 orders is as extreme; none of nine is, but the one as read counts.
    assert order_test(table(*each("s" * 8 + "b" * 12)), SOUP, BREAD, permutations=9) == 1 / 10
    assert order_test(table(*each("b" * 12 + "s" * 8)), SOUP, BREAD) == 1


def test_the_test_of_order_can_be_repeated_and_does_not_depend_on_its_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    essay = table(*each("sbsbsbbbsb"))
    p = order_test(essay, SOUP, BREAD, permutations=999, seed=3)
    assert order_test(essay, SOUP, BREAD, permutations=999, seed=3) == p
    assert len({order_test(essay, SOUP, BREAD, permutations=999, seed=seed) for seed in range(5)}) > 1
    monkeypatch.setattr(module, "_CELLS", 70)
    assert order_test(essay, SOUP, BREAD, permutations=999, seed=3) == p


def test_the_test_of_order_needs_a_turn() -> None:
    assert math.isnan(order_test(table(*each("ssb")), SOUP, BREAD))
    assert math.isnan(order_test(table(*each("b")), None, BREAD))
    mild = table(*each("sss", -0.2))
    assert turn(mild, Belief("soup", -1, 0.9), Belief("soup", -1, 0.3)).sentence == 0
    assert order_test(mild, Belief("soup", -1, 0.9), Belief("soup", -1, 0.3)) == 1
    with pytest.raises(ValueError, match="permutations"):
        order_test(mild, SOUP, BREAD, permutations=0)


@settings(max_examples=40, deadline=None)
@given(ESSAYS)
def test_p_is_a_part_of_all_orders(told: list[tuple[int, str, float]]) -> None:
    essay = table(*told)
    p = order_test(essay, SOUP, BREAD, permutations=99)
    assert math.isnan(p) is math.isnan(turn(essay, SOUP, BREAD).sentence)
    assert math.isnan(p) or 1 / 100 <= p <= 1


def test_ten_thousand_orders_are_quick() -> None:
    essay = table(*each("s" * 20 + "b" * 30))
    start = time.process_time()
    assert order_test(essay, SOUP, BREAD) < 0.01
    assert time.process_time() - start < 1


# Nothing at all


def test_empty_tables_keep_their_columns() -> None:
    none, row = claims(), pd.DataFrame([MOVE])
    read_by_another = claims((0, "soup", -1.0, {"reporter": "reader"}))
    for empty in (evidence_table(none, LENGTH, STRENGTH), evidence_table(read_by_another, LENGTH, STRENGTH)):
        assert empty.columns.tolist() == EVIDENCE_COLUMNS
        assert empty.empty
        assert shares(empty, -1, targets=["soup"]).columns.tolist() == SHARE_COLUMNS
        steps = course(empty, SOUP, BREAD)
        assert steps.columns.tolist() == COURSE_COLUMNS
        assert steps.empty
        assert turn(empty, SOUP, BREAD).note == "no sentence is evidence for either belief"
        assert math.isnan(order_test(empty, SOUP, BREAD))
        assert verdicts_table(row, empty)["verdict"].tolist() == [OPEN, OPEN]
        assert verdicts_table(row.iloc[:0], empty).columns.tolist() == VERDICT_COLUMNS
    for told in (none, read_by_another):
        assert turns_table(row, told, LENGTH)["variations"].tolist() == [0]
        assert turns_table(row.iloc[:0], told, LENGTH).columns.tolist() == TURN_COLUMNS
        found = variations(MOVE, told, LENGTH, STRENGTH)
        assert found.columns.tolist() == VARIATION_COLUMNS
        assert len(found) == 7
        assert found["holds"].all()


def test_one_sentence_decides_nothing_between_strengths_either() -> None:
    evidence = table((0, "soup", 0.8), weighing=module.STATED)
    strong, mild = Belief("soup", -1, 0.9), Belief("soup", -1, 0.4)
    assert verdict(evidence, strong, "softening", mild)["verdict"] == "not enough evidence"
    assert verdict(evidence, mild, "softening", strong)["verdict"] == "not enough evidence"


def test_a_long_essay_is_no_trouble() -> None:
    told = claims(*[(number, "soup" if number < 900 else "bread", -1.0) for number in range(2000)])
    started = time.perf_counter()
    found = turns_table(pd.DataFrame([MOVE]), told, LENGTH).loc[0]
    assert found["turn_sentence"] == 1800
    assert found["lead_without"] == 199
    assert time.perf_counter() - started < 5
