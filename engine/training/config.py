"""What a training is: networks, schedule, losses and habits."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from engine.metrics.registry import understood
from engine.networks import FastGAN, ProGAN, StyleGAN1, StyleGAN2, StyleGANT, StyleGANXL, Trainable

from .ada import Ada
from .diffaugment import POLICIES
from .growth import Growth
from .learning import Guidance, Learns, amiss
from .streaming import Stream


class PathLength(Struct, frozen=True, forbid_unknown_fields=True):
    """Path length regularisation (StyleGAN2 2019, section 3.2)."""

    weight: Annotated[float, Meta(ge=0)] = 0.0
    """0 turns it off."""
    interval: Annotated[int, Meta(ge=0)] = 4
    """Once in so many steps, so many times as strong, as a phase of its own; 0: in every step, together with the main loss."""
    decay: Annotated[float, Meta(gt=0, le=1)] = 0.01
    """How much of each measurement the mean length takes on."""
    shrink: Annotated[int, Meta(ge=1)] = 2
    """It is measured on one in so many pictures."""
    begin_kimg: Annotated[float, Meta(ge=0)] = 0.0
    """It begins after so many thousand pictures."""


class BlurFade(Struct, frozen=True, forbid_unknown_fields=True):
    """Blur of all that the discriminator sees, which fades out (StyleGAN3 2021, appendix G)."""

    sigma: Annotated[float, Meta(ge=0, le=100)] = 0.0
    """Pixels of blur that the training begins with; 0 is none."""
    kimg: Annotated[float, Meta(ge=0)] = 0.0
    """Thousands of pictures until nothing is left of it."""


class Config(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a run needs to be started again; written to its directory as `config.json`."""

    data: str = ""
    stream: Stream = Stream()
    network: Trainable = StyleGAN1()
    growth: Growth = Growth()
    kimg: Annotated[float, Meta(gt=0)] = 25_000.0
    """Length of the training, in thousands of pictures shown to the discriminator."""
    phases: Literal["joined", "lazy"] = "joined"
    """joined: the discriminator goes first, penalties belong to its step (ProGAN, StyleGAN). lazy: the generator goes first, each
    regulariser has steps of its own, once in an interval, for which Adam is corrected (StyleGAN2, appendix B, and StyleGAN3)."""
    judge_rate: Annotated[float, Meta(ge=0, le=1)] = 0.0
    """Learning rate of the discriminator where it differs from `growth.rate`; 0: the same."""
    absent: Literal["zero", "skip"] = "zero"
    """What Adam makes of parameters that a lazy regulariser does not reach: a gradient of zero, or no step at all."""
    loss: Literal["logistic", "logistic-saturating", "wasserstein", "hinge", "hinge-sum", "hinge-by-batch"] = "logistic"
    """hinge-sum: a sum over pictures, and over the networks through which a discriminator looks (StyleGAN-XL 2022).
    hinge-by-batch: the mean divided by the number of pictures once more (StyleGAN-T 2023)."""
    r1_gamma: Annotated[float, Meta(ge=0)] = 10.0
    """Weight of the R1 gradient penalty; 0 turns it off."""
    r1_interval: Annotated[int, Meta(ge=1)] = 1
    """R1 once in so many steps, so many times as strong (lazy regularisation; the StyleGAN paper uses 1, StyleGAN2 16)."""
    penalty_at_full_resolution: bool = True
    """While growing, measure gradient penalties as if the pictures were enlarged to full resolution, as the papers' programs do;
    that makes R1 4^floor(lod) times weaker at the lower resolutions. False measures at the resolution that trains."""
    gradient_penalty: Annotated[float, Meta(ge=0)] = 0.0
    """Weight of the WGAN-GP penalty; 0 turns it off."""
    drift: Annotated[float, Meta(ge=0)] = 0.0
    """Keeps the discriminator's scores of real pictures near zero: the weight of their squares (ProGAN 2017); 0 turns it off."""
    path: PathLength = PathLength()
    classification: Annotated[float, Meta(ge=0)] = 1.0
    """Weight of AC-GAN's class loss, where the discriminator has class logits."""
    mixing: Annotated[float, Meta(ge=0, le=1)] = 0.9
    """Probability of style mixing."""
    ada: Ada = Ada()
    diffaugment: str = ""
    """Differentiable augmentation (Zhao et al. 2020) instead of ADA: some of color,translation,cutout,small-cutout."""
    blur: BlurFade = BlurFade()
    w_avg_beta: Annotated[float, Meta(ge=0, le=1)] = 0.995
    """How much of the average of w stays at every step, the average that truncation pulls towards."""
    tracking: Literal["always", "discriminator"] = "always"
    """In which passes of the generator the average of w moves, and the magnitudes that StyleGAN3 measures."""
    magnitude_kimg: Annotated[float, Meta(ge=0)] = 20.0
    """Half-life of StyleGAN3's magnitudes, in thousands of pictures."""
    ema_kimg: Annotated[float, Meta(ge=0)] = 10.0
    """Half-life of the average of the weights, in thousands of pictures."""
    ema_rampup: Annotated[float, Meta(ge=0)] = 0.0
    """In the beginning that half-life is at most so large a part of all pictures seen; 0: it is the same from the start."""
    mirror: bool = True
    """Half of the pictures are mirrored left to right."""
    mirror_y: bool = False
    """Half of the pictures are mirrored upside down."""
    labels: bool = False
    """Sub-folders are classes."""
    transfer: str = ""
    """A model or run of the same family whose weights this one begins with, as far as they fit."""
    learns: Learns = "all"
    """Of a StyleGAN-T all but its reader of words; or text-encoder: its reader alone, freeze64: layers above 64×64, every toRGB."""
    guidance: Guidance = Guidance()
    stem: str = ""
    """A model or run of a StyleGAN-XL from which this one grew: its layers are taken over and rest, what is new learns."""
    freeze: Annotated[int, Meta(ge=0, le=100)] = 0
    """So many layers of the discriminator, from the highest resolution on, do not learn (Freeze-D, Mo et al. 2020)."""
    accumulate: Annotated[int, Meta(ge=0)] = 0
    """At most so many pictures pass through the networks at once; 0: the whole batch."""
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    """How exactly the networks compute: fp32 is exact, bf16 and fp16 are faster; auto chooses what suits the device."""
    half_resolutions: Annotated[int, Meta(ge=0, le=12)] = 0
    """On a GPU, only so many of the highest resolutions compute in half precision, and in all phases; 0: all, but no penalties."""
    device: str = "auto"
    """What computes: cpu, cuda (a GPU) or mps (an Apple GPU); auto takes the best there is."""
    seed: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    """Where all chance begins; the same seed begins with the same networks."""
    samples_kimg: Annotated[float, Meta(gt=0)] = 10.0
    """A grid of samples every so many thousand pictures."""
    snapshot_kimg: Annotated[float, Meta(gt=0)] = 50.0
    """A snapshot every so many thousand pictures."""
    keep_states: Annotated[int, Meta(ge=0)] = 2
    """How many of the newest full states to keep, beside that of the best model; 0: all."""
    keep_models: Annotated[int, Meta(ge=0)] = 20
    """How many of the newest models to keep, beside the best one and those that were opened in the window; 0: all."""
    metrics: str = ""
    """Measured of every snapshot by a program beside the training, such as fd_lite0_5k; separated by commas. None: nothing is."""
    licence: str = "unknown"
    """What the pictures' licence allows; travels with every model."""

    @property
    def lazy(self) -> bool:
        return self.phases == "lazy"


