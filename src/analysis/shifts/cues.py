"""What grammar and the usual words say of a clause: does it look like a belief of before, or like what came after.

The network has read more texts that change a mind in unusual words than in usual ones, and passes the usual ones over.
These facts of a clause are weighed beside its scores, with weights that were fitted on texts of writers whom the
network had not read (`training/change_cues.py`).
"""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Token

from analysis.shifts.clauses import Clause

BEFORE_CUES = (
    "says what I thought",
    "used to",
    "of a time before",
    "told in the past",
    "told in the present",
    "told as over by then",
    "a noun of belief",
    "the writer is its subject",
    "denied",
    "without a verb",
    "long",
    "short",
    "asked",
)
AFTER_CUES = (
    "says what I found",
    "of a time since",
    "of what is so in truth",
    "says that a belief was wrong",
    "set against what stands before it",
    "told in the past",
    "told in the present",
    "the writer is its subject",
    "a pronoun is its subject",
    "compared with what was thought",
    "denied",
    "without a verb",
    "long",
    "short",
    "asked",
    "in the last sentence",
    "says what I thought",
)

_WRITER = frozenset({"i", "we"})
_THOUGHT = frozenset(
    "think believe expect assume figure suppose hope imagine fear doubt presume guess dread picture suspect consider"
    " feel want reckon regard take convince dismiss swear bet plan know".split()
)
_FOUND = frozenset(
    "realise realize discover find learn see notice understand come admit accept conclude recognise recognize start"
    " begin end turn prove become grow appreciate".split()
)
_NOUNS = frozenset(
    "expectation hope fear worry impression idea view opinion belief assumption guess picture image prejudice doubt"
    " suspicion bet plan instinct reaction attitude feeling mind theory position stance respect faith".split()
)
_BEFORE = frozenset("initially originally once always before first previously formerly until younger".split())
_SINCE = frozenset("now nowadays today currently since anymore finally eventually lately after".split())
_TRUTH = frozenset("actually really apparently fact reality instead rather truth simply just even".split())
_WRONG = frozenset(
    "wrong mistaken converted convinced surprised fooled corrected incorrect changed change shifted updated moved"
    " persuaded delta opposite".split()
)
_AGAINST = frozenset("but however yet though although instead then now until still boy well".split())
_PRONOUNS = frozenset("it he she they this that these those there".split())
_HAD = frozenset({"had", "’d", "'d"})
_LONG, _SHORT = 14, 4  # words


def before_cues(clause: Clause) -> tuple[float, ...]:
    """For each of `BEFORE_CUES` 1 where it is so, else 0."""
    words, lowered, verb = _read(clause)
    near = {word.lower_ for word in clause.sentence.span if clause.first.i - 4 <= word.i < clause.first.i}
    found = (
        bool(_WRITER & lowered) and any(word.lemma_.lower() in _THOUGHT for word in words),
        any(word.lower_ == "used" and word.i + 1 < len(word.doc) and word.nbor().lower_ == "to" for word in words),
        bool(_BEFORE & (lowered | near)),
        _is_past(verb),
        _is_present(verb),
        bool(_HAD & lowered),
        any(word.lemma_.lower() in _NOUNS and any(child.lower_ == "my" for child in word.children) for word in words),
        words[0].lower_ in _WRITER,
        _is_denied(words),
        verb is None,
        *_of_both(clause, words),
    )
    return tuple(map(float, found))


def after_cues(clause: Clause, *, last: int) -> tuple[float, ...]:
    """For each of `AFTER_CUES` 1 where it is so, else 0; `last` is the number of the text's last sentence."""
    words, lowered, verb = _read(clause)
    span = clause.sentence.span
    leads = [word.lower_ for word in span if clause.first.i - 3 <= word.i < clause.first.i]
    found = (
        bool(_WRITER & lowered) and any(word.lemma_.lower() in _FOUND for word in words),
        bool(_SINCE & lowered)
        or _has(words, "no", "longer")
        or _has(words, "any", "more")
        or _has(words, "these", "days"),
        bool(_TRUTH & lowered) or _has(words, "out"),
        bool(_WRONG & lowered),
        bool(_AGAINST & {*leads, words[0].lower_, span[0].lower_}),
        _is_past(verb),
        _is_present(verb),
        words[0].lower_ in _WRITER,
        words[0].lower_ in _PRONOUNS,
        "than" in lowered,
        _is_denied(words),
        verb is None,
        *_of_both(clause, words),
        clause.sentence.number == last,
        bool(_WRITER & lowered) and any(word.lemma_.lower() in _THOUGHT for word in words),
    )
    return tuple(map(float, found))


def said_of(clause: Clause) -> frozenset[str]:
    """The lemmas of a clause's open-class words but for verbs of belief."""
    return frozenset(
        lemma
        for word in clause.words
        if word.pos_ in {"NOUN", "PROPN", "VERB", "ADJ"} and (lemma := word.lemma_.lower()) not in _THOUGHT | _FOUND
    )


def _read(clause: Clause) -> tuple[list[Token], set[str], Token | None]:
    words = clause.words
    return words, {word.lower_ for word in words}, next((word for word in words if word.pos_ in {"VERB", "AUX"}), None)


def _of_both(clause: Clause, words: list[Token]) -> Iterable[bool]:
    return len(words) >= _LONG, len(words) <= _SHORT, clause.sentence.text.rstrip().endswith("?")


def _is_past(verb: Token | None) -> bool:
    return verb is not None and (verb.tag_ == "VBD" or verb.lower_ in {"had", "did", "was", "were", "’d", "'d"})


def _is_present(verb: Token | None) -> bool:
    return verb is not None and verb.tag_ in {"VBP", "VBZ", "MD"}


def _is_denied(words: list[Token]) -> bool:
    return any(word.dep_ == "neg" or word.lower_ in {"no", "never", "nothing", "none"} for word in words)


def _has(words: list[Token], *phrase: str) -> bool:
    lowered = [word.lower_ for word in words]
    return any(lowered[i : i + len(phrase)] == [*phrase] for i in range(len(lowered)))
