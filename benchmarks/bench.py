"""Measures the claims engine beside its peers on public data that is read in place.

`make bench DATA=folder` runs it. README.md beside it says what the columns mean and where the data come from. Ours is
called as anybody would call it, with the marked mention as the only target; nothing here helps it, and nothing here
was tuned for anybody. A score that is NaN means that a method knows nothing to say, and counts as neutral.
"""

from __future__ import annotations

import gzip
import importlib.metadata
import json
import math
import platform
import re
import statistics
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import spacy
from rich import box
from rich.console import Console, Group
from rich.table import Table
from spacy.language import Language
from spacy.tokens import Doc, Span, Token
from textblob import TextBlob
from textblob.en import sentiment as textblob_words

from analysis import Source
from analysis.lexicon import Target
from analysis.parsing import MODEL_PACKAGES, keep_unfinished_together, load_model
from analysis.shifts import TYPES
from analysis.study import Reader, Study

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.csv"

TARGETED = ("newsmtsc-mt-dev.jsonl", "newsmtsc-rw-dev.jsonl", "mams-val.xml")
ESSAYS = "essays-dev.conll.gz"
REVIEWS = "shift-dev.jsonl"
FILES = (*TARGETED, ESSAYS, REVIEWS)

# Where VADER's own documentation puts the bounds of neutral; asent is a port of VADER with the same scale.
VADER_BOUND = 0.05
# The middle of TextBlob's scale, which runs from 0 (objective) to 1 (subjective).
SUBJECTIVE = 0.5
# How many edges of the parse the plain rule goes: fewer make it surer, more make it know more.
EDGES = (2, 3)

# What anybody would look for first: a past belief of the writer's own, and a "but" in the same sentence or the next.
I_THOUGHT_BUT = re.compile(
    r"\b(?:I|we)(?:['’]d)?(?:\s+(?:had|have|did|at\s+first|first|always|just|\w+ly))*\s+(?:thought|expected|assumed)\b"
    r"[^.!?]*(?:[.!?]+[^.!?]*)?\bbut\b",
    re.IGNORECASE,
)
# Every word that such a statement is likely to hold, whatever else it may be about.
BROAD_CUES = re.compile(
    r"\b(?:thought|believed|expected|assumed|figured|supposed|hoped|used\s+to|at\s+first|initially|reali[sz]ed|found"
    r"|turned\s+out|wrong|surprised|changed\s+my\s+mind|now)\b",
    re.IGNORECASE,
)
TOKEN = re.compile(r"\w+|[^\w\s]")
# How well a found span has to fit one that was marked by hand, as the F1 of their tokens.
FITS = 0.5

RESAMPLES = 1000
SEED = 20261122
ROUNDS = 5

POLARITIES = (-1, 0, 1)
YES_NO = (0, 1)

COLUMNS = (
    "task data method n accuracy macro_f1 macro_f1_low macro_f1_high coverage sign_precision sign_precision_strict"
    " words_per_second share_of_bare on_top_of_bare"
    " precision recall f1 f1_low f1_high false_alarms without_shift shifts spans types types_of_found"
).split()
# Whole numbers, stored as such although they are NaN in the rows of other tasks.
COUNTS = ("false_alarms", "without_shift", "shifts")
STATED_CHANGE = "stated change of belief"

Labels = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


class BenchError(RuntimeError):
    """Something that is needed is not there; the message is one line that says what, and where to look."""


@dataclass(frozen=True)
class Example:
    """A mention `start:end` in a sentence, and the polarity that people gave it there: -1, 0 or 1."""

    sentence: str
    start: int
    end: int
    gold: int


@dataclass(frozen=True)
class Essay:
    """The text of an essay and its sentences: where each starts and ends, and whether it holds a claim."""

    text: str
    sentences: tuple[tuple[int, int, bool], ...]


@dataclass(frozen=True)
class Change:
    """A stated change of belief: where the words for the belief before and the one after stand, and its type."""

    before: tuple[int, int]
    after: tuple[int, int]
    type: str


