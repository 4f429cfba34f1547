"""The network for changes of belief as torch trains it: BERT's layers, a vector for each clause, and small heads."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional

from analysis.encoder import CHANGE_TYPES, FARTHEST, NEAREST
from model import Encoder, Shape

VECTOR, LOOK = 256, 128
NEVER = -1e4
# Odds against a change of e to the fifth to one pair of clauses, to begin with: a text has hundreds of pairs.
_NONE_AT_FIRST = 5.0


class Changes(nn.Module):
    """Clauses of a text in; a vector for each, and the score of there being no change, out."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(Shape(looks=0))
        width = self.encoder.shape.width
        self.span = nn.Linear(3 * width, VECTOR)
        self.before, self.after = nn.Linear(VECTOR, 1), nn.Linear(VECTOR, 1)
        self.query, self.key = nn.Linear(VECTOR, LOOK), nn.Linear(VECTOR, LOOK)
        self.distance = nn.Parameter(torch.zeros(FARTHEST - NEAREST + 1))
        self.tag, self.about = nn.Linear(width, 3), nn.Linear(width, 1)
        self.none = nn.Linear(width, 1)
        self.kind = nn.Linear(3 * VECTOR, len(CHANGE_TYPES))
        self.sign, self.second = nn.Linear(2 * VECTOR, 6), nn.Linear(VECTOR, 2)
        self.drop = 0.1
        nn.init.constant_(self.none.bias, _NONE_AT_FIRST)

    def read(
        self, ids: torch.Tensor, mask: torch.Tensor, first: torch.Tensor, last: torch.Tensor, within: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The vectors of word pieces and of clauses, and the score of no change.

        Args:
            ids: Word pieces, text by place.
            mask: 1 where there is one, else 0.
            first: The first piece of each clause, text by clause.
            last: The last piece of each clause.
            within: The weights by which pieces make up a clause, text by clause by place; each sums to 1.
        """
        encoder = self.encoder
        x = encoder.words(ids) + encoder.places(torch.arange(ids.shape[1]))[None] + encoder.types.weight[0]
        x = functional.dropout(encoder.norm(x), self.drop, self.training)
        bias = ((1.0 - mask) * NEVER)[:, None, None, :]
        for layer in encoder.layers:
            x = layer(x, x, bias, self.drop)

        def at(places: torch.Tensor) -> torch.Tensor:
            return torch.gather(x, 1, places[:, :, None].expand(-1, -1, x.shape[2]))

        clause = torch.cat([at(first), at(last), within.to(x.dtype) @ x], -1)
        vectors = torch.tanh(self.span(functional.dropout(clause, self.drop, self.training)))
        return x, vectors, self.none(x[:, 0])[:, 0]

    def pairs(self, vectors: torch.Tensor, apart: torch.Tensor, clear: torch.Tensor) -> torch.Tensor:
        """The score of each pair of clauses, the belief of before down, that of after across.

        Args:
            vectors: Of the clauses.
            apart: How many sentences the second begins behind the first, as a place in `distance`.
            clear: Whether two clauses share no word.
        """
        x = functional.dropout(vectors, self.drop, self.training)
        scores = self.before(x) + self.after(x).transpose(1, 2)
        scores = scores + self.query(x) @ self.key(x).transpose(1, 2) / math.sqrt(LOOK)
        return (scores.float() + self.distance[apart]).masked_fill(~clear, NEVER)


class Exported(nn.Module):
    """What the file holds: all but the heads, which are stored beside it."""

    def __init__(self, model: Changes) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, first: torch.Tensor, last: torch.Tensor, within: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Vectors of spans, how much each looks like a belief of before or like its object, the score of no change."""
        x, vectors, none = self.model.read(ids, mask, first, last, within)
        told = (within @ self.model.tag(x).softmax(-1))[:, :, 1]
        return vectors, told, (within @ self.model.about(x).sigmoid())[:, :, 0], none


# The names of the heads in the file that holds them.
HEADS = {
    "before": "before",
    "after": "after",
    "query": "query",
    "key": "key",
    "type": "kind",
    "sign": "sign",
    "second": "second",
}