def check(config: Config) -> None:
    """Raises ValueError with one sentence where settings contradict each other."""
    unknown = set(config.diffaugment.split(",")) - {*POLICIES, ""}
    grows = isinstance(config.network, ProGAN | StyleGAN1)
    projects = isinstance(config.network, FastGAN | StyleGANXL | StyleGANT) or (
        isinstance(config.network, StyleGAN2) and config.network.projection is not None
    )
    contradictions = {
        f"diffaugment knows no {', '.join(sorted(unknown))}; it knows {', '.join(POLICIES)}": bool(unknown),
        "ada and diffaugment are both on; one of them is enough": bool(config.diffaugment) and config.ada.mode != "off",
        "ada.mode=fixed needs a probability, ada.p": config.ada.mode == "fixed" and not config.ada.p,
        "path.weight needs a network with a mapping, which ProGAN and FastGAN do not have": isinstance(
            config.network, ProGAN | FastGAN
        )
        and config.path.weight > 0,
        "stem is for StyleGAN-XL, which alone grows by stages": bool(config.stem)
        and not isinstance(config.network, StyleGANXL),
        **amiss(config.network, config.learns, config.guidance),
        "path.weight needs phases=lazy": config.path.weight > 0 and not config.lazy,
        "gradient_penalty needs phases=joined": config.gradient_penalty > 0 and config.lazy,
        "freeze and half_resolutions are for networks that do not grow": grows
        and (config.freeze > 0 or config.half_resolutions > 0),
        "freeze and half_resolutions are for discriminators that see the pictures themselves, not for projected ones": projects
        and (config.freeze > 0 or config.half_resolutions > 0),
    }
    for sentence, holds in contradictions.items():
        if holds:
            raise ValueError(sentence)
    if config.metrics:
        understood(config.metrics.split(","))
