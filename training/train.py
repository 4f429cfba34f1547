"""Trains the encoder, by stages, with a fixed seed."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional

from data import Text
from model import Encoder

LONGEST = 128  # word pieces
_CLS, _SEP, _MASK, _PAD = 101, 102, 103, 0


@dataclass(frozen=True)
class Stage:
    """How long and how fast to train."""

    epochs: int = 3
    rate: float = 7e-5
    batch: int = 32  # sentences
    warm: float = 0.06
    smoothing: float = 0.05
    word_dropout: float = 0.05
    hide: float = 0.15  # mentions whose words are hidden
    decay: float = 0.01


@dataclass(frozen=True)
class Row:
    """A sentence in word pieces, with the pieces of each mention and its light."""

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    lights: tuple[int, ...]


def rows(texts: Sequence[Text], tokenizer: Tokenizer, *, marked: bool = False, last: bool = True) -> list[Row]:
    """Word pieces of texts; one that is too long loses its beginning (or its end), and mentions with it."""
    found = []
    for text, coded in zip(
        texts, tokenizer.encode_batch([t.text for t in texts], add_special_tokens=False), strict=True
    ):
        spans = []
        for m in text.mentions:
            pieces = [i for i, (a, b) in enumerate(coded.offsets) if a < m.end and b > m.start]
            if pieces:
                spans.append((pieces[0], pieces[-1] + 1, m.light))
        if not spans:
            continue
        ids, shift = coded.ids, 0
        if len(ids) > LONGEST - 2:
            # Around the mentions.
            middle = (min(s[0] for s in spans) + max(s[1] for s in spans)) // 2
            shift = max(0, min(len(ids) - (LONGEST - 2), middle - (LONGEST - 2) // 2))
            ids = ids[shift : shift + LONGEST - 2]
        inside = [
            (a - shift + 1, b - shift + 1, light) for a, b, light in spans if a >= shift and b - shift <= len(ids)
        ]
        if not inside:
            continue
        row = (_CLS, *ids, _SEP)
        if marked:
            found += [Row(row, ((a, b),), (light,)) for a, b, light in inside]
        else:
            found.append(Row(row, tuple((a, b) for a, b, _ in inside), tuple(light for *_, light in inside)))
    return found


def batches(found: Sequence[Row], size: int, rng: random.Random | None) -> Iterator[list[Row]]:
    """Rows of like length together; in random order when there is a generator."""
    order = list(range(len(found)))
    if rng is None:
        order.sort(key=lambda i: len(found[i].ids))
        yield from ([found[i] for i in order[at : at + size]] for at in range(0, len(order), size))
        return
    rng.shuffle(order)
    pools = [order[at : at + 50 * size] for at in range(0, len(order), 50 * size)]
    made = []
    for pool in pools:
        pool.sort(key=lambda i: len(found[i].ids))
        made += [pool[at : at + size] for at in range(0, len(pool), size)]
    rng.shuffle(made)
    yield from ([found[i] for i in batch] for batch in made)


def tensors(
    batch: Sequence[Row], stage: Stage | None, rng: random.Random | None, *, marked: bool
) -> tuple[torch.Tensor, ...]:
    """A batch as the network takes it: ids, mask, spans, lights (-1 where there is no mention), types."""
    long, most = max(len(row.ids) for row in batch), max(len(row.spans) for row in batch)
    ids = np.full((len(batch), long), _PAD, dtype=np.int64)
    mask = np.zeros((len(batch), long), dtype=np.float32)
    spans = np.zeros((len(batch), most, long), dtype=np.float32)
    lights = np.full((len(batch), most), -1, dtype=np.int64)
    types = np.zeros((len(batch), long), dtype=np.int64)
    for b, row in enumerate(batch):
        own = list(row.ids)
        if stage is not None and rng is not None:
            for i in range(1, len(own) - 1):
                if rng.random() < stage.word_dropout:
                    own[i] = _MASK
            for first, end in row.spans:
                if rng.random() < stage.hide:
                    own[first:end] = [_MASK] * (end - first)
        ids[b, : len(own)] = own
        mask[b, : len(own)] = 1
        for m, ((first, end), light) in enumerate(zip(row.spans, row.lights, strict=True)):
            spans[b, m, first:end] = 1 / (end - first)
            lights[b, m] = light
            if marked:
                types[b, first:end] = 1
    return tuple(torch.from_numpy(a) for a in (ids, mask, spans, lights, types))


def train(
    model: Encoder,
    found: Sequence[Row] | Callable[[int], Sequence[Row]],
    stage: Stage,
    *,
    seed: int = 0,
    said: Callable[[str], object] = print,
) -> None:
    """Train in place; `found` may give other rows each epoch."""
    rng = random.Random(seed)
    torch.manual_seed(seed)
    epochs = [found(e) if callable(found) else found for e in range(stage.epochs)]
    steps = sum(math.ceil(len(e) / stage.batch) for e in epochs)
    model.words.weight.requires_grad_(False)
    new = {id(p) for part in (model.dense, model.lights) for p in part.parameters()}
    own = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in own if id(p) not in new and p.ndim > 1], "weight_decay": stage.decay},
        {"params": [p for p in own if id(p) not in new and p.ndim <= 1], "weight_decay": 0.0},
        {"params": [p for p in own if id(p) in new], "weight_decay": stage.decay},
    ]
    optimizer = torch.optim.AdamW(groups, lr=stage.rate, fused=True)
    warm = max(1, int(stage.warm * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.0, (steps - s) / max(1, steps - warm)))
    )
    model.train()
    started, step = time.time(), 0
    for epoch, part in enumerate(epochs):
        total = n = 0.0
        for batch in batches(part, stage.batch, rng):
            ids, mask, spans, lights, types = tensors(batch, stage, rng, marked=model.marked)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores, _ = model(ids, mask, spans, types if model.marked else None)
            loss = functional.cross_entropy(
                scores.float().flatten(0, 1), lights.flatten(), ignore_index=-1, label_smoothing=stage.smoothing
            )
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(own, 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            total, n = total + float(loss.detach()), n + 1
        said(f"epoch {epoch + 1}: loss {total / n:.4f}, {time.time() - started:.0f} s, {step}/{steps}")


@torch.no_grad()
def predict(model: Encoder, found: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    """Scores (a row a mention, three columns) and lights, in some order that is the same for both."""
    model.eval()
    scores, lights = [], []
    for batch in batches(found, 64, None):
        ids, mask, spans, gold, types = tensors(batch, None, None, marked=model.marked)
        own, _ = model(ids, mask, spans, types if model.marked else None)
        there = gold.flatten() >= 0
        scores.append(own.float().flatten(0, 1)[there].numpy())
        lights.append(gold.flatten()[there].numpy())
    return np.concatenate(scores), np.concatenate(lights)
