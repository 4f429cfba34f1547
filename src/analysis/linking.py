"""Puts together the noun phrases and pronouns of a text that stand for one thing.

Mentions are read from left to right; each joins one of the things spoken of lately or begins a new one (mention against
entity, as in Luo et al. 2004, ACL). What the parse knows for sure is asked first: a man is no "it", and whoever is at
both ends of one verb needs a "himself". What is left is decided by weights, one for each value of each fact, added up.
They were fitted to paragraphs in which people marked what stands for what: see `training/references.py`.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from operator import getitem

from analysis.candidates import Candidate
from analysis.tables import read_csv

# Things that have not been spoken of for longer are found again by their names only.
_RECENT = 30
# Nouns that share no word with what they stand for ("the machines" for the tills) stand near it.
_RECENT_FOR_NOUNS = 8

# Facts of a mention and something that it may stand for, in the order of `_facts`, with how many values each has.
FACTS = {
    "sentences between, by its last role": 30,
    "mentions since": 5,
    "nearer choices": 6,
    "mentions so far": 10,
    "words alike in the paragraph": 5,
    "lives": 36,
    "numbers": 9,
    "roles": 36,
    "last mention": 10,
    "first mention": 10,
    "same verb": 6,
    "gender": 3,
    "speech": 2,
    "subjects": 16,
    "name": 47,
    "restriction": 28,
    "relation": 5,
    "nested": 3,
    "begins the paragraph": 8,
}
# Facts of a mention that begins something new.
NEW_FACTS = {"class and role": 6, "number": 6, "first": 4, "known heads": 4, "restricted": 4, "choice": 6}

_NOTHING: frozenset[str] = frozenset()
_LIVES = {"": 0, "person": 1, "group": 2, "thing": 3, "measure": 4, "doer": 5}
_NUMBERS = {"": 0, "one": 1, "many": 2}
_SORTS = ("name", "the", "this", "a", "some", "own", "bare")
_SORT_PLACES = {sort: place for place, sort in enumerate(_SORTS)}
# Nouns that can stand for nearly anything of their kind, said before in other words.
_GENERIC = frozenset(
    "thing stuff matter affair business concept idea notion practice place man woman fellow person people lot crowd"
    " creature animal beast machine device contraption system scheme plan arrangement institution body outfit company"
    " firm product kind sort gentleman lady boy girl child book text work piece whole latter former practice habit"
    " custom building rule one".split()
)


@dataclass(slots=True, eq=False)
class Thing:
    """What some mentions stand for, as far as they have been read."""

    number: str
    life: str
    gender: str
    first: Candidate
    last: Candidate
    at: int  # how many mentions had been read at its last one
    mentions: list[Candidate] = field(default_factory=list)
    heads: frozenset[str] = _NOTHING
    names: frozenset[str] = _NOTHING
    restricted: frozenset[str] = _NOTHING
    bare: bool = False
    proper: bool = False
    kinds: frozenset[str] = _NOTHING
    subject_at: int = -9  # the last sentence of which it was the subject
    key: str | None = None
    who: str = "other"
    noun: Candidate | None = None  # the last noun among its mentions
    noun_before: Candidate | None = None  # and the one before that
    same: Thing | None = None  # the thing that this one turned out to be
    gold: str | None = None  # what it stands for, in training

    @classmethod
    def of(cls, mention: Candidate, read: int = 0) -> Thing:
        """A new thing, before its first mention is counted."""
        return cls(mention.number, mention.life, mention.gender, mention, mention, read)

    def itself(self) -> Thing:
        """The thing that it is, whatever it was taken for first."""
        thing = self
        while thing.same is not None:
            thing = thing.same
        return thing


# A choice: the things that a mention may stand for, the facts of each, and those of something new.
Choose = Callable[[Candidate, Sequence[Thing], "Linker"], Thing | None]


@dataclass(frozen=True)
class Weights:
    """A weight for each value of each fact, by class of mention."""

    old: Mapping[str, tuple[tuple[float, ...], ...]]
    new: Mapping[str, tuple[tuple[float, ...], ...]]
    bias: float = 0.0

    def best(self, mention: Candidate, options: Sequence[Thing], linker: Linker) -> Thing | None:
        """What a mention most likely stands for; None where it begins something new."""
        tables = self.new.get(mention.sort)
        if tables is None or not options:
            return None
        most, chosen = sum(map(getitem, tables, linker.new_facts(mention, options))), None
        tables = self.old[mention.sort]
        for thing, facts in zip(options, linker.facts(mention, options), strict=True):
            score = sum(map(getitem, tables, facts))
            if score > most:
                most, chosen = score, thing
        return chosen


@functools.cache
def load_weights() -> Weights:
    """Read the weights that come with the package."""
    old: dict[str, list[list[float]]] = {}
    new: dict[str, list[list[float]]] = {}
    places = {**{name: (old, i) for i, name in enumerate(FACTS)}, **{n: (new, i) for i, n in enumerate(NEW_FACTS)}}
    sizes = {**FACTS, **NEW_FACTS}
    with as_file(files("analysis") / "words" / "linking.csv") as path:
        for _, row in read_csv(path, ("mention", "fact", "value", "weight")):
            table, place = places[row["fact"]]
            names = FACTS if table is old else NEW_FACTS
            own = table.setdefault(row["mention"], [[0.0] * sizes[name] for name in names])
            own[place][int(row["value"])] = float(row["weight"])
    return Weights(_frozen(old), _frozen(new))


def _frozen(tables: Mapping[str, list[list[float]]]) -> dict[str, tuple[tuple[float, ...], ...]]:
    return {sort: tuple(map(tuple, rows)) for sort, rows in tables.items()}


class Linker:
    """The things that one speaker has spoken of, and the choice among them.

    Args:
        choose: Says which of some things a mention stands for, None for a new one.
    """

    def __init__(self, choose: Choose) -> None:
        self._choose = choose
        self._recent: list[Thing] = []
        self._named: dict[str, Thing] = {}  # the latest thing with such a head or name
        self._here = 0  # how many mentions had been read where the paragraph begins
        self.read = 0
        self.seen_here = 0
        self.often: Mapping[str, int] = {}
        self.opening: Candidate | None = None
        self._of: dict[int, Thing] = {}  # by the head of each mention of the paragraph

    def open_paragraph(self, mentions: Sequence[Candidate], *, goes_on: bool) -> None:
        """Begin a paragraph with these mentions, which keeps what was spoken of only if it goes on with it."""
        if not goes_on:
            self._recent = []
        self.seen_here = 0
        self.often = Counter(mention.head for mention in mentions)
        self.opening = next((mention for mention in mentions if not mention.pronoun), None)
        self._of = {}

    def add(self, mention: Candidate, fixed: Thing | None = None) -> Thing:
        """Read one more mention; `fixed` is what it stands for if that is known."""
        other = self._other_name(mention)
        thing = fixed or other
        if fixed is not None and other is not None and fixed is not other and None in {fixed.key, other.key}:
            thing = self._merge(fixed, other)
        if thing is None:
            thing = self._choose(mention, list(self._options(mention)), self)
        if thing is None:
            thing = Thing.of(mention, self.read)
        self._join(mention, thing)
        return thing

    def _merge(self, thing: Thing, other: Thing) -> Thing:
        """Make one of two things that have turned out to be the same."""
        if thing.key is None and other.key is not None:
            thing, other = other, thing
        other.same = thing
        thing.mentions = sorted(thing.mentions + other.mentions, key=lambda mention: (mention.base, mention.i))
        thing.heads, thing.names = thing.heads | other.heads, thing.names | other.names
        thing.kinds, thing.restricted = thing.kinds | other.kinds, thing.restricted | other.restricted
        thing.gender, thing.life = thing.gender or other.gender, thing.life or other.life
        thing.subject_at = max(thing.subject_at, other.subject_at)
        thing.noun = thing.noun or other.noun
        if other in self._recent:
            self._recent.remove(other)
        return thing

    def _other_name(self, mention: Candidate) -> Thing | None:
        """What a noun is said to be another name of: "my brother, the baker", "the culprit was Ann"."""
        thing = self._of.get(mention.relation) if mention.related else None
        if thing is None or mention.sort in {"a", "some", "bare"}:
            return None
        thing = thing.itself()
        return None if _clash(mention, thing) or _one_and_many(mention, thing) else thing

    def _join(self, mention: Candidate, thing: Thing) -> None:
        thing.mentions.append(mention)
        thing.last, thing.at = mention, self.read
        self._of[mention.i] = thing
        self.read += 1
        self.seen_here += 1
        if mention.role == 0:
            thing.subject_at = mention.sentence
        thing.gender = thing.gender or mention.gender
        if not thing.life or (thing.life == "thing" and mention.sort == "he"):
            thing.life = mention.life
        thing.number = thing.number or mention.number
        if mention.sort not in thing.kinds:
            thing.kinds |= {mention.sort}
        if not mention.pronoun:
            thing.noun_before, thing.noun = thing.noun, mention
            # To make a set costs more than to look whether it is needed.
            if mention.head not in thing.heads:
                thing.heads |= {mention.head}
            if not mention.names <= thing.names:
                thing.names |= mention.names
            if not mention.restricted <= thing.restricted:
                thing.restricted |= mention.restricted
            thing.bare = thing.bare or not mention.restricted
            thing.proper = thing.proper or mention.proper
            for name in mention.names or (mention.head,):
                self._named[name] = thing
        recent = self._recent
        if mention.related == 2 and len(thing.mentions) == 1:
            return  # what is said of a subject is no second thing beside it
        if recent and recent[-1] is thing:
            return
        if thing in recent:
            recent.remove(thing)
        elif len(recent) >= _RECENT:
            del recent[0]
        recent.append(thing)

    def _options(self, mention: Candidate) -> Iterator[Thing]:
        """What a mention may stand for, by what is sure; the latest last."""
        if mention.pronoun:
            for thing in self._recent:
                if _may_stand(mention, thing):
                    yield thing
            return
        recent, head, names = self._recent, mention.head, mention.names
        far: list[Thing] = []
        for word in names or (head,):
            old = self._named.get(word)
            old = old and old.itself()
            if old is not None and old not in recent and old not in far and not (mention.elsewhere and old.key):
                far.append(old)
        yield from far
        loose = mention.sort in _LOOSE or mention.related
        from_here = len(recent) - _RECENT_FOR_NOUNS if loose else len(recent)
        for place, thing in enumerate(recent):
            alike = head in thing.heads or not names.isdisjoint(thing.names)
            if not alike and (place < from_here or _one_and_many(mention, thing)):
                continue
            if not (mention.elsewhere and thing.key is not None) and not _clash(mention, thing):
                yield thing

    def facts(self, mention: Candidate, options: Sequence[Thing]) -> list[tuple[int, ...]]:
        """The facts of a mention and each thing, as places in the tables of weights; see `FACTS`."""
        most = max([len(thing.mentions) for thing in options], default=0)
        last_subject = max([thing.subject_at for thing in options], default=-9)
        nearer = len(options)
        found = []
        for thing in options:
            nearer -= 1
            favourite = len(thing.mentions) == most
            found.append(self._facts(mention, thing, min(nearer, 5), favourite, thing.subject_at == last_subject))
        return found

    def _facts(self, mention: Candidate, thing: Thing, nearer: int, favourite: bool, center: bool) -> tuple[int, ...]:
        last, first = thing.last, thing.first
        apart = mention.sentence - last.sentence
        between = 4 if apart < 0 or last.doc is not mention.doc else min(apart, 3)
        since = self.read - thing.at
        role, last_role = mention.role, last.role
        same_verb = 0
        if between == 0 and mention.governor >= 0:
            if mention.governor == last.governor:
                same_verb = 2 + (mention.reflexive or mention.owning)
            elif last.i == mention.governor or mention.i == last.governor:
                same_verb = 4
        gap = mention.sentence - thing.subject_at
        gap = gap if between < 4 and 0 <= gap <= 3 else 3  # it may have been a subject in an earlier paragraph alone
        return (
            between * 6 + last_role,
            0 if since <= 1 else 1 if since <= 2 else 2 if since <= 4 else 3 if since <= 8 else 4,
            nearer,
            min(len(thing.mentions), 5) - 1 + 5 * favourite,
            min(self.often.get(first.head, 0), 4) if not first.pronoun else 0,
            _LIVES[mention.life] * 6 + _LIVES[thing.life],
            _NUMBERS[mention.number] * 3 + _NUMBERS[thing.number],
            role * 6 + last_role,
            _kind(last, mention),
            _kind(first, mention),
            same_verb,
            0 if not mention.gender or not thing.gender else 1 if mention.gender == thing.gender else 2,
            int(mention.quoted != last.quoted),
            (gap * 2 + (role == 0)) * 2 + center,
            _same_name(mention, thing),
            _same_restriction(mention, thing),
            _relation(mention, thing),
            _nested(mention, thing) if between == 0 else 0,
            (first.sentence == 0) + 2 * thing.proper + 4 * (first is self.opening),
        )

    def new_facts(self, mention: Candidate, options: Sequence[Thing]) -> tuple[int, ...]:
        """The facts of a mention that begins something new; see `NEW_FACTS`."""
        named = 0
        if not mention.pronoun:
            for thing in options:
                if mention.head in thing.heads:
                    named += 1
        return (
            mention.role,
            _NUMBERS[mention.number] + 3 * (mention.life == "measure"),
            (self.seen_here == 0) + 2 * (mention.sentence == 0),
            min(named, 3),
            bool(mention.restricted) + 2 * mention.clause,
            min(len(options), 5),
        )


_PERSONAL = frozenset({"I", "we", "you"})
_LOOSE = frozenset({"the", "this", "name", "own", "bare"})


def _may_stand(pronoun: Candidate, thing: Thing) -> bool:
    """What is sure of pronouns: a person is no "it", a thing no "she", and a man no "she"."""
    sort = pronoun.sort
    kinds = thing.kinds
    if sort == "he":
        if thing.gender and thing.gender != pronoun.gender:
            return False
        return thing.life != "measure" and "it" not in kinds and "I" not in kinds
    if sort in {"it", "this"}:
        return thing.life != "person" and (thing.number != "many" or thing.life == "group") and "he" not in kinds
    if sort == "they":
        return "he" not in kinds and "I" not in kinds and "we" not in kinds
    if sort in {"we", "you"}:
        return sort in kinds or not kinds & _PERSONAL
    return sort != "anyone"


def _clash(mention: Candidate, thing: Thing) -> bool:
    """Whether a noun cannot stand for a thing: one is a man, the other a woman, or "the bill" stands beside Bill."""
    if mention.gender and thing.gender and mention.gender != thing.gender:
        return True
    if mention.proper == thing.proper or mention.head not in thing.heads:
        return False
    sorts = {mention.sort, thing.first.sort}
    return "name" in sorts and len(sorts) == 2 and "bare" not in sorts


def _one_and_many(mention: Candidate, thing: Thing) -> bool:
    """Whether one is spoken of where there were many, or the other way round; a group is both."""
    if mention.number == thing.number or not mention.number or not thing.number:
        return False
    return mention.life != "group" and thing.life != "group"


def _kind(other: Candidate, mention: Candidate) -> int:
    """What sort of mention another one is: a noun by what it begins with, or a pronoun of the same class or not."""
    if not other.pronoun:
        return _SORT_PLACES.get(other.sort, 6)
    return 7 if other.head == mention.head else 8 if other.sort == mention.sort else 9


def _same_name(mention: Candidate, thing: Thing) -> int:
    """How the names agree."""
    if mention.pronoun:
        return 0 if thing.heads else 1
    sort = _SORT_PLACES.get(mention.sort, 6)
    if not thing.heads:
        return 2 + sort if mention.head not in _GENERIC else 9
    if mention.head in thing.heads:
        cased = mention.proper != thing.proper and not mention.initial and not thing.first.initial
        return 10 + sort if not cased else 17 + sort
    if mention.names and not mention.names.isdisjoint(thing.names):
        return 24
    if mention.head in thing.restricted or not thing.heads.isdisjoint(mention.restricted):
        return 25
    start = mention.head[:5]
    if len(start) == 5 and any(head.startswith(start) for head in thing.heads):
        return 26
    if mention.head in _GENERIC:
        return 27 + (mention.sort == "this")
    return 30 + sort + 10 * thing.proper


def _same_restriction(mention: Candidate, thing: Thing) -> int:
    """How what restricts a noun agrees with what restricted the thing before."""
    if mention.pronoun:
        return 0
    other = 14 * (mention.head not in thing.heads)
    own, theirs = mention.restricted, thing.restricted
    if not own:
        return other + (1 if not theirs else 2 if thing.bare else 3)
    if not theirs:
        return other + 4
    common = len(own & theirs)
    if common == len(own):
        return other + 5
    if common:
        return other + (6 if common == len(theirs) else 7)
    return other + (8 if thing.bare else 9) + 2 * mention.clause


def _relation(mention: Candidate, thing: Thing) -> int:
    """Whether a noun is said to be another name of the thing, or the thing stands within its own phrase."""
    if mention.related:
        last = thing.last
        if last.doc is mention.doc and last.i == mention.relation:
            return mention.related
    return 0


def _nested(mention: Candidate, thing: Thing) -> int:
    """Whether one of two phrases lies in the other."""
    last = thing.last
    if last.doc is not mention.doc:
        return 0
    if mention.first <= last.i < mention.last:
        return 1
    return 2 if last.first <= mention.i < last.last else 0
