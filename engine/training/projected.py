"""The configurations of Projected GAN (Sauer et al. 2021), whose discriminators look through a network that knows pictures."""

from typing import Any

from engine.networks import FastGAN, StyleGAN2
from engine.networks.discriminators.projected import Projection

from .ada import Ada
from .config import Config, PathLength
from .growth import Growth
from .official import FROM_BATCH, RAMPUP

FASTGAN_RATE, STYLEGAN2_RATE = 0.0002, 0.002
INTERVAL = 16  # of a regulariser that is not there, but for which the discriminator's Adam is corrected all the same
AT_ONCE = 8  # pictures that share their batch statistics, as many as each of the paper's eight devices has


def projected(network: FastGAN | StyleGAN2, batch: int = 64, at_once: int = AT_ONCE, **changes: Any) -> Config:
    """The program's settings for a network; `changes` are laid over them."""
    rate = FASTGAN_RATE if isinstance(network, FastGAN) else STYLEGAN2_RATE
    settings: dict[str, Any] = {
        "growth": Growth(batch=batch, rate=rate), "kimg": 10_000, "phases": "lazy", "loss": "hinge", "r1_gamma": 0.0,
        "r1_interval": INTERVAL, "path": PathLength(0.0, 0), "mixing": 0.0, "ada": Ada("off"),
        "diffaugment": "color,translation,small-cutout", "ema_kimg": batch * FROM_BATCH, "ema_rampup": RAMPUP,
        "mirror": False, "accumulate": at_once,
    }  # fmt: skip
    return Config(network=network, **{**settings, **changes})


def light_fastgan(resolution: int, features: int, side: int, batch: int, kimg: float) -> Config:
    """A narrow FastGAN for computers without a fast GPU, whose discriminator looks at smaller pictures."""
    network = FastGAN(resolution, z_dim=128, features=features, light=True, judge=Projection(side, 32, 256))
    return projected(network, batch, 0, kimg=kimg, samples_kimg=5.0, snapshot_kimg=10.0)


def stylegan2_projected(resolution: int) -> Config:
    """A StyleGAN2 generator before separable heads."""
    network = StyleGAN2(resolution, z_dim=64, w_dim=128, mapping_layers=2, projection=Projection(separable=True))
    return projected(network)


PROJECTED: dict[str, Config] = {
    # something to see within ten minutes on two cores
    "projected-tiny": light_fastgan(64, 16, 128, 16, 60),
    "projected-small-128": light_fastgan(128, 32, 128, 16, 600),
    # the paper's own
    "projected-256": projected(FastGAN()),
    "projected-light-256": projected(FastGAN(light=True)),
    "projected-1024": projected(FastGAN(1024)),
    "projected-stylegan2-256": stylegan2_projected(256),
}
