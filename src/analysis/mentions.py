"""Finds what each noun and pronoun stands for: one of the targets, a person who speaks, or something else.

A noun is told by its head and by what restricts it ("people who care" are not "people who want something"). A pronoun
takes the nearest agreeing antecedent of its paragraph, subjects first, and keeps it until a new subject that agrees
comes along: a plain form of centering (Grosz, Joshi and Weinstein 1995, Computational Linguistics 21(2)).
"""

from __future__ import annotations

import difflib
import functools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from spacy.tokens import Doc, Span, Token

from analysis.cleaning import Source
from analysis.lexicon import Lexicon, Target
from analysis.parsing import Passage, Sentence
from analysis.voices import Paragraph

# Nouns that only say what sort of thing their "of" names: the idea of X is X for whoever likes or dislikes it.
LIGHT_NOUNS = frozenset("concept idea notion kind sort type form act practice art business activity whole".split())
_POINTING_NOUNS = LIGHT_NOUNS | {"thing", "stuff", "matter", "affair"}
PERSONS = frozenset(
    "person people man woman guy boy girl friend author writer reader somebody someone one other child kid folk human"
    " attendee member colleague neighbour neighbor student critic guest cousin uncle aunt sister brother mother father"
    " parent daughter son wife husband nephew niece grandmother grandfather family baby chef cook pupil judge nurse"
    " vicar priest landlord boss staff team crew crowd public police committee government king queen host stranger hero"
    " thief liar fool coward genius crook".split()
)
# Whoever these are is said only by what restricts them.
_ANYBODY = frozenset("people person one someone somebody anyone everyone those folk".split())
# Nouns in these endings are mostly doers: waiter, actor, artist, librarian, waitress, employee.
_PERSON_ENDINGS = ("er", "or", "ist", "ian", "ess", "ee", "ant", "man", "woman", "staff", "team")
_FIRST_PERSON = frozenset("i me my mine myself we us our ours ourselves".split())
_RELATIVE = frozenset("who that which whom".split())
_PRONOUN_CLASS = {
    **dict.fromkeys("it its itself".split(), "it"),
    **dict.fromkeys("they them their theirs themselves".split(), "they"),
    **dict.fromkeys("he him his himself".split(), "he"),
    **dict.fromkeys("she her hers herself".split(), "he"),  # one class: names tell no gender
}
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})

# Lines in which nobody says anything.
UNREAD = frozenset({"byline", "reference", "ruler"})

# A name in a text is written wrong now and then; one letter in seven is.
_ALIKE = 0.85


@dataclass(frozen=True)
class Entity:
    """What a noun or pronoun stands for.

    `key` is the target's name, or None where it stands for no target; `who` is `reader`, `author` or `other`;
    `start:end` are characters of the cleaned text; `link` is the span of the antecedent where there is one; `told_by`
    are the tokens by which a target was told, which are then no opinion about it: "people who care" is a name.
    """

    key: str | None
    who: str
    head: Token
    start: int
    end: int
    how: str
    link: tuple[int, int] | None = None
    told_by: frozenset[int] = frozenset()


