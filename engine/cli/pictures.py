"""What `train` and `trial` learn of the pictures before they begin: a folder or archive of them, or shards that will stream."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .progress import follow

if TYPE_CHECKING:
    from engine.data.scan import Found
    from engine.data.streaming.index import Shards
    from engine.training.run import Run

    Pictures = Sequence[Found] | Shards

ON = "stream.on=true"


def look(source: str, stream: bool, labels: bool) -> Pictures:
    """All that is to be known; shards are looked through once and remembered. Raises ValueError with one sentence."""
    from engine.data.scan import scan
    from engine.training.streaming import Stream, indexed, streams

    if not streams(source, Stream(stream)):
        return scan(Path(source), labels)[0]
    from engine.caches import cache_folder

    return follow(indexed(place(source), cache_folder()), "Looking through shards")


def place(source: str) -> str:
    """Where the pictures are, from whichever folder somebody looks."""
    from engine.data.streaming.addresses import SCHEME

    return source if SCHEME.match(source) else str(Path(source).resolve())


def classes(found: Pictures) -> int:
    """How many there are. Raises ValueError with one sentence where pictures in shards have none."""
    from engine.data.streaming.index import Shards

    if isinstance(found, Shards):
        found.labels()
        return len(found.classes)
    return len({file.group for file in found})


def hand_over(found: Pictures, run: Run) -> None:
    """What is known of shards travels with the run, to whichever machine."""
    from engine.data.streaming.index import Shards
    from engine.training.streaming import INDEX

    if isinstance(found, Shards):
        found.copy_to(run.folder / "pictures" / INDEX)
