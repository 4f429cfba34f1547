"""A question that asks for no answer denies: "who needs another bridge?", "what is the point of opera?"."""

from analysis.rules import Rule, down

RULES = (
    Rule(
        "question.who_needs",
        "Who needs X? Nobody does",
        ("rhetorical",),
        ("VERB",),
        (down("dobj", "prep"),),
    ),
    Rule(
        "question.point_of",
        "What is the point of X? There is none",
        ("rhetorical",),
        ("NOUN",),
        (down("prep", words="of in"), down("pobj", "pcomp")),
    ),
)
