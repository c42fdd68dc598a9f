"""Turn a folder or an archive of pictures into training pictures of one size, prepared once and kept."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from engine.data.archives import read
from engine.data.batches import Pixels
from engine.data.pictures import BadPicture, decode, one_sentence, open_picture
from engine.data.scan import Found, NoPictures, Skipped, scan
from engine.data.store import Store, close_gaps, keep, locate, make_room, map_pixels, read_card, write_row
from engine.data.workers import spread
from engine.progress import Progress

__all__ = ["Images", "NoPictures", "Skipped", "prepare"]

IN_MEMORY = 2**30


@dataclass(frozen=True, eq=False)
class Images:
    """Training pictures uint8 [N, 3, R, R], prepared or read as they come, and, where asked for, their classes int [N]."""

    name: str
    pixels: Pixels
    labels: np.ndarray | None
    classes: tuple[str, ...]
    skipped: tuple[Skipped, ...]

    def __len__(self) -> int:
        return len(self.pixels)

    @property
    def resolution(self) -> int:
        """Pixels along one side."""
        return self.pixels.shape[-1]


def prepare(
    folder: Path, resolution: int, cache: Path | None = None, processes: int | None = None, by_class: bool = False
) -> Generator[Progress, None, Images]:
    """Crop and resize every picture below the folder, yielding progress and returning the Images."""
    if not 4 <= resolution <= 4096:
        raise NoPictures(f"The resolution must lie between 4 and 4096 pixels, not {resolution}.")
    yield Progress(0, 1, "Looking for pictures")
    files, skipped = scan(folder, by_class)
    if cache is not None:
        return (yield from prepared(locate(cache, folder, resolution, by_class, files), files, skipped, processes))
    scratch = Path(tempfile.mkdtemp(prefix="pictures-"))
    try:
        store = locate(scratch, folder, resolution, by_class, files)
        images = yield from prepared(store, files, skipped, processes)
        return own(images, scratch)
    except BaseException:
        shutil.rmtree(scratch, ignore_errors=True)
        raise


def own(images: Images, scratch: Path) -> Images:
    """Free the scratch folder: at once where the pictures fit into memory, else together with them."""
    assert isinstance(images.pixels, np.ndarray)
    if images.pixels.nbytes > IN_MEMORY:
        weakref.finalize(images.pixels, shutil.rmtree, scratch, ignore_errors=True)
        return images
    pixels = np.array(images.pixels)
    kept = Images(images.name, pixels, images.labels, images.classes, images.skipped)
    del images
    shutil.rmtree(scratch, ignore_errors=True)
    return kept


def prepared(
    store: Store, files: Sequence[Found], skipped: Sequence[Skipped], processes: int | None
) -> Generator[Progress, None, Images]:
    """The stored pictures, made first where the store does not hold them yet."""
    if read_card(store) is None:
        yield from fill(store, files, skipped, processes)
    card = read_card(store)
    if card is None:
        raise NoPictures(f"The prepared pictures in {store.pixels.parent} were removed while they were made.")
    names, left_out = card
    yield Progress(len(files), len(files), f"{len(names)} pictures are ready")
    groups = {file.path: file.group for file in files}
    labels, classes = label([groups[name] for name in names]) if store.by_class else (None, ())
    return Images(store.folder.resolve().name, map_pixels(store, len(names)), labels, classes, left_out)


def fill(
    store: Store, files: Sequence[Found], skipped: Sequence[Skipped], processes: int | None
) -> Generator[Progress, None, None]:
    """Prepare every picture into the store; what is broken goes to the skipped ones."""
    make_room(store, len(files))
    part, used, left_out = store.part, list[int](), list(skipped)
    work = partial(prepare_row, store.folder, part, store.resolution)
    part.touch()
    try:
        for row, trouble in enumerate(spread(work, list(enumerate(files)), processes)):
            if trouble is None:
                used.append(row)
            else:
                left_out.append(Skipped(store.folder / files[row].path, trouble))
            yield Progress(row + 1, len(files), files[row].path)
        if not used:
            last = left_out[-1]
            raise NoPictures(f"None of the {len(files)} picture files can be used; {last.path.name}: {last.reason}")
        close_gaps(part, used, store.row_bytes)
        keep(store, [files[row] for row in used], left_out)
    finally:
        part.unlink(missing_ok=True)


def prepare_row(folder: Path, part: Path, resolution: int, piece: tuple[int, Found]) -> str | None:
    """Prepare one picture into its row; the reason if that cannot be done."""
    row, file = piece
    try:
        picture = square(opened(folder, file, 2 * resolution), resolution)
    except BadPicture as error:
        return str(error)
    write_row(part, row, picture)
    return None


def opened(folder: Path, file: Found, at_least: int) -> Image.Image:
    """The picture out of its file or archive, its sides no shorter than that if they were not before."""
    if file.place is None:
        return open_picture(folder / file.path, at_least=at_least)
    with one_sentence():
        return decode(BytesIO(read(file.place)), at_least=at_least)


def square(image: Image.Image, resolution: int) -> np.ndarray:
    """The middle square of a picture at the resolution: uint8 [3, R, R].

    Twice the size leaves the last, decisive halving to the filter rather than to the JPEG decoder.
    """
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    middle = image.crop((left, top, left + side, top + side))
    resized = middle.resize((resolution, resolution), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(resized).transpose(2, 0, 1)


def label(groups: Sequence[str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Class numbers int64 [N] in the order of the classes' names, and these names."""
    classes = tuple(sorted(set(groups)))
    numbers = {name: number for number, name in enumerate(classes)}
    return np.array([numbers[group] for group in groups], np.int64), classes
