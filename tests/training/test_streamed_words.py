"""A StyleGAN-T that learns words from shards which are read as they come: the captions' own pictures, and the exact place."""

from pathlib import Path

import pytest
import torch
from msgspec import structs

from engine.metrics import guides
from engine.networks import StyleGANT
from engine.training import reading
from engine.training.config import Config
from engine.training.guided import guided
from engine.training.loop import Trained, pictures, train
from engine.training.pictures import real_batch
from engine.training.players import Players
from engine.training.reading import words_of
from engine.training.run import Run
from engine.training.streaming import Stream, close, order_of
from engine.training.words import stylegan_t
from tests.data.hostile_archives import write_tar

from .guides import Averages, coloured_pictures, ended, small_guide
from .small import newest

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guides, "lite0_pyramid", Averages)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A guide beside its pictures."""
    folder = tmp_path_factory.mktemp("pair")
    small_guide(coloured_pictures(folder / "pictures"), folder / "pair.safetensors", steps=2)
    return folder / "pair.safetensors"


@pytest.fixture
def config(tmp_path: Path, pair: Path) -> Config:
    """Two steps on twelve captioned pictures in two shards, one of them broken."""
    folder = pair.parent / "pictures"
    (tmp_path / "set").mkdir()
    for shard in range(2):
        files: dict[str, bytes] = {}
        for number in range(shard * 6, shard * 6 + 6):
            path = folder / ("red", "blue")[number % 2] / f"{number}.png"
            files[f"{number:03}.png"] = path.read_bytes() if number != 4 else b"broken"
            files[f"{number:03}.txt"] = path.with_suffix(".txt").read_bytes()
        write_tar(tmp_path / "set" / f"{shard}.tar", files)
    plain = stylegan_t(StyleGANT.tiny(), 4, 2, data=str(tmp_path / "set"), device="cpu", precision="fp32", kimg=0.008)
    stream = Stream(on=True, window=5)
    return guided(structs.replace(plain, stream=stream, snapshot_kimg=1.0), str(pair))


def test_every_picture_comes_with_its_own_caption(config: Config, tmp_path: Path) -> None:
    """Red ones are said to be red; of the broken one, which a blue one stands in for, blue is said."""
    run = Run.create(tmp_path / "run", config)
    images = ended(pictures(run, config))
    try:
        players = Players(config, CPU)
        assert players.pair is not None
        players.words = ended(words_of(config, images, players.pair, CPU))
        red, blue = players.pair.texts(["a red square", "a blue square"])
        order = order_of(images, config.stream, 0, False)
        seen = []
        for players.images in range(0, 12, 4):
            batch = real_batch(players, images, order)
            seen += (batch.images[:, 0] > batch.images[:, 2]).float().mean((1, 2)).round().tolist()
            means = players.meant(batch.labels)
            assert means is not None
            expected = [red if bright else blue for bright in seen[-4:]]
            assert torch.equal(means, torch.stack(expected))
        assert sorted(seen) == [0.0] * 7 + [1.0] * 5
        assert players.words.shown(players.generator, 3).shape == (3, 8)
    finally:
        close(images)


def test_a_run_that_resumes_goes_on_bit_for_bit(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the phase that teaches the reader too, with a memory of captions that is far too small."""
    monkeypatch.setattr(reading, "KEPT", 1)
    reads = structs.replace(config, learns="text-encoder")
    whole, halves = Run.create(tmp_path / "whole", reads), Run.create(tmp_path / "halves", reads)
    assert sum(isinstance(now, Trained) for now in train(whole)) == 2
    halves.write_config(structs.replace(reads, kimg=0.004))
    list(train(halves))
    halves.write_config(reads)
    list(train(halves))
    one, other = newest(whole), newest(halves)
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert not list((whole.folder / "pictures").glob("*.pixels"))


def test_shards_without_captions_are_named(config: Config, pair: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "set").iterdir():
        write_tar(path, {"0.png": (pair.parent / "pictures" / "red" / "0.png").read_bytes()})
    run = Run.create(tmp_path / "run", config)
    with pytest.raises(
        ValueError, match=r"in the shards of set have no captions: neither a \.txt nor a \.json beside each"
    ):
        list(train(run))
