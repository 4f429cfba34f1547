"""Trains and measures the weights for changes of belief: `make train-changes DATA=folder`.

Four networks are each trained without a quarter of the writers, to measure on those what nobody trained on. The fifth
is trained on all writers, and ships. Temperature and thresholds are fixed on one half of the real texts
(shift-dev.jsonl and shift-dev-2.jsonl, by turns) together with one fold of writers, and reported on the rest. What is
written, and from what, stands in `src/analysis/encoder/CHANGES.md`, which this script makes too.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import io
import json
import pickle
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from safetensors.torch import load_file

from analysis import Source
from analysis.encoder.changes import ChangeEncoder
from analysis.encoder.runtime import load_tokenizer
from analysis.study import Reader
from analysis.voices import find_voices
from change_card import write_change_card
from change_cues import cases, fit_ranking, no_ranking
from change_data import ClauseText, MarkedText, cut_into_clauses, read_changes, read_quiet
from change_measures import Found, chosen_thresholds, fit_odds, read_real, score
from change_model import Changes
from change_train import Recipe, train
from export import export_changes, rounded
from model import base

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "src" / "analysis" / "encoder"
WRITTEN = ROOT / "data" / "training"

# Each fold has writers of every kind of text: witty and plain, long and short, with and without minimal pairs.
FOLDS = ((1, 6, 10), (2, 5, 11), (3, 7, 12), (4, 8, 9, 13))
RECIPE = Recipe()
SEED = 0
WINDOW = 510
QUIET = 350  # texts without a change of either kind beside the written ones
SHARES = (0.25, 0.5)
_TOGETHER = 20


def keep_texts(cache: Path, data: Path) -> None:
    """Cut all texts into clauses, once for all networks."""
    if not cache.exists():
        marked = read_changes(WRITTEN.glob("shifts-*.jsonl"))
        prose = [WRITTEN / f"attitudes-{n}.jsonl" for n in range(1, 9)]
        marked += read_quiet(prose, data / "tsa-md.jsonl", QUIET, SEED)
        cache.write_bytes(pickle.dumps([(text.writer, cut_into_clauses([text])) for text in marked]))


def texts_without(left_out: Sequence[int], cache: Path) -> list[ClauseText]:
    """The texts of all other writers."""
    return [text for writer, cut in pickle.loads(cache.read_bytes()) for text in cut if writer not in left_out]


def trained(left_out: Sequence[int], work: Path, share: float = 1.0) -> Path:
    """Train one network without some writers, and store it rounded as it would ship. A run that was stopped goes on."""
    torch.set_num_threads(1)
    label = ("-".join(map(str, left_out)) or "none") + ("" if share == 1 else f".{share}")
    path = work / f"changes-without-{label}.pt"
    if path.exists():
        return path
    texts = texts_without(left_out, work / "changes.pickle")
    if share < 1:
        order = np.random.default_rng(SEED).permutation(len(texts))
        texts = [texts[i] for i in order[: int(share * len(texts))]]
    torch.manual_seed(SEED)
    model = Changes()
    model.encoder.start_from(load_file(base() / "model.safetensors"))
    said = functools.partial(print, f"without {label}:", flush=True)
    train(model, texts, load_tokenizer(), RECIPE, seed=SEED, said=said)
    torch.save(rounded(model).state_dict(), path.with_suffix(".unfinished"))
    path.with_suffix(".unfinished").replace(path)
    return path


def as_shipped(path: Path, folder: Path, ranking: dict[str, Any] | None = None) -> ChangeEncoder:
    """A stored network as the package runs it, without thresholds yet."""
    model = Changes()
    model.load_state_dict(torch.load(path))
    folder.mkdir(parents=True, exist_ok=True)
    export_changes(model, folder / "changes.onnx", folder / "changes.npz")
    stored = np.load(io.BytesIO((folder / "changes.npz").read_bytes()))
    heads = {name: stored[name].astype(np.float32) for name in stored.files}
    session = onnxruntime.InferenceSession(str(folder / "changes.onnx"), providers=["CPUExecutionProvider"])
    return ChangeEncoder(session, load_tokenizer(), heads, open_settings(ranking=ranking or no_ranking()))


def open_settings(**known: Any) -> dict[str, Any]:
    """Settings by which everything is told as a change, to see all; `known` are those that are fixed already."""
    return {
        "window": WINDOW,
        "temperature": 1.0,
        "shift": 0.0,
        "threshold": -1.0,
        "possible": -1.0,
        "another": 2.0,
        "ranking": no_ranking(),
    } | known


def cases_of(fold: int, path: Path, work: Path) -> Path:
    """Keep in a file what the network of a fold makes of the texts of its writers, whom it has not read."""
    torch.set_num_threads(1)
    cache = work / f"cases-{fold}.pickle"
    if not cache.exists():
        own = [text for text in read_changes(WRITTEN.glob("shifts-*.jsonl")) if text.writer in FOLDS[fold]]
        cache.write_bytes(pickle.dumps(list(cases(as_shipped(path, work / f"fold-{fold}"), own))))
    return cache


def fitted(files: Sequence[Path]) -> dict[str, Any]:
    """The weights of what stands beside the network's scores, fitted on every third of the cases in some files.

    They are some fifty, and a third of the cases is enough for them.
    """
    torch.set_num_threads(1)
    return fit_ranking([case for path in files for case in pickle.loads(path.read_bytes())[::3]])


def left_out(fold: int, path: Path, ranking: dict[str, Any], work: Path) -> list[Found]:
    """What is found in the texts of a fold's writers."""
    torch.set_num_threads(1)
    own = [text for text in read_changes(WRITTEN.glob("shifts-*.jsonl")) if text.writer in FOLDS[fold]]
    return read_through(as_shipped(path, work / f"fold-{fold}", ranking), own)


