"""Our own model files: what was written comes back, and a bad file is one sentence."""

import json
import struct
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from engine.checkpoints import BadCheckpoint, load, native, read_card
from engine.networks import FAMILIES, TRAINABLE
from tests.models import model_file, random_generator


@pytest.mark.parametrize(
    ("family", "changes"),
    [*((family, {}) for family in FAMILIES), *((family, {"label_size": 3}) for family in TRAINABLE)],
)
def test_a_model_comes_back_as_it_was(tmp_path, family, changes):
    before = random_generator(family, **changes)
    before.lod = 1.5
    spec = FAMILIES[family].tiny(**changes)
    written = native.write(
        tmp_path / "m.safetensors", before, native.Card(spec, images=1234, data="hills", licence="CC0")
    )
    after, card = load(tmp_path / "m.safetensors")
    assert card == written == read_card(tmp_path / "m.safetensors")
    assert (card.images, card.data, card.licence, card.name, after.lod) == (1234, "hills", "CC0", "m", 1.5)
    z, labels = torch.randn(2, before.z_dim), torch.eye(3)[:2] if changes else None
    with torch.no_grad():  # StyleGAN3 draws in another way than it learns, FastGAN too
        assert torch.equal(before.eval()(z, labels), after(z, labels))
    assert not any(p.requires_grad for p in after.parameters())


def test_identity_is_of_the_tensors_alone(tmp_path):
    generator = random_generator()
    spec = FAMILIES["stylegan1"].tiny()
    one = native.write(tmp_path / "one.safetensors", generator, native.Card(spec, name="dawn"))
    two = native.write(tmp_path / "two.safetensors", generator, native.Card(spec, name="dusk", images=5))
    assert one.identity == two.identity == native.identity(generator.to(memory_format=torch.channels_last))
    with torch.no_grad():
        next(generator.layers.parameters()).add_(1e-3)
    assert native.identity(generator) != one.identity


def changed(path: Path, header=None, tensors=None) -> Path:
    """The file again with another header or other tensors."""
    found = load_file(path)
    text = native.read_tensors(path)[0]
    header and header(text)
    tensors and tensors(found)
    save_file(found, path, {native.KEY: json.dumps(text)})
    return path


def test_a_missing_left_over_or_misshapen_tensor_is_named(tmp_path):
    name = "layers.b8_up.bias.bias"
    for change, says in (
        (lambda t: t.pop(name), f"lacks the tensor {name}"),
        (lambda t: t.update(extra=torch.zeros(1)), "does not have: extra"),
        (lambda t: t.update({name: torch.zeros(3)}), rf"{name} is \(3,\)"),
        (lambda t: t.update({name: t[name] + 1}), "damaged"),
    ):
        path = changed(model_file(tmp_path), tensors=change)
        with pytest.raises(BadCheckpoint, match=says):
            load(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda h: h.pop("network"),
        lambda h: h.update(network={"family": "stylegan9"}),
        lambda h: h.update(network={"family": "stylegan1", "resolution": 2**30}),
        lambda h: h.update(network={"family": "stylegan1", "resolution": 100}),
        lambda h: h.update(network={"family": "stylegan1", "import": "os"}),
        lambda h: h.update(lod=-1),
        lambda h: h.update(lod="nan"),
        lambda h: h.update(format=99),
        lambda h: h.update(images=-5),
    ],
)
def test_a_header_that_makes_no_sense_is_one_sentence(tmp_path, change):
    path = changed(model_file(tmp_path), header=change)
    with pytest.raises(BadCheckpoint):
        load(path)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK\x03\x04", b"\x80\x04cos\nsystem\n", b"\x89PNG\r\n\x1a\n" + b"0" * 100,
        struct.pack("<Q", 2**62) + b"{}", struct.pack("<Q", 2) + b"{}", struct.pack("<Q", 50) + b"[" * 50,
        struct.pack("<Q", 80) + b'{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}',
    ],
)  # fmt: skip
def test_a_file_of_another_kind_is_one_sentence(tmp_path, content):
    path = tmp_path / "bad.safetensors"
    path.write_bytes(content)
    with pytest.raises(BadCheckpoint, match=r"bad\.safetensors"):
        load(path)


def test_a_path_that_is_no_file_is_one_sentence(tmp_path):
    with pytest.raises(BadCheckpoint, match="no file"):
        load(tmp_path / "none.safetensors")
    with pytest.raises(BadCheckpoint):
        load(tmp_path)


@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_byte_never_gets_through_unseen(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("damaged")
    path = model_file(folder)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    try:
        _, card = load(path)
    except BadCheckpoint:
        return
    # a bit of the header's free text, such as the name
    assert card.identity == native.identity(random_generator())


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = model_file(tmp_path)
    before = path.read_bytes()
    monkeypatch.setattr(native.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        model_file(tmp_path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
