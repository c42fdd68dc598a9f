"""Whether all is well here: versions, devices, video, display, the demo model, and numbers that must agree."""

import importlib.metadata
import io
import platform
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

import av
import numpy as np
import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor

from engine import device, display
from engine.assets import assets
from engine.networks import FAMILIES, Generator
from engine.render.video import ENCODERS

TOLERANCE = 1e-3  # of the largest value; other orders of adding stay well below
MARKS = {True: "[green]ok[/]", False: "[red]no[/]", None: "–"}


class Finding(NamedTuple):
    """One line of the report; `well` is None where nothing can be wrong."""

    what: str
    value: str
    well: bool | None = None


def doctor() -> int:
    """Looks at this machine and says whether the program can do its work here.

    Prints versions, devices with their memory, video encoders, whether a window can be shown, the demo model, and
    compares a small generator of every family on every device with the CPU. Exits with 0 only if all is well; a machine
    without a display is well, since the command line needs none.

    Examples:
      latent-explorer doctor
      latent-explorer doctor && latent-explorer
    """
    table = Table("what", "found", "", title="Latent Explorer on this machine")
    findings = []
    for check in CHECKS:
        for finding in _guarded(check):
            findings.append(finding)
            table.add_row(finding.what, finding.value, MARKS[finding.well])
    Console().print(table)
    ailing = [finding.what for finding in findings if finding.well is False]
    print("All is well." if not ailing else f"Not well: {', '.join(ailing)}.")
    return 1 if ailing else 0


def _guarded(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """A check that fails is a finding, not the end of the report."""
    try:
        yield from check()
    except Exception as error:  # the border: whatever it was, the person reads it in the table
        yield Finding(check.__name__, f"{type(error).__name__}: {error}", False)


def versions() -> Iterator[Finding]:
    """Of the program, Python and the libraries that do the work."""
    yield Finding("Latent Explorer", _version("latent-explorer"))
    yield Finding("Python", f"{platform.python_version()} on {platform.platform()}", sys.version_info >= (3, 11))
    for name in ("torch", "numpy", "PyQt6", "PyQt6-Qt6", "av"):
        yield Finding(name, _version(name))
    yield Finding("FFmpeg", ", ".join(f"{name} {'.'.join(map(str, v))}" for name, v in av.library_versions.items()))


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def devices() -> Iterator[Finding]:
    """Every device that torch can use, with its memory, and how far its numbers are from the CPU's."""
    for name in device.available():
        where = device.named(name)
        free, total = device.memory(where)
        memory = f", {free / 2**30:.1f} of {total / 2**30:.1f} GiB free" if total else ""
        kind = str(device.precision(where)).removeprefix("torch.")
        yield Finding(name, f"{device.describe(where)}{memory}, renders in {kind}")
        for family in FAMILIES:
            error = disagreement(family, where)
            yield Finding(f"{name}: {family}", f"differs from the CPU by {error:.1e}", error <= TOLERANCE)


def disagreement(family: str, where: torch.device) -> float:
    """The largest difference between that device and the CPU in float64, relative to the largest value."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        generator = FAMILIES[family].tiny().build().eval()
    exact = torch.backends.cudnn.flags(enabled=True, allow_tf32=False)  # TF32 keeps three digits: no sign of illness
    with torch.inference_mode(), exact:
        expected = _picture(generator.double(), torch.device("cpu"))
        seen = _picture(generator.float().to(where), where)
    return float((seen.double().cpu() - expected).abs().max() / expected.abs().max())


def _picture(generator: Generator, where: torch.device) -> Tensor:
    dtype = next(generator.parameters()).dtype
    z = torch.from_numpy(np.random.RandomState(0).randn(2, generator.z_dim)).to(where, dtype)
    picture: Tensor = generator(z)
    return picture


def video() -> Iterator[Finding]:
    """Which H.264 encoders really encode; one is enough."""
    work = {name: _encodes(name) for name in ENCODERS if name in av.codecs_available}
    working = [name for name, well in work.items() if well]
    yield Finding("H.264 encoders", ", ".join(working) or "none works", bool(working))


def _encodes(codec: str) -> bool:
    """Three small frames, in memory."""
    try:
        with av.open(io.BytesIO(), "w", format="mp4") as container:
            stream = container.add_stream(codec, rate=Fraction(30))
            if not isinstance(stream, av.VideoStream):
                return False
            stream.width, stream.height, stream.pix_fmt = 256, 256, "yuv420p"
            for shade in (0, 128, 255):
                frame = av.VideoFrame.from_ndarray(np.full((256, 256, 3), shade, np.uint8), format="rgb24")
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
    except (av.FFmpegError, ValueError):
        return False
    return True


def window() -> Iterator[Finding]:
    """Whether the window can be shown; without one the command line still does everything."""
    reason = display.obstacle()
    if sys.platform.startswith("linux"):
        missing = display.missing_library("xcb")
        advice = f"{missing}; on Debian and Ubuntu: sudo apt-get install {display.QT_PACKAGES}"
        yield Finding("Qt's libraries", "found" if missing is None else advice, missing is None)
    yield Finding("display", reason or "reachable")


def demo_model() -> Iterator[Finding]:
    """The models that came with the program."""
    models = sorted((assets() / "models").glob("*.safetensors"))
    sizes = ", ".join(f"{path.stem} ({path.stat().st_size / 1e6:.1f} MB)" for path in models)
    yield Finding("embedded models", sizes or f"none in {assets() / 'models'}", bool(models))


CHECKS = (versions, devices, video, window, demo_model)
