"""An attitude word names its object with a preposition and its holder as subject: "she is negative about the plan".

The one who is negative is then not bad, but thinks so of something else.
"""

from analysis.rules import Rule, down

_PREPOSITIONS = "about of to toward towards on at with by for against over in from"
_TO_OBJECT = (down("prep", "agent", words=_PREPOSITIONS), down("pobj", "pcomp"))

RULES = (
    Rule(
        "attitude.adjective",
        "H is ADJ about X: the subject holds the attitude, X is its target",
        ("attitude",),
        ("ADJ", "VERB"),
        _TO_OBJECT,
        subject_holds=True,
    ),
    Rule(
        "attitude.noun",
        "H's ADJ NOUN of X, NOUN for X: what stands behind the preposition is the target of the noun",
        ("attitude",),
        ("NOUN",),
        _TO_OBJECT,
    ),
    Rule(
        "attitude.preposition",
        "H is against X: the preposition itself is the attitude",
        ("attitude",),
        ("ADP",),
        (down("pobj", "pcomp"),),
        subject_holds=True,
    ),
)
