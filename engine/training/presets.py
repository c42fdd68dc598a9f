"""The configurations to start a training from, by name."""

from typing import Any, Literal

from msgspec import structs

from engine.networks import ProGAN, StyleGAN1, StyleGAN2, StyleGAN3

from .ada import Ada
from .classes import STYLEGAN_XL
from .config import Config, PathLength
from .growth import Growth
from .official import recommended_gamma, stylegan2, stylegan3
from .projected import PROJECTED
from .words import STYLEGAN_T

PAPER_BATCHES = {4: 128, 8: 128, 16: 128, 32: 64, 64: 32, 128: 16, 256: 8, 512: 4, 1024: 4}
PAPER_RATES = {128: 0.0015, 256: 0.002, 512: 0.003, 1024: 0.003}
# What counts in the first hours is the number of steps, not of pictures: with batches of 32 the same quality takes five times
# as long. Lengths are those after which a resolution has settled; a resolution that fades in needs as much again to recover.
LIGHT: dict[str, Any] = {"batch": 8, "rate": 0.002, "rates": {8: 0.003}}


def light(resolution: int, feature_base: int, feature_max: int, growth: Growth, kimg: float) -> Config:
    """A StyleGAN for computers without a fast GPU: narrow layers, R1 once in eight steps, short phases."""
    network = StyleGAN1(
        resolution, z_dim=128, w_dim=128, mapping_dim=128, mapping_layers=6,
        feature_base=feature_base, feature_max=feature_max,
    )  # fmt: skip
    return Config(
        network=network, growth=growth, kimg=kimg, r1_gamma=1.0, r1_interval=8, penalty_at_full_resolution=False,
        mirror=False, mixing=0.5, ema_kimg=2.0, samples_kimg=5.0, snapshot_kimg=10.0,
    )  # fmt: skip


KINDS: tuple[Literal["t", "r"], ...] = ("t", "r")
NARROW: dict[str, Any] = {"z_dim": 128, "w_dim": 128, "mapping_layers": 2, "judge_mapping_layers": 2}


def light2(resolution: int, width: int, batch: int, kimg: float, path: PathLength) -> Config:
    """A StyleGAN2 with adaptive augmentation for computers without a fast GPU: narrow layers, regularisers few and far between."""
    network = StyleGAN2(resolution, feature_base=16 * min(resolution, 64), feature_max=width, **NARROW)
    gamma = 0.0002 * resolution**2 / batch
    return structs.replace(
        stylegan2("auto", resolution), network=network, path=path, r1_gamma=gamma, **_light(batch, kimg)
    )


def light3(resolution: int, width: int, depth: int, margin: int, batch: int, kimg: float) -> Config:
    """A StyleGAN3-T with fewer and narrower layers, whose borders are slimmer too."""
    network = StyleGAN3(
        resolution, feature_base=8 * resolution, feature_max=width, depth=depth, margin=margin,
        judge_base=16 * resolution, judge_max=2 * width, **NARROW,
    )  # fmt: skip
    config = stylegan3("t", resolution, recommended_gamma(resolution), batch)
    return structs.replace(config, network=network, **_light(batch, kimg))


def _light(batch: int, kimg: float) -> dict[str, Any]:
    return {
        "growth": Growth(batch=batch, rate=0.0025), "judge_rate": 0.0, "ada": Ada("ada", kimg=100.0), "kimg": kimg, "accumulate": 0,
        "ema_kimg": batch * 10 / 32, "samples_kimg": 5.0, "snapshot_kimg": 10.0,
    }  # fmt: skip


PRESETS: dict[str, Config] = {
    # something to see within five minutes on two cores
    "tiny": light(32, 512, 64, Growth(8, 6, 3, **LIGHT), 60),
    # an evening on two cores; the embedded model's settings
    "small-128": light(128, 1024, 64, Growth(8, 40, 6, **LIGHT, trainings_kimg={8: 24, 16: 60}), 1000),
    "small-256": light(256, 2048, 128, Growth(8, 60, 10, **LIGHT), 2000),
    "stylegan2-tiny": light2(32, 64, 16, 100, PathLength(0, 0)),
    "stylegan2-small-64": light2(64, 128, 16, 600, PathLength(2.0, 8)),
    "stylegan2-small-128": light2(128, 128, 8, 1000, PathLength(2.0, 8)),
    "stylegan3-tiny": light3(32, 32, 6, 4, 16, 60),
    "stylegan3-small-64": light3(64, 48, 8, 6, 16, 400),
    # from the pictures and the device; this is what it is for 256² on one GPU
    "stylegan2-auto": stylegan2("auto", 256),
    # the papers' own, on one GPU
    "stylegan1-128": Config(
        network=StyleGAN1(resolution=128), growth=Growth(8, batch=16, batches=PAPER_BATCHES, rates=PAPER_RATES)
    ),
    "stylegan1-256": Config(
        network=StyleGAN1(resolution=256), growth=Growth(8, batch=8, batches=PAPER_BATCHES, rates=PAPER_RATES)
    ),
    "stylegan1-1024": Config(
        network=StyleGAN1(resolution=1024), growth=Growth(8, batch=4, batches=PAPER_BATCHES, rates=PAPER_RATES)
    ),
    "progan-128": Config(
        network=ProGAN(resolution=128),
        growth=Growth(4, batch=16, batches=PAPER_BATCHES),
        kimg=12_000,
        loss="wasserstein",
        r1_gamma=0.0,
        gradient_penalty=10.0,
        drift=0.001,
        mixing=0.0,
    ),
    "progan-1024": Config(
        network=ProGAN(resolution=1024),
        growth=Growth(4, batch=4, batches=PAPER_BATCHES, rates={1024: 0.0015}),
        kimg=12_000,
        loss="wasserstein",
        r1_gamma=0.0,
        gradient_penalty=10.0,
        drift=0.001,
        mixing=0.0,
    ),
    "stylegan2-cifar": stylegan2("cifar", 32),
    "stylegan2-paper256": stylegan2("paper256", 256),
    "stylegan2-paper512": stylegan2("paper512", 512),
    "stylegan2-paper1024": stylegan2("paper1024", 1024),
    "stylegan2-1024": stylegan2("stylegan2", 1024),
    **{
        f"stylegan3-{kind}-{resolution}": stylegan3(kind, resolution, recommended_gamma(resolution), at_once=at_once)
        for kind in KINDS
        for resolution, at_once in ((256, 16), (512, 4), (1024, 4))
    },
    **PROJECTED,
    **STYLEGAN_XL,
    **STYLEGAN_T,
}
