"""Writes pickles and small files for tests: objects of classes that are not there, and instructions one by one."""

import io
import pickle
import struct
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch


@dataclass(frozen=True)
class Named:
    """A class or function, by name only."""

    module: str
    name: str

    def __call__(self) -> None:
        raise AssertionError("stands for a name only")


@dataclass
class Made:
    """What calling a name gives, with a state set afterwards."""

    maker: Any
    args: tuple[Any, ...] = ()
    state: Any = None

    def __call__(self) -> None:
        raise AssertionError("stands for an object only")


class Pickler(pickle._Pickler):
    def reducer_override(self, value: Any) -> Any:
        if type(value) is Named:
            return value.name
        if type(value) is Made:
            return value.maker, value.args, value.state
        return NotImplemented

    def save_global(self, value: Any, name: str | None = None) -> None:
        if type(value) is not Named:
            super().save_global(value, name)
        elif self.proto >= 4:
            self.save(value.module)
            self.save(value.name)
            self.write(pickle.STACK_GLOBAL)
            self.memoize(value)
        else:
            self.write(f"c{value.module}\n{value.name}\n".encode())
            self.memoize(value)


def pickled(value: Any, protocol: int = 4) -> bytes:
    buffer = io.BytesIO()
    Pickler(buffer, protocol).dump(value)
    return buffer.getvalue()


def saved(value: Any, **options: Any) -> bytes:
    """As torch.save writes it."""
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def raw(value: bytes) -> bytes:
    return b"B" + struct.pack("<I", len(value)) + value


def glob(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def program(*parts: bytes, protocol: int = 4) -> bytes:
    return b"\x80" + bytes([protocol]) + b"".join(parts) + b"."


def call(module: str, name: str, *args: bytes) -> bytes:
    return glob(module, name) + b"(" + b"".join(args) + b"tR"


def whole(value: int) -> bytes:
    size = max(1, (value.bit_length() + 8) // 8)
    return b"\x8a" + bytes([size]) + value.to_bytes(size, "little", signed=True)


def row(*values: int) -> bytes:
    return b"(" + b"".join(whole(value) for value in values) + b"t"


def stream(count: int, numbers: bytes, kind: bytes = glob("torch", "FloatStorage"), key: str = "0") -> bytes:
    """The legacy stream of one storage, as torch.storage._load_from_bytes gets it."""
    identity = b"(" + text("storage") + kind + text(key) + text("cpu") + whole(count) + b"NtQ"
    return b"".join(
        (
            program(whole(0x1950A86A20F9469CFC6C), protocol=2),
            program(whole(1001), protocol=2),
            program(b"}", protocol=2),
            program(identity, protocol=2),
            program(b"](" + text(key) + b"e", protocol=2),
            struct.pack("<q", count),
            numbers,
        )
    )


def storage(data: bytes) -> bytes:
    return call("torch.storage", "_load_from_bytes", raw(data))


def tensor(offset: bytes, size: bytes, stride: bytes, of: bytes = storage(stream(4, bytes(16)))) -> bytes:
    return call("torch._utils", "_rebuild_tensor_v2", of, offset, size, stride, b"\x89", b"}")


def array(shape: bytes, numbers: bytes, code: str = "f4") -> bytes:
    kind = (
        call("numpy", "dtype", text(code), b"\x89", b"\x88") + b"(K\x03" + text("<") + b"NNNJ\xff\xff\xff\xffNK\x00tb"
    )
    shell = call("numpy.core.multiarray", "_reconstruct", glob("numpy", "ndarray"), b"K\x00\x85", raw(b"b"))
    return shell + b"(K\x01" + shape + kind + b"\x89" + numbers + b"tb"


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return buffer.getvalue()


def rezipped(data: bytes, changes: dict[str, bytes]) -> bytes:
    """A file of torch.save with entries replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()} | changes)


NUMBERS = np.arange(6, dtype=np.float32).reshape(2, 3)
