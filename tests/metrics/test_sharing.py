"""Two processes that measure together look at every picture once, and find what one alone finds."""

import json
import os
import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partialmethod
from multiprocessing import get_context
from pathlib import Path

import pytest

from engine import feature_networks
from engine.feature_networks import Kind
from engine.metrics.bench import Bench, Settings
from engine.metrics.drawing import Model, Piece
from engine.metrics.extraction import Reals
from engine.metrics.registry import Result, measure, understood
from engine.metrics.sharing import joined, own_device, standing
from engine.progress import ended
from tests.metrics.conftest import Corners

NAMES = "fd_lite0_24,kd_lite0_24,pr_lite0_12"
SIZE = 5  # pictures in a piece, so that the last ones are fewer


def measured(settings: Settings) -> list[Result]:
    return ended(measure(understood(NAMES.split(",")), settings))


def one_of(rank: int, count: int, port: int, settings: Settings, out: Path) -> None:
    """A process as torchrun starts it; writes its figures, and which pieces it looked at."""
    told = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": count, "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port}
    with (
        pytest.MonkeyPatch.context() as patch,
        joined_as({name: str(value) for name, value in told.items()}, patch) as speaks,
    ):
        assert speaks == (rank == 0)
        assert standing() == (rank, count)
        assert own_device() == ""
        looked = watch(patch)
        results = measured(settings)
    out.write_text(json.dumps({"values": [result.values for result in results], "looked": looked}))


def joined_as(told: dict[str, str], patch: pytest.MonkeyPatch) -> AbstractContextManager[bool]:
    for name, value in told.items():
        patch.setenv(name, value)
    return joined()


def watch(patch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    """A tiny feature network and small pieces; where the pieces begin that are looked at from now on, by their source."""
    kind = feature_networks.NETWORKS["lite0"]
    tiny = Kind(kind.title, kind.files, Corners, lambda found: dict(found["lite0"]), kind.verified)
    patch.setitem(feature_networks.NETWORKS, "lite0", tiny)
    patch.setattr(Bench, "pieces", partialmethod(Bench.pieces, size=SIZE))
    looked: dict[str, list[int]] = {}
    patch.setattr(Reals, "pictures", noted("Reals", Reals.pictures, looked))
    patch.setattr(Model, "pictures", noted("Model", Model.pictures, looked))
    return looked


def noted(name: str, pictures: Callable[..., object], looked: dict[str, list[int]]) -> Callable[..., object]:
    def call(source: object, piece: Piece) -> object:
        looked.setdefault(name, []).append(piece.start)
        return pictures(source, piece)

    return call


@pytest.mark.skipif(os.name == "nt", reason="gloo is not tried there")
def test_two_processes_find_what_one_finds(
    tmp_path: Path, weights: Path, models: dict[str, Path], photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    spawn, running, outs = get_context("spawn"), [], [tmp_path / "0.json", tmp_path / "1.json"]
    for rank, out in enumerate(outs):
        (scratch := tmp_path / f"scratch {rank}").mkdir()
        settings = Settings(models["stylegan1"], photos, tmp_path / "together", scratch, weights, "cpu")
        running.append(spawn.Process(target=one_of, args=(rank, 2, port, settings, out)))
        running[-1].start()
    looked = watch(monkeypatch)
    (tmp_path / "scratch").mkdir()
    results = measured(replace(settings, cache=tmp_path / "alone", scratch=tmp_path / "scratch"))
    for process in running:
        process.join(240)
        assert process.exitcode == 0
    one, two = (json.loads(out.read_text()) for out in outs)
    assert one["values"] == two["values"]
    for ours, theirs in zip(one["values"], results, strict=True):
        assert ours == pytest.approx(theirs.values, rel=1e-6, abs=1e-6)
    assert looked["Reals"] == looked["Model"] == list(range(0, 24, SIZE))
    for source in ("Reals", "Model"):
        assert one["looked"][source] == looked[source][0::2]
        assert two["looked"][source] == looked[source][1::2]
