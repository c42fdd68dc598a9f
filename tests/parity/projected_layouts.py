"""Projected GAN at its real sizes: official layouts, numbers of parameters, and heads whose weights a formula gives."""

import math
import zlib
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from engine.checkpoints.official import filled
from engine.feature_networks.pyramid import lite0_pyramid
from engine.networks.discriminators.heads import Head, HeadHabit, head_widths
from engine.networks.discriminators.mixer import Mixer
from engine.networks.discriminators.projected import Projection, nominal_sizes, projected
from engine.networks.fastgan import FastGAN

from . import projected_names as names
from .golden import EXACT, Golden
from .projected import PAPER_SIDE, tolerance

CLASSES = 1000
GENERATORS = {
    "fastgan 256": FastGAN(),
    "fastgan_lite 256": FastGAN(light=True),
    "fastgan 1024": FastGAN(1024),
    "fastgan cond 256": FastGAN(label_size=CLASSES),
}
NUMBERS = {  # of parameters, as the specification has them
    "heads cond=0 separable=0": 10_331_328,
    "heads cond=0 separable=1": 696_512,
    "heads cond=1 separable=0": 12_940_736,
    "frozen": 3_335_616,
}
ITERATIONS = 300


def check_layouts(golden: Golden) -> None:
    """Every official tensor has a place of its shape in ours, and every place is filled."""
    for name, layout in golden.notes.items():
        with torch.device("meta"):
            network, found = _both(name, {key: torch.empty(shape) for key, shape in layout.items()})
        _compare_shapes(golden, name, network, found)
    with torch.device("meta"):
        pyramid = lite0_pyramid()
        frozen = [*pyramid.parameters(), *Mixer(pyramid.channels).parameters()]
    golden.compare_number("frozen", sum(x.numel() for x in frozen), NUMBERS["frozen"])


def _both(name: str, official: Mapping[str, Tensor]) -> tuple[nn.Module, dict[str, Tensor]]:
    """Our network of that name, and the official tensors by our names."""
    if name in GENERATORS:
        return GENERATORS[name].build(), filled(official, GENERATORS[name])
    labels, separable = ("cond=1" in name) * CLASSES, "separable=1" in name
    network = projected(256, 3, labels, Projection(separable=separable)).heads
    heads = [head for head in network if isinstance(head, Head)]
    return network, names.heads(names.below(official, "mini_discs."), heads)


def _compare_shapes(golden: Golden, name: str, network: nn.Module, found: Mapping[str, Tensor]) -> None:
    mine = {(key, x.shape) for key, x in network.state_dict().items()}
    theirs = {(key, x.shape) for key, x in found.items()}
    golden.compare_number(f"{name}: differences", len(mine ^ theirs), 0)
    if name in NUMBERS:
        golden.compare_number(f"{name}: parameters", sum(p.numel() for p in network.parameters()), NUMBERS[name])


def check_full_size(golden: Golden) -> None:
    """Scores of the heads at their real sizes."""
    settings, keys = golden.settings, golden.notes["state_keys"]
    official = {key: hashed(key, shape) for key, shape in keys.items() if not names.counted(key)}
    for name in golden.outputs("probe/"):
        golden.compare(name, official[name.removeprefix("probe/")].flatten()[:16], EXACT)
    for key in keys:
        if key.endswith("weight_u"):
            settle(official, key.removesuffix("_u"))
    golden.compare_number("sizes", float(nominal_sizes(PAPER_SIDE) == settings["resolutions"]), 1.0)
    heads = [
        Head(head_widths(inputs, nominal), HeadHabit())
        for inputs, nominal in zip(settings["channels"], settings["resolutions"], strict=True)
    ]
    network = nn.ModuleList(heads).eval()
    network.load_state_dict(names.heads(names.below(official, "mini_discs."), heads))
    scores = [
        head(hashed(f"feat{depth}", [1, channels, side, side])).flatten(1)
        for depth, (head, channels, side) in enumerate(
            zip(heads, settings["channels"], settings["feat_sizes"], strict=True)
        )
    ]
    golden.compare("out/logits", torch.cat(scores, 1), tolerance(golden))


def hashed(name: str, shape: list[int]) -> Tensor:
    """The tensor that the sidecar's formula gives a name."""
    with np.errstate(over="ignore"):
        x = np.uint64(zlib.crc32(name.encode()) << 32) + np.arange(math.prod(shape), dtype=np.uint64)
        x += np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    value = (x >> np.uint64(40)).astype(np.float32) * np.float32(2**-24) * np.float32(2) - np.float32(1)
    found = torch.from_numpy(value).reshape(shape)
    if name.endswith("weight_orig"):
        return found * math.sqrt(3 / math.prod(shape[1:]))
    if name.endswith(("weight_u", "weight_v")) or name.startswith("feat"):
        return found
    if name.endswith("running_var"):
        return 1 + 0.5 * found
    return 1 + 0.3 * found if name.endswith("weight") else 0.3 * found


def settle(official: dict[str, Tensor], weight: str) -> None:
    """Power iteration until σ is the largest singular value."""
    matrix, u = official[f"{weight}_orig"].flatten(1), official[f"{weight}_u"]
    for _ in range(ITERATIONS):
        v = torch.nn.functional.normalize(matrix.t() @ u, dim=0)
        u = torch.nn.functional.normalize(matrix @ v, dim=0)
    official[f"{weight}_u"], official[f"{weight}_v"] = u, v
