"""A run that begins with another's weights takes all that fit, says how many, and refuses what is not kin."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from engine.checkpoints import BadCheckpoint, native
from engine.data.batches import Order
from engine.networks import TRAINABLE, LucidrainsStyleGAN2, StyleGANT
from engine.training.ada import Ada
from engine.training.config import BlurFade, Config
from engine.training.pictures import upside_down
from engine.training.run import Run
from engine.training.state import save_state
from engine.training.step import Players
from engine.training.transfer import grown, preset_like, transfer, transferred

CPU = torch.device("cpu")


def players(seed: int, family: str = "stylegan2", **changes) -> Players:
    return Players(Config(network=TRAINABLE[family].tiny(**changes), phases="lazy", seed=seed), CPU)


def test_a_full_state_gives_both_networks_and_the_average(tmp_path: Path) -> None:
    old, new = players(0), players(1)
    run = Run.create(tmp_path / "run", old.config)
    save_state(run.state_file(1000), old)
    taken = transfer(run.folder, new)
    assert taken.taken == taken.all
    for who in ("generator", "discriminator"):
        for name, tensor in getattr(old, who).state_dict().items():
            assert torch.equal(getattr(new, who).state_dict()[name], tensor)
    assert new.images == new.steps == 0


def test_a_model_gives_the_generator(tmp_path: Path) -> None:
    old, new = players(0), players(1)
    native.write(tmp_path / "model.safetensors", old.average.model, native.Card(old.config.network))
    judge = {name: x.clone() for name, x in new.discriminator.state_dict().items()}
    taken = transfer(tmp_path / "model.safetensors", new)
    assert taken.taken == taken.all == 2 * len(new.generator.state_dict())
    for network in (new.generator, new.average.model):
        assert torch.equal(network.mapping.dense[0].weight, old.generator.mapping.dense[0].weight)
    assert all(torch.equal(x, judge[name]) for name, x in new.discriminator.state_dict().items())


@pytest.mark.parametrize("side", [16, 32])
def test_a_larger_stylegan_t_begins_with_a_new_discriminator(side: int, tmp_path: Path) -> None:
    old, new = (
        Players(Config(network=StyleGANT.tiny(resolution=size), seed=seed), CPU) for seed, size in enumerate((16, side))
    )
    run = Run.create(tmp_path / "run", old.config)
    save_state(run.state_file(1000), old)
    before = {name: x.clone() for name, x in new.discriminator.named_parameters()}
    transfer(run.folder, new)
    mine, theirs = (each.generator.get_parameter("layers.b16_rgb.weight") for each in (new, old))
    assert torch.equal(mine, theirs)
    expected = dict(old.discriminator.named_parameters()) if side == 16 else before
    assert all(torch.equal(x, expected[name]) for name, x in new.discriminator.named_parameters())


def test_only_what_fits_is_taken(tmp_path: Path) -> None:
    old, new = players(0), players(1, label_size=3)
    native.write(tmp_path / "model.safetensors", old.average.model, native.Card(old.config.network))
    first = new.generator.mapping.dense[0].weight.clone()
    taken = transfer(tmp_path / "model.safetensors", new)
    assert 0 < taken.taken < taken.all
    assert torch.equal(new.generator.mapping.dense[0].weight, first)
    assert torch.equal(new.generator.layers["b16_rgb"].weight, old.generator.layers["b16_rgb"].weight)


def test_other_families_and_broken_files_are_one_sentence(tmp_path: Path) -> None:
    old = players(0, "stylegan3")
    native.write(tmp_path / "model.safetensors", old.average.model, native.Card(old.config.network))
    with pytest.raises(BadCheckpoint, match="is a stylegan3, and this run trains a stylegan2"):
        transfer(tmp_path / "model.safetensors", players(1))
    (tmp_path / "broken").write_bytes(b"nothing")
    (tmp_path / "empty").mkdir()
    for name in ("broken", "empty", "nowhere"):
        with pytest.raises(BadCheckpoint, match=name):
            transfer(tmp_path / name, players(1))


def test_a_family_that_is_only_drawn_is_one_sentence(tmp_path: Path) -> None:
    network = LucidrainsStyleGAN2.tiny()
    native.write(tmp_path / "model.safetensors", network.build(), native.Card(network))
    says = "model.safetensors is a lucidrains-stylegan2, which is drawn here but cannot be trained: it has no discriminator"
    for way in (preset_like, lambda path: transfer(path, players(1))):
        with pytest.raises(BadCheckpoint, match=says):
            way(tmp_path / "model.safetensors")
    config = msgspec.to_builtins(Config()) | {"network": msgspec.to_builtins(network)}
    with pytest.raises(msgspec.ValidationError, match="lucidrains-stylegan2"):
        msgspec.convert(config, Config)


def test_a_network_that_is_not_young_any_more_trains_differently() -> None:
    young = Config(ema_rampup=0.05, blur=BlurFade(10, 200), ada=Ada("ada"))
    old = transferred(young, Path("model.pkl"))
    assert (old.transfer, old.ema_rampup, old.blur.sigma, old.ada.kimg) == ("model.pkl", 0.0, 0.0, 100.0)


@pytest.mark.parametrize(
    ("side", "lod", "initial"), [(32, 0.0, 32), (64, 0.0, 32), (16, 0.0, 16), (32, 0.4, 16), (32, 3.0, 8)]
)
def test_growth_goes_on_where_the_given_network_ended(tmp_path: Path, side: int, lod: float, initial: int) -> None:
    network = TRAINABLE["stylegan1"].tiny(resolution=side)
    model = network.build()
    model.lod = lod
    native.write(tmp_path / "model.safetensors", model, native.Card(network))
    config = Config(network=TRAINABLE["stylegan1"].tiny(resolution=32))
    assert config.growth.initial == 8
    assert grown(config, tmp_path / "model.safetensors").growth.initial == initial


def test_upside_down_is_decided_by_seed_and_position() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (40, 3, 4, 4), np.uint8)
    order = Order(3, 16)
    whole = upside_down(pixels, order, np.arange(40))
    turned = [not np.array_equal(a, b) for a, b in zip(whole, pixels, strict=True)]
    assert 8 < sum(turned) < 32
    assert np.array_equal(whole[turned], pixels[turned][:, :, ::-1])
    assert np.array_equal(np.concatenate([whole[:12], upside_down(pixels[12:], order, np.arange(12, 40))]), whole)


def test_the_preset_most_like_a_model(tmp_path: Path) -> None:
    from engine.checkpoints import native
    from engine.networks import StyleGAN2
    from engine.training.presets import PRESETS

    for name in ("tiny", "stylegan2-small-64"):
        network = PRESETS[name].network
        native.write(tmp_path / f"{name}.safetensors", network.build(), native.Card(network))
        assert preset_like(tmp_path / f"{name}.safetensors") == name
    near = StyleGAN2(64, z_dim=8, w_dim=8, feature_max=8)
    native.write(tmp_path / "near.safetensors", near.build(), native.Card(near))
    assert preset_like(tmp_path / "near.safetensors") == "stylegan2-small-64"
    for family, kind in TRAINABLE.items():
        spec = kind.tiny()
        native.write(tmp_path / "tiny.safetensors", spec.build(), native.Card(spec))
        assert preset_like(tmp_path / "tiny.safetensors") in PRESETS, family