@dataclass(frozen=True)
class Review:
    """A text, and the changes of their own belief that its writer states in it, as people marked them."""

    text: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Method:
    """A way to score a mention, NaN where it knows nothing to say; within `bound` of zero a score is neutral."""

    name: str
    bound: float
    score: Callable[[Example, Doc], float]


@dataclass(frozen=True)
class Peers:
    """What is installed for the benchmark alone."""

    vader: Callable[[str], Mapping[str, float]]
    vader_words: Mapping[str, float]
    asent: Callable[[Span], Any]


# The data ------------------------------------------------------------------------------------------------------------


def check_data(folder: Path) -> None:
    """Raise a BenchError that names the files which `folder` lacks."""
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise BenchError(
            f"{folder} lacks {', '.join(missing)}; benchmarks/README.md says where the data come from. "
            "Say where they are: make bench DATA=folder"
        )


def read_examples(path: Path) -> list[Example]:
    """Read the marked mentions of a file of NewsMTSC (.jsonl) or MAMS (.xml)."""
    examples = list(_read_newsmtsc(path) if path.suffix == ".jsonl" else _read_mams(path))
    for example in examples:
        if not 0 <= example.start < example.end <= len(example.sentence) or example.gold not in POLARITIES:
            raise BenchError(f"{path} does not have the form that benchmarks/README.md describes: {example}")
    return examples


def _read_newsmtsc(path: Path) -> Iterator[Example]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield Example(row["sentence"], row["from"], row["to"], row["polarity"])


def _read_mams(path: Path) -> Iterator[Example]:
    polarities = {"negative": -1, "neutral": 0, "positive": 1}
    for sentence in ET.parse(path).iter("sentence"):
        text = sentence.findtext("text", "")
        for term in sentence.iter("aspectTerm"):
            yield Example(text, int(term.attrib["from"]), int(term.attrib["to"]), polarities[term.attrib["polarity"]])


def read_essays(path: Path) -> list[Essay]:
    """Read the essays: a line a token, its word in the second column and its label in the last, blanks between."""
    blocks = gzip.decompress(path.read_bytes()).decode("utf-8").strip().split("\n\n")
    return [_essay([line.split("\t") for line in block.splitlines()]) for block in blocks]


def _essay(rows: Sequence[Sequence[str]]) -> Essay:
    """Put the text together; a sentence ends behind a token of `.`, `!` or `?`, as the file marks no sentences.

    Nor does it mark paragraphs, so that an essay's title is a part of its first sentence.
    """
    sentences: list[tuple[int, int, bool]] = []
    text, words, claims = "", list[str](), False
    for number, row in enumerate(rows):
        words.append(row[1])
        claims |= row[-1].split(":")[0] in {"B-Claim", "I-Claim", "B-MajorClaim", "I-MajorClaim"}
        if re.fullmatch(r"[.!?]+[\"'”’]*", row[1]) or number == len(rows) - 1:
            start = len(text) + bool(text)
            text = f"{text} {as_written(words)}".strip()
            sentences.append((start, len(text), claims))
            words, claims = [], False
    return Essay(text, tuple(sentences))


