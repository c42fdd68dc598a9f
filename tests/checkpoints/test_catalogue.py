"""The catalogue's models are fetched whole, go on where they stopped, and are checked."""

import functools
import hashlib
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.catalogue import CHECKSUMS, Downloaded, Entry, checksum, download, entries, entry, place, standing, store
from engine.progress import ended
from tests.models import model_file

CONTENT = bytes(range(256)) * 5_000


class Ranges(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, parts of files included; remembers what was asked for."""

    asked: list[str | None] = []

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        data, wanted = path.read_bytes(), self.headers.get("Range")
        self.asked.append(wanted)
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if start > len(data):
            self.send_error(416)
            return
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start:])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "m.pkl").write_bytes(CONTENT)
    Ranges.asked.clear()
    handler = functools.partial(Ranges, directory=tmp_path / "served")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


def one(url: str, **changes: object) -> Entry:
    return Entry(**{"name": "m", "family": "stylegan2", "resolution": 32, "url": url, "licence": "CC0", **changes})


def test_what_the_catalogue_says() -> None:
    found = entries()
    assert len({each.name for each in found}) == len(found) > 90
    assert {each.family for each in found} == {"stylegan2", "stylegan3", "stylegan-xl", "projected-gan"}
    assert all(each.url.startswith("https://") and each.url.endswith(".pkl") and each.licence for each in found)
    assert entry("ada-pt-ffhq").resolution == 1024
    with pytest.raises(ValueError, match=r"did you mean .*ada-pt-ffhq"):
        entry("ada-ffhq")


def test_first_second_and_changed(tmp_path: Path, server: str) -> None:
    wanted = one(f"{server}/m.pkl")
    first = ended(download(wanted, tmp_path / "got"))
    assert (first.first, first.sha256) == (True, hashlib.sha256(CONTENT).hexdigest())
    assert first.path.read_bytes() == CONTENT
    assert json.loads((tmp_path / "got" / CHECKSUMS).read_text()) == {wanted.url: first.sha256}
    assert ended(download(wanted, tmp_path / "got")) == Downloaded(first.path, first.sha256, False)
    assert len(Ranges.asked) == 1  # the second time it was there
    first.path.unlink()
    (tmp_path / "served" / "m.pkl").write_bytes(CONTENT[::-1])
    with pytest.raises(ValueError, match="is not the file it was"):
        ended(download(wanted, tmp_path / "got"))
    assert [path.name for path in (tmp_path / "got").iterdir()] == [CHECKSUMS]


@pytest.mark.parametrize("cut", [1, 300_000, len(CONTENT), len(CONTENT) + 7])
def test_it_goes_on_where_it_stopped(tmp_path: Path, server: str, cut: int) -> None:
    (tmp_path / "m.pkl.part").write_bytes((CONTENT + b"1234567")[:cut])
    assert ended(download(one(f"{server}/m.pkl"), tmp_path)).path.read_bytes() == CONTENT
    assert Ranges.asked[0] == f"bytes={cut}-" if cut <= len(CONTENT) else Ranges.asked == [f"bytes={cut}-", None]


def test_stopping_keeps_what_came(tmp_path: Path, server: str) -> None:
    work = download(one(f"{server}/m.pkl"), tmp_path)
    step = next(work)
    work.close()
    assert 0 < (tmp_path / "m.pkl.part").stat().st_size == step.done < len(CONTENT)
    assert ended(download(one(f"{server}/m.pkl"), tmp_path)).path.read_bytes() == CONTENT


def test_mirrors_come_first_and_may_fail(tmp_path: Path, server: str) -> None:
    mirror = (tmp_path / "served" / "m.pkl").as_uri()
    wanted = one("https://nowhere.invalid/m.pkl", mirrors=(f"{server}/none.pkl", mirror), sha256="0" * 64)
    with pytest.raises(ValueError, match="is not the file it was"):
        ended(download(wanted, tmp_path))
    wanted = one("https://nowhere.invalid/m.pkl", mirrors=(mirror,), sha256=hashlib.sha256(CONTENT).hexdigest())
    assert ended(download(wanted, tmp_path)).first is False
    assert not (tmp_path / CHECKSUMS).exists()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://127.0.0.1:9/m.pkl", "is there a network"),
        ("ftp://x/m.pkl", "none of https"),
        ("file:///none.pkl", "does not give"),
    ],
)
def test_no_network_is_one_sentence(tmp_path: Path, url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        ended(download(one(url), tmp_path))
    assert "\n" not in str(caught.value)


def test_the_command_line(tmp_path: Path, say: Callable) -> None:
    assert "ada-pt-metfaces" in say("models").out
    assert json.loads(say("models", "--json").out)[0]["licence"].startswith("NVIDIA")
    mirror = model_file(tmp_path).as_uri()
    said = say("models", "get", "ada-pt-metfaces", "--out", tmp_path / "got", "--mirror", mirror)
    assert (said.code, "seen for the first time" in said.err, "NVIDIA" in said.err) == (0, True, True)
    assert say("info", said.out.strip()).code == 0
    assert "no model 'zzz'" in say("models", "get", "zzz").complaint()


def test_what_is_here_already(tmp_path: Path, server: str) -> None:
    wanted = one(f"{server}/m.pkl", name="a/b")
    assert place(wanted, tmp_path).name == "a_b.pkl"
    assert (standing(wanted, tmp_path), checksum(wanted, tmp_path)) == ((0, 0), "")
    work = download(wanted, tmp_path)
    step = next(work)
    work.close()
    assert step.note == "0 of 1 MB of a/b"
    assert standing(wanted, tmp_path) == (0, step.done)
    assert ended(download(wanted, tmp_path)).sha256 == checksum(wanted, tmp_path)
    assert standing(wanted, tmp_path) == (len(CONTENT), 0)
    assert checksum(one("", sha256="f"), tmp_path) == "f"
    assert store().name == "models"