def read_through(encoder: ChangeEncoder, texts: Sequence[MarkedText]) -> list[Found]:
    """What `analysis.read` makes of texts as responses, with these weights."""
    reader = Reader(marker=encoder, threads=1)
    found = []
    for at in range(0, len(texts), _TOGETHER):
        part = texts[at : at + _TOGETHER]
        sources = [Source.from_text(text.text, name="response") for text in part]
        for text, source, own in zip(
            part, sources, reader.find_all([(s, find_voices(s)) for s in sources]), strict=True
        ):
            found.append(Found.of(text, source, own.answer))
    return found


def main() -> int:
    """Train, measure and store."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path, help="the folder of the public data (benchmarks/README.md says which)")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build" / "training", help="where to keep what is half done"
    )
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    started = time.time()
    keep_texts(asked.work / "changes.pickle", asked.data)
    jobs: list[Sequence[int]] = [*FOLDS, (), *(FOLDS[0] for _ in SHARES)]
    with ProcessPoolExecutor(2) as pool:
        paths = list(pool.map(trained, jobs, [asked.work] * len(jobs), [1.0] * (len(FOLDS) + 1) + list(SHARES)))
    marked = read_changes(WRITTEN.glob("shifts-*.jsonl"))
    with ProcessPoolExecutor(2) as pool:
        folds = range(len(FOLDS))
        kept = list(pool.map(cases_of, folds, paths[: len(FOLDS)], [asked.work] * len(FOLDS)))
        # The weights beside a fold's network are fitted on the other folds; those that ship on all.
        others = [[path for j, path in enumerate(kept) if j != i] for i in folds]
        rankings = list(pool.map(fitted, [*others, kept]))
        left = list(pool.map(left_out, folds, paths[: len(FOLDS)], rankings[:-1], [asked.work] * len(FOLDS)))
    real = read_real(asked.data)
    final = as_shipped(paths[len(FOLDS)], asked.work / "final", rankings[-1])
    found = {name: read_through(final, texts) for name, texts in real.items()}
    return store(left, found, real, marked, rankings[-1], asked.work, asked.data, started)


def store(
    left: Sequence[Sequence[Found]],
    found: dict[str, list[Found]],
    real: dict[str, list[MarkedText]],
    marked: Sequence[MarkedText],
    ranking: dict[str, Any],
    work: Path,
    data: Path,
    started: float,
) -> int:
    """Fix temperature and thresholds, write the files of the package and the card, and print the figures."""
    (work / "found.pickle").write_bytes(pickle.dumps((left, found, ranking)))
    half = {name: (own[::2], own[1::2]) for name, own in found.items()}
    fixed_on = [one for first, _ in half.values() for one in first]
    temperature, shift = fit_odds([*fixed_on, *left[0]])
    settings = open_settings(temperature=temperature, shift=shift, ranking=ranking)
    threshold, possible = chosen_thresholds([*fixed_on, *left[0]], temperature, shift)
    settings |= {"threshold": threshold, "possible": possible}
    for name in ("changes.onnx", "changes.npz"):
        (OUT / name).write_bytes((work / "final" / name).read_bytes())
    settings["sha256"] = hashlib.sha256((OUT / "changes.onnx").read_bytes()).hexdigest()
    (OUT / "changes.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    sets: dict[str, Iterable[Found]] = {
        "real texts, the half that the thresholds were fixed on": fixed_on,
        "real texts, the other half": [one for _, second in half.values() for one in second],
        **{f"{name}, all": own for name, own in found.items()},
        "real texts, all": [one for own in found.values() for one in own],
        **{f"writers {', '.join(map(str, writers))}, left out": own for writers, own in zip(FOLDS, left, strict=True)},
        "all writers, left out by quarters": [one for own in left for one in own],
    }
    figures = [score(name, list(own), settings) for name, own in sets.items()]
    for row in figures:
        print(json.dumps(row), flush=True)
    shares = learning_curve(work, real, marked, settings)
    for row in shares:
        print(json.dumps(row), flush=True)
    write_change_card(OUT / "CHANGES.md", settings, figures, shares, RECIPE, SEED, WRITTEN, data)
    print(f"{round((time.time() - started) / 60)} minutes. Written: {OUT}")
    return 0


def learning_curve(
    work: Path, real: dict[str, list[MarkedText]], marked: Sequence[MarkedText], settings: dict[str, Any]
) -> list[dict[str, Any]]:
    """What a quarter, a half and all of the texts give on the first fold of writers and on the real texts.

    The odds are fitted anew for each, on the same half of the real texts, so that only the texts differ.
    """
    with ProcessPoolExecutor(2) as pool:
        jobs = [(share, work, real, marked, settings) for share in (*SHARES, 1.0)]
        return [row for rows in pool.map(_of_share, jobs) for row in rows]


def _of_share(
    job: tuple[float, Path, dict[str, list[MarkedText]], Sequence[MarkedText], dict[str, Any]],
) -> list[dict[str, Any]]:
    share, work, real, marked, settings = job
    torch.set_num_threads(1)
    encoder = as_shipped(trained(FOLDS[0], work, share), work / f"share-{share}", settings["ranking"])
    own = read_through(encoder, [text for text in marked if text.writer in FOLDS[0]])
    found = {name: read_through(encoder, texts) for name, texts in real.items()}
    temperature, shift = fit_odds([one for texts in found.values() for one in texts[::2]])
    fitted_ = settings | {"temperature": temperature, "shift": shift}
    sets = {"first fold of writers": own, "real texts": [one for part in found.values() for one in part]}
    return [{"share": share, **score(name, texts, fitted_)} for name, texts in sets.items()]


if __name__ == "__main__":
    sys.exit(main())
