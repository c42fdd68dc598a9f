"""Every preset is a configuration that can be built, kept and trained; the automatic one follows pictures and device."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from msgspec import structs
from PIL import Image

from engine.data.scan import scan
from engine.training.auto import auto, bytes_for_one, power_of_two
from engine.training.config import Config, check
from engine.training.official import full_precision, recommended_gamma, stylegan2, stylegan3
from engine.training.presets import PRESETS
from engine.training.sides import side_of
from engine.training.step import Batch, Players, play

CPU, GPU = torch.device("cpu"), torch.device("cuda")


@pytest.mark.parametrize("name", PRESETS)
def test_presets_are_whole(name: str) -> None:
    config = PRESETS[name]
    check(config)
    assert msgspec.json.decode(msgspec.json.encode(config), type=Config) == config
    with torch.device("meta"):
        generator, discriminator = config.network.build(), config.network.build_discriminator()
    assert generator.resolution == config.network.resolution
    assert sum(p.numel() for p in discriminator.parameters()) > 0
    if config.accumulate and config.lazy:
        assert config.growth.batch % config.accumulate == 0
        assert config.accumulate % getattr(config.network, "stddev_group", 1) == 0


@pytest.mark.parametrize("name", ["stylegan2-tiny", "stylegan3-tiny"])
def test_the_smallest_presets_train(name: str) -> None:
    config = structs.replace(PRESETS[name], growth=structs.replace(PRESETS[name].growth, batch=4))
    players = Players(config, CPU)
    seen = play(players, Batch(torch.rand(4, 3, 32, 32) * 2 - 1), lambda count: None).values
    assert {"loss_generator", "loss_discriminator", "r1", "augment_p"} <= seen.keys()
    assert all(np.isfinite(list(seen.values())))


@pytest.mark.parametrize(
    ("side", "gigabytes", "resolution", "batch", "at_once", "group"),
    [(300, 24, 256, 16, 16, 4), (700, 4, 512, 8, 2, 2), (5000, 80, 1024, 4, 4, 4), (5000, 1, 1024, 4, 1, 1)],
)
def test_auto_on_a_graphics_card(
    side: int, gigabytes: int, resolution: int, batch: int, at_once: int, group: int
) -> None:
    config = auto(10_000, side, GPU, gigabytes * 2**30)
    assert (config.network.resolution, config.growth.batch) == (resolution, batch)
    assert (config.accumulate, config.network.stddev_group) == (at_once, group)
    assert config.accumulate * bytes_for_one(config.network) <= max(gigabytes * 2**30, bytes_for_one(config.network))


def test_auto_follows_the_number_of_pictures() -> None:
    few, some, many = (auto(count, 256, GPU, 2**34) for count in (300, 20_000, 100_000))
    assert (few.ada.mode, some.ada.mode, many.ada.mode) == ("ada", "ada", "off")
    assert few.kimg < some.kimg == many.kimg == 25_000


def test_auto_stays_small_on_a_processor() -> None:
    config = auto(300, 2000, CPU, 2**34)
    assert config.network.resolution == 128
    assert sum(config.network.features()) < sum(stylegan2("auto", 128).network.features())


def test_sides_are_those_of_most_pictures(tmp_path: Path) -> None:
    for number, size in enumerate([(50, 70), (64, 48), (300, 400)]):
        Image.new("RGB", size).save(tmp_path / f"{number}.png")
    (tmp_path / "broken.png").write_bytes(b"nothing")
    assert side_of(tmp_path, scan(tmp_path)[0]) == 50
    assert [power_of_two(side, 1024) for side in (0, 50, 64, 1000, 9000)] == [32, 32, 64, 512, 1024]


def test_what_the_official_programs_are_asked_for() -> None:
    assert stylegan3("t", 64, 1.0).accumulate == 32
    with pytest.raises(ValueError, match="fewer than the 4"):
        stylegan3("t", 64, 1.0, at_once=2)
    assert [recommended_gamma(resolution) for resolution in (128, 256, 512, 1024)] == [0.5, 2, 8, 32]
    config = full_precision(stylegan2("auto", 64))
    assert (config.half_resolutions, config.network.clamp, config.precision) == (0, 0.0, "fp32")
