"""Stores the trained weights as one ONNX file: int8 on disk, float32 in memory.

Each row of a matrix is kept as whole numbers of 8 bits with a scale of its own. The file itself turns them back into
float32 (Cast, Mul), which the runtime does once, when it loads; so no kernel computes in int8, and the result does not
depend on which instructions a processor has.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from model import Encoder

# Smaller arrays (biases, norms) stay as they are.
_LEAST = 10_000


class _Scores(torch.nn.Module):
    def __init__(self, model: Encoder) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, spans: torch.Tensor) -> torch.Tensor:
        return self.model(ids, mask, spans)[0]


def rounded(model: Encoder) -> Encoder:
    """Round the weights in place to what the file will hold, so that they can be measured as shipped."""
    for weight in model.parameters():
        if weight.ndim == 2 and weight.numel() >= _LEAST:
            whole, scale = _whole(weight.detach().numpy(), axis=1)
            weight.data = torch.from_numpy(whole.astype(np.float32) * scale)
    return model


def _whole(matrix: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    scale = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), 1e-8).astype(np.float32) / np.float32(127)
    return np.clip(np.round(matrix / scale), -127, 127).astype(np.int8), scale


def export(model: Encoder, path: Path) -> None:
    """Write the file."""
    model.eval()
    example = (torch.ones(2, 7, dtype=torch.int64), torch.ones(2, 7), torch.full((2, 3, 7), 1 / 7))
    buffer = io.BytesIO()
    torch.onnx.export(
        _Scores(model).eval(),
        example,
        buffer,
        input_names=["ids", "mask", "spans"],
        output_names=["scores"],
        dynamic_axes={
            "ids": {0: "b", 1: "t"},
            "mask": {0: "b", 1: "t"},
            "spans": {0: "b", 1: "m", 2: "t"},
            "scores": {0: "b", 1: "m"},
        },
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
