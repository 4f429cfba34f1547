"""What the parse says of a claim besides its light: whose attitude it is, of what kind, how firm, and when.

The encoder judges how a sentence shows a mention. Whether the writer shows it so, or somebody whom the writer tells
of, is a question of grammar: "critics call it a waste" is what critics hold.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from analysis.grammar import LINKING, governors, subject_of
from analysis.lexicon import Attitude, Lexicon
from analysis.mentions import References
from analysis.parsing import Sentence

_PRESCRIBING = frozenset({"should", "must", "ought", "shall"})
_QUOTES = frozenset('"“”«»') | {"``", "''"}
_FUTURE = frozenset({"will", "’ll", "'ll", "shall", "gon", "wo"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_FIRST_PERSON = frozenset({"i", "we"})


@dataclass(frozen=True)
class Context:
    """Whose attitude a claim is (`reader`, `author` or `other`), its kind, the words that hedge it, and its time."""

    holder: str
    kind: str
    hedge: str
    time: str


def context(mention: Token, sentence: Sentence, references: References, lexicon: Lexicon) -> Context:
    """What the parse says of an attitude towards a mention.

    Args:
        mention: The head of the mention.
        sentence: Its sentence.
        references: What nouns and pronouns stand for.
        lexicon: The lists of words that have a holder, and of hedges.
    """
    attributed_to = tuple(attributions(mention, lexicon))
    hedges = _hedges(mention, attributed_to, lexicon)
    time = _time(mention, attributed_to, lexicon)
    kind = _kind(mention, time, lexicon)
    # What should be is held by whoever says so, not by those who should.
    told = None if kind == "prescription" else stance(mention, lexicon)
    felt_by = None if told is None else told[1]
    return Context(
        holder=_holder(felt_by, mention, attributed_to, sentence, references),
        kind=kind,
        hedge=" ".join(token.text for token in hedges),
        time=time,
    )


def attributions(token: Token, lexicon: Lexicon) -> Iterator[Token]:
    """The verbs of belief or speech in whose clause a token stands, the nearest first."""
    for below, verb in itertools.pairwise(governors(token)):
        if below.dep_ in {"ccomp", "xcomp"} and lexicon.belief(verb):
            yield verb


def _holder(
    felt_by: Token | None,
    mention: Token,
    attributed_to: Sequence[Token],
    sentence: Sentence,
    references: References,
) -> str:
    """Whoever feels it, else the subject of the nearest verb of belief or speech, else the speaker."""
    quoted = _is_quoted(mention, sentence)
    if felt_by is not None and not (quoted and felt_by.lower_ in _FIRST_PERSON):
        return _who(felt_by, references)
    for verb in attributed_to:
        subject = subject_of(verb)
        if subject is not None:
            return _who(subject, references)
    for governor in governors(mention):
        for child in governor.children:
            # "According to my doctor, ..."
            if child.lower_ == "according":
                named = [word for word in child.subtree if word.dep_ == "pobj"]
                return _who(named[0], references) if named else "other"
    return sentence.passage.paragraph.speaker if felt_by is None else _who(felt_by, references)


def stance(mention: Token, lexicon: Lexicon) -> tuple[Attitude, Token | None] | None:
    """The word of attitude that has a mention as its target, and who holds it: "my aunt" of "my aunt hates opera".

    Which words have their holder as subject ("hate"), as object ("annoy"), or beside a preposition ("negative about")
    is a fact of each (Levin 1993, English Verb Classes and Alternations, sections 31 and 33), and so in the list.

    Returns:
        The entry of the list and the holder's word, None where nobody is named; None where no such word has the mention
        as its target.
    """
    for below, word in itertools.pairwise(governors(mention)):
        entry = lexicon.attitude(word)
        raised = _child(word, "xcomp") if below.dep_ in _SUBJECTS else None
        if entry is None and raised is not None:
            # "The choir never fails to delight us": the subject is that of the infinitive.
            entry = lexicon.attitude(raised)
            if entry is not None and entry.frame == "object-experiencer":
                return entry, _child(raised, "dobj")
            return None
        if entry is None:
            if below.dep_ == "relcl" or (word.pos_ in {"VERB", "AUX"} and below.dep_ in _SUBJECTS):
                return None
            continue
        if entry.frame == "object-experiencer":
            if below.dep_ in _SUBJECTS and below.dep_ != "nsubjpass":
                return entry, _child(word, "dobj")
            if below.dep_ in {"agent", "prep"}:
                return entry, subject_of(word) if word.pos_ == "VERB" else _subject_of_quality(word)
        elif below.dep_ == "nsubjpass":
            agent = _child(word, "agent")
            return entry, None if agent is None else _child(agent, "pobj")
        elif below.dep_ not in _SUBJECTS:
            if entry.frame == "preference" and below.dep_ in {"prep", "dative"}:
                entry = replace(entry, polarity=-entry.polarity)  # what another thing is preferred to
            if word.pos_ == "VERB" or entry.frame != "attitude":
                return entry, subject_of(word)
            if below.dep_ in {"prep", "agent", "pobj", "pcomp"}:
                return entry, _child(word, "poss") or _subject_of_quality(word)
    # "The film that my aunt hates": the clause behind a noun has it as its object.
    for clause in mention.children:
        entry = lexicon.attitude(clause) if clause.dep_ == "relcl" else None
        if entry is not None and entry.frame in {"subject-experiencer", "preference"}:
            subject = _child(clause, "nsubj")
            if subject is not None and subject.lower_ not in {"who", "that", "which"}:
                return entry, subject
    return None


def stated_sign(mention: Token, lexicon: Lexicon) -> int:
    """What grammar alone says of a mention: 1, -1, or 0 where it says nothing or something denies it.

    A word of attitude says it of its target. Two denials undo each other ("never fails to delight"); what one denial
    makes of a word is left to the encoder.
    """
    told = stance(mention, lexicon)
    if told is None or mention.sent.text.rstrip("\"'”’)» ").endswith("?"):  # "how could anyone dislike it?"
        return 0
    denials = 0
    for word in mention.ancestors:
        denials += sum(child.dep_ == "neg" or child.lower_ in lexicon.negators for child in word.children)
        denials += word.lemma_.lower() in lexicon.negative_verbs
    return 0 if denials % 2 else (told[0].polarity > 0) - (told[0].polarity < 0)


def compared_with(mention: Token) -> Token | None:
    """The subject of a comparison that a mention stands behind: the bus of "the bus is worse than the tram"."""
    than = mention.head
    if mention.dep_ != "pobj" or than.lower_ != "than":
        return None
    if not any(word.tag_ in {"JJR", "RBR"} for word in (than.head, *than.head.children)):
        return None
    return subject_of(_clause(than))


def is_only_asked(mention: Token, sentence: Sentence) -> bool:
    """Whether the sentence asks about a mention, or supposes something of it, and so claims nothing.

    "Is the soup good?", "if the bread is stale, ...". A question that expects a yes claims it ("Isn't it lovely?",
    Quirk et al. 1985, section 11.7), and so does one that does not begin with its verb ("who needs it?").
    """
    for governor in governors(mention):
        if governor.dep_ in {"advcl", "ccomp"} and any(
            child.dep_ == "mark" and child.lower_ in {"if", "unless", "whether"} for child in governor.children
        ):
            return True
    if not sentence.text.rstrip("\"'”’)» ").endswith("?"):
        return False
    words = [token for token in sentence.span if not token.is_punct and not token.is_space]
    if not words:
        return False
    skipped = (word for word in words if word.pos_ not in {"CCONJ", "ADV", "INTJ"} or word.tag_ == "WRB")
    first = next(skipped, words[0])
    denied = first.i + 1 < sentence.span.end and first.nbor().dep_ == "neg"
    modifies = any(child.dep_ == "amod" for child in mention.children)  # "have you met our charming vicar?"
    return (first.pos_ == "AUX" or first.tag_ == "MD") and not denied and not modifies


def _subject_of_quality(word: Token) -> Token | None:
    """The subject of the clause in which an adjective, noun or preposition is what is said of it."""
    return subject_of(_clause(word))


def _child(word: Token, dep: str) -> Token | None:
    return next((child for child in word.children if child.dep_ == dep), None)


def _clause(token: Token) -> Token:
    """The verb of the clause that a word stands in; the word itself if there is none."""
    return next((governor for governor in governors(token) if governor.pos_ in {"VERB", "AUX"}), token)


def _own_clause(token: Token) -> Iterator[Token]:
    """The token and its governors up to the verb of its clause."""
    for governor in governors(token):
        yield governor
        if governor.pos_ in {"VERB", "AUX"} and governor.dep_ != "xcomp":
            return


def _is_quoted(token: Token, sentence: Sentence) -> bool:
    """Whether a word stands between quotation marks of its sentence."""
    if _QUOTES.isdisjoint(sentence.text):
        return False
    return sum(other.text in _QUOTES for other in sentence.span if other.i < token.i) % 2 == 1


def _who(token: Token, references: References) -> str:
    entity = references.entity(token)
    return "other" if entity is None else entity.who


def _kind(mention: Token, time: str, lexicon: Lexicon) -> str:
    """Prescription, expectation, description of conduct (told as a fact, without a word of opinion), or evaluation."""
    verbs = [word for word in _own_clause(mention) if word.pos_ in {"VERB", "AUX"}]
    if any(child.dep_ == "aux" and child.lower_ in _PRESCRIBING for verb in verbs for child in verb.children):
        return "prescription"
    if any(_resolves(verb) for verb in verbs):
        return "prescription"
    entry = next((entry for word in governors(mention) if (entry := lexicon.attitude(word)) is not None), None)
    if entry is not None:
        return entry.kind
    if time == "future":
        return "expectation"
    verb = mention.head
    acts = mention.dep_ == "nsubj" and verb.pos_ == "VERB" and verb.lemma_.lower() not in LINKING.split()
    return "description" if acts and not any(lexicon.is_opinion(word) for word in verb.subtree) else "evaluation"


def _resolves(verb: Token) -> bool:
    """Whether a verb says what its first person will do from now on."""
    return (
        any(child.lower_ in _FUTURE for child in verb.children)
        and any(child.dep_ == "nsubj" and child.lower_ in _FIRST_PERSON for child in verb.children)
        and any(child.lower_ == "from" and child.nbor().lower_ == "now" for child in verb.lefts if child.dep_ == "prep")
    )


def _time(mention: Token, attributed_to: Sequence[Token], lexicon: Lexicon) -> str:
    """Past, present or future: by the verb of the clause, and past too where the belief itself is past."""
    if any(_tense(verb) == "past" and _is_mere_belief(verb, lexicon) for verb in attributed_to):
        return "past"
    # An act is told of by the verb that it is subject or object of, and a participle has the time of its clause.
    verb = mention.head if mention.tag_ == "VBG" and mention.dep_ in _SUBJECTS | {"dobj", "pobj", "pcomp"} else mention
    verb = list(_own_clause(verb))[-1]
    while (verb.pos_ not in {"VERB", "AUX"} or verb.dep_ == "acl") and verb.head.i != verb.i:
        verb = verb.head
    return _tense(verb)


def _is_mere_belief(verb: Token, lexicon: Lexicon) -> bool:
    belief = lexicon.belief(verb)
    return belief is not None and belief.sort == "belief"


def _tense(verb: Token) -> str:
    helpers = [child for child in verb.children if child.dep_ in {"aux", "auxpass"}]
    if any(helper.lower_ in _FUTURE for helper in helpers) or verb.lower_ in _FUTURE:
        return "future"
    words = {helper.lower_ for helper in helpers}
    if words & {"would", "could", "might"} and words & {"have", "’ve", "'ve"}:
        return "past"
    used_to = verb.dep_ == "xcomp" and verb.head.lower_ == "used"
    if used_to or any(helper.tag_ == "VBD" or helper.lower_ in {"used", "had"} for helper in helpers):
        return "past"
    if verb.tag_ == "VBD" and verb.lower_ not in {"'s", "’s"}:
        return "past"
    return "present"


def _hedges(mention: Token, attributed_to: Sequence[Token], lexicon: Lexicon) -> list[Token]:
    """The words by which the clause of a mention, or one that governs it, is held less than firmly."""
    found: set[Token] = set()
    for governor in governors(mention):
        found |= {child for child in governor.children if child.lower_ in lexicon.hedges}
        if governor.lemma_.lower() in lexicon.hedges and governor.i != mention.i:
            found.add(governor)
        # "The plan is good if both agree"
        conditions = (child for child in governor.children if child.dep_ == "advcl")
        found |= {mark for child in conditions for mark in child.children if mark.lower_ in {"if", "unless"}}
    # "I think it is ugly" is less than "it is ugly"; "I thought so" is a belief given up.
    for verb in attributed_to:
        subject = subject_of(verb)
        if (
            subject is not None
            and subject.lower_ == "i"
            and _is_mere_belief(verb, lexicon)
            and _tense(verb) == "present"
        ):
            found |= {subject, verb}
    return sorted(found, key=lambda token: token.i)
