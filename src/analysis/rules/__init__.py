"""The rules: one file for each fact of English, as patterns for spaCy's dependency matcher.

Every pattern is anchored at an opinion word, the `cue`, and names the words that play the other roles: the `target`
that the opinion is about and, where English puts one there, the `holder` whose opinion it is. Where a pattern names no
holder, it is whoever speaks. Which words can be a cue is said by the lists in `words/`: `frames` says which of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Pattern = list[dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    """One pattern: `frames` are the lexicon's frames whose words may stand as its cue, `fact` the English it states.

    `subject_holds` is true where the cue's subject is the holder, also a subject that it shares with another verb.
    """

    name: str
    fact: str
    frames: tuple[str, ...]
    pattern: Pattern
    subject_holds: bool = False


def start(name: str, **attributes: Any) -> dict[str, Any]:
    """The first node of a pattern."""
    return {"RIGHT_ID": name, "RIGHT_ATTRS": attributes}


def step(left: str, relation: str, right: str, **attributes: Any) -> dict[str, Any]:
    """A further node: `left > right` if left governs right, `left < right` if right governs left."""
    return {"LEFT_ID": left, "REL_OP": relation, "RIGHT_ID": right, "RIGHT_ATTRS": attributes}


def one_of(*values: str) -> dict[str, list[str]]:
    """One of several values of an attribute."""
    return {"IN": list(values)}


SUBJECT = one_of("nsubj", "nsubjpass")
LINKING = one_of(
    "be",
    "seem",
    "look",
    "feel",
    "sound",
    "become",
    "remain",
    "stay",
    "appear",
    "get",
    "prove",
    "’s",
    "’",
    "’re",
    "’m",
    "'s",
    "'re",
    "'m",
)


def all_rules() -> tuple[Rule, ...]:
    """Every rule, the more specific families first: the first one to claim a cue and a target keeps them."""
    from analysis.rules import attitude, copula, experiencer, modifier

    return (*attitude.RULES, *experiencer.RULES, *copula.RULES, *modifier.RULES)
