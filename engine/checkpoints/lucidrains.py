"""lucidrains' stylegan2-pytorch (.pt): his names and ours. Made from a description; not verified with a published file."""

import re
from collections.abc import Iterator

import torch
from torch import Tensor

from engine.networks import LucidrainsStyleGAN2

from .averages import average_w
from .card import UNKNOWN_LICENCE, Card
from .file import File
from .held import Held, chosen, recognised
from .places import Place, fill, same
from .undrawn import Undrawn

BLOCK = re.compile(r"(?:GE|G)\.blocks\.\d{1,2}\.conv1\.weight")
FILTER = re.compile(r"blocks\.\d+\.to_rgb\.upsample\.1\.f")
TAPS = torch.tensor([1.0, 2.0, 1.0])
ATTENTION = "attns."
NO_ATTENTION = (
    "it was trained with attention layers (--attn-layers), whose exact form is not known here, so it cannot be drawn"
)
MAKER = "lucidrains stylegan2-pytorch file (not verified with a published one)"
CONV = (  # ours, theirs with the convolution's number
    ("affine.weight", "to_style{}.weight"),
    ("affine.bias", "to_style{}.bias"),
    ("conv.weight", "conv{}.weight"),
    ("noise.weight", "to_noise{}.weight"),
    ("noise.bias", "to_noise{}.bias"),
)
RGB = (
    ("affine.weight", "to_rgb.to_style.weight"),
    ("affine.bias", "to_rgb.to_style.bias"),
    ("weight", "to_rgb.conv.weight"),
)


def recognises(file: File) -> bool:
    return chosen(file, _mine) is not None


def card(file: File) -> Card:
    found = _drawn(file)
    if _has_attention(found):
        raise ValueError(NO_ATTENTION)
    made_by = f"{MAKER}, average w estimated here"
    return Card(spec_of(found), name=file.path.stem, licence=UNKNOWN_LICENCE, made_by=made_by)


def tensors(file: File, card: Card) -> dict[str, Tensor]:
    found, spec = _drawn(file), card.network
    assert isinstance(spec, LucidrainsStyleGAN2)
    for name in [name for name in found if FILTER.fullmatch(name)]:
        taps = found.pop(name)
        if taps.shape != TAPS.shape or not torch.equal(taps.float(), TAPS):
            raise ValueError(f"the tensor {name} is not the filter that his program has")
    filled = fill(spec, places(spec), {**found, "average": torch.zeros(spec.w_dim)})
    return filled | {"mapping.w_avg": average_w(spec, filled)}


def undrawn(file: File) -> Undrawn | None:
    """What is told of a file that cannot be drawn; None where it can. Raises ValueError that names what is missing."""
    found = _drawn(file)
    if not _has_attention(found):
        return None
    spec = spec_of(found)
    return Undrawn(
        family="lucidrains-stylegan2",
        obstacle=NO_ATTENTION,
        resolution=spec.resolution,
        channels=spec.channels,
        z_dim=spec.z_dim,
        w_dim=spec.w_dim,
        shapes={name: tuple(x.shape) for name, x in found.items()},
        parameters=sum(x.numel() for name, x in found.items() if not FILTER.fullmatch(name)),
        maker=MAKER,
    )


def spec_of(found: Held) -> LucidrainsStyleGAN2:
    """The sizes that names and shapes tell. Raises ValueError that names what is missing."""
    blocks = sum(re.fullmatch(r"blocks\.\d{1,2}\.conv1\.weight", name) is not None for name in found)
    convs = [_shape(found, f"blocks.{block}.conv1.weight") for block in range(blocks)]
    colours = _shape(found, "blocks.0.to_rgb.conv.weight")[0]
    if colours not in (3, 4):
        raise ValueError(f"it tells {colours} colours, where 3, or 4 with opacity, are known here")
    return LucidrainsStyleGAN2(
        features=(convs[0][1], *(shape[0] for shape in convs)),
        w_dim=_shape(found, "net.0.weight")[0],
        mapping_layers=sum(re.fullmatch(r"net\.\d+\.weight", name) is not None for name in found),
        constant_input="to_initial_block.weight" not in found,
        transparent=colours == 4,
    )


def places(spec: LucidrainsStyleGAN2) -> Iterator[Place]:
    """Where every tensor but the filters belongs."""
    yield Place("average", "mapping.w_avg", same)
    for number in range(spec.mapping_layers):
        yield Place(f"net.{2 * number}.weight", f"mapping.dense.{number}.weight", same)
        yield Place(f"net.{2 * number}.bias", f"mapping.bias.{number}.bias", same)
    start = "layers.b4_conv1.start"
    yield Place("initial_block" if spec.constant_input else "to_initial_block.weight", f"{start}.source", same)
    yield Place("initial_conv.weight", f"{start}.conv.weight", same)
    yield Place("initial_conv.bias", f"{start}.bias", same)
    for block in range(len(spec.features) - 1):
        theirs, ours = f"blocks.{block}", f"layers.b{4 * 2**block}"
        for number in (1, 2):
            yield from (_place(f"{theirs}.{his.format(number)}", f"{ours}_conv{number}.{mine}") for mine, his in CONV)
        yield from (_place(f"{theirs}.{his}", f"{ours}_rgb.{mine}") for mine, his in RGB)


def _place(theirs: str, ours: str) -> Place:
    """His strengths of noise are a matrix of one column."""
    return Place(theirs, ours, _column if ours.endswith("noise.weight") else same)


def _column(x: Tensor) -> Tensor:
    return x.squeeze(1)


def _mine(one: Held) -> bool:
    return any(BLOCK.fullmatch(name) for name in one)


def _drawn(file: File) -> dict[str, Tensor]:
    """Mapping and generator, the averages where there are some, without what tells them from the others."""
    found = recognised(file, _mine)
    averaged = any(name.startswith("GE.blocks.") for name in found)
    prefixes = ("SE.", "GE.") if averaged else ("S.", "G.")
    return {name.partition(".")[2]: x for name, x in found.items() if name.startswith(prefixes)}


def _has_attention(found: Held) -> bool:
    return any(name.startswith(ATTENTION) for name in found)


def _shape(found: Held, name: str) -> torch.Size:
    shape = found[name].shape if name in found else torch.Size()
    if len(shape) < 2:
        raise ValueError(f"the tensor {name} is missing or has too few axes, so sizes cannot be told")
    return shape
