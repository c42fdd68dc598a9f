"""Golden discriminators: every stage, scores at every level of detail and of part batches, R1, input gradients."""

import re

import torch
from torch import Tensor

from engine.checkpoints.tensorflow import spec_of_discriminator
from engine.networks import ProGAN, Spec, StyleGAN1
from engine.networks.discriminators.progressive import ProgressiveDiscriminator
from engine.networks.layers import upscale
from engine.training.growth import fade_reals
from engine.training.penalties import lod_scale, squared_gradient

from .golden import CLOSE, Golden
from .importer import build_discriminator, companion, compare_conversion
from .situation import at_level, judge, situation
from .stages import discriminator_stages


def check_discriminator(golden: Golden) -> None:
    """A discriminator alone, on given pictures."""
    network = _network(golden)
    images, labels = golden.read("in/images"), golden.labels("in/labels")
    stages = discriminator_stages(network, images, labels)
    for name in golden.outputs("act/"):
        if name.removeprefix("act/") in stages:
            golden.compare(name, stages[name.removeprefix("act/")], CLOSE)
    for part, name in enumerate(("scores/", "labels_out/")):
        for score in golden.outputs(name):
            golden.compare(score, _asked(network, images, labels, score.removeprefix(name))[part], CLOSE)
    for name in golden.outputs("r1/penalty_lod"):
        golden.compare(name, _penalty(network, images, labels, float(name.removeprefix("r1/penalty_lod"))), CLOSE)
    for name in golden.outputs("r1/grad_lod"):
        golden.compare(name, _slope(network, images, labels, float(name.removeprefix("r1/grad_lod"))), CLOSE)
    if "grad/dscore_dx" in golden:
        golden.compare("grad/dscore_dx", _slope(network, images, labels, 0.0), CLOSE)


def check_growing_reals(golden: Golden) -> None:
    """Stored 8-bit pictures → what the discriminator is shown, its scores, and R1 as measured at full resolution."""
    network = _network(golden)
    for name in golden.outputs("in/real_uint8_lod"):
        text = re.sub(r"^in/real_uint8_lod", "", name)
        lod = float(text)
        pictures = fade_reals(golden.read(name).float() / 127.5 - 1.0, lod)
        full = upscale(pictures, network.resolution // pictures.shape[-1])
        golden.compare(f"out/full_lod{text}", full, CLOSE)
        network.lod = lod
        golden.compare(f"out/scores_lod{text}", network(pictures), CLOSE)
        golden.compare(f"out/r1_penalty_lod{text}", squared_gradient(network, pictures) * lod_scale(lod), CLOSE)


def _network(golden: Golden) -> ProgressiveDiscriminator:
    weights = companion(golden)
    variables = weights.variables("tf/")
    spec = spec_of_discriminator(variables, family_of(golden), golden.settings)
    compare_conversion(golden, variables, spec)
    return build_discriminator(variables, spec)


def family_of(golden: Golden) -> type[Spec]:
    """Names and shapes of both families' discriminators are the same; StyleGAN's blurs."""
    truth = str(golden.notes.get("truth", ""))
    if "progressive_growing" in truth or "progan" in truth:
        return ProGAN
    if "stylegan" in truth:
        return StyleGAN1
    return ProGAN if golden.path.name.startswith("pg_") else StyleGAN1


def _asked(
    network: ProgressiveDiscriminator, images: Tensor, labels: Tensor | None, name: str
) -> tuple[Tensor, Tensor | None]:
    asked = situation(name)
    usual, network.head.group = network.head.group, asked.group or network.head.group
    try:
        return judge(network, images[: asked.first], None if labels is None else labels[: asked.first], asked.lod)
    finally:
        network.head.group = usual


def _penalty(network: ProgressiveDiscriminator, images: Tensor, labels: Tensor | None, lod: float) -> Tensor:
    """|∂ΣD/∂x|² as the originals measure it, at full resolution."""
    network.lod = lod
    return squared_gradient(lambda x: network(x, labels), at_level(images, lod)) * lod_scale(lod)


def _slope(network: ProgressiveDiscriminator, images: Tensor, labels: Tensor | None, lod: float) -> Tensor:
    full = images.clone().requires_grad_()
    return torch.autograd.grad(judge(network, full, labels, lod)[0].sum(), full)[0]
