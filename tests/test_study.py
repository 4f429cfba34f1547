"""The whole line with the pinned model: the study's document, and texts about something else."""

import dataclasses
import pickle
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from analysis import InputError, Source, Study, read
from analysis.errors import noted
from analysis.finding import finding
from analysis.lexicon import Target
from analysis.shifts import Answer, ReadText

DATA = Path(__file__).parent.parent / "data"

ALLOTMENTS = (
    "I read an article on allotments by Ruth Adey. At first I thought the author dislikes gardening. "
    "Many people believe gardening is boring. After reading it, I realised that she only minds the committee that runs "
    "the waiting list. The committee is slow and rude. Gardening itself is wonderful."
)


@pytest.fixture(scope="module")
def study() -> Study:
    return read(DATA / "raw" / "networking-sucks.txt", targets=DATA / "targets.csv")


def test_the_stated_move(study: Study) -> None:
    [shift] = study.shifts.to_dict("records")
    assert shift["holder"] == "reader"
    assert shift["second_order"]
    assert shift["type"] == "retargeting"
    assert (shift["before_target"], shift["before_kind"], shift["before_holder"]) == (
        "networking",
        "evaluation",
        "author",
    )
    assert shift["before_polarity"] < 0
    assert (shift["after_target"], shift["after_kind"], shift["after_holder"]) == (
        "transactional_people",
        "expectation",
        "author",
    )
    assert shift["after_polarity"] < 0


def test_the_stated_move_is_where_it_was_marked_by_hand(study: Study) -> None:
    [shift] = study.shifts.to_dict("records")
    [gold] = pd.read_csv(DATA / "gold" / "shifts.csv").to_dict("records")
    for side in ("before", "after"):
        assert (shift[f"{side}_start"], shift[f"{side}_end"]) == (gold[f"{side}_start"], gold[f"{side}_end"])
        assert shift[f"{side}_text"] == gold[f"{side}_text"]


def test_every_span_slices_out_of_its_text(study: Study) -> None:
    pairs = {
        "sentences": ("start", "end", "text"),
        "claims": ("start", "end", "text"),
        "mentions": ("start", "end", "text"),
        "voices": ("start", "end", "text"),
    }
    for name, (start, end, text) in pairs.items():
        table = getattr(study, name)
        assert len(table), name
        for row in table.to_dict("records"):
            source = study.sources[row["source"]]
            assert source.text[row[start] : row[end]] == row[text]
    for row in study.cues.to_dict("records"):
        source = study.sources[row["source"]]
        assert source.text[row["cue_start"] : row["cue_end"]] == row["cue"]
        assert source.text[row["target_start"] : row["target_end"]] == row["target_text"]


def test_essay_and_commentary_are_apart(study: Study) -> None:
    essay, commentary = " ".join(study.essay["text"]), " ".join(study.commentary["text"])
    assert "Networking sucks" in essay
    assert "i figured out" not in essay
    assert "i figured out" in commentary
    assert "poisonous" not in commentary


def test_nothing_is_claimed_in_byline_or_reference(study: Study) -> None:
    unread = study.voices[study.voices["role"].isin(["byline", "reference"])]
    for row in unread.to_dict("records"):
        claims, mentions = study.claims, study.mentions
        assert not ((claims["start"] < row["end"]) & (row["start"] < claims["end"])).any()
        inside = mentions[(mentions["start"] < row["end"]) & (row["start"] < mentions["end"])]
        assert inside["polarity"].isna().all()


def test_evidence_is_the_authors_own(study: Study) -> None:
    assert len(study.evidence)
    rows = study.claims.loc[study.evidence["claim"]]
    assert set(rows["holder"]) == set(rows["reporter"]) == {"author"}
    assert study.evidence["position"].is_monotonic_increasing


def test_the_same_text_gives_the_same_tables(study: Study) -> None:
    again = read(DATA / "raw" / "networking-sucks.txt", targets=DATA / "targets.csv")
    for field in dataclasses.fields(Study):
        one = getattr(study, field.name)
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, getattr(again, field.name))


def test_a_study_is_plain_values(study: Study) -> None:
    assert pickle.loads(pickle.dumps(study)).shifts.equals(study.shifts)


def test_another_matter_gives_the_right_claims() -> None:
    claims = read(Source.from_text(ALLOTMENTS)).claims
    told = {(row.target, row.holder, row.reporter, row.polarity > 0, row.time) for row in claims.itertuples()}
    assert told == {
        ("gardening", "author", "reader", False, "past"),
        ("gardening", "other", "reader", False, "present"),
        ("committee", "author", "reader", False, "present"),
        ("committee", "reader", "reader", False, "present"),
        ("gardening", "reader", "reader", True, "present"),
    }


