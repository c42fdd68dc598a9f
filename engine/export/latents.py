"""Latents as numpy files: `w` [1, rows, w_dim] in .npz, as projectors write them, or the array alone in .npy."""

import io
import zipfile
from pathlib import Path

import numpy as np

from engine.recipe import Latent, Model, Recipe, Stored, Weighted
from engine.recipe.recipe import MAX_LAYERS
from engine.render.latents import Mapped, resolve
from engine.render.models import Loaded
from engine.whole import write_bytes

ENDINGS = (".npz", ".npy")
KEY = "w"
MOST = 64 * 2**20  # bytes of a file, and of the array in it


def styles_of(recipe: Recipe, model: Loaded) -> np.ndarray:
    """What every layer reads, truncation and styles applied: float32 [1, rows, w_dim]. Raises ValueError."""
    ws = resolve(recipe, model, Mapped())
    return ws.detach().cpu().numpy().astype(np.float32)


def write(path: Path, ws: np.ndarray) -> None:
    """[N, rows, w_dim], complete or not at all. Raises OSError."""
    buffer = io.BytesIO()
    if path.suffix.lower() == ".npz":
        np.savez(buffer, allow_pickle=False, **{KEY: ws})
    else:
        np.save(buffer, ws, allow_pickle=False)
    write_bytes(path, buffer.getvalue())


def read(path: Path) -> np.ndarray:
    """float32 [rows, w_dim], the first where there are several. Raises ValueError with one sentence; nothing in it can run."""
    try:
        ws = _array(path)
    except FileNotFoundError:
        raise ValueError(f"there is no file {path}") from None
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, KeyError) as error:
        raise ValueError(f"{path.name} is not a numpy file of numbers, or it is damaged: {error}") from None
    if ws.dtype.kind not in "fiu" or ws.ndim not in (2, 3) or not ws.size or not np.isfinite(ws).all():
        raise ValueError(f"{path.name} holds {ws.dtype} {ws.shape}; a latent is [rows, w_dim] or [1, rows, w_dim]")
    first = ws[0] if ws.ndim == 3 else ws
    if first.shape[0] > MAX_LAYERS:
        raise ValueError(f"{path.name} has {first.shape[0]} rows, more than the {MAX_LAYERS} of any network")
    return first.astype("<f4")


def recipe_of(ws: np.ndarray, model: Model) -> Recipe:
    """The recipe that draws these styles [rows, w_dim] as they are."""
    return Recipe(model=model, latent=Latent((Weighted(Stored(ws.astype("<f4").tobytes(), ws.shape[0])),)))


def _array(path: Path) -> np.ndarray:
    if path.stat().st_size > MOST:
        raise ValueError(f"it is larger than {MOST:,} bytes")
    if path.suffix.lower() == ".npz":
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST:
                raise ValueError(f"it unpacks to more than {MOST:,} bytes")
        with np.load(path, allow_pickle=False) as arrays:
            found: np.ndarray = arrays[KEY if KEY in arrays else arrays.files[0]]
            return found
    array: np.ndarray = np.load(path, allow_pickle=False, mmap_mode="r")
    return array
