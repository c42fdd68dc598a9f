"""The SQLite file beside the pictures: it saves opening them again, and is made anew whenever it is missing or damaged."""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from .favourite import Favourite, Refused, Stamp

NAME = ".latent-explorer-index.sqlite"
APPLICATION = 0x4C584741
VERSION = 1
PATIENCE = 5.0  # seconds to wait for another window that writes
TABLES = (
    "CREATE TABLE pictures (name TEXT PRIMARY KEY, size INTEGER, written INTEGER, facts TEXT)",
    "CREATE TABLE thumbnails (name TEXT PRIMARY KEY, size INTEGER, written INTEGER, data BLOB)",
)


class Known(Struct, frozen=True, omit_defaults=True):
    """What the index says of a file: a favourite, or why it is none."""

    favourite: Favourite | None = None
    refused: Refused | None = None


class Strange(sqlite3.DatabaseError):
    """A database, but not one of ours."""


class Index:
    """For the thread that opened it. Where nothing can be written, it lives in memory for as long as it is open.

    Whatever it says is checked against the files in the folder and against types: a hostile one could at most misname a
    picture, since what is opened is always the file itself.
    """

    def __init__(self, folder: Path):
        self._path = folder / NAME
        self._connection = _opened(self._path)

    def known(self) -> dict[str, tuple[Stamp, Known]]:
        """By file name. What cannot be read is left out. Raises sqlite3.DatabaseError where the file is damaged."""
        found: dict[str, tuple[Stamp, Known]] = {}
        decoder = msgspec.json.Decoder(Known)
        for name, size, written, facts in self._connection.execute("SELECT name, size, written, facts FROM pictures"):
            with suppress(msgspec.MsgspecError, TypeError, ValueError):
                found[str(name)] = msgspec.convert({"size": size, "written": written}, Stamp), decoder.decode(facts)
        return found

    def put(self, items: Iterable[tuple[str, Stamp, Known]]) -> None:
        """Raises sqlite3.DatabaseError."""
        rows = [(name, stamp.size, stamp.written, msgspec.json.encode(known).decode()) for name, stamp, known in items]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO pictures VALUES (?, ?, ?, ?)", rows)

    def drop(self, names: Iterable[str]) -> None:
        """Raises sqlite3.DatabaseError."""
        rows = [(name,) for name in names]
        with self._connection:
            self._connection.executemany("DELETE FROM pictures WHERE name = ?", rows)
            self._connection.executemany("DELETE FROM thumbnails WHERE name = ?", rows)

    def thumbnail(self, name: str, stamp: Stamp) -> bytes | None:
        """The small picture of this very file, if there is one. Raises sqlite3.DatabaseError."""
        asked = "SELECT data FROM thumbnails WHERE name = ? AND size = ? AND written = ?"
        row = self._connection.execute(asked, (name, stamp.size, stamp.written)).fetchone()
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def put_thumbnail(self, name: str, stamp: Stamp, data: bytes) -> None:
        """Raises sqlite3.DatabaseError."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO thumbnails VALUES (?, ?, ?, ?)", (name, stamp.size, stamp.written, data)
            )

    def start_again(self) -> None:
        """Throws away what there is."""
        self.close()
        self._connection = _anew(self._path)

    def close(self) -> None:
        self._connection.close()


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return _connected(path)
    except sqlite3.OperationalError:  # locked, or nothing may be written here
        return _connected(":memory:")
    except sqlite3.DatabaseError:
        return _anew(path)


def _anew(path: Path) -> sqlite3.Connection:
    try:
        path.unlink(missing_ok=True)
        path.with_name(path.name + "-journal").unlink(missing_ok=True)
        return _connected(path)
    except (OSError, sqlite3.DatabaseError):
        return _connected(":memory:")


def _connected(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE)
    try:
        _prepare(connection)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Raises Strange for a database of somebody else's; an empty one becomes ours."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA synchronous = OFF")  # after a power cut it may be damaged, and is made again
    if not _schema(connection):
        with connection:
            connection.execute("BEGIN IMMEDIATE")  # another window may be doing the same
            for table in TABLES if not _schema(connection) else ():
                connection.execute(table)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
    marks = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
    if _schema(connection) != set(TABLES) or marks != [APPLICATION, VERSION]:
        raise Strange("this index was not made here")


def _schema(connection: sqlite3.Connection) -> set[str]:
    return {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
