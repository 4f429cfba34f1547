"""The tug-of-war over the author's sentences: a made-up essay on soup and salt, the stored pairs, and the study."""

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from analysis import read
from analysis.agreement import numbered_as, read_marks
from analysis.evidence import Belief, course
from analysis.figures import pictures
from analysis.plot_clauses import describe_clauses, plot_clauses
from analysis.plot_tug import COUNTS, describe_tug, plot_tug
from analysis.tug import TUG_COLUMNS, differences, tug_table

DATA = Path(__file__).parent.parent / "data"
SENTENCES = pd.DataFrame({"sentence": [2, 3, 5, 6, 7], "text": ["Two.", "Three.", "Five.", "Six.", "Seven."]})
SHIFT: dict[str, Any] = {
    "before_target": "soup",
    "before_polarity": -0.8,
    "before_text": "I thought soup was it",
    "after_target": "salt",
    "after_polarity": -0.6,
    "after_text": "I saw that it was salt",
}
LABELS = {"soup": "cold soup"}


def evidence(*said: tuple[int, str, float]) -> pd.DataFrame:
    rows = [(sentence, sentence / 10, target, 1 if p > 0 else -1, p) for sentence, target, p in said]
    return pd.DataFrame(rows, columns=["sentence", "position", "target", "sign", "polarity"])


def marks(*said: tuple[int, str, str]) -> pd.DataFrame:
    return pd.DataFrame(said, columns=["sentence", "target", "polarity"])


# Up to sentence 7 the marks have -1 -2 -1 0 1, and the program -1 -1 0 0 0.
PROGRAM = evidence((2, "soup", -0.9), (3, "soup", 0.9), (5, "salt", -0.1), (6, "tea", -1.0))
MARKS = marks(
    (2, "soup", "-1"), (3, "soup", "-1"), (5, "salt", "-1"), (6, "salt", "-1"), (7, "salt", "-1"), (9, "", "")
)


def both() -> pd.DataFrame:
    return tug_table(PROGRAM, SHIFT, SENTENCES, MARKS, labels=LABELS)


def line(ax: Axes, name: str) -> Line2D:
    [found] = [one for one in ax.lines if one.get_color() == COUNTS[name] and one.get_marker() == "None"]
    return found


def hollow(ax: Axes, name: str) -> list[float]:
    """The places of the hollow marks on one line."""
    [found] = [one for one in ax.lines if one.get_color() == COUNTS[name] and str(one.get_markerfacecolor()) == "white"]
    return list(found.get_xdata())


def circles(ax: Axes) -> list[tuple[float, float]]:
    found = [one for one in ax.lines if str(one.get_markerfacecolor()) == "none" and one.get_marker() == "o"]
    return [(one.get_xdata()[0], one.get_ydata()[0]) for one in found]


def words_in(ax: Axes) -> str:
    words = [ax.get_title(loc="left"), *(text.get_text() for text in ax.texts), ax.get_xlabel()]
    return " ".join(" ".join(words).split())


def test_each_sentence_pulls_by_one() -> None:
    table = both()
    assert table.columns.tolist() == TUG_COLUMNS
    assert table["sentence"].tolist() == [2, 3, 5, 6, 7]
    assert table["marks_lead"].tolist() == [-1, -2, -1, 0, 1]
    assert table["program_lead"].tolist() == [-1, -1, 0, 0, 0]
    assert table["marks_before"].tolist() == [1, 1, 0, 0, 0]
    assert table["program_after"].tolist() == [0, 0, 1, 0, 0]
    assert table.loc[table["marks_turn"], "sentence"].tolist() == [7]
    assert not table["program_turn"].any()
    assert table["differ"].tolist() == [False, True, False, True, True]
    assert table.loc[1, ["marks_say", "program_says"]].tolist() == ["against cold soup", "for cold soup"]
    assert table.loc[3, ["marks_say", "program_says"]].tolist() == ["against salt", "nothing about either"]


def test_the_differences_have_plain_names() -> None:
    found = differences(both())
    assert found.columns.tolist() == ["sentence", "its words", "reference marks say", "the program says"]
    assert found.iloc[0].tolist() == [3, "Three.", "against cold soup", "for cold soup"]
    assert differences(tug_table(PROGRAM, SHIFT, SENTENCES)).empty


