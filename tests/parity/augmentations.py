"""Golden augmentations: thrown by the dice as the official program throws them, or fixed at a percentile of each distribution."""

import math
from collections.abc import Mapping
from typing import Any

import torch
from msgspec import convert
from torch import Tensor

from engine.networks.filters import fir
from engine.training.augment import apply, band_gains, color, filter_bank
from engine.training.dice import Augmentations, Draws, draw
from engine.training.warp import SYM6, geometry, margins, sampling

from .golden import EXACT, Golden, Tolerance
from .stylegan2 import FORWARD, SLOPE

PICTURE = Tolerance(0.0, 5e-5)
MATRIX = Tolerance(1e-5, 1e-5)
MARGIN = Tolerance(0.0, 1.0)  # the ceiling of what is nearly whole


def check_augmentations(golden: Golden) -> None:
    """Every call of the sidecar: its picture, and all that lies between."""
    golden.read("buffer.p")
    golden.compare("buffer.Hz_geom", fir(SYM6), FORWARD)
    golden.compare("buffer.Hz_fbank", torch.from_numpy(filter_bank()), FORWARD)
    for name, call in golden.notes["calls"].items():
        if f"{name}.out" in golden:
            _check(golden, name, call)


def _check(golden: Golden, name: str, call: Mapping[str, Any]) -> None:
    images = golden.read(f"in.{call['image']}").clone().requires_grad_()
    kinds = convert(call["pipe_kwargs"], Augmentations)
    draws = draw(images.detach(), kinds, call["p"], torch.Generator().manual_seed(call["torch_manual_seed"]))
    if call["debug_percentile"] is not None:
        draws = at_percentile(draws, kinds, call["debug_percentile"])
    out = apply(images, draws)
    stages = {**_geometry_stages(draws, images), **_value_stages(draws)}
    for stage, (ours, tolerance) in {**stages, "out": (out, PICTURE)}.items():
        if f"{name}.{stage}" in golden:
            golden.compare(f"{name}.{stage}", ours, tolerance)
    if f"{name}.gradx" in golden:
        golden.compare(f"{name}.gradx", torch.autograd.grad(0.5 * out.square().sum(), images)[0], SLOPE)


def _geometry_stages(draws: Draws, images: Tensor) -> dict[str, tuple[Tensor, Tolerance]]:
    matrix = geometry(draws, images)
    if matrix is None:
        return {}
    height, width = images.shape[2:]
    sides = margins(matrix, width, height)
    return {
        "G_inv": (matrix, MATRIX),
        "margins_x0x1y0y1": (torch.tensor(sides), MARGIN),
        "theta": (sampling(matrix, width, height, sides), MATRIX),
    }


def _value_stages(draws: Draws) -> dict[str, tuple[Tensor, Tolerance]]:
    found: dict[str, tuple[Tensor | None, Tolerance]] = {
        "C": (color(draws), MATRIX),
        "band_gains": (None if draws.bands is None else band_gains(draws.bands), MATRIX),
        "noise_image": (draws.noise, EXACT),
        "noise_sigma": (None if draws.sigma is None else draws.sigma[:, None, None, None], FORWARD),
        "cutout_size": (
            None if draws.cutout is None else draws.cutout[:, None].expand(-1, 2)[..., None, None, None],
            EXACT,
        ),
        "cutout_center": (None if draws.centre is None else draws.centre[..., None, None, None], FORWARD),
    }
    return {name: (value, tolerance) for name, (value, tolerance) in found.items() if value is not None}


def at_percentile(draws: Draws, kinds: Augmentations, q: float) -> Draws:
    """What was thrown, with every value at the same percentile of its distribution, as the official program debugs itself."""
    normal = torch.erfinv(torch.tensor(2 * q - 1)).item()
    uniform = 2 * q - 1
    bands = [normal * kinds.imgfilter_std * float(kinds.imgfilter * band > 0) for band in kinds.imgfilter_bands]
    fixed = {
        "flip": math.floor(2 * q), "quarter": math.floor(4 * q), "shift": uniform * kinds.xint_max,
        "scale": normal * kinds.scale_std, "before": uniform * math.pi * kinds.rotate_max,
        "aniso": normal * kinds.aniso_std, "after": 0.0, "fraction": normal * kinds.xfrac_std,
        "brightness": normal * kinds.brightness_std, "contrast": normal * kinds.contrast_std,
        "lumaflip": math.floor(2 * q), "hue": uniform * math.pi * kinds.hue_max,
        "saturation": normal * kinds.saturation_std, "bands": torch.tensor(bands),
        "sigma": torch.erfinv(torch.tensor(q)).item() * kinds.noise_std,
        "cutout": kinds.cutout_size, "centre": q,
    }  # fmt: skip
    thrown = {name: value for name, value in draws._asdict().items() if value is not None and name in fixed}
    return draws._replace(**{name: torch.zeros_like(value) + fixed[name] for name, value in thrown.items()})
