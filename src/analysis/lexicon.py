"""Reads and checks the small CSV lists: attitude words, belief verbs, hedges, negators, and the targets of a study.

General knowledge of English is in `words/`, each row with its reason: whose attitude a word tells of, not how good or
bad it is, which is for the encoder to say. What one study asks about (its targets) comes with the study.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path

from spacy.tokens import Token
from textblob.en import sentiment as textblob_words

from analysis.errors import InputError
from analysis.tables import read_csv

KINDS = ("evaluation", "expectation", "prescription", "description")
FRAMES = ("attitude", "subject-experiencer", "object-experiencer", "preference", "intransitive")

CHANGES = ("opening", "closing", "contrast", "denial", "surprise", "same", "noun", "state", "classing")

# TextBlob's words this near to zero are properties rather than opinions.
FAINTEST = 0.1

_TEXTBLOB_TAGS = {"ADJ": "JJ", "NOUN": "NN", "VERB": "VB", "ADV": "RB"}


@dataclass(frozen=True)
class Attitude:
    """A word that tells whose attitude it is: `polarity` from -1 to 1, `kind`, and the frame that says who holds it.

    Frames: `attitude` (the subject holds it, a preposition names the target), `subject-experiencer` (the subject holds
    it, the object is the target), `preference` (so too, and what stands behind "to" is the lesser),
    `object-experiencer` (the object holds it, the subject is the target), `intransitive` (the subject is the target).
    """

    lemma: str
    polarity: float
    kind: str
    frame: str


@dataclass(frozen=True)
class BeliefVerb:
    """A verb that takes a clause as its subject's belief, words, or news: `sort` belief, speech or realisation."""

    lemma: str
    particle: str
    sort: str
    neg_raising: bool


@dataclass(frozen=True)
class Description:
    """One way to speak of a target: a head lemma, and where that is not enough, a lemma in what restricts it."""

    heads: frozenset[str]
    restrictors: frozenset[str]


@dataclass(frozen=True)
class Target:
    """Something that an attitude can be about: its name, a label for people, and the ways to speak of it.

    `spans` marks single mentions by hand: source, start and end in characters of its cleaned text.
    """

    name: str
    label: str
    descriptions: tuple[Description, ...]
    spans: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class Lexicon:
    """All lists, read and checked; `changes` are the words of a change of mind, by sort, and `cues` by first word too.

    `believing` are the lemmas of `beliefs`, whatever their particle.
    """

    attitudes: Mapping[tuple[str, str], Attitude]
    beliefs: Mapping[tuple[str, str], BeliefVerb]
    hedges: frozenset[str]
    negators: frozenset[str]
    negative_verbs: frozenset[str]
    changes: Mapping[str, frozenset[str]]
    cues: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]] = field(init=False, repr=False)
    believing: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sort the words of a change of mind, and of belief, by their first one, which is how they are looked for."""
        cues: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {}
        for sort, phrases in self.changes.items():
            for phrase in sorted(phrases):
                parts = tuple(phrase.split())
                by_first = cues.setdefault(sort, {})
                by_first[parts[0]] = (*by_first.get(parts[0], ()), parts)
        object.__setattr__(self, "cues", cues)
        object.__setattr__(self, "believing", frozenset(lemma for lemma, _ in self.beliefs))

    def attitude(self, token: Token) -> Attitude | None:
        """What the list says of a word in this part of speech; None where it is no word of attitude."""
        form, lemma, pos = token.lower_, token.lemma_.lower(), token.pos_
        own = self.attitudes.get((lemma, pos))
        if own is None and pos == "VERB":
            own = self.verb(token)
        if own is None and (pos == "ADJ" or token.tag_ in {"VBN", "VBG"}):
            own = self.attitudes.get((form, "ADJ"))
        return own

    def verb(self, token: Token) -> Attitude | None:
        """What the list says of a verb: by lemma, and by form, for the lemmatizer makes "hat" of "hated"."""
        form = token.lower_
        lemmas = (token.lemma_.lower(), form.removesuffix("s"), form.removesuffix("d"))
        return next((self.attitudes[lemma, "VERB"] for lemma in lemmas if (lemma, "VERB") in self.attitudes), None)

    def is_opinion(self, token: Token) -> bool:
        """Whether a word is one of attitude, or one that TextBlob's list calls good or bad in this part of speech."""
        if self.attitude(token) is not None:
            return True
        tag = _TEXTBLOB_TAGS.get(token.pos_)
        return any(
            tag
            and dict.__contains__(textblob_words, word)
            and abs(float(textblob_words[word].get(tag, (0,))[0])) >= FAINTEST
            for word in (token.lower_, token.lemma_.lower())
        )

    def belief(self, token: Token) -> BeliefVerb | None:
        """The belief verb that a token is, with its particle (`figure out`) where it has one."""
        if token.pos_ not in {"VERB", "AUX"}:
            return None
        # The lemmatizer makes "hop" of "hoped" and "hoping".
        form = token.lower_
        lemmas = (token.lemma_.lower(), form.removesuffix("d"), form.removesuffix("ing") + "e")
        if self.believing.isdisjoint(lemmas):
            return None
        particle = next((child.lower_ for child in token.children if child.dep_ == "prt"), "")
        return next((self.beliefs[lemma, particle] for lemma in lemmas if (lemma, particle) in self.beliefs), None)


