"""What somebody does shows them in its light: "she helped us", "he made a mess", "they came with false smiles"."""

from analysis.rules import SUBJECT, Rule, climb, down, up

_DEED = ("deed", "")
_THINGS = ("", "too")
_VERB = "VERB AUX"
_HAVING = "have offer provide show lack possess bring"

RULES = (
    Rule(
        "deed.verb",
        "X cheats, X helps H: a deed that is good or bad is said of whoever does it",
        _DEED,
        ("VERB",),
        (SUBJECT,),
    ),
    Rule(
        "deed.agent",
        "cheated by X: so it is where the doer stands behind 'by'",
        _DEED,
        ("VERB",),
        (down("agent"), down("pobj")),
    ),
    Rule(
        "deed.object",
        "X makes a NOUN, X has a NOUN: what is done is said of the doer",
        _THINGS,
        ("NOUN",),
        (up("dobj", "attr", pos=_VERB), SUBJECT),
        of_persons=True,
    ),
    Rule(
        "deed.object_described",
        "X gives a ADJ NOUN, X has a ADJ NOUN: so is its quality",
        _THINGS,
        (),
        (up("amod", "compound"), up("dobj", pos=_VERB), SUBJECT),
        of_persons=True,
    ),
    Rule(
        "deed.has",
        "X has a NOUN: what a thing has is said of it too",
        _THINGS,
        ("NOUN",),
        (up("dobj", words=_HAVING), SUBJECT),
    ),
    Rule(
        "deed.has_described",
        "X has a ADJ NOUN: so is its quality",
        _THINGS,
        (),
        (up("amod"), up("dobj", words=_HAVING), SUBJECT),
    ),
    Rule(
        "deed.manner",
        "X does something with a ADJ NOUN: the way of doing it is said of the doer",
        _THINGS,
        (),
        (up("amod"), up("pobj"), up("prep", pos=_VERB), SUBJECT),
    ),
    Rule(
        "deed.circumstance",
        "X does something with NOUN: the same of a noun that is good or bad by itself",
        _THINGS,
        ("NOUN",),
        (up("pobj"), up("prep", "agent", pos=_VERB), SUBJECT),
    ),
    Rule(
        "deed.adverb",
        "X does it ADV: the adverb is said of the doer",
        ("", "too"),
        ("ADV",),
        (up("advmod", pos=_VERB), SUBJECT),
    ),
    Rule(
        "deed.done_to",
        "H ruins X: what is done to something shows it in that light",
        ("",),
        ("VERB",),
        (down("dobj", "nsubjpass"),),
    ),
    Rule(
        "deed.predicate",
        "X ... NOUN ...: a good or bad word anywhere in what is said of X colours X",
        ("", "deed", "subject-experiencer", "object-experiencer"),
        (),
        (
            climb(
                "amod",
                "dobj",
                "pobj",
                "prep",
                "attr",
                "acomp",
                "advmod",
                "xcomp",
                "conj",
                "compound",
                "acl",
                "agent",
                "oprd",
                "pcomp",
                "advcl",
                "appos",
                "poss",
                "nmod",
                "relcl",
                pos=_VERB,
            ),
            SUBJECT,
        ),
        weight=0.5,
        of_persons=True,
    ),
)
