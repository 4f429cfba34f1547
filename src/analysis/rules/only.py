"""Whoever alone will do something is set apart by it: "only people who listen will find out"."""

from analysis.rules import Rule, up

RULES = (
    Rule(
        "only.singled_out",
        "Only X will do it: X is set above all others",
        ("only",),
        (),
        (up("amod", "advmod", "det", "nmod", "compound", pos="NOUN PROPN PRON"),),
    ),
)
