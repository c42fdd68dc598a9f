"""Small tar shards, and a web server in this process that can fail on wish."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from PIL import Image

from tests.data.hostile_archives import write_tar


def picture(number: int, side: int = 16) -> bytes:
    """A PNG file whose pixels are all one colour, which tells its number."""
    pixels = np.empty((side, side, 3), np.uint8)
    pixels[:] = (number % 256, number // 256, 77)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def number_of(pixels: np.ndarray) -> int:
    """The number that uint8 [3, R, R] tells."""
    return int(pixels[0, 0, 0]) + 256 * int(pixels[1, 0, 0])


def shards(folder: Path, count: int, each: int, classes: int = 0) -> list[Path]:
    """`count` files of `each` pictures, numbered through, beside each its class where there are some."""
    folder.mkdir(parents=True)
    found = []
    for shard in range(count):
        files: dict[str, bytes] = {}
        for number in range(shard * each, (shard + 1) * each):
            files[f"{number:06}.png"] = picture(number)
            if classes:
                files[f"{number:06}.cls"] = str(number % classes).encode()
        found.append(write_tar(folder / f"shard-{shard:03}.tar", files))
    return found


class Server(ThreadingHTTPServer):
    """Gives parts of the files of a folder; the next `failing` requests get 503, and it may give whole files only."""

    daemon_threads = True

    def __init__(self, folder: Path):
        super().__init__(("127.0.0.1", 0), Answer)
        self.folder, self.failing, self.whole, self.asked = folder, 0, False, 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked += 1
        path = self.server.folder / self.path.partition("?")[0].lstrip("/")
        if self.server.failing > 0:
            self.server.failing -= 1
            self.send_error(503)
            return
        if not path.is_file():
            self.send_error(404)
            return
        data, wanted = path.read_bytes(), re.match(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        first, last = (int(wanted[1]), min(int(wanted[2]), len(data) - 1)) if wanted else (0, len(data) - 1)
        self.send_response(200 if self.server.whole else 206)
        if not self.server.whole:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.send_header("Content-Length", str(last + 1 - first))
        self.end_headers()
        self.wfile.write(data[first : last + 1])

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """The folder on a web server, as long as the body runs."""
    server = Server(folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