def read_reviews(path: Path) -> list[Review]:
    """Read the texts in which stated changes of belief are marked: an object a line."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    reviews = [Review(row["text"], tuple(_change(marked) for marked in row["shifts"])) for row in rows]
    for row, review in zip(rows, reviews, strict=True):
        spans = [span for change in review.changes for span in (change.before, change.after)]
        inside = all(0 <= start < end <= len(review.text) for start, end in spans)
        if not inside or row["shift"] != bool(spans) or not {change.type for change in review.changes} <= {*TYPES}:
            raise BenchError(f"{path} does not have the form that benchmarks/README.md describes: {review}")
    return reviews


def _change(row: Mapping[str, Any]) -> Change:
    before, after = ((int(row[f"{side}_start"]), int(row[f"{side}_end"])) for side in ("before", "after"))
    return Change(before, after, row["type"])


def as_written(words: Sequence[str]) -> str:
    """Join tokens as people write them, because all methods read writing: "can", "'", "t" is a negation in one.

    Examples:
        >>> as_written("One can ' t know , can one ?".split())
        "One can't know, can one?"
    """
    text = re.sub(r" (['’]) (?=(?:s|t|re|ve|ll|d|m)\b)", r"\1", " ".join(words))
    return re.sub(r" (?=[.,;:!?])", "", text)


# The methods ---------------------------------------------------------------------------------------------------------


def load_peers() -> Peers:
    """Load VADER and asent, or say how they are installed."""
    try:
        import asent
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ModuleNotFoundError as missing:
        raise BenchError(f"{missing.name} is not installed here; make bench installs it into .venv-bench.") from None
    assert asent.__title__  # importing it is what registers its component
    # In a pipeline of its own, which sets its getters for every Doc: ours must run as it does without peers.
    spacy.blank("en").add_pipe("asent_en_v1")
    vader = SentimentIntensityAnalyzer()
    return Peers(vader.polarity_scores, vader.lexicon, lambda span: span._.polarity)


def methods(peers: Peers, reader: Reader) -> list[Method]:
    """All ways to score a mention, ours last."""

    def tied(edges: int) -> Callable[[Example, Doc], float]:
        return lambda example, doc: tied_words(
            mention(example, doc), lambda word: opinion_of(word, peers.vader_words), edges
        )

    return [
        Method("TextBlob, whole sentence", 0.0, lambda example, _: textblob(example.sentence)),
        Method("VADER, whole sentence", VADER_BOUND, lambda example, _: vader(example.sentence, peers)),
        Method("asent, the target's clause", VADER_BOUND, lambda example, doc: asent(clause(example, doc), peers)),
        *(Method(f"tied words, {edges} edges", 0.0, tied(edges)) for edges in EDGES),
        Method("ours", 0.0, lambda example, _: ours(reader, example)),
    ]


def textblob(text: str) -> float:
    """TextBlob's polarity; NaN where it knows no word."""
    found = TextBlob(text).sentiment_assessments
    return float(found.polarity) if found.assessments else math.nan


def vader(text: str, peers: Peers) -> float:
    """VADER's compound score; NaN where it knows no word that is good or bad."""
    found = peers.vader(text)
    return found["compound"] if found["pos"] or found["neg"] else math.nan


def asent(span: Span, peers: Peers) -> float:
    """Compound score of asent; NaN where it knows no word that is good or bad.

    Taken of a copy of the words alone, because asent counts from the start of the document when it weighs a "but".
    """
    found = peers.asent(span.as_doc()[:])
    return float(found.compound) if any(word.polarity for word in found.polarities) else math.nan


def mention(example: Example, doc: Doc) -> Span:
    """The marked mention, in whole tokens."""
    span = doc.char_span(example.start, example.end, alignment_mode="expand")
    assert span is not None
    return span


def clause(example: Example, doc: Doc) -> Span:
    """All that the nearest verb above the mention governs; without one, the sentence."""
    head = mention(example, doc).root
    verb = next((token for token in head.ancestors if token.pos_ in {"VERB", "AUX"}), None)
    return head.sent if verb is None else doc[verb.left_edge.i : verb.right_edge.i + 1]


def tied_words(target: Span, opinion: Callable[[Token], float], edges: int) -> float:
    """The sum of the opinion words within so many edges of the target's head in the parse; NaN where there is none.

    The plain rule that anybody would write first. Words of the target itself say what it is called, and are left out.
    """
    reached = {target.root}
    for _ in range(edges):
        reached |= {near for token in reached for near in (token.head, *token.children)}
    words = sorted(token for token in reached if not target.start <= token.i < target.end)
    scores = [-opinion(word) if _is_negated(word) else opinion(word) for word in words if opinion(word)]
    return sum(scores) if scores else math.nan


