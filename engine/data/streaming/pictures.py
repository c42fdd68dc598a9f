"""Pictures that are read from shards while training goes on: decoded by some threads, one batch ahead, none of them kept."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from threading import Lock

import numpy as np

from engine.data.archives import Slice, read
from engine.data.folder import square
from engine.data.pictures import BadPicture, decode, one_sentence
from engine.data.scan import NoPictures
from engine.data.streaming.addresses import on_the_web
from engine.data.streaming.index import Shards
from engine.data.streaming.shard import Shard
from engine.data.streaming.web import Web
from engine.progress import Progress

FORMATS = ("PNG", "JPEG", "WEBP")
THREADS = 8
LOOK = 0.02  # seconds between two looks whether pictures have come
TOLD = 1000  # broken pictures that are told one by one
NOTED = 2**16  # broken pictures of which is known who stands in; more than any batch and the next one hold
STANDING_IN = 50  # pictures after a broken one that may stand in for it


def some(shards: Shards, count: int) -> Iterator[bytes]:
    """The files of at most `count` pictures from all over the shards. Raises NoPictures with one sentence."""
    web = Web(0)
    for at in range(0, len(shards.all), max(len(shards.all) // count, 1)):
        shard = shards.all[at]
        for row in shards.rows(at, 0, max(count // len(shards.all), 1)):
            yield fetched(web, shard, int(row["offset"]), int(row["bytes"]))


def fetched(web: Web, shard: Shard, offset: int, count: int) -> bytes:
    """The bytes of one picture. Raises NoPictures where the shard cannot be read, BadPicture where it ends too soon."""
    if on_the_web(shard.address):
        return web.read(shard.address, offset, count, shard.size)
    try:
        return read(Slice(shard.address, offset, count, count))
    except OSError as error:
        raise NoPictures(f"{shard.address} cannot be read: {error.strerror or error}.") from error


class Streamed:
    """Behaves like an array uint8 [N, 3, R, R] that is asked for some of its pictures.

    A picture that cannot be decoded is told once, and the next one in its shard, of the same class, stands in for it; `shown`
    says which.
    """

    def __init__(self, shards: Shards, resolution: int, memory: int, labelled: bool = False):
        self.shards = shards
        self.shape = (len(shards), 3, resolution, resolution)
        self._labelled = labelled
        self._said: deque[str] = deque(maxlen=TOLD)
        self._told: set[int] = set()
        self._standing: OrderedDict[int, int] = OrderedDict()  # for broken pictures that were met last: which stands in
        self._web = Web(memory, self._said.append)
        self._pool = ThreadPoolExecutor(THREADS, "pictures")
        self._coming: OrderedDict[int, Future[np.ndarray]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, indices: np.ndarray) -> np.ndarray:
        """uint8 [n, 3, R, R]. Raises NoPictures with one sentence where they cannot be had."""
        self.ask(indices)
        coming = [self._coming[int(index)] for index in indices]
        found = np.stack([each.result() for each in coming])
        for index in indices:
            self._coming.pop(int(index), None)
        return found

    def ask(self, indices: np.ndarray) -> None:
        """These will be wanted; whatever else was asked for and not taken is forgotten."""
        wanted = dict.fromkeys(int(index) for index in indices)
        for index in [index for index in self._coming if index not in wanted]:
            self._coming.pop(index).cancel()
        for index in wanted:
            if index not in self._coming:
                self._coming[index] = self._pool.submit(self._decoded, index)

    def awaited(self, indices: np.ndarray) -> Generator[Progress, None, None]:
        """Asks for these and waits; yields what is to be said meanwhile, and at least something from time to time."""
        self.ask(indices)
        while True:
            coming = sum(not self._coming[int(index)].done() for index in indices)
            while self._said:
                yield Progress(0, 1, self._said.popleft())
            if not coming:
                return
            yield Progress(0, 1)
            time.sleep(LOOK)

    def shown(self, indices: np.ndarray) -> np.ndarray:
        """Which pictures were given when these were asked for, int64 [n]: broken ones have others standing in for them."""
        with self._lock:
            return np.array([self._standing.get(int(index), int(index)) for index in indices], np.int64)

    def place(self, index: int) -> tuple[str, int]:
        """The shard that holds a picture and the byte of it where the picture begins."""
        shard, row = self.shards.where(index)
        return self.shards.all[shard].name, int(self.shards.rows(shard, row, 1)["offset"][0])

    def close(self) -> None:
        """Ends the threads."""
        self._web.close()
        self._pool.shutdown(cancel_futures=True)
        self._coming.clear()

    def _decoded(self, index: int) -> np.ndarray:
        """One picture [3, R, R], or the one that stands in for it."""
        shard, row = self.shards.where(index)
        count = self.shards.all[shard].count
        rows = self.shards.rows(shard, row, min(STANDING_IN, count - row))
        if len(rows) < min(STANDING_IN, count):  # at the end of a shard its beginning follows
            rows = np.concatenate([rows, self.shards.rows(shard, 0, min(STANDING_IN, count) - len(rows))])
        why, places = "", (row + np.arange(len(rows))) % count
        for at in np.flatnonzero(rows["label"] == rows["label"][0]) if self._labelled else range(len(rows)):
            try:
                found = self._picture(shard, int(rows["offset"][at]), int(rows["bytes"][at]))
            except BadPicture as error:
                why = why or str(error)
                self._tell(index, shard, int(rows["offset"][0]), why)
            else:
                self._stand(index, index - row + int(places[at]))
                return found
        name = self.shards.all[shard].name
        raise NoPictures(f"{name} is damaged: none of {len(rows)} pictures in a row can be read ({why})")

    def _picture(self, shard: int, offset: int, count: int) -> np.ndarray:
        """Raises BadPicture, and NoPictures where the shard itself cannot be read."""
        data = fetched(self._web, self.shards.all[shard], offset, count)
        side = int(self.shape[-1])
        with one_sentence():
            return square(decode(BytesIO(data), at_least=2 * side, formats=FORMATS), side)

    def _stand(self, index: int, other: int) -> None:
        """Notes which picture is given in the place of a broken one."""
        if index != other:
            with self._lock:
                self._standing[index] = other
                self._standing.move_to_end(index)
                if len(self._standing) > NOTED:
                    self._standing.popitem(last=False)

    def _tell(self, index: int, shard: int, offset: int, why: str) -> None:
        """Says once that a picture is broken."""
        with self._lock:
            if index in self._told or len(self._told) >= TOLD:
                return
            self._told.add(index)
        self._said.append(f"skipped the picture at byte {offset} of {self.shards.all[shard].name}: {why}")
