"""What the writer believed, felt or expected, and gives up: "I used to think", "at first it seemed", "my fear was"."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from spacy.tokens import Token

from analysis.grammar import governors, subject_of
from analysis.lexicon import Lexicon
from analysis.reports.frame import (
    APPEARING,
    FEELING,
    NEGATIVE_LEVELS,
    POSITIVE_LEVELS,
    WRITER,
    WRITER_AS_OBJECT,
    Frame,
    Report,
    clause_of,
    is_classing,
    is_past,
    is_to_come,
)

# Beliefs about what one does not know yet: they are told when it has come out.
_PRIOR = frozenset("anticipate assume doubt expect fear figure hope imagine presume reckon suppose suspect".split())
_OPEN_ENDED = frozenset("anticipate assume believe expect fear hope imagine think".split())
_CLASSED_WRONGLY = frozenset({"take", "mistake", "dismiss"})
# Other verbs that may tell a belief: "I knew that", "I found it dull", "it struck me as dull".
_TOLD_BY = frozenset({"know", "find", "strike"})
_WERE = frozenset({"was", "were", "been", "felt", "remained"})
_IN_PAST = _WERE | {"had"}
_UNMARKED = frozenset({"VB", "VBP"})
_MUCH = frozenset({"much", "more", "lot", "lots", "better", "little", "anything"})
_UNFAVOURABLE = frozenset({"doubtful", "sceptical", "skeptical", "worried", "afraid"})
_FOLLOWERS = frozenset({"fan", "believer", "convert"})
_ILL_FOREBODINGS = frozenset({"doubt", "reservation", "misgiving", "worry", "fear", "suspicion", "prejudice"})
_ENTERING = frozenset("have go come hold approach start begin enter harbor harbour open get pick walk arrive".split())
_SETTLED = frozenset({"wrong", "right", "mistaken", "met", "dashed"})


def reports(frame: Frame) -> Iterator[Report]:
    """The beliefs of before in a sentence."""
    past = not _IN_PAST.isdisjoint(frame.lowered)
    for token in frame.words:
        # What is quoted or supposed is asked last: it takes longest, and few words get that far.
        found = list(_by_verb(frame, token)) if token.pos_ in {"VERB", "AUX"} else []
        if found and frame.supposed(token):
            found = []
        if past:
            found += _by_state(frame, token)
        if token.pos_ == "NOUN" and token.lemma_.lower() in frame.lexicon.changes["noun"]:
            found += _by_noun(frame, token)
        if found and token.i not in frame.quoted:
            yield from found


def _by_verb(frame: Frame, verb: Token) -> Iterator[Report]:
    """As in "I thought that ...", "I used to love ...", "I took her for ...", "at first it seemed ..."."""
    lexicon, lemma = frame.lexicon, verb.lemma_.lower()
    belief, feels = lexicon.belief(verb), frame.feeling(verb) is not None
    if verb.dep_ == "xcomp" and verb.head.lower_ in {"used", "use"} and verb.head.i < verb.i:
        writer = frame.writer_of(verb.head)
        judged = lemma == "be" and any(child.dep_ in {"acomp", "attr"} for child in verb.children)
        classed = is_classing(verb, lexicon)
        if writer is not None and (feels or belief is not None or judged or classed or lemma == "enjoy"):
            yield frame.report("before", verb, writer, frame.clause_end(verb), "before.used_to")
        return
    told = belief is not None and belief.sort == "belief"
    if not (told or feels or lemma in APPEARING or lemma in _TOLD_BY or is_classing(verb, lexicon)):
        return
    still = verb.tag_ == "VBG" and lemma in _OPEN_ENDED
    past = is_past(verb)
    if not (past or still or (verb.tag_ in _UNMARKED and any(sort == "opening" for _, _, sort in frame.marks))):
        return
    marks, end = frame.marks_of(verb), frame.clause_end(verb)
    opening = _is_opening(marks)
    # Learners leave the past unmarked; the word of time marks it.
    past = past or (opening and verb.tag_ in _UNMARKED)
    writer = frame.writer_of(verb)
    if writer is None and still and verb.dep_ == "acl":
        # "I came to this novel expecting little": the parser gives the participle to the novel.
        above = next((up for up in verb.ancestors if up.pos_ == "VERB"), None)
        writer = frame.writer_of(above) if above is not None else None
    if writer is None:
        struck = lemma == "strike" and any(child.lower_ in WRITER_AS_OBJECT for child in verb.children)
        if (lemma in APPEARING or struck) and past and "closing" not in marks:
            yield from _by_appearance(frame, verb, end, firm=opening)
        return
    start = writer if verb.dep_ == "acl" else _start(verb, writer)
    if told and belief is not None:
        clause = clause_of(verb)
        said = clause is not None or end.i > verb.i + 1
        given_up = (past or still) and (opening or "closing" not in marks)
        meant = belief.neg_raising or not frame.denied(verb)
        if said and given_up and meant and not _is_plan(clause, lexicon):
            had = any(child.dep_ == "aux" and child.lower_ in {"had", "’d", "'d"} for child in verb.children)
            firm = belief.lemma in _PRIOR or had or opening or still or is_to_come(clause)
            yield frame.report("before", verb, start, end, f"before.{belief.lemma}", firm=firm, lean=_lean(verb))
    elif past and lemma == "know" and clause_of(verb) is not None:
        yield frame.report("before", verb, start, end, "before.know", firm=opening)
    elif past and is_classing(verb, lexicon):
        objects = [child.lower_ for child in verb.children if child.dep_ == "dobj"]
        if lemma == "think" or objects:
            firm = opening or lemma in _CLASSED_WRONGLY
            yield frame.report("before", verb, start, end, "before.classing", firm=firm)
    elif past and opening and (feels or lemma == "find"):
        yield frame.report("before", verb, start, end, "before.feeling")


def _is_opening(marks: frozenset[str]) -> bool:
    """Whether marks put a belief at the beginning: "after the first concert" does, "after the concert" does not."""
    return "opening" in marks and ("closing" not in marks or "first" in marks)


def _start(verb: Token, writer: Token) -> Token:
    """Where a report begins: at the writer's word, or at a joined verb that shares it."""
    shared = verb.dep_ == "conj" and all(child.i != writer.i for child in verb.children)
    return verb if shared or writer.i > verb.i else writer