def _is_negated(word: Token) -> bool:
    """By a negator of its own, or one of its governor: "is not good", "no good"."""
    return any(child.dep_ == "neg" or child.lower_ == "no" for child in (*word.children, *word.head.children))


def opinion_of(token: Token, vader_words: Mapping[str, float]) -> float:
    """The mean of what the lists of VADER (scaled to -1 to 1) and TextBlob say of a word or else its lemma; else 0."""
    dict.__len__(textblob_words) or textblob_words.load()
    known: list[float] = []
    for word in (token.lower_, token.lemma_.lower()):
        if known:
            break
        if word in vader_words:
            known.append(vader_words[word] / 4)
        if dict.__contains__(textblob_words, word):
            known.append(float(dict.__getitem__(textblob_words, word)[None][0]))
    return sum(known) / len(known) if known else 0.0


def marked(example: Example) -> tuple[Source, Target]:
    """The sentence as our reader takes it, and the mention, where it stands in the cleaned text, as the only target."""
    source = Source.from_text(example.sentence)
    start, end = example.start, example.end
    if source.text != example.sentence:
        raw = [source.to_raw(position, position + 1) for position in range(len(source.text))]
        touched = [position for position, (first, last) in enumerate(raw) if first < end and last > start]
        start, end = touched[0], touched[-1] + 1
    return source, Target("marked", "marked", (), spans=((source.name, start, end),))


def reading(reader: Reader, example: Example) -> Study:
    """What ours reads in the sentence about the marked mention, as `analysis.read` would."""
    source, target = marked(example)
    return reader.read(source, targets=[target])


def ours(reader: Reader, example: Example) -> float:
    """Our polarity towards the marked mention; NaN where nothing is claimed about it."""
    stances = reading(reader, example).stances
    return float(stances.set_index("target")["polarity"]["marked"])


def textblob_asserts(essay: Essay) -> list[bool]:
    """Whether TextBlob finds each sentence subjective."""
    texts = [essay.text[start:end] for start, end, _ in essay.sentences]
    return [TextBlob(text).sentiment.subjectivity >= SUBJECTIVE for text in texts]


def ours_asserts(reader: Reader, essay: Essay) -> list[bool]:
    """Whether ours finds that each sentence puts a claim forward.

    The essay is read as a whole, as a person would. Its sentences are those of our parse, and one that the file ends
    elsewhere counts for every sentence of the file that it shares a word with.
    """
    source = Source.from_text(essay.text)
    if source.text != essay.text:
        raise BenchError("An essay holds characters that cleaning repairs, so that its sentences would not be found.")
    found = reader.read(source, targets=None).sentences
    claiming = found.loc[found["asserts"].astype(bool), ["start", "end"]].to_numpy()
    return [any(first < end and last > start for first, last in claiming) for start, end, _ in essay.sentences]


def ours_changes(reader: Reader, text: str) -> list[Change]:
    """The changes of belief that ours finds in a text, where they stand in it before it is cleaned."""
    study = reader.read(None, Source.from_text(text))
    source = study.sources["response"]
    found = [_change(row) for row in study.shifts.to_dict("records")]
    return [Change(source.to_raw(*change.before), source.to_raw(*change.after), change.type) for change in found]


# The measures --------------------------------------------------------------------------------------------------------


def labels(scores: Scores, bound: float) -> Labels:
    """-1, 0 or 1: a score counts as a sign where it is not zero and reaches the bound; NaN is neutral.

    Examples:
        >>> labels(np.array([0.05, 0.04, -1.0, 0.0, np.nan]), 0.05).tolist()
        [1, 0, -1, 0, 0]
    """
    filled = np.nan_to_num(scores)
    return np.where(np.abs(filled) >= bound, np.sign(filled), 0).astype(np.int64)


