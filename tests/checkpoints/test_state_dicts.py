"""Plain state dicts of every family, in every kind of file, become the network that they came from."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.checkpoints import BadCheckpoint, load, native, nvidia, state_dicts
from engine.networks import FAMILIES
from tests.models import random_generator

from .files import REFERENCE, SHARED, constructed


@pytest.mark.parametrize("way", ["safetensors", "zip", "legacy", "wrapped"])
@pytest.mark.parametrize("family", ["progan", "stylegan1", "stylegan2"])
def test_our_own_names(tmp_path: Path, family: str, way: str) -> None:
    generator, path = random_generator(family), tmp_path / "m.bin"
    state = generator.state_dict()
    if way == "safetensors":
        save_file(state, path)
    else:
        content = {"epoch": 3, "model": state} if way == "wrapped" else state
        torch.save(content, path, _use_new_zipfile_serialization=way != "legacy")
    found, card = load(path)
    assert card.identity == native.identity(generator)
    z = torch.randn(2, generator.z_dim)
    assert torch.equal(found(z), generator(z))


@pytest.mark.parametrize("label_size", [0, 3])
def test_labels_show_in_the_shapes(tmp_path: Path, label_size: int) -> None:
    for family in ("stylegan1", "stylegan2"):
        save_file(random_generator(family, label_size=label_size).state_dict(), tmp_path / "m")
        assert load(tmp_path / "m")[1].network.label_size == label_size


def test_official_names(tmp_path: Path) -> None:
    _, state, _ = constructed("style_mixing", "sd.G.")
    for prefix in ("", "G_ema."):
        torch.save({f"{prefix}{name}": x for name, x in state.items()}, tmp_path / "m.pt")
        found = load(tmp_path / "m.pt")[0].state_dict()
        assert all(torch.equal(found[nvidia.ours(name)].flatten(), x.flatten())
                   for name, x in state.items() if not name.endswith("resample_filter"))  # fmt: skip


@pytest.mark.parametrize("name", ["paper256", "auto256", "stylegan2_1024", "cifar32_cond10", "paper512_cond3"])
def test_official_sizes_are_told_by_names_and_shapes(name: str) -> None:
    places = [SHARED / "stylegan2" / "state_dict_layouts.json", REFERENCE / "stylegan2" / "state_dict_layouts.json"]
    path = next((path for path in places if path.exists()), None) or pytest.skip(
        "the layouts are not beside the project"
    )
    tensors = json.loads(path.read_text())[name]["G"]["tensors"]
    found = {
        full: torch.zeros(()).expand(tuple(shape)) for full, shape, _ in tensors if not full.endswith("resample_filter")
    }
    spec = nvidia.spec_of(nvidia.told_by(found))
    assert {place.theirs for place in nvidia.places(spec)} == found.keys()
    ours = nvidia.layout(spec)
    assert all(ours[place.ours].numel() == found[place.theirs].numel() for place in nvidia.places(spec))


def test_an_alias_free_network_under_our_names_does_not_tell_its_size(tmp_path: Path) -> None:
    if "stylegan3" not in FAMILIES:
        pytest.skip("StyleGAN3 is not registered yet")
    save_file(random_generator("stylegan3").state_dict(), tmp_path / "m")
    with pytest.raises(BadCheckpoint, match="do not tell its size"):
        load(tmp_path / "m")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: s.pop("layers.b8_up.source.weight"), "the tensor layers.b8_up.source.weight is missing"),
        (lambda s: s.pop("layers.b16_rgb.conv.weight"), "left over"),
        (lambda s: s.update(more=torch.zeros(2)), "the tensor more is left over"),
        (lambda s: s.update({"layers.b8_up.bias.bias": torch.zeros(3)}), "layers.b8_up.bias.bias is (3,)"),
        (lambda s: s.update({"layers.b8_up.bias.bias": torch.zeros(8).int()}), "holds torch.int32"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, change, says: str) -> None:
    state = dict(random_generator("stylegan1").state_dict())
    change(state)
    torch.save(state, tmp_path / "m.pt")
    with pytest.raises(BadCheckpoint) as caught:
        load(tmp_path / "m.pt")
    assert says in str(caught.value)


def test_other_files_are_left_to_others(tmp_path: Path) -> None:
    torch.save({"fc.weight": torch.ones(2)}, tmp_path / "m.pt")
    with pytest.raises(BadCheckpoint, match="no generator that is known here"):
        load(tmp_path / "m.pt")
    save_file({"fc.weight": torch.ones(2)}, tmp_path / "m.safetensors")
    with pytest.raises(BadCheckpoint, match="safetensors file, but not one of Latent Explorer"):
        load(tmp_path / "m.safetensors")
    assert state_dicts.OFFICIAL.fullmatch("synthesis.b4.const")
