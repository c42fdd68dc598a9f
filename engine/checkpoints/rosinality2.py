"""rosinality's StyleGAN2 (.pt) and what builds on it: his names, each with our name and the axes of length 1 around it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

from engine.networks import Spec, StyleGAN2
from engine.networks.filters import fir

from . import nvidia, rosinality_judge
from .averages import average_w, constant_noise
from .card import UNKNOWN_LICENCE, Card
from .file import File
from .held import Held, chosen, recognised
from .others import Others
from .outline import outline
from .places import Place, fill

AVERAGE = "latent_avg"
MARKS = {"input.input", "conv1.conv.weight", "to_rgb1.conv.weight", "style.1.weight"}
FILTERS = re.compile(r"(?:convs\.\d+\.conv\.blur|to_rgbs\.\d+\.upsample)\.kernel")
FILTER_GAIN = 4.0  # of his filters, which only enlarge: one for each pixel that comes from one
PARTS = (  # ours, theirs, axes of length 1 before and after ours; of a layer
    ("conv.weight", "conv.weight", 1, 0),
    ("affine.weight", "conv.modulation.weight", 0, 0),
    ("affine.bias", "conv.modulation.bias", 0, 0),
    ("strength", "noise.weight", 1, 0),
    ("bias", "activate.bias", 0, 0),
)
RGB_PARTS = (
    ("affine.weight", "conv.modulation.weight", 0, 0),
    ("affine.bias", "conv.modulation.bias", 0, 0),
    ("weight", "conv.weight", 1, 2),
    ("bias", "bias", 1, 2),
)


class Entry(NamedTuple):
    """A tensor's name in the file, ours, and how many axes of length 1 the file's has before and after our axes."""

    theirs: str
    ours: str
    before: int = 0
    after: int = 0

    def to_ours(self, x: Tensor) -> Tensor:
        """Raises IndexError where it has too few axes; where one is not of length 1 it stays, and so does not fit."""
        for axis in (*[0] * self.before, *[-1] * self.after):
            x = x.squeeze(axis)
        return x

    def to_theirs(self, x: Tensor) -> Tensor:
        return x.reshape((*[1] * self.before, *x.shape, *[1] * self.after))


def entries(spec: StyleGAN2) -> Iterator[Entry]:
    """Where every tensor but the filters belongs."""
    for number in range(spec.mapping_layers):
        for part in ("weight", "bias"):
            yield Entry(f"style.{number + 1}.{part}", f"mapping.dense.{number}.{part}")
    yield Entry(AVERAGE, "mapping.w_avg")
    yield Entry("input.input", "layers.b4_conv1.start", 1)
    for number, layer in enumerate(styled(spec)):
        theirs = "conv1" if number == 0 else f"convs.{number - 1}"
        yield from (Entry(f"{theirs}.{part[1]}", f"layers.{layer}.{part[0]}", *part[2:]) for part in PARTS)
        yield Entry(f"noises.noise_{number}", f"layers.{layer}.constant")
    for level in range(2, spec.resolution.bit_length()):
        theirs = "to_rgb1" if level == 2 else f"to_rgbs.{level - 3}"
        yield from (Entry(f"{theirs}.{part[1]}", f"layers.b{2**level}_rgb.{part[0]}", *part[2:]) for part in RGB_PARTS)


def styled(spec: StyleGAN2) -> list[str]:
    """Our layers with a convolution and noise, in order; the file counts them."""
    sizes = [2**level for level in range(3, spec.resolution.bit_length())]
    return ["b4_conv1", *(f"b{size}_{conv}" for size in sizes for conv in ("conv0", "conv1"))]


def recognises(file: File) -> bool:
    return chosen(file, _mine) is not None


def card(file: File) -> Card:
    found = recognised(file, _mine)
    maker = "rosinality stylegan2-pytorch file"
    return Card(
        spec_of(found),
        name=file.path.stem,
        licence=UNKNOWN_LICENCE,
        made_by=maker if AVERAGE in found else f"{maker}, average w estimated here",
    )


def tensors(file: File, card: Card) -> dict[str, Tensor]:
    assert isinstance(card.network, StyleGAN2)
    return _weights(recognised(file, _mine), card.network)


def others(file: File, card: Card) -> Others:
    """What the trainer writes beside the average: the generator that learnt, its discriminator, augmentation's strength."""
    data, spec = file.data if isinstance(file.data, dict) else {}, card.network
    assert isinstance(spec, StyleGAN2)
    learnt, judge, p = data.get("g"), data.get("d"), data.get("ada_aug_p")
    return Others(
        _weights(learnt, spec) if isinstance(learnt, dict) and "g_ema" in data and _mine(learnt) else None,
        rosinality_judge.weights(judge, spec) if isinstance(judge, dict) and judge else None,
        float(p) if isinstance(p, int | float) else None,
    )


