"""Adds up the author's claims in reading order, and asks whether they bear out what a reader makes of them.

`evidence_table` lists what the author says in their own voice, and `shares` how much of their praise or blame falls to
each target. `turn` finds the first sentence after which a reader's belief after leads for good, by plain counts of
sentences along the `course` of both; weights and priors are for shares and verdicts only. `verdict` says whether the
author's words bear a belief out. `variations`, `turns_table` and `order_test` show what becomes of that with other
weights, without a sentence, or in another order.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

EVIDENCE_COLUMNS = "position sentence claim start end target polarity sign weight n share low high".split()
SHARE_COLUMNS = "position sentence target weight n share low high".split()
COURSE_COLUMNS = "sentence position before after lead".split()
VERDICT_COLUMNS = (
    "shift side verdict n_for n_against weight_for weight_against probability share low high rule"
).split()
VARIATION_COLUMNS = "kind name turn_sentence turn_position lead before_verdict after_verdict holds".split()
TURN_COLUMNS = (
    "shift turn_sentence turn_position turn_start turn_end lead n_before n_after lead_without without_sentence"
    " turn_first turn_last turns_never variations p_order permutations note"
).split()

# Four to one. With the stated weights, two sentences for a belief and none against are surer than this, three against
# one and five against two as well; two against one and four against two are not.
_SURE, _UNLIKELY = 0.8, 0.2
# One sentence is an instance, not a stance.
_FEWEST_BY_LIGHT = 2
# The spread of two strengths is known from a single difference, which may be nothing by chance.
_FEWEST = 3
# A normal mean lies further off to one side once in twenty times.
_STANDARD_ERRORS = 1.645
# So many differences are permuted at a time: 16 MB in each of five or six arrays.
_CELLS = 2_000_000
# Log-odds beyond this are those of 0 and 1, in floats.
_MOST_ODDS = 36.0

_Floats = npt.NDArray[np.float64]
_Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Weighing:
    """How much a piece of evidence counts.

    Attributes:
        measure: "count" counts every claim as 1, "strength" by how strong it is (0 to 1). Strengths come from word
            lists that agree on the sign of a word more often than on its strength, so they are not the stated measure.
        hedged: What part of that a hedged claim counts, 0 to 1; at 0 hedged claims are no evidence.
        prior: What each target has before reading, in sentences of full strength; above 0. 0.5 is Jeffreys' prior
            (Gelman et al. 2013, Bayesian Data Analysis, 3rd ed., section 2.8).

    Raises:
        ValueError: If one of them is out of its range.
    """

    measure: str = "count"
    hedged: float = 0.5
    prior: float = 0.5

    def __post_init__(self) -> None:
        if self.measure not in {"strength", "count"}:
            raise ValueError(f"measure is {self.measure!r}; it must be 'strength' or 'count'.")
        if not 0 <= self.hedged <= 1:
            raise ValueError(f"hedged is {self.hedged}; it must lie between 0 and 1.")
        if not 0 < self.prior < math.inf:
            raise ValueError(f"prior is {self.prior}; it must be a number above 0.")


STATED = Weighing()


@dataclass(frozen=True)
class Belief:
    """What a reader holds: a target, whether it is for or against it (`sign` 1 or -1), and how strongly (0 to 1)."""

    target: str
    sign: int
    strength: float

    @classmethod
    def of(cls, shift: Mapping[str, Any], side: str) -> Belief | None:
        """One side ("before" or "after") of a row of the shifts table; None where no claim was found in its words.

        Examples:
            >>> Belief.of({"after_target": "soup", "after_polarity": -0.5}, "after")
            Belief(target='soup', sign=-1, strength=0.5)
        """
        target, polarity = shift[f"{side}_target"], float(shift[f"{side}_polarity"])
        if not isinstance(target, str) or not target or math.isnan(polarity) or polarity == 0:
            return None
        return cls(target, 1 if polarity > 0 else -1, abs(polarity))


@dataclass(frozen=True)
class Turn:
    """Where the author's sentences pass from one belief to another.

    Attributes:
        sentence: The first sentence after which the belief after leads for good; NaN if there is none.
        position: Where that is, 0 to 1; NaN likewise.
        lead: By how many sentences the belief after leads at the end; NaN if no sentence counts for either.
        n_before: How many sentences count for the belief before.
        n_after: And for the belief after.
        note: Why there is no turn; empty if there is one.
    """

    sentence: float
    position: float
    lead: float
    n_before: int
    n_after: int
    note: str


def evidence_table(claims: pd.DataFrame, length: int, weighing: Weighing = STATED) -> pd.DataFrame:
    """The author's own claims, one for each sentence, target and sign, in reading order.

    Of several such claims in a sentence the strongest counts: a thing said twice in one sentence is said once. What a
    reader reports of the author is no evidence for the reader, nor is what the author reports of others.

    Args:
        claims: The claims table of the text that the author's words are in (`analysis.claims.CLAIM_COLUMNS`).
        length: Characters of that text, for `position` (0 to 1).
        weighing: How much a claim counts.

    Returns:
        A row for each piece of evidence, with the columns of `EVIDENCE_COLUMNS`: `claim` is the index of the claim,
        `n` how often this target has been shown in this light so far, and `share`, `low`, `high` how much of all that
        has been said in this light, up to the end of the sentence, is about this target (see `shares`).

    Examples:
        >>> claims = pd.DataFrame({"sentence": [3], "start": [40], "end": [57], "reporter": ["author"],
        ...     "holder": ["author"], "target": ["soup"], "polarity": [-0.8], "hedge": [""]})
        >>> evidence_table(claims, 80)[["position", "target", "sign", "weight", "n"]].values.tolist()
        [[0.5, 'soup', -1, 1.0, 1]]
    """
    units = evidence_units(claims, length, weighing)
    if units.empty:
        return units
    units["n"] = units.groupby(["target", "sign"]).cumcount() + 1
    own = units.groupby(["target", "sign"])["weight"].cumsum()
    of_all = units.groupby("sign")["weight"].cumsum().groupby([units["sign"], units["sentence"]]).transform("max")
    among = units["sign"].map({sign: _among(_targets(units, sign)) for sign in (-1, 1)})
    arrays = (column.to_numpy(dtype=float) for column in (own, of_all, among))
    units["share"], units["low"], units["high"] = _share(*arrays, prior=weighing.prior)
    return units


def shares(
    evidence: pd.DataFrame, sign: int, *, targets: Iterable[str] = (), weighing: Weighing = STATED
) -> pd.DataFrame:
    """How much of the author's praise, or blame, falls to each target, as it adds up.

    The weights are taken for counts of a multinomial whose shares have a symmetric Dirichlet prior (Gelman et al. 2013,
    Bayesian Data Analysis, 3rd ed., section 3.4), so that each share has a Beta distribution. A weight below one counts
    as less than an observation: weak words leave wide bands. Shares are among the targets that the whole text has in
    this light and those given; a target that is alone shares with one more, of which nothing is said.

    Args:
        evidence: A table of `evidence_table`.
        sign: 1 for praise, -1 for blame.
        targets: Others to reckon with, such as those of a reader's beliefs.
        weighing: For its prior.

    Returns:
        A row for each sentence with evidence of this sign and each target, with the columns of `SHARE_COLUMNS`:
        `weight` and `n` so far, `share` the posterior mean, and `low` and `high` its 95 % band, all 0 to 1.

    Examples:
        >>> shares(pd.DataFrame(columns=EVIDENCE_COLUMNS), -1, targets=["soup"]).empty
        True
    """
    own = evidence[evidence["sign"] == sign]
    if own.empty:
        return pd.DataFrame(columns=SHARE_COLUMNS)
    names = _targets(evidence, sign, targets)
    grid = own.assign(n=1).pivot_table(index="sentence", columns="target", values=["weight", "n"], aggfunc="sum")
    grid = grid.reindex(columns=pd.MultiIndex.from_product([["weight", "n"], names])).fillna(0).cumsum()
    weights = grid["weight"].to_numpy(dtype=float)
    of_all = np.broadcast_to(weights.sum(axis=1, keepdims=True), weights.shape)
    share, low, high = _share(weights, of_all, np.full(weights.shape, _among(names)), prior=weighing.prior)
    positions = own.groupby("sentence")["position"].min()
    values = {
        "position": np.repeat(positions.to_numpy(), len(names)),
        "sentence": np.repeat(positions.index.to_numpy(), len(names)),
        "target": names * len(positions),
        "weight": weights.ravel(),
        "n": grid["n"].to_numpy(dtype=int).ravel(),
    }
    return pd.DataFrame(values | {"share": share.ravel(), "low": low.ravel(), "high": high.ravel()})


def evidence_units(claims: pd.DataFrame, length: int, weighing: Weighing = STATED) -> pd.DataFrame:
    """The rows of `evidence_table` with their weights; what adds up over them is NaN. Verdicts need no more."""
    # A corpus weighs some claims of many articles, so this is on plain values, which pandas takes longer over.
    strongest: dict[tuple[int, str, int], tuple[Any, ...]] = {}
    columns = "sentence target polarity reporter holder hedge start end".split()
    for claim, *told in zip(claims.index, *(claims[column].tolist() for column in columns), strict=True):
        sentence, target, polarity, reporter, holder, hedge, start, end = told
        # An empty hedge that went through a CSV file comes back as NaN.
        weight = weighing.hedged if isinstance(hedge, str) and hedge else 1.0
        if reporter != "author" or holder != "author" or not abs(polarity) > 0 or not weight:  # NaN is not above 0
            continue
        key = sentence, target, 1 if polarity > 0 else -1
        if key not in strongest or abs(polarity) > abs(strongest[key][2]):
            weight *= abs(polarity) if weighing.measure == "strength" else 1
            strongest[key] = (start, claim, polarity, weight, end)
    rows = [
        (start / length, sentence, claim, start, end, target, polarity, sign, weight)
        for (sentence, target, sign), (start, claim, polarity, weight, end) in sorted(
            strongest.items(), key=lambda item: (item[0][0], *item[1][:2])
        )
    ]
    return pd.DataFrame(rows, columns=EVIDENCE_COLUMNS[:9]).reindex(columns=EVIDENCE_COLUMNS)


def _targets(evidence: pd.DataFrame, sign: int, targets: Iterable[str] = ()) -> list[str]:
    """The targets that shares of one sign are taken among."""
    return list(dict.fromkeys([*evidence.loc[evidence["sign"] == sign, "target"], *targets]))


def _among(targets: list[str]) -> int:
    return max(2, len(targets))


def _share(own: _Floats, of_all: _Floats, among: _Floats, *, prior: float) -> tuple[_Floats, _Floats, _Floats]:
    """The posterior means of shares, and the ends of their 95 % bands."""
    # Sums in another order may leave a hair less than nothing for the others.
    a, b = prior + own, (among - 1) * prior + np.maximum(of_all - own, 0)
    low, high = _beta_quantile(np.stack([np.full_like(a, 0.025), np.full_like(a, 0.975)]), a, b)
    return a / (a + b), low, high


def _beta_cdf(x: _Floats, a: _Floats, b: _Floats) -> _Floats:
    """P(X <= x) of Beta(a, b), 0 < x < 1, element by element, by a continued fraction.

    Press et al. 2007, Numerical Recipes, 3rd ed., section 6.4, with Lentz's method.
    """
    # It converges fast on one side of the mean only; the other side is its mirror image.
    mirrored = x > (a + 1) / (a + b + 2)
    x, a, b = np.where(mirrored, 1 - x, x), np.where(mirrored, b, a), np.where(mirrored, a, b)
    log_beta = _log_beta(a, b)
    d = 1 / (1 - (a + b) * x / (a + 1))
    c, fraction = np.ones_like(d), d
    for m in range(1, 1000):
        end = a + 2 * m
        for term in (m * (b - m) * x / ((end - 1) * end), -(a + m) * (a + b + m) * x / (end * (end + 1))):
            d, c = 1 / (1 + term * d), 1 + term / c
            fraction = fraction * c * d
        if np.all(np.abs(c * d - 1) < 1e-12):
            break
    below = np.exp(a * np.log(x) + b * np.log1p(-x) - log_beta) * fraction / a
    return np.asarray(np.where(mirrored, 1 - below, below))


def _log_beta(a: _Floats, b: _Floats) -> _Floats:
    log_gamma = np.frompyfunc(math.lgamma, 1, 1)
    return np.asarray(log_gamma(a) + log_gamma(b) - log_gamma(a + b), dtype=float)


def _beta_quantile(level: _Floats, a: _Floats, b: _Floats) -> _Floats:
    """The x with P(X <= x) = level of Beta(a, b), to a ten-billionth.

    By Newton's method on the log-odds of x, where both tails are nearly straight, and by bisection where that leaves
    the bounds found so far (Press et al. 2007, section 9.4).
    """
    a, b = np.broadcast_to(a, level.shape), np.broadcast_to(b, level.shape)
    log_beta = _log_beta(a, b)
    odds, low, high = np.log(a / b), np.full_like(level, -_MOST_ODDS), np.full_like(level, _MOST_ODDS)
    x = a / (a + b)
    for _ in range(100):
        off = _beta_cdf(x, a, b) - level
        low, high = np.where(off < 0, odds, low), np.where(off < 0, high, odds)
        odds = odds - off / np.exp(a * np.log(x) + b * np.log1p(-x) - log_beta)
        odds = np.where((low <= odds) & (odds <= high), odds, (low + high) / 2)
        last, x = x, 1 / (1 + np.exp(-odds))
        if np.all(np.abs(x - last) < 1e-10):
            break
    return np.asarray(x)


def course(evidence: pd.DataFrame, before: Belief | None, after: Belief | None) -> pd.DataFrame:
    """How many sentences count for each of two beliefs, after each sentence that counts for either.

    A sentence counts as one for a belief if it shows the belief's target in the belief's light, whatever it weighs: a
    hedged sentence too counts as one. Where the beliefs differ only in strength, it counts for the one whose strength
    its own is nearer to, and for neither if it lies halfway.

    Returns:
        A row for each such sentence, in reading order, with the columns of `COURSE_COLUMNS`: `before` and `after` are
        the counts so far, `lead` is `after` - `before`. No row where a belief is None, or both are the same.

    Examples:
        >>> evidence = pd.DataFrame({"sentence": [1, 4, 6], "position": [0.1, 0.5, 0.8], "sign": [-1, -1, -1],
        ...     "target": ["soup", "salt", "salt"], "polarity": [-0.8, -0.5, -0.5]})
        >>> course(evidence, Belief("soup", -1, 0.7), Belief("salt", -1, 0.7))["lead"].tolist()
        [-1, 0, 1]
    """
    if before is None or after is None or before == after:
        return pd.DataFrame(columns=COURSE_COLUMNS)
    steps = _steps(evidence, before, after)
    sums = steps[["before", "after"]].cumsum()
    return steps.assign(before=sums["before"], after=sums["after"], lead=sums["after"] - sums["before"])


def turn(evidence: pd.DataFrame, before: Belief | None, after: Belief | None) -> Turn:
    """The first sentence after which the belief after leads for good, by counts of sentences; see `course`.

    There is none where the belief after does not lead at the end, and where a belief is None, as no target was found in
    its words.

    Examples:
        >>> evidence = pd.DataFrame({"sentence": [1, 4, 6], "position": [0.1, 0.5, 0.8], "sign": [-1, -1, -1],
        ...     "target": ["soup", "salt", "salt"], "polarity": [-0.8, -0.5, -0.5]})
        >>> turn(evidence, Belief("soup", -1, 0.7), Belief("salt", -1, 0.7)).sentence
        6.0
    """
    n_before, n_after = (int(rows.sum()) for rows in _sides(evidence, before, after))
    table = course(evidence, before, after)
    leads = table["lead"].to_numpy(dtype=float)
    lead = float(leads[-1]) if len(leads) else math.nan
    if note := _why_never(before, after, lead):
        return Turn(math.nan, math.nan, lead, n_before, n_after, note)
    first = table.iloc[_first_for_good(leads)]
    return Turn(float(first["sentence"]), float(first["position"]), lead, n_before, n_after, "")


def _first_for_good(leads: _Floats | _Integers) -> int:
    """The first place from which on all leads are above 0, given that the last one is."""
    behind = np.flatnonzero(leads <= 0)
    return int(behind[-1]) + 1 if len(behind) else 0


def _why_never(before: Belief | None, after: Belief | None, lead: float) -> str:
    if before is None or after is None:
        sides = " and ".join(name for name, side in (("before", before), ("after", after)) if side is None)
        return f"no target found in the words {sides}"
    if before == after:
        return "both beliefs are the same"
    if math.isnan(lead):
        return "no sentence is evidence for either belief"
    if lead > 0:
        return ""
    return "the belief before leads at the end" if lead < 0 else "neither belief leads at the end"


def _is_for(evidence: pd.DataFrame, belief: Belief | None) -> pd.Series:
    """Which rows have the target and the sign of a belief."""
    if belief is None:
        return pd.Series(False, index=evidence.index)
    return (evidence["target"] == belief.target) & (evidence["sign"] == belief.sign)


def _sides(evidence: pd.DataFrame, before: Belief | None, after: Belief | None) -> tuple[pd.Series, pd.Series]:
    """Which rows count for each belief; see `course`."""
    for_before, for_after = _is_for(evidence, before), _is_for(evidence, after)
    if before is not None and after is not None and _differ_in_strength(before, after):
        strength = evidence["polarity"].astype(float).abs()
        # Rounded, so that a strength halfway counts for neither, whatever its last digits.
        nearer = ((strength - before.strength).abs() - (strength - after.strength).abs()).round(9)
        return for_before & (nearer < 0), for_after & (nearer > 0)
    return for_before, for_after


def _differ_in_strength(before: Belief, after: Belief) -> bool:
    """Whether nothing but strength differs."""
    return replace(before, strength=after.strength) == after and before != after


def _steps(evidence: pd.DataFrame, before: Belief, after: Belief) -> pd.DataFrame:
    """A row for each sentence that counts for a belief: 1 for each that it counts for, else 0."""
    for_before, for_after = _sides(evidence, before, after)
    counted = evidence[["sentence", "position"]].assign(before=for_before.astype(int), after=for_after.astype(int))
    by_sentence = counted[for_before | for_after].groupby("sentence", as_index=False)
    return by_sentence.agg({"position": "min", "before": "max", "after": "max"})


def verdict(
    evidence: pd.DataFrame,
    belief: Belief | None,
    kind_of_change: str,
    other: Belief | None = None,
    weighing: Weighing = STATED,
) -> dict[str, Any]:
    """Whether the author's words bear a belief out. The first test that decides counts.

    1. By light: `probability` is the chance that the author speaks of this target with this sign more often than not,
       P(theta > 1/2) under Beta(prior + weight for, prior + weight against). At 0.8 the belief is borne out, at 0.2 it
       is not, if two sentences or more are for or against it.
    2. By comparison, where the other side has another target: the chance that the author speaks so of this target
       rather than as the other side has it, P(theta > 1/2) under Beta(prior + weight for, prior + weight of the other).
       At 0.2 the belief is not borne out, if three sentences or more are for either: they say it, but of the other.
    3. Else there is not enough evidence.

    In a softening or strengthening of one view of one target, both sides have the same evidence, and other tests take
    their place. If by light the author says the opposite, neither is borne out. Else the mean strength of three
    sentences or more decides, if it is off the middle between both beliefs by more than 1.645 standard errors: the
    nearer is borne out, the other is not.

    Args:
        evidence: A table of `evidence_table`.
        belief: The belief; None if no target was found in its words.
        kind_of_change: The type of the shift.
        other: The other side of the shift.
        weighing: For its prior.

    Returns:
        The columns of `VERDICT_COLUMNS` from `verdict` on: how many sentences, and what weight, are for the belief (its
        target and sign) and against it (its target, the other sign); `probability`, NaN where there are none; `share`,
        `low`, `high` at the end, as in `shares`, NaN where nothing is said with this sign; in `rule`, which test
        decided, with its numbers.

    Examples:
        >>> evidence = pd.DataFrame({"target": ["soup"] * 3, "sign": 1, "weight": 1.0, "polarity": 1.0})
        >>> verdict(evidence, Belief("soup", 1, 0.5), "reversal")["rule"]
        '3 for, 0 against: chance 0.97 that the essay speaks so of it (0.80 needed)'
    """
    row: dict[str, Any] = dict.fromkeys(VERDICT_COLUMNS[2:], math.nan)
    row |= {"n_for": 0, "n_against": 0, "weight_for": 0.0, "weight_against": 0.0}
    if belief is None:
        return row | {"verdict": "not enough evidence", "rule": "no target found in these words"}
    # Plain arrays: a corpus asks this often, of few rows.
    targets, signs = evidence["target"].to_numpy(dtype=object), evidence["sign"].to_numpy()
    weights = evidence["weight"].to_numpy(dtype=float)
    of_target = targets == belief.target
    pro, contra = of_target & (signs == belief.sign), of_target & (signs == -belief.sign)
    n_for, n_against = int(pro.sum()), int(contra.sum())
    row |= {"n_for": n_for, "n_against": n_against}
    row |= {"weight_for": float(weights[pro].sum()), "weight_against": float(weights[contra].sum())}
    n = n_for + n_against
    if n:
        row["probability"] = _more_often(row["weight_for"], row["weight_against"], weighing.prior)
    alike = signs == belief.sign
    if alike.any():
        named = [side.target for side in (belief, other) if side is not None]
        among = _among(list(dict.fromkeys([*targets[alike], *named])))
        numbers = (row["weight_for"], float(weights[alike].sum()), float(among))
        row["share"], row["low"], row["high"] = _share_of(*numbers, weighing.prior)
    if kind_of_change in {"softening", "strengthening"} and other is not None and _differ_in_strength(belief, other):
        strengths = np.abs(evidence["polarity"].to_numpy(dtype=float)[pro])
        told, why = _by_strength(strengths, belief, other, row["probability"], n)
    else:
        told, why = _by_light(row["probability"], n)
        if told == "not enough evidence" and other is not None and other.target != belief.target:
            rival = (targets == other.target) & (signs == other.sign)
            n_rival = int(rival.sum())
            chance = _more_often(row["weight_for"], float(weights[rival].sum()), weighing.prior)
            if chance <= _UNLIKELY and n_for + n_rival >= _FEWEST:
                why = f"{n_rival} for the other side, chance {chance:.2f} that the essay says it of this rather"
                told, why = "not borne out", f"{why} ({_UNLIKELY:.2f} or less decides against it)"
    return row | {"verdict": told, "rule": f"{n_for} for, {n_against} against: {why}"}


def verdicts_table(shifts: pd.DataFrame, evidence: pd.DataFrame, weighing: Weighing = STATED) -> pd.DataFrame:
    """The verdict on each side of each shift, with the columns of `VERDICT_COLUMNS`; see `verdict`.

    Examples:
        >>> verdicts_table(pd.DataFrame(), pd.DataFrame(columns=EVIDENCE_COLUMNS)).empty
        True
    """
    return pd.DataFrame(verdict_rows(shifts.to_dict("records"), evidence, weighing), columns=VERDICT_COLUMNS)


def verdict_rows(
    shifts: Iterable[Mapping[str, Any]], evidence: pd.DataFrame, weighing: Weighing = STATED
) -> list[dict[str, Any]]:
    """The rows of `verdicts_table`."""
    rows = []
    for shift in shifts:
        before, after = Belief.of(shift, "before"), Belief.of(shift, "after")
        for side, belief, other in (("before", before, after), ("after", after, before)):
            found = verdict(evidence, belief, shift["type"], other, weighing)
            rows.append({"shift": shift["shift"], "side": side} | found)
    return rows


# The same few counts come again and again in a corpus.
@functools.lru_cache(maxsize=4096)
def _share_of(own: float, of_all: float, among: float, prior: float) -> tuple[float, float, float]:
    """One share with its band; see `_share`."""
    share, low, high = _share(np.array(own), np.array(of_all), np.array(among), prior=prior)
    return float(share), float(low), float(high)


@functools.lru_cache(maxsize=4096)
def _more_often(weight: float, other: float, prior: float) -> float:
    """The chance that what has the first weight is said more often than not, where the other is said else."""
    # That theta is above 1/2 is that 1 - theta, with both numbers exchanged, is below.
    return float(_beta_cdf(np.array(0.5), np.array(prior + other), np.array(prior + weight)))


def _by_light(probability: float, n: int) -> tuple[str, str]:
    """The verdict by how often the target is shown so; what is NaN decides nothing."""
    if math.isnan(probability):
        return "not enough evidence", "the essay says neither of it"
    chance = f"chance {probability:.2f} that the essay speaks so of it"
    if n < _FEWEST_BY_LIGHT:
        return "not enough evidence", f"{chance}, but {_FEWEST_BY_LIGHT} sentences are needed"
    if probability >= _SURE:
        return "borne out", f"{chance} ({_SURE:.2f} needed)"
    if probability <= _UNLIKELY:
        return "not borne out", f"{chance} ({_UNLIKELY:.2f} or less decides against it)"
    return "not enough evidence", f"{chance} ({_SURE:.2f} needed, {_UNLIKELY:.2f} or less decides against it)"


def _by_strength(strengths: _Floats, belief: Belief, other: Belief, probability: float, n: int) -> tuple[str, str]:
    """The verdict between two strengths of one belief, with `n` sentences for or against it."""
    if probability <= _UNLIKELY and n >= _FEWEST_BY_LIGHT:
        return _by_light(probability, n)
    if len(strengths) < _FEWEST:
        return "not enough evidence", f"strengths are compared over {_FEWEST} sentences or more"
    mean, error = float(strengths.mean()), float(strengths.std(ddof=1)) / math.sqrt(len(strengths))
    middle, reach = (belief.strength + other.strength) / 2, _STANDARD_ERRORS * error
    numbers = f"mean strength {mean:.2f} ± {reach:.2f}, and {middle:.2f} is the middle between both beliefs"
    # Equal strengths may come out with a hair of a spread, and a mean in the middle a hair off it.
    if abs(mean - middle) <= reach + 1e-9:
        return "not enough evidence", numbers
    nearer = (mean > middle) == (belief.strength > other.strength)
    return "borne out" if nearer else "not borne out", numbers


def variations(
    shift_row: Mapping[str, Any], claims: pd.DataFrame, length: int, weighing: Weighing = STATED
) -> pd.DataFrame:
    """The turn and the verdicts of one shift under other weights, and with each sentence left out in turn.

    Weights change verdicts only: the turn counts sentences. Left out are the sentences with evidence on a target of
    either belief, or with the sign of one; no other matters.

    Returns:
        A row for each, with the columns of `VARIATION_COLUMNS`: `name` is the new value, or the number of the sentence
        where `kind` is "left out"; `holds` if both verdicts and the sign of the lead are those of the first row, which
        is the setting as stated.
    """
    before, after = Belief.of(shift_row, "before"), Belief.of(shift_row, "after")
    beliefs = [belief for belief in (before, after) if belief is not None]
    units = evidence_units(claims, length, weighing)
    targets, signs = [belief.target for belief in beliefs], {belief.sign for belief in beliefs}
    among = _among(list({name for sign in signs for name in _targets(units, sign, targets)}))
    counted = evidence_units(claims, length)
    whole = turn(counted, before, after)
    settings = [("stated", "as stated", units, weighing, whole)]
    for kind, name, changed in _other_weighings(weighing, among):
        settings.append((kind, name, evidence_units(claims, length, changed), changed, whole))
    bearing = counted[counted["target"].isin(targets) | counted["sign"].isin(signs)]
    for sentence in dict.fromkeys(bearing["sentence"]):
        without = turn(counted[counted["sentence"] != sentence], before, after)
        settings.append(("left out", str(sentence), units[units["sentence"] != sentence], weighing, without))
    rows = []
    for kind, name, evidence, setting, found in settings:
        told = tuple(
            verdict(evidence, belief, shift_row["type"], other, setting)["verdict"]
            for belief, other in ((before, after), (after, before))
        )
        same = (*told, np.sign(np.nan_to_num(found.lead)))
        rows.append((kind, name, found.sentence, found.position, found.lead, *told, same))
    table = pd.DataFrame(rows, columns=VARIATION_COLUMNS)
    return table.assign(holds=[same == rows[0][-1] for same in table["holds"]])


def turns_table(
    shifts: pd.DataFrame, claims: pd.DataFrame, length: int, permutations: int = 10_000, seed: int = 0
) -> pd.DataFrame:
    """The turn of each shift, and how firmly it stands.

    Returns:
        A row a shift, with the columns of `TURN_COLUMNS`: the fields of `Turn`; `turn_start` and `turn_end`, the claim
        that counts in the sentence of the turn; `lead_without`, the smallest lead with one sentence left out, and
        `without_sentence`, which (NaN and that sentence where there is no other). `turn_first` and `turn_last` are the
        earliest and the latest turn as stated and over the `variations`, in each of which one sentence that counts is
        left out; in `turns_never` of them there is no turn. `p_order` is of `order_test`, with its `permutations`; NaN
        and 0 where there is no test.
    """
    units = evidence_units(claims, length)
    rows = [_turn_row(shift, units, permutations, seed) for shift in shifts.to_dict("records")]
    return pd.DataFrame(rows, columns=TURN_COLUMNS)


def _other_weighings(weighing: Weighing, among: int) -> Iterator[tuple[str, str, Weighing]]:
    """What is varied, its new value, and the setting with it."""
    measure = "count" if weighing.measure == "strength" else "strength"
    yield "measure", measure, replace(weighing, measure=measure)
    yield "hedged", "0", replace(weighing, hedged=0.0)
    yield "hedged", "1", replace(weighing, hedged=1.0)
    yield "prior", "0.1", replace(weighing, prior=0.1)
    yield "prior", "1", replace(weighing, prior=1.0)
    # One sentence in all, shared out among the targets (Perks 1947, Journal of the Institute of Actuaries 73).
    yield "prior", "1/K", replace(weighing, prior=1 / among)


def _turn_row(shift: Mapping[str, Any], units: pd.DataFrame, permutations: int, seed: int) -> dict[str, Any]:
    before, after = Belief.of(shift, "before"), Belief.of(shift, "after")
    found = turn(units, before, after)
    sentences = [int(sentence) for sentence in course(units, before, after)["sentence"]]
    without = _without_each(units, before, after) if sentences and before is not None and after is not None else []
    leads = [lead for _, lead in without]
    # A lead is NaN here only where one sentence is all there is, and then it is alone in the list.
    weakest = int(np.argmin(leads)) if leads else -1
    varied = [sentence for sentence, _ in without]
    turned = [sentence for sentence in (found.sentence, *varied) if not math.isnan(sentence)]
    turning = units[(units["sentence"] == found.sentence) & _sides(units, before, after)[1]]
    p = order_test(units, before, after, permutations, seed)
    return {
        "shift": shift["shift"],
        "turn_sentence": found.sentence,
        "turn_position": found.position,
        "turn_start": float(turning["start"].iloc[0]) if len(turning) else math.nan,
        "turn_end": float(turning["end"].iloc[0]) if len(turning) else math.nan,
        "lead": found.lead,
        "n_before": found.n_before,
        "n_after": found.n_after,
        "lead_without": leads[weakest] if leads else math.nan,
        "without_sentence": float(sentences[weakest]) if leads else math.nan,
        "turn_first": min(turned, default=math.nan),
        "turn_last": max(turned, default=math.nan),
        "turns_never": len([sentence for sentence in varied if math.isnan(sentence)]),
        "variations": len(varied),
        "p_order": p,
        "permutations": 0 if math.isnan(p) else permutations,
        "note": found.note,
    }


def _without_each(units: pd.DataFrame, before: Belief, after: Belief) -> list[tuple[float, float]]:
    """The sentence of the turn (NaN if there is none) and the lead, with each sentence that counts left out."""
    # On the bare numbers, for a long essay has a thousand sentences to leave out.
    steps = _steps(units, before, after)
    differences, sentences = (steps["after"] - steps["before"]).to_numpy(), steps["sentence"].to_numpy(dtype=float)
    found = []
    for left in range(len(differences)):
        leads = np.delete(differences, left).cumsum()
        lead = float(leads[-1]) if len(leads) else math.nan
        turned = float(np.delete(sentences, left)[_first_for_good(leads)]) if lead > 0 else math.nan
        found.append((turned, lead))
    return found


def order_test(
    evidence: pd.DataFrame, before: Belief | None, after: Belief | None, permutations: int = 10_000, seed: int = 0
) -> float:
    """How often the same sentences, in random order, turn as late and as clearly.

    As late: no fewer of them stand before the turn. As clearly: the largest lead of the belief before, at any of them,
    is no smaller. The order as read is counted with the others (Phipson and Smyth 2010, Statistical Applications in
    Genetics and Molecular Biology 9(1), article 39).

    Returns:
        That part of all orders, above 0 and at most 1; NaN where there is no turn.

    Raises:
        ValueError: If `permutations` is below 1.
    """
    if permutations < 1:
        raise ValueError(f"permutations is {permutations}; it must be 1 or more.")
    if before is None or after is None or turn(evidence, before, after).note:
        return math.nan
    steps = _steps(evidence, before, after)
    differences = (steps["after"] - steps["before"]).to_numpy(dtype=np.int64)[np.newaxis]
    late, clear = _late_and_clear(differences)
    rng = np.random.default_rng(seed)
    chunk = max(1, _CELLS // differences.size)
    as_extreme = 0
    for done in range(0, permutations, chunk):
        orders = rng.permuted(differences.repeat(min(chunk, permutations - done), axis=0), axis=1)
        lates, clears = _late_and_clear(orders)
        as_extreme += int(((lates >= late) & (clears >= clear)).sum())
    return (1 + as_extreme) / (1 + permutations)


def _late_and_clear(differences: _Integers) -> tuple[_Integers, _Integers]:
    """For each row: how many sentences stand before its turn, and the largest lead of the belief before.

    Every row sums to more than 0, so that it has a turn; behind it the belief before leads no more.
    """
    leads = differences.cumsum(axis=1)
    behind = leads <= 0
    late = np.where(behind.any(axis=1), leads.shape[1] - behind[:, ::-1].argmax(axis=1), 0)
    return late, np.maximum(-leads.min(axis=1), 0)