def confusions(gold: Labels, found: Labels, groups: Labels, classes: Sequence[int]) -> npt.NDArray[np.int64]:
    """A confusion matrix a group: rows are the gold classes, columns the found ones."""
    counts = np.zeros((int(groups.max()) + 1, len(classes), len(classes)), dtype=np.int64)
    np.add.at(counts, (groups, np.searchsorted(classes, gold), np.searchsorted(classes, found)), 1)
    return counts


def macro_f1(confusion: npt.NDArray[np.int64]) -> Scores:
    """The mean F1 of all classes, over any number of confusion matrices at once.

    A class that is neither in the gold nor found counts as 0, so that the number of classes never changes.
    """
    right = np.diagonal(confusion, axis1=-2, axis2=-1)
    both = confusion.sum(axis=-1) + confusion.sum(axis=-2)
    f1: Scores = np.divide(2 * right, both, out=np.zeros(both.shape), where=both > 0).mean(axis=-1)
    return f1


def f1_of_yes(confusion: npt.NDArray[np.int64]) -> Scores:
    """The F1 of "yes" alone, over any number of confusion matrices of no and yes at once; 0 where there is none."""
    right = confusion[..., 1, 1]
    both = confusion[..., 1, :].sum(axis=-1) + confusion[..., :, 1].sum(axis=-1)
    f1: Scores = np.divide(2 * right, both, out=np.zeros(both.shape), where=both > 0)
    return f1


def interval(
    by_group: npt.NDArray[np.int64], measure: Callable[[npt.NDArray[np.int64]], Scores] = macro_f1
) -> tuple[float, float]:
    """A 95 percent interval for the macro-F1 or another measure, by drawing whole groups with replacement.

    What is said of two mentions in one sentence is not independent, so the sentences are drawn and not the mentions.
    """
    groups = len(by_group)
    draws = np.random.default_rng(SEED).multinomial(groups, np.full(groups, 1 / groups), size=RESAMPLES)
    drawn = (draws @ by_group.reshape(groups, -1)).reshape(RESAMPLES, *by_group.shape[1:])
    low, high = np.quantile(measure(drawn), [0.025, 0.975])
    return float(low), float(high)


def measures(gold: Labels, found: Labels, groups: Labels, classes: Sequence[int]) -> dict[str, float]:
    """Accuracy, macro-F1 and its interval."""
    by_group = confusions(gold, found, groups, classes)
    low, high = interval(by_group)
    return {
        "n": len(gold),
        "accuracy": float((gold == found).mean()),
        "macro_f1": float(macro_f1(by_group.sum(axis=0))),
        "macro_f1_low": low,
        "macro_f1_high": high,
    }


def sign_measures(gold: Labels, scores: Scores, found: Labels) -> dict[str, float]:
    """How often a method knows anything to say, and how often the sign is right where it gives one.

    `sign_precision` leaves out the mentions that people found neutral, `sign_precision_strict` counts them as wrong.
    """
    right = int(((found == gold) & (found != 0)).sum())
    signed, signed_in_both = int((found != 0).sum()), int(((found != 0) & (gold != 0)).sum())
    return {
        "coverage": float((~np.isnan(scores)).mean()),
        "sign_precision": right / signed_in_both if signed_in_both else math.nan,
        "sign_precision_strict": right / signed if signed else math.nan,
    }


def yes_measures(gold: Labels, found: Labels) -> dict[str, float]:
    """Precision, recall and F1 of "yes", its interval by drawing texts, and the false alarms.

    Precision is NaN for a method that never says yes, and recall where there is nothing to find.
    """
    by_text = confusions(gold, found, np.arange(len(gold)), YES_NO)
    (quiet, alarms), (missed, right) = by_text.sum(axis=0).tolist()
    low, high = interval(by_text, f1_of_yes)
    return {
        "n": len(gold),
        "precision": right / (right + alarms) if right + alarms else math.nan,
        "recall": right / (right + missed) if right + missed else math.nan,
        "f1": float(f1_of_yes(by_text.sum(axis=0))),
        "f1_low": low,
        "f1_high": high,
        "false_alarms": alarms,
        "without_shift": quiet + alarms,
    }