def test_another_matter_gives_the_right_shift() -> None:
    [shift] = read(Source.from_text(ALLOTMENTS)).shifts.to_dict("records")
    assert (shift["before_target"], shift["after_target"], shift["type"]) == ("gardening", "committee", "retargeting")
    assert shift["before_text"] == "At first I thought the author dislikes gardening"
    assert shift["after_text"] == "I realised that she only minds the committee that runs the waiting list"
    assert shift["second_order"]


@pytest.mark.parametrize(
    ("text", "before", "after", "kind"),
    [
        (
            "Before I read it I believed the author was against cycling. "
            "But then I discovered he is only worried about drivers who text.",
            ("cycling", -1),
            ("drivers", -1),
            "retargeting",
        ),
        (
            "I used to think that the writer loathes museums. Now I understand that she simply despairs of guides.",
            ("museums", -1),
            ("guides", -1),
            "retargeting",
        ),
        (
            "I thought the author liked the law. I now think he is critical of it.",
            ("law", 1),
            ("law", -1),
            "reversal",
        ),
        (
            "At first I thought the soup was dreadful. After a while I found that the soup is merely bad.",
            ("soup", -1),
            ("soup", -1),
            "softening",
        ),
    ],
)
def test_shifts_of_every_kind(text: str, before: tuple[str, int], after: tuple[str, int], kind: str) -> None:
    [shift] = read(None, Source.from_text(text)).shifts.to_dict("records")
    assert (shift["before_target"], shift["before_polarity"] > 0) == (before[0], before[1] > 0)
    assert (shift["after_target"], shift["after_polarity"] > 0) == (after[0], after[1] > 0)
    assert shift["type"] == kind


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("My friend thought the film was good. But the dog barked.", "somebody else's belief"),
        ("I thought the soup was good. But my brother realised that it was cold.", "somebody else's discovery"),
        pytest.param(
            "I never thought the soup was good. I realised that it was late.",
            "a belief that was never held",
            marks=pytest.mark.xfail(
                strict=True, reason="'late' is heard as blame of the soup, and taken for news of it"
            ),
        ),
        ("I realised that the soup was good.", "after without before"),
        ("I thought the soup was good.", "before without after"),
        ("I thought the bread was hard. I learned to bake it from a book.", "a skill is no news"),
    ],
)
def test_what_is_no_change_of_the_writers_mind(text: str, why: str) -> None:
    assert read(None, Source.from_text(text)).shifts.empty, why


@pytest.mark.parametrize(
    ("text", "target"),
    [("Homework sucks.", "homework"), ("The bridge is hated by the town.", "bridge")],
)
def test_plain_blame_is_claimed_of_what_it_is_about(text: str, target: str) -> None:
    claims = read(None, Source.from_text(text)).claims
    assert (claims.loc[claims["target"] == target, "polarity"] < 0).tolist() == [True]


def test_stances_have_their_numbers() -> None:
    text = "Baker cheated us. The hall was long."
    looked_for = [
        Target(n, n, (), (("document", text.index(w), text.index(w) + len(w)),))
        for n, w in (("b", "Baker"), ("h", "hall"))
    ]
    stances = read(Source.from_text(text), targets=looked_for).stances.set_index("target")
    assert stances.loc["b", "n"] == 1
    assert stances.loc["b", "polarity"] < 0
    assert stances.loc["h", "n"] == 0
    assert stances.loc["h", "polarity"] != stances.loc["h", "polarity"]


def test_what_stands_before_moves_the_claims_and_changes_none() -> None:
    before = "The train left at nine."
    alone = read(None, Source.from_text(ALLOTMENTS)).claims
    behind = read(None, Source.from_text(f"{before}\n\n{ALLOTMENTS}")).claims
    shift = len(before) + 2
    for column in ("start", "end", "target_start"):
        assert (alone[column] + shift).tolist() == behind[column].tolist()
    for column in ("target", "holder", "polarity", "kind", "time", "text"):
        assert alone[column].tolist() == behind[column].tolist()


def test_an_essay_and_a_response() -> None:
    pair = read(
        Source.from_text("Cold soup\n\nby Ann Baker\n\nCold soup is awful. I love bread."),
        Source.from_text("I thought Baker hated soup. Then I realised that she only dislikes cold soup."),
    )
    assert list(pair.sources) == ["essay", "response"]
    assert set(pair.claims["source"]) == {"essay", "response"}
    assert set(pair.evidence["target"]) == {"cold soup", "bread"}
    assert pair.shifts["before_holder"].tolist() == ["author"]


def test_tables_have_the_same_columns_when_empty(study: Study) -> None:
    bare = read(None, Source.from_text("It rains."))
    for field in dataclasses.fields(Study):
        one = getattr(study, field.name)
        if isinstance(one, pd.DataFrame):
            assert list(getattr(bare, field.name).columns) == list(one.columns), field.name
    assert bare.claims.empty
    assert bare.shifts.empty
    assert finding(bare)["shifts"] == []