def _by_appearance(frame: Frame, verb: Token, end: Token, *, firm: bool) -> Iterator[Report]:
    """As in "At first it seemed dull": how something looked is how it looked to the writer."""
    subject = subject_of(verb)
    if subject is not None and end.i > verb.i and subject.left_edge.i < verb.i:
        yield frame.report("before", verb, subject.left_edge, end, "before.appearance", firm=firm)


def _lean(verb: Token) -> int:
    """How a belief leans by how much was expected: "I expected a lot more", "I didn't expect much"."""
    much = {word.lower_ for word in verb.subtree if verb.i < word.i <= verb.i + 4} & _MUCH
    if verb.lemma_.lower() != "expect" or not much:
        return 0
    return -1 if "little" in much or any(child.dep_ == "neg" for child in verb.children) else 1


def _is_plan(clause: Token | None, lexicon: Lexicon) -> bool:
    """Whether "I thought I would ..." tells a plan or a wish: what the writer will do, or wants the reader to."""
    # "I had hoped to ring you"
    aimed = clause is not None and clause.dep_ == "xcomp" and clause.tag_ == "VB"
    if clause is None or not (is_to_come(clause) or aimed):
        return False
    subject = subject_of(clause)
    if subject is not None and subject.lower_ == "you":
        return True  # "I was hoping you would have a minute" asks
    if subject is None or subject.lower_ not in WRITER:
        return False
    entry = lexicon.verb(clause)
    feels = entry is not None and entry.frame in FEELING
    return clause.pos_ == "VERB" and not feels and lexicon.belief(clause) is None


