"""Verbs of liking, judging and pleasing: with some the subject feels ("I hate rain"), with others the object.

Which is which is a fact of each verb (Levin 1993, English Verb Classes and Alternations, sections 31 and 33), and so in
the list of words.
"""

from analysis.rules import SUBJECT, Rule, down, up

_SUBJECT_FEELS = ("subject-experiencer",)
_THINGS = "NOUN PROPN PRON NUM"

RULES = (
    Rule(
        "experiencer.subject_passive",
        "X is hated (by H): the subject is the target",
        _SUBJECT_FEELS,
        ("VERB",),
        (down("nsubjpass"),),
    ),
    Rule(
        "experiencer.participle",
        "X, hated by all: the participle is said of the noun before it",
        _SUBJECT_FEELS,
        ("VERB",),
        (up("acl", pos=_THINGS),),
        deps=("acl",),
    ),
    Rule(
        "experiencer.subject",
        "H hates X: the subject feels, the object is the target",
        _SUBJECT_FEELS,
        ("VERB",),
        (down("dobj"),),
        subject_holds=True,
    ),
    Rule(
        "experiencer.cleft",
        "What H hates is X: the cleft names the object behind its verb (Prince 1978, Language 54)",
        _SUBJECT_FEELS,
        ("VERB",),
        (up("csubj"), down("attr")),
        subject_holds=True,
        deps=("csubj",),
    ),
    Rule(
        "experiencer.subject_of_deed",
        "H hates doing X: the deed is the target",
        _SUBJECT_FEELS,
        ("VERB",),
        (down("xcomp", "pcomp"),),
        subject_holds=True,
    ),
    Rule(
        "experiencer.object",
        "X annoys H: the object feels, the subject is the target",
        ("object-experiencer",),
        ("VERB",),
        (SUBJECT,),
        object_holds=True,
    ),
    Rule(
        "experiencer.object_participle",
        "H is bored by X, H is bored with X: what stands behind the preposition is the target",
        ("object-experiencer",),
        ("VERB", "ADJ"),
        (down("agent", "prep", words="by with at about"), down("pobj")),
    ),
    Rule(
        "experiencer.intransitive",
        "X stinks: the subject is the target",
        ("intransitive",),
        ("VERB",),
        (SUBJECT,),
    ),
    Rule(
        "experiencer.relative",
        "X that H hates, X H hates: what a clause without an object stands behind is its object",
        (*_SUBJECT_FEELS, ""),
        ("VERB",),
        (up("relcl", pos=_THINGS),),
        subject_holds=True,
        deps=("relcl",),
        own_subject=True,
    ),
    Rule(
        "experiencer.blamed_for",
        "H accuses X of NOUN, H praises X for NOUN: what somebody is judged for is said of them",
        ("",),
        ("NOUN", "VERB"),
        (up("pobj", "pcomp", words="of for with"), up("prep"), down("dobj", "nsubjpass")),
    ),
)
