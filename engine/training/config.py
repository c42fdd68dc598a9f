"""What a training is: networks, schedule, loss and habits; and the presets to start from."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from engine.networks import ProGAN, Spec, StyleGAN1

from .growth import Growth


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a run needs to be started again; written to its directory as `config.json`."""

    data: str = ""
    network: Spec = StyleGAN1()
    growth: Growth = Growth()
    kimg: Annotated[float, Meta(gt=0)] = 25_000.0
    """Length of the training, in thousands of pictures shown to the discriminator."""
    loss: Literal["logistic", "logistic-saturating", "wasserstein", "hinge"] = "logistic"
    r1_gamma: Annotated[float, Meta(ge=0)] = 10.0
    """Weight of the R1 gradient penalty; 0 turns it off."""
    r1_interval: Annotated[int, Meta(ge=1)] = 1
    """R1 once in so many steps, so many times as strong (lazy regularisation; the StyleGAN paper uses 1)."""
    penalty_at_full_resolution: bool = True
    """While growing, measure gradient penalties as if the pictures were enlarged to full resolution, as the papers' programs do;
    that makes R1 4^floor(lod) times weaker at the lower resolutions. False measures at the resolution that trains."""
    gradient_penalty: Annotated[float, Meta(ge=0)] = 0.0
    """Weight of the WGAN-GP penalty; 0 turns it off."""
    drift: Annotated[float, Meta(ge=0)] = 0.0
    classification: Annotated[float, Meta(ge=0)] = 1.0
    """Weight of AC-GAN's class loss, where the discriminator has class logits."""
    mixing: Annotated[float, Meta(ge=0, le=1)] = 0.9
    """Probability of style mixing."""
    w_avg_beta: Annotated[float, Meta(ge=0, le=1)] = 0.995
    ema_kimg: Annotated[float, Meta(ge=0)] = 10.0
    """Half-life of the average of the weights, in thousands of pictures."""
    mirror: bool = True
    """Half of the pictures are mirrored left to right."""
    labels: bool = False
    """Sub-folders are classes."""
    accumulate: Annotated[int, Meta(ge=0)] = 0
    """At most so many pictures pass through the networks at once; 0: the whole batch."""
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    device: str = "auto"
    seed: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    samples_kimg: Annotated[float, Meta(gt=0)] = 10.0
    """A grid of samples every so many thousand pictures."""
    snapshot_kimg: Annotated[float, Meta(gt=0)] = 50.0
    """A snapshot every so many thousand pictures."""
    keep_states: Annotated[int, Meta(ge=1)] = 2
    """How many of the newest full states to keep; the models themselves are all kept."""
    licence: str = "unknown"
    """What the pictures' licence allows; travels with every model."""


PAPER_BATCHES = {4: 128, 8: 128, 16: 128, 32: 64, 64: 32, 128: 16, 256: 8, 512: 4, 1024: 4}
PAPER_RATES = {128: 0.0015, 256: 0.002, 512: 0.003, 1024: 0.003}
# Low resolutions cost nothing on a processor, and what they do not learn (where things are) no later one does: large batches, long.
LIGHT: dict[str, Any] = {"batch": 32, "batches": {32: 16, 64: 8, 128: 8, 256: 8}, "rate": 0.002}


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


PRESETS: dict[str, Config] = {
    # something to see within five minutes on two cores
    "tiny": light(32, 512, 64, Growth(8, 12, 6, **LIGHT), 60),
    # an evening on two cores; the embedded model's settings
    "small-128": light(128, 1024, 64, Growth(8, 100, 10, **LIGHT, trainings_kimg={8: 60, 16: 50}), 1000),
    "small-256": light(256, 2048, 128, Growth(8, 100, 20, **LIGHT), 2000),
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
}
