"""Scores anybody's answers on stated changes of belief: `python benchmarks/changes.py MARKED FOUND`.

MARKED is a file of marked texts: with tags in the text, as in `data/training/shifts-1.jsonl`, or with offsets, as
`benchmarks/README.md` describes. FOUND has a line for each text: an object with its `id` and `shifts`, a list of
objects with `before_start, before_end, after_start, after_end` (characters of the text without tags) and `type`; an
empty list says that the text states no change. With `--ours` instead of FOUND, our own answers are scored.

`--rates FOLDER` counts instead how often the usual words of change stand in texts with and without one, file by file:
look at that before you train, since what a model learns from may be these words alone.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data import BenchError, Change, Review, as_change
from measures import change_measures, yes_measures
from peers import BROAD_CUES

_TAG = re.compile(r"⟦(/?)([AB])(\d?)⟧")
_WORD = re.compile(r"\w+")


def read_marked(path: Path) -> dict[str, Review]:
    """Marked texts by their id.

    Raises:
        BenchError: If the file is not of that form; the message names the line.
    """
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            found[str(row["id"])] = _review(row)
        except (ValueError, KeyError, TypeError) as wrong:
            raise BenchError(f"{path}, line {number}: no marked text ({wrong!r}); see benchmarks/README.md") from None
    return found


def _review(row: Mapping[str, Any]) -> Review:
    if "shifts" in row:
        return Review(row["text"], tuple(as_change(marked) for marked in row["shifts"]))
    text, done = "", 0
    opened: dict[str, int] = {}
    spans: dict[str, tuple[int, int]] = {}
    for tag in _TAG.finditer(row["text"]):
        text += row["text"][done : tag.start()]
        done = tag.end()
        name = f"{tag[2]}{tag[3] or 1}"
        if tag[1]:
            spans[name] = (opened.pop(name), len(text))
        else:
            opened[name] = len(text)
    # The type is marked of the first change alone; a second one is scored by its spans, and its type as the first's.
    changes = [Change(spans[f"B{name[1:]}"], spans[name], row["type"]) for name in sorted(spans) if name[0] == "A"]
    return Review(text + row["text"][done:], tuple(changes))


def read_found(path: Path) -> dict[str, tuple[Change, ...]]:
    """Answers by the id of their text.

    Raises:
        BenchError: If a line is no answer; the message names it.
    """
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            found[str(row["id"])] = tuple(as_change(change) for change in row["shifts"])
        except (ValueError, KeyError, TypeError) as wrong:
            raise BenchError(f"{path}, line {number}: no answer ({wrong!r}); see benchmarks/README.md") from None
    return found


def scored(marked: Mapping[str, Review], found: Mapping[str, Sequence[Change]]) -> dict[str, float]:
    """The measures of the benchmarks; a text without an answer is an error, not a no.

    Raises:
        BenchError: If a text has no answer.
    """
    if missing := [name for name in marked if name not in found]:
        raise BenchError(f"{len(missing)} texts have no answer, the first of them {missing[0]}. Give each a line.")
    reviews = list(marked.values())
    answers = [found[name] for name in marked]
    said = np.array([bool(own) for own in answers], dtype=np.int64)
    gold = np.array([bool(review.changes) for review in reviews], dtype=np.int64)
    return {**yes_measures(gold, said), **change_measures(reviews, answers)}


def rates(folder: Path) -> pd.DataFrame:
    """How often the usual words of change stand in texts with and without one: per hundred words, by file."""
    rows = []
    for path in sorted(folder.glob("shifts-*.jsonl"), key=lambda path: int(path.stem.split("-")[1])):
        texts = list(read_marked(path).values())
        for states in (True, False):
            own = [text.text for text in texts if bool(text.changes) is states]
            words = sum(len(_WORD.findall(text)) for text in own)
            cues = sum(len(BROAD_CUES.findall(text)) for text in own)
            middle = float(np.median([len(_WORD.findall(text)) for text in own])) if own else float("nan")
            rows.append((path.name, states, len(own), middle, 100 * cues / words if words else float("nan")))
    return pd.DataFrame(rows, columns=["file", "states_a_change", "texts", "median_words", "cues_per_100_words"])


def main(arguments: Sequence[str]) -> int:
    """Print the scores, or the rates; 2 where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("marked", type=Path, nargs="?", help="the marked texts")
    parser.add_argument("found", type=Path, nargs="?", help="the answers")
    parser.add_argument("--ours", action="store_true", help="score our own answers")
    parser.add_argument("--rates", type=Path, metavar="FOLDER", help="count the usual words of change in a folder")
    asked = parser.parse_args(arguments)
    try:
        if asked.rates is not None:
            sys.stdout.write(rates(asked.rates).to_csv(index=False, float_format="%.2f", lineterminator="\n"))
            return 0
        if asked.marked is None or (asked.found is None) is not asked.ours:
            parser.error("give MARKED and FOUND, or MARKED and --ours")
        marked = read_marked(asked.marked)
        for name, value in scored(marked, _ours(marked) if asked.ours else read_found(asked.found)).items():
            sys.stdout.write(f"{name:16}{value:.3f}\n")
    except (BenchError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _ours(marked: Mapping[str, Review]) -> dict[str, Sequence[Change]]:
    from analysis.study import Reader
    from peers import ours_changes

    reader = Reader()
    return {name: ours_changes(reader, review.text) for name, review in marked.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
