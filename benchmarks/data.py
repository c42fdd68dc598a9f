"""How fast a data set is prepared, and how near fast pictures come to those of the slow, plain way."""

import io
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from engine.data.preparation.plan import Plan
from engine.data.preparation.prepare import Choice, prepare

from .record import Record, alternating

ROUNDS = 2
SIZE = 256
DIFFERENT = 4
PROCESSES = min(2, os.cpu_count() or 1)
CASES = {
    "photos, 12 MP JPEG": ("jpg", (4000, 3000), 48),
    "photos, 2 MP JPEG": ("jpg", (1600, 1200), 200),
    "PNG, 512²": ("png", (512, 512), 256),
}
MEANING = "one process: open, RGB, crop, Lanczos, PNG into a zip"


def measure() -> Iterator[Record]:
    """Yardstick: a loop as everybody writes it first, in one process, with pillow's own settings."""
    room = Path(tempfile.mkdtemp(prefix="benchmark-"))
    try:
        for name, (suffix, size, count) in CASES.items():
            yield from case(name, room / suffix / f"{size[0]}", suffix, size, count)
    finally:
        shutil.rmtree(room)


def case(name: str, folder: Path, suffix: str, size: tuple[int, int], count: int) -> Iterator[Record]:
    """Both ways over the same pictures, in turn; then how far their pictures are apart, and how large their files are."""
    folder.mkdir(parents=True)
    for number in range(count):
        path = folder / f"{number:04}.{suffix}"
        if number < DIFFERENT:
            photo(number, size).save(path, quality=90)
        else:
            shutil.copy(folder / f"{number % DIFFERENT:04}.{suffix}", path)
    ours, theirs = folder.with_suffix(".ours.zip"), folder.with_suffix(".theirs.zip")
    fast, slow = alternating(lambda: quick(folder, ours), lambda: plain(folder, theirs), ROUNDS)
    yield Record("data", f"{name} to {SIZE}²", count / fast, "img/s", count / slow, MEANING)
    spent = [
        1e3 * processor_time(way) / count for way in (lambda: quick(folder, ours, 1), lambda: plain(folder, theirs))
    ]
    yield Record("data", f"{name}: processor time, one process", spent[0], "ms", spent[1], "the same, less is better")
    near, sampled = apart(ours, theirs), apart(theirs, theirs, shrunk_twice=True)
    yield Record("data", f"{name}: nearness", near, "dB", sampled, "the plain result, halved and doubled once")
    sizes = [path.stat().st_size / count / 1000 for path in (ours, theirs)]
    yield Record("data", f"{name}: file size", sizes[0], "kB", sizes[1], "pillow's PNG at its usual level")


def photo(seed: int, size: tuple[int, int]) -> Image.Image:
    """What cameras give, roughly: detail at every scale, falling off as 1/f, and a little grain."""
    random = np.random.default_rng(seed)
    small = np.zeros((size[1] // 4, size[0] // 4, 3), np.float32)
    for level in range(2, 9):
        cells = Image.fromarray(random.integers(0, 256, (2**level, 2**level, 3), np.uint8))
        layer = np.asarray(cells.resize((size[0] // 4, size[1] // 4), Image.Resampling.BICUBIC), np.float32)
        small += (layer - 128) / 2 ** (level - 1)
    smooth = Image.fromarray(np.clip(small + 128, 0, 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    grain = random.normal(0, 3, (size[1], size[0], 1)).astype(np.int16)
    return Image.fromarray(np.clip(np.asarray(smooth) + grain, 0, 255).astype(np.uint8))


def processor_time(work: Callable[[], None]) -> float:
    """Seconds that the processor spends on it, whoever else uses the machine."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def quick(folder: Path, out: Path, processes: int = PROCESSES) -> None:
    """The program's own way."""
    out.unlink(missing_ok=True)
    for _ in prepare([folder], out, Plan(size=SIZE), Choice(), processes):
        pass


def plain(folder: Path, out: Path) -> None:
    """The loop that everybody writes first."""
    with zipfile.ZipFile(out, "w") as archive:
        for number, path in enumerate(sorted(folder.iterdir())):
            with Image.open(path) as image:
                whole = ImageOps.exif_transpose(image).convert("RGB")
            side = min(whole.size)
            left, top = (whole.width - side) // 2, (whole.height - side) // 2
            done = whole.crop((left, top, left + side, top + side)).resize((SIZE, SIZE), Image.Resampling.LANCZOS)
            file = io.BytesIO()
            done.save(file, "PNG")
            archive.writestr(f"00000/img{number:08}.png", file.getvalue())


def apart(path: Path, other: Path, shrunk_twice: bool = False) -> float:
    """Peak signal to noise ratio between the pictures of two zips, in dB; with a yardstick for what it means."""
    errors: list[float] = []
    with zipfile.ZipFile(path) as first, zipfile.ZipFile(other) as second:
        for name in [name for name in second.namelist() if name.endswith(".png")][:DIFFERENT]:
            a, b = (Image.open(io.BytesIO(archive.read(name))).convert("RGB") for archive in (first, second))
            if shrunk_twice:
                a = a.resize((SIZE // 2, SIZE // 2), Image.Resampling.LANCZOS).resize((SIZE, SIZE))
            errors.append(float(np.mean((np.asarray(a, np.float64) - np.asarray(b, np.float64)) ** 2)))
    return float(10 * np.log10(255**2 / max(float(np.mean(errors)), 1e-10)))
