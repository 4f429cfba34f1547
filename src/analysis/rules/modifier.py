"""An adjective says something of its noun, a noun in apposition of its fellow: "awful soup", "Baker, a fraud, ..."."""

from analysis.rules import Rule, down, up

_QUALITY = ("", "too", "object-experiencer", "attitude")
_THINGS = "NOUN PROPN PRON NUM"

RULES = (
    Rule(
        "modifier.adjective",
        "ADJ X: the adjective is said of its noun, and of those joined to it behind",
        _QUALITY,
        ("ADJ", "VERB", "NOUN", "ADV"),
        (up("amod", "advmod", pos=_THINGS),),
    ),
    Rule(
        "modifier.adjective_joined",
        "ADJ and ADJ X: both adjectives are said of the noun",
        _QUALITY,
        ("ADJ",),
        (up("conj"), up("amod", pos=_THINGS)),
    ),
    Rule(
        "modifier.compound",
        "NOUN X, as in 'a nightmare journey': the first noun is said of the second",
        ("",),
        ("NOUN", "PROPN", "ADJ"),
        (up("compound", "nmod", pos=_THINGS),),
    ),
    Rule(
        "modifier.apposition",
        "X, a NOUN: the noun beside it is said of X",
        ("",),
        ("NOUN",),
        (up("appos"),),
    ),
    Rule(
        "modifier.owner_of_noun",
        "X's NOUN: a good or bad thing that is somebody's is said of them",
        ("",),
        ("NOUN",),
        (down("poss"),),
    ),
    Rule(
        "modifier.with",
        "X without NOUN, X of NOUN: what somebody or something comes with is said of it",
        ("",),
        ("NOUN",),
        (up("pobj"), up("prep", pos=_THINGS)),
        through="with without of",
    ),
    Rule(
        "modifier.noun_of",
        "the NOUN of X, as in 'the beauty of the place', 'a victory for them': the noun is said of X",
        ("", "attitude"),
        ("NOUN",),
        (down("prep", words="of in about with for on against over toward towards"), down("pobj")),
    ),
    Rule(
        "modifier.noun_named",
        "the X NOUN, as in 'the Watergate scandal': the noun is said of what names it",
        ("",),
        ("NOUN",),
        (down("compound", "nmod"),),
    ),
)
