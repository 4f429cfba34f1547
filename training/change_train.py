"""Trains the network for changes of belief, with a fixed seed, and asks it about texts that it was not trained on."""

from __future__ import annotations

import math
import random
import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from spacy.lang.en.stop_words import STOP_WORDS
from tokenizers import Tokenizer
from torch.nn import functional

from analysis.encoder import FARTHEST, NEAREST
from change_data import UNKNOWN, ClauseText, Span, beside, without_a_side
from change_model import Changes

LONGEST = 384  # word pieces in training; the package reads 510
_CLS, _SEP, _MASK, _PAD = 101, 102, 103, 0
_TOKEN = re.compile(r"\w+(?:['’]\w+)*")
# From here on a clause counts as the marked one, the more the better it fits.
_FITS = 0.5


@dataclass(frozen=True)
class Recipe:
    """How long and how fast to train, and how the texts are varied."""

    epochs: int = 6
    rate: float = 7e-5
    faster: float = 5.0  # by which the heads learn faster than the encoder
    batch: int = 16
    warm: float = 0.08
    decay: float = 0.01
    word_dropout: float = 0.05
    cut: float = 0.25  # of the changes are shown once more without one side
    beside: float = 0.2  # of the texts have sentences of another beside them
    tag: float = 0.3  # the weights of the other tasks beside that of choosing the pair
    type: float = 0.3
    sign: float = 0.15
    second: float = 0.1
    about: float = 0.2
    smoothing: float = 0.05


@dataclass(frozen=True)
class Row:
    """A text in word pieces, with its clauses as places among them and how well each fits each marked span."""

    text: ClauseText
    ids: tuple[int, ...]
    clauses: tuple[tuple[int, int], ...]
    numbers: tuple[int, ...]  # of the clauses among those of the text
    told_in: tuple[int, ...]
    before: np.ndarray  # clause by change
    after: np.ndarray
    tags: tuple[int, ...]
    about: tuple[int, ...]  # 1 where a piece of a marked span names what the belief is about, 0 elsewhere in the span