def test_the_line_is_the_course_and_its_circle_the_turn_of_the_table() -> None:
    for name in ("p01", "p02", "p03", "p07", "p09", "p11"):
        folder = Path(__file__).parent / "pairs"
        study = read(folder / f"{name}-essay.txt", folder / f"{name}-response.txt")
        [shift], [turn] = study.shifts.to_dict("records"), study.turns.to_dict("records")
        table = tug_table(study.evidence, shift, study.author_sentences)
        steps = course(study.evidence, Belief.of(shift, "before"), Belief.of(shift, "after"))
        leads = table.set_index("sentence")["program_lead"]
        assert leads[steps["sentence"]].tolist() == steps["lead"].tolist()
        assert leads.iloc[-1] == turn["n_after"] - turn["n_before"]
        turning = table.loc[table["program_turn"], "sentence"].tolist()
        assert turning == ([] if math.isnan(turn["turn_sentence"]) else [turn["turn_sentence"]])
        ax = plot_tug(table, shift, labels={})
        assert list(line(ax, "program").get_ydata()) == [0, *leads]
        assert len(circles(ax)) == len(turning)
        assert table["marks_lead"].isna().all()
        assert not [one for one in ax.lines if one.get_color() == COUNTS["marks"]]
        assert "reference marks" not in words_in(ax) + describe_tug(table, shift, labels={})


def test_between_strengths_the_marks_have_no_line() -> None:
    softer = SHIFT | {"after_target": "soup", "after_polarity": -0.2}
    table = tug_table(evidence((2, "soup", -0.9), (3, "soup", -0.3), (5, "soup", -0.3)), softer, SENTENCES, MARKS)
    assert table["program_lead"].tolist() == [-1, 0, 1, 1, 1]
    assert table["marks_lead"].isna().all()
    assert "against soup, less strongly" in words_in(plot_tug(table, softer, labels={}))


def test_the_figure_shows_both_counts_and_where_they_differ() -> None:
    table = both()
    ax = plot_tug(table, SHIFT, labels=LABELS)
    assert list(line(ax, "marks").get_ydata()) == [0, *table["marks_lead"]]
    assert list(line(ax, "program").get_ydata()) == [0, *table["program_lead"]]
    assert line(ax, "marks").get_linewidth() > 2 * line(ax, "program").get_linewidth()
    # The second, fourth and fifth of the author's sentences, all counted by the marks alone.
    assert (hollow(ax, "marks"), hollow(ax, "program")) == ([2, 4, 5], [])
    assert {"3", "6", "7"} <= {text.get_text() for text in ax.texts}
    assert circles(ax) == [(5, 1)]
    shown = words_in(ax)
    for words in (
        "The essay turns at sentence 7 by the reference marks; the program misses it",
        "Circled: sentence 7, “Seven.”",
        "I thought soup was it",
        "I saw that it was salt",
        "▲ against salt",
        "▼ against cold soup",
        "reference marks, by language models (no human marked the text)",
    ):
        assert words in shown


def test_the_figure_in_words() -> None:
    alt = describe_tug(both(), SHIFT, labels=LABELS)
    for words in (
        "The essay turns at sentence 7 by the reference marks; the program misses it.",
        "the author's 5 sentences",
        "Reference marks (made by language models, checked by no human): 3 up and 2 down, so that it ends at +1;",
        "The program: 1 up and 1 down, so that it ends at 0;",
        "Circled: sentence 7, “Seven.”",
        "sentence 3, against cold soup by the marks, for cold soup by the program; 6, against salt by the marks",
        "“I thought soup was it”",
        "“I saw that it was salt”",
    ):
        assert words in alt


@pytest.mark.parametrize(
    ("program", "marked", "result"),
    [
        ("sb", "sb", "The essay never turns, by the reference marks or by the program"),
        ("b", "b", "The essay turns at sentence 2, by the reference marks and by the program"),
        ("sbb", "b", "The essay turns at sentence 2 by the reference marks, at sentence 5 by the program"),
        ("b", "s", "The essay never turns by the reference marks; by the program it turns at sentence 2"),
        ("s", "", "The essay never turns"),
        ("b", "", "The essay turns at sentence 2"),
    ],
)
def test_the_title_states_the_result_whatever_it_is(program: str, marked: str, result: str) -> None:
    names = {"s": "soup", "b": "salt"}
    numbers = SENTENCES["sentence"].tolist()
    heard = evidence(*((number, names[letter], -1.0) for number, letter in zip(numbers, program, strict=False)))
    told = marks(*((number, names[letter], "-1") for number, letter in zip(numbers, marked, strict=False)))
    table = tug_table(heard, SHIFT, SENTENCES, told if marked else None)
    ax = plot_tug(table, SHIFT, labels={})
    assert ax.get_title(loc="left").replace("\n", " ") == result
    assert describe_tug(table, SHIFT, labels={}).startswith(f"{result}. ")
    assert len(circles(ax)) == len(set(table.loc[table["marks_turn"] | table["program_turn"], "sentence"]))


