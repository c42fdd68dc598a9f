"""rosinality's StyleGAN (style-based-gan-pytorch): his names, and how his scales become ours.

His code differs in four ways. Every weight is scaled by sqrt(2 / fan-in), also where the paper has a gain of 1, and nothing by
a learning rate. Scales of styles hold the 1 that ours add. Kernels that run as transposed convolutions are stored for that, and
as four times what is used. Biases of up-sampling layers come before the blur, so that the outermost pixels see less of them.
Noise and average w are not in his files.
"""

import math
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from engine.networks import StyleGAN1
from engine.networks.layers import SQRT2

from .averages import average_w, constant_noise
from .card import UNKNOWN_LICENCE, Card
from .file import File
from .held import Held, chosen, recognised
from .places import Place, fill, layout

Convert = Callable[[Tensor], Tensor]

BLOCK = "generator.progression."
MARKS = {f"{BLOCK}0.conv1.input", f"{BLOCK}0.conv2.conv.weight_orig", "style.1.linear.weight_orig"}
BLURS = re.compile(r"generator\.progression\.\d+\.conv1\.\d\.weight(_flip)?")
RATE = 0.01  # the learning rate multiplier of our mapping, which his weights do not have


class Entry(NamedTuple):
    """A tensor's name in the file, ours, and how the one becomes the other."""

    theirs: str
    ours: str
    convert: Convert


def entries(spec: StyleGAN1, fused: set[int]) -> Iterator[Entry]:
    """Where every tensor but the blur belongs; `fused` are the blocks whose up-sampling runs as a transposed convolution."""
    for number in range(spec.mapping_layers):
        dense = f"style.{2 * number + 1}.linear"
        yield Entry(f"{dense}.weight_orig", f"mapping.dense.{number}.weight", times(1 / RATE))
        yield Entry(f"{dense}.bias", f"mapping.bias.{number}.bias", times(1 / RATE))
    for level in range(2, spec.resolution.bit_length()):
        number, size = level - 2, 2**level
        block, first = f"{BLOCK}{number}.", "start" if level == 2 else "up"
        yield from _source(block, f"layers.b{size}_{first}.", number, number in fused)
        yield from _styled(f"{block}%s1.", f"layers.b{size}_{first}.")
        yield Entry(f"{block}conv2.conv.weight_orig", f"layers.b{size}_conv.source.weight", times(1))
        yield Entry(f"{block}conv2.conv.bias", f"layers.b{size}_conv.bias.bias", times(1))
        yield from _styled(f"{block}%s2.", f"layers.b{size}_conv.")
        rgb = f"generator.to_rgb.{number}.conv."
        yield Entry(f"{rgb}weight_orig", f"layers.b{size}_rgb.conv.weight", times(SQRT2))
        yield Entry(f"{rgb}bias", f"layers.b{size}_rgb.bias.bias", times(1))


def _source(block: str, ours: str, number: int, fused: bool) -> Iterator[Entry]:
    if number == 0:
        yield Entry(f"{block}conv1.input", f"{ours}source.const", times(1))
    elif fused:
        yield Entry(f"{block}conv1.0.weight", f"{ours}source.weight", lambda x: x.transpose(0, 1).flip(2, 3) / 4)
        yield Entry(f"{block}conv1.0.bias", f"{ours}bias.bias", times(1))
    else:
        yield Entry(f"{block}conv1.1.conv.weight_orig", f"{ours}source.weight", times(1))
        yield Entry(f"{block}conv1.1.conv.bias", f"{ours}bias.bias", times(1))


def _styled(theirs: str, ours: str) -> Iterator[Entry]:
    yield Entry(f"{theirs % 'noise'}weight_orig", f"{ours}noise.strength", strength)
    yield Entry(f"{theirs % 'adain'}style.linear.weight_orig", f"{ours}style.affine.weight", times(SQRT2))
    yield Entry(f"{theirs % 'adain'}style.linear.bias", f"{ours}style.shift.bias", without_one)


def times(factor: float) -> Convert:
    return lambda x: x * factor if factor != 1 else x


def strength(x: Tensor) -> Tensor:
    """[1, C, 1, 1] → [C], scaled as he scales every weight."""
    return x[0, :, 0, 0] * math.sqrt(2 / x.shape[1])