def row_of(text: ClauseText, tokenizer: Tokenizer, longest: int = LONGEST) -> Row | None:
    """A text for the network; of one that is too long, what stands around its marks. None without two clauses."""
    coded = tokenizer.encode(text.text, add_special_tokens=False)
    room, places = longest - 2, coded.offsets
    at = 0
    if len(places) > room:
        spans = [span for change in text.changes for span in change]
        middle = (min(a for a, _ in spans) + max(b for _, b in spans)) / 2 if spans else len(text.text) / 2
        near = next((i for i, (_, end) in enumerate(places) if end >= middle), len(places) // 2)
        at = max(0, min(len(places) - room, near - room // 2))
    ids, places = coded.ids[at : at + room], places[at : at + room]
    starts, ends = [a for a, _ in places], [b for _, b in places]
    clauses, numbers = [], []
    for number, (a, b) in enumerate(text.clauses):
        first, behind = bisect_right(ends, a), bisect_left(starts, b)
        if first < behind and starts[0] <= a and b <= ends[-1]:
            clauses.append((first + 1, behind + 1))
            numbers.append(number)
    if len(clauses) < 2:
        return None
    words = [match.span() for match in _TOKEN.finditer(text.text)]
    spans = [text.clauses[number] for number in numbers]
    before, after = (
        np.array([[_fit(words, span, change[side]) for change in text.changes] for span in spans]) for side in (0, 1)
    )
    tags = [0] * (len(ids) + 2)
    for change in text.changes:
        for tag, (a, b) in enumerate(change, start=1):
            for i, (start, end) in enumerate(places, start=1):
                tags[i] = tag if start < b and end > a else tags[i]
    told_in = tuple(text.told_in[number] for number in numbers)
    row = (_CLS, *ids, _SEP)
    about = _about(text, places)
    return Row(text, row, tuple(clauses), tuple(numbers), told_in, before, after, tuple(tags), about)


def _about(text: ClauseText, places: Sequence[Span]) -> tuple[int, ...]:
    """Which pieces of the marked spans name what the belief is about; UNKNOWN where a span does not name it."""
    about = [UNKNOWN] * (len(places) + 2)
    for change in text.changes[:1]:
        for (a, b), target in zip(change, text.targets, strict=True):
            wanted = {word for word in _TOKEN.findall(target.lower()) if word not in STOP_WORDS}
            words = [(a + m.start(), a + m.end()) for m in _TOKEN.finditer(text.text[a:b]) if m[0].lower() in wanted]
            for i, (start, end) in enumerate(places, start=1):
                if words and start < b and end > a:
                    about[i] = int(any(start < d and end > c for c, d in words))
    return tuple(about)


def fit(text: str, one: Span, other: Span) -> float:
    """How well two spans of a text fit, as `row_of` counts it."""
    return _fit([match.span() for match in _TOKEN.finditer(text)], one, other)


def _fit(words: Sequence[Span], one: Span, other: Span) -> float:
    """The F1 of the words of two spans to the third power; 0 below a half."""
    first, second = ({w for w in words if w[0] < b and w[1] > a} for a, b in (one, other))
    f1 = 2 * len(first & second) / (len(first) + len(second)) if first or second else 0.0
    return f1**3 if f1 >= _FITS else 0.0


@dataclass(frozen=True)
class Batch:
    """Rows as tensors; see `Changes.read` and `Changes.pairs`."""

    read: tuple[torch.Tensor, ...]
    apart: torch.Tensor
    clear: torch.Tensor
    tags: torch.Tensor
    about: torch.Tensor
    right: torch.Tensor


def batch_of(rows: Sequence[Row], recipe: Recipe | None = None, rng: random.Random | None = None) -> Batch:
    """Rows of like length together."""
    n, long, most = len(rows), max(len(row.ids) for row in rows), max(len(row.clauses) for row in rows)
    ids = np.full((n, long), _PAD, dtype=np.int64)
    tags, about = (np.full((n, long), UNKNOWN, dtype=np.int64) for _ in range(2))
    mask, within = np.zeros((n, long), dtype=np.float32), np.zeros((n, most, long), dtype=np.float32)
    first, last, told = (np.zeros((n, most), dtype=np.int64) for _ in range(3))
    there, right = np.zeros((n, most), dtype=bool), np.zeros((n, most, most), dtype=np.float32)
    for i, row in enumerate(rows):
        own = list(row.ids)
        if recipe is not None and rng is not None:
            hidden = [_MASK if rng.random() < recipe.word_dropout else piece for piece in own[1:-1]]
            own[1:-1] = hidden
        ids[i, : len(own)], mask[i, : len(own)], tags[i, : len(own)] = own, 1, row.tags
        about[i, : len(own)] = row.about
        for j, (a, b) in enumerate(row.clauses):
            first[i, j], last[i, j], within[i, j, a:b] = a, b - 1, 1 / (b - a)
        size = len(row.clauses)
        told[i, :size], there[i, :size] = row.told_in, True
        if row.text.changes:
            right[i, :size, :size] = (row.before[:, None, :] * row.after[None, :, :]).max(-1)
    apart = np.clip(told[:, None, :] - told[:, :, None], NEAREST, FARTHEST) - NEAREST
    disjoint = (last[:, :, None] < first[:, None, :]) | (last[:, None, :] < first[:, :, None])
    clear = there[:, :, None] & there[:, None, :] & disjoint
    read = tuple(torch.from_numpy(a) for a in (ids, mask, first, last, within))
    rest = (torch.from_numpy(a) for a in (apart, clear, tags, about, right))
    return Batch(read, *rest)


def loss_of(model: Changes, rows: Sequence[Row], recipe: Recipe, rng: random.Random) -> torch.Tensor:
    """How improbable the marked pair is, or that there is none where none is marked; and the other tasks."""
    batch = batch_of(rows, recipe, rng)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        x, vectors, none = model.read(*batch.read)
        scores = model.pairs(vectors, batch.apart, batch.clear)
        tags, about = model.tag(x), model.about(x)
    none = none.float()
    right = (batch.right * batch.clear).flatten(1)
    changes = torch.tensor([bool(row.text.changes) for row in rows])
    found = right.sum(1) > 0
    said = torch.logsumexp(scores.flatten(1) + torch.log(right + 1e-30), 1)
    total = torch.logsumexp(torch.cat([scores.flatten(1), none[:, None]], 1), 1)
    weights = torch.tensor([row.text.weight for row in rows]) * (found | ~changes)
    loss = ((total - torch.where(found, said, none)) * weights).mean()
    loss = loss + recipe.tag * functional.cross_entropy(
        tags.float().flatten(0, 1), batch.tags.flatten(), ignore_index=UNKNOWN
    )
    named = batch.about != UNKNOWN
    if bool(named.any()):
        loss = loss + recipe.about * functional.binary_cross_entropy_with_logits(
            about.float()[:, :, 0][named], batch.about[named].float()
        )
    at = found.nonzero()[:, 0]
    if len(at):
        best = right[at].argmax(1)
        size = scores.shape[1]
        one, other = vectors[at, best // size].float(), vectors[at, best % size].float()
        loss = loss + _of_heads(model, [rows[i].text for i in at.tolist()], one, other, recipe)
    return loss


def _of_heads(
    model: Changes, texts: Sequence[ClauseText], one: torch.Tensor, other: torch.Tensor, recipe: Recipe
) -> torch.Tensor:
    """The losses of type, signs and order, each over those texts in which it is marked."""
    both = torch.cat([one, other], -1)
    signs = model.sign(both)
    asked = (
        (recipe.type, model.kind(torch.cat([both, one * other], -1)), [t.type for t in texts], recipe.smoothing),
        (recipe.sign, signs[:, :3], [t.signs[0] for t in texts], 0.0),
        (recipe.sign, signs[:, 3:], [t.signs[1] for t in texts], 0.0),
        (recipe.second, model.second(one), [t.second_order for t in texts], 0.0),
    )
    loss = torch.zeros(())
    for weight, scores, marked, smoothing in asked:
        gold = torch.tensor(marked)
        if bool((gold != UNKNOWN).any()):
            loss = loss + weight * functional.cross_entropy(
                scores, gold, ignore_index=UNKNOWN, label_smoothing=smoothing
            )
    return loss


def varied(texts: Sequence[ClauseText], recipe: Recipe, rng: random.Random) -> list[ClauseText]:
    """The texts of an epoch: some beside sentences of another, and some changes once more without one side."""
    quiet = [text for text in texts if not text.changes and len(text.sentences) > 1]
    found = []
    for text in texts:
        longer = quiet and text.sentences and rng.random() < recipe.beside
        found.append(beside(text, rng.choice(quiet), rng) if longer else text)
        if text.changes and rng.random() < recipe.cut:
            less = without_a_side(text, rng)
            if less is not None:
                found.append(less)
    return found


def batches(rows: Sequence[Row], size: int, rng: random.Random) -> Iterator[list[Row]]:
    """Rows of like length together, in random order."""
    order = sorted(rows, key=lambda row: len(row.ids) + 20 * rng.random())
    made = [order[at : at + size] for at in range(0, len(order), size)]
    rng.shuffle(made)
    yield from made


def train(
    model: Changes,
    texts: Sequence[ClauseText],
    tokenizer: Tokenizer,
    recipe: Recipe,
    *,
    seed: int = 0,
    said: Callable[[str], object] = print,
) -> None:
    """Train in place."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    epochs = [
        [row for text in varied(texts, recipe, rng) if (row := row_of(text, tokenizer)) is not None]
        for _ in range(recipe.epochs)
    ]
    model.encoder.words.weight.requires_grad_(False)
    own = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    groups = [
        {"params": [p for name, p in own if name.startswith("encoder.")], "lr": recipe.rate},
        {"params": [p for name, p in own if not name.startswith("encoder.")], "lr": recipe.rate * recipe.faster},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=recipe.decay, fused=True)
    steps = sum(math.ceil(len(rows) / recipe.batch) for rows in epochs)
    warm = max(1.0, recipe.warm * steps)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / max(1.0, steps - warm)))
    )
    model.train()
    started, step = time.time(), 0
    for epoch, rows in enumerate(epochs):
        total = n = 0.0
        for batch in batches(rows, recipe.batch, rng):
            loss = loss_of(model, batch, recipe, rng)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for _, p in own], 1.0)
            optimizer.step()
            schedule.step()
            step, total, n = step + 1, total + float(loss.detach()), n + 1
        said(f"epoch {epoch + 1}: loss {total / n:.4f}, {time.time() - started:.0f} s, {step}/{steps}")
    model.eval()