def test_what_cannot_be_read_is_said_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to read"):
        read(None)
    for missing in ("nope.txt", "my essay.md", "nope", tmp_path / "nope.txt", str(tmp_path / "a b.html")):
        with pytest.raises(InputError, match="no such file"):
            read(missing)
    with pytest.raises(InputError, match="neither a path nor a text"):
        read(7)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"nope\.csv: no such file"):
        read(Source.from_text("It rains."), targets=tmp_path / "nope.csv")


def test_a_fault_is_raised_as_it_is_with_the_text_it_came_up_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(texts: Sequence[ReadText], *_: object) -> list[Answer]:
        if texts[0].sentences[0].passage.source.name == "response":
            raise IndexError("list index out of range")
        return [Answer("none", 0.0) for _ in texts]

    monkeypatch.setattr("analysis.study.find_changes", fail)
    with pytest.raises(IndexError) as fault:
        read("Soup is awful.", "I like soup.")
    assert noted(fault.value) == "response"


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        (
            "Having been a fan of her songs, I hated this record.",
            "Having been a fan of her songs",
            "I hated this record",
        ),
        (
            "At first I thought the ferry was slow. Having come to love the ferry, I take it every day.",
            "At first I thought the ferry was slow",
            "Having come to love the ferry",
        ),
    ],
)
def test_a_belief_may_stand_before_the_word_for_who_holds_it(text: str, before: str, after: str) -> None:
    [shift] = read(None, Source.from_text(text)).shifts.to_dict("records")
    assert (shift["before_text"], shift["after_text"]) == (before, after)


@pytest.mark.parametrize("more", ["", " Uber is late.", " UBER! I miss uber.", " Uber's uber is late. Ubers."])
def test_what_is_a_name_here_and_a_noun_there_is_one_target(more: str) -> None:
    text = "I hate uber. Ubers are great. I run uber 3 on uber."
    assert read(None, f"{text}{more}").stances["target"].tolist()[0] == "uber"
    assert read(text, f"I hate uber.{more}").stances["target"].tolist()[0] == "uber"


def test_a_capital_at_the_beginning_of_a_sentence_makes_no_name() -> None:
    told = read("Soup is good. Soup is bad. I hate soup. Bill is kind. I pay the bill to Bill.")
    assert told.stances["target"].tolist()[:2] == ["soup", "Bill"]


def test_a_str_is_a_path_or_the_text_itself(tmp_path: Path) -> None:
    text = "The soup is awful. I hate it."
    assert read(text).sources["document"].text == text
    named = tmp_path / "a file with blanks and no suffix"
    named.write_text(text)
    assert read(str(named)).sources["document"].text == text
    assert read("One line.\nnope.txt").sources["document"].text == "One line.\nnope.txt"
    assert read("Soup, i.e. what she hates " * 100).sources["document"].text.startswith("Soup")


def test_what_the_reader_says_for_themself_is_counted_before_and_after_their_turn() -> None:
    study = read(
        None,
        Source.from_text(
            "The soup is awful. I hate the soup. I thought the author hated soup. Then I realised that she only hates "
            "salt. The soup is wonderful."
        ),
    )
    soup = study.valence[study.valence["target"] == "soup"].set_index("side")
    assert soup.loc["before", ["polarity", "n"]].tolist() == [pytest.approx(-0.95, abs=0.05), 2]
    assert soup.loc["after", "n"] == 1
    assert soup.loc["after", "polarity"] > 0
    # What they report of the author is not theirs: unknown, and not 0.
    salt = study.valence[study.valence["target"] == "salt"]
    assert salt["n"].tolist() == [0, 0]
    assert salt["polarity"].isna().all()


def test_a_title_counts_once() -> None:
    text = "The soup is awful\n\nby Ann Baker\n\n{}I walk to work on Mondays. The bread is good."
    for again in ("", "The soup is awful\n\n"):
        study = read(Source.from_text(text.format(again)), Source.from_text("Well."))
        assert study.evidence[["target", "n"]].values.tolist() == [["soup", 1], ["bread", 1]]
    said_again = read(Source.from_text(text.format("") + " The soup is awful."), Source.from_text("Well."))
    assert said_again.evidence["target"].tolist() == ["soup", "bread", "soup"]


def test_the_studys_verdicts_and_turn(study: Study) -> None:
    assert study.verdicts["side"].tolist() == ["before", "after"]
    for row in study.verdicts.to_dict("records"):
        [shift] = study.shifts.to_dict("records")
        own = study.evidence[study.evidence["target"] == shift[f"{row['side']}_target"]]
        assert row["n_for"] == (own["sign"] == -1).sum()
        assert row["n_against"] == (own["sign"] == 1).sum()
        assert str(row["n_for"]) in row["rule"]
    [turn] = study.turns.to_dict("records")
    assert turn["lead"] == study.verdicts["n_for"].diff().iloc[1]
    assert bool(turn["note"]) == (turn["turn_sentence"] != turn["turn_sentence"])