class References:
    """What each noun and pronoun of a text stands for.

    Args:
        sentences: All sentences of the texts, in reading order.
        targets: What to look for; None to name every noun by itself.
        authors: Words of the author's name.
        lexicon: The lists.
        coreference: Whether pronouns stand for what was named before; switched off only to see what depends on it.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        targets: Sequence[Target] | None,
        authors: frozenset[str],
        lexicon: Lexicon,
        *,
        coreference: bool = True,
    ) -> None:
        self._targets = targets
        self._coreference = coreference
        self.looked_for = targets is not None
        self._marked = _marked(sentences, targets or ())
        self._authors = authors
        self._lexicon = lexicon
        self._entities: dict[tuple[int, int], Entity] = {}
        self._centers: dict[str, Entity] = {}
        passage: Passage | None = None
        speaker = ""
        for sentence in sentences:
            if sentence.passage.paragraph.role in UNREAD:
                continue
            if passage is not sentence.passage:
                # A paragraph that opens with a pronoun goes on where the same speaker stopped.
                first = next(
                    (t for t in sentence.span if not t.is_punct and t.pos_ not in {"CCONJ", "SCONJ", "ADV"}), None
                )
                if sentence.passage.paragraph.speaker != speaker or first is None or not _is_third_person(first):
                    self._centers = {}
                passage, speaker = sentence.passage, sentence.passage.paragraph.speaker
            self._read(sentence)

    def entity(self, token: Token) -> Entity | None:
        """What a token stands for; None for verbs, adjectives and the like.

        A relative pronoun stands for what it relates to.
        """
        found = self._entities.get((id(token.doc), token.i))
        if found is not None or token.lower_ not in _RELATIVE:
            return found
        clause = next((ancestor for ancestor in token.ancestors if ancestor.dep_ == "relcl"), None)
        return self.entity(clause.head) if clause is not None and clause.head.i < token.i else None

    def mentions(self) -> tuple[Entity, ...]:
        """All entities that stand for a target, in reading order."""
        return tuple(entity for entity in self._entities.values() if entity.key is not None)

    def _read(self, sentence: Sentence) -> None:
        paragraph = sentence.passage.paragraph
        before: Entity | None = None
        for token in sentence.span:
            marked = self._marked.get((id(token.doc), token.i)) if self._marked else None
            if token.lower_ in _FIRST_PERSON or _is_third_person(token):
                entity = self._pronoun(token, paragraph)
                if marked is not None:
                    place = paragraph.start + token.idx
                    entity = entity or Entity(None, "other", token, place, place + len(token), "marked")
                    entity = replace(entity, key=marked)
                    self._centers[_PRONOUN_CLASS.get(token.lower_, "I")] = entity
            elif _is_noun(token) or marked is not None:
                entity = self._noun(token, sentence)
                if marked is not None:
                    entity = replace(entity, key=marked, how="marked")
                if before is not None and _same_thing(before.head, token):
                    entity = self._rename(before, entity)
                before = entity
                self._center(entity)
            else:
                continue
            if entity is not None:
                self._entities[id(token.doc), token.i] = entity

    def _noun(self, token: Token, sentence: Sentence) -> Entity:
        paragraph = sentence.passage.paragraph
        start, end = phrase(token)
        start, end = paragraph.start + start, paragraph.start + end
        inner = _of_what(token)
        if inner is not None and self._targets is not None and self._key(inner)[0] is not None:
            return Entity(self._key(inner)[0], "other", token, start, end, "light noun")
        if "it" in self._centers and _points_back(token):
            return _again(self._centers["it"], token, start, end, "demonstrative")
        if self._is_author(token, paragraph):
            key = self._person_key("author")
            return Entity(key or self._key(token)[0], "author", token, start, end, "name")
        key, told_by = self._key(inner or token)
        return Entity(key, "other", token, start, end, "noun", told_by=told_by)

    def _pronoun(self, token: Token, paragraph: Paragraph) -> Entity | None:
        start, end = paragraph.start + token.idx, paragraph.start + token.idx + len(token)
        if token.lower_ in _FIRST_PERSON:
            plural = token.lower_ in {"we", "us", "our", "ours", "ourselves"}
            key = None if plural else self._person_key(paragraph.speaker)
            return Entity(key, paragraph.speaker, token, start, end, "first person")
        kind = _PRONOUN_CLASS[token.lower_]
        center = self._centers.get(kind)
        if center is not None:
            return _again(center, token, start, end, "pronoun")
        if kind == "he" and paragraph.speaker == "reader" and self._coreference:
            # A reader who says "she" and has named nobody speaks of whom they have read.
            return Entity(self._person_key("author"), "author", token, start, end, "the author, by default")
        return None

    def _center(self, entity: Entity) -> None:
        """A subject becomes what its kind of pronoun stands for; another noun only where there is nothing yet."""
        token = entity.head
        if not self._coreference or token.dep_ in {"attr", "acomp", "oprd"}:
            return  # what is said of a subject is no second thing beside it
        kinds = []
        if token.tag_ in {"NNS", "NNPS"} or token.lower_ == "people" or _is_joined(token):
            kinds.append("they")
        elif entity.who == "author" or is_person(token):
            kinds += ["he"]
        else:
            kinds.append("it")
        for kind in kinds:
            if kind not in self._centers or (
                token.dep_ in _SUBJECTS and not any(up.dep_ == "relcl" for up in (token, *token.ancestors))
            ):
                self._centers[kind] = entity

    def _rename(self, before: Entity, entity: Entity) -> Entity:
        """Two phrases for one thing: whichever is a target tells what both are."""
        key = before.key if self._targets is None or entity.key is None else entity.key
        who = before.who if entity.who == "other" else entity.who
        merged = replace(before, key=key, who=who)
        self._entities[id(before.head.doc), before.head.i] = merged
        for kind, center in self._centers.items():
            if center == before:
                self._centers[kind] = merged
        return replace(entity, key=key, who=who, link=(before.start, before.end))

    def _key(self, token: Token) -> tuple[str | None, frozenset[int]]:
        """The target that a noun names, and the tokens that told it.

        It is the description with most of its restrictors there, the first among equals.
        """
        if self._targets is None:
            name = discovered_name(token)
            clauses = (child for child in token.children if child.dep_ == "relcl")
            return name, frozenset(
                part.i for child in clauses for part in child.subtree
            ) if " who " in name else frozenset()
        best: tuple[int, str | None, frozenset[int]] = (0, None, frozenset())
        forms = {token.lemma_.lower(), token.lower_}
        restrictors: dict[str, Token] | None = None
        for target in self._targets:
            for description in target.descriptions:
                if forms.isdisjoint(description.heads):
                    continue
                told: frozenset[int] = frozenset()
                hits = 1
                if description.restrictors:
                    if restrictors is None:
                        restrictors = self._restrictors(token)
                    there = restrictors.keys() & description.restrictors
                    if not there:
                        continue
                    hits += len(there)
                    told = frozenset(part.i for word in there for part in restrictors[word].subtree)
                if hits > best[0]:
                    best = (hits, target.name, told)
        return best[1], best[2]

    def _restrictors(self, token: Token) -> dict[str, Token]:
        """The lemmas in what restricts a noun, with the head of the phrase that each is in.

        Left out are those that are denied ("people who don't care").
        """
        words: dict[str, Token] = {}
        for child in token.children:
            if child.dep_ in {"det", "punct", "cc", "conj", "appos", "case"}:
                continue
            for word in child.subtree:
                if word.is_punct or word.pos_ in {"DET", "ADP", "AUX", "PART", "CCONJ", "SCONJ"}:
                    continue
                if not any(c.dep_ == "neg" for c in (*word.children, *word.head.children)):
                    words |= {word.lemma_.lower(): child, word.lower_: child}
        return words

    def _person_key(self, who: str) -> str | None:
        """The target that stands for the reader or the author as a person."""
        if self._targets is None:
            return who
        for target in self._targets:
            if any(who in description.heads for description in target.descriptions):
                return target.name
        return None

    def _is_author(self, token: Token, paragraph: Paragraph) -> bool:
        if token.pos_ == "PROPN":
            name = token.lower_
            return bool(difflib.get_close_matches(name, self._authors, n=1, cutoff=_ALIKE if len(name) > 5 else 1.0))
        return (
            paragraph.speaker == "reader"
            and token.lemma_.lower() in {"author", "writer", "essayist", "columnist"}
            and any(child.lower_ in {"the", "this"} for child in token.children)
        )


def _again(entity: Entity, token: Token, start: int, end: int, how: str) -> Entity:
    """The same thing, spoken of again."""
    return Entity(entity.key, entity.who, token, start, end, how, link=(entity.start, entity.end))


def _marked(sentences: Sequence[Sentence], targets: Sequence[Target]) -> dict[tuple[int, int], str]:
    """The tokens that head a mention marked by hand, and what they stand for."""
    found: dict[tuple[int, int], str] = {}
    spans = [(name, start, end, target.name) for target in targets for name, start, end in target.spans]
    if not spans:
        return found
    for sentence in sentences:
        passage = sentence.passage
        for name, start, end, target in spans:
            if name == passage.source.name and start < sentence.end and sentence.start < end:
                base = passage.paragraph.start
                inside = passage.doc.char_span(
                    max(start, sentence.start) - base, min(end, sentence.end) - base, alignment_mode="expand"
                )
                if inside is not None:
                    found.setdefault((id(passage.doc), inside.root.i), target)
    return found


def author_names(source: Source, paragraphs: Sequence[Paragraph]) -> frozenset[str]:
    """The words of the author's name, from a byline or from "an essay by ...", in small letters.

    Examples:
        >>> from analysis.voices import find_voices
        >>> source = Source.from_text("I read an article by Ann Baker about bread.")
        >>> sorted(author_names(source, find_voices(source)))
        ['ann', 'baker']
    """
    names: set[str] = set()
    for paragraph in paragraphs:
        text = source.text[paragraph.start : paragraph.end]
        if paragraph.role == "byline":
            found = re.findall(r"[A-Z][\w’'-]+", text)
            names |= {name.lower() for name in found if name.lower() not in {"by", "written"}}
        elif paragraph.speaker == "reader":
            work = r"(?:essay|article|post|piece|column|book|review|text|talk)"
            name = r"((?:[A-Z][\w’'-]+\s?){1,3})"
            for match in re.finditer(rf"\b{work}\b[^.!?]{{0,60}}?\bby {name}|\b{name}(?<!\s)['’]s {work}\b", text):
                names |= {part.lower() for part in (match[1] or match[2]).split()}
    return frozenset(name for name in names if len(name) > 1)


def phrase(token: Token) -> tuple[int, int]:
    """The whole phrase that a word heads, in characters of its `Doc`, without outer punctuation."""
    span: Span = token.doc[token.left_edge.i : token.right_edge.i + 1]
    start, end = span.start, span.end
    while end - 1 > token.i and (token.doc[end - 1].is_punct or token.doc[end - 1].is_space):
        end -= 1
    while start < token.i and (token.doc[start].is_punct or token.doc[start].is_space):
        start += 1
    trimmed = token.doc[start:end]
    return trimmed.start_char, trimmed.end_char


def discovered_name(token: Token) -> str:
    """A name for a noun that no target list knows: its lemma, a full proper name, or a person with what they do.

    Examples:
        >>> from analysis.parsing import load_model
        >>> doc = load_model()("Ann Baker dislikes people who shout.")
        >>> discovered_name(doc[1]), discovered_name(doc[3])
        ('Ann Baker', 'people who shout')
    """
    if token.pos_ == "PROPN":
        return " ".join(t.text for t in token.subtree if t.pos_ == "PROPN" and t.dep_ in {"compound", token.dep_})
    # A gerund is named by its form: the lemma of "gardening" depends on whether the tagger sees a verb in it.
    lemma = token.lower_ if token.tag_ == "VBG" else token.lemma_.lower()
    clause = next((child for child in token.children if child.dep_ == "relcl"), None)
    if lemma in _ANYBODY and clause is not None:
        what = next((f" {child.lower_}" for child in clause.children if child.dep_ == "dobj"), "")
        return f"{token.lower_} who {clause.lemma_}{what}"
    return lemma


def is_person(token: Token) -> bool:
    """Whether a word can stand for somebody who acts: a name, a personal pronoun, or a noun for persons."""
    if token.pos_ == "PROPN" or token.lower_ in _FIRST_PERSON or token.lower_ in {"who", "you"}:
        return True
    if token.pos_ == "PRON":
        return _PRONOUN_CLASS.get(token.lower_) in {"he", "they"}
    lemma = token.lemma_.lower()
    return token.pos_ == "NOUN" and (lemma in PERSONS or lemma.endswith(_PERSON_ENDINGS))


@dataclass(frozen=True)
class Forms:
    """The forms in which discovered targets stand in a text: what they are to be called is told by all texts together.

    Attributes:
        nouns: How often each form of a noun stands there, by the target's name.
        names: For names of one word, whether they only ever begin sentences.
    """

    nouns: Mapping[str, Mapping[str, int]]
    names: Mapping[str, bool]

    @classmethod
    def of(cls, entities: Iterable[Entity]) -> Forms:
        """The forms among the mentions of one text, in reading order."""
        nouns: dict[str, Counter[str]] = {}
        names: dict[str, bool] = {}
        for entity in entities:
            if entity.how not in {"noun", "light noun"} or entity.key is None:
                continue
            if entity.head.pos_ != "PROPN" and entity.key in {entity.head.lemma_.lower(), entity.head.lower_}:
                nouns.setdefault(entity.key, Counter())[entity.head.lower_] += 1
            elif entity.head.pos_ == "PROPN" and entity.key == entity.head.text:
                names[entity.key] = names.get(entity.key, True) and bool(entity.head.is_sent_start)
        return cls(nouns, names)

    def called(self, earlier: Forms | None = None, before: Mapping[str, str] | None = None) -> dict[str, str]:
        """What to call each discovered target: its nouns' commonest form, the first among equals.

        A capital at the beginning of a sentence says nothing: what is taken for a name only there, and is a noun
        elsewhere, is that noun. Names of persons, and of those told by what they do, stay as they are.

        Args:
            earlier: The forms of a text that was read before this one, which count as well.
            before: What its targets are called by themselves, `earlier.called()`.
        """
        first = earlier or Forms({}, {})
        called = dict(before or {})
        for key, counts in self.nouns.items():
            together = Counter(first.nouns.get(key, {}))
            together.update(counts)
            called[key] = together.most_common(1)[0][0]
        for name in {**first.names, **self.names}:
            begins = first.names.get(name, True) and self.names.get(name, True)
            key = self._keys.get(name.lower(), first._keys.get(name.lower(), ""))
            if begins and key:
                called[name] = called[key]
            elif not begins and name not in self.nouns and name not in first.nouns:
                called.pop(name, None)  # an earlier text took it for that noun
        return called

    @functools.cached_property
    def _keys(self) -> dict[str, str]:
        """The name of the target that each form of a noun stands for."""
        return {form: key for key, counts in self.nouns.items() for form in (key, *counts)}


def mentions_table(source: Source, entities: Sequence[Entity], sentences: Sequence[Sentence]) -> pd.DataFrame:
    """One row a mention of a target: where, how it was told, and the antecedent's words where there is one."""
    columns = ["source", "sentence", "start", "end", "text", "target", "how", "link_start", "link_end", "link_text"]
    numbers = {(id(s.span.doc), token.i): s.number for s in sentences for token in s.span}
    rows = []
    for entity in entities:
        link = entity.link
        rows.append(
            (
                source.name,
                numbers[id(entity.head.doc), entity.head.i],
                entity.start,
                entity.end,
                source.text[entity.start : entity.end],
                entity.key,
                entity.how,
                link[0] if link else None,
                link[1] if link else None,
                source.text[link[0] : link[1]] if link else "",
            )
        )
    return pd.DataFrame(rows, columns=columns).astype({"link_start": "Int64", "link_end": "Int64"})


