"""Measures the claims of ours beside its peers on public data that are read in place.

`make bench DATA=folder` runs it. README.md beside it says what the columns mean and where the data come from. Ours is
called as anybody would call it, with the marked mention as the only target; nothing here helps it.
"""

from __future__ import annotations

import importlib.metadata
import math
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console, Group
from rich.table import Table
from spacy.language import Language
from spacy.tokens import Doc

from analysis import Source
from analysis.parsing import MODEL_PACKAGES, keep_unfinished_together, load_model
from analysis.study import Reader
from curve import Answers, coverage_rows, describe, draw, with_alt
from data import (
    ALL_REAL,
    ESSAYS,
    BenchError,
    Essay,
    Example,
    check_data,
    read_essays,
    read_examples,
    read_kinds,
    targeted_files,
)
from measures import YES_NO, change_measures, classes_of, labels, measures, sign_measures, yes_measures
from peers import (
    BROAD_CUES,
    I_THOUGHT_BUT,
    OURS,
    Lights,
    Method,
    load_peers,
    methods,
    ours_asserts,
    ours_changes,
    remembering,
    textblob_asserts,
)

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results.csv"
COVERAGE = ROOT / "benchmarks" / "coverage.csv"
PICTURE = ROOT / "benchmarks" / "coverage.png"
README = ROOT / "benchmarks" / "README.md"

ROUNDS = 5

COLUMNS = (
    "task data method n accuracy macro_f1 macro_f1_low macro_f1_high coverage sign_right signs"
    " words_per_second share_of_bare on_top_of_bare on_top_low on_top_high"
    " precision recall f1 f1_low f1_high false_alarms without_shift shifts spans types types_of_found"
).split()
# Whole numbers, stored as such although they are NaN in the rows of other tasks.
COUNTS = ("signs", "false_alarms", "without_shift", "shifts")
STATED_CHANGE = "stated change of belief"


# The tasks -----------------------------------------------------------------------------------------------------------


def answers(path: Path, ways: Sequence[Method], lights: Callable[[Example], Lights], nlp: Language) -> Answers:
    """What each method answers to the marked mentions of a file, and how probable ours finds each light."""
    examples = read_examples(path)
    sentences = list(dict.fromkeys(example.sentence for example in examples))
    docs = dict(zip(sentences, nlp.pipe(sentences), strict=True))
    numbers = {sentence: number for number, sentence in enumerate(sentences)}
    found = {}
    for way in ways:
        scores = np.array([way.score(example, docs[example.sentence]) for example in examples], dtype=np.float64)
        found[way.name] = labels(scores, way.bound, way.unknown)
    said = [lights(example) for example in examples]
    return Answers(
        data=path.name,
        gold=np.array([int(example.gold) for example in examples], dtype=np.int64),
        groups=np.array([numbers[example.sentence] for example in examples], dtype=np.int64),
        found=found,
        negative=np.array([one.negative for one in said], dtype=np.float64),
        positive=np.array([one.positive for one in said], dtype=np.float64),
    )


def targeted(given: Answers) -> Iterator[dict[str, Any]]:
    """A row a method: the polarity towards the marked mentions of a file."""
    for name, found in given.found.items():
        yield {
            "task": "polarity towards a mention",
            "data": given.data,
            "method": name,
            **measures(given.gold, found, given.groups, classes_of(given.gold)),
            **sign_measures(given.gold, found),
        }


def claiming(path: Path, essays: Sequence[Essay], reader: Reader) -> Iterator[dict[str, Any]]:
    """A row a method: which sentences of the essays hold a claim."""
    gold = np.array([claims for essay in essays for _, _, claims in essay.sentences], dtype=np.int64)
    ways: dict[str, Callable[[Essay], list[bool]]] = {
        "TextBlob, subjectivity": textblob_asserts,
        OURS: lambda essay: ours_asserts(reader, essay),
    }
    for name, asserts in ways.items():
        found = np.array([answer for essay in essays for answer in asserts(essay)], dtype=np.int64)
        yield {
            "task": "sentence makes a claim",
            "data": path.name,
            "method": name,
            **measures(gold, found, np.arange(len(gold)), YES_NO),
        }


def changing(folder: Path, reader: Reader) -> Iterator[dict[str, Any]]:
    """A row a set and method: which texts state that their writer has changed their mind, and for ours where, and how.

    Each kind of text is a set, and all together are one more.
    """
    kinds = read_kinds(folder)
    found = {name: [ours_changes(reader, review.text) for review in reviews] for name, reviews in kinds.items()}
    kinds[ALL_REAL] = [review for reviews in kinds.values() for review in reviews]
    found[ALL_REAL] = [changes for own in found.values() for changes in own]
    for name, reviews in kinds.items():
        gold = np.array([bool(review.changes) for review in reviews], dtype=np.int64)
        changes = found[name]
        ways: dict[str, tuple[list[bool], dict[str, float]]] = {
            '"I thought ... but"': ([bool(I_THOUGHT_BUT.search(review.text)) for review in reviews], {}),
            "any of many cues": ([bool(BROAD_CUES.search(review.text)) for review in reviews], {}),
            OURS: ([bool(own) for own in changes], change_measures(reviews, changes)),
        }
        for method, (said, where_and_how) in ways.items():
            yield {
                "task": STATED_CHANGE,
                "data": name,
                "method": method,
                **yes_measures(gold, np.array(said, dtype=np.int64)),
                **where_and_how,
            }


