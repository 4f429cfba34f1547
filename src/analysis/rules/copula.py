"""A linking verb says of its subject what its complement says: "the soup is awful", "it was an awful soup"."""

from analysis.rules import LINKING, SUBJECT, Rule, one_of, start, step

_QUALITY = ("",)
# An attitude word without a preposition is a quality of its subject: "the review is negative".
_QUALITY_OR_BARE_ATTITUDE = ("", "attitude")

RULES = (
    Rule(
        "copula.adjective",
        "X is ADJ: the adjective is said of the subject",
        _QUALITY_OR_BARE_ATTITUDE,
        [
            start("cue", DEP=one_of("acomp", "oprd"), POS=one_of("ADJ", "VERB")),
            step("cue", "<", "link", LEMMA=LINKING),
            step("link", ">", "target", DEP=SUBJECT),
        ],
    ),
    Rule(
        "copula.adjective_joined",
        "X is ADJ and ADJ: the second adjective is said of the subject too",
        _QUALITY,
        [
            start("cue", DEP="conj", POS="ADJ"),
            step("cue", "<", "first", DEP=one_of("acomp", "oprd", "amod")),
            step("first", "<<", "link", LEMMA=LINKING),
            step("link", ">", "target", DEP=SUBJECT),
        ],
    ),
    Rule(
        "copula.noun",
        "X is a NOUN: the noun is said of the subject",
        _QUALITY,
        [
            start("cue", DEP="attr", POS=one_of("NOUN", "PROPN")),
            step("cue", "<", "link", LEMMA=LINKING),
            step("link", ">", "target", DEP=SUBJECT),
        ],
    ),
    Rule(
        "copula.described_noun",
        "X is a ADJ NOUN: the adjective of the noun is said of the subject",
        _QUALITY,
        [
            start("cue", DEP="amod"),
            step("cue", "<", "noun", DEP="attr"),
            step("noun", "<", "link", LEMMA=LINKING),
            step("link", ">", "target", DEP=SUBJECT),
        ],
    ),
)
