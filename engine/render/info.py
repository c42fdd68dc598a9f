"""What a window or a person needs to know of a loaded model, as plain data. No torch."""

from dataclasses import dataclass
from pathlib import Path

from engine.recipe import Model

BANDS = ("coarse", "middle", "fine")


@dataclass(frozen=True)
class LayerInfo:
    """One row of ws: the synthesis layer that reads it."""

    row: int
    name: str
    resolution: int
    band: str
    """coarse, middle or fine."""
    has_noise: bool


@dataclass(frozen=True)
class ModelInfo:
    """A model's card."""

    model: Model
    path: Path | None
    family: str
    resolution: int
    channels: int
    layers: tuple[LayerInfo, ...]
    z_dim: int
    w_dim: int
    parameters: int
    has_w: bool
    """False: there is no W, so latents blend in Z and layers cannot be mixed."""
    label_size: int
    classes: tuple[str, ...]
    images: int
    data: str
    licence: str
    transforms: bool = False
    """Whether a recipe's transform moves and turns what this model draws."""
    text_size: int = 0
    """Numbers of the feature of a prompt; 0: it reads no words."""
    encoder: str = ""
    """What it reads prompts with."""
    centres: int = 0
    """Averages of w that truncation can choose among, one for each class; 0: there is one for all."""

    @property
    def has_noise(self) -> bool:
        return any(layer.has_noise for layer in self.layers)


def band(resolution: int, full: int) -> str:
    """coarse: 4 to 8; middle: 16 to 32; fine: 64 and above (StyleGAN 2018, section 3.1). Below 128² the bands move down,
    so that every band has layers: each then spans a third of the octaves.
    """
    octave, octaves = resolution.bit_length() - 3, full.bit_length() - 2
    if octaves >= 5:
        return BANDS[min(octave // 2, 2)]
    return BANDS[min(octave * 3 // octaves, 2)]


def rows_of(name: str, layers: tuple[LayerInfo, ...]) -> tuple[int, ...]:
    """Rows that `coarse`, `middle`, `fine`, `all`, or numbers such as `0-3,6` mean. Raises ValueError with one sentence."""
    if name == "all":
        return tuple(layer.row for layer in layers)
    if name in BANDS:
        return tuple(layer.row for layer in layers if layer.band == name)
    rows = numbers(name)
    beyond = [row for row in rows if row >= len(layers)]
    if beyond:
        raise ValueError(f"there is no layer {beyond[0]}: this model has layers 0 to {len(layers) - 1}")
    return rows


def numbers(text: str, most: int = 100_000) -> tuple[int, ...]:
    """`0-3,7` as (0, 1, 2, 3, 7). Raises ValueError with one sentence."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise ValueError(f"{text!r} is not a list of numbers such as 0-15 or 1,5,9")
        start, end = int(first), int(last or first)
        if end < start or end - start + len(found) > most:
            raise ValueError(f"{part.strip()!r} is not a range of at most {most} numbers, written from low to high")
        found.extend(range(start, end + 1))
    return tuple(found)
