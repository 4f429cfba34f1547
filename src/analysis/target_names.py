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
# Words that name nothing by themselves: "the thing" is called what else it is called.
_NAMELESS = LIGHT_NOUNS | frozenset(
    "thing stuff matter affair time moment day way list lot bit part end case point fact reason example instance number"
    " rest half side hand one other another former latter first second third".split()
)
# Words that name something only where nothing else does.
_WEAK = frozenset("man woman person fellow place company firm people lady gentleman".split())

_UNTOLD = _NAMELESS | _WEAK

# A name in a text is written wrong now and then; one letter in seven is.
_ALIKE = 0.85
_SHORTEST_MISSPELT = 5
# Mentions of one thing among which the same adjective is looked for.
_MOST_COMPARED = 20


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
    """What a noun calls its thing: `key` in the dictionary's form, `form` as it stands there.

    `bare` is the key without what restricts it, `rank` how well it names: 2 a full name, 1 a bare one, 0 a weak one,
    and -1 for words that name nothing.
    """

    key: str
    form: str
    bare: str
    rank: int = 1
    initial: bool = False


@dataclass(frozen=True)
class Naming:
    """The name of a thing, None where it has none, and the forms in which mentions give it, by their `id`."""

    key: str | None
    forms: Mapping[int, str]


_NO_NAME = Naming(None, {})


def discovered_name(mention: Candidate, *, described: bool = False) -> Name:
    """A name for a noun that no list knows: its lemma, a compound, a full proper name, or a person with what they do.

    Args:
        mention: A noun.
        described: Whether adjectives belong to the name.

    Examples:
        >>> from analysis.candidates import candidates
        >>> from analysis.parsing import load_model
        >>> doc = load_model()("Ann Baker dislikes waiting lists and people who shout.")
        >>> [discovered_name(mention).key for mention in candidates(doc)]
        ['Ann Baker', 'waiting list', 'people who shout']
    """
    if not mention.before and not mention.clause:  # most
        text = mention.token.text
        if mention.proper:
            return Name(text, text, text, initial=mention.initial)
        rank = -1 if mention.head in _NAMELESS else 0 if mention.head in _WEAK else 1
        return Name(mention.head, text.lower(), mention.head, rank)
    token = mention.token
    if mention.proper:
        name = " ".join(mention.doc[i].text for i in (*mention.before, mention.i) if mention.doc[i].pos_ == "PROPN")
        return Name(name, name, name, 2 if " " in name else 1, initial=mention.initial)
    if mention.clause and mention.head in _ANYBODY:
        name = f"{token.lower_} who {_doing(next(child for child in token.children if child.dep_ == 'relcl'))}"
        return Name(name, name, name, 2)
    before = [mention.doc[i] for i in mention.before if described or mention.doc[i].dep_ == "compound"]
    first = "".join(f"{part.text if part.pos_ == 'PROPN' else part.lower_} " for part in before)
    rank = 2 if before else -1 if mention.head in _NAMELESS else 0 if mention.head in _WEAK else 1
    return Name(f"{first}{mention.head}", f"{first}{token.lower_}", mention.head, rank)


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


def name_things(things: Mapping[int, Sequence[Candidate]]) -> dict[int, Naming]:
    """Name the things of a text by what they are called there.

    The name is the commonest full one ("self-service tills" rather than "the tills"), the first among equals. The key
    is its noun alone, so that other texts which speak of "tills" speak of the same; it is the full name where nothing
    less tells the thing from another one.
    """
    nouns = {number: [mention for mention in mentions if not mention.pronoun] for number, mentions in things.items()}
    alike = Counter(head for mentions in nouns.values() for head in {mention.head for mention in mentions})
    return {number: _naming(mentions, alike) for number, mentions in nouns.items()}


def _naming(mentions: Sequence[Candidate], alike: Mapping[str, int]) -> Naming:
    names = [(mention, _name(mention, mentions, alike)) for mention in mentions]
    best = _best([name for _, name in names]) if len(names) != 1 else names[0][1]
    if best is None or best.rank < 0:
        return _NO_NAME
    key = best.key if best.rank == 2 and (alike[best.bare] > 1 or best.bare in _UNTOLD) else best.bare
    return Naming(key, {id(mention): name.form for mention, name in names if name.key == best.key})


def _name(mention: Candidate, mentions: Sequence[Candidate], alike: Mapping[str, int]) -> Name:
    """The name that a mention gives; with adjectives where they come again, or tell the thing from another one."""
    if mention.proper or not mention.before or mention.clause:
        return discovered_name(mention)
    full = discovered_name(mention, described=True)
    if alike[mention.head] < 2 and not any(
        other is not mention and other.before and discovered_name(other, described=True).key == full.key
        for other in mentions[:_MOST_COMPARED]
    ):
        return discovered_name(mention)
    return full


def _best(names: Sequence[Name]) -> Name | None:
    """The commonest full name, if it came first or as often as the bare ones; else the commonest; the first of equals.

    A capital at the beginning of a sentence makes no name of a noun. None where nothing names the thing.
    """
    nouns = {name.key for name in names if not name.initial}
    names = [name for name in names if name.rank >= 0 and not (name.initial and name.key.lower() in nouns)]
    if not names:
        return None
    counts = Counter(name.key for name in names)
    firsts = {name.key: place for place, name in reversed(list(enumerate(names)))}
    by_rank = [[name for name in names if name.rank == rank] for rank in (2, 1, 0)]
    full, bare = by_rank[0], by_rank[1]
    chosen = full if full and (names[0].rank == 2 or len(full) >= len(bare)) else bare or full or by_rank[2]
    return min(chosen, key=lambda name: (-counts[name.key], firsts[name.key]))


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
        return called | self._taken_up(first, called)

    def _taken_up(self, first: Forms, called: Mapping[str, str]) -> dict[str, str]:
        """What an earlier text spoke of more fully, or less: "the magazines" of a response to "gardening magazines".

        Only where the earlier text has just one thing with that noun.
        """
        found = {}
        for key in self.nouns.keys() - first.nouns.keys():
            noun = key.split()[-1]
            others = [other for other in first.nouns if other.split()[-1] == noun]
            if len(others) == 1 and (key == noun or others[0] == noun):
                found[key] = called[others[0]]
        return found

    @functools.cached_property
    def _keys(self) -> dict[str, str]:
        """The name of the target that each form of a noun stands for."""
        return {form: key for key, counts in self.nouns.items() for form in (key, *counts)}
