"""Tiny model files for tests: random networks whose every part has an effect."""

from pathlib import Path

import torch

from engine.checkpoints import native
from engine.networks import FAMILIES, Generator


def random_generator(family: str = "stylegan1", **changes: object) -> Generator:
    """A tiny generator with no parameter at zero."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        generator = FAMILIES[family].tiny(**changes).build()
        with torch.no_grad():
            for name, parameter in generator.named_parameters():
                if "weight" not in name or not parameter.any():
                    parameter.add_(torch.randn(parameter.shape) * 0.5)
            generator.mapping.w_avg.normal_(std=0.3)
    return generator


def model_file(folder: Path, family: str = "stylegan1", **changes: object) -> Path:
    """The same as a file of our own format."""
    generator = random_generator(family, **changes)
    path = folder / f"{family}.safetensors"
    native.write(path, generator, native.Card(FAMILIES[family].tiny(**changes), name=family, licence="CC0"))
    return path
