"""Pairs whose readers name things in words of their own: how many changes are found, and how many verdicts are right.

Two language models wrote and marked them, twelve each, apart from each other. The verdict rule was looked at on the
first twelve (q), and stayed as it was; the other twelve (r) were read by the program once it was done.
"""

import csv
from pathlib import Path

import pytest

from analysis import Study, read

PAIRS = Path(__file__).parent / "pairs"
ROWS = {
    row["pair"]: row
    for name in ("q-pairs.csv", "r-pairs.csv")
    for row in csv.DictReader((PAIRS / name).open(encoding="utf-8"))
}


@pytest.fixture(scope="module")
def studies() -> dict[str, Study]:
    return {pair: read(PAIRS / f"{pair}-essay.txt", PAIRS / f"{pair}-response.txt") for pair in ROWS}


def found(studies: dict[str, Study], letter: str) -> float:
    own = [study for pair, study in studies.items() if pair.startswith(letter)]
    return sum(not study.shifts.empty for study in own) / len(own)


def right_verdicts(studies: dict[str, Study], letter: str) -> float:
    """The share of right verdicts on both sides; where no change is found, none is right."""
    right = of = 0
    for pair, study in studies.items():
        if not pair.startswith(letter):
            continue
        of += 2
        for row in study.verdicts[study.verdicts["shift"] == 0].to_dict("records"):
            right += row["verdict"] == ROWS[pair][f"{row['side']}_verdict"]
    return right / of


def test_a_text_gives_both_its_marked_passages() -> None:
    for pair, row in ROWS.items():
        response = (PAIRS / f"{pair}-response.txt").read_text(encoding="utf-8")
        assert response.count(row["before_text"]) == response.count(row["after_text"]) == 1, pair


@pytest.mark.parametrize("letter", ["q", "r"])
def test_most_changes_are_found(studies: dict[str, Study], letter: str) -> None:
    assert found(studies, letter) >= 0.5


@pytest.mark.xfail(strict=True, reason="what the reader names otherwise than the essay is not found in the essay")
@pytest.mark.parametrize("letter", ["q", "r"])
def test_verdicts_are_right(studies: dict[str, Study], letter: str) -> None:
    assert right_verdicts(studies, letter) >= 0.75
