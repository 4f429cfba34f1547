"""A linking verb says of its subject what its complement says: "the soup is awful", "it was an awful soup"."""

from analysis.rules import LINKING, SUBJECT, Rule, climb, down, up

_QUALITY = ("", "too")
# An attitude word without a preposition is a quality of its subject: "the review is negative".
_QUALITY_OR_BARE_ATTITUDE = ("", "too", "attitude", "object-experiencer", "deed")

RULES = (
    Rule(
        "copula.adjective",
        "X is ADJ: the adjective is said of the subject",
        _QUALITY_OR_BARE_ATTITUDE,
        ("ADJ", "VERB", "ADV", "NOUN"),
        (up("acomp", "oprd", words=LINKING), SUBJECT),
    ),
    Rule(
        "copula.adjective_joined",
        "X is ADJ and ADJ: the second adjective is said of the subject too",
        _QUALITY_OR_BARE_ATTITUDE,
        ("ADJ", "VERB"),
        (up("conj"), up("acomp", "oprd", words=LINKING), SUBJECT),
    ),
    Rule(
        "copula.adjective_joined_of_noun",
        "X is a ADJ and ADJ NOUN, also where the parse ties both to the noun",
        _QUALITY,
        ("ADJ",),
        (up("conj"), up("amod"), up("attr", words=LINKING), SUBJECT),
    ),
    Rule(
        "copula.noun",
        "X is a NOUN: the noun is said of the subject",
        _QUALITY,
        ("NOUN", "PROPN", "ADJ"),
        (up("attr", words=LINKING), SUBJECT),
    ),
    Rule(
        "copula.described_noun",
        "X is a ADJ NOUN: the adjective of the noun is said of the subject",
        _QUALITY_OR_BARE_ATTITUDE,
        (),
        (up("amod", "compound"), up("attr", words=LINKING), SUBJECT),
    ),
    Rule(
        "copula.prepositional",
        "X is in NOUN, X is of ADJ NOUN: what the subject is in is said of it",
        _QUALITY,
        ("NOUN",),
        (up("pobj"), up("prep", words=LINKING), SUBJECT),
    ),
    Rule(
        "copula.small_clause",
        "H finds X ADJ: a clause without a verb says the adjective of its subject",
        _QUALITY_OR_BARE_ATTITUDE,
        ("ADJ", "NOUN", "VERB"),
        (SUBJECT,),
        deps=("ccomp", "oprd"),
    ),
    Rule(
        "copula.called",
        "H calls X a NOUN: the second complement is said of the first",
        _QUALITY_OR_BARE_ATTITUDE,
        ("ADJ", "NOUN", "VERB", "PROPN"),
        (up("oprd", "xcomp", "acomp"), down("dobj", "nsubjpass")),
    ),
    Rule(
        "copula.called_described",
        "H calls X a ADJ NOUN: so is its adjective",
        _QUALITY_OR_BARE_ATTITUDE,
        (),
        (up("amod", "compound"), up("oprd"), down("dobj", "nsubjpass")),
    ),
    Rule(
        "copula.as",
        "H sees X as a NOUN: what stands behind 'as' is said of the object",
        _QUALITY,
        ("NOUN", "PROPN"),
        (up("pobj", words="as"), up("prep"), down("dobj", "nsubjpass")),
    ),
    Rule(
        "copula.as_described",
        "H sees X as a ADJ NOUN, as ADJ: so is the adjective",
        _QUALITY_OR_BARE_ATTITUDE,
        (),
        (up("amod"), up("pobj", words="as"), up("prep"), down("dobj", "nsubjpass")),
    ),
    Rule(
        "copula.as_adjective",
        "H describes X as ADJ",
        _QUALITY_OR_BARE_ATTITUDE,
        (),
        (up("amod", "pobj", "pcomp", words="as"), up("prep"), down("dobj", "nsubjpass")),
    ),
    Rule(
        "copula.taken_for_described",
        "H takes X for a ADJ NOUN: so is its adjective",
        _QUALITY_OR_BARE_ATTITUDE,
        (),
        (up("amod"), up("pobj", words="for"), up("prep", "dative", words="take mistake"), down("dobj", "nsubjpass")),
    ),
    Rule(
        "copula.about",
        "X is about doing something: what it is about is said of it",
        ("", "deed"),
        (),
        (climb("pcomp", "xcomp", "acl", "advcl", "pobj", "prep", "dobj", "amod", "conj", pos="VERB AUX"), SUBJECT),
        beside="about",
    ),
)
