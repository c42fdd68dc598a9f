"""Well-known public models, and their download: it goes on where it stopped, and what arrives is checked.

No checksums are published. The first download of a file records the one it saw in `checksums.json` beside it; later ones must
be the same.
"""

import hashlib
import json
import re
import urllib.error
import urllib.request
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import msgspec
from msgspec import Struct

from engine.assets import assets
from engine.progress import Progress
from engine.whole import write_bytes

CHUNK = 2**18
PATIENCE = 30.0  # seconds without an answer
LARGEST = 16 * 2**30
CHECKSUMS = "checksums.json"
SCHEMES = ("https", "http", "file")
PARTIAL, UNSATISFIABLE = 206, 416


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A public model. Sizes of 0 and empty texts are not known; `mirrors` are other addresses of the same file."""

    name: str
    family: str
    resolution: int
    url: str
    licence: str
    size: int = 0
    sha256: str = ""
    mirrors: tuple[str, ...] = ()
    note: str = ""


class Downloaded(Struct, frozen=True):
    """Where the file is, its checksum, and whether that was seen for the first time and so compared with nothing."""

    path: Path
    sha256: str
    first: bool


def entries() -> list[Entry]:
    """All models of the catalogue that came with the program."""
    return msgspec.json.decode((assets() / "catalogue.json").read_bytes(), type=list[Entry])


def entry(name: str) -> Entry:
    """The one of that name. Raises ValueError with one sentence."""
    import difflib

    known = {one.name: one for one in entries()}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, 3)
    guess = f"did you mean {' or '.join(near)}?" if near else "`models` lists all"
    raise ValueError(f"the catalogue has no model {name!r}; {guess}")


def store() -> Path:
    """The folder in which fetched models lie unless another is named: the person's cache."""
    from engine.caches import cache_folder

    return cache_folder() / "models"


def place(one: Entry, folder: Path) -> Path:
    """Where its file lies in the folder, or will."""
    return folder / f"{re.sub(r'[^A-Za-z0-9._-]', '_', one.name)}{Path(urlsplit(one.url).path).suffix or '.pkl'}"


def standing(one: Entry, folder: Path) -> tuple[int, int]:
    """Bytes of the whole file in the folder, and of one whose download was stopped; 0 is none."""
    target = place(one, folder)
    return _size(target), _size(_part(target))


def checksum(one: Entry, folder: Path) -> str:
    """Its SHA-256, from the catalogue or from the first download into the folder; "" is not known. Raises ValueError."""
    return one.sha256 or _recorded(folder).get(one.url, "")


def download(one: Entry, folder: Path) -> Generator[Progress, None, Downloaded]:
    """Fetches the file into the folder, or finds it there; what was fetched so far stays when it is stopped.

    Raises ValueError with one sentence where no address answers or the file is not the one that it was, and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = place(one, folder)
    known = checksum(one, folder)
    there = (yield from _digest(target)) if target.is_file() else ""
    if there and there == known:
        return Downloaded(target, known, first=False)
    part = _part(target)
    yield from _fetched(one, part)
    found = yield from _digest(part)
    if known and found != known:
        part.unlink()
        raise ValueError(
            f"{one.name} is not the file it was: its SHA-256 is {found[:16]}… instead of {known[:16]}…; it was deleted"
        )
    part.replace(target)
    if not one.sha256:
        _record(folder, one.url, found)
    return Downloaded(target, found, first=not known)


def _part(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _fetched(one: Entry, part: Path) -> Iterator[Progress]:
    """Completes `part` from the first address that answers."""
    reasons = []
    for address in (*one.mirrors, one.url):
        try:
            yield from _from(address, one, part)
            return
        except (urllib.error.URLError, TimeoutError, ConnectionError, FileNotFoundError) as error:
            reasons.append(f"{urlsplit(address).netloc or address} does not give it ({_why(error)})")
    raise ValueError(f"{one.name} cannot be fetched: {'; '.join(reasons)}; is there a network?")


def _why(error: Exception) -> object:
    """In words as short as there are; a network that is not there hides in the error's reason."""
    reason = getattr(error, "reason", None) or error
    return getattr(reason, "strerror", None) or reason


def _from(address: str, one: Entry, part: Path) -> Iterator[Progress]:
    have = part.stat().st_size if part.exists() else 0
    answer, start, total = _opened(address, have)
    total = total or one.size
    with answer, part.open("ab" if start else "wb") as file:
        done = start
        while chunk := answer.read(CHUNK):
            done += len(chunk)
            if done > LARGEST:
                raise ValueError(f"{one.name} is larger than {LARGEST:,} bytes, which no model is")
            file.write(chunk)
            yield Progress(done, max(total, done), f"{_megabytes(done, total)} of {one.name}")
    if total and done != total:
        raise ConnectionError(f"it broke off after {done:,} of {total:,} bytes; the next try goes on from there")


def _opened(address: str, have: int) -> tuple[BinaryIO, int, int]:
    """The rest of a file from byte `have` on, or all of it where that cannot be; where it starts; how long the whole is."""
    scheme = urlsplit(address).scheme
    if scheme not in SCHEMES:
        raise ValueError(f"the address {address} is none of {', '.join(SCHEMES)}")
    if scheme == "file":
        path = Path(url2pathname(unquote(urlsplit(address).path)))
        file, size = path.open("rb"), path.stat().st_size
        start = have if have <= size else 0
        file.seek(start)
        return file, start, size
    request = urllib.request.Request(address, headers={"User-Agent": "latent-explorer"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        answer = urllib.request.urlopen(request, timeout=PATIENCE)
    except urllib.error.HTTPError as error:
        if error.code == UNSATISFIABLE and have:
            return _opened(address, 0)
        raise
    start = have if answer.status == PARTIAL else 0
    length = answer.headers.get("Content-Length", "")
    return answer, start, start + int(length) if length.isdecimal() else 0


def _digest(path: Path) -> Generator[Progress, None, str]:
    total, done, digest = path.stat().st_size, 0, hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(16 * CHUNK):
            digest.update(chunk)
            done += len(chunk)
            yield Progress(done, total, "checking")
    return digest.hexdigest()


def _recorded(folder: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode((folder / CHECKSUMS).read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except msgspec.DecodeError:
        raise ValueError(f"{folder / CHECKSUMS} is damaged; delete it, and checksums are recorded anew") from None


def _record(folder: Path, url: str, sha256: str) -> None:
    found = {**_recorded(folder), url: sha256}
    write_bytes(folder / CHECKSUMS, json.dumps(found, indent=1).encode())


def _megabytes(done: int, total: int) -> str:
    return f"{done / 2**20:.0f} of {total / 2**20:.0f} MB" if total > done else f"{done / 2**20:.0f} MB"
