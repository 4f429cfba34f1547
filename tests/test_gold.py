"""The marks made by hand, and what holding our claims against them gives."""

import math
from pathlib import Path

import pandas as pd
import pytest

from analysis import InputError, Study, read
from analysis.agreement import agreement, disagreements, kappa, read_gold, voice_accuracy
from analysis.study import Reader

DATA = Path(__file__).parent.parent / "data"
TEXT = (DATA / "raw" / "networking-sucks.txt").read_bytes().decode()


@pytest.fixture(scope="module")
def study() -> Study:
    return read(DATA / "raw" / "networking-sucks.txt", targets=DATA / "targets.csv")


@pytest.fixture(scope="module")
def gold() -> pd.DataFrame:
    return read_gold(DATA / "gold" / "sentences.csv")


def test_the_marks_are_where_they_say(gold: pd.DataFrame) -> None:
    for row in gold.to_dict("records"):
        assert TEXT[row["start"] : row["end"]] == row["text"]
    for row in pd.read_csv(DATA / "gold" / "shifts.csv").to_dict("records"):
        assert TEXT[row["before_start"] : row["before_end"]] == row["before_text"]
        assert TEXT[row["after_start"] : row["after_end"]] == row["after_text"]


def test_the_marks_take_in_every_word(gold: pd.DataFrame) -> None:
    left = list(TEXT)
    for row in gold.to_dict("records"):
        left[row["start"] : row["end"]] = " " * (row["end"] - row["start"])
    assert set("".join(left)) <= set(" \n•123.")


def test_the_marks_keep_their_own_conventions(gold: pd.DataFrame) -> None:
    marked = gold[gold["target"] != ""]
    assert set(marked["polarity"]) == {"1", "-1"}
    assert set(marked["holder"]) <= {"author", "reader", "other"}
    assert not marked.duplicated(["sentence", "target"]).any()
    assert set(gold["voice"]) == {"reader", "author", "apparatus"}
    assert (gold.loc[gold["text"].str.startswith("Westenberg, J."), "target"] == "").all()


def test_every_voice_is_right(study: Study, gold: pd.DataFrame) -> None:
    right, marked = voice_accuracy(study, gold)
    assert right == marked == gold["sentence"].nunique()


def test_agreement_is_reported_beside_the_baseline(study: Study, gold: pd.DataFrame) -> None:
    scores = agreement(study, gold).set_index("method")
    assert list(scores.index) == ["rules", "fixed sign"]
    for row in scores.to_dict("records"):
        assert row["precision"] == row["both"] / row["found"]
        assert row["recall"] == row["both"] / row["marked"]
        assert row["sign_accuracy"] == row["right_sign"] / row["both"]
    assert scores["marked"].nunique() == 1


def test_agreement_of_the_marks_with_themselves_is_full(study: Study, gold: pd.DataFrame) -> None:
    numbers = dict(zip(study.sentences["start"], study.sentences["sentence"], strict=True))
    marked = gold[gold["target"] != ""]
    own = pd.DataFrame(
        {
            "source": "document",
            "sentence": marked["start"].map(numbers),
            "target": marked["target"],
            "polarity": marked["polarity"].astype(float),
        }
    )
    perfect = Study(**{**vars(study), "claims": own})
    [rules, _] = agreement(perfect, gold).to_dict("records")
    assert (rules["precision"], rules["recall"], rules["sign_accuracy"], rules["kappa"]) == (1, 1, 1, 1)


def test_disagreements_are_the_cells_that_agreement_counts(study: Study, gold: pd.DataFrame) -> None:
    differ = disagreements(study, gold)
    kinds = differ["kind"].value_counts()
    [rules, _] = agreement(study, gold).to_dict("records")
    assert kinds.get("missed", 0) == rules["marked"] - rules["both"]
    assert kinds.get("not marked", 0) == rules["found"] - rules["both"]
    assert kinds.get("wrong sign", 0) == rules["both"] - rules["right_sign"]
    assert (differ["marked"] != differ["found"]).all()


def test_what_the_rules_must_reach(study: Study, gold: pd.DataFrame) -> None:
    # Two people agree with each other with a kappa of 0.80.
    [rules, fixed] = agreement(study, gold).to_dict("records")
    assert rules["kappa"] >= 0.70
    assert rules["sign_accuracy"] >= 0.90
    assert rules["kappa"] > fixed["kappa"]
    assert rules["sign_accuracy"] > fixed["sign_accuracy"]


def test_a_family_of_rules_can_be_left_out(gold: pd.DataFrame) -> None:
    text, targets = DATA / "raw" / "networking-sucks.txt", DATA / "targets.csv"
    [without, _] = agreement(Reader(without=["copula"]).read(text, targets=targets), gold).to_dict("records")
    [whole, _] = agreement(read(text, targets=targets), gold).to_dict("records")
    assert without["found"] < whole["found"]
    with pytest.raises(InputError, match="No family of rules is called copulas"):
        Reader(without=["copulas"])


def test_kappa_as_in_a_textbook() -> None:
    # 50 cases, both say yes in 20, both no in 15, the first alone yes in 5, the second alone in 10: 0.40.
    cells = [(number, "soup") for number in range(50)]
    one = dict.fromkeys(cells[:25], 1)
    other = dict.fromkeys(cells[:20] + cells[25:35], 1)
    assert kappa(one, other, cells) == pytest.approx(0.4)
    assert math.isnan(kappa({}, {}, cells))


def test_a_gold_without_its_columns_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    path.write_text("sentence,text\n0,Hello.\n")
    with pytest.raises(InputError, match=r"no column start, end, voice, target, polarity\. Found: sentence, text"):
        read_gold(path)