def without_one(x: Tensor) -> Tensor:
    """Scales without the 1 that ours add, then shifts, [2C]."""
    half = x.shape[0] // 2
    return torch.cat([x[:half] - 1, x[half:]])


def recognises(file: File) -> bool:
    return chosen(file, _mine) is not None


def card(file: File) -> Card:
    found = recognised(file, _mine)
    spec = spec_of(found)
    return Card(
        spec,
        name=file.path.stem,
        lod=float(spec.resolution.bit_length() - 3 - trained(found)),
        licence=UNKNOWN_LICENCE,
        made_by="rosinality style-based-gan-pytorch file, average w and noise made here",
    )


def tensors(file: File, card: Card) -> dict[str, Tensor]:
    spec, found = card.network, dict(recognised(file, _mine))
    assert isinstance(spec, StyleGAN1)
    fused = {number for number in range(1, spec.resolution.bit_length()) if f"{BLOCK}{number}.conv1.0.weight" in found}
    table = list(entries(spec, fused))
    wanted = {one.theirs for one in table}
    _check_blurs({name: found.pop(name) for name in list(found) if name not in wanted and BLURS.fullmatch(name)})
    made = _made(spec)
    places = [*(Place(*one) for one in table), *(Place(name, name, times(1)) for name in made)]
    filled = fill(spec, places, {**found, **made})
    return filled | {"mapping.w_avg": average_w(spec, filled)}


def spec_of(found: Held) -> StyleGAN1:
    """The sizes that names and shapes tell. Raises ValueError that names what is missing."""
    numbers = {int(match[1]) for name in found if (match := re.match(r"generator\.progression\.(\d{1,2})\.", name))}
    top = max(numbers, default=0)
    widths = {number: _shape(found, f"{BLOCK}{number}.conv2.conv.weight_orig")[0] for number in numbers}
    w_dim = _shape(found, f"{BLOCK}0.adain1.style.linear.weight_orig")[1]
    depth = len([name for name in found if re.fullmatch(r"style\.\d+\.linear\.weight_orig", name)])
    if top > 10 or not depth:
        raise ValueError("it has more sizes, or fewer mapping layers, than his StyleGAN can have")
    hidden, z_dim = _shape(found, "style.1.linear.weight_orig")
    return StyleGAN1(
        resolution=2 ** (top + 2), channels=_shape(found, f"generator.to_rgb.{top}.conv.weight_orig")[0],
        z_dim=z_dim, w_dim=w_dim, mapping_dim=hidden, mapping_layers=depth,
        feature_base=max(width * 2 ** (number + 1) for number, width in widths.items()), feature_max=max(widths.values()),
        bias_before_blur=True, norm_epsilon=1e-5,
    )  # fmt: skip


def trained(found: Held) -> int:
    """The highest block that training has reached; his networks have all sizes up to 1024 from the start, with biases of 0."""
    touched = [
        int(match[1])
        for name, x in found.items()
        if (match := re.fullmatch(r"generator\.progression\.(\d{1,2})\.conv2\.conv\.bias", name)) and x.any()
    ]
    return max(touched, default=0)


def _check_blurs(blurs: Held) -> None:
    """Raises ValueError where a blur is not the binomial one."""
    tap = torch.tensor([1.0, 2.0, 1.0]) / 4
    for name, x in blurs.items():
        if x.ndim != 4 or x.shape[2:] != (3, 3) or not torch.allclose(x.float(), torch.outer(tap, tap), atol=1e-6):
            raise ValueError(f"the tensor {name} is not the blur [1, 2, 1]")


def _made(spec: StyleGAN1) -> dict[str, Tensor]:
    """What his files do not hold, under our names."""
    shapes = layout(spec)
    noises = {name: shape for name, shape in shapes.items() if name.endswith("noise.constant")}
    zeros = {name: torch.zeros(shapes[name]) for name in ("mapping.w_avg", "layers.b4_start.bias.bias")}
    return zeros | constant_noise(noises)


def _mine(one: Held) -> bool:
    return len(MARKS & one.keys()) > 1


def _shape(found: Held, name: str) -> torch.Size:
    shape = found[name].shape if name in found else torch.Size()
    if len(shape) < 2:
        raise ValueError(f"the tensor {name} is missing or has too few axes, so sizes cannot be told")
    return shape
