"""The trained models: texts and spans go in, probabilities come out.

One judges in which of three lights a sentence shows a mention, the other which two clauses of a text state a change of
its writer's belief. They know nothing of targets, holders or claims. `CARD.md` says where
the weights come from, what they were trained on, and what they cannot do; `make train` makes them.
"""

from analysis.encoder.changes import (
    CHANGE_TYPES,
    FARTHEST,
    NEAREST,
    Candidates,
    ChangeEncoder,
    Marked,
    Pair,
    load_change_encoder,
)
from analysis.encoder.model import LIGHTS, Asked, Encoder, load_encoder
from analysis.encoder.runtime import DIGITS

__all__ = [
    "CHANGE_TYPES",
    "DIGITS",
    "FARTHEST",
    "LIGHTS",
    "NEAREST",
    "Asked",
    "Candidates",
    "ChangeEncoder",
    "Encoder",
    "Marked",
    "Pair",
    "load_change_encoder",
    "load_encoder",
]
