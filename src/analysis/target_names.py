"""What targets are called: which words name a target that is looked for, and how one that is discovered is named."""

from __future__ import annotations

import difflib
import functools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from spacy.tokens import Token

from analysis.candidates import LIGHT_NOUNS, Candidate
from analysis.cleaning import Source
from analysis.lexicon import Target
from analysis.voices import Paragraph

# Whoever these are is said only by what restricts them.
_ANYBODY = frozenset("people person one someone somebody anyone everyone those folk".split())
# What holds for a whole text has no name in these words alone: "the thing" is called what else it is called.
_NAMELESS = LIGHT_NOUNS | frozenset(
    "thing stuff matter affair time moment day way list lot bit part end case point fact reason example instance number"
    " rest half side hand place one other another former latter first second third man woman".split()
)
_NAMELESS_ALONE = frozenset("man woman place".split())  # named by what restricts them only where there is no other name

# A name in a text is written wrong now and then; one letter in seven is.
_ALIKE = 0.85
_SHORTEST_MISSPELT = 5


class Described(Protocol):
    """A mention, as far as its forms are told of."""

    @property
    def key(self) -> str | None:
        """The target's name."""

    @property
    def how(self) -> str:
        """How the target was told."""

    @property
    def head(self) -> Token:
        """Its head."""

    @property
    def form(self) -> str:
        """The words that name it, as they stand in the text."""


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


def is_author(mention: Candidate, speaker: str, authors: frozenset[str]) -> bool:
    """Whether a noun is the author's name, which may be misspelt, or "the author" in a reader's mouth."""
    if mention.proper:
        name = mention.head
        cutoff = _ALIKE if len(name) > _SHORTEST_MISSPELT else 1.0
        return bool(authors) and bool(difflib.get_close_matches(name, authors, n=1, cutoff=cutoff))
    return (
        speaker == "reader"
        and mention.head in {"author", "writer", "essayist", "columnist"}
        and mention.sort in {"the", "this"}
    )


class Descriptions:
    """The targets that are looked for, by the nouns that may name them."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._by_head: dict[str, list[tuple[str, frozenset[str]]]] = {}
        self._persons: dict[str, str] = {}
        for target in targets:
            for description in target.descriptions:
                for head in sorted(description.heads):
                    self._by_head.setdefault(head, []).append((target.name, description.restrictors))
                    if head in {"author", "reader"}:
                        self._persons.setdefault(head, target.name)

    def person(self, who: str) -> str | None:
        """The target that stands for the reader or the author as a person."""
        return self._persons.get(who)

    def told(self, token: Token) -> tuple[str | None, frozenset[int], bool]:
        """The target that a noun names, the tokens that told it, and whether it takes more words than there are.

        It is the description with most of its restrictors there, the first among equals.
        """
        named = {token.lemma_.lower(), token.lower_} & self._by_head.keys()
        best: tuple[int, str | None, frozenset[int]] = (0, None, frozenset())
        if not named:
            return None, best[2], False
        restrictors = _restrictors(token)
        for head in sorted(named):
            for name, wanted in self._by_head[head]:
                there = restrictors.keys() & wanted
                if wanted and not there:
                    continue
                if 1 + len(there) > best[0]:
                    told = frozenset(part.i for word in there for part in restrictors[word].subtree)
                    best = (1 + len(there), name, told)
        return best[1], best[2], best[1] is None


def _restrictors(token: Token) -> dict[str, Token]:
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
            if not any(_denies(other) for other in (*word.children, *word.head.children) if other.i != word.i):
                words |= {word.lemma_.lower(): child, word.lower_: child}
    return words


def _denies(token: Token) -> bool:
    return token.dep_ == "neg" or token.lower_ in {"never", "no", "nothing", "hardly", "barely"}


@dataclass(frozen=True)
class Name:
    """What a noun calls its thing: `key` in the dictionary's form, `form` as it stands there."""

    key: str
    form: str
    restricted: bool = False
    nameless: bool = False


def discovered_name(mention: Candidate) -> Name:
    """A name for a noun that no list knows: its lemma, a compound, a full proper name, or a person with what they do.

    Examples:
        >>> from analysis.candidates import candidates
        >>> from analysis.parsing import load_model
        >>> doc = load_model()("Ann Baker dislikes waiting lists and people who shout.")
        >>> [discovered_name(mention).key for mention in candidates(doc)]
        ['Ann Baker', 'waiting list', 'people who shout']
    """
    token = mention.token
    if mention.proper:
        parts = [mention.doc[i] for i in mention.before if mention.doc[i].pos_ == "PROPN"]
        name = " ".join(part.text for part in (*parts, token))
        return Name(name, name, restricted=bool(parts))
    if mention.clause and mention.head in _ANYBODY:
        doing = _doing(next(child for child in token.children if child.dep_ == "relcl"))
        name = f"{token.lower_} who {doing}"
        return Name(name, name, restricted=True)
    before = [mention.doc[i] for i in mention.before if mention.doc[i].dep_ == "compound"]
    first = " ".join(part.text if part.pos_ == "PROPN" else part.lower_ for part in before)
    blank = f"{first} " if first else ""
    nameless = mention.head in _NAMELESS and not before
    return Name(f"{blank}{mention.head}", f"{blank}{token.lower_}", bool(before), nameless)


def _doing(verb: Token) -> str:
    """What somebody does, in few words: "never pay", "want something", "try to get benefit"."""
    words = [verb.lemma_]
    for child in verb.children:
        if child.dep_ == "neg":
            words.insert(0, "never" if child.lower_ == "never" else "do not")
        elif child.dep_ == "dobj":
            words.append(child.lower_)
        elif child.dep_ == "xcomp" and child.tag_ == "VB":
            words.append(f"to {_doing(child)}")
    return " ".join(words)


def best_name(mentions: Sequence[Candidate]) -> Name | None:
    """What a thing is called by those who mention it: its commonest full name, the first among equals.

    Of a restricted name and its bare noun the restricted one is the full name, if it came first or as often. None
    where nothing but pronouns and words like "thing" stand for it.
    """
    names = [discovered_name(mention) for mention in mentions if not mention.pronoun]
    names = [name for name in names if not name.nameless]
    if not names:
        return None
    if len(names) == 1:
        return names[0]
    counts = Counter(name.key for name in names)
    firsts = {name.key: place for place, name in reversed(list(enumerate(names)))}
    full = [name for name in names if name.restricted]
    if full:
        best = min(full, key=lambda name: (-counts[name.key], firsts[name.key]))
        bare = [name for name in names if not name.restricted]
        told = sum(counts[key] for key in {name.key for name in full})
        if names[0].restricted or told >= len(bare):
            return best
        names = bare
    return min(names, key=lambda name: (-counts[name.key], firsts[name.key]))


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
    def of(cls, entities: Iterable[Described]) -> Forms:
        """The forms among the mentions of one text, in reading order."""
        nouns: dict[str, Counter[str]] = {}
        names: dict[str, bool] = {}
        for entity in entities:
            if not entity.form or entity.key is None:
                continue
            if entity.head.pos_ != "PROPN":
                nouns.setdefault(entity.key, Counter())[entity.form] += 1
            elif entity.key == entity.head.text:
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
