"""Shares the reading of a corpus out among processes, and goes on where an earlier run was stopped.

The rows are taken in order and cut into parts of a fixed size. Who reads a part writes it, last of all the table that
says that it is done. So a run can be killed at any moment: what is not done is done again, and comes to the same.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from analysis.corpus import rows as files
from analysis.corpus.parts import count_rows, join_parts, part_path, read_part
from analysis.corpus.reading import read_articles, read_responses
from analysis.corpus.rows import Layout, Row
from analysis.errors import FAULT, InputError, OutputError

_ARTICLES_A_PART = 10
# So many parts a worker are under way or waiting at once: the file is read no faster than it is worked on.
_AHEAD = 3


@dataclass(frozen=True)
class CorpusRun:
    """What a run came to: how many articles and responses were read, and rows rejected, and where the summary is.

    Of the rows that were rejected, `faults` could not be read by a fault of this program.
    """

    articles: int
    responses: int
    rejected: int
    summary: Path
    faults: int = 0


class StoppedError(RuntimeError):
    """A worker was lost; the same command goes on where this run stopped."""


def run_corpus(
    articles: str | Path,
    responses: str | Path,
    out: str | Path,
    *,
    layout: Layout | None = None,
    workers: int | None = None,
    part_size: int = 1000,
    scheduler: str = "",
    progress: bool = False,
) -> CorpusRun:
    """Read all responses to all articles, and write claims, changes of belief and verdicts as Parquet.

    Args:
        articles: A table of articles: `.csv`, `.jsonl` or `.parquet`.
        responses: A table of responses to them.
        out: A folder. If it holds an earlier run of the same files that was stopped, that one is finished.
        layout: The names of the columns.
        workers: Processes; None for one a core. With 1, everything happens in this process.
        part_size: Responses a part.
        scheduler: The address of a Dask scheduler, or `local` for one on this computer; its workers must see `out`
            under the same path. Needs the extra `cluster`.
        progress: Whether to show bars with rate and time left.

    Returns:
        What it came to. `out` then holds `claims`, `shifts`, `verdicts`, `responses`, `rejects` and `articles`, each a
        folder of Parquet files, and `summary.parquet`, a row a response.

    Raises:
        InputError: If a file cannot be read, lacks a column, or `out` holds a run of something else.
        OutputError: If `out` cannot be written.
        StoppedError: If a worker was lost.
    """
    articles, responses, out = Path(articles), Path(responses), Path(out)
    layout = layout or Layout()
    if part_size < 1 or (workers is not None and workers < 1):
        raise InputError("Parts and workers are counted from 1.")
    totals = files.count(articles), files.count(responses)
    _claim(out, articles, responses, layout, part_size)
    known: dict[str, str] = {}
    with _executor(workers or os.cpu_count() or 1, scheduler) as executor:
        with tqdm(total=totals[0], desc="Articles", unit="", leave=False, disable=not progress) as bar:
            _work(_articles(files.articles(articles, layout), out, known), executor, bar)
        with tqdm(total=totals[1], desc="Responses", unit="", leave=False, disable=not progress) as bar:
            _work(_responses(files.responses(responses, layout), out, part_size, known), executor, bar)
    summary = out / "summary.parquet"
    read = join_parts(out, "responses", summary)
    parts = (read_part(out, "rejects", path.stem) for path in (out / "rejects").glob("*.parquet"))
    reasons = [row["reason"] for part in parts for row in part]
    faults = sum(reason.startswith(FAULT) for reason in reasons)
    return CorpusRun(count_rows(out, "articles"), read, len(reasons), summary, faults)


# One thing to do: where it is done once it is, how many rows it has, the function and its arguments.
_Task = tuple[Path, int, Callable[..., int], tuple[Any, ...]]


def _articles(rows: Iterable[Row], out: Path, known: dict[str, str]) -> Iterator[_Task]:
    """The parts of the articles; `known` is told which part each of them is in."""
    first: dict[str, int] = {}
    for number, part in enumerate(_chunks(rows, _ARTICLES_A_PART)):
        name = f"articles-{number:06d}"
        told = []
        for row in part:
            earlier = first.setdefault(row.id, row.number)
            reason = row.reason or (f"its id stands in row {earlier} already" if earlier != row.number else "")
            reason = reason or ("no id" if not row.id else "")
            told.append(row if not reason else Row(row.number, row.id, row.text, reason=reason))
            if row.id:
                known.setdefault(row.id, name)  # also where it cannot be read, so that its responses are told so
        yield part_path(out, "articles", name), len(part), read_articles, (name, told, str(out))


def _responses(rows: Iterable[Row], out: Path, size: int, known: dict[str, str]) -> Iterator[_Task]:
    for number, part in enumerate(_chunks(rows, size)):
        name = f"responses-{number:06d}"
        parts = {row.article: known[row.article] for row in part if row.article in known}
        yield part_path(out, "responses", name), len(part), read_responses, (name, part, parts, str(out))


def _chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    all_rows = iter(rows)
    while part := list(islice(all_rows, size)):
        yield part


def _work(tasks: Iterator[_Task], executor: Executor | None, bar: tqdm) -> None:
    """Do what is not done yet, a few parts at a time."""
    waiting: dict[Future[int], int] = {}
    most = _AHEAD * getattr(executor, "_max_workers", os.cpu_count() or 1)
    try:
        for done, size, function, arguments in tasks:
            if done.exists():
                bar.update(size)
                continue
            if executor is None:
                function(*arguments)
                bar.update(size)
                continue
            waiting[executor.submit(function, *arguments)] = size
            if len(waiting) >= most:
                _gather(waiting, bar)
        while waiting:
            _gather(waiting, bar)
    except BrokenProcessPool:
        raise StoppedError("a worker was killed. Run the same command again: what is done stays done.") from None
    except OSError as error:
        raise OutputError(f"{error.filename or 'a file'}: cannot be written ({error.strerror or error}).") from None


def _gather(waiting: dict[Future[int], int], bar: tqdm) -> None:
    """Wait for at least one part; what went wrong in it is raised here."""
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        future.result()
        bar.update(waiting.pop(future))


@contextmanager
def _executor(workers: int, scheduler: str) -> Iterator[Executor | None]:
    if scheduler:
        try:
            from distributed import Client, LocalCluster
        except ModuleNotFoundError:
            raise InputError("--scheduler needs Dask: python -m pip install 'readers-turn[cluster]'") from None
        cluster = None
        if scheduler == "local":
            cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
        try:
            client = Client(cluster or scheduler)
        except (OSError, ValueError) as error:
            raise InputError(f"{scheduler}: no Dask scheduler answers there ({error}).") from None
        with client:
            yield client.get_executor(pure=False)
        if cluster:
            cluster.close()
    elif workers == 1:
        yield None
    else:
        # The processes are what shares the cores; each of them computing in several threads would only be in the way.
        for library in ("OPENBLAS", "OMP", "MKL"):
            os.environ.setdefault(f"{library}_NUM_THREADS", "1")
        # Not by fork: numpy's and spaCy's threads do not survive it.
        context = multiprocessing.get_context("spawn")
        executor = ProcessPoolExecutor(workers, mp_context=context)
        try:
            yield executor
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


def _claim(out: Path, articles: Path, responses: Path, layout: Layout, part_size: int) -> None:
    """Write down what a folder is for, or compare it with what it was for.

    Raises:
        InputError: If it was for something else.
        OutputError: If it cannot be written.
    """
    told = {
        "articles": _fingerprint(articles),
        "responses": _fingerprint(responses),
        "layout": asdict(layout),
        "part_size": part_size,
    }
    path = out / "run.json"
    try:
        out.mkdir(parents=True, exist_ok=True)
        if path.exists():
            before = json.loads(path.read_text(encoding="utf-8"))
            if differing := [name for name in told if before.get(name) != told[name]]:
                raise InputError(
                    f"{out}: it holds a run with another {', '.join(differing)}. Give another folder, or remove it."
                )
            return
        unfinished = path.with_name(f".run.json.{os.getpid()}")
        unfinished.write_text(json.dumps(told, indent=2), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written ({error.strerror or error}).") from None


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
