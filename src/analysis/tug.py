"""Counts the author's sentences for and against a reader's turn, by the program and by reference marks side by side.

Each sentence that speaks for the belief after pulls one way, each that speaks for the belief before the other. What
counts, and where the turn is, is what `analysis.evidence.course` and `turn` say, for both counts alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.evidence import Belief, course, turn

TUG_COLUMNS = (
    "sentence text marks_before marks_after marks_lead marks_turn marks_say program_before program_after program_lead"
    " program_turn program_says differ"
).split()

_SIDES = ("before", "after")


def tug_table(
    evidence: pd.DataFrame,
    shift: Mapping[str, Any],
    sentences: pd.DataFrame,
    marks: pd.DataFrame | None = None,
    *,
    labels: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """What each of the author's sentences adds to the two beliefs of a shift, and who leads after it.

    Args:
        evidence: `Study.evidence`.
        shift: One row of `Study.shifts`, as a mapping.
        sentences: The author's rows of `Study.sentences`.
        marks: Reference marks with the study's numbers of sentences (`analysis.agreement.numbered_as`), if there are
            any. Between two strengths of one view they are left out, since marks have no strength.
        labels: What to call each target.

    Returns:
        A row for each sentence, in reading order, with the columns of `TUG_COLUMNS`. By the marks and by the program:
        `_before` and `_after` are 1 where the sentence counts for that belief, `_lead` is how many more have counted
        for the belief after than for the one before, `_turn` is true in the sentence of the turn, and `_say` (`_says`)
        is what is said there of both targets, in words. `differ` is true where the two count a sentence differently.
        Without marks, their numbers are NaN.

    Examples:
        >>> evidence = pd.DataFrame({"sentence": [0, 1, 2], "position": [0.0, 0.3, 0.7], "sign": -1,
        ...     "target": ["soup", "salt", "salt"], "polarity": -0.5})
        >>> shift = {"before_target": "soup", "before_polarity": -1, "after_target": "salt", "after_polarity": -1}
        >>> sentences = pd.DataFrame({"sentence": [0, 1, 2], "text": ["Bad soup.", "Bad salt.", "Worse salt."]})
        >>> tug_table(evidence, shift, sentences)[["program_lead", "program_turn", "program_says"]].values.tolist()
        [[-1, False, 'against soup'], [0, False, 'against salt'], [1, True, 'against salt']]
    """
    sides = Belief.of(shift, "before"), Belief.of(shift, "after")
    # Wherever there is evidence there is a sentence, whoever's paragraph it stands in.
    numbers = sorted({*sentences["sentence"], *evidence["sentence"]})
    texts = dict(zip(sentences["sentence"], sentences["text"], strict=True))
    table = pd.DataFrame({"sentence": numbers, "text": [texts.get(number, "") for number in numbers]})
    counted = {"program": evidence, "marks": None if marks is None or _one_view(*sides) else _marked(marks, numbers)}
    for name, rows in counted.items():
        says = f"{name}_{'say' if name == 'marks' else 'says'}"
        if rows is None:
            table = table.assign(**{f"{name}_{what}": np.nan for what in ("before", "after", "lead")})
            table = table.assign(**{f"{name}_turn": False, says: ""})
            continue
        so_far = course(rows, *sides).set_index("sentence")[["before", "after"]].reindex(numbers)
        so_far = so_far.astype(float).ffill().fillna(0).astype(int).reset_index(drop=True)
        table[f"{name}_lead"] = so_far["after"] - so_far["before"]
        for side in _SIDES:
            table[f"{name}_{side}"] = so_far[side].diff().fillna(so_far[side]).astype(int)
        table[f"{name}_turn"] = table["sentence"] == turn(rows, *sides).sentence
        table[says] = [_in_words(rows[rows["sentence"] == number], shift, labels or {}) for number in numbers]
    differ = [table["marks_lead"].notna() & (table[f"marks_{side}"] != table[f"program_{side}"]) for side in _SIDES]
    return table.assign(differ=differ[0] | differ[1])[TUG_COLUMNS]


def differences(table: pd.DataFrame) -> pd.DataFrame:
    """The sentences that the reference marks and the program count differently, in columns with plain names.

    Args:
        table: A table of `tug_table`, with marks.
    """
    names = {
        "sentence": "sentence",
        "text": "its words",
        "marks_say": "reference marks say",
        "program_says": "the program says",
    }
    return table.loc[table["differ"], list(names)].rename(columns=names).reset_index(drop=True)


def counts_of(table: pd.DataFrame) -> list[str]:
    """Whose counts the table has, the reference marks first."""
    return [name for name in ("marks", "program") if name == "program" or table["marks_lead"].notna().any()]


def turn_of(table: pd.DataFrame, name: str) -> int | None:
    """The number of the sentence of the turn, by one count."""
    found = table.loc[table[f"{name}_turn"].astype(bool), "sentence"]
    return int(found.iloc[0]) if len(found) else None


def result(table: pd.DataFrame) -> str:
    """Where the essay turns by each count, in words.

    Examples:
        >>> table = pd.DataFrame({"sentence": [3, 4], "marks_lead": float("nan"), "program_turn": [False, True]})
        >>> result(table)
        'The essay turns at sentence 4'
    """
    program = turn_of(table, "program")
    if "marks" not in counts_of(table):
        return "The essay never turns" if program is None else f"The essay turns at sentence {program}"
    marks = turn_of(table, "marks")
    if marks is None and program is None:
        return "The essay never turns, by the reference marks or by the program"
    if marks is None:
        return f"The essay never turns by the reference marks; by the program it turns at sentence {program}"
    if program is None:
        return f"The essay turns at sentence {marks} by the reference marks; the program misses it"
    if marks == program:
        return f"The essay turns at sentence {marks}, by the reference marks and by the program"
    return f"The essay turns at sentence {marks} by the reference marks, at sentence {program} by the program"


def view(shift: Mapping[str, Any], side: str, labels: Mapping[str, str]) -> str:
    """What a sentence says that counts for one side of a shift: for or against whom.

    Examples:
        >>> shift = {"before_target": "soup", "before_polarity": -1, "after_target": "salt", "after_polarity": -1}
        >>> view(shift, "after", {"salt": "sea salt"})
        'against sea salt'
    """
    target, polarity = shift[f"{side}_target"], shift[f"{side}_polarity"]
    if not target:
        return "about a target that was not found"
    view = f"{'for' if polarity > 0 else 'against'} {labels.get(target, target)}"
    other = "after" if side == "before" else "before"
    if target != shift[f"{other}_target"] or polarity * shift[f"{other}_polarity"] < 0:
        return view
    return f"{view}, {'more' if abs(polarity) > abs(shift[f'{other}_polarity']) else 'less'} strongly"


def _one_view(before: Belief | None, after: Belief | None) -> bool:
    """Whether the beliefs differ in strength only, or not at all."""
    return before is not None and after is not None and (before.target, before.sign) == (after.target, after.sign)


def _marked(marks: pd.DataFrame, numbers: list[int]) -> pd.DataFrame:
    """Marks as evidence: a row for each sentence, target and sign."""
    rows = marks[(marks["target"] != "") & marks["sentence"].isin(numbers)]
    polarity = rows["polarity"].astype(float)
    rows = pd.DataFrame(
        {
            "sentence": rows["sentence"].astype(int),
            "position": 0.0,
            "target": rows["target"],
            "sign": np.sign(polarity).astype(int),
            "polarity": polarity,
        }
    )
    return rows[rows["sign"] != 0]


def _in_words(rows: pd.DataFrame, shift: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    """What is said in one sentence of the shift's targets.

    Examples:
        >>> rows = pd.DataFrame({"target": ["soup", "tea"], "sign": [-1, 1]})
        >>> _in_words(rows, {"before_target": "soup", "after_target": "salt"}, {"soup": "cold soup"})
        'against cold soup'
    """
    own = rows[rows["target"].isin([shift["before_target"], shift["after_target"]])]
    said = [
        f"{'for' if row['sign'] > 0 else 'against'} {labels.get(row['target'], row['target'])}"
        for row in own.to_dict("records")
    ]
    return " and ".join(dict.fromkeys(said)) or "nothing about either"