def _weights(theirs: Held, spec: StyleGAN2) -> dict[str, Tensor]:
    found = dict(theirs)
    kernel = fir(spec.taps) * FILTER_GAIN
    for name in [name for name in found if FILTERS.fullmatch(name)]:
        if found[name].shape != kernel.shape or not torch.allclose(found[name].float(), kernel, atol=1e-5):
            raise ValueError(f"the tensor {name} is not the filter that the other layers have")
        del found[name]
    estimated = AVERAGE not in found
    if estimated:
        found[AVERAGE] = torch.zeros(spec.w_dim)
    elif found[AVERAGE].ndim == 2:
        found[AVERAGE] = found[AVERAGE].squeeze(0)
    if not any(name.startswith("noises.") for name in found):  # files of his first versions have none
        found |= constant_noise(_noises(spec))
    filled = fill(spec, (Place(one.theirs, one.ours, one.to_ours) for one in entries(spec)), found)
    return filled | ({"mapping.w_avg": average_w(spec, filled)} if estimated else {})


def spec_of(found: Held) -> StyleGAN2:
    """The sizes that names and shapes tell. Raises ValueError that names what is missing."""
    convs = [int(match[1]) for name in found if (match := re.fullmatch(r"convs\.(\d{1,2})\.conv\.weight", name))]
    widths = {4 * 2 ** ((number + 2) // 2): _shape(found, f"convs.{number}.conv.weight")[1] for number in convs}
    widths[4] = _shape(found, "conv1.conv.weight")[1]
    depth = len([name for name in found if re.fullmatch(r"style\.\d+\.weight", name)])
    w_dim, z_dim = _shape(found, "style.1.weight")
    return nvidia.spec_of(
        {
            "z_dim": z_dim, "w_dim": w_dim, "c_dim": 0, "img_resolution": max(widths),
            "img_channels": _shape(found, "to_rgb1.conv.weight")[1], "mapping_kwargs": {"num_layers": depth},
            "channel_base": max(size * width for size, width in widths.items()), "channel_max": max(widths.values()),
            nvidia.FILTER: _taps(found),
        }
    )  # fmt: skip


def to_theirs(tensors: Mapping[str, Tensor], spec: Spec) -> dict[str, Tensor]:
    """A generator's tensors under his names, filters and average included.

    Raises ValueError where his network cannot be what the spec asks for.
    """
    if not isinstance(spec, StyleGAN2) or _beyond(spec):
        raise ValueError(f"{refusal(spec)}; write safetensors instead")
    kernel = fir(spec.taps) * FILTER_GAIN
    found = {one.theirs: one.to_theirs(tensors[one.ours]) for one in entries(spec)}
    for level in range(3, spec.resolution.bit_length()):
        found[f"convs.{2 * (level - 3)}.conv.blur.kernel"] = kernel.clone()
        found[f"to_rgbs.{level - 3}.upsample.kernel"] = kernel.clone()
    return found


def refusal(spec: Spec) -> str:
    """Why his network cannot be what the spec asks for; "" where it can."""
    what = _beyond(spec) if isinstance(spec, StyleGAN2) else f"the family {type(spec).__name__}"
    return f"rosinality's StyleGAN2 has no place for {what}" if what else ""


def _beyond(spec: StyleGAN2) -> str:
    """What of a StyleGAN2 his code does not have; nothing for most."""
    unusual: dict[str, Any] = {
        "labels": spec.label_size,
        f"the architecture {spec.architecture!r}": spec.architecture != "skip",
        "layers without noise": not spec.noise,
        f"the activation {spec.activation!r}": spec.activation != "lrelu",
        f"the activation {spec.mapping_activation!r} in the mapping": spec.mapping_activation != "lrelu",
        "a mapping of another width than w": spec.mapping_dim not in (0, spec.w_dim) or spec.z_dim != spec.w_dim,
        f"a learning rate of {spec.mapping_rate} in the mapping": spec.mapping_rate != 0.01,
        "a mapping without layers": not spec.mapping_layers,
        "long filters": len(spec.taps) >= 8,
    }
    return next((what for what, given in unusual.items() if given), "")


def _mine(one: Held) -> bool:
    return len(MARKS & one.keys()) > 1


def _noises(spec: StyleGAN2) -> dict[str, torch.Size]:
    shapes = {name: tensor.shape for name, tensor in outline(spec).state_dict().items()}
    return {one.theirs: shapes[one.ours] for one in entries(spec) if one.theirs.startswith("noises.")}


def _taps(found: Held) -> tuple[float, ...]:
    """The filter, whose outer product with itself every enlarging layer keeps."""
    kernel = next((found[name] for name in found if FILTERS.fullmatch(name)), None)
    usual = fir(nvidia.USUAL_TAPS)
    if kernel is None or (
        kernel.shape == usual.shape and torch.allclose(kernel.float() / FILTER_GAIN, usual, atol=1e-6)
    ):
        return nvidia.USUAL_TAPS
    if kernel.ndim != 2:
        raise ValueError("its filters are not two-dimensional")
    return tuple(kernel.float().sum(0).tolist())


def _shape(found: Held, name: str) -> torch.Size:
    shape = found[name].shape if name in found else torch.Size()
    if len(shape) < 2:
        raise ValueError(f"the tensor {name} is missing or has too few axes, so sizes cannot be told")
    return shape
