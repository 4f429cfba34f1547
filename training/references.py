"""Fits the weights by which mentions are linked, and measures how well that goes.

    python training/references.py fit FOLDER      writes src/analysis/words/linking.csv
    python training/references.py measure FOLDER  by writers left out: prints the figures

FOLDER holds the paragraphs `attitudes-1.jsonl` to `attitudes-8.jsonl`, one writer each, in which what stands for each
target is tagged. Nouns that are not tagged stand for no target, and for what else they stand is not known: they may be
linked to each other in any way, and to no target.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from spacy.tokens import Doc

from analysis.candidates import Candidate, candidates
from analysis.cleaning import Source
from analysis.lexicon import Description, Target, load_lexicon
from analysis.linking import FACTS, NEW_FACTS, Linker, Thing, Weights
from analysis.mending import mend
from analysis.mentions import References
from analysis.parsing import Sentence, load_model, parse_all, sentences
from analysis.voices import Paragraph

FOLDS = ((1, 5), (2, 6), (3, 7), (4, 8))
STEPS = 200
SMALLEST = 0.01
ROUNDS = 2  # what untagged nouns stand for is guessed with the weights of the round before
_TAG = re.compile(r"⟦(\w+)\|[+\-0]r?⟧(.*?)⟦/⟧", re.DOTALL)
_OUT = Path(__file__).parent.parent / "src" / "analysis" / "words" / "linking.csv"


@dataclass(frozen=True)
class Text:
    """One tagged paragraph: its sentences, the tags as characters with their target, and the names of the targets."""

    writer: int
    sentences: tuple[Sentence, ...]
    tags: tuple[tuple[int, int, str], ...]
    names: dict[str, str]

    @property
    def doc(self) -> Doc:
        """The parsed paragraph."""
        return self.sentences[0].passage.doc

    def gold(self) -> dict[int, str]:
        """The target of each token that heads a tag."""
        return {self.doc.char_span(start, end).root.i: target for start, end, target in self.tags}


def load(folder: Path) -> list[Text]:
    """Read and parse all paragraphs."""
    read: list[tuple[int, str, tuple[tuple[int, int, str], ...], dict[str, str]]] = []
    for writer in range(1, 9):
        for line in (folder / f"attitudes-{writer}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            text, tags, at = "", [], 0
            for match in _TAG.finditer(row["text"]):
                text += row["text"][at : match.start()]
                tags.append((len(text), len(text) + len(match[2]), match[1]))
                text += match[2]
                at = match.end()
            read.append((writer, text + row["text"][at:], tuple(tags), row["targets"]))
    lexicon = load_lexicon()
    parts = [(Source.from_text(text), (_whole(text),)) for _, text, _, _ in read]
    texts = []
    for (writer, _, tags, names), passages in zip(read, parse_all(parts), strict=True):
        mend(passages[0].doc, lexicon)
        texts.append(Text(writer, sentences(passages), tags, names))
    return texts


def _whole(text: str) -> Paragraph:
    return Paragraph(0, len(text), "author", "author", "body", "tagged")


@dataclass
class Decision:
    """One mention with all that it may stand for: facts as numbers of parameters, and which choices are right."""

    rows: list[list[int]]
    right: list[bool]


class Layout:
    """Where the weight of each value of each fact stands in one long row, a class of mentions after the other."""

    def __init__(self) -> None:
        self.sizes_old, self.sizes_new = list(FACTS.values()), list(NEW_FACTS.values())
        self.old_at = np.concatenate([[0], np.cumsum(self.sizes_old)]).astype(int)
        self.new_at = np.concatenate([[0], np.cumsum(self.sizes_new)]).astype(int) + self.old_at[-1]
        self.width = int(self.new_at[-1])
        self.sorts: dict[str, int] = {}

    def base(self, sort: str) -> int:
        """Where a class of mentions begins."""
        return self.sorts.setdefault(sort, len(self.sorts)) * self.width

    def old(self, sort: str, facts: Sequence[int]) -> list[int]:
        """The places of the facts of something spoken of before."""
        base = self.base(sort)
        return [base + int(at) + value for at, value in zip(self.old_at, facts, strict=False)]

    def new(self, sort: str, facts: Sequence[int]) -> list[int]:
        """The places of the facts of something new."""
        base = self.base(sort)
        return [base + int(at) + value for at, value in zip(self.new_at, facts, strict=False)]

    def weights(self, row: np.ndarray) -> Weights:
        """The long row as tables."""
        old, new = {}, {}
        for sort, number in self.sorts.items():
            own = row[number * self.width : (number + 1) * self.width]
            old[sort] = tuple(tuple(own[a : a + n].tolist()) for a, n in zip(self.old_at, self.sizes_old, strict=False))
            new[sort] = tuple(tuple(own[a : a + n].tolist()) for a, n in zip(self.new_at, self.sizes_new, strict=False))
        return Weights(old, new)


class Teacher:
    """Chooses as the tags say, and writes down each choice; where they say nothing, as the weights so far say."""

    def __init__(self, layout: Layout, weights: Weights | None) -> None:
        self.layout, self.weights = layout, weights
        self.decisions: list[Decision] = []
        self.gold: dict[int, str] = {}
        self.things: dict[str, Thing] = {}

    def __call__(self, mention: Candidate, options: Sequence[Thing], linker: Linker) -> Thing | None:
        """The right thing, as far as is known."""
        target = self.gold.get(mention.i)
        free = [thing for thing in options if thing.gold is None]
        if target is None and (mention.owning or mention.reflexive):
            return self.weights.best(mention, options, linker) if self.weights else None
        self._write(mention, options, linker, target)
        if target is not None:
            return self.things.get(target)
        return self.weights.best(mention, free, linker) if self.weights else None

    def _write(self, mention: Candidate, options: Sequence[Thing], linker: Linker, target: str | None) -> None:
        known = self.things.get(target) if target else None
        if known is None:
            right = [True, *(target is None and thing.gold is None for thing in options)]
        else:
            right = [False, *(thing is known for thing in options)]
        if all(right) or not any(right):
            return
        rows = [self.layout.new(mention.sort, linker.new_facts(mention, options))]
        rows += [self.layout.old(mention.sort, facts) for facts in linker.facts(mention, options)]
        self.decisions.append(Decision(rows, right))

    def read(self, text: Text) -> None:
        """Read one paragraph."""
        self.gold, self.things = text.gold(), {}
        linker = Linker(self)
        mentions = numbered(text)
        linker.open_paragraph(mentions, goes_on=False)
        me: Thing | None = None
        for mention in mentions:
            if mention.sort == "I" and mention.i not in self.gold:
                me = linker.add(mention, me) if me else linker.add(mention)
                continue
            own = self.gold.get(mention.i)
            thing = linker.add(mention, self.things.get(own) if own and mention.related in {1, 2} else None)
            target = self.gold.get(mention.i)
            if target is not None and target not in self.things:
                self.things[target] = thing
                thing.gold = target


def numbered(text: Text) -> list[Candidate]:
    """The candidates of a paragraph, with the number of their sentence."""
    starts = np.array([sentence.span.start for sentence in text.sentences])
    found = list(candidates(text.doc))
    for mention in found:
        mention.sentence = int(np.searchsorted(starts, mention.i, side="right")) - 1
    return found


def fit(texts: Iterable[Text], *, rounds: int = ROUNDS, decay: float = 1.0) -> tuple[Weights, Layout, np.ndarray]:
    """Fit the weights: the right choices, all together, are to be as likely as can be (with weight decay)."""
    layout = Layout()
    weights, row = None, np.zeros(0)
    texts = list(texts)
    for _ in range(rounds):
        teacher = Teacher(layout, weights)
        for text in texts:
            teacher.read(text)
        row = _climb(teacher.decisions, len(layout.sorts) * layout.width, decay, row)
        weights = layout.weights(row)
    assert weights is not None
    return weights, layout, row


def _climb(decisions: Sequence[Decision], width: int, decay: float, start: np.ndarray) -> np.ndarray:
    """Adam on the marginal likelihood of the right choices."""
    facts = max(len(FACTS), len(NEW_FACTS))
    flat = [row + [width] * (facts - len(row)) for decision in decisions for row in decision.rows]
    places = np.array(flat, dtype=np.int32)
    right = np.array([ok for decision in decisions for ok in decision.right])
    starts = np.cumsum([0, *(len(decision.rows) for decision in decisions)])[:-1]
    owner = np.repeat(np.arange(len(decisions)), [len(decision.rows) for decision in decisions])
    w = np.zeros(width + 1)
    w[: len(start)] = start
    m, v = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, STEPS + 1):
        scores = w[places].sum(axis=1)
        top = np.maximum.reduceat(scores, starts)
        likely = np.exp(scores - top[owner])
        p = likely / np.add.reduceat(likely, starts)[owner]
        good = np.where(right, likely, 0)
        q = good / np.maximum(np.add.reduceat(good, starts), 1e-30)[owner]
        gradient = np.bincount(places.ravel(), np.repeat(p - q, facts), minlength=width + 1) + decay * w
        gradient[-1] = 0
        m = 0.9 * m + 0.1 * gradient
        v = 0.99 * v + 0.01 * gradient**2
        pace = 0.1 * (0.5 + 0.5 * np.cos(np.pi * step / STEPS))
        w -= pace * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.99**step)) + 1e-8)
    return w[:-1]


def table(text: Text, *, named: bool) -> tuple[Target, ...] | None:
    """The targets of a paragraph as a table would give them: the head of each name, and what restricts it."""
    if not named:
        return None
    targets = []
    for target, name in text.names.items():
        words = re.sub(r"\(.*?\)", "", name)
        doc = load_model()(words)
        heads = [doc[:].root] if len(doc) else []
        heads += [token for token in heads[0].children if token.dep_ == "appos"] if heads else []
        first = {"me", "myself", "i", "the writer", "the author"} & {words.strip().lower()}
        lemmas = {word for head in heads for word in (head.lemma_.lower(), head.lower_)}
        telling = [t for t in doc if t.pos_ in {"NOUN", "PROPN", "ADJ", "VERB", "NUM"} and t not in heads]
        restrictors = {word for token in telling for word in (token.lemma_.lower(), token.lower_)}
        alike = [n for n in text.names.values() if n != name and lemmas & set(n.lower().replace(",", " ").split())]
        described = Description(frozenset(lemmas), frozenset(restrictors if alike else ()))
        extra = (Description(frozenset({"author"}), frozenset()),) if first else ()
        targets.append(Target(target, name, (described, *extra)))
    return tuple(targets)


def measure(texts: Iterable[Text], weights: Weights, *, named: bool) -> Counter[str]:
    """Count what is found and what is put together."""
    lexicon = load_lexicon()
    counts: Counter[str] = Counter()
    for text in texts:
        references = References(text.sentences, table(text, named=named), frozenset(), lexicon, weights=weights)
        marked = []
        for start, end, target in text.tags:
            token = text.doc.char_span(start, end).root
            entity = references.entity(token)
            sort = "pronoun" if token.pos_ == "PRON" else "noun"
            counts[f"{sort} tagged"] += 1
            counts[f"{sort} found"] += entity is not None
            counts["key"] += entity is not None and entity.key is not None
            counts["own key"] += entity is not None and entity.key == target
            what = None if entity is None else entity.key if named else (entity.key or entity.thing)
            marked.append((target, what, sort))
        for i, (target, what, sort) in enumerate(marked):
            for other, elsewhere, kind in marked[:i]:
                pair = "same" if target == other else "different"
                both = "nouns" if sort == kind == "noun" else "with a pronoun"
                for name in (pair, f"{pair}, {both}"):
                    counts[name] += 1
                    counts[f"{name}: together"] += what is not None and what == elsewhere
    return counts


def shown(counts: Counter[str]) -> str:
    """The shares of one count, in a line."""
    parts = [f"{sort}s found {counts[f'{sort} found'] / counts[f'{sort} tagged']:.1%}" for sort in ("noun", "pronoun")]
    for name in ("same", "same, nouns", "same, with a pronoun", "different", "different, nouns"):
        parts.append(f"{name} {counts[f'{name}: together'] / max(counts[name], 1):.1%}")
    return "; ".join(parts) + f"; own key {counts['own key'] / (counts['noun tagged'] + counts['pronoun tagged']):.1%}"


def write(layout: Layout, row: np.ndarray) -> None:
    """Store the weights; those that are nearly nothing are left out."""
    lines = [
        "# By which facts a mention is linked to what was spoken of before (FACTS, NEW_FACTS in analysis/linking.py).",
        "# A log-linear model of the right choice among entities, fitted by training/references.py to the paragraphs",
        "# attitudes-1 to -8, in which every mention of a target is tagged. Made by: python training/references.py fit",
    ]
    with _OUT.open("w", encoding="utf-8", newline="") as file:
        file.write("\n".join(lines) + "\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["mention", "fact", "value", "weight"])
        weights = layout.weights(row)
        for names, tables in ((FACTS, weights.old), (NEW_FACTS, weights.new)):
            for sort, rows in tables.items():
                for fact, values in zip(names, rows, strict=True):
                    told = [(value, weight) for value, weight in enumerate(values) if abs(weight) >= SMALLEST]
                    writer.writerows([sort, fact, value, f"{weight:.2f}"] for value, weight in told)


def main(what: str, folder: str) -> None:
    """Fit and store, or fit without each fold of writers and measure on it."""
    texts = load(Path(folder))
    if what == "fit":
        _, layout, row = fit(texts)
        write(layout, row)
        return
    pooled: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    for fold in FOLDS:
        weights, _, _ = fit(text for text in texts if text.writer not in fold)
        for named in (False, True):
            counts = measure((text for text in texts if text.writer in fold), weights, named=named)
            pooled[named] += counts
            sys.stdout.write(f"writers {fold}, {'table' if named else 'discovered'}: {shown(counts)}\n")
            sys.stdout.flush()
    for named, counts in pooled.items():
        sys.stdout.write(f"all, {'table' if named else 'discovered'}: {shown(counts)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
