"""What a finding rests on, on a pair in which that is known."""

import pandas as pd
import pytest

from analysis import Source
from analysis.robustness import ROBUSTNESS_COLUMNS, robustness
from analysis.rules import all_rules

ESSAY = "The soup isn't good. It is bad. I hate the salt. The salt is nasty. The salt is awful. The salt is bad."
RESPONSE = "I thought the author hated soup. Then I realised that she only hates salt."


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return robustness(Source.from_text(ESSAY), Source.from_text(RESPONSE))


def test_the_first_row_is_the_finding_as_stated(table: pd.DataFrame) -> None:
    first = table.iloc[0]
    assert (first["kind"], first["move"], first["holds"]) == ("stated", "-soup to -salt (retargeting)", True)
    assert (first["before_verdict"], first["after_verdict"]) == ("borne out", "borne out")
    assert table.columns.tolist() == list(ROBUSTNESS_COLUMNS)


def test_without_negation_and_without_coreference_the_first_belief_falls(table: pd.DataFrame) -> None:
    heard = table[table["kind"] == "not heard"].set_index("name")
    assert heard["move"].tolist() == ["-soup to -salt (retargeting)"] * 2
    assert heard["before_verdict"].tolist() == ["not borne out"] * 2
    assert not heard["holds"].any()


def test_each_family_of_rules_is_left_out_once(table: pd.DataFrame) -> None:
    left_out = table.loc[table["kind"] == "rules left out", "name"].tolist()
    assert sorted(left_out) == sorted({rule.name.split(".")[0] for rule in all_rules()})
    lost = table[(table["kind"] == "rules left out") & ~table["holds"]]
    assert set(lost["name"]) == {"copula", "experiencer"}


def test_without_a_shift_there_is_nothing_to_vary() -> None:
    table = robustness(Source.from_text(ESSAY), Source.from_text("Soup again."))
    assert table.empty
    assert table.columns.tolist() == list(ROBUSTNESS_COLUMNS)
