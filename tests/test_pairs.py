"""Essays and responses whose verdicts were judged apart from the rules, before these were run on them.

In six of them the reader is right about where the essay stands, in five wrong, in one nobody can tell.
"""

import csv
import math
from pathlib import Path

import pytest

from analysis import Study, read

PAIRS = Path(__file__).parent / "pairs"
ROWS = {row["pair"]: row for row in csv.DictReader((PAIRS / "pairs.csv").open(encoding="utf-8"))}

# Why the turn is found elsewhere than where it was marked.
OTHER_TURN = {
    "p03": "'the IT support team' is taken for another target",
    "p09": "of the two sentences of praise only one is heard, so that an earlier one turns",
    "p11": "a polarity says how sure the encoder is, and mild blame is as sure as strong blame",
}
OTHER_VERDICT = {"p05": "only two of the five sentences against the gnomes are surely heard, and one as praise"}


@pytest.fixture(scope="module")
def studies() -> dict[str, Study]:
    return {pair: read(PAIRS / f"{pair}-essay.txt", PAIRS / f"{pair}-response.txt") for pair in ROWS}


@pytest.mark.parametrize("pair", ROWS)
def test_the_move_is_found(studies: dict[str, Study], pair: str) -> None:
    row = ROWS[pair]
    [shift] = studies[pair].shifts.to_dict("records")
    assert shift["type"] == row["type"]
    assert int(shift["second_order"]) == int(row["second_order"])
    for side in ("before", "after"):
        assert shift[f"{side}_target"].split()[-1] in row[f"{side}_target"]
        assert math.copysign(1, shift[f"{side}_polarity"]) == int(row[f"{side}_sign"])


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(
            pair, marks=pytest.mark.xfail(strict=True, reason=OTHER_VERDICT[pair]) if pair in OTHER_VERDICT else ()
        )
        for pair in ROWS
    ],
)
def test_the_verdict_is_the_judges(studies: dict[str, Study], pair: str, side: str) -> None:
    verdicts = studies[pair].verdicts.set_index("side")
    assert verdicts.loc[side, "verdict"] == ROWS[pair][f"{side}_verdict"], verdicts.loc[side, "rule"]


@pytest.mark.parametrize(
    "pair",
    [
        pytest.param(pair, marks=pytest.mark.xfail(strict=True, reason=OTHER_TURN[pair]) if pair in OTHER_TURN else ())
        for pair in ROWS
    ],
)
def test_the_turn_is_where_it_was_marked(studies: dict[str, Study], pair: str) -> None:
    study, marked = studies[pair], ROWS[pair]["turn_text"]
    [turn] = study.turns.to_dict("records")
    if not marked:
        assert math.isnan(turn["turn_sentence"])
        assert turn["note"]
        return
    essay = study.sentences[study.sentences["source"] == "essay"].set_index("sentence")
    assert essay.loc[turn["turn_sentence"], "text"] == marked
