"""An attitude word names its object with a preposition and its holder as subject: "she is negative about the plan".

The one who is negative is then not bad, but thinks so of something else.
"""

from analysis.rules import LINKING, SUBJECT, Rule, one_of, start, step

PREPOSITIONS = one_of(
    "about", "of", "to", "toward", "towards", "on", "at", "with", "by", "for", "against", "over", "in"
)
_OBJECT = one_of("pobj", "pcomp")
_ATTITUDE = ("attitude",)

RULES = (
    Rule(
        "attitude.adjective",
        "H is ADJ about X: the subject holds the attitude, X is its target",
        _ATTITUDE,
        [
            start("cue", DEP=one_of("acomp", "oprd", "ROOT", "conj", "ccomp")),
            step("cue", "<", "link", LEMMA=LINKING),
            step("link", ">", "holder", DEP=SUBJECT),
            step("cue", ">", "preposition", LOWER=PREPOSITIONS, DEP=one_of("prep", "agent")),
            step("preposition", ">", "target", DEP=_OBJECT),
        ],
    ),
    Rule(
        "attitude.adjective_by_verb",
        "H is ADJ about X, where the parse ties the preposition to the linking verb",
        _ATTITUDE,
        [
            start("cue", DEP=one_of("acomp", "oprd")),
            step("cue", "<", "link", LEMMA=LINKING),
            step("link", ">", "holder", DEP=SUBJECT),
            step("link", ">", "preposition", LOWER=PREPOSITIONS, DEP="prep"),
            step("cue", ".", "preposition_again", LOWER=PREPOSITIONS),
            step("preposition", ">", "target", DEP=_OBJECT),
        ],
    ),
    Rule(
        "attitude.verb",
        "H complains about X: the subject holds the attitude, X is its target",
        _ATTITUDE,
        [
            start("cue", POS="VERB"),
            step("cue", ">", "preposition", LOWER=PREPOSITIONS, DEP=one_of("prep", "agent")),
            step("preposition", ">", "target", DEP=_OBJECT),
        ],
        subject_holds=True,
    ),
    Rule(
        "attitude.preposition",
        "H is against X: the preposition itself is the attitude",
        _ATTITUDE,
        [
            start("cue", POS="ADP"),
            step("cue", "<", "link", LEMMA=LINKING),
            step("link", ">", "holder", DEP=SUBJECT),
            step("cue", ">", "target", DEP=_OBJECT),
        ],
    ),
    Rule(
        "attitude.preposition_of_clause",
        "somebody who is against X, also where the writer leaves out the verb",
        _ATTITUDE,
        [
            start("cue", POS="ADP", DEP="relcl"),
            step("cue", ">", "holder", DEP=SUBJECT),
            step("cue", ">", "target", DEP=_OBJECT),
        ],
    ),
)
