"""A StyleGAN2 or 3 as a pickle that NVIDIA's own scripts open where their code is installed; no source of theirs is in it.

Their own files bring their program's text along and run it. This one only names the classes of their code and gives each
object the attributes that it has there, as pickles do with any class, so that it opens where those classes can be imported:
start Python in the folder of stylegan2-ada-pytorch (for a StyleGAN2) or of stylegan3 (for a StyleGAN3), then
`legacy.load_network_pkl(file)["G_ema"]`, or any of their scripts with `--network`. Where there is no discriminator, the one
that their loader asks for is an empty torch.nn.Identity, and training cannot start from the file.
"""

from pathlib import Path
from typing import Any

from torch import nn

from engine.checkpoints.ensemble import Ensemble
from engine.networks import Generator, StyleGAN2, StyleGAN3
from engine.whole import whole

from .nvidia_augment import augmentation
from .nvidia_generator3 import stylegan3
from .nvidia_generators import stylegan2
from .nvidia_judges import discriminator
from .nvidia_parts import ADA, SG2
from .references import Named, Reference, dump


def write(path: Path, held: Ensemble) -> None:
    """All networks that there are. Raises ValueError in one sentence for a family that the format has no place for, and OSError."""
    if refused := refusal(held.card.network):
        raise ValueError(f"{refused}; write safetensors instead")
    content = snapshot(held)
    with whole(path) as temporary, temporary.open("wb") as file:
        dump(file, content)


def refusal(spec: object) -> str:
    """Why the format has no place for a network; "" where it has."""
    if isinstance(spec, StyleGAN2 | StyleGAN3):
        return ""
    return f"NVIDIA pickles are not written for the family {type(spec).__name__}"


def snapshot(held: Ensemble) -> dict[str, Any]:
    """What their training saves, in the order in which it does."""
    spec = held.card.network
    assert isinstance(spec, StyleGAN2 | StyleGAN3)
    average = _generator(held.average, spec)
    pipe = None if held.p is None else augmentation(held.p)
    networks = {
        "G": average if held.generator is None else _generator(held.generator, spec),
        "D": _judge(held.discriminator, spec),
        "G_ema": average,
        "augment_pipe": pipe,
    }
    settings = {"training_set_kwargs": held.training_set}
    return settings | networks if isinstance(spec, StyleGAN2) else networks | settings


def _generator(network: Generator, spec: StyleGAN2 | StyleGAN3) -> Reference:
    return stylegan2(network, spec) if isinstance(spec, StyleGAN2) else stylegan3(network, spec)


def _judge(network: nn.Module | None, spec: StyleGAN2 | StyleGAN3) -> Reference:
    if network is None:
        return Reference(Named("torch.nn.modules.linear", "Identity"), dict(nn.Identity().eval().__dict__))
    return discriminator(network, spec, ADA if isinstance(spec, StyleGAN2) else SG2)
