"""A sentence with its marks of time and contrast, and where what a verb says begins and ends."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from analysis.grammar import governors, subject_of
from analysis.lexicon import Attitude, Lexicon
from analysis.parsing import Sentence

WRITER = frozenset({"i", "we"})
WRITER_AS_OBJECT = frozenset({"me", "us"})
FEELING = frozenset({"attitude", "subject-experiencer", "preference"})
APPEARING = frozenset({"seem", "look", "appear", "sound", "feel"})
NEGATIVE_LEVELS = frozenset({"low", "no", "little", "few", "lower", "modest", "bottom"})
POSITIVE_LEVELS = frozenset({"high", "great", "big", "highest", "higher"})

_BREAKS = frozenset({";", ":", "—", "–", "--", "...", "…", "!", "?", "(", ")"})
_QUOTES = frozenset({'"', "“", "”", "``", "''", "«", "»"})
_SET_AGAINST = frozenset({"but", "yet", "until", "till", "although", "though"})
_COMPLEMENTS = frozenset({"ccomp", "xcomp", "dobj", "oprd", "acomp", "attr", "advcl", "prep", "acl"})
_SERIAL = frozenset({"conj", "amod", "cc", "acomp", "nummod", "compound"})
_SUPPOSING = frozenset({"if", "unless", "when", "whenever", "as", "whether"})
_MODALS = frozenset({"might", "would", "may", "should"})
# Learners keep "will" where the past asks for "would".
_FORESEEN = frozenset({"would", "’d", "'d", "might", "gon", "will", "’ll", "'ll"})
_BY_LEMMA = frozenset({"opening", "closing"})


@dataclass(frozen=True)
class Report:
    """A belief that the writer tells as their own.

    Attributes:
        phase: `before` or `after`.
        sentence: Where it stands.
        anchor: The word that makes it a report.
        first: Its first token.
        last: Its last token.
        rule: What found it.
        firm: Whether it is a report of that phase whatever stands beside it; else only beside a firm one.
        bare: Whether it says only that a belief was wrong, and not what is so instead.
        lean: -1 or 1 where the turn of phrase itself says how the belief leans ("low expectations"), else 0.
    """

    phase: str
    sentence: Sentence
    anchor: Token
    first: Token
    last: Token
    rule: str
    firm: bool = True
    bare: bool = False
    lean: int = 0

    @property
    def start(self) -> int:
        """Where it starts, in characters of the cleaned text."""
        return self.sentence.passage.paragraph.start + self.first.idx

    @property
    def end(self) -> int:
        """Where it ends, in characters of the cleaned text."""
        return self.sentence.passage.paragraph.start + self.last.idx + len(self.last)

    def overlaps(self, other: Report) -> bool:
        """Whether the two share a word."""
        same = self.sentence.number == other.sentence.number
        return same and self.first.i <= other.last.i and other.first.i <= self.last.i


class Frame:
    """A sentence with its marks of time and contrast.

    They are looked for in the words before a verb rather than in the parse: they stand in the same place however the
    parser hangs them.
    """

    def __init__(self, sentence: Sentence, lexicon: Lexicon) -> None:
        """Take a sentence, and the lists to read it with."""
        self.sentence = sentence
        self.lexicon = lexicon
        self.words = list(sentence.span)

    # Most sentences hold no report, and are passed by before all of these are asked for.

    @functools.cached_property
    def lowered(self) -> list[str]:
        """The words in small letters."""
        return [token.lower_ for token in self.words]

    @functools.cached_property
    def marks(self) -> list[tuple[int, int, str]]:
        """The marks of time, contrast and denial: their first token, the one behind their last, and their sort."""
        return [
            (self.words[0].i + start, self.words[0].i + end, sort)
            for sort in ("opening", "closing", "contrast", "denial")
            for start, end in _occurrences(
                self.lexicon.cues[sort], self.lowered, self.words if sort in _BY_LEMMA else []
            )
        ]

    @functools.cached_property
    def quoted(self) -> frozenset[int]:
        """What stands between quotation marks."""
        quoted = set()
        inside = False
        for token in self.words:
            if token.text in _QUOTES:
                inside = not inside
            elif inside:
                quoted.add(token.i)
        return frozenset(quoted)

    def at(self, i: int) -> Token:
        """The token of the sentence's document with this index."""
        return self.words[i - self.words[0].i]

    def floor(self, token: Token) -> int:
        """Where the clause of a token can begin at the earliest: behind the last break or word of contrast."""
        lowest = self.words[0].i
        clause = next((up for up in governors(token) if up.pos_ in {"VERB", "AUX"}), token)
        if clause.dep_ == "relcl":
            lowest = max(lowest, clause.left_edge.i)
        for i in range(token.i - 1, lowest - 1, -1):
            word = self.at(i)
            joins = word.dep_ in {"cc", "mark"} and word.lower_ in _SET_AGAINST
            # "I loved them all, so I expected ...": a result is a clause of its own.
            joins = joins or (word.lower_ == "so" and i > lowest and self.at(i - 1).text == ",")
            if word.text in _BREAKS or joins or word.lower_ in {"until", "till"}:
                return i + 1
        return lowest

    def marks_of(self, verb: Token) -> frozenset[str]:
        """The sorts of mark that stand by a verb, before it in its clause, and `first` where that word does.

        One of an opening may also stand behind the verb, and one of a closing right behind it.
        """
        floor, ceiling = self.floor(verb), self.clause_end(verb).i
        found = set()
        if any(word.lower_ == "first" for word in self.words if floor <= word.i < verb.i):
            found.add("first")
        for start, end, sort in self.marks:
            before = floor <= start and end <= verb.i + 1 and start != verb.i
            leads = end == floor and sort == "contrast"
            near = start <= verb.i + 2 or end - start > 1 or self.at(start).lower_ == "initially"
            behind = verb.i < start <= ceiling
            if (
                before
                or leads
                or (behind and near and sort == "opening")
                or (sort == "closing" and start == verb.i + 1)
            ):
                found.add(sort)
        return frozenset(found)

    def clause_end(self, head: Token) -> Token:
        """The last word of what a verb says: up to a break, to what is set against it, or to a loose addition."""
        complete = any(child.i > head.i and child.dep_ in _COMPLEMENTS for child in head.children)
        limit = min(head.right_edge.i, self.words[-1].i) if complete else self.words[-1].i
        end = head
        for token in self.words[head.i + 1 - self.words[0].i : limit + 1 - self.words[0].i]:
            if token.text in _BREAKS or (token.text == "," and not self._goes_on(token, limit)):
                break
            if token.lower_ in _SET_AGAINST and self._clause_behind(token):
                break
            if token.dep_ == "cc" and (token.head.i <= head.i or (not complete and self._clause_behind(token))):
                break
            if not token.is_punct and not token.is_space:
                end = token
        return end

    def _clause_behind(self, token: Token) -> bool:
        start = token.i + 1 - self.words[0].i
        return any(word.pos_ in {"VERB", "AUX"} for word in self.words[start : start + 8])

    def _goes_on(self, comma: Token, limit: int) -> bool:
        """Whether what stands behind a comma is one more of the same: "long, tedious and nasty"."""
        behind = self.words[comma.i + 1 - self.words[0].i :]
        top = next((word for word in behind if not word.is_space), None)
        if top is None or top.i > limit:
            return False
        while top.head.i > comma.i and top.head.i != top.i:
            top = top.head
        if top.dep_ not in _SERIAL or top.lower_ in _SET_AGAINST:
            return False
        new_clause = top.pos_ in {"VERB", "AUX"} and subject_of(top) is not subject_of(top.head)
        return not (top.dep_ == "conj" and new_clause)

    def trim(self, first: Token, last: Token) -> tuple[Token, Token]:
        """Without marks and blanks at both ends, but with the quotation mark that a quoted end needs."""
        words = [word for word in self.words if first.i <= word.i <= last.i]
        while len(words) > 1 and (words[-1].is_punct or words[-1].is_space):
            words.pop()
        while len(words) > 1 and (words[0].is_punct or words[0].is_space):
            words.pop(0)
        opened = self.at(words[0].i - 1) if words[0].i > self.words[0].i else None
        cut_open = opened is not None and opened.text in _QUOTES and words[0].i in self.quoted
        if opened is not None and cut_open and any(word.text in _QUOTES for word in words):
            words.insert(0, opened)
        return words[0], words[-1]

    def writer_of(self, verb: Token) -> Token | None:
        """The word of the first person that is a verb's subject; the verb itself where the subject is left out."""
        subject = subject_of(verb)
        if subject is not None:
            return subject if subject.lower_ in WRITER else None
        skipped = {"ADV", "AUX", "PART"}
        for word in reversed([word for word in self.words if word.i < verb.i]):
            if word.lower_ in WRITER:
                return word
            if word.pos_ not in skipped:
                break
        if verb.dep_ == "conj" and verb.head.i < verb.i and verb.head.pos_ == "VERB":
            return verb if self.writer_of(verb.head) is not None else None
        lead = {"ADV", "INTJ", "PUNCT", "SPACE", "AUX"}
        bare = all(word.pos_ in lead for word in self.words if word.i < verb.i)
        # "Thought it would be dull.": diaries and reviews leave out the first person (Haegeman 1990, Text 10).
        going = verb.tag_ == "VBG" and any(child.lower_ == "was" for child in verb.children)
        return verb if bare and verb.dep_ == "ROOT" and (verb.tag_ in {"VBD", "VBN"} or going) else None

    def feeling(self, verb: Token) -> Attitude | None:
        """What the list says of a verb whose subject feels or judges; None for other verbs."""
        entry = self.lexicon.verb(verb)
        return entry if entry is not None and entry.frame in FEELING else None

    def denied(self, *words: Token) -> bool:
        """Whether one of the words is negated."""
        negators = self.lexicon.negators
        return any(child.dep_ == "neg" or child.lower_ in negators for word in words for child in word.children)

    def supposed(self, verb: Token) -> bool:
        """Whether a verb stands in a condition, or in a moment of a story: "just when I thought it was over"."""
        if any(child.dep_ == "aux" and child.lower_ in _MODALS for child in verb.children):
            return True
        return any(
            governor.dep_ == "advcl"
            and any(child.dep_ in {"mark", "advmod"} and child.lower_ in _SUPPOSING for child in governor.children)
            for governor in governors(verb)
        )

    def report(
        self, phase: str, anchor: Token, first: Token, last: Token, rule: str, *, firm: bool = True, lean: int = 0
    ) -> Report:
        """A report; a phrase of opening right before one of before is its own."""
        if phase == "before":
            for start, end, sort in self.marks:
                if sort == "opening" and end - start > 1 and end in {first.i, first.i - 1}:
                    between = [word for word in self.words if end <= word.i < first.i]
                    if all(word.text == "," for word in between):
                        first = self.at(start)
        if first.i > last.i:
            # "Having been a fan of hers, I ...": the writer is named behind the belief, which has its clause to itself.
            first = min(self.at(self.floor(anchor)), last, key=lambda word: word.i)
        first, last = self.trim(first, last)
        return Report(phase, self.sentence, anchor, first, last, rule, firm=firm, lean=lean)


