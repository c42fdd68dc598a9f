"""A training on shards that are read as they come: the same pictures, an exact place, and nothing else on disk."""

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.checkpoints import native
from engine.data.preparation.plan import Plan
from engine.data.preparation.prepare import Choice, prepare
from engine.data.scan import NoPictures
from engine.data.streaming import web
from engine.progress import ended
from engine.training import pictures
from engine.training.loop import Trained, train
from engine.training.ranks import Ranks
from engine.training.run import BadRun, Run
from engine.training.streaming import Stream, close, order_of
from engine.training.turn import Batch
from tests.data.shards import number_of, picture, serving, shards
from tests.training.small import BATCH, newest, small_run, steps

ON = Stream(on=True, window=7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three shards of five pictures."""
    shards(tmp_path / "set", 3, 5)
    return tmp_path / "set"


def stream_run(folder: Path, data: Path | str, **changes: Any) -> Run:
    return small_run(folder, data=str(data), **{"stream": ON, "kimg": 0.048, **changes})


def test_a_run_that_stopped_goes_on_at_the_exact_place(tmp_path: Path, folder: Path) -> None:
    whole, halves = stream_run(tmp_path / "whole", folder), stream_run(tmp_path / "halves", folder)
    uninterrupted = steps(whole)
    first = steps(halves, 7)
    header = native.read_tensors(halves.states()[-1])[0]
    assert header["position"]["epoch"] == 7 * BATCH // 15
    assert set(header["position"]) == {"epoch", "shard", "offset"}
    second = steps(halves)
    for ours, theirs in zip(first + second, uninterrupted, strict=True):
        assert ours.statistics is not None
        assert theirs.statistics is not None
        assert ours.statistics["loss_discriminator"] == theirs.statistics["loss_discriminator"]
    one, two = newest(whole), newest(halves)
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not list((whole.folder / "pictures").glob("*.pixels"))
    assert sum(file.stat().st_size for file in (whole.folder / "pictures").rglob("*.rows")) == 15 * 16


def test_other_shards_in_the_middle_of_a_run_are_refused(tmp_path: Path, folder: Path) -> None:
    run = stream_run(tmp_path / "run", folder)
    steps(run, 6)
    shards(tmp_path / "others", 4, 9)
    for path in (tmp_path / "others").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    with pytest.raises(BadRun, match="the next picture was at byte"):
        steps(run)


def test_shards_that_were_prepared_train_as_if_they_were_read_at_once(tmp_path: Path, folder: Path) -> None:
    """The pictures that a stream shows are those that preparing gives; so are their classes, through `dataset prepare`."""
    for _ in prepare([folder], tmp_path / "made", Plan(size=16), Choice(shards=4), 1):
        pass
    shown: dict[bool, list[int]] = {}
    for on in (True, False):
        run = stream_run(tmp_path / f"run {on}", tmp_path / "made", stream=Stream(on))
        work = pictures_of(run)
        shown[on] = sorted(number_of(each) for each in work)
    assert shown[True] == shown[False] == list(range(15))


def pictures_of(run: Run) -> np.ndarray:
    from engine.training.loop import pictures as opening

    images = ended(opening(run, run.config()))
    order = order_of(images, run.config().stream, 3, False)
    found = np.array(images.pixels[order.batch(0, 15).indices])
    close(images)
    return found


def test_processes_share_the_stream_without_overlap(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[int, list[int]] = {0: [], 1: []}
    kept = pictures.real_batch
    for rank in (0, 1):
        monkeypatch.setattr(Ranks, "wait", lambda self: None)
        monkeypatch.setattr(Ranks, "agreed", lambda self, wish, device: wish)

        def noted(players: Any, images: Any, order: Any, rank: int = rank) -> Batch:
            found, chosen = pictures.places(players, order, players.images)
            assert len(found) == BATCH // 2
            seen[rank] += chosen.indices.tolist()
            return kept(players, images, order)

        monkeypatch.setattr(pictures, "real_batch", noted)
        monkeypatch.setattr("engine.training.loop.play", lambda players, real, labels: count(players, real))
        run = stream_run(tmp_path / f"run {rank}", folder, kimg=0.06)
        for _ in train(run, ranks=Ranks(rank, 2)):
            pass
    assert sorted(seen[0] + seen[1]) == sorted(list(range(15)) * 4)


def count(players: Any, real: Batch) -> Any:
    """A step that learns nothing."""
    from engine.training.turn import Statistics

    players.images += real.size
    return Statistics({"loss_generator": 0.0, "loss_discriminator": 0.0})


def test_a_network_that_goes_is_told_and_waited_for(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "PIECE", 2**9)
    with serving(folder) as server:
        address = f"{server.address}/shard-{{000..002}}.tar"
        for name, tries, failing in (("waits", 20, 3), ("ends", 1, 10**6)):
            monkeypatch.setattr(web, "WAITS", (0.02,) * tries)
            run, said, trained = stream_run(tmp_path / name, address, stream=Stream()), [], 0
            try:
                for now in train(run):
                    trained += isinstance(now, Trained)
                    server.failing = failing if trained == 1 and not said else server.failing
                    said += [now.note] if "trying again" in now.note else []
            except NoPictures as error:
                said.append(str(error))
            assert said[-1].endswith("`resume` goes on when it can be." if name == "ends" else "trying again in 0.02 s")
            assert run.states()[-1].stem == f"{trained * BATCH:09d}"
            server.failing = 0
        assert [now.done for now in steps(run)][-1] == 48


def test_broken_pictures_are_told(tmp_path: Path) -> None:
    from tests.data.hostile_archives import write_tar

    write_tar(tmp_path / "a.tar", {"0.png": picture(1), "1.png": b"broken", "2.jpg": bytes(0)})
    run = stream_run(tmp_path / "run", tmp_path / "a.tar")
    said = [now.note for now in islice(train(run), 60) if now.note.startswith("skipped")]
    assert any("empty" in sentence for sentence in said)
    assert sum("at byte" in sentence for sentence in said) == 1
