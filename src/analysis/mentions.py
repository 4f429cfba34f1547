"""Says what each noun phrase and pronoun stands for: a target, a person who speaks, or something else.

Whether anybody judges it is not asked here. Mentions are found by the parse (`analysis.candidates`), put together
(`analysis.linking`), and then named: by the table of targets, or, where there is none, by what they are called most
often (`analysis.target_names`). With a table, a target's mentions are those that it describes and all that stand for
the same thing.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd
from spacy.tokens import Token

from analysis.candidates import Candidate, candidates
from analysis.cleaning import Source
from analysis.lexicon import Lexicon, Target
from analysis.linking import Linker, Thing, Weights, load_weights
from analysis.parsing import Passage, Sentence
from analysis.target_names import Descriptions, Forms, Naming, author_names, is_author, name_things

__all__ = [
    "UNREAD",
    "Entity",
    "Forms",
    "References",
    "author_names",
    "mentions_table",
]

# Lines in which nobody says anything.
UNREAD = frozenset({"byline", "header", "label", "note", "number", "reference", "ruler", "salutation", "signature"})

_RELATIVE = frozenset("who that which whom".split())
_THIRD_PERSON = frozenset(
    "it its itself they them their theirs themselves he him his himself she her hers herself".split()
)
_BEFORE_SUBJECT = frozenset({"CCONJ", "SCONJ", "ADV"})
_OF_SPEAKER = frozenset({"I", "we"})
_TOLD_BY_THEMSELVES = frozenset({"name", "marked", "first person", "light noun"})


@dataclass(frozen=True)
class Entity:
    """What a noun or pronoun stands for.

    `key` is the target's name, or None where it stands for no target or has no name; `who` is `reader`, `author` or
    `other`; `start:end` are characters of the cleaned text; `link` is the span of the antecedent where there is one;
    `told_by` are the tokens by which a target was told, which are then no opinion about it: "people who care" is a
    name; `form` are the words that name it there, empty where none do; `thing` is the same number for all mentions of
    the text that stand for one thing.
    """

    key: str | None
    who: str
    head: Token
    start: int
    end: int
    how: str
    link: tuple[int, int] | None = None
    told_by: frozenset[int] = frozenset()
    form: str = ""
    thing: int = -1


@dataclass(slots=True, eq=False)
class _Read:
    """A mention that has been read; `before` is the noun that named its thing last."""

    mention: Candidate
    thing: Thing
    how: str
    before: Candidate | None
    told_by: frozenset[int]
    speaker: str


class _Voice:
    """What one speaker has spoken of."""

    def __init__(self, speaker: str, weights: Weights) -> None:
        self.speaker = speaker
        self.linker = Linker(weights.best)
        self._known: dict[tuple[str, str], Thing] = {}

    def known(self, sort: str, name: str, mention: Candidate) -> Thing:
        """The one thing of a sort (target, person, noun) with such a name; it begins with this mention if need be."""
        thing = self._known.get((sort, name))
        if thing is None:
            thing = self._known[sort, name] = Thing.of(mention, self.linker.read)
        return thing.itself()

    def of_key(self, key: str, mention: Candidate) -> Thing:
        """What stands for a target."""
        thing = self.known("target", key, mention)
        thing.key = key
        return thing

    def person(self, who: str, key: str | None, mention: Candidate) -> Thing:
        """The reader or the author."""
        thing = self.known("target", key, mention) if key else self.known("person", who, mention)
        thing.key, thing.who = key, who
        return thing


class References:
    """What each noun and pronoun of a text stands for.

    Args:
        sentences: All sentences of the texts, in reading order.
        targets: What to look for; None to name everything by itself.
        authors: Words of the author's name.
        lexicon: The lists.
        coreference: Whether pronouns and other words stand for what was named before; switched off only to see what
            depends on it.
        weights: By which mentions are linked; those of the package if None.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        targets: Sequence[Target] | None,
        authors: frozenset[str],
        lexicon: Lexicon,
        *,
        coreference: bool = True,
        weights: Weights | None = None,
    ) -> None:
        self.looked_for = targets is not None
        self._descriptions = Descriptions(targets or ())
        self._marked = _marked(sentences, targets or ())
        self._authors = authors
        self._coreference = coreference
        self._weights = weights or load_weights()
        self._voices: dict[str, _Voice] = {}
        self._entities: dict[tuple[int, int], Entity] = {}
        told = [sentence for sentence in sentences if sentence.passage.paragraph.role not in UNREAD]
        paragraphs = [list(own) for _, own in itertools.groupby(told, key=lambda one: id(one.passage))]
        read = [(own, list(self._read(own[0].passage, own))) for own in paragraphs]
        self._name([one for _, found in read for one in found])
        self._carried = (
            tuple(entity for own, found in read for entity in self._carry(own, found)) if coreference else ()
        )

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

    def carried_over(self) -> tuple[Entity, ...]:
        """For each sentence without noun and pronoun ("Hopeless, really."), what the sentence before is about.

        The mention is then all that the sentence says, and `how` is "carried over".
        """
        return self._carried

    def _read(self, passage: Passage, sentences: Sequence[Sentence]) -> Iterator[_Read]:
        speaker = passage.paragraph.speaker
        voice = self._voices.setdefault(speaker, _Voice(speaker, self._weights))
        marked = self._marked.get(id(passage.doc), {})
        found = _numbered(passage, sentences, marked)
        # A paragraph that opens with a pronoun goes on where the same speaker stopped.
        first = next((t for t in sentences[0].span if not t.is_punct and t.pos_ not in _BEFORE_SUBJECT), None)
        goes_on = first is not None and first.pos_ == "PRON" and first.lower_ in _THIRD_PERSON
        voice.linker.open_paragraph(found, goes_on=goes_on)
        for mention in found:
            yield self._place(mention, voice, marked[mention.i][0] if mention.i in marked else "")

    def _place(self, mention: Candidate, voice: _Voice, marked: str) -> _Read:
        """Say what a mention stands for: first what is sure, then what is likely."""
        fixed, how, told_by = self._fixed(mention, voice)
        if marked:
            fixed, how, told_by = voice.of_key(marked, mention), "marked", frozenset()
        elif fixed is None and not self._coreference:
            fixed = Thing.of(mention) if mention.pronoun else voice.known("noun", mention.head, mention)
        thing = voice.linker.add(mention, fixed)
        alone = len(thing.mentions) == 1 and self._coreference
        if alone and how == "pronoun" and mention.sort == "he" and voice.speaker == "reader":
            # A reader who says "she" and has named nobody speaks of whom they have read.
            thing.who, thing.key, how = "author", self._person("author"), "the author, by default"
        before = thing.noun if mention.pronoun else thing.noun_before
        if how == "noun" and before is not None:
            if before.head != mention.head and before.names.isdisjoint(mention.names):
                how = "other words"
            else:
                before = None
        if how in _TOLD_BY_THEMSELVES:
            before = None
        return _Read(mention, thing, how, before, told_by, voice.speaker)

    def _fixed(self, mention: Candidate, voice: _Voice) -> tuple[Thing | None, str, frozenset[int]]:
        """What a mention stands for by its own words, how that is told, and the tokens that told it."""
        nothing: frozenset[int] = frozenset()
        if mention.sort == "I":
            return voice.person(voice.speaker, self._person(voice.speaker), mention), "first person", nothing
        if mention.pronoun:
            return None, "pronoun", nothing
        how = "light noun" if mention.inner >= 0 else "demonstrative" if mention.sort == "this" else "noun"
        inner = mention.doc[mention.inner] if mention.inner >= 0 else None
        if self.looked_for:
            key, told_by, more = self._descriptions.told(inner or mention.token)
            mention.elsewhere = more and (bool(mention.restricted) or mention.sort in {"a", "some", "bare"})
            if is_author(mention, voice.speaker, self._authors):
                key = self._person("author") or key
                return voice.person("author", key, mention), "name", nothing
            if key is not None:
                return voice.of_key(key, mention), how, told_by
        elif is_author(mention, voice.speaker, self._authors):
            return voice.person("author", "author", mention), "name", nothing
        if inner is not None:
            mention.head = inner.lower_ if inner.tag_ == "VBG" else inner.lemma_.lower()
        return None, how, nothing

    def _person(self, who: str) -> str | None:
        """The key of the reader or the author as a person."""
        return self._descriptions.person(who) if self.looked_for else who

    def _name(self, read: Sequence[_Read]) -> None:
        """Make entities of what has been read, with the names of what they stand for."""
        things: dict[int, Thing] = {}
        numbers: dict[int, int] = {}
        for one in read:
            thing = one.thing.itself()
            things[numbers.setdefault(id(thing), len(numbers))] = thing
        names: dict[int, Naming] = {}
        if not self.looked_for:
            unnamed = {number: thing.mentions for number, thing in things.items() if thing.key is None}
            names = name_things(unnamed)
        for one in read:
            mention = one.mention
            number = numbers[id(one.thing.itself())]
            thing = things[number]
            key, form = thing.key, ""
            if number in names:
                key = names[number].key
                form = names[number].forms.get(id(mention), "")
            start, end = self._marked.get(id(mention.doc), {}).get(mention.i, ("", *mention.span))[1:]
            who = one.speaker if mention.sort in _OF_SPEAKER else thing.who
            link = one.before.span if one.before is not None else None
            self._entities[id(mention.doc), mention.i] = Entity(
                key, who, mention.token, start, end, one.how, link, one.told_by, form, number
            )

    def _carry(self, sentences: Sequence[Sentence], read: Sequence[_Read]) -> Iterator[Entity]:
        """What sentences without noun and pronoun are about: what the one before is about, its subject first."""
        about: dict[int, Candidate] = {}
        for one in read:
            known = about.get(one.mention.sentence)
            if known is None or (known.role != 0 and one.mention.role == 0):
                about[one.mention.sentence] = one.mention
        for number, sentence in enumerate(sentences):
            if number in about or number - 1 not in about or not any(t.is_alpha for t in sentence.span):
                continue
            about[number] = about[number - 1]
            entity = self._entities[id(about[number].doc), about[number].i]
            first, last = sentence.span[0], sentence.span[-1]
            while last.i > first.i and last.is_punct:
                last = last.nbor(-1)
            base = sentence.passage.paragraph.start
            start, end = base + first.idx, base + last.idx + len(last)
            yield replace(
                entity,
                head=sentence.span.root,
                start=start,
                end=end,
                how="carried over",
                link=(entity.start, entity.end),
                told_by=frozenset(),
                form="",
            )


def _numbered(passage: Passage, sentences: Sequence[Sentence], marked: Container[int]) -> list[Candidate]:
    """The candidates of a paragraph that lie in its sentences, with the sentences' numbers."""
    found, at = [], 0
    ends = [sentence.span.end for sentence in sentences]
    for mention in candidates(passage.doc, marked):
        while at < len(ends) - 1 and mention.i >= ends[at]:
            at += 1
        mention.sentence, mention.base = at, passage.paragraph.start
        found.append(mention)
    return found


def _marked(sentences: Sequence[Sentence], targets: Sequence[Target]) -> dict[int, dict[int, tuple[str, int, int]]]:
    """The tokens, by `Doc`, that head a mention whose place was given: what they stand for, from where to where."""
    found: dict[int, dict[int, tuple[str, int, int]]] = {}
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
                    found.setdefault(id(passage.doc), {}).setdefault(inside.root.i, (target, start, end))
    return found


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
