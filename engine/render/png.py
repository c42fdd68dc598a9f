"""Pictures that remember how they were made: the recipe travels inside the PNG. No torch."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.recipe import BadRecipe, Recipe, codec
from engine.whole import write_bytes

from .frame import Frame

KEY = "latent-explorer-recipe"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_CHUNKS = 1_000_000


def encode(frame: Frame) -> bytes:
    """The frame as a PNG file that holds its recipe; equal frames give equal bytes on one machine."""
    info = PngInfo()
    info.add_itxt(KEY, codec.encode(frame.recipe).decode(), zip=True)
    file = BytesIO()
    Image.fromarray(frame.pixels).save(file, "PNG", pnginfo=info)
    return file.getvalue()


def write(path: Path, frame: Frame) -> None:
    """The frame as a PNG file that holds its recipe, complete or not there at all. Raises OSError."""
    write_bytes(path, encode(frame))


def read(path: Path) -> Recipe:
    """The recipe inside a picture; its pixels are not read.

    Raises BadRecipe with one sentence when the picture was not made here, is damaged, or its text is too large.
    """
    return decoded(path, texts(path, (KEY,)))


def decoded(path: Path, found: dict[str, bytes]) -> Recipe:
    """The recipe among the `texts` of a picture. Raises BadRecipe with one sentence."""
    if KEY not in found:
        raise BadRecipe(f"{path.name} was not made here: there is no recipe in it")
    try:
        return codec.decode(Recipe, found[KEY])
    except BadRecipe as error:
        raise BadRecipe(f"the recipe in {path.name} cannot be read: {error}") from None


def texts(path: Path, keys: Sequence[str]) -> dict[str, bytes]:
    """Those of the picture's texts that have one of these keywords; its pixels are not read.

    Raises BadRecipe with one sentence when the picture cannot be read, is damaged, or such a text is too large.
    """
    try:
        with path.open("rb") as file:
            return _found(file, keys)
    except OSError as error:
        raise BadRecipe(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BadRecipe(f"{path.name} {error}") from None


def _found(file: BinaryIO, keys: Sequence[str]) -> dict[str, bytes]:
    """By keyword; ValueError with the rest of a sentence that begins with the file's name."""
    if file.read(len(SIGNATURE)) != SIGNATURE:
        raise ValueError("is not a PNG picture, and only those that were saved here hold a recipe")
    wanted, found = {key.encode(): key for key in keys}, dict[str, bytes]()
    for data in _texts(file):
        key, _, rest = data.partition(b"\0")
        if key in wanted and wanted[key] not in found:
            found[wanted[key]] = _unpacked(rest)
            if len(found) == len(wanted):
                break
    return found


def _texts(file: BinaryIO) -> Iterator[bytes]:
    """The data of every iTXt chunk (PNG specification, 11.3.4.5), each checked; others are stepped over."""
    for _ in range(MAX_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            raise ValueError("is damaged or cut off")
        length, kind = struct.unpack(">I4s", head)
        if kind == b"IEND":
            return
        if kind != b"iTXt":
            file.seek(length + 4, 1)
            continue
        if length > codec.MAX_BYTES:
            raise ValueError("holds a text that is too large for a recipe")
        data, check = file.read(length), file.read(4)
        if check != struct.pack(">I", zlib.crc32(data, zlib.crc32(kind))):
            raise ValueError("is damaged or cut off")
        yield data


def _unpacked(rest: bytes) -> bytes:
    """What follows the keyword: compression flag and method, language, translated keyword, text."""
    compressed = rest[:1] == b"\1"
    parts = rest[2:].split(b"\0", 2)
    if len(parts) < 3:
        raise ValueError("is damaged: the text in it is cut off")
    text = parts[2]
    if not compressed:
        return text
    unpack = zlib.decompressobj()
    try:
        text = unpack.decompress(text, codec.MAX_BYTES)
    except zlib.error:
        raise ValueError("is damaged: the recipe in it cannot be unpacked") from None
    if unpack.unconsumed_tail or not unpack.eof:
        raise ValueError("holds a text that is cut off or too large for a recipe")
    return text


def open_recipe(path: Path) -> Recipe:
    """The recipe in a picture made here, or in a recipe's own .json file. Raises BadRecipe with one sentence."""
    if path.suffix.lower() != ".json":
        return read(path)
    try:
        with path.open("rb") as file:
            text = file.read(codec.MAX_BYTES + 1)
    except OSError as error:
        raise BadRecipe(f"{path} cannot be read: {error.strerror}") from None
    try:
        return codec.decode(Recipe, text)
    except BadRecipe as error:
        raise BadRecipe(f"{path.name}: {error}") from None
