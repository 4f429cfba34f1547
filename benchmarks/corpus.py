"""Measures `analysis corpus`: speed beside the bare parse, two workers beside one, memory, and what a kill costs.

`.venv/bin/python benchmarks/corpus.py [--data FOLDER]`: 16,000 responses are timed, each time in a process of its own,
start and loading of the model included, and memory is compared at 1,000 and at 50,000. The responses are drawn from the
sentences of tests/varied.txt and the texts of tests/shifts.csv, one in ten of these, far more than people state; hardly
any two are the same, for what stands twice is read once.

These have few different words. With the data of `make bench` and the train files beside them, texts by people are timed
as well: essays for articles, and for responses sentences of news and of reviews, put together to 60 words on average.
"""

from __future__ import annotations

import argparse
import csv
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from statistics import median

import spacy
from spacy.tokens import Doc

from analysis.corpus import run_corpus
from analysis.parsing import load_model, parsed

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3
PART = 250
A_ARTICLE = 64
ESSAYS = ("essays-train.conll.gz", "essays-dev.conll.gz")
SENTENCES = (
    "newsmtsc-train.jsonl", "newsmtsc-mt-dev.jsonl", "newsmtsc-rw-dev.jsonl", "mams-train.xml", "mams-val.xml",
)  # fmt: skip
# What the SFU Opinion and Comments Corpus has, and the mean number of words, by the page of its makers
# (sfu.ca/linguistics, 27 November 2021): 6,895,696 words in its articles, 77,238,179 in 1,280,454 comments, the first
# count of them. We have not seen the texts.
SOCC = {"articles": (10_339, 667), "responses": (663_173, 60)}


