"""Who is compared stands in the opposite light of whoever is better: "the tea is better than the soup"."""

from analysis.rules import Rule, down

_ANY = ("", "too", "attitude")

RULES = (
    Rule(
        "comparison.than",
        "Y is ADJ-er than X: X is less so",
        _ANY,
        ("ADJ", "ADV"),
        (down("prep", words="than"), down("pobj")),
        sign=-1,
    ),
    Rule(
        "comparison.preferred",
        "H prefers Y to X: X is the lesser",
        ("preference",),
        ("VERB",),
        (down("prep", words="to over"), down("pobj")),
        sign=-1,
        subject_holds=True,
    ),
    Rule(
        "comparison.preferred_object",
        "H prefers X: X is the better",
        ("preference",),
        ("VERB",),
        (down("dobj", "xcomp"),),
        subject_holds=True,
    ),
)
