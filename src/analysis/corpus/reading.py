"""Reads a batch of articles, or of responses to articles that have been read, and writes what was found.

These functions run in worker processes. An article is read once; of it, its responses need only what was claimed in it,
whose name it bears, and in which forms its targets stand there.
"""

from __future__ import annotations

import functools
import html
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from analysis.claims import claim_rows
from analysis.cleaning import Source
from analysis.corpus.parts import read_part, write_part
from analysis.corpus.rows import Row
from analysis.errors import InputError, fault
from analysis.evidence import evidence_units, verdict_rows
from analysis.mentions import Forms
from analysis.parsing import load_model
from analysis.remembering import KeptWords
from analysis.shifts import shift_rows
from analysis.study import Found, Reader, repeated_titles
from analysis.voices import Paragraph, find_voices

# A cell that begins with such a tag holds HTML, as the corpora of news sites do.
_MARKED_UP = re.compile(r"\s*<(?:p|div|h[1-6]|ul|ol|blockquote|html|!doctype)\b", re.IGNORECASE)

# Parsed texts are put away after so many, so that memory does not grow with the part; and the words that the pipeline
# has met after so many times that, for each word is dear when it is met first.
_AT_ONCE = 64
_BATCHES_A_ZONE = 8


@functools.cache
def _reader() -> Reader:
    """The lists, once a process."""
    return Reader(threads=1)


@functools.cache
def _kept_words() -> KeptWords:
    """The words that all parts have in common, once a process."""
    # The C library of Linux gives freed memory back to the system at once, to ask for it again with the next batch,
    # which takes a tenth of the whole time. When it has seen a block of this size freed, it keeps as much.
    np.empty(31 << 20, dtype="uint8")
    return KeptWords(load_model())


# A text laid out for reading, with names of its author that it does not tell itself.
_Text = tuple[Source, tuple[Paragraph, ...], frozenset[str]]
# The rows of all tables of one text.
_Read = dict[str, list[dict[str, Any]]]
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _attempt(work: Callable[..., _Value], *arguments: Any) -> _Value | str:
    """What comes of a piece of work on one text, or why nothing does."""
    try:
        return work(*arguments)
    except InputError as error:
        return str(error)
    except MemoryError:  # not the text's: all others would go the same way
        raise
    except Exception as error:
        return fault(error)


def _read_each(
    keys: Iterable[_Key], lay_out: Callable[[_Key], _Text], tell: Callable[[_Key, Source, Found], _Read]
) -> dict[_Key, _Read | str]:
    """Read texts, parsed together; for one that cannot be read, why: it takes none of the others with it.

    Args:
        keys: What stands for each text.
        lay_out: Gives the text.
        tell: Gives the rows for what was found in it.
    """
    laid_out = {key: _attempt(lay_out, key) for key in keys}
    texts = {key: text for key, text in laid_out.items() if not isinstance(text, str)}
    together: Sequence[Found | str] | str = _attempt(_reader().find_all, list(texts.values()))
    if isinstance(together, str):  # on account of one of them, and it does not say which
        together = [_attempt(_find_alone, text) for text in texts.values()]
    found = dict(zip(texts, together, strict=True))
    read: dict[_Key, _Read | str] = {}
    for key, text in laid_out.items():
        one = text if isinstance(text, str) else found[key]
        read[key] = one if isinstance(one, str) else _attempt(tell, key, text[0], one)
    return read


def _find_alone(text: _Text) -> Found:
    [found] = _reader().find_all([text])
    return found


def read_articles(name: str, rows: Sequence[Row], folder: str) -> int:
    """Read some articles, and write their claims and what their responses need of them.

    Args:
        name: Of the part.
        rows: The articles.
        folder: Where to write.

    Returns:
        How many rows are done.
    """
    out = Path(folder)
    told: dict[str, list[dict[str, Any]]] = {"claims": [], "articles": [], "rejects": []}
    _kept_words().keep(row.text for row in rows)
    with load_model().memory_zone():  # what is parsed in it has to be gone at its end, hence a function of its own
        _read_articles(rows, told)
    for table in ("claims", "rejects", "articles"):  # the last one says that the part is done
        write_part(out, table, name, told[table])
    return len(rows)


