"""Questions that several parts ask of a parse: who does it, and what governs a word."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

LINKING = "be seem look feel sound become remain stay appear get prove turn taste smell go keep ’s ’ ’re ’m 's 're 'm"

_SUBJECTS = frozenset({"nsubj", "nsubjpass", "expl", "csubj"})
_LONGEST_CHAIN = 6  # longer ones are parse errors


def governors(token: Token) -> Iterator[Token]:
    """The token and all that governs it, up to the root of its sentence."""
    yield token
    yield from token.ancestors


def subject_of(verb: Token) -> Token | None:
    """The subject of a verb: its own, or the one that English lets it share.

    A joined verb and an infinitive share that of the verb they hang on ("she came and helped", "she tried to help"), a
    participle behind a noun has the noun ("a man selling fish"), one beside a clause has that clause's subject ("losing
    its way, the choir stopped"). "There is somebody who ..." has somebody as its subject.
    """
    for _ in range(_LONGEST_CHAIN):
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
    return None
