"""Whoever takes part in what is good or bad is shown in its light: "the scandal drove Baker from the town".

The weakest of all ties, and so the last: it is used only for somebody that is looked for, of whom nothing else in the
sentence tells, and only within one clause.
"""

from __future__ import annotations

from spacy.tokens import Token

from analysis.rules import Rule

RULE = Rule(
    "clause.partaker",
    "X takes part in a clause with a good or bad word: some of its light falls on X",
    (),
    (),
    (),
    weight=0.3,
    of_persons=True,
)

# Farther apart in the parse, a word says too little of who else is in the clause.
FARTHEST = 4  # edges

# Relations behind which another clause, or another thing, begins.
_BOUNDARIES = frozenset({"ccomp", "relcl", "advcl", "conj", "parataxis", "csubj"})


def tied(cue: Token, target: Token) -> bool:
    """Whether a cue and a target stand in one clause, near each other in the parse.

    Examples:
        >>> from analysis.parsing import load_model
        >>> doc = load_model()("The scandal drove Baker from the town, and the cook was sad.")
        >>> tied(doc[1], doc[3]), tied(doc[12], doc[3])
        (True, False)
    """
    above = {ancestor.i: steps for steps, ancestor in enumerate((cue, *cue.ancestors))}
    token, down = target, 0
    while token.i not in above:
        if token.head.i == token.i or token.dep_ in {"conj", "advcl", "parataxis"} or down >= FARTHEST:
            return False
        token, down = token.head, down + 1
    if down + above[token.i] > FARTHEST:
        return False
    meeting, word = token.i, cue
    while word.i != meeting:
        if word.dep_ in _BOUNDARIES:
            return False
        word = word.head
    return True
