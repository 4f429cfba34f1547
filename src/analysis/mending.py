"""Undoes parses that no English sentence has, so that nothing else need know of the parser's habits.

Each mend states a fact of English that the parse breaks. What is not plainly broken stays as the parser left it.
"""

from __future__ import annotations

import numpy as np
from spacy.tokens import Doc, Token

from analysis.lexicon import Lexicon

_FINITE = frozenset({"VBZ", "VBP", "VBD"})
_INSIDE_NOUN = frozenset({"compound", "amod", "nmod"})
_MENDED = _INSIDE_NOUN | {"ROOT"}
_NOUNS = frozenset({"NOUN", "PROPN", "PRON"})


def mend(doc: Doc, lexicon: Lexicon) -> Doc:
    """Turn noun phrases that can only be clauses into clauses.

    Args:
        doc: A parsed text; changed in place.
        lexicon: The lists, for the verbs that take a clause and those that make a headline.

    Returns:
        The same `Doc`.

    Examples:
        >>> from analysis.lexicon import load_lexicon
        >>> from analysis.parsing import load_model
        >>> doc = mend(load_model()("Homework sucks."), load_lexicon())
        >>> doc[0].dep_, doc[0].head.text, doc[1].tag_
        ('nsubj', 'sucks', 'VBZ')
    """
    # Few words can be meant, and a corpus has many.
    meant = [token for token in doc if token.dep_ in _MENDED or token.tag_ == "VBZ"]
    for verb in meant:
        if _is_clause_in_noun(verb, lexicon):
            _make_clause(verb)
        elif _is_headline(verb, lexicon):
            subject = next(child for child in verb.lefts if child.dep_ == "compound")
            _tag_as_verb(verb)
            subject.dep_ = "nsubj"
        elif (name := _name_for_exclamation(verb)) is not None:
            name.dep_, name.tag_, name.pos_ = "nsubj", "NNP", "PROPN"
    return doc


def _name_for_exclamation(verb: Token) -> Token | None:
    """The subject of "Mr Pike says ..." where the parser takes it for a cry.

    A verb in -s has a subject, save in notes; a name with a title before it is one.
    """
    if verb.tag_ != "VBZ" or any(child.dep_ in {"nsubj", "nsubjpass", "expl", "csubj"} for child in verb.children):
        return None
    cries = (child for child in verb.lefts if child.dep_ == "intj")
    return next((cry for cry in cries if any(part.tag_ == "NNP" for part in cry.lefts)), None)


def _is_clause_in_noun(verb: Token, lexicon: Lexicon) -> bool:
    """A verb within a compound noun: "I thought [the author dislikes gardening]".

    A form tagged as finite is no part of a noun. Nor, as a rule, is a plural (Huddleston and Pullum 2002, chapter 5,
    section 14.4) or a participle with a bare noun before it ("author hated soup"): where a verb of belief waits for its
    clause, and the word is a verb of our lists, it is that verb.
    """
    noun = verb.head
    if verb.dep_ not in _INSIDE_NOUN or noun.i <= verb.i or _subject_of_noun(verb) is None:
        return False
    if verb.tag_ in _FINITE:
        return True
    believed = noun.dep_ in {"dobj", "ccomp"} and lexicon.belief(noun.head) is not None
    waits = believed or noun.head.lower_ in lexicon.changes["state"]
    return verb.tag_ in {"NNS", "VBN"} and waits and lexicon.verb(verb) is not None


def _is_headline(verb: Token, lexicon: Lexicon) -> bool:
    """A headline such as "Homework sucks": a sentence has a verb, and this is the only word that can be one."""
    if verb.dep_ != "ROOT" or verb.tag_ not in {"NNS", "NNPS"}:
        return False
    entry = lexicon.verb(verb)
    return (
        entry is not None
        and entry.frame == "intransitive"
        and any(child.dep_ == "compound" and child.tag_ in {"NN", "NNP", "VBG"} for child in verb.lefts)
        and not any(token.pos_ in {"VERB", "AUX"} and token.i != verb.i for token in verb.subtree)
    )


def _subject_of_noun(verb: Token) -> Token | None:
    before = [token for token in (*verb.lefts, *verb.head.lefts) if token.i < verb.i and token.pos_ in _NOUNS]
    return max(before, key=lambda token: token.i, default=None)


def _make_clause(verb: Token) -> None:
    """Make the noun before the verb its subject, the noun behind it its object, and let the verb take its place."""
    doc, noun = verb.doc, verb.head
    subject = _subject_of_noun(verb)
    assert subject is not None
    heads = [token.head.i for token in doc]
    deps = [token.dep_ for token in doc]
    for token in noun.lefts:
        if token.i < subject.i:
            heads[token.i] = subject.i
    governor = noun.head
    at_root = governor.i == noun.i
    heads[verb.i] = verb.i if at_root else governor.i
    deps[verb.i] = "ROOT" if at_root else "ccomp" if governor.pos_ in {"VERB", "AUX"} else noun.dep_
    heads[subject.i], deps[subject.i] = verb.i, "nsubj"
    heads[noun.i], deps[noun.i] = verb.i, "dobj"
    steps = np.array([head - i for i, head in enumerate(heads)], dtype="int64").astype("uint64")
    labels = np.array([doc.vocab.strings.add(dep) for dep in deps], dtype="uint64")
    doc.from_array(["HEAD", "DEP"], np.stack([steps, labels], axis=1))  # type: ignore[arg-type]
    _tag_as_verb(doc[verb.i])


def _tag_as_verb(token: Token) -> None:
    if token.tag_ not in _FINITE:
        token.tag_, token.pos_ = "VBD" if token.tag_ == "VBN" else "VBZ", "VERB"