def _read_articles(rows: Sequence[Row], told: dict[str, list[dict[str, Any]]]) -> None:
    def lay_out(row: Row) -> _Text:
        source = _article(row)
        return source, find_voices(source), frozenset()

    for row, read in _read_each(rows, lay_out, _article_rows).items():
        if isinstance(read, str):
            told["rejects"].append(_reject("articles", row, read))
            continue
        for table, lines in read.items():
            told[table] += lines


def _article_rows(row: Row, source: Source, found: Found) -> _Read:
    forms = Forms.of(found.entities)
    called = forms.called()
    claims = claim_rows(source.text, "essay", found.claims)
    repeated = repeated_titles(found.sentences)
    ids = {"article_id": row.id, "response_id": None, "row": row.number}
    evidence = [{name: claim[name] for name in _EVIDENCE} for claim in claims if claim["sentence"] not in repeated]
    known = {
        "authors": sorted(found.authors),
        "nouns": forms.nouns,
        "names": forms.names,
        "length": len(source.text),
        "evidence": evidence,
    }
    article = {
        "article_id": row.id,
        "row": row.number,
        "sentences": len(found.sentences),
        "claims": len(claims),
        "known": json.dumps(known, ensure_ascii=False),
    }
    return {"claims": [_named(ids, claim, called) for claim in claims], "articles": [article]}


# What weighing an article's claims needs of them.
_EVIDENCE = ("sentence", "start", "end", "reporter", "holder", "target", "polarity", "hedge")


@dataclass(frozen=True, eq=False)
class _Article:
    """What the responses to an article need of it."""

    authors: frozenset[str]
    forms: Forms
    length: int
    evidence: list[dict[str, Any]]
    called: dict[str, str]

    def weighed(self, called: dict[str, str]) -> pd.DataFrame:
        """Its evidence, with the targets called so."""
        return _weighed(self, tuple(called.get(claim["target"], claim["target"]) for claim in self.evidence))


# Neighbours in a file often answer to the same article, and most of these call its targets alike.
@functools.lru_cache(maxsize=64)
def _weighed(article: _Article, names: tuple[str, ...]) -> pd.DataFrame:
    claims = [claim | {"target": name} for claim, name in zip(article.evidence, names, strict=True)]
    return evidence_units(pd.DataFrame(claims, columns=_EVIDENCE), article.length)


def read_responses(name: str, rows: Sequence[Row], parts: dict[str, str], folder: str) -> int:
    """Read some responses, and write their claims, changes of belief and verdicts.

    Args:
        name: Of the part.
        rows: The responses.
        parts: The part that each of their articles is in, by the article's id.
        folder: Where to write.

    Returns:
        How many rows are done.
    """
    out = Path(folder)
    told: dict[str, list[dict[str, Any]]] = {
        table: [] for table in ("claims", "shifts", "verdicts", "rejects", "responses")
    }
    # What several people sent to an article in the same words is read once.
    sent = Counter((row.article, row.text) for row in rows)
    again = frozenset(key for key, times in sent.items() if times > 1)
    done: dict[tuple[str, str], _Read | str] = {}
    _kept_words().keep(row.text for row in rows)
    batches = [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]
    for zone in range(0, len(batches), _BATCHES_A_ZONE):
        with load_model().memory_zone():
            for batch in batches[zone : zone + _BATCHES_A_ZONE]:
                wanted = {row.article: parts[row.article] for row in batch if row.article in parts}
                known = {id_: _article_of(folder, part, id_) for id_, part in wanted.items()}
                read = _read_responses(batch, known, done, told)
                done |= {key: one for key, one in read.items() if key in again}
    for table in ("claims", "shifts", "verdicts", "rejects", "responses"):
        write_part(out, table, name, told[table])
    return len(rows)


@functools.lru_cache(maxsize=64)
def _article_of(folder: str, part: str, id_: str) -> _Article | None:
    """An article that has been read; None if it could not be."""
    told = _articles_of(folder, part).get(id_)
    if told is None:
        return None
    known = json.loads(told)
    forms = Forms(known["nouns"], known["names"])
    return _Article(frozenset(known["authors"]), forms, known["length"], known["evidence"], forms.called())


