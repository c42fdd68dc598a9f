"""One door for weight files: what they are is told by their content, and what they hold comes as inert data."""

import mmap
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from . import archive, legacy, plain
from .allowed import find
from .limits import FILE_BYTES, HEADER, Budget
from .refusals import BadWeights, shown

PICKLES = b"\x80(]}c"  # first bytes: a protocol, or in the oldest ones a collection or a class


def read(path: Path) -> Any:
    """What a pickle, a file of torch.save (either layout) or a safetensors file holds.

    Plain Python data with torch tensors on the CPU in their own precision, numpy arrays and scalars, `Stub`s for
    objects of other classes and `Global`s for mentioned code. Tensors and arrays are private views of the mapped file,
    at any alignment and only as long as nobody shortens the file: copy what you keep. Nothing contains itself.

    Raises BadWeights, or Forbidden for a file that asks for more than data, with one sentence that begins with its name.
    """
    try:
        return _read(path)
    except BadWeights as error:
        raise type(error)(f"{shown(path.name)} {error}") from None
    except OSError as error:
        raise BadWeights(f"{shown(path.name)} cannot be read: {error.strerror or error}") from error
    except Exception as error:  # a damaged file can break any step, and none of them has changed anything
        raise BadWeights(f"{shown(path.name)} is damaged or no weight file ({type(error).__name__})") from error


def _read(path: Path) -> Any:
    view = _mapped(path)
    if _is_safetensors(view):
        return _safetensors(path, view)
    zipped = view[:4] == archive.START
    if not zipped and view[0] not in PICKLES:
        raise BadWeights("is no weight file that is known here: no pickle, no file of torch.save and no safetensors")
    layout = archive if zipped else legacy
    budget = Budget(len(view))
    value = layout.read(view, budget, find)
    plain.check(value, budget)
    return value


def _mapped(path: Path) -> memoryview:
    """The file as memory: read only where it is touched, and never written back."""
    if not path.exists():
        raise BadWeights("does not exist")
    if not path.is_file():
        raise BadWeights("is no file")
    size = path.stat().st_size
    if not 0 < size <= FILE_BYTES:
        raise BadWeights(f"holds {size:,} bytes, which no weight file does")
    with path.open("rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))


def _is_safetensors(view: memoryview) -> bool:
    """Eight bytes of length, of which the last three are zero in every file, then a JSON object; no pickle starts so."""
    return view[5:9] == b"\0\0\0{"


def _safetensors(path: Path, view: memoryview) -> Any:
    if int.from_bytes(view[:8], "little") > HEADER:
        raise BadWeights(f"has a header of more than {HEADER:,} bytes, which no weight file has")
    return load_file(path, device="cpu")
