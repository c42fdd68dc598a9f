"""A file that is complete or not there at all: written under a temporary name, then renamed; and names not taken yet."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, which it becomes at the end; after an error, or a closed generator, it is gone.

    Makes the folder where it is missing. Raises OSError.
    """
    if path.is_dir():
        raise IsADirectoryError(21, "it is a folder, and a file should be written there", str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise NotADirectoryError(20, "it is a file, and a folder is needed there", error.filename) from None
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """The data, complete or not there at all. Raises OSError."""
    with whole(path) as temporary:
        temporary.write_bytes(data)


def free_path(path: Path) -> Path:
    """The path itself, or `name 2.png`, `name 3.png` and so on where that is taken."""
    found, count = path, 1
    while found.exists():
        count += 1
        found = path.with_name(f"{path.stem} {count}{path.suffix}")
    return found
