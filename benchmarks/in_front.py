"""Counts the claims that change when an unrelated sentence stands in front.

`python benchmarks/in_front.py` reads a hundred of the project's own cases (tests/cases.csv), alone and behind each of
three sentences that have nothing to do with them. The encoder reads every sentence alone, so nothing should change;
what does, comes from the parse or from pronouns.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from analysis import Source
from analysis.study import Reader

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases.csv"
NUMBER = 100
SEED = 1
# Without a noun that a pronoun behind it could stand for, with one, and with an opinion of its own.
IN_FRONT = ("It rained.", "The parcel came on a Tuesday.", "The dreadful wallpaper has gone.")

# Who says what about what, and how it is meant; offsets are those in the case alone.
Told = tuple[int, int, str, float, str, str, str]


def read_cases(path: Path = CASES, number: int = NUMBER) -> list[str]:
    """So many different texts of the cases, drawn with a fixed seed."""
    with path.open(encoding="utf-8", newline="") as file:
        texts = list(dict.fromkeys(row["text"] for row in csv.DictReader(file)))
    return random.Random(SEED).sample(texts, min(number, len(texts)))


def told(reader: Reader, text: str, before: str = "") -> list[Told]:
    """The claims of a text that stands behind `before`, without those of what stands before it."""
    moved = len(before) + bool(before)
    claims = reader.claims(Source.from_text(f"{before} {text}" if before else text, name="response"))
    return [
        (c.target_start - moved, c.target_end - moved, c.target, c.polarity, c.holder, c.kind, c.time)
        for c in claims
        if c.target_start >= moved
    ]


def changed(reader: Reader, texts: Sequence[str], in_front: Sequence[str] = IN_FRONT) -> pd.DataFrame:
    """How many claims are not the same behind an unrelated sentence.

    Returns:
        A row a sentence: `claims`, the number of claims of the texts alone; `lost`, how many of their targets are no
        longer claimed at their place; `new`, how many claims there are at other places; `other`, how many claims
        are there with another target, polarity, holder, kind or time; `texts`, the texts in which anything changed.
    """
    alone = [{claim[:2]: claim for claim in told(reader, text)} for text in texts]
    rows = []
    for before in in_front:
        counts = {"claims": sum(map(len, alone)), "lost": 0, "new": 0, "other": 0}
        different = []
        for text, known in zip(texts, alone, strict=True):
            found = {claim[:2]: claim for claim in told(reader, text, before)}
            counts["lost"] += len(known.keys() - found.keys())
            counts["new"] += len(found.keys() - known.keys())
            counts["other"] += sum(known[place] != found[place] for place in known.keys() & found.keys())
            if known != found:
                different.append(text)
        rows.append({"in_front": before, **counts, "texts": tuple(different)})
    return pd.DataFrame(rows)


def main() -> int:
    """Read the cases with and without a sentence in front, and print what changes."""
    texts = read_cases()
    table = Table(box=box.SIMPLE_HEAD, title=f"Claims of {len(texts)} cases that change behind an unrelated sentence")
    for head in ("in front", "claims alone", "lost", "new", "other"):
        table.add_column(head, justify="left" if head == "in front" else "right")
    found = changed(Reader(), texts)
    for row in found.to_dict("records"):
        table.add_row(row["in_front"], *(str(row[column]) for column in ("claims", "lost", "new", "other")))
    console = Console(width=100)
    console.print(table)
    for text in dict.fromkeys(text for texts in found["texts"] for text in texts):
        console.print(f"changed: {text}", soft_wrap=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
