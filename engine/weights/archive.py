"""torch.save's zip layout: its entries are found and bounded by hand, and their names are never paths."""

import struct
from typing import Any, NamedTuple

from .limits import DIRECTORY, Budget
from .pickles import Find, Reader
from .refusals import BadWeights, Forbidden, shown
from .tensors import Storage, StorageType, is_count

START = b"PK\x03\x04"
END = struct.Struct("<4s4H2LH")
LOCATOR64 = struct.Struct("<4sLQL")
END64 = struct.Struct("<4sQ2H2L4Q")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
LONGEST_COMMENT = 0xFFFF
ELSEWHERE = 0xFFFFFFFF  # says that the true number is in the 64-bit extra field
ENCRYPTED = 1


class Entry(NamedTuple):
    name: str
    header: int  # where its local header starts
    size: int


class Archive:
    """What torch's persistent ids refer to: entries of the zip, as slices of the file."""

    def __init__(self, view: memoryview) -> None:
        self.files = entries(view)
        roots = [name.removesuffix("data.pkl") for name in self.files if f"/{name}".endswith("/data.pkl")]
        if len(roots) != 1:
            raise BadWeights("is a zip file, but not one of torch.save: it does not hold exactly one data.pkl")
        self.root = roots[0]
        if bytes(self.files.get(f"{self.root}byteorder", b"little")[:8]) != b"little":
            raise BadWeights("was written on a machine with another byte order")

    def ask(self, identity: Any) -> Storage:
        """The meaning of ('storage', type, key, device, count), to which torch's persistent ids come down."""
        if type(identity) is not tuple or len(identity) != 5 or identity[0] != "storage":
            raise Forbidden("asks by a persistent id for something that is no storage")
        _, kind, key, _, count = identity
        if type(kind) is not StorageType or type(key) is not str:
            raise BadWeights("describes a storage in a way that torch does not")
        data = self.files.get(f"{self.root}data/{key}")
        if data is None:
            raise BadWeights(f"refers to a storage {shown(key)} that it does not hold")
        if not is_count(count, len(data) // kind.dtype.itemsize):
            raise BadWeights(f"announces more numbers in the storage {shown(key)} than there are")
        return Storage(kind.dtype, count, data)


def read(view: memoryview, budget: Budget, find: Find) -> Any:
    archive = Archive(view)
    return Reader(archive.files[f"{archive.root}data.pkl"], budget, find, archive.ask).load()


def entries(view: memoryview) -> dict[str, memoryview]:
    """Every entry's bytes. Only stored ones are accepted, so that nothing can unpack to more than its own size."""
    found: dict[str, memoryview] = {}
    end = 0
    for entry in sorted(_listed(view), key=lambda entry: entry.header):
        if entry.header < end:
            raise BadWeights(f"is a zip file whose entry {shown(entry.name)} overlaps another one")
        if entry.name in found:
            raise BadWeights(f"is a zip file with two entries of the name {shown(entry.name)}")
        start = _data_start(view, entry)
        end = start + entry.size
        if end > len(view):
            raise BadWeights(f"is a zip file whose entry {shown(entry.name)} is longer than the file")
        found[entry.name] = view[start:end]
    return found


def _listed(view: memoryview) -> list[Entry]:
    offset, size, count = _directory(view)
    if size > DIRECTORY or offset + size > len(view) or count * CENTRAL.size > size:
        raise BadWeights("is a zip file whose directory is too large or does not lie within it")
    directory, at, found = view[offset : offset + size], 0, []
    for _ in range(count):
        entry, at = _entry(directory, at)
        found.append(entry)
    return found


def _directory(view: memoryview) -> tuple[int, int, int]:
    """Where the zip's directory is, its length in bytes and its number of entries."""
    tail = max(0, len(view) - END.size - LONGEST_COMMENT)
    found = bytes(view[tail:]).rfind(b"PK\x05\x06")
    if found < 0 or tail + found + END.size > len(view):
        raise BadWeights("is a zip file that breaks off: its directory is missing")
    at = tail + found
    _, _, _, _, count, size, offset, _ = END.unpack_from(view, at)
    if at >= LOCATOR64.size:
        mark, _, wide, _ = LOCATOR64.unpack_from(view, at - LOCATOR64.size)
        if mark == b"PK\x06\x07":
            *_, count, size, offset = END64.unpack_from(view, min(wide, len(view)))
    return offset, size, count


def _entry(directory: memoryview, at: int) -> tuple[Entry, int]:
    fields = CENTRAL.unpack_from(directory, at)
    mark, flags, method, packed, size = fields[0], fields[3], fields[4], fields[8], fields[9]
    name_length, extra_length, comment_length, header = fields[10], fields[11], fields[12], fields[16]
    start = at + CENTRAL.size
    name = str(directory[start : start + name_length], "utf-8", "replace")
    if mark != b"PK\x01\x02":
        raise BadWeights("is a zip file whose directory is damaged")
    if name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/"):
        raise Forbidden(f"asks for the path {shown(name)} outside of itself")
    extra = bytes(directory[start + name_length : start + name_length + extra_length])
    size, packed, header = _wide(extra, [size, packed, header])
    if method or flags & ENCRYPTED or packed != size:
        raise Forbidden(f"is a zip file that packs {shown(name)}, which torch.save never does and zip bombs do")
    return Entry(name, header, size), start + name_length + extra_length + comment_length


def _wide(extra: bytes, numbers: list[int]) -> list[int]:
    """The numbers, those that did not fit into 32 bits taken from the extra field of zip64."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            return [next(wide) if number == ELSEWHERE else number for number in numbers]
        at += 4 + length
    return numbers


def _data_start(view: memoryview, entry: Entry) -> int:
    if entry.header + LOCAL.size > len(view):
        raise BadWeights(f"is a zip file whose entry {shown(entry.name)} lies outside of it")
    fields = LOCAL.unpack_from(view, entry.header)
    start = entry.header + LOCAL.size
    name = str(view[start : start + fields[9]], "utf-8", "replace")
    if fields[0] != START or fields[3] or name != entry.name:
        raise BadWeights(f"is a zip file whose entry {shown(entry.name)} is not what its directory says")
    return start + fields[9] + fields[10]
