"""Writes what was found as Parquet, a part at a time, and knows which parts are done."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.claims import CLAIM_COLUMNS
from analysis.evidence import VERDICT_COLUMNS
from analysis.shifts import SHIFT_COLUMNS

_IDS = {"article_id": pa.string(), "response_id": pa.string(), "row": pa.int64()}
_WHOLE = frozenset(
    "sentence start end target_start target_end cue_start cue_end shift before_start before_end after_start after_end"
    " n_for n_against".split()
)
_REAL = frozenset(
    "polarity negative neutral positive textblob before_polarity before_textblob after_polarity"
    " after_textblob weight_for weight_against probability share low high".split()
)
_YES_OR_NO = frozenset({"second_order"})


def _typed(columns: Iterable[str]) -> dict[str, pa.DataType]:
    return {
        column: pa.int64()
        if column in _WHOLE
        else pa.float64()
        if column in _REAL
        else pa.bool_()
        if column in _YES_OR_NO
        else pa.string()
        for column in columns
    }


SCHEMAS = {
    # `key` is the target's name before all texts of a pair have agreed on a form of it.
    "claims": pa.schema({**_IDS, **_typed(CLAIM_COLUMNS), "key": pa.string()}),
    "shifts": pa.schema({**_IDS, **_typed(SHIFT_COLUMNS)}),
    "verdicts": pa.schema({**_IDS, **_typed(VERDICT_COLUMNS)}),
    "rejects": pa.schema({"file": pa.string(), "row": pa.int64(), "id": pa.string(), "reason": pa.string()}),
    # What the reading of responses needs of their article; `known` is JSON.
    "articles": pa.schema(
        {
            "article_id": pa.string(),
            "row": pa.int64(),
            "sentences": pa.int64(),
            "claims": pa.int64(),
            "known": pa.string(),
        }
    ),
    "responses": pa.schema(
        {
            **_IDS,
            "sentences": pa.int64(),
            "claims": pa.int64(),
            "shifts": pa.int64(),
            "answer": pa.string(),
            "probability": pa.float64(),
            **{name: pa.string() for name in ("type", "before_target", "after_target")},
            **{name: pa.string() for name in ("before_verdict", "after_verdict")},
        }
    ),
}


def write_part(folder: Path, table: str, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write one part of a table, whole or not at all."""
    path = part_path(folder, table, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    columns = {field.name: pa.array([row.get(field.name) for row in rows], type=field.type) for field in SCHEMAS[table]}
    pq.write_table(pa.table(columns, schema=SCHEMAS[table]), unfinished)
    unfinished.replace(path)


def part_path(folder: Path, table: str, name: str) -> Path:
    """Where a part of a table is."""
    return folder / table / f"{name}.parquet"


def read_part(folder: Path, table: str, name: str) -> list[dict[str, Any]]:
    """The rows of a part."""
    rows: list[dict[str, Any]] = pq.read_table(part_path(folder, table, name)).to_pylist()
    return rows


def count_rows(folder: Path, table: str) -> int:
    """How many rows all parts of a table have."""
    return sum(pq.read_metadata(path).num_rows for path in (folder / table).glob("*.parquet"))


def join_parts(folder: Path, table: str, target: Path) -> int:
    """Put all parts of a table into one file, in order; how many rows it has."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    rows = 0
    with pq.ParquetWriter(unfinished, SCHEMAS[table]) as writer:
        for path in sorted((folder / table).glob("*.parquet")):
            part = pq.read_table(path)
            writer.write_table(part)
            rows += part.num_rows
    unfinished.replace(target)
    return rows
