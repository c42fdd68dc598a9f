"""A StyleGAN-XL grows: a run goes on at a higher resolution with the layers of an earlier one (Sauer et al. 2022, section 3.3)."""

from pathlib import Path

from msgspec import structs

from engine.checkpoints import BadCheckpoint, load
from engine.networks import StyleGANXL
from engine.networks.stylegan_xl import StyleGANXLGenerator
from engine.networks.superresolution import FACTORS, Rise

from .config import BlurFade, Config, PathLength
from .players import Players
from .run import Run

FULL, SHORT = 7, 4  # layers of a stage after a stem of ten, and after a shorter one
BLUR = BlurFade(2.0, 300.0)


def grown(config: Config, resolution: int, layers: int = 0) -> Config:
    """The configuration of a run that goes on from a run's model at a higher resolution; no `layers`: as the paper's program.

    Raises ValueError with one sentence where it cannot be reached in one stage.
    """
    network = config.network
    if not isinstance(network, StyleGANXL):
        raise ValueError(f"only a StyleGAN-XL grows by stages, and this run trains a {network.__struct_config__.tag}")
    factor = next((factor for factor in FACTORS if network.resolution * factor == resolution), None)
    if factor is None:
        reached = ", ".join(str(network.resolution * each) for each in FACTORS)
        raise ValueError(
            f"from {network.resolution} pixels it grows to one of {reached} in one stage, not to {resolution}"
        )
    rise = Rise(factor, layers or (FULL if network.depth >= 10 else SHORT))
    blur = BlurFade(BLUR.sigma, min(BLUR.kimg, config.kimg / 4))  # a short run would never see a sharp picture
    return structs.replace(
        config, network=network.grown(rise), path=PathLength(0.0, config.path.interval), blur=blur, transfer=""
    )


def newest(path: Path) -> Path:
    """The file itself, or the newest model of a run's folder. Raises BadCheckpoint with one sentence."""
    models = Run(path).snapshots() if path.is_dir() else [path]
    if not models:
        raise BadCheckpoint(f"{path} holds no model yet to grow from")
    return models[-1]


def plant(path: Path, players: Players) -> int:
    """Gives both generators the mapping and the layers that stay of a model; how many tensors these are.

    Raises BadCheckpoint with one sentence where the model is not what this run grew from.
    """
    file, generator = newest(path), players.generator
    assert isinstance(generator, StyleGANXLGenerator)
    stem, _ = load(file)
    parts = ("mapping.", *(f"layers.{name}." for name in generator.taken()))
    given = {name: x for name, x in stem.state_dict().items() if name.startswith(parts)}
    for network in (generator, players.average.model):
        own = {name: x for name, x in network.state_dict().items() if name.startswith(parts)}
        if {name: x.shape for name, x in own.items()} != {name: x.shape for name, x in given.items()}:
            raise BadCheckpoint(f"{file.name} is not the model that this run's network grew from")
        for name, x in own.items():
            x.copy_(given[name])
    return len(given)
