"""Files on web servers, read in pieces that are kept for a while in memory; when the network goes it is tried again."""

from __future__ import annotations

import http.client
import io
import re
import urllib.error
import urllib.request
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from threading import Event, Lock
from typing import NamedTuple, TypeVar

from engine.data.scan import NoPictures
from engine.data.streaming.addresses import shown

T = TypeVar("T")

PIECE = 2**20
PATIENCE = 30.0  # seconds until a silent server counts as gone
WAITS = (1, 2, 4, 8, 15, 30, *[60] * 14)  # seconds between two tries, a quarter of an hour in all
PASSING = {408, 425, 429}  # answers that may be others the next time, beside 5xx
LOST = (urllib.error.URLError, TimeoutError, ConnectionError, http.client.HTTPException)
RANGE = re.compile(r"bytes \d+-\d+/(\d+)")
AT_ONCE = 2**24  # no header of a tar file is larger


class Seen(NamedTuple):
    """What tells whether a file on a server has changed: its size and the stamp that the server gives."""

    size: int
    stamp: str


def opener() -> urllib.request.OpenerDirector:
    """Speaks http and https, and is led nowhere else."""
    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        director.add_handler(handler)
    return director


class Web:
    """At most `memory` bytes of pieces; what is asked for by several threads is fetched once. `said` hears of trouble."""

    def __init__(self, memory: int, said: Callable[[str], None] = lambda sentence: None):
        self._said, self._most = said, max(memory // PIECE, 4)
        self._opener, self._lock, self._ended = opener(), Lock(), Event()
        self._kept: OrderedDict[tuple[str, int], Future[bytes]] = OrderedDict()

    def close(self) -> None:
        """Whoever waits for the network gives up."""
        self._ended.set()

    def look(self, address: str) -> Seen:
        """Its size and stamp. Raises NoPictures with one sentence."""
        return self._patiently(address, lambda: self._ask(address, 0, 1)[1])

    def read(self, address: str, start: int, count: int, size: int) -> bytes:
        """`count` bytes of a file of `size`, fewer where it ends. Raises NoPictures with one sentence."""
        end = min(start + count, size)
        if start >= end:
            return b""
        first, last = start // PIECE, (end - 1) // PIECE
        data = b"".join(self._piece(address, number, size) for number in range(first, last + 1))
        return data[start - first * PIECE : end - first * PIECE]

    def _piece(self, address: str, number: int, size: int) -> bytes:
        key = address, number
        with self._lock:
            waiting = self._kept.get(key)
            if mine := waiting is None:
                waiting = self._kept[key] = Future()
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        assert waiting is not None
        if mine:
            try:
                waiting.set_result(self._patiently(address, lambda: self._fetch(address, number, size)))
            except BaseException as error:
                with self._lock:
                    self._kept.pop(key, None)
                waiting.set_exception(error)
        return waiting.result()

    def _fetch(self, address: str, number: int, size: int) -> bytes:
        start = number * PIECE
        wanted = min(PIECE, size - start)
        data, seen = self._ask(address, start, wanted)
        if seen.size != size:
            raise NoPictures(f"{shown(address)} has changed since it was looked through; begin a new run with it.")
        if len(data) < wanted:
            raise ConnectionError("the answer was cut off")
        return data

    def _ask(self, address: str, start: int, count: int) -> tuple[bytes, Seen]:
        """One request for a part of a file. Raises one of LOST, or NoPictures with one sentence."""
        words = {"User-Agent": "latent-explorer", "Range": f"bytes={start}-{start + count - 1}"}
        try:
            with self._opener.open(urllib.request.Request(address, headers=words), timeout=PATIENCE) as answer:
                found = RANGE.match(answer.headers.get("Content-Range", ""))
                if answer.status != 206 or found is None:
                    raise NoPictures(
                        f"The server of {shown(address)} gives no parts of files; copy the shards to a disk."
                    )
                stamp = answer.headers.get("ETag") or answer.headers.get("Last-Modified") or ""
                return answer.read(count), Seen(int(found[1]), stamp)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in PASSING or error.code >= 500:
                raise ConnectionError(f"the server answers {error.code} {error.reason}") from None
            why = f"the server answers {error.code} {error.reason}"
            raise NoPictures(f"{shown(address)} cannot be read: {why}.") from None

    def _patiently(self, address: str, ask: Callable[[], T]) -> T:
        """Asks again as long as it is the network that fails."""
        for wait in (*WAITS, 0):
            try:
                return ask()
            except LOST as error:
                why = str(getattr(error, "reason", "") or error or type(error).__name__)
                if wait and not self._ended.is_set():
                    self._said(f"{shown(address)} cannot be reached ({why}); trying again in {wait} s")
                if not wait or self._ended.wait(wait):
                    break
        raise NoPictures(f"{shown(address)} cannot be reached ({why}); `resume` goes on when it can be.")


class WebFile(io.RawIOBase):
    """One file as `tarfile` reads it: headers alone, never more than the largest of them at once."""

    def __init__(self, web: Web, address: str, size: int):
        self._web, self._address, self._size, self._at = web, address, size, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= AT_ONCE:
            raise ValueError("a header is far too large")
        data = self._web.read(self._address, self._at, size, self._size)
        self._at += len(data)
        return data
