"""Tables of changes of belief: plain values, a row a change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.sentiment import textblob_score
from analysis.shifts.shift import SIDES, Answer, Shift

SHIFT_COLUMNS = (
    "shift source holder before_start before_end before_text after_start after_end after_text"
    " before_holder before_target before_polarity before_kind before_textblob"
    " after_holder after_target after_polarity after_kind after_textblob"
    " type second_order probability"
).split()
ANSWER_COLUMNS = "source answer probability before_start before_end before_text".split()


def shift_rows(text: str, source: str, shifts: Sequence[Shift]) -> list[dict[str, Any]]:
    """A row for each shift, by column of `SHIFT_COLUMNS`; NaN and empty where a side makes no claim."""
    rows = []
    for number, shift in enumerate(shifts):
        row: dict[str, object] = {
            "shift": number,
            "source": source,
            "holder": shift.holder,
            "type": shift.type,
            "second_order": shift.second_order,
            "probability": shift.probability,
        }
        for name in SIDES:
            side = getattr(shift, name)
            start, end = side.clause.start, side.clause.end
            row |= {
                f"{name}_start": start,
                f"{name}_end": end,
                f"{name}_text": text[start:end],
                f"{name}_holder": side.holder,
                f"{name}_target": side.target,
                f"{name}_polarity": side.polarity,
                f"{name}_kind": side.kind,
                f"{name}_textblob": textblob_score(text[start:end]).polarity,
            }
        rows.append(row)
    return rows


def shifts_table(text: str, source: str, shifts: Sequence[Shift]) -> pd.DataFrame:
    """One row a shift, with the columns of `SHIFT_COLUMNS`; the same columns when there is none."""
    return pd.DataFrame(shift_rows(text, source, shifts), columns=SHIFT_COLUMNS)


def answers_table(text: str, source: str, answer: Answer) -> pd.DataFrame:
    """One row: whether the text states a change (`stated`, `possible`, `none`), and how likely that is.

    Where there is none, `before_text` is the clause that tells a belief of before alone, if there is one; else it is
    empty and its offsets are NaN.
    """
    clause = answer.told_before
    place = (math.nan, math.nan, "") if clause is None else (clause.start, clause.end, text[clause.start : clause.end])
    return pd.DataFrame([(source, answer.kind, answer.probability, *place)], columns=ANSWER_COLUMNS)


def valence_table(claims: pd.DataFrame, shifts: pd.DataFrame) -> pd.DataFrame:
    """What the reader says of each target in their own voice and name, before and after the turn of their own text.

    That turn is where they begin to tell the belief after: a place in the response, not in the essay.

    Args:
        claims: The claims table.
        shifts: The shifts table.

    Returns:
        Two rows for each shift and each target of any claim: `shift, target, side, polarity, n`; `polarity` (-1 to 1)
        is the mean of `n` claims, NaN where there is none.

    Examples:
        >>> claims = pd.DataFrame(columns=["source", "start", "reporter", "holder", "target", "polarity"])
        >>> valence_table(claims, pd.DataFrame(columns=SHIFT_COLUMNS)).columns.tolist()
        ['shift', 'target', 'side', 'polarity', 'n']
    """
    own = claims[(claims["reporter"] == "reader") & (claims["holder"] == "reader")]
    rows = []
    for shift in shifts.to_dict("records"):
        said = own[own["source"] == shift["source"]]
        before = said["start"] < shift["after_start"]
        for target in dict.fromkeys(claims["target"]):
            for side, inside in (("before", before), ("after", ~before)):
                polarity = said.loc[inside & (said["target"] == target), "polarity"].astype(float)
                rows.append((shift["shift"], target, side, polarity.mean(), len(polarity)))
    return pd.DataFrame(rows, columns=["shift", "target", "side", "polarity", "n"])