@functools.lru_cache(maxsize=8)
def _articles_of(folder: str, part: str) -> dict[str, str]:
    """What is known of the articles of a part, by id."""
    return {row["article_id"]: row["known"] for row in read_part(Path(folder), "articles", part)}


def _read_responses(
    rows: Sequence[Row],
    known: dict[str, _Article | None],
    done: dict[tuple[str, str], _Read | str],
    told: dict[str, list[dict[str, Any]]],
) -> dict[tuple[str, str], _Read | str]:
    """Read a batch of which some may be done, and return the others by article and text."""

    def article(id_: str) -> _Article:
        one = known.get(id_)
        if one is None:
            raise InputError(f"its article could not be read: {id_}" if id_ in known else f"no such article: {id_}")
        return one

    def lay_out(key: tuple[str, str]) -> _Text:
        authors = article(key[0]).authors
        source = _source(key[1], "response")
        return source, find_voices(source), authors

    def tell(key: tuple[str, str], source: Source, found: Found) -> _Read:
        return _response(source, found, article(key[0]))

    sent = dict.fromkeys((row.article, row.text) for row in rows if not row.reason)
    read = _read_each([key for key in sent if key not in done], lay_out, tell)
    for row in rows:
        key = row.article, row.text
        one = row.reason or (read if key in read else done)[key]
        if isinstance(one, str):
            told["rejects"].append(_reject("responses", row, one))
            continue
        ids = {"article_id": row.article, "response_id": row.id, "row": row.number}
        for table, lines in one.items():
            told[table] += [ids | line for line in lines]
    return read


def _response(source: Source, found: Found, article: _Article) -> _Read:
    called = Forms.of(found.entities).called(article.forms, article.called)
    claims = [_named({}, claim, called) for claim in claim_rows(source.text, "response", found.claims)]
    stated = found.answer.shifts if found.answer.kind == "stated" else ()
    shifts = shift_rows(source.text, "response", stated)
    for shift in shifts:
        for side in ("before_target", "after_target"):
            shift[side] = called.get(shift[side], shift[side])
    verdicts: list[dict[str, Any]] = []
    if shifts:
        told = verdict_rows(shifts, article.weighed(called))
        verdicts = [{name: _plain(value) for name, value in row.items()} for row in told]
    for shift in shifts:
        shift |= {name: _plain(value) for name, value in shift.items()}
    first = shifts[0] if shifts else {}
    return {
        "claims": claims,
        "shifts": shifts,
        "verdicts": verdicts,
        "responses": [
            {
                "sentences": len(found.sentences),
                "claims": len(claims),
                "shifts": len(shifts),
                "answer": found.answer.kind,
                "probability": found.answer.probability,
                **{name: first.get(name) for name in ("type", "before_target", "after_target")},
                "before_verdict": verdicts[0]["verdict"] if verdicts else None,
                "after_verdict": verdicts[1]["verdict"] if verdicts else None,
            }
        ],
    }


def _article(row: Row) -> Source:
    """An article with its title and byline, where it has them, laid out as such."""
    if row.reason:
        raise InputError(row.reason)
    if _MARKED_UP.match(row.text):
        title = f"<h1>{html.escape(row.title)}</h1>" if row.title.strip() else ""
        byline = f"<p>by {html.escape(row.author)}</p>" if row.author.strip() else ""
        return _source(f"{title}{byline}{row.text}", "essay")
    head = [row.title.strip(), f"by {row.author.strip()}" if row.author.strip() else ""]
    return _source("\n\n".join([*(line for line in head if line), row.text]), "essay")


def _source(text: str, name: str) -> Source:
    return Source.from_bytes(
        text.encode("utf-8", errors="replace"),
        name=name,
        label="text",
        suffix=".html" if _MARKED_UP.match(text) else "",
    )


def _named(ids: dict[str, Any], claim: dict[str, Any], called: dict[str, str]) -> dict[str, Any]:
    return ids | claim | {"key": claim["target"], "target": called.get(claim["target"], claim["target"])}


def _reject(file: str, row: Row, reason: str) -> dict[str, Any]:
    return {"file": file, "row": row.number, "id": row.id, "reason": reason}


def _plain(value: Any) -> Any:
    """A value as Parquet holds it: what is unknown is null."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and math.isnan(value) else value