def corpus(responses: int, folder: Path) -> tuple[Path, Path, list[str]]:
    """Two files, and all texts in them."""
    draw = random.Random(7)
    lines = [line for line in (ROOT / "tests" / "varied.txt").read_text(encoding="utf-8").splitlines() if line.strip()]
    with (ROOT / "tests" / "shifts.csv").open(encoding="utf-8") as file:
        shifts = [row["text"].replace("{b:", "").replace("{a:", "").replace("}", "") for row in csv.DictReader(file)]
    articles = [" ".join(draw.choices(lines, k=40)) for _ in range(-(-responses // A_ARTICLE))]
    texts = [
        f"{draw.choice(shifts)} " * (draw.random() < 0.1) + " ".join(draw.choices(lines, k=draw.randint(1, 8)))
        for _ in range(responses)
    ]
    return written(articles, texts, folder)


def by_people(data: Path, folder: Path) -> tuple[Path, Path, list[str]]:
    """The same of texts that were not written for this: no sentence stands twice."""
    from data import read_essays, read_examples  # not above: what the bare parse imports is time that it takes

    draw = random.Random(7)
    files = [data / name for name in ESSAYS + SENTENCES]
    if missing := [path.name for path in files if not path.is_file()]:
        raise SystemExit(f"{data} lacks {', '.join(missing)}; benchmarks/README.md says where the data come from.")
    articles = [essay.text for path in files[: len(ESSAYS)] for essay in read_essays(path)]
    lines = list(dict.fromkeys(example.sentence for path in files[len(ESSAYS) :] for example in read_examples(path)))
    draw.shuffle(lines)
    mean = SOCC["responses"][1]
    texts, own, wanted = [], list[str](), 0
    for line in lines:
        own.append(line)
        if sum(len(one.split()) for one in own) >= wanted:
            texts.append(" ".join(own))
            own, wanted = [], draw.randint(0, 2 * mean - 20)  # a sentence has some 20 words
    return written(articles, texts, folder)


def written(articles: list[str], texts: list[str], folder: Path) -> tuple[Path, Path, list[str]]:
    """Two files, and all texts in them."""
    paths = folder / f"a{len(texts)}.csv", folder / f"r{len(texts)}.csv"
    with paths[0].open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("article_id", "text"), *enumerate(articles)])
    with paths[1].open("w", encoding="utf-8", newline="") as file:
        rows = [(number, number * len(articles) // len(texts), text) for number, text in enumerate(texts)]
        csv.writer(file).writerows([("response_id", "article_id", "text"), *rows])
    return *paths, [*articles, *texts]


def timed(work: Callable[[], object]) -> float:
    """How many seconds something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def apart(work: Callable[[], object]) -> None:
    """Do something in a new process: nothing is loaded or remembered yet."""
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def bare(texts: list[str], workers: int) -> None:
    """Parse and do nothing."""
    nlp = load_model()
    if workers == 1:
        for _ in nlp.pipe(texts, batch_size=32):
            pass
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        parts = [texts[start : start + PART] for start in range(0, len(texts), PART)]
        for _ in pool.imap_unordered(_bare, parts):
            pass


def _bare(texts: list[str]) -> int:
    return sum(len(doc) for doc in load_model().pipe(texts, batch_size=32))


def components(texts: list[str]) -> None:
    """Print how fast the pipeline is with fewer of its components, or with memory; rounds in one process."""
    ours = load_model()
    with_names = spacy.load(str(ours.path))
    after_the_parser = ["tagger", "attribute_ruler", "lemmatizer"]
    ways: dict[str, Callable[[], Iterable[Doc]]] = {
        "with names": lambda: with_names.pipe(texts, batch_size=32),
        "bare (without names)": lambda: ours.pipe(texts, batch_size=32),
        "tok2vec and parser alone": lambda: ours.pipe(texts, batch_size=32, disable=after_the_parser),
        "ours (bare, with memory)": lambda: (
            doc for start in range(0, len(texts), 32) for doc in parsed([ours.make_doc(t) for t in texts[start:][:32]])
        ),
    }
    words = sum(len(text.split()) for text in texts)
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS + 1):
        for name, way in ways.items():
            speed = words / timed(lambda way=way: deque(way(), maxlen=0))  # type: ignore[misc]
            if turn:  # the first round is for warming up
                speeds[name].append(speed)
    for name, own in speeds.items():
        sys.stdout.write(f"parse, {name}: {median(own):.0f} words/s ({min(own):.0f} to {max(own):.0f})\n")


def peak(responses: int, folder: Path) -> float:
    """The most memory that reading takes in a process of its own, in MB."""
    code = (
        "import re, sys; from pathlib import Path; from analysis.corpus import run_corpus\n"
        "run_corpus(*map(Path, sys.argv[1:4]), workers=1)\n"
        # What getrusage says would begin at what the process had that started this one.
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) / 1024)\n"
    )
    paths = corpus(responses, folder)[:2]
    done = subprocess.run(
        [sys.executable, "-c", code, *paths, folder / f"memory-{responses}"], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def lost(paths: tuple[Path, Path], folder: Path) -> tuple[float, float]:
    """The seconds of a run of the command, and those that a kill half-way and a second run add to it."""

    def command(out: Path) -> list[str]:
        options = ["--out", str(out), "--workers", "1", "--part-size", str(PART), "--quiet"]
        return [sys.executable, "-m", "analysis", "corpus", *map(str, paths), *options]

    unbroken = timed(partial(subprocess.run, command(folder / "unbroken"), check=True))

    def broken() -> None:
        process = subprocess.Popen(command(folder / "broken"))
        time.sleep(unbroken / 2)
        process.send_signal(signal.SIGKILL)
        process.wait()
        subprocess.run(command(folder / "broken"), check=True)

    return unbroken, timed(broken) - unbroken


def compare(articles: Path, answers: Path, texts: list[str], folder: Path) -> None:
    """Print how fast a corpus is read, beside the bare parse and with two workers beside one."""
    say = sys.stdout.write
    words = sum(len(text.split()) for text in texts)
    say(f"{words} words, {len({word.lower() for text in texts for word in text.split()})} different\n")
    sys.stdout.flush()
    speeds: dict[str, list[float]] = {}
    for turn in range(ROUNDS):
        for workers in (1, 2):
            speeds.setdefault(f"bare, {workers}", []).append(
                words / timed(partial(apart, partial(bare, texts, workers)))
            )
            out = folder / f"out-{answers.stem}-{workers}-{turn}"
            ours = partial(run_corpus, articles, answers, out, workers=workers, part_size=PART)
            speeds.setdefault(f"ours, {workers}", []).append(words / timed(partial(apart, ours)))
    for name, own in speeds.items():
        say(f"{name} worker(s): {median(own):.0f} words/s ({min(own):.0f} to {max(own):.0f})\n")
    for what, one, other, aim in (
        ("ours beside bare, 1 worker", "ours, 1", "bare, 1", 0.85),
        ("ours beside bare, 2 workers", "ours, 2", "bare, 2", 0.85),
        ("two workers beside one", "ours, 2", "ours, 1", 1.7),
        ("two workers beside one, bare", "bare, 2", "bare, 1", 1.7),
    ):
        # Of each round by itself: what else the machine does changes more slowly than that.
        ratios = [mine / theirs for mine, theirs in zip(speeds[one], speeds[other], strict=True)]
        say(f"{what}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}; aim {aim})\n")
    whole = sum(number * length for number, length in SOCC.values())
    lengths = ", ".join(f"{number} {what} of {length} words" for what, (number, length) in SOCC.items())
    hours = whole / median(speeds["ours, 2"]) / 3600
    say(f"at that speed the SFU corpus, taking it for {lengths}: {hours:.1f} hours with 2 workers\n")
    sys.stdout.flush()


def main() -> None:
    """Print it all."""
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        # One worker is to be one thread, with us and with the bare parse.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    parser = argparse.ArgumentParser(description="Measure `analysis corpus`; benchmarks/README.md says how.")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="time texts by people as well, from here")
    parser.add_argument("--responses", type=int, default=16_000, help="how many are timed (16000)")
    parser.add_argument("--many", type=int, default=50_000, help="memory at how many, beside 1000 (50000)")
    asked = parser.parse_args()
    say = sys.stdout.write
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if asked.data:
            people = by_people(asked.data, folder)
            say("texts by people: ")
            compare(*people, folder)
        made = corpus(asked.responses, folder)
        apart(partial(components, (people if asked.data else made)[2][:1_000]))
        say(f"{asked.responses} generated responses: ")
        compare(*made, folder)
        articles, answers, _ = corpus(asked.responses // 4, folder)
        kills = [lost((articles, answers), Path(tempfile.mkdtemp(dir=folder))) for _ in range(ROUNDS)]
        least, middle, most = sorted(more for _, more in kills)
        say(f"killed half-way and run again: {middle:.0f} s lost ({least:.0f} to {most:.0f}) ")
        say(f"of a run of {median(whole for whole, _ in kills):.0f} s\n")
        sys.stdout.flush()
        few, lots = peak(1_000, folder), peak(asked.many, folder)
        say(f"memory: {few:.0f} MB at 1,000 responses, {lots:.0f} MB at {asked.many:,} ")
        say(f"({lots / few - 1:+.0%}; aim 10 %)\n")


if __name__ == "__main__":
    main()
