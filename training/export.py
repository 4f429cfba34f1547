"""Stores the trained weights as one ONNX file: int8 on disk, float32 in memory.

Each row of a matrix is kept as whole numbers of 8 bits with a scale of its own. The file itself turns them back into
float32 (Cast, Mul), which the runtime does once, when it loads; so no kernel computes in int8, and the result does not
depend on which instructions a processor has.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from change_model import HEADS, Changes, Exported
from model import Encoder

_Network = TypeVar("_Network", bound=torch.nn.Module)

# Smaller arrays (biases, norms) stay as they are.
_LEAST = 10_000


def rounded(model: _Network) -> _Network:
    """Round the weights in place to what the file will hold, so that they can be measured as shipped."""
    for weight in model.parameters():
        if weight.ndim == 2 and weight.numel() >= _LEAST:
            whole, scale = _whole(weight.detach().numpy(), axis=1)
            weight.data = torch.from_numpy(whole.astype(np.float32) * scale)
    return model


def _whole(matrix: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), 1e-8).astype(np.float32) / np.float32(127)
    return np.clip(np.round(matrix / scale), -127, 127).astype(np.int8), scale


class _Scores(torch.nn.Module):
    def __init__(self, model: Encoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, spans: torch.Tensor) -> torch.Tensor:
        return self.model(ids, mask, spans)[0]


def export(model: Encoder, path: Path) -> None:
    """Write the file of the network for attitudes."""
    example = (torch.ones(2, 7, dtype=torch.int64), torch.ones(2, 7), torch.full((2, 3, 7), 1 / 7))
    inputs = {"ids": "bt", "mask": "bt", "spans": "bmt"}
    _store(_Scores(model), example, inputs, {"scores": "bm"}, path)


def export_changes(model: Changes, path: Path, heads: Path) -> None:
    """Write the two files of the network for changes of belief: the encoder, and its small heads in float16."""
    whole = torch.int64
    clauses = (torch.ones(2, 3, dtype=whole), torch.full((2, 3), 2, dtype=whole), torch.full((2, 3, 7), 1 / 7))
    example = (torch.ones(2, 7, dtype=whole), torch.ones(2, 7), *clauses)
    inputs = {"ids": "bt", "mask": "bt", "first": "bm", "last": "bm", "within": "bmt"}
    _store(Exported(model), example, inputs, {"vectors": "bm", "told": "bm", "about": "bm", "none": "b"}, path)
    arrays = {"distance": model.distance}
    for name, own in HEADS.items():
        layer = getattr(model, own)
        arrays |= {f"{name}.weight": layer.weight, f"{name}.bias": layer.bias}
    # As half floats: they are small, and computed with in float32.
    np.savez_compressed(heads, **{name: array.detach().numpy().astype(np.float16) for name, array in arrays.items()})


def _store(
    network: torch.nn.Module,
    example: Sequence[torch.Tensor],
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    path: Path,
) -> None:
    """Write a network; of each input and output a letter for each of its axes that may be of any length."""
    buffer = io.BytesIO()
    torch.onnx.export(
        network.eval(),
        tuple(example),
        buffer,
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_axes={name: dict(enumerate(axes)) for name, axes in {**inputs, **outputs}.items()},
        opset_version=17,
        dynamo=False,
    )
    graph = onnx.load_from_string(buffer.getvalue())
    users: dict[str, str] = {}
    for node in graph.graph.node:
        for name in node.input:
            users[name] = node.op_type
    kept, made = [], []
    for array in graph.graph.initializer:
        matrix = numpy_helper.to_array(array)
        if matrix.ndim != 2 or matrix.size < _LEAST or array.data_type != TensorProto.FLOAT:
            kept.append(array)
            continue
        # A product takes them as input by output, a look-up as row by width: the scale goes with the output, or row.
        whole, scale = _whole(matrix, axis=0 if users[array.name] == "MatMul" else 1)
        kept.append(numpy_helper.from_array(whole, f"{array.name}.whole"))
        kept.append(numpy_helper.from_array(scale, f"{array.name}.scale"))
        made.append(helper.make_node("Cast", [f"{array.name}.whole"], [f"{array.name}.cast"], to=TensorProto.FLOAT))
        made.append(helper.make_node("Mul", [f"{array.name}.cast", f"{array.name}.scale"], [array.name]))
    nodes = [*made, *graph.graph.node]
    del graph.graph.initializer[:], graph.graph.node[:]
    graph.graph.initializer.extend(kept)
    graph.graph.node.extend(nodes)
    onnx.checker.check_model(graph)
    path.write_bytes(graph.SerializeToString())
