"""Golden tables of the official StyleGAN-XL sizes: names and shapes of all tensors of generators and heads."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from engine.checkpoints import nvidia_xl
from engine.checkpoints.places import layout
from engine.networks import StyleGANXL
from engine.networks.discriminators.heads import head_widths
from engine.networks.discriminators.projected import nominal_sizes
from engine.networks.discriminators.projected_xl import ClassHead

from .golden import Golden
from .projected_names import below, counted
from .stylegan_xl_judges import SIDE, VIEWS, renamed

Shapes = Mapping[str, Sequence[int]]
PARAMETERS = {  # of configuration T, by resolution
    16: 101_883_463, 32: 151_701_063, 64: 201_518_663, 128: 225_850_243,
    256: 233_375_910, 512: 235_471_137, 1024: 235_799_929,
}  # fmt: skip
MIXED = (64, 64, 128, 256)  # feature maps that a mixer gives its heads
TABLE = (1000, 320)


def check_layouts(golden: Golden) -> None:
    """Generators of every resolution, and the eight heads."""
    for name, shapes in golden.notes.items():
        if name.startswith("generator"):
            _check_generator(golden, name, shapes)
        else:
            _check_heads(golden, name, shapes)


def _check_generator(golden: Golden, name: str, shapes: Shapes) -> None:
    resolution = int(name.split()[-1])
    spec = StyleGANXL.paper(resolution)
    ours = layout(spec)
    mine = {place.theirs: tuple(ours[place.ours]) for place in nvidia_xl.places(spec)}
    blank = {official: torch.empty(shape, device="meta") for official, shape in shapes.items()}
    for official, taps in nvidia_xl.filters(spec, nvidia_xl.layers_of(blank)):
        mine[official] = tuple(taps.shape)
    golden.compare_number(f"{name}: tensors that only one has", len(set(mine.items()) ^ _set(shapes)), 0)
    with torch.device("meta"):
        generator = spec.build()
    golden.compare_number(f"{name}: ws", generator.rows, len({n for n in shapes if n.endswith("affine.weight")}))
    golden.compare_number(f"{name}: parameters", sum(p.numel() for p in generator.parameters()), PARAMETERS[resolution])


def _check_heads(golden: Golden, name: str, shapes: Shapes) -> None:
    with torch.device("meta"):
        heads = [
            ClassHead(head_widths(width, size), TABLE[0], 64, TABLE)
            for width, size in zip(MIXED, nominal_sizes(SIDE), strict=True)
        ]
        official = {n: torch.empty(shape) for n, shape in shapes.items()}
    ours: dict[str, Tensor] = nn.ModuleList(heads).state_dict()
    for view in VIEWS.values():
        theirs = renamed(below(official, f"{view}.mini_discs."), heads)
        differences = set(_shapes(theirs).items()) ^ set(_shapes(ours).items())
        golden.compare_number(f"{name}: tensors of {view} that only one has", len(differences), 0)
    total = sum(x.numel() for n, x in official.items() if not counted(n))
    golden.compare_number(f"{name}: numbers", 2 * sum(x.numel() for x in ours.values()), total)


def _set(shapes: Shapes) -> set[tuple[str, tuple[int, ...]]]:
    return {(name, tuple(shape)) for name, shape in shapes.items()}


def _shapes(tensors: Mapping[str, Tensor]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(x.shape) for name, x in tensors.items()}
