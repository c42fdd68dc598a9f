"""Trainings on tar shards that are read as they come: their pictures, their order, and the exact place in it."""

from collections.abc import Generator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from msgspec import Meta, Struct

from engine.data.batches import Order
from engine.data.folder import Images
from engine.data.scan import Skipped
from engine.data.streaming.addresses import addresses, is_list
from engine.data.streaming.index import Shards, look_through
from engine.data.streaming.order import Windowed
from engine.data.streaming.pictures import Streamed
from engine.progress import Progress

MIB = 2**20
INDEX = "shards"


class Stream(Struct, frozen=True, forbid_unknown_fields=True):
    """Tar shards that are read while the training goes on, from disks or web servers."""

    on: bool = False
    """Do not prepare all pictures on disk before the training, but read tar shards as they come; lists of them always are."""
    window: Annotated[int, Meta(ge=1, le=10_000_000)] = 10_000
    """So many pictures that follow one another in the shards are mixed; the shards themselves are shuffled as a whole."""
    memory: Annotated[int, Meta(ge=16, le=1_000_000)] = 1024
    """MiB that the shards' bytes may take in memory; a window holds no more pictures than fit."""


def streams(data: str, stream: Stream) -> bool:
    """Whether pictures come as a stream: where it is wished, and where the source can be read in no other way."""
    return stream.on or is_list(data)


def indexed(data: str, folder: Path) -> Generator[Progress, None, Shards]:
    """What the shards hold, kept in a folder. Raises NoPictures with one sentence."""
    return (yield from look_through(data, addresses(data), folder / INDEX))


def opened(shards: Shards, resolution: int, stream: Stream, labelled: bool) -> Images:
    """The shards as pictures of a training. Raises NoPictures with one sentence where classes are missing."""
    skipped = tuple(Skipped(Path(name), why) for shard in shards.all for name, why in shard.left_out)
    labels = shards.labels() if labelled else None
    pixels = Streamed(shards, resolution, stream.memory * MIB, labelled)
    return Images(shards.name, pixels, labels, shards.classes if labelled else (), skipped)


def order_of(images: Images, stream: Stream, seed: int, mirror: bool) -> Order:
    """In which order a training sees its pictures."""
    pixels = images.pixels
    if not isinstance(pixels, Streamed):
        return Order(seed, len(images), mirror)
    fitting = max(stream.memory * MIB // 2 // pixels.shards.mean_bytes, 1)  # two windows meet in memory
    return Windowed(seed, len(images), mirror, pixels.shards.sizes, min(stream.window, fitting))


def position(images: Images, order: Order, seen: int) -> dict[str, Any] | None:
    """Where a stream stands after so many pictures: the shard and the byte in it of the next one; None for what is prepared."""
    if not isinstance(images.pixels, Streamed):
        return None
    shard, offset = images.pixels.place(int(order.batch(seen, 1).indices[0]))
    return {"epoch": seen // order.count, "shard": shard, "offset": offset}


def same_place(before: dict[str, Any] | None, now: dict[str, Any] | None) -> str:
    """Nothing, or one sentence on why a training cannot go on where it was."""
    if not before or before == now:
        return ""
    found = "no stream" if now is None else f"byte {now['offset']} of {now['shard']}"
    return (
        f"the shards or the stream's settings are not those of before: the next picture was at byte {before['offset']} of "
        f"{before['shard']}, and would now be at {found}; bring them back, or begin a new training with --transfer RUN"
    )


def awaited(images: Images, indices: np.ndarray) -> Generator[Progress, None, None]:
    """Until these pictures are there; says what goes wrong meanwhile. At once where all pictures are prepared."""
    if isinstance(images.pixels, Streamed):
        yield from images.pixels.awaited(indices)


def ahead(images: Images, indices: np.ndarray) -> None:
    """These will be wanted next."""
    if isinstance(images.pixels, Streamed):
        images.pixels.ask(indices)


def shown(images: Images, indices: np.ndarray) -> np.ndarray:
    """Which pictures were shown when these were taken, int64 [N]: in a stream broken ones have others standing in for them."""
    return images.pixels.shown(indices) if isinstance(images.pixels, Streamed) else indices


def close(images: Images) -> None:
    """Ends what reads ahead."""
    if isinstance(images.pixels, Streamed):
        images.pixels.close()
