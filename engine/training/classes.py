"""The configurations of StyleGAN-XL (Sauer et al. 2022), stem and all; what grows from one, `stems` says."""

from typing import Any

from engine.networks import StyleGANXL
from engine.networks.discriminators.projected import Projection

from .ada import Ada
from .config import BlurFade, Config, PathLength
from .growth import Growth
from .official import FROM_BATCH, RAMPUP

RATE, JUDGE_RATE = 0.0025, 0.002
INTERVAL = 16  # of a regulariser that is not there, but for which the discriminator's Adam is corrected all the same
PATH = PathLength(0.5, 4, begin_kimg=1000.0)  # the program's weight of 2, which it does not multiply by the interval
BLUR = BlurFade(2.0, 300.0)


def stylegan_xl(network: StyleGANXL, batch: int = 2048, **changes: Any) -> Config:
    """The program's settings for a stem; `changes` are laid over them."""
    settings: dict[str, Any] = {
        "growth": Growth(batch=batch, rate=RATE), "judge_rate": JUDGE_RATE, "kimg": 25_000, "phases": "lazy",
        "loss": "hinge-sum", "r1_gamma": 0.0, "r1_interval": INTERVAL, "path": PATH, "mixing": 0.0, "ada": Ada("off"),
        "diffaugment": "color,translation,small-cutout", "blur": BLUR, "w_avg_beta": 0.998, "tracking": "discriminator",
        "ema_kimg": batch * FROM_BATCH, "ema_rampup": RAMPUP, "mirror": False,
    }  # fmt: skip
    return Config(network=network, **{**settings, **changes})


def light_xl(stem: int, width: int, batch: int, kimg: float) -> Config:
    """A narrow stem with few layers for computers without a fast GPU, judged through one network that sees smaller pictures.

    The discriminator learns more slowly, or has won within a thousand pictures.
    """
    network = StyleGANXL(
        stem, w_dim=128, depth=7, margin=4, feature_base=1024, feature_max=width,
        judge=Projection(max(2 * stem, 64), 32, 64),
    )  # fmt: skip
    return stylegan_xl(
        network, batch, kimg=kimg, path=PathLength(0.0, 4), blur=BlurFade(1.0, min(kimg / 4, 5.0)),
        judge_rate=RATE / 6, diffaugment="translation", samples_kimg=5.0, snapshot_kimg=10.0,
    )  # fmt: skip


STYLEGAN_XL: dict[str, Config] = {
    # something to see within half an hour on two cores, and to grow from
    "stylegan-xl-tiny": light_xl(32, 64, 16, 60),
    "stylegan-xl-small-16": light_xl(16, 64, 16, 200),
    "stylegan-xl-small-32": light_xl(32, 128, 32, 1000),
    # the paper's own: ImageNet's stem, to be grown with `grow`, and that of small sets of pictures
    "stylegan-xl-16": stylegan_xl(StyleGANXL.paper(16, label_size=0), accumulate=8),
    "stylegan-xl-small-set-16": stylegan_xl(
        StyleGANXL.paper(16, label_size=0, feature_base=32768, feature_max=512, depth=7), 64, accumulate=8
    ),
}
