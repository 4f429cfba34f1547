"""The rules: one file for each fact of English, as paths through the parse.

Every rule begins at an opinion word, the `cue`, and walks from it to the word that the opinion is about, one step of
the parse at a time: `up("acomp")` goes to the governor if the cue is its adjectival complement, `down("pobj")` to a
dependent, `SUBJECT` to the subject of the verb where it stands. Which words can be a cue is said by the lists in
`words/`: `frames` names the ones.

Paths instead of spaCy's dependency matcher, because that one looks for every node of every pattern in every sentence:
eighteen patterns cost 20 percent of the parse, and cues are few.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

_NO_TEST: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Step:
    """One step of a path: `up` to the governor, `down` to dependents, or to the `subject` of a verb.

    `deps` are the relations that it may follow; `words` and `pos`, if given, are the lemmas (or small-letter forms) and
    parts of speech that it may arrive at.
    """

    way: str
    deps: frozenset[str] = _NO_TEST
    words: frozenset[str] = _NO_TEST
    pos: frozenset[str] = _NO_TEST

    def walk(self, token: Token) -> Iterator[Token]:
        """Where the step leads from a token."""
        if self.way == "up":
            arrived = [token.head] if token.dep_ in self.deps and token.head.i != token.i else []
        elif self.way == "climb":
            arrived = list(self._climb(token))
        elif self.way == "down":
            arrived = [child for child in token.children if child.dep_ in self.deps]
        else:
            subject = subject_of(token)
            arrived = [] if subject is None else [subject]
        for other in arrived:
            if self.words and not (other.lemma_.lower() in self.words or other.lower_ in self.words):
                continue
            if not self.pos or other.pos_ in self.pos:
                yield other

    def _climb(self, token: Token) -> Iterator[Token]:
        while token.dep_ in self.deps and token.head.i != token.i:
            token = token.head
            yield token
            if any(child.dep_ in _SUBJECTS for child in token.children):
                return  # what is above has another subject


@dataclass(frozen=True)
class Rule:
    """One path from cue to target.

    Attributes:
        name: Family and rule, as claims show it.
        fact: The fact of English that it states.
        frames: The lexicon's frames whose words may be its cue.
        pos: The parts of speech that its cue may have; any if empty.
        path: The steps from the cue to the target.
        sign: -1 where the target is shown in the opposite light of the cue.
        subject_holds: Whether the subject of the cue, or of the verb it completes, is the holder.
        object_holds: Whether the object of the cue is the holder.
        deps: The relations in which the cue may stand; any if empty.
        through: The words that the first step may lead to; any if empty.
        beside: A word that the verb before the target must have beside it.
        own_subject: Whether the cue must have a subject that is no relative pronoun.
        weight: How much of the cue's strength reaches the target, 0 to 1.
        of_persons: Whether only somebody can be its target: things have no deeds.
    """

    name: str
    fact: str
    frames: tuple[str, ...]
    pos: tuple[str, ...]
    path: tuple[Step, ...]
    sign: int = 1
    subject_holds: bool = False
    object_holds: bool = False
    deps: tuple[str, ...] = ()
    through: str = ""
    beside: str = ""
    own_subject: bool = False
    weight: float = 1.0
    of_persons: bool = False

    def targets(self, cue: Token) -> list[tuple[Token, ...]]:
        """All ways to walk the path from a cue: the tokens on each, the target last."""
        if (self.pos and cue.pos_ not in self.pos) or (self.deps and cue.dep_ not in self.deps):
            return []
        if self.own_subject:
            subject = subject_of(cue)
            if subject is None or subject.lower_ in _RELATIVE:
                return []
        if self.path and self.path[0].way in {"up", "climb"} and cue.dep_ not in self.path[0].deps:
            return []
        walks: list[tuple[Token, ...]] = [(cue,)]
        for step in self.path:
            walks = [(*walk, arrived) for walk in walks for arrived in step.walk(walk[-1])]
            if self.through and len(walks[0] if walks else ()) == 2:
                walks = [walk for walk in walks if walk[1].lower_ in self.through.split()]
            if not walks:
                break
        if self.beside:
            walks = [walk for walk in walks if any(child.lower_ == self.beside for child in walk[-2].children)]
        return walks


def up(*deps: str, words: str = "", pos: str = "") -> Step:
    """To the governor, if the word is one of these dependents of it."""
    return Step("up", frozenset(deps), frozenset(words.split()), frozenset(pos.split()))


def down(*deps: str, words: str = "", pos: str = "") -> Step:
    """To each dependent of these relations."""
    return Step("down", frozenset(deps), frozenset(words.split()), frozenset(pos.split()))


def climb(*deps: str, pos: str = "") -> Step:
    """To every governor that these relations lead up to."""
    return Step("climb", frozenset(deps), _NO_TEST, frozenset(pos.split()))


SUBJECT = Step("subject")
LINKING = "be seem look feel sound become remain stay appear get prove turn taste smell go keep ’s ’ ’re ’m 's 're 'm"

_RELATIVE = frozenset({"who", "that", "which"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})


def subject_of(verb: Token) -> Token | None:
    """The subject of a verb: its own, or the one that English lets it share.

    A joined verb and an infinitive share that of the verb they hang on ("she came and helped", "she tried to help"), a
    participle behind a noun has the noun ("a man selling fish"), one beside a clause has that clause's subject ("losing
    its way, the choir stopped"). "There is somebody who ..." has somebody as its subject.
    """
    seen = 0
    while seen < 6:  # chains longer than this are parse errors
        own = next((child for child in verb.children if child.dep_ in _SUBJECTS), None)
        if own is not None:
            if own.dep_ != "expl":
                return own
            return next((child for child in verb.children if child.dep_ in {"attr", "dobj", "nsubj"}), None)
        if verb.dep_ == "acl" and verb.head.pos_ in {"NOUN", "PROPN", "PRON"}:
            return verb.head if verb.tag_ in {"VBG", "VBN"} else None
        if verb.dep_ == "xcomp" and any(child.dep_ == "dobj" for child in verb.head.children):
            # "She asked him to leave": the object of the governing verb is the one who leaves.
            return next(child for child in verb.head.children if child.dep_ == "dobj")
        if verb.dep_ not in {"conj", "xcomp", "advcl"} or verb.head.i == verb.i:
            return None
        if verb.dep_ == "advcl" and verb.tag_ not in {"VBG", "VBN", "VB"}:
            return None
        verb = verb.head
        seen += 1
    return None


def all_rules() -> tuple[Rule, ...]:
    """Every rule, the more specific families first: the first one to tie a cue to a target keeps it."""
    from analysis.rules import (
        attitude,
        clause,
        comparison,
        copula,
        deed,
        experiencer,
        modifier,
        only,
        question,
        resolution,
    )

    return (
        *attitude.RULES,
        *experiencer.RULES,
        *comparison.RULES,
        *question.RULES,
        *only.RULES,
        *resolution.RULES,
        *copula.RULES,
        *modifier.RULES,
        *deed.RULES,
        clause.RULE,
    )
