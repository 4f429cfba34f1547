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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.claims import claim_rows
from analysis.cleaning import Source
from analysis.corpus.parts import read_part, write_part
from analysis.corpus.rows import Row
from analysis.errors import InputError
from analysis.evidence import evidence_units, verdict_rows
from analysis.mentions import Forms
from analysis.parsing import load_model
from analysis.remembering import KeptWords
from analysis.shifts import find_shifts, shift_rows
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
    return Reader()


@functools.cache
def _kept_words() -> KeptWords:
    """The words that all parts have in common, once a process."""
    # The C library of Linux gives freed memory back to the system at once, to ask for it again with the next batch,
    # which takes a tenth of the whole time. When it has seen a block of this size freed, it keeps as much.
    np.empty(31 << 20, dtype="uint8")
    return KeptWords(load_model())


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
    texts: list[tuple[Row, Source, tuple[Paragraph, ...]]] = []
    for row in rows:
        try:
            source = _article(row)
        except InputError as error:
            told["rejects"].append(_reject("articles", row, str(error)))
            continue
        texts.append((row, source, find_voices(source)))
    for (row, source, _), found in zip(texts, _reader().find_all([text[1:] for text in texts]), strict=True):
        forms = Forms.of(found.entities)
        called = forms.called()
        claims = claim_rows(source.text, "essay", found.claims)
        repeated = repeated_titles(found.sentences)
        ids = {"article_id": row.id, "response_id": None, "row": row.number}
        told["claims"] += [_named(ids, claim, called) for claim in claims]
        evidence = [{name: claim[name] for name in _EVIDENCE} for claim in claims if claim["sentence"] not in repeated]
        known = {
            "authors": sorted(found.authors),
            "nouns": forms.nouns,
            "names": forms.names,
            "length": len(source.text),
            "evidence": evidence,
        }
        told["articles"].append(
            {
                "article_id": row.id,
                "row": row.number,
                "sentences": len(found.sentences),
                "claims": len(claims),
                "known": json.dumps(known, ensure_ascii=False),
            }
        )


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
    done: dict[tuple[str, str], _Read] = {}
    _kept_words().keep(row.text for row in rows)
    batches = [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]
    for zone in range(0, len(batches), _BATCHES_A_ZONE):
        with load_model().memory_zone():
            for batch in batches[zone : zone + _BATCHES_A_ZONE]:
                wanted = {row.article: parts[row.article] for row in batch if row.article in parts}
                articles = {id_: _article_of(folder, part, id_) for id_, part in wanted.items()}
                known = {id_: one for id_, one in articles.items() if one is not None}
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


# The rows of all tables of one response, without its ids.
_Read = dict[str, list[dict[str, Any]]]


def _read_responses(
    rows: Sequence[Row],
    known: dict[str, _Article],
    done: dict[tuple[str, str], _Read],
    told: dict[str, list[dict[str, Any]]],
) -> dict[tuple[str, str], _Read]:
    """Read a batch of which some may be done, and return the others by article and text."""
    texts: dict[tuple[str, str], tuple[Source, tuple[Paragraph, ...], frozenset[str]]] = {}
    good: list[Row] = []
    for row in rows:
        if row.reason or row.article not in known:
            told["rejects"].append(_reject("responses", row, row.reason or f"no such article: {row.article}"))
            continue
        key = row.article, row.text
        if key not in texts and key not in done:
            try:
                source = _source(row.text, "response")
            except InputError as error:
                told["rejects"].append(_reject("responses", row, str(error)))
                continue
            texts[key] = (source, find_voices(source), known[row.article].authors)
        good.append(row)
    found = dict(zip(texts, _reader().find_all(list(texts.values())), strict=True))
    read = {key: _response(texts[key][0], one, known[key[0]]) for key, one in found.items()}
    for row in good:
        ids = {"article_id": row.article, "response_id": row.id, "row": row.number}
        key = row.article, row.text
        for table, lines in (read if key in read else done)[key].items():
            told[table] += [ids | line for line in lines]
    return read


def _response(source: Source, found: Found, article: _Article) -> _Read:
    called = Forms.of(found.entities).called(article.forms, article.called)
    claims = [_named({}, claim, called) for claim in claim_rows(source.text, "response", found.claims)]
    changes = find_shifts(found.sentences, found.claims, _reader().lexicon)
    shifts = shift_rows(source.text, "response", changes)
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
