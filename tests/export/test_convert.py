"""Whatever is written for another program reads back as the same network, and what cannot be written is said."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.checkpoints import load, native
from engine.export.models import FORMATS, convert
from engine.networks import TRAINABLE
from tests.models import model_file, random_generator

SIZES = {"z_dim": 10, "mapping_dim": 0, "embedding": 0, "clamp": 0.0}


@pytest.mark.parametrize("family", TRAINABLE)
@pytest.mark.parametrize("format", ["safetensors", "fp16"])
def test_our_own(tmp_path: Path, family: str, format: str) -> None:
    source = model_file(tmp_path, family, label_size=3)
    before, card = load(source)
    assert convert(source, tmp_path / "o.safetensors", format) == [tmp_path / "o.safetensors"]
    after, written = load(tmp_path / "o.safetensors")
    assert (written.licence, written.name, written.network) == (card.licence, card.name, card.network)
    state = after.state_dict()
    for name, x in before.state_dict().items():
        expected = x.half().float() if format == "fp16" else x
        assert torch.equal(state[name], expected)
        assert state[name].dtype == x.dtype
    assert (written.identity == card.identity) == (format == "safetensors")
    assert written.identity == native.identity(after)


def test_numbers_that_float16_cannot_hold(tmp_path: Path) -> None:
    generator = random_generator("progan")
    with torch.no_grad():
        generator.layers["b4_rgb"].bias.bias += 1e6
    native.write(tmp_path / "m.safetensors", generator, native.Card(generator.spec))
    with pytest.raises(ValueError, match=r"layers.b4_rgb.bias.bias has numbers beyond"):
        convert(tmp_path / "m.safetensors", tmp_path / "o.safetensors", "fp16")
    assert not (tmp_path / "o.safetensors").exists()


@pytest.mark.parametrize(
    ("family", "changes", "target", "says"),
    [
        ("stylegan1", {}, "o.pt", "no place for the family StyleGAN1"),
        ("stylegan1", {}, "o.pkl", "not written for the family StyleGAN1"),
        ("progan", {}, "o.pkl", "not written for the family ProGAN"),
        ("stylegan2", {"architecture": "resnet"}, "o.pt", "no place for the architecture 'resnet'"),
        ("stylegan2", {}, "o.xyz", "does not tell by its ending"),
        ("stylegan2", {}, "stylegan2.safetensors", "over itself"),
    ],
)
def test_what_cannot_be_written_is_said(
    tmp_path: Path, say, family: str, changes: dict, target: str, says: str
) -> None:
    generator = random_generator(family, **changes)
    source = tmp_path / f"{family}.safetensors"
    native.write(source, generator, native.Card(generator.spec))
    assert says in say("convert", source, tmp_path / target).complaint()
    assert sorted(path.name for path in tmp_path.iterdir()) == [source.name]


def test_the_command_line(tmp_path: Path, say) -> None:
    source = model_file(tmp_path, "stylegan2", **SIZES)
    assert say("convert", source, tmp_path / "o.pt").code == 0
    assert "rosinality" in say("info", tmp_path / "o.pt").out
    assert "there is no format 'jpg'" in say("convert", source, tmp_path / "o.pt", "--format", "jpg").complaint()
    assert (
        "no choice of networks 'both'" in say("convert", source, tmp_path / "x.pkl", "--networks", "both").complaint()
    )
    assert "holds the generator alone" in say("convert", source, tmp_path / "x.pt", "--networks", "all").complaint()
    assert not list(tmp_path.glob("x*"))
    assert "neither a file" in say("convert", tmp_path / "none", tmp_path / "o.pt").complaint()
    assert set(FORMATS) == {"safetensors", "fp16", "rosinality", "nvidia", "onnx", "pt2"}


@pytest.mark.parametrize("ending", [".npz", ".npy"])
def test_latents_there_and_back(tmp_path: Path, say, ending: str) -> None:
    model = model_file(tmp_path, "stylegan1")
    say("render", "--model", model, "--seeds", 4, "--set", "truncation.psi=0.5", "--out", tmp_path / "a.png")
    latent = tmp_path / f"a{ending}"
    assert say("convert", tmp_path / "a.png", latent, "--model", model).code == 0
    ws = np.load(latent)["w"] if ending == ".npz" else np.load(latent)
    assert (ws.shape, ws.dtype) == ((1, 6, 10), np.float32)
    assert say("convert", latent, tmp_path / "b.json", "--model", model).code == 0
    assert say("render", tmp_path / "b.json", "--model", model, "--out", tmp_path / "b.png").code == 0
    from PIL import Image

    assert np.array_equal(np.asarray(Image.open(tmp_path / "a.png")), np.asarray(Image.open(tmp_path / "b.png")))


def test_numpy_files_that_hold_something_else(tmp_path: Path, say) -> None:
    model = model_file(tmp_path, "stylegan1")
    for number, content in enumerate(
        (np.array([{"a": 1}], object), np.zeros((3, 3)), np.array(["a"]), np.zeros((1, 6, 10)) * np.nan, np.zeros(0))
    ):
        np.save(tmp_path / f"{number}.npy", content, allow_pickle=True)
        assert (
            f"{number}.npy"
            in say("convert", tmp_path / f"{number}.npy", tmp_path / "o.json", "--model", model).complaint()
        )
    (tmp_path / "x.npz").write_bytes(b"PK\x03\x04 nothing")
    assert "x.npz" in say("convert", tmp_path / "x.npz", tmp_path / "o.json", "--model", model).complaint()
    assert not (tmp_path / "o.json").exists()
