"""Two processes that share a batch train what one trains that takes it in two rounds."""

import os
import socket
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.networks import FAMILIES
from engine.training.ada import Ada
from engine.training.config import Config, PathLength
from engine.training.growth import Growth
from engine.training.ranks import ALONE, Ranks, joined, rounds
from engine.training.state import save_state
from engine.training.step import Batch, Players, play

SHARE = 2
STEPS = {"stylegan1": 8, "stylegan2": 20, "stylegan3": 6}  # families that play differently
TENSORS = ("generator.", "discriminator.", "average.", "path_mean")


def config(family: str) -> Config:
    common: dict[str, Any] = {
        "network": FAMILIES[family].tiny(label_size=2), "growth": Growth(8, 0.012, 0.012, batch=2 * SHARE, rate=0.002),
        "labels": True, "r1_gamma": 1.0, "accumulate": SHARE, "device": "cpu", "precision": "fp32",
    }  # fmt: skip
    if family == "stylegan1":
        return Config(**common, r1_interval=2)
    path = PathLength(2.0, 4) if family == "stylegan2" else PathLength(0.0, 0)
    ada = Ada("ada", 0.2, kimg=0.1, interval=3)
    return Config(**common, phases="lazy", path=path, r1_interval=3, ada=ada)


def trained(family: str, ranks: Ranks, out: Path) -> None:
    """Writes the state after all steps, computed in float64; the pictures are those of the rounds that are one's own."""
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    Tensor.float = Tensor.double  # type: ignore[method-assign]
    players = Players(config(family), torch.device("cpu"), ranks=ranks)
    random, own = torch.Generator().manual_seed(1), torch.Generator().manual_seed(2)
    with (
        torch.no_grad()
    ):  # where gradients are rounding alone, as of the first bias under a norm, Adam makes steps of them
        for parameter in (*players.generator.parameters(), *players.discriminator.parameters()):
            parameter.add_(torch.randn(parameter.shape, generator=random), alpha=0.1)
    players.average.model.load_state_dict(players.generator.state_dict())

    def labels(count: int) -> Tensor:
        return torch.eye(2)[torch.randint(2, (count,), generator=players.random)]

    here = torch.cat([torch.arange(part.start, part.stop) for part in ranks.of(rounds(2 * SHARE, SHARE, ranks.count))])
    for _ in range(STEPS[family]):
        now = players.stage()
        images = torch.rand(2 * SHARE, 3, now.resolution, now.resolution, generator=random) * 2 - 1
        seen = torch.eye(2)[torch.randint(2, (2 * SHARE,), generator=own)]
        play(players, Batch(images[here], seen[here], 2 * SHARE), labels)
    if ranks.leads:
        kept = {name: value for name, value in _tensors(players).items() if name.startswith(TENSORS)}
        torch.save({**kept, "p": torch.tensor(players.controller.p), "random": players.random.get_state()}, out)
        save_state(out.with_suffix(".safetensors"), players)


def _tensors(players: Players) -> dict[str, Tensor]:
    networks = {
        "generator": players.generator,
        "discriminator": players.discriminator,
        "average": players.average.model,
    }
    found = {
        f"{who}.{name}": value for who, network in networks.items() for name, value in network.state_dict().items()
    }
    return {**found, "path_mean": players.path_mean}


def one_of(rank: int, count: int, port: int, folder: Path) -> None:
    """A process as torchrun starts it."""
    os.environ.update(
        RANK=str(rank), WORLD_SIZE=str(count), LOCAL_RANK=str(rank), MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port)
    )
    with joined() as ranks:
        assert (ranks.rank, ranks.count) == (rank, count)
        for family in STEPS:
            trained(family, ranks, folder / f"{family}.pt")


def alone(folder: Path) -> None:
    for family in STEPS:
        trained(family, ALONE, folder / f"{family}.pt")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Folders of what one process made, and what two made."""
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    spawn = get_context("spawn")
    running = [spawn.Process(target=one_of, args=(rank, 2, port, two)) for rank in range(2)]
    running.append(spawn.Process(target=alone, args=(one,)))
    for process in running:
        process.start()
    for process in running:
        process.join(120)
        assert process.exitcode == 0
    return one, two


@pytest.mark.slow
@pytest.mark.parametrize("family", STEPS)
def test_two_processes_train_what_one_trains_in_two_rounds(family: str, both: tuple[Path, Path]) -> None:
    one, two = (torch.load(folder / f"{family}.pt", weights_only=True) for folder in both)
    assert one.keys() == two.keys()
    assert torch.equal(one.pop("random"), two.pop("random"))
    for name, value in one.items():
        far = float((two[name] - value).abs().max()) / max(float(value.abs().max()), 1e-9)
        assert far <= 1e-6, f"{name} differs by {far:.1e}"


def test_networks_learned(both: tuple[Path, Path]) -> None:
    before = Players(config("stylegan2"), torch.device("cpu"))
    after = torch.load(both[1] / "stylegan2.pt", weights_only=True)
    assert after["p"] > 0
    assert after["path_mean"] != 0
    for name, value in before.generator.state_dict().items():
        if "affine" in name and "weight" in name:
            assert not torch.allclose(after[f"generator.{name}"], value.double(), atol=1e-4), name


@pytest.mark.parametrize(
    ("size", "most", "count", "expected"),
    [(8, 0, 1, [8]), (8, 3, 1, [3, 3, 2]), (8, 0, 2, [4, 4]), (8, 2, 2, [2, 2, 2, 2]), (6, 100, 3, [2, 2, 2])],
)
def test_rounds_share_the_batch(size: int, most: int, count: int, expected: list[int]) -> None:
    found = rounds(size, most, count)
    assert [part.stop - part.start for part in found] == expected
    assert [place for part in found for place in range(size)[part]] == list(range(size))
    shared = [Ranks(rank, count).of(found) for rank in range(count)]
    assert sorted(part.start for own in shared for part in own) == [part.start for part in found]


@pytest.mark.parametrize(("size", "most", "count"), [(7, 0, 2), (12, 4, 2)])
def test_a_batch_that_does_not_come_out_even_is_refused_in_words(size: int, most: int, count: int) -> None:
    with pytest.raises(ValueError, match="choose"):
        rounds(size, most, count)
