"""The configurations that the programs of StyleGAN2-ADA (2020) and StyleGAN3 (2021) make of their few options."""

from typing import Any, Literal, NamedTuple

from msgspec import structs

from engine.networks import StyleGAN2, StyleGAN3

from .ada import Ada
from .config import BlurFade, Config, PathLength
from .growth import Growth

FROM_BATCH = 10 / 32  # half-life of the average, in kimg for each picture of the batch
BLUR_FROM_BATCH = 200 / 32
RAMPUP = 0.05
BLUR = 10.0
HALVES = 4


class Row(NamedTuple):
    """A row of the table of StyleGAN2-ADA's configurations; they were made for so many devices."""

    devices: int
    batch: int
    group: int
    base: int
    rate: float
    gamma: float
    ema_kimg: float
    rampup: float = 0.0
    depth: int = 8
    kimg: float = 25_000


TABLE = {
    "stylegan2": Row(8, 32, 4, 32768, 0.002, 10, 10),
    "paper256": Row(8, 64, 8, 16384, 0.0025, 1, 20),
    "paper512": Row(8, 64, 8, 32768, 0.0025, 0.5, 20),
    "paper1024": Row(8, 32, 4, 32768, 0.002, 2, 10),
    "cifar": Row(2, 64, 32, 32768, 0.0025, 0.01, 500, RAMPUP, 2, 100_000),
}


def auto_row(resolution: int, devices: int = 1) -> Row:
    """The row that "auto" chooses for a resolution."""
    batch = max(min(devices * min(4096 // resolution, 32), 64), devices)
    base = 32768 if resolution >= 512 else 16384
    rate = 0.002 if resolution >= 1024 else 0.0025
    gamma = 0.0002 * resolution**2 / batch
    return Row(devices, batch, min(batch // devices, 4), base, rate, gamma, batch * FROM_BATCH, RAMPUP, 2)


def stylegan2(name: str, resolution: int, devices: int = 1) -> Config:
    """A configuration of StyleGAN2-ADA: "auto" or a row of the table, which says what batch a device takes at once."""
    row = auto_row(resolution, devices) if name == "auto" else TABLE[name]
    small = name == "cifar"
    network = StyleGAN2(
        resolution, mapping_layers=row.depth, feature_base=row.base, stddev_group=row.group,
        judge_architecture="orig" if small else "resnet",
    )  # fmt: skip
    return Config(
        network=network, growth=Growth(batch=row.batch, rate=row.rate), kimg=row.kimg, phases="lazy", absent="zero",
        r1_gamma=row.gamma, r1_interval=16, path=PathLength(0.0 if small else 2.0), mixing=0.0 if small else 0.9,
        ada=Ada("ada"), ema_kimg=row.ema_kimg, ema_rampup=row.rampup, mirror=False,
        accumulate=row.batch // row.devices, half_resolutions=HALVES,
    )  # fmt: skip


def stylegan3(
    kind: Literal["t", "r", "stylegan2"],
    resolution: int,
    gamma: float,
    batch: int = 32,
    at_once: int = 0,
    base: int = 32768,
    judge_rate: float = 0.002,
) -> Config:
    """A configuration of StyleGAN3's program, which also trains a StyleGAN2 by its own rules.

    Raises ValueError where fewer pictures pass at once than minibatch standard deviation compares.
    """
    if 0 < at_once < 4:
        raise ValueError(f"{at_once} pictures at once are fewer than the 4 that minibatch standard deviation compares")
    config = Config(
        network=network3(kind, resolution, base), growth=Growth(batch=batch, rate=0.0025), phases="lazy", absent="skip",
        judge_rate=judge_rate, r1_gamma=gamma, r1_interval=16, path=PathLength(0.0, 0), mixing=0.0,
        ada=Ada("ada"), ema_kimg=batch * FROM_BATCH, ema_rampup=RAMPUP, mirror=False, tracking="discriminator",
        w_avg_beta=0.998, blur=BlurFade(BLUR, batch * BLUR_FROM_BATCH) if kind == "r" else BlurFade(),
        accumulate=at_once or batch, half_resolutions=HALVES,
    )  # fmt: skip
    if kind != "stylegan2":
        return config
    return structs.replace(config, growth=Growth(batch=batch, rate=0.002), path=PathLength(2.0, 4), mixing=0.9)


def network3(kind: Literal["t", "r", "stylegan2"], resolution: int, base: int) -> StyleGAN2 | StyleGAN3:
    """The networks of that program; R's generator has twice the feature maps."""
    if kind == "stylegan2":
        return StyleGAN2(resolution, feature_base=base)
    widths: dict[str, Any] = {"feature_base": base * 2, "feature_max": 1024} if kind == "r" else {"feature_base": base}
    return StyleGAN3(resolution, kind, judge_base=base, **widths)


def recommended_gamma(resolution: int) -> float:
    """R1's weight for StyleGAN3 with a batch of 32: four times as much for each doubling of the resolution."""
    return 0.5 * (resolution / 128) ** 2


def full_precision(config: Config) -> Config:
    """Without half precision, and without the clamps that it needs."""
    return structs.replace(
        config, precision="fp32", half_resolutions=0, network=structs.replace(config.network, clamp=0.0)
    )
