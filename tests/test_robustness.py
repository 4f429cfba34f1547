"""What a finding rests on, on a pair in which that is known."""

import pandas as pd
import pytest

from analysis import Source
from analysis.robustness import ROBUSTNESS_COLUMNS, robustness

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


def test_each_other_reading_is_tried_once(table: pd.DataFrame) -> None:
    kinds = table["kind"].value_counts()
    assert (kinds["threshold"], kinds["left out, when reading"], kinds["instead of the encoder"]) == (2, 1, 1)


def test_a_word_list_does_not_hear_that_it_is_not_good(table: pd.DataFrame) -> None:
    # "isn't good" counts as blame with TextBlob too, but "the salt" and "the soup" get whatever their sentence has.
    [row] = table[table["name"] == "TextBlob"].to_dict("records")
    assert row["after_verdict"] == "borne out"


def test_without_a_shift_there_is_nothing_to_vary() -> None:
    table = robustness(Source.from_text(ESSAY), Source.from_text("Soup again."))
    assert table.empty
    assert table.columns.tolist() == list(ROBUSTNESS_COLUMNS)
