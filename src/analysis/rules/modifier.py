"""An adjective says something of its noun: "awful soup"; and of whoever does something with it or has it."""

from analysis.rules import SUBJECT, Rule, one_of, start, step

_QUALITY = ("",)

RULES = (
    Rule(
        "modifier.adjective",
        "ADJ X: the adjective is said of its noun",
        (*_QUALITY, "attitude"),
        [start("cue", DEP="amod"), step("cue", "<", "target", POS=one_of("NOUN", "PROPN"))],
    ),
    Rule(
        "modifier.manner",
        "X does something with a ADJ NOUN: the way of doing it is said of the doer",
        _QUALITY,
        [
            start("cue", DEP="amod"),
            step("cue", "<", "noun", DEP="pobj"),
            step("noun", "<", "preposition", LOWER="with"),
            step("preposition", "<", "verb", POS="VERB"),
            step("verb", ">", "target", DEP="nsubj"),
        ],
    ),
    Rule(
        "modifier.manner_joined",
        "X does this and does that with a ADJ NOUN: the second verb has the first one's subject",
        _QUALITY,
        [
            start("cue", DEP="amod"),
            step("cue", "<", "noun", DEP="pobj"),
            step("noun", "<", "preposition", LOWER="with"),
            step("preposition", "<", "verb", POS="VERB", DEP="conj"),
            step("verb", "<", "first", POS="VERB"),
            step("first", ">", "target", DEP="nsubj"),
        ],
    ),
    Rule(
        "modifier.possession",
        "X has a ADJ NOUN: the quality of what somebody has is said of them",
        _QUALITY,
        [
            start("cue", DEP="amod"),
            step("cue", "<", "noun", DEP="dobj"),
            step("noun", "<", "verb", LEMMA="have"),
            step("verb", ">", "target", DEP=SUBJECT),
        ],
    ),
)
