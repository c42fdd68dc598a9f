"""Whether memory stays where it is while a training shows ten million pictures: their order, their shards, its statistics."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import psutil

from engine.data.batches import Order
from engine.data.streaming.addresses import addresses
from engine.data.streaming.index import Shards, look_through
from engine.data.streaming.pictures import Streamed
from engine.data.streaming.shard import ROW, Shard, key
from engine.training.course import Losses, drawn
from engine.training.run import Run
from engine.training.streaming import Stream, opened, order_of, position

from .record import Record

PICTURES, SHARDS = 10_000_000, 1_000
BATCH = 64
READ = 50  # of so many batches the pictures of one are read and decoded
EPOCHS = 1.2  # so that one ends
LOOKS = 40
ALLOWED = 32.0  # MiB, for what the operating system and Python keep by chance
COLUMNS = ("lod", "resolution", "batch", "rate", "img_s", "loss_generator", "loss_discriminator", "real_score",
           "fake_score", "real_sign", "r1", "augment_p", "gradient_generator", "gradient_discriminator")  # fmt: skip


def measure() -> Iterator[Record]:
    """Resident memory after the first tenth of the run, when all that is kept is there, beside the most of the rest."""
    yield from growth(PICTURES, SHARDS, READ)


def growth(count: int, shards: int, read: int) -> Iterator[Record]:
    """A run of EPOCHS over `count` pictures, with orders of both kinds; then its statistics are read back for the card."""
    room = Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        begun = time.perf_counter()
        index = made_up(room, count, shards)
        known = resident()
        yield Record(
            "large", f"{count:,} pictures in {shards} shards looked up", time.perf_counter() - begun, "s", 0, ""
        )
        images = opened(index, 8, Stream(on=True), labelled=False)
        assert isinstance(images.pixels, Streamed)
        try:
            for name, order in {
                "streamed": order_of(images, Stream(on=True), 0, mirror=True),
                "prepared": Order(0, count, True),
            }.items():
                run = Run(room / name)
                run.folder.mkdir()
                begun, marks = time.perf_counter(), shown(run, images.pixels, order, read if name == "streamed" else 0)
                took = time.perf_counter() - begun
                first, rest = marks[: len(marks) // 10 + 1], marks[len(marks) // 10 + 1 :]
                allowed = ALLOWED + (4 * count / 2**20 if name == "prepared" else 0)  # the next epoch's permutation
                yield Record("large", f"{name}: growth over the run", max(rest) - max(first), "MiB", allowed, "allowed")
                yield Record(
                    "large", f"{name}: most, more than before", max(marks) - known, "MiB", known, "before it began"
                )
                steps = int(EPOCHS * count) // BATCH
                yield Record("large", f"{name}: a step without its training", 1e3 * took / steps, "ms", 0, "")
                where = position(images, order, steps * BATCH) if name == "streamed" else None
                assert where is None or where["epoch"] == int(EPOCHS)
                size = run.stats_file.stat().st_size / 2**20
                yield Record(
                    "large", f"{name}: reading {size:.0f} MiB of statistics back", read_back(run), "MiB", size, "file"
                )
        finally:
            images.pixels.close()
    finally:
        shutil.rmtree(room)


def resident() -> float:
    """MiB of this process, its garbage too."""
    return float(psutil.Process(os.getpid()).memory_info().rss / 2**20)


def shown(run: Run, pixels: Streamed, order: Order, read: int) -> list[float]:
    """Every batch of the run is drawn and noted as a training does it; MiB at LOOKS moments."""
    steps, marks, step = int(EPOCHS * order.count) // BATCH, list[float](), 0
    line = dict.fromkeys(COLUMNS, 0.123456789)
    for step in range(steps):
        chosen = order.batch(step * BATCH, BATCH)
        if read and step % read == 0:
            assert pixels[chosen.indices].shape == (BATCH, *pixels.shape[1:])
        run.append({"images": (step + 1) * BATCH, **line})
        if step % max(steps // LOOKS, 1) == 0:
            marks.append(resident())
    return [*marks, resident()]


def read_back(run: Run) -> float:
    """MiB more while a run goes back half its way, and its card is drawn."""
    before = resident()
    lines = sum(1 for _ in run.statistics())
    run.forget_after(int(lines * BATCH / 2))
    losses = Losses(run.statistics())
    after = resident()
    assert len(losses) == lines // 2
    assert drawn(losses, []).startswith("<svg")
    return max(after - before, 0.0)


def made_up(room: Path, count: int, shards: int) -> Shards:
    """What looking through so many pictures leaves on disk; all shards are links to one file, and all rows lead to one picture."""
    from benchmarks.data import photo
    from engine.data.preparation.outputs import Shards as Writer
    from engine.data.preparation.packing import png

    writer = Writer(room / "one", (), 1, ())
    writer.add(0, png(np.asarray(photo(0, (8, 8)))), "", "")
    one = next(writer.finish(b"{}").glob("*.tar"))
    (list_of_one := room / "one.txt").write_text(f"{one}\n")
    for _ in (work := look_through(str(list_of_one), addresses(str(list_of_one)), room / "index", 1)):
        pass
    del work
    row = np.fromfile(room / "index" / f"{key(str(one))}.rows", ROW)
    each, known = np.repeat(row, count // shards), room / "index" / f"{key(str(one))}.json"
    shard = msgspec.json.decode(known.read_bytes(), type=Shard)
    (room / "set").mkdir()
    for number in range(shards):
        path = room / "set" / f"{number:05}.tar"
        os.link(one, path)
        told = msgspec.structs.replace(shard, address=str(path), count=len(each))
        each.tofile(room / "index" / f"{key(str(path))}.rows")
        (room / "index" / f"{key(str(path))}.json").write_bytes(msgspec.json.encode(told))
    found = look_through(str(room / "set"), addresses(str(room / "set")), room / "index", 1)
    while True:
        try:
            next(found)
        except StopIteration as end:
            result: Shards = end.value
            return result