def span_f1(text: str, one: tuple[int, int], other: tuple[int, int]) -> float:
    """The F1 of the tokens that two spans of a text take in, if only in part.

    Examples:
        >>> span_f1("I thought it was dull.", (0, 21), (10, 22))
        0.6666666666666666
    """
    tokens = [match.span() for match in TOKEN.finditer(text)]
    first, second = ({token for token in tokens if token[0] < end and token[1] > start} for start, end in (one, other))
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else 0.0


def change_measures(reviews: Sequence[Review], found: Sequence[Sequence[Change]]) -> dict[str, float]:
    """How many of the marked changes are found with both their spans, and how many with their type.

    The type is that of the found change that fits best, by the sum of both F1; one that shares no token fits nothing.
    """
    spans, types = list[bool](), list[bool]()
    for review, changes in zip(reviews, found, strict=True):
        for gold in review.changes:
            fits = [
                (span_f1(review.text, gold.before, change.before), span_f1(review.text, gold.after, change.after))
                for change in changes
            ]
            spans.append(any(min(fit) >= FITS for fit in fits))
            # The first of those that fit equally well.
            best = max(range(len(fits)), key=lambda number: sum(fits[number]), default=None)
            types.append(best is not None and sum(fits[best]) > 0 and changes[best].type == gold.type)
    return {
        "shifts": len(spans),
        "spans": sum(spans) / len(spans) if spans else math.nan,
        "types": sum(types) / len(types) if types else math.nan,
        "types_of_found": sum(map(min, spans, types)) / sum(spans) if any(spans) else math.nan,
    }


# The tables ----------------------------------------------------------------------------------------------------------


def targeted(path: Path, ways: Sequence[Method], nlp: Language) -> Iterator[dict[str, Any]]:
    """A row a method: the polarity towards the marked mentions of a file."""
    examples = read_examples(path)
    sentences = sorted({example.sentence for example in examples})
    docs = dict(zip(sentences, nlp.pipe(sentences), strict=True))
    gold = np.array([example.gold for example in examples])
    groups = np.array([sentences.index(example.sentence) for example in examples])
    for way in ways:
        scores = np.array([way.score(example, docs[example.sentence]) for example in examples], dtype=np.float64)
        found = labels(scores, way.bound)
        yield {
            "task": "polarity towards a mention",
            "data": path.name,
            "method": way.name,
            **measures(gold, found, groups, POLARITIES),
            **sign_measures(gold, scores, found),
        }


def claiming(path: Path, essays: Sequence[Essay], reader: Reader) -> Iterator[dict[str, Any]]:
    """A row a method: which sentences of the essays hold a claim."""
    gold = np.array([claims for essay in essays for _, _, claims in essay.sentences], dtype=np.int64)
    ways: dict[str, Callable[[Essay], list[bool]]] = {
        "TextBlob, subjectivity": textblob_asserts,
        "ours": lambda essay: ours_asserts(reader, essay),
    }
    for name, asserts in ways.items():
        found = np.array([answer for essay in essays for answer in asserts(essay)], dtype=np.int64)
        yield {
            "task": "sentence makes a claim",
            "data": path.name,
            "method": name,
            **measures(gold, found, np.arange(len(gold)), YES_NO),
        }


def changing(path: Path, reader: Reader) -> Iterator[dict[str, Any]]:
    """A row a method: which texts state that their writer has changed their mind, and for ours where, and how."""
    reviews = read_reviews(path)
    gold = np.array([bool(review.changes) for review in reviews], dtype=np.int64)
    changes = [ours_changes(reader, review.text) for review in reviews]
    ways: dict[str, tuple[list[bool], dict[str, float]]] = {
        '"I thought ... but"': ([bool(I_THOUGHT_BUT.search(review.text)) for review in reviews], {}),
        "any of many cues": ([bool(BROAD_CUES.search(review.text)) for review in reviews], {}),
        "ours": ([bool(found) for found in changes], change_measures(reviews, changes)),
    }
    for name, (answers, where_and_how) in ways.items():
        yield {
            "task": STATED_CHANGE,
            "data": path.name,
            "method": name,
            **yes_measures(gold, np.array(answers, dtype=np.int64)),
            **where_and_how,
        }


