"""Which of the essay's sentences answer to each side of a reader's move."""

import pandas as pd
import pytest

from analysis import Source, Study, read
from analysis.alignment import ALIGNMENT_COLUMNS

ESSAY = (
    "The choir is a joy on most evenings. Its conductor borrows money from every alto. The hall is cold. "
    "The conductor is rude. Tea costs a pound."
)
RESPONSE = (
    "I thought the author disliked the choir. Then I realised that she only dislikes a conductor who keeps borrowing "
    "money from people."
)


@pytest.fixture(scope="module")
def study() -> Study:
    return read(Source.from_text(ESSAY), Source.from_text(RESPONSE))


def rows(study: Study, side: str) -> pd.DataFrame:
    return study.alignment[study.alignment["side"] == side].set_index("rank")


def test_the_same_claim_and_the_same_relation_come_first(study: Study) -> None:
    after = rows(study, "after")
    assert set(after.loc[[1, 2], "text"]) == {
        "Its conductor borrows money from every alto.",
        "The conductor is rude.",
    }
    assert after.loc[after["text"] == "The conductor is rude.", "same_claim"].item()
    borrowed = after[after["text"].str.contains("borrows")].iloc[0]
    assert "borrows … from" in borrowed["words"]
    assert borrowed["relation"] == 1


def test_a_sentence_that_shares_nothing_is_not_there(study: Study) -> None:
    assert "Tea costs a pound." not in set(study.alignment["text"])


def test_every_row_points_to_its_words(study: Study) -> None:
    assert study.alignment.columns.tolist() == list(ALIGNMENT_COLUMNS)
    for row in study.alignment.to_dict("records"):
        assert study.sources[row["source"]].text[row["start"] : row["end"]] == row["text"]
        assert 0 < row["score"] <= 3
        assert 0 <= row["similarity"] <= 1
        said = max(float(row["same_claim"]), row["shared_target"] / 2)
        assert row["score"] == pytest.approx(said + row["relation"] + row["similarity"], abs=2e-4)
        for word in row["words"].replace(" … ", ", ").split(", "):
            assert word in row["text"]


def test_a_verdict_against_the_reader_shows_that_nobody_says_it() -> None:
    study = read(
        Source.from_text("The nurses were kind. I admire the nurses. The waiting room is awful."),
        Source.from_text("I expected praise of the nurses. Then I realised that the author hates the nurses."),
    )
    after = rows(study, "after")
    assert len(after)
    assert not after["same_claim"].any()


def test_without_the_author_there_is_nothing_to_align() -> None:
    study = read(None, Source.from_text(RESPONSE))
    assert len(study.shifts) == 1
    assert study.alignment.empty
    assert study.alignment.columns.tolist() == list(ALIGNMENT_COLUMNS)


def test_in_the_study_the_benefit_answers_to_getting_something() -> None:
    study = read("data/raw/networking-sucks.txt", targets="data/targets.csv")
    best = rows(study, "after").loc[1]
    assert best["text"].endswith("in order to get something from them.")
    assert "get … from" in best["words"]
