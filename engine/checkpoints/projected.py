"""Tensors of the official Projected GAN's FastGAN generators, as our spec and our names."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor

from engine.networks import FastGAN
from engine.networks.fastgan import WIDTHS

from .nvidia import Official, Settings
from .places import Place, layout, same

TELLING = re.compile(r"synthesis\.(init|feat_\d+)\..+")  # tensors that only a FastGAN has
SIZE = re.compile(r"synthesis\.(?:feat|se)_(\d+)\..+")
START, COLOUR, EMBEDDING = "synthesis.init.init.0.weight_orig", "synthesis.to_big.weight_orig", "synthesis.embed.weight"
COUNTER = "num_batches_tracked"  # says nothing to a picture
LEAVES = {"u": "weight_u", "v": "weight_v"}  # beside a weight whose spectral norm they estimate
STORED = {"running_mean": "stored_mean", "running_var": "stored_var"}
FIXED = {  # our layers → theirs, whatever the kind
    "b4_start.conv": "init.init.0",
    "b4_start.norm": "init.init.1",
    "excite.squeeze": "se_{r}.main.1",
    "excite.gate": "se_{r}.main.3",
    "rgb.conv": "to_big",
}
FULL = {
    "conv0.conv": "1",
    "conv0.grain": "2",
    "conv0.norm": "3",
    "conv1.conv": "5",
    "conv1.grain": "6",
    "conv1.norm": "7",
}
LIGHT = {"conv0.conv": "1", "conv0.norm": "2"}
CONDITIONAL = {
    **{"conv0.conv": "conv1", "conv1.conv": "conv2", "conv0.grain": "noise"},
    **{f"conv{i}.norm.norm": f"bn{i + 1}" for i in range(2)},
    **{f"conv{i}.norm.gain": f"bn{i + 1}.gain" for i in range(2)},
    **{f"conv{i}.norm.shift": f"bn{i + 1}.bias" for i in range(2)},
}


def recognises(names: Mapping[str, Any]) -> bool:
    """Whether tensors of such names are a FastGAN's."""
    return any(TELLING.fullmatch(name) for name in names)


def spec_of(official: Official, settings: Settings) -> FastGAN:
    """Our spec of a generator's tensors; `settings` are attributes that it keeps beside them: resolution and classes.

    Raises ValueError that says what is missing or what our networks cannot be.
    """
    sizes = [int(found[1]) for name in official if (found := SIZE.fullmatch(name))]
    size = settings.get("img_resolution")
    resolution = size if type(size) is int and size in WIDTHS else max(sizes, default=0)
    z_dim, doubled = _shape(official, START)[:2]
    rows = official[EMBEDDING].shape[0] if EMBEDDING in official else 0
    classes = settings.get("c_dim")
    return FastGAN(
        resolution=resolution,
        channels=_shape(official, COLOUR)[0],
        label_size=classes if type(classes) is int and 0 < classes < rows else rows,
        z_dim=z_dim,
        features=doubled // 2 // int(WIDTHS[4]),
        light=not any(re.fullmatch(r"synthesis\.feat_\d+\.(5|conv2)\.weight_orig", name) for name in official),
    )


def weights(official: Official, spec: FastGAN) -> dict[str, Tensor]:
    """All that a picture needs: no counters, nothing of resolutions that it does not draw, and no rows without a class."""
    found = {
        name: tensor
        for name, tensor in official.items()
        if not name.endswith(COUNTER) and ((size := SIZE.fullmatch(name)) is None or int(size[1]) <= spec.resolution)
    }
    if spec.label_size:
        found[EMBEDDING] = found[EMBEDDING][: spec.label_size]
    return found


def places(spec: FastGAN) -> Iterator[Place]:
    """Where every official tensor of a generator belongs."""
    for name in layout(spec):
        yield Place(theirs(name, spec), name, same)


def theirs(name: str, spec: FastGAN) -> str:
    """The official name of a tensor of ours. Raises KeyError where there is none."""
    if name == "mapping.embedding":
        return EMBEDDING
    path, leaf = name.removeprefix("layers.").rpartition(".")[::2]
    if path in FIXED:
        return f"synthesis.{FIXED[path]}.{_leaf(path, leaf)}"
    size, part = path.removeprefix("b").split("_", 1)
    if part in FIXED:
        return f"synthesis.{FIXED[part].format(r=size)}.{_leaf(part, leaf)}"
    parts = CONDITIONAL if spec.label_size else LIGHT if spec.light else FULL
    return f"synthesis.feat_{size}.{parts[part]}.{_leaf(part, leaf)}"


def _leaf(part: str, leaf: str) -> str:
    if part.endswith("grain"):
        return "weight"
    if part.endswith("norm.norm"):
        return STORED[leaf]
    spectral = not part.endswith("norm")
    return LEAVES.get(leaf, "weight_orig" if leaf == "weight" and spectral else leaf)


def _shape(official: Official, name: str) -> tuple[int, ...]:
    shape = tuple(official[name].shape) if name in official else ()
    if len(shape) < 4:
        raise ValueError(f"the tensor {name} is missing or has too few axes, so sizes cannot be told")
    return shape
