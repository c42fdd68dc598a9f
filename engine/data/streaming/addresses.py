"""Which tar shards somebody means: a folder, a file, a list in a file, or addresses on web servers."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from engine.data.scan import NoPictures

WEB = ("http", "https")
TAR = ".tar"
LISTS = (".txt", ".list")
MAX_LIST, MAX_SHARDS = 2**24, 100_000
SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]+):")  # one letter alone is a drive of Windows
BRACES = re.compile(r"\{(\d+)\.\.(\d+)\}")


def on_the_web(address: str) -> bool:
    """Whether a web server has it."""
    match = SCHEME.match(address)
    return match is not None and match[1].lower() in WEB


def is_list(source: str) -> bool:
    """Whether it can only be read as shards that come one after the other: an address, a pattern, or a file that lists them."""
    if SCHEME.match(source) or is_pattern(source):
        return True
    return source.lower().endswith(LISTS) and Path(source).is_file()


def is_pattern(source: str) -> bool:
    """Whether it names tar files of a disk by their numbers, as in shard-{000..042}.tar."""
    return source.lower().endswith(TAR) and BRACES.search(source) is not None and not Path(source).exists()


def addresses(source: str) -> list[str]:
    """The shards of a source in their order, each once. Raises NoPictures with one sentence."""
    path = Path(source)
    if SCHEME.match(source) or is_pattern(source):
        found = expanded(source)
    elif source.lower().endswith(LISTS):
        found = listed(path)
    elif source.lower().endswith(TAR):
        found = [str(path)]
    else:
        found = in_folder(path)
    for address in found:
        check(address)
    return list(dict.fromkeys(found))


def in_folder(folder: Path) -> list[str]:
    """The tar files directly in a folder, in the order of their names."""
    try:
        names = sorted(
            path for path in folder.iterdir() if path.suffix.lower() == TAR and not path.name.startswith(".")
        )
    except OSError as error:
        raise NoPictures(f"The folder {folder} cannot be read: {error.strerror}.") from error
    if not names:
        raise NoPictures(f"The folder {folder} holds no tar files; `dataset prepare … --shards N` makes some.")
    return [str(path) for path in names]


def listed(path: Path) -> list[str]:
    """The lines of a file: addresses, or paths as seen from its folder; what follows # is a remark."""
    try:
        if path.stat().st_size > MAX_LIST:
            raise NoPictures(f"The list {path} is larger than {MAX_LIST // 2**20} MiB.")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NoPictures(f"The list {path} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        raise NoPictures(f"The list {path} names no tar files; write one path or http(s) address on a line.")
    found = [address for line in lines for address in expanded(line)]
    return [address if SCHEME.match(address) else str(path.parent / address) for address in found]


def expanded(address: str) -> list[str]:
    """shard-{000..042}.tar as 43 addresses."""
    match = BRACES.search(address)
    if match is None:
        return [address]
    first, last, width = int(match[1]), int(match[2]), len(match[1])
    if not 0 <= last - first < MAX_SHARDS:
        raise NoPictures(f"{address} names no shards, or more than {MAX_SHARDS}.")
    return [f"{address[: match.start()]}{number:0{width}}{address[match.end() :]}" for number in range(first, last + 1)]


def check(address: str) -> None:
    """Refuse what is no tar file on a disk or web server. Raises NoPictures with one sentence."""
    match = SCHEME.match(address)
    scheme = match[1].lower() if match else ""
    if scheme == "pipe":
        raise NoPictures(
            "Addresses that begin with pipe: run commands and are refused; name files or http(s) addresses."
        )
    if scheme and scheme not in WEB:
        raise NoPictures(f"Shards are read from disks and from http or https addresses, not from {scheme}: addresses.")
    parts = urlsplit(address) if scheme else None
    if parts is not None and (parts.username or not parts.hostname):
        raise NoPictures(
            "An address of a shard names its server, and no user or password: https://server/shard-000.tar"
        )
    if not (parts.path if parts is not None else address).lower().endswith(TAR):
        raise NoPictures(
            f"{shown(address)} is no plain tar file; unpack it, or pack it again as one that ends in .tar."
        )


def shown(address: str) -> str:
    """An address without what follows ?, which may be a secret."""
    return address.partition("?")[0] if SCHEME.match(address) else address


def name_of(address: str) -> str:
    """The last part of it."""
    return shown(address).replace("\\", "/").rpartition("/")[2]