def speeds(path: Path, essays: Sequence[Essay], reader: Reader, nlp: Language) -> Iterator[dict[str, Any]]:
    """Two rows: words per second of the bare parse and of all claims of the essays, in this one process.

    The claims are those of `Study.claims`, without the words that carry each. Both ways go over all essays once a
    round, so that what else the computer does meets both alike, and are compared within each round; the middle round
    counts, the lowest and the highest stand beside it.
    """

    def parsed() -> Iterator[Doc]:
        # A document at a time and with the same unfinished sentences kept together, as ours does it.
        for essay in essays:
            doc = nlp.make_doc(essay.text)
            keep_unfinished_together(doc)
            yield from nlp.pipe([doc])

    ways: dict[str, Callable[[], object]] = {
        "bare parse": lambda: list(parsed()),
        "ours, all claims": lambda: [reader.claims(Source.from_text(essay.text), targets=None) for essay in essays],
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - begun)
    words = sum(len(essay.text.split()) for essay in essays)
    for name, taken in seconds.items():
        times_bare = sorted(one / bare for one, bare in zip(taken, seconds["bare parse"], strict=True))
        yield {
            "task": "speed",
            "data": path.name,
            "method": name,
            "n": words,
            "words_per_second": words / statistics.median(taken),
            "share_of_bare": 1 / statistics.median(times_bare),
            "on_top_of_bare": statistics.median(times_bare) - 1,
            "on_top_low": times_bare[0] - 1,
            "on_top_high": times_bare[-1] - 1,
        }


def run(folder: Path) -> tuple[pd.DataFrame, list[Answers]]:
    """Measure everything on the files of a folder: a row a task, file and method; and the answers to the mentions."""
    peers, reader, nlp = load_peers(), Reader(), load_model()
    essays = read_essays(folder / ESSAYS)
    # First, while the vocabulary is still as small as it is for somebody who reads an essay.
    speed = list(speeds(folder / ESSAYS, essays, reader, nlp))
    lights = remembering(reader)
    given = [answers(path, methods(peers, lights), lights, nlp) for path in targeted_files(folder)[0]]
    rows = [row for one in given for row in targeted(one)]
    rows += claiming(folder / ESSAYS, essays, reader)
    rows += changing(folder, reader)
    return pd.DataFrame([*rows, *speed], columns=COLUMNS), given


# The tables ----------------------------------------------------------------------------------------------------------


def provenance() -> dict[str, str]:
    """Which code, what day, and what versions a table was made with."""
    installed = {package.metadata["Name"].lower() for package in importlib.metadata.distributions()}
    model = next(name for name in MODEL_PACKAGES if name in {found.replace("-", "_") for found in installed})
    # What a run writes is what a run changes.
    own = (f":!{path.relative_to(ROOT).as_posix()}" for path in (RESULTS, COVERAGE, PICTURE, README))
    changed = _git("status", "--porcelain", "--", ".", *own)
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
    for head, width in (*heads, ("sign\nright", 5), ("of n\nsigns", 6), ("words\n/s", 6), ("x bare\nparse", 6)):
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
                _percent(row["sign_right"]),
                "" if math.isnan(row["signs"]) else f"{row['signs']:.0f}",
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


def stored(results: pd.DataFrame) -> pd.DataFrame:
    """The results as they are stored: whole numbers stay whole, where other tasks have none."""
    return results.astype(dict.fromkeys(COUNTS, "Int64"))


def main(arguments: Sequence[str]) -> int:
    """Measure, print the tables, and store them and the picture beside this file; 2 where something is missing."""
    console = Console(width=100)
    try:
        if len(arguments) != 1 or not arguments[0]:
            raise BenchError(
                "Say where the data are: make bench DATA=folder; benchmarks/README.md says which they are."
            )
        folder = Path(arguments[0])
        check_data(folder)
        for name in targeted_files(folder)[1]:
            console.print(f"Skipped, because there is no such file in {folder}: {name}", soft_wrap=True)
        results, given = run(folder)
    except BenchError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    origin = provenance()
    console.print(printed(results, origin))
    stored(results).assign(**origin).to_csv(RESULTS, index=False, float_format="%.4f", lineterminator="\n")
    rows = pd.DataFrame([row for one in given for row in coverage_rows(one)])
    rows.to_csv(COVERAGE, index=False, float_format="%.4f", lineterminator="\n")
    draw(given, PICTURE)
    README.write_text(with_alt(README.read_text(encoding="utf-8"), describe(rows)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
