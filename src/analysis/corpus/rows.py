"""Takes articles and responses from CSV, JSON Lines or Parquet, row by row; a bad row comes with what is wrong."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InputError

FORMATS = {".csv": "csv", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet"}

# A cell of a table may be as long as a text that is read by itself.
_LONGEST_CELL = 10_000_000


@dataclass(frozen=True)
class Layout:
    """The names of the columns; an empty one is not there.

    Examples:
        >>> LAYOUTS["socc"].response_text
        'comment_text'
    """

    article_id: str = "article_id"
    article_text: str = "text"
    title: str = ""
    author: str = ""
    response_id: str = "response_id"
    response_article: str = "article_id"
    response_text: str = "text"


# The second is that of the SFU Opinion and Comments Corpus (Kolhatkar et al. 2020, Corpus Pragmatics 4).
LAYOUTS = {
    "plain": Layout(),
    "socc": Layout(
        article_text="article_text",
        title="title",
        author="author",
        response_id="comment_counter",
        response_text="comment_text",
    ),
}


@dataclass(frozen=True)
class Row:
    """One article or response. `number` counts the rows of its file from 0; `reason` says why it cannot be read."""

    number: int
    id: str
    text: str
    article: str = ""
    title: str = ""
    author: str = ""
    reason: str = ""


def articles(path: Path, layout: Layout) -> Iterator[Row]:
    """The rows of a file of articles.

    Raises:
        InputError: If the file cannot be read, or lacks a column.
    """
    columns = {"id": layout.article_id, "text": layout.article_text, "title": layout.title, "author": layout.author}
    return _rows(path, {name: column for name, column in columns.items() if column})


def responses(path: Path, layout: Layout) -> Iterator[Row]:
    """The rows of a file of responses.

    Raises:
        InputError: If the file cannot be read, or lacks a column.
    """
    columns = {"id": layout.response_id, "article": layout.response_article, "text": layout.response_text}
    return _rows(path, columns)


def count(path: Path) -> int:
    """How many rows a file has.

    Raises:
        InputError: If the file cannot be read.
    """
    return sum(1 for _ in _cells(path, ()))


def _rows(path: Path, columns: Mapping[str, str]) -> Iterator[Row]:
    for number, (cells, reason) in enumerate(_cells(path, tuple(columns.values()))):
        told = {name: cells.get(column, "") for name, column in columns.items()}
        if not reason and any("\udc80" <= character <= "\udcff" for text in told.values() for character in set(text)):
            reason = "broken encoding"
        # What is no text cannot be written to any table either, such as half an emoji where JSON was cut.
        told = {name: text.encode("utf-8", "replace").decode() for name, text in told.items()}
        if not reason and not told["text"].strip():
            reason = "no text"
        yield Row(number=number, reason=reason, **{"id": "", "text": "", **told})


def _cells(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[dict[str, str], str]]:
    """The cells of each row by column, and what is wrong with the row."""
    kind = FORMATS.get(path.suffix.lower())
    if kind is None:
        raise InputError(f"{path}: the name must end in one of {', '.join(FORMATS)}.")
    try:
        if kind == "csv":
            yield from _csv_cells(path, columns)
        elif kind == "json":
            yield from _json_cells(path, columns)
        else:
            yield from _parquet_cells(path, columns)
    except FileNotFoundError:
        raise InputError(f"{path}: no such file. Give the path of a table.") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}).") from None


def _csv_cells(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[dict[str, str], str]]:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file)
        header = [name.strip() for name in next(reader, [])]
        _check(path, columns, header)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield {}, f"no row of a table ({error})"
                continue
            if row:
                told = dict(zip(header, row, strict=False))
                wrong = f"{len(row)} cells where the first row has {len(header)}" if len(row) != len(header) else ""
                yield told, wrong


def _json_cells(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[dict[str, str], str]]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
        for line in file:
            if not line.strip():
                continue
            try:
                told = json.loads(line)
            except (ValueError, RecursionError):  # the latter where it is nested thousands deep
                yield {}, "no JSON"
                continue
            if not isinstance(told, dict):
                yield {}, "no JSON object"
                continue
            missing = [column for column in columns if column not in told]
            cells = {name: "" if value is None else str(value) for name, value in told.items()}
            yield cells, f"no {', '.join(missing)}" if missing else ""


def _parquet_cells(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[dict[str, str], str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except pa.ArrowInvalid:
        raise InputError(f"{path}: this is no Parquet file.") from None
    _check(path, columns, file.schema_arrow.names)
    for batch in file.iter_batches(batch_size=1000, columns=list(columns) or None):
        for row in batch.to_pylist():
            yield {name: "" if value is None else str(value) for name, value in row.items()}, ""


def _check(path: Path, columns: tuple[str, ...], found: list[str]) -> None:
    if missing := [column for column in columns if column not in found]:
        raise InputError(
            f"{path}: no column {', '.join(missing)}. Found: {', '.join(found) or 'none'}. Name the columns by "
            "options, or give a --layout."
        )