def speeds(
    path: Path, essays: Sequence[Essay], peers: Peers, reader: Reader, nlp: Language
) -> Iterator[dict[str, Any]]:
    """A row a method: words per second over the essays, from text to scores, in this one process.

    Every method goes over all essays once a round, so that what else the computer does meets all alike; the median
    round counts. Those that rest on the parse pay for it.
    """

    def parsed() -> Iterator[Doc]:
        # A document at a time and with the same unfinished sentences kept together, as ours does it.
        for essay in essays:
            doc = nlp.make_doc(essay.text)
            keep_unfinished_together(doc)
            yield from nlp.pipe([doc])

    def sentences() -> Iterator[str]:
        return (essay.text[start:end] for essay in essays for start, end, _ in essay.sentences)

    ways: dict[str, Callable[[], object]] = {
        "bare parse": lambda: list(parsed()),
        "ours, all claims": lambda: [reader.claims(Source.from_text(essay.text), targets=None) for essay in essays],
        "TextBlob": lambda: [textblob(sentence) for sentence in sentences()],
        "VADER": lambda: [vader(sentence, peers) for sentence in sentences()],
        "asent, every sentence": lambda: [asent(sent, peers) for doc in parsed() for sent in doc.sents],
        "tied words, every noun": lambda: [
            tied_words(doc[token.i : token.i + 1], lambda word: opinion_of(word, peers.vader_words), EDGES[0])
            for doc in parsed()
            for token in doc
            if token.pos_ in {"NOUN", "PROPN"}
        ],
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - begun)
    words = sum(len(essay.text.split()) for essay in essays)
    bare = statistics.median(seconds["bare parse"])
    for name, taken in seconds.items():
        median = statistics.median(taken)
        yield {
            "task": "speed",
            "data": path.name,
            "method": name,
            "n": words,
            "words_per_second": words / median,
            "share_of_bare": bare / median,
            "on_top_of_bare": median / bare - 1,
        }


def provenance() -> dict[str, str]:
    """Which code, what day, and what versions a table was made with."""
    installed = {package.metadata["Name"].lower() for package in importlib.metadata.distributions()}
    model = next(name for name in MODEL_PACKAGES if name in {found.replace("-", "_") for found in installed})
    # The table itself is what a run changes.
    changed = _git("status", "--porcelain", "--", ".", f":!{RESULTS.relative_to(ROOT).as_posix()}")
    return {
        "commit": _git("rev-parse", "--verify", "--quiet", "HEAD") or "unknown",
        "tree": "dirty" if changed else "clean",
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "model": f"{model} {importlib.metadata.version(model)}",
        **{name.lower(): importlib.metadata.version(name) for name in ("spacy", "textblob", "vaderSentiment", "asent")},
    }


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


def printed(results: pd.DataFrame, origin: Mapping[str, str]) -> Group:
    """The results for people, 100 columns wide; those about changes of belief stand in a table of their own."""
    of_changes = results["task"] == STATED_CHANGE
    changes = _printed_changes(results[of_changes])
    made_with = (f"{name} {value[:12] if name == 'commit' else value}" for name, value in origin.items())
    changes.caption = " · ".join(made_with)
    return Group(_printed_others(results[~of_changes]), changes)


