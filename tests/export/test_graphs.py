"""ONNX and torch.export programs give the pictures that the network gives."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.checkpoints import native
from engine.export import graphs
from engine.networks import Generator
from tests.models import random_generator

CLOSE = 1e-4  # of the largest value


def compared(generator: Generator, run: Callable[[str, dict[str, Tensor]], Tensor], batches: tuple[int, ...]) -> None:
    for count in batches:
        inputs = {"z": torch.randn(count, generator.z_dim)}
        if generator.label_size:
            inputs["labels"] = torch.eye(generator.label_size)[torch.arange(count) % generator.label_size]
        with torch.no_grad():
            w = generator.mapping(*inputs.values())
            ws = generator.broadcast(w).contiguous()
            near(run("mapping", inputs), w)
            near(run("synthesis", {"ws": ws}), generator.synthesize(ws))


def near(found: Tensor, expected: Tensor) -> None:
    assert found.shape == expected.shape
    assert (found - expected).abs().max() <= CLOSE * expected.abs().max()


FAMILIES = {
    "stylegan1": (1, 3),
    "stylegan2": (1, 3),
    "stylegan3": (1,),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "changes"),
    [("stylegan2", {"label_size": 3}), ("stylegan3", {"label_size": 3})],
)
def test_torch_export(tmp_path: Path, family: str, changes: dict) -> None:
    generator = random_generator(family, **changes).eval()
    written = graphs.write_programs(tmp_path / "m.pt2", generator)
    assert [path.name for path in written] == ["m-mapping.pt2", "m-synthesis.pt2"]
    programs = {path.stem[2:]: torch.export.load(path).module() for path in written}
    compared(generator, lambda name, inputs: programs[name](**inputs), FAMILIES[family])
    assert torch.equal(programs["mapping"].w_avg, generator.mapping.w_avg)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["stylegan1", "stylegan2", "stylegan3"])
def test_onnx(tmp_path: Path, family: str) -> None:
    pytest.importorskip("onnxscript")
    runtime = pytest.importorskip("onnxruntime")
    generator = random_generator(family, label_size=3).eval()
    written = graphs.write_onnx(tmp_path / "m.onnx", generator)
    sessions = {path.stem[2:]: runtime.InferenceSession(path) for path in written}

    def run(name: str, inputs: dict[str, Tensor]) -> Tensor:
        return torch.from_numpy(sessions[name].run(None, {key: x.numpy() for key, x in inputs.items()})[0])

    compared(generator, run, FAMILIES[family])
    average = json.loads(sessions["mapping"].get_modelmeta().custom_metadata_map["w_avg"])
    assert average == pytest.approx(generator.mapping.w_avg.tolist())


def test_without_the_extra_it_is_said(tmp_path: Path, say: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = random_generator("progan")
    native.write(tmp_path / "m.safetensors", generator, native.Card(generator.spec))
    monkeypatch.setattr(graphs, "find_spec", lambda name: None)
    assert "latent-explorer[export]" in say("convert", tmp_path / "m.safetensors", tmp_path / "o.onnx").complaint()
    assert not list(tmp_path.glob("o*"))
