"""Hostile zips and safetensors: bombs, names that are paths, directories and headers that lie."""

import io
import json
import struct
import zipfile

import torch

from .written import call, glob, program, rezipped, saved, text, whole, zipped

TENSORS = saved({"x": torch.arange(10.0)})
PICKLE = zipfile.ZipFile(io.BytesIO(TENSORS)).read("archive/data.pkl")


def _torch_identity(key: str, count: int, kind: bytes = glob("torch", "FloatStorage")) -> bytes:
    return b"(" + text("storage") + kind + text(key) + text("cpu") + whole(count) + b"tQ"


def _overlapping() -> bytes:
    """Two entries of one place."""
    data = bytearray(zipped({"a/data.pkl": b"N.", "a/other.pkl": b"N."}))
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    return bytes(data)


def _declared(size: int) -> bytes:
    """An entry that says in the directory how large it is."""
    data = bytearray(zipped({"a/data.pkl": b"N."}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 20 : at + 28] = struct.pack("<2L", size, size)
    return bytes(data)


def _counted(count: int) -> bytes:
    """A directory that says how many entries it has."""
    data = bytearray(zipped({"a/data.pkl": b"N."}))
    at = data.rfind(b"PK\x05\x06")
    data[at + 8 : at + 12] = struct.pack("<2H", count, count)
    return bytes(data)


ZIPS = {
    "bomb": zipped({"a/data.pkl": bytes(20 * 2**20)}, zipfile.ZIP_DEFLATED),
    "bomb beside": zipped({"archive/data.pkl": PICKLE, "archive/data/0": bytes(20 * 2**20)}, zipfile.ZIP_DEFLATED),
    "absolute name": rezipped(TENSORS, {"/etc/cron.d/x": b"x"}),
    "name that climbs": rezipped(TENSORS, {"archive/../../x": b"x"}),
    "name of Windows": rezipped(TENSORS, {"C:\\x": b"x"}),
    "name that climbs in Windows": rezipped(TENSORS, {"a\\..\\x": b"x"}),
    "no data.pkl": zipped({"archive/version": b"3"}),
    "two data.pkl": rezipped(TENSORS, {"other/data.pkl": b"N."}),
    "TorchScript": rezipped(TENSORS, {"archive/data.pkl": program(call("__torch__.net", "Net"))}),
    "big-endian": rezipped(TENSORS, {"archive/byteorder": b"big"}),
    "storage missing": rezipped(TENSORS, {"archive/data.pkl": program(_torch_identity("9", 4))}),
    "storage too short": rezipped(TENSORS, {"archive/data.pkl": program(_torch_identity("0", 11))}),
    "storage of huge count": rezipped(TENSORS, {"archive/data.pkl": program(_torch_identity("0", 2**63))}),
    "storage by path": rezipped(TENSORS, {"archive/data.pkl": program(_torch_identity("../../etc/passwd", 4))}),
    "storage of a text": rezipped(TENSORS, {"archive/data.pkl": program(_torch_identity("0", 1, text("x")))}),
    "persistent id of a module": rezipped(TENSORS, {"archive/data.pkl": program(b"(", text("module"), b"NNNNtQ")}),
    "persistent id of a text": rezipped(TENSORS, {"archive/data.pkl": program(text("x"), b"Q")}),
    "overlapping entries": _overlapping(),
    "entry longer than the file": _declared(10**6),
    "entry of 4 GB": _declared(0xFFFFFFFF),
    "more entries than there are": _counted(60_000),
    "without a directory": TENSORS[:-22],
    "directory only": TENSORS[:4] + TENSORS[-100:],
    "cut in the middle": TENSORS[: len(TENSORS) // 2],
}


def _safetensors(header: bytes, numbers: bytes = b"", length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header + numbers


def _entry(dtype: str, shape: list[int], start: int, end: int) -> bytes:
    return json.dumps({"x": {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}}).encode()


SAFETENSORS = {
    "header longer than the file": _safetensors(b"{}", length=1000),
    "header of 1 TB": _safetensors(b"{}", length=2**39),
    "header of 100 MB": _safetensors(b"{}" + b" " * 1000, length=100 * 2**20),
    "header that is no JSON": _safetensors(b"{nonsense"),
    "deep header": _safetensors(b'{"x":' + b"[" * 10**6),
    "header with numbers": _safetensors(b'{"x": 5}'),
    "numbers past the end": _safetensors(_entry("F32", [4], 0, 16)),
    "numbers that do not fit": _safetensors(_entry("F32", [5], 0, 16), bytes(16)),
    "huge shape": _safetensors(_entry("F32", [2**62, 4], 0, 16), bytes(16)),
    "negative offsets": _safetensors(_entry("F32", [4], -16, 0), bytes(16)),
    "made-up dtype": _safetensors(_entry("O8", [4], 0, 16), bytes(16)),
}