def test_nothing_at_all_is_drawn_too() -> None:
    unknown = SHIFT | {"before_target": "", "before_polarity": math.nan}
    for shift in (SHIFT, unknown):
        for sentences in (SENTENCES, SENTENCES.iloc[:0]):
            table = tug_table(evidence(), shift, sentences)
            assert table.columns.tolist() == TUG_COLUMNS
            assert plot_tug(table, shift, labels={}).get_title(loc="left") == "The essay never turns"
            assert describe_tug(table, shift, labels={}).startswith("The essay never turns. ")


def test_the_study_beside_its_reference_marks() -> None:
    study = read(DATA / "raw" / "networking-sucks.txt", targets=DATA / "targets.csv")
    [shift] = study.shifts.to_dict("records")
    tables = [
        tug_table(
            study.evidence,
            shift,
            study.author_sentences,
            numbered_as(study, read_marks(DATA / "gold" / f"{name}.csv")),
            labels={target.name: target.label for target in study.targets},
        )
        for name in ("sentences", "second-sentences")
    ]
    # Both markings count the author's sentences about the two targets alike: eight to five, and a turn at sentence 14.
    for table in tables:
        assert (table["marks_after"].sum(), table["marks_before"].sum()) == (8, 5)
        assert table.loc[table["marks_turn"], "sentence"].tolist() == [14]
    assert (tables[0]["marks_lead"] == tables[1]["marks_lead"]).all()
    [drawn] = [picture for picture in pictures(study) if picture.name == "turn-1"]
    assert "reference marks" not in drawn.alt.lower()


def smallest_on_a_phone(ax: Axes) -> float:
    """The smallest words, in points, where the page is 390 pixels wide, of which 358 are the figure's."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text()]
    return min(sizes) * 358 * 0.75 / (figure.get_figwidth() * 72)


def test_words_are_large_enough_on_a_phone() -> None:
    assert smallest_on_a_phone(plot_tug(both(), SHIFT, labels=LABELS)) >= 9
    assert smallest_on_a_phone(plot_clauses(CLAUSES)) >= 9


CLAUSES: dict[str, Any] = {
    "before_text": "I thought it was bad",
    "before_textblob": -0.7,
    "before_polarity": -0.6,
    "after_text": "I am pessimistic",
    "after_textblob": math.nan,
    "after_polarity": 0.4,
}


def test_what_textblob_hears_stands_beside_what_the_program_does() -> None:
    ax = plot_clauses(CLAUSES)
    points = [(one.get_marker(), one.get_xdata()[0], str(one.get_markerfacecolor())) for one in ax.lines[1:]]
    assert [(marker, x) for marker, x, _ in points] == [("D", -0.7), ("s", -0.6), ("D", 0.0), ("s", 0.4)]
    assert [face == "white" for _, _, face in points] == [False, False, True, False]
    shown, alt = words_in(ax), describe_clauses(CLAUSES)
    for words in (
        *("TextBlob hears what the reader thought first, and nothing of what they think now", "TextBlob −0.70"),
        *("program −0.60", "TextBlob: no word known", "program +0.40", "I thought it was bad", "I am pessimistic"),
    ):
        assert words in shown
        assert words in alt


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        (-0.7, 0.0, "TextBlob hears both what"),
        (math.nan, 0.2, "TextBlob hears nothing of what the reader thought first, only"),
        (math.nan, math.nan, "TextBlob hears neither"),
    ],
)
def test_its_title_states_what_is_heard(before: float, after: float, result: str) -> None:
    row = CLAUSES | {"before_textblob": before, "after_textblob": after, "after_polarity": math.nan}
    assert plot_clauses(row).get_title(loc="left").replace("\n", " ").startswith(result)
    assert "program: nothing found" in describe_clauses(row)
    assert "nan" not in describe_clauses(row) + words_in(plot_clauses(row))
