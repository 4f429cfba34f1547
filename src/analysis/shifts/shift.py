"""What a change of belief is: two sides, each with what it claims, and the type that follows from both."""

from __future__ import annotations

import math
from dataclasses import dataclass

from analysis.shifts.clauses import Clause

SIDES = ("before", "after")
TYPES = ("retargeting", "reversal", "softening", "strengthening", "replacement")


@dataclass(frozen=True)
class Side:
    """One half of a change.

    Attributes:
        clause: Its words.
        holder: Whose attitude it tells, in the reader's eyes: `reader`, `author` or `other`; empty if none is told.
        target: What it is about, as a key of the text's mentions; empty where the clause names nothing.
        polarity: -1 to 1; NaN where it is not known to be for or against.
        kind: The kind of attitude, as of a claim; empty if none is told.
    """

    clause: Clause
    holder: str
    target: str
    polarity: float
    kind: str

    @property
    def sign(self) -> int:
        """-1 against, 1 for, 0 unknown."""
        return 0 if math.isnan(self.polarity) else (self.polarity > 0) - (self.polarity < 0)

    @property
    def is_known(self) -> bool:
        """Whether both target and sign are known."""
        return bool(self.target) and self.sign != 0


@dataclass(frozen=True)
class Shift:
    """A change of belief of the holder's own.

    `probability` is that the text states one at all; `second_order` says that the beliefs are about what somebody else
    thinks.
    """

    before: Side
    after: Side
    holder: str
    type: str
    second_order: bool
    probability: float

    @property
    def is_known(self) -> bool:
        """Whether one side at least has a target and a sign; a change is announced only then."""
        return self.before.is_known or self.after.is_known


@dataclass(frozen=True)
class Answer:
    """Whether a text states a change of its reader's own belief.

    Attributes:
        kind: `stated`, `possible` or `none`.
        probability: That one is stated, 0 to 1.
        shifts: Those that are stated, or the one that is possible.
        told_before: Where there is none, the clause that tells a belief of before alone, if there is one.
        by_rule: Whether grammar found it, whatever the network says.
    """

    kind: str
    probability: float
    shifts: tuple[Shift, ...] = ()
    told_before: Clause | None = None
    by_rule: bool = False