def _by_state(frame: Frame, token: Token) -> Iterator[Report]:
    """As in "I was sure that ...", "at first I was impressed", "I was not a fan"."""
    if token.dep_ in {"acomp", "attr", "oprd"}:
        copula = word = token.head
    elif (passive := next((child for child in token.children if child.dep_ == "auxpass"), None)) is not None:
        copula, word = token, passive
    elif token.lower_ in _FOLLOWERS:
        being = [word for word in frame.words if token.i - 6 < word.i < token.i and word.lemma_.lower() == "be"]
        if not being:
            return
        copula = word = being[-1]
    else:
        return
    helpers = {child.lower_ for child in copula.children if child.dep_ == "aux"}
    past = word.lower_ in _WERE or "had" in helpers
    writer = frame.writer_of(copula) if past else None
    if writer is None or frame.supposed(copula) or frame.supposed(token):
        return
    marks = frame.marks_of(copula) | frame.marks_of(token)
    opening = _is_opening(marks)
    end = max(frame.clause_end(copula), frame.clause_end(token), key=lambda word: word.i)
    said = any(child.dep_ in {"ccomp", "xcomp", "prep", "agent"} for child in token.children)
    follower = token.lower_ in _FOLLOWERS
    if token.lower_ in frame.lexicon.changes["state"]:
        ill = token.lower_ in _UNFAVOURABLE
        if "closing" not in marks and (said or ill or end.i > token.i) and (token.lower_ != "afraid" or said):
            firm = opening or ill or is_to_come(clause_of(token))
            yield frame.report("before", token, writer, end, "before.state", firm=firm, lean=-ill)
    elif follower and (opening or frame.denied(copula, token) or word.lower_ == "been"):
        anything_but = any(
            one.lower_ == "anything" and two.lower_ == "but"
            for one, two in itertools.pairwise(frame.words)
            if word.i < one.i < token.i
        )
        lean = -1 if frame.denied(copula, token) or anything_but else 1
        yield frame.report("before", token, writer, end, "before.state", lean=lean)
    elif opening and (said or frame.lexicon.is_opinion(token)):
        yield frame.report("before", token, writer, end, "before.state")


def _by_noun(frame: Frame, noun: Token) -> Iterator[Report]:
    """As in "My assumption was that ...", "I had low expectations", "I was under the impression that ..."."""
    verb = next((up for up in governors(noun) if up.pos_ in {"VERB", "AUX"}), None)
    if verb is None or not is_past(verb) or frame.supposed(verb):
        return
    lemma = noun.lemma_.lower()
    beside = {child.lower_ for child in noun.children if child.dep_ in {"amod", "det", "neg"}}
    own = any(child.dep_ == "poss" and child.lower_ in {"my", "our"} for child in noun.children)
    marks = frame.marks_of(verb)
    if noun.dep_ in {"nsubj", "nsubjpass"}:
        said = {child.lower_ for child in verb.children if child.dep_ in {"acomp", "attr"}}
        if own and verb.lemma_.lower() in {"be", "seem"} and "closing" not in marks and not said & _SETTLED:
            lean = _level(lemma, beside | said)
            yield frame.report("before", noun, noun.left_edge, frame.clause_end(verb), "before.noun", lean=lean)
        return
    writer = frame.writer_of(verb)
    if writer is None or verb.i > noun.i or ("closing" in marks and "opening" not in marks):
        return
    lean = _level(lemma, beside)
    entered = verb.lemma_.lower() in _ENTERING and (noun.dep_ == "dobj" or noun.head.lower_ == "with")
    told = lean or own or lemma in {"impression", "idea", "opinion"}
    if noun.head.lower_ == "under" or (entered and told and not (lemma == "doubt" and "no" in beside)):
        yield frame.report("before", noun, writer, frame.clause_end(verb), "before.noun", lean=lean)


def _level(lemma: str, beside: set[str]) -> int:
    """How a noun of belief leans: by itself ("doubts"), or by its level ("low expectations")."""
    if lemma in _ILL_FOREBODINGS:
        return -1
    if lemma not in {"expectation", "hope"}:
        return 0
    return -1 if beside & NEGATIVE_LEVELS else 1 if beside & POSITIVE_LEVELS else 0
