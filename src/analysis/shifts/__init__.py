"""Stated changes of belief: sentences with their claims go in, the reader's two beliefs and their type come out.

`clauses` cuts sentences into what may state a belief, `find` asks the network which two of them do, `sides` says what
each claims and of what type the change is, and `table` makes rows of it.
"""

from analysis.shifts.clauses import Clause, clauses
from analysis.shifts.find import Marker, ReadText, Told, find_changes
from analysis.shifts.shift import SIDES, TYPES, Answer, Shift, Side
from analysis.shifts.sides import content_of
from analysis.shifts.table import SHIFT_COLUMNS, answers_table, shift_rows, shifts_table, valence_table

__all__ = [
    "SHIFT_COLUMNS",
    "SIDES",
    "TYPES",
    "Answer",
    "Clause",
    "Marker",
    "ReadText",
    "Shift",
    "Side",
    "Told",
    "answers_table",
    "clauses",
    "content_of",
    "find_changes",
    "shift_rows",
    "shifts_table",
    "valence_table",
]
