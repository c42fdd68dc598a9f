"""Mapping and synthesis as graphs that run without this program: ONNX (opset 20) and torch.export.

mapping: z [N, z_dim] (and labels [N, label_size] where there are some) → w [N, w_dim]
synthesis: ws [N, rows, w_dim] → picture [N, channels, R, R] in [-1, 1], with the model's own constant noise

N is free, but for StyleGAN3's synthesis, where it is 1. Everything is float32.
Truncation is w_avg + psi (w - w_avg); w_avg is the mapping graph's metadata `w_avg`
in ONNX, and the attribute `w_avg` of the mapping program in torch.export.
"""

import copy
import json
import warnings
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
import torch._meta_registrations  # what `torch_import.quickly` leaves out, and tracing needs
from torch import Tensor, nn

from engine.networks import Generator
from engine.networks.plane import PlaneGenerator
from engine.whole import whole

OPSET = 20
EXTRA = "needs packages that are not installed; type: pip install 'latent-explorer[export]'"


class MappingGraph(nn.Module):
    """z (and labels) → w"""

    w_avg: Tensor

    def __init__(self, generator: Generator):
        super().__init__()
        self.mapping = generator.mapping
        average = generator.mapping.w_avg
        assert isinstance(average, Tensor)
        self.register_buffer("w_avg", average.clone())

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        w: Tensor = self.mapping(z, labels)
        return w


class SynthesisGraph(nn.Module):
    """ws → picture"""

    def __init__(self, generator: Generator):
        super().__init__()
        self.generator = generator

    def forward(self, ws: Tensor) -> Tensor:
        return self.generator.synthesize(ws)


def graphs(generator: Generator) -> dict[str, tuple[nn.Module, dict[str, Tensor], str]]:
    """Each graph by its name: the module, inputs of a small batch by their names, and what its output is called."""
    mapping = {"z": torch.randn(2, generator.z_dim)}
    if generator.label_size:
        mapping["labels"] = torch.eye(generator.label_size)[[0, -1]]
    batch = 1 if isinstance(generator, PlaneGenerator) else 2  # its layers draw picture by picture
    ws = {"ws": torch.randn(batch, generator.rows, generator.w_dim)}
    network = copy.deepcopy(generator).eval().requires_grad_(False)
    return {"mapping": (MappingGraph(network), mapping, "w"), "synthesis": (SynthesisGraph(network), ws, "picture")}


def write_programs(path: Path, generator: Generator) -> list[Path]:
    """`NAME-mapping.pt2` and `NAME-synthesis.pt2`, to be opened with torch.export.load. Raises OSError."""
    written = []
    for name, (module, inputs, _) in graphs(generator).items():
        target = beside(path, name)
        with whole(target) as temporary, quiet():
            program = torch.export.export(module, (), dict(inputs), dynamic_shapes=free_batch(inputs))
            with temporary.open("wb") as file:
                torch.export.save(program, file)
        written.append(target)
    return written


def missing() -> str:
    """What to install before ONNX can be written; "" where all is there."""
    return "" if find_spec("onnx") and find_spec("onnxscript") else f"writing ONNX {EXTRA}"


def write_onnx(path: Path, generator: Generator) -> list[Path]:
    """`NAME-mapping.onnx` and `NAME-synthesis.onnx`. Raises ValueError where the extra is not installed, and OSError."""
    if missing():
        raise ValueError(missing())
    written = []
    for name, (module, inputs, output) in graphs(generator).items():
        target = beside(path, name)
        with whole(target) as temporary, quiet():
            program = torch.onnx.export(
                module,
                (),
                kwargs=dict(inputs),
                input_names=list(inputs),
                output_names=[output],
                opset_version=OPSET,
                dynamo=True,
                dynamic_shapes=free_batch(inputs),
                custom_translation_table={torch.ops.prims.hypot.default: _hypot},
                verbose=False,
            )
            assert program is not None
            if isinstance(module, MappingGraph):
                program.model.metadata_props["w_avg"] = json.dumps(module.w_avg.tolist())
            program.save(str(temporary))
        written.append(target)
    return written


def _hypot(x: Any, y: Any) -> Any:
    """What ONNX has no operator for, and StyleGAN3's waves need."""
    from onnxscript import opset20 as op

    return op.Sqrt(op.Add(op.Mul(x, x), op.Mul(y, y)))


def beside(path: Path, name: str) -> Path:
    """Where the graph of that name goes."""
    return path.with_name(f"{path.stem}-{name}{path.suffix}")


def free_batch(inputs: Mapping[str, Tensor]) -> dict[str, Any] | None:
    """That the first axis of every input may have any length; None where the batch is one picture, and stays so."""
    if any(len(x) == 1 for x in inputs.values()):
        return None
    return {name: {0: torch.export.Dim("N", min=1)} for name in inputs}


class quiet(warnings.catch_warnings):
    """The exporters warn of their own future."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter("ignore")
