"""Opens the stored weights and the word pieces that both networks read."""

from __future__ import annotations

import functools
import json
import os
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

# Probabilities are rounded to this many digits before anything is compared with them: processors that add in another
# order differ in the seventh.
DIGITS = 4

CLS, SEP, PAD = 101, 102, 0
_MOST_THREADS = 4


def open_session(name: str, threads: int | None) -> InferenceSession:
    """The network in a file of this folder; `threads` is how many compute, None for one a core, four at most."""
    # Only here: importing it takes longer than all the rest, and whoever asks for a table of words does not need it.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or min(_MOST_THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    weights = (files("analysis.encoder") / name).read_bytes()
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


@functools.cache
def load_tokenizer() -> Tokenizer:
    """The word pieces of the base, without padding and without cutting."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str((files("analysis.encoder") / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def load_settings(name: str) -> dict[str, Any]:
    """What training fixed: a file of this folder."""
    settings: dict[str, Any] = json.loads((files("analysis.encoder") / name).read_text(encoding="utf-8"))
    return settings