def _is_noun(token: Token) -> bool:
    """Nouns that stand for something, gerunds among them; not the first half of a compound."""
    if token.dep_ in {"compound", "nmod", "amod"}:
        return False
    if token.pos_ in {"NOUN", "PROPN"}:
        return True
    return token.tag_ == "VBG" and token.dep_ in {"nsubj", "nsubjpass", "dobj", "pobj", "pcomp", "csubj", "xcomp"}


def _is_third_person(token: Token) -> bool:
    return token.pos_ == "PRON" and token.lower_ in _PRONOUN_CLASS


def _of_what(token: Token) -> Token | None:
    """The noun in "the idea of NOUN", through several such if need be."""
    if token.lemma_.lower() not in LIGHT_NOUNS:
        return None
    for child in token.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            inner = next((c for c in child.children if c.dep_ in {"pobj", "pcomp"}), None)
            if inner is not None:
                return _of_what(inner) or inner
    return None


def _points_back(token: Token) -> bool:
    """Whether a noun only says "what we spoke of": this idea, that whole concept, the whole thing."""
    if token.lemma_.lower() not in _POINTING_NOUNS or token.tag_ != "NN" or token.dep_ == "attr":
        return False
    words = {child.lower_ for child in token.children}
    return not any(child.i > token.i and not child.is_punct for child in token.children) and bool(
        words & {"this", "that"} or {"the", "whole"} <= words
    )


def _same_thing(before: Token, token: Token) -> bool:
    """Apposition, as the parse says it, or two phrases side by side with the same demonstrative."""
    if token.dep_ == "appos" and token.head.i == before.i:
        return True
    doc: Doc = token.doc
    left = token.left_edge.i
    if left < 2 or doc[left - 1].text != "," or before.right_edge.i > left - 1 or before.i > left - 2:
        return False
    pointing = {"this", "that", "these", "those"}
    mine = {child.lower_ for child in token.children} & pointing
    return bool(mine & {child.lower_ for child in before.children}) and token.dep_ != "conj"


def _is_joined(token: Token) -> bool:
    return any(child.dep_ == "conj" for child in token.children) and token.dep_ in _SUBJECTS
