"""Verbs of liking and pleasing: with some the subject feels ("I hate rain"), with others the object ("rain annoys me").

Which is which is a fact of each verb (Levin 1993, English Verb Classes and Alternations, section 31), and so in the
list of words.
"""

from analysis.rules import Rule, one_of, start, step

_OBJECT = one_of("dobj", "xcomp", "ccomp")

RULES = (
    Rule(
        "experiencer.subject",
        "H hates X: the subject feels, the object is the target",
        ("subject-experiencer",),
        [
            start("cue", POS="VERB"),
            step("cue", ">", "target", DEP=_OBJECT, TAG={"NOT_IN": ["VB", "VBZ", "VBP", "VBD", "MD"]}),
        ],
        subject_holds=True,
    ),
    Rule(
        "experiencer.subject_passive",
        "X is hated (by H): the subject is the target",
        ("subject-experiencer",),
        [start("cue", TAG="VBN"), step("cue", ">", "target", DEP="nsubjpass")],
    ),
    Rule(
        "experiencer.object",
        "X annoys H: the object feels, the subject is the target",
        ("object-experiencer",),
        [
            start("cue", POS="VERB"),
            step("cue", ">", "target", DEP="nsubj"),
            step("cue", ">", "holder", DEP="dobj"),
        ],
    ),
    Rule(
        "experiencer.intransitive",
        "X stinks: the subject is the target",
        ("intransitive",),
        [start("cue", POS="VERB"), step("cue", ">", "target", DEP="nsubj")],
    ),
)