def start_of(verb: Token) -> Token:
    """The first word of a verb's subject if it stands before the verb, else the verb."""
    own = [child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass", "expl"} and child.i < verb.i]
    # Two subjects are a parse error, and the nearer is the verb's.
    subject = own[-1] if len(own) > 1 else subject_of(verb)
    return subject.left_edge if subject is not None and subject.left_edge.i < verb.i else verb


def is_past(verb: Token) -> bool:
    """Whether a verb tells of the past: by its helpers, else by its form."""
    helpers = {child.lower_ for child in verb.children if child.dep_ in {"aux", "auxpass"}}
    if helpers & {"did", "was", "were", "had", "’d", "'d"}:
        return True
    if helpers & {"will", "’ll", "'ll", "would", "can", "could", "do", "does"}:
        return False
    return verb.tag_ in {"VBD", "VBN"}


def clause_of(verb: Token) -> Token | None:
    """The verb of the clause that a verb of belief governs."""
    behind = [child for child in verb.children if child.i > verb.i]
    return next((child for dep in ("ccomp", "xcomp") for child in behind if child.dep_ == dep), None)


def is_classing(verb: Token, lexicon: Lexicon) -> bool:
    """As in "I took the long building for a prison", "I took it that she was ill", "I took her to be ill"."""
    lemma = verb.lemma_.lower()
    if lemma != "take" and lemma not in lexicon.cues["classing"]:
        return False
    objects = [child for child in verb.children if child.dep_ == "dobj"]
    nouns = [verb, *objects]  # the parser may hang the preposition on the object
    prepositions = [child for noun in nouns for child in noun.children if child.dep_ == "prep"]
    if any(f"{lemma} {word.lower_}" in lexicon.changes["classing"] for word in prepositions):
        return True
    below = clause_of(verb)
    if lemma != "take" or below is None:
        return False
    return below.lemma_.lower() == "be" or any(word.lower_ == "it" for word in objects)


def is_to_come(clause: Token | None) -> bool:
    """Whether a clause tells, from a point in the past, what was to come: "it would be dull", "it was going to be"."""
    if clause is None:
        return False
    for verb in (clause, *(child for child in clause.children if child.dep_ in {"xcomp", "ccomp"})):
        if any(child.dep_ == "aux" and child.lower_ in _FORESEEN for child in verb.children):
            return True
        if verb.lemma_.lower() in {"go", "gon"} and verb.tag_ == "VBG":
            return True
    return False


def _occurrences(
    cues: Mapping[str, tuple[tuple[str, ...], ...]], lowered: Sequence[str], by_lemma: Sequence[Token]
) -> Iterator[tuple[int, int]]:
    """Where cues stand, as indices of words; single words also by their lemma."""
    for index, word in enumerate(lowered):
        for parts in cues.get(word, ()):
            if len(parts) == 1 or tuple(lowered[index : index + len(parts)]) == parts:
                yield index, index + len(parts)
    for index, token in enumerate(by_lemma):
        lemma = token.lemma_.lower()
        if lemma != lowered[index] and (lemma,) in cues.get(lemma, ()):
            yield index, index + 1