def _printed_others(results: pd.DataFrame) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        padding=0,
        title="Dev files; in percent, but for n, words a second, and multiples of the bare parse's speed",
    )
    table.add_column("method", width=28)
    heads = ("n", 5), ("accu-\nracy", 5), ("macro\nF1", 5), ("95 %\ninterval", 9), ("cover-\nage", 6)
    for head, width in (*heads, ("sign\nright", 5), ("same,\nstrict", 6), ("words\n/s", 6), ("x bare\nparse", 6)):
        table.add_column(head, justify="right", width=width, no_wrap=True)
    for (task, data), rows in results.groupby(["task", "data"], sort=False):
        table.add_section()
        table.add_row(f"[bold]{data}[/bold]\n{task}")
        for row in rows.to_dict("records"):
            low, high = _percent(row["macro_f1_low"]), _percent(row["macro_f1_high"])
            table.add_row(
                f"  {row['method']}",
                f"{row['n']:.0f}",
                _percent(row["accuracy"]),
                _percent(row["macro_f1"]),
                f"{low}–{high}" if low else "",
                _percent(row["coverage"]),
                _percent(row["sign_precision"]),
                _percent(row["sign_precision_strict"]),
                "" if math.isnan(row["words_per_second"]) else f"{row['words_per_second']:.0f}",
                "" if math.isnan(row["share_of_bare"]) else f"{row['share_of_bare']:.2f}",
            )
    return table


def _printed_changes(results: pd.DataFrame) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=0, title="Dev files; in percent, but for n and false alarms")
    table.add_column("method", width=26)
    heads = ("n", 5), ("preci-\nsion", 6), ("recall", 6), ("F1", 5), ("95 %\ninterval", 10), ("false\nalarms", 8)
    for head, width in (*heads, ("both\nspans", 6), ("type", 5), ("type, if\nspans right", 11)):
        table.add_column(head, justify="right", width=width, no_wrap=True)
    for (task, data), rows in results.groupby(["task", "data"], sort=False):
        table.add_section()
        table.add_row(f"[bold]{data}[/bold]\n{task}")
        for row in rows.to_dict("records"):
            table.add_row(
                f"  {row['method']}",
                f"{row['n']:.0f}",
                _percent(row["precision"]),
                _percent(row["recall"]),
                _percent(row["f1"]),
                f"{_percent(row['f1_low'])}–{_percent(row['f1_high'])}",
                f"{row['false_alarms']:.0f} of {row['without_shift']:.0f}",
                _percent(row["spans"]),
                _percent(row["types"]),
                _percent(row["types_of_found"]),
            )
    return table


def _percent(share: float) -> str:
    return "" if math.isnan(share) else f"{100 * share:.1f}"


def run(folder: Path) -> pd.DataFrame:
    """Measure everything on the files of a folder: a row a task, file and method."""
    check_data(folder)
    peers, reader, nlp = load_peers(), Reader(), load_model()
    essays = read_essays(folder / ESSAYS)
    rows: list[dict[str, Any]] = []
    # First, while the vocabulary is still as small as it is for somebody who reads an essay.
    speed = list(speeds(folder / ESSAYS, essays, peers, reader, nlp))
    for name in TARGETED:
        rows += targeted(folder / name, methods(peers, reader), nlp)
    rows += claiming(folder / ESSAYS, essays, reader)
    rows += changing(folder / REVIEWS, reader)
    return pd.DataFrame([*rows, *speed], columns=COLUMNS)


def stored(results: pd.DataFrame) -> pd.DataFrame:
    """The results as they are stored: whole numbers stay whole, where other tasks have none."""
    return results.astype(dict.fromkeys(COUNTS, "Int64"))


def main(arguments: Sequence[str]) -> int:
    """Measure, print the tables, and store them as one beside this file; 2 where something is missing."""
    console = Console(width=100)
    try:
        if len(arguments) != 1 or not arguments[0]:
            raise BenchError(
                "Say where the data are: make bench DATA=folder; benchmarks/README.md says which they are."
            )
        results = run(Path(arguments[0]))
    except BenchError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    origin = provenance()
    console.print(printed(results, origin))
    stored(results).assign(**origin).to_csv(RESULTS, index=False, float_format="%.4f", lineterminator="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
