"""The configurations of StyleGAN-T (Sauer et al. 2023); words come to them with a guide, or with the sentence model."""

from typing import Any

from engine.networks import StyleGANT
from engine.networks.discriminators.projected import Projection

from .ada import Ada
from .config import BlurFade, Config, PathLength
from .growth import Growth
from .official import FROM_BATCH

RATE = 0.002
RAMPUP = 0.05
BLUR = BlurFade(32.0, 1000.0)


def stylegan_t(network: StyleGANT, batch: int = 128, at_once: int = 8, **changes: Any) -> Config:
    """The program's settings for a network; `changes` are laid over them. The discriminator plays first."""
    settings: dict[str, Any] = {
        "growth": Growth(batch=batch, rate=RATE), "kimg": 25_000, "loss": "hinge-by-batch", "r1_gamma": 0.0,
        "path": PathLength(0.0, 0), "mixing": 0.0, "ada": Ada("off"), "diffaugment": "color,translation,small-cutout",
        "blur": BLUR, "ema_kimg": batch * FROM_BATCH, "ema_rampup": RAMPUP, "mirror": False, "accumulate": at_once,
    }  # fmt: skip
    return Config(network=network, **{**settings, **changes})


def light_t(resolution: int, width: int, batch: int, kimg: float) -> Config:
    """A narrow one for computers without a fast GPU, judged through lite0, which sees smaller pictures.

    With batches this small a discriminator that learns as fast as the generator has won within a thousand pictures, shifted
    colours teach words wrongly, and against a verdict divided by the batch a guide counts too much.
    """
    network = StyleGANT(
        resolution, pairs=1, feature_base=32 * max(resolution, 64), feature_max=width, groups=8,
        judge="lite0", projection=Projection(max(2 * resolution, 64), 32, 64),
    )  # fmt: skip
    return stylegan_t(
        network, batch, 0, kimg=kimg, blur=BlurFade(), loss="hinge", judge_rate=RATE / 5, diffaugment="translation",
        samples_kimg=5.0, snapshot_kimg=10.0,
    )  # fmt: skip


STYLEGAN_T: dict[str, Config] = {
    # something to see within half an hour on two cores
    "stylegan-t-tiny": light_t(32, 64, 16, 60),
    # words are followed soonest where pictures are small; what is finer comes with `grow`
    "stylegan-t-small-16": light_t(16, 64, 8, 200),
    "stylegan-t-small-64": light_t(64, 64, 16, 1000),
    # the paper's own, lite and full, which are given CLIP with --guide and grow afterwards
    "stylegan-t-lite-64": stylegan_t(StyleGANT()),
    "stylegan-t-full-64": stylegan_t(StyleGANT.paper(64, True, text_size=0, encoder="")),
}