def load_lexicon() -> Lexicon:
    """Read the lists that come with the package.

    Raises:
        InputError: If a row is wrong; the message names it.

    Examples:
        >>> lexicon = load_lexicon()
        >>> lexicon.attitudes["pessimistic", "ADJ"].kind
        'expectation'
    """
    dict.__len__(textblob_words) or textblob_words.load()
    with as_file(files("analysis") / "words") as folder:
        return Lexicon(
            attitudes=_read_attitudes(folder / "attitude.csv"),
            beliefs={
                (row["lemma"], row["particle"]): BeliefVerb(
                    row["lemma"], row["particle"], row["sort"], row["neg_raising"] == "1"
                )
                for _, row in read_csv(folder / "belief.csv", ("lemma", "particle", "sort", "neg_raising", "why"))
            },
            hedges=frozenset(row["lemma"] for _, row in read_csv(folder / "hedges.csv", ("lemma", "why"))),
            negators=_negators(folder / "negators.csv", "word"),
            negative_verbs=_negators(folder / "negators.csv", "verb"),
            changes=_read_changes(folder / "change.csv"),
        )


def load_targets(path: str | Path) -> tuple[Target, ...]:
    """Read a study's targets.

    Args:
        path: A CSV file with the columns `target, label, heads, restrictors, note`. Heads and restrictors are lemmas
            with blanks between them. A target may have several rows. The heads `author` and `reader` also stand for
            the first person of that voice.

    Returns:
        The targets in the order of the file.

    Raises:
        InputError: If a column is missing, or a row names no target or no head.
    """
    labels: dict[str, str] = {}
    descriptions: dict[str, list[Description]] = {}
    for number, row in read_csv(path, ("target", "label", "heads", "restrictors", "note")):
        name, heads = row["target"], row["heads"].lower().split()
        if not re.fullmatch(r"\w+", name):
            raise InputError(f"{path}, row {number}: target {name!r} must be one word (letters, digits, underscore).")
        if not heads:
            raise InputError(
                f"{path}, row {number}: no heads. Name at least one lemma, such as {name.split('_')[-1]!r}."
            )
        if row["label"] and labels.setdefault(name, row["label"]) != row["label"]:
            raise InputError(f"{path}, row {number}: {name} has the label {labels[name]!r} in another row.")
        description = Description(frozenset(heads), frozenset(row["restrictors"].lower().split()))
        if description in descriptions.get(name, ()):
            raise InputError(f"{path}, row {number}: this row stands twice.")
        descriptions.setdefault(name, []).append(description)
    return tuple(
        Target(name, labels.get(name, name.replace("_", " ")), tuple(rows)) for name, rows in descriptions.items()
    )


def _read_attitudes(path: Path) -> dict[tuple[str, str], Attitude]:
    attitudes: dict[tuple[str, str], Attitude] = {}
    for number, row in read_csv(path, ("lemma", "pos", "polarity", "kind", "frame", "why")):
        where = f"{path}, row {number}"
        try:
            polarity = float(row["polarity"])
        except ValueError:
            raise InputError(f"{where}: polarity {row['polarity']!r} is no number.") from None
        if not -1 <= polarity <= 1:
            raise InputError(f"{where}: polarity {polarity} lies outside -1 to 1.")
        if row["frame"] not in FRAMES or row["kind"] not in KINDS:
            raise InputError(f"{where}: kind must be one of {KINDS}, frame one of {FRAMES}.")
        key = (row["lemma"], row["pos"])
        if key in attitudes:
            raise InputError(f"{where}: {key} stands twice.")
        attitudes[key] = Attitude(row["lemma"], polarity, row["kind"], row["frame"])
    return attitudes


def _read_changes(path: Path) -> dict[str, frozenset[str]]:
    """The words of a change of mind, by what they say: see `CHANGES`."""
    rows = read_csv(path, ("lemma", "sort", "why"))
    for number, row in rows:
        if row["sort"] not in CHANGES:
            raise InputError(f"{path}, row {number}: sort {row['sort']!r} must be one of {CHANGES}.")
    return {sort: frozenset(row["lemma"] for _, row in rows if row["sort"] == sort) for sort in CHANGES}


def _negators(path: Path, sort: str) -> frozenset[str]:
    return frozenset(row["lemma"] for _, row in read_csv(path, ("lemma", "sort", "why")) if row["sort"] == sort)
