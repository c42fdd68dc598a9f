"""What a picture is, and nothing else: everything needed to make it again, as frozen data with declared ranges."""

import math
from collections.abc import Callable
from typing import Annotated, Literal

from msgspec import Meta, Struct

VERSION = 6  # 2: transform; 3: arcs; 4: style layers on and off, with names; 5: prompts; 6: moving noise, centres

SeedNumber = Annotated[int, Meta(ge=0, le=2**32 - 1, title="Seed", description="Which picture of the model")]
Weight = Annotated[float, Meta(ge=-1000.0, le=1000.0)]
Amount = Annotated[float, Meta(ge=0.0, le=1.0, title="Amount", description="How much of B: 0 is all A, 1 is all B")]
Factor = Annotated[float, Meta(ge=0.0, le=4.0)]
Shift = Annotated[float, Meta(ge=-1.0, le=1.0)]
PsiFactor = Annotated[float, Meta(ge=-2.0, le=2.0, title="Layer truncation", description="This layer's share of psi")]

MAX_LAYERS = 64
MAX_POINTS = 1024
MAX_STYLES = 16
MAX_PHASE = 10_000_000
LEAST_PERIOD = 4  # as many patterns as are seen at once while the noise moves
NEUTRAL = "neutral"  # the value that stands for a layer which a per-layer tuple does not mention


def per_layer(title: str, description: str, neutral: float) -> Meta:
    """The declaration of a tuple with one number a layer; a layer beyond its end has the `neutral` value."""
    return Meta(max_length=MAX_LAYERS, title=title, description=description, extra={NEUTRAL: neutral})


class Data(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all that a recipe holds: never changes, and an unknown field is an error instead of a silent loss."""


class Seed(Data, frozen=True, tag="seed"):
    """The latent z that `numpy.random.RandomState(number).randn` draws, with a class or words where the model knows them."""

    number: SeedNumber = 0
    label: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    prompt: Annotated[str, Meta(max_length=2000)] | None = None


class Stored(Data, frozen=True, tag="stored"):
    """A point of W+ that no seed gives: little-endian float32 rows, [layers, w_dim]."""

    rows: Annotated[bytes, Meta(max_length=4 * MAX_LAYERS * 2048)]
    layers: Annotated[int, Meta(ge=1, le=MAX_LAYERS)]

    def __post_init__(self) -> None:
        if not self.rows or len(self.rows) % (4 * self.layers):
            raise ValueError(f"{len(self.rows)} bytes cannot be {self.layers} rows of float32 numbers")


class Arc(Data, frozen=True, tag="arc"):
    """The latent z a fraction t along the great circle from one seed's to another's (Shoemake 1985, slerp)."""

    start: Seed
    end: Seed
    t: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.5


Point = Seed | Stored | Arc


class Weighted(Data, frozen=True):
    """A point and its share in a latent."""

    point: Point
    weight: Weight = 1.0


class Latent(Data, frozen=True):
    """A weighted average of points. A mix of two latents is a latent again, so it can go on being mixed.

    Raises ValueError when the weights sum to zero, since such an average has no place.
    """

    points: Annotated[tuple[Weighted, ...], Meta(min_length=1, max_length=MAX_POINTS)] = (Weighted(Seed()),)

    def __post_init__(self) -> None:
        total = math.fsum(item.weight for item in self.points)
        if not math.isfinite(total) or abs(total) < 1e-9:
            raise ValueError("the weights of a latent must not sum to zero")

    def mix(self, other: "Latent", t: float) -> "Latent":
        """The latent a fraction t of the way from here to `other`: at 0 this one, at 1 the other."""
        return blend((self, 1.0 - t), (other, t))


class Style(Data, frozen=True):
    """Another latent laid over some of the layers, as a painter lays one layer over another."""

    latent: Latent = Latent()
    amounts: Annotated[
        tuple[Amount, ...], per_layer("Style equalizer", "How much of B each layer takes, from coarse to fine", 0.0)
    ] = ()
    on: Annotated[
        bool, Meta(title="On", description="Off, it changes nothing, and its amounts wait for it to be on again")
    ] = True
    name: Annotated[str, Meta(max_length=200, title="Name", description="Where it is from, for people")] = ""

    @property
    def seen(self) -> bool:
        """Whether it changes anything."""
        return self.on and any(self.amounts)


class Truncation(Data, frozen=True):
    """w' = centre + psi (w - centre) on the layers below the cutoff (StyleGAN 2018, appendix B)."""

    psi: Annotated[
        float,
        Meta(
            ge=-1.0,
            le=2.0,
            title="Truncation",
            description="Truncation (psi): how close to the average the model stays. 0 is the average picture, "
            "1 the model's own variety, beyond 1 wild",
        ),
    ] = 1.0
    cutoff: Annotated[
        int,
        Meta(
            ge=0,
            le=MAX_LAYERS,
            title="Cutoff",
            description="Truncation cutoff: only the layers below this one are truncated, so fine detail keeps its variety",
        ),
    ] = MAX_LAYERS
    layers: Annotated[
        tuple[PsiFactor, ...], per_layer("Truncation by layer", "Each layer's factor on psi: 1 leaves it as it is", 1.0)
    ] = ()
    centre: Annotated[
        Literal["class", "all", "nearest"],
        Meta(
            title="Average",
            description="What truncation pulls to where every class has an average of its own: that, the middle of all, "
            "or whichever is nearest",
        ),
    ] = "class"


class Noise(Data, frozen=True):
    """The noise inputs: none, the model's own constant ones, or drawn from a seed (layer k's depends on seed and k only)."""

    mode: Annotated[
        Literal["off", "const", "random"],
        Meta(title="Noise", description="Fine random detail: off, the model's own fixed pattern, or drawn from a seed"),
    ] = "const"
    seed: Annotated[SeedNumber, Meta(title="Noise seed", description="Which random detail is drawn")] = 0
    strength: Annotated[
        float, Meta(ge=0.0, le=4.0, title="Noise strength", description="How strong the random detail is: 1 as trained")
    ] = 1.0
    layers: Annotated[
        tuple[Factor, ...], per_layer("Noise by layer", "Each layer's factor on the noise: 1 leaves it as it is", 1.0)
    ] = ()
    phase: Annotated[
        float,
        Meta(
            ge=0.0,
            le=MAX_PHASE,
            title="Noise motion",
            description="How far the random detail has moved on: a small step changes it by little, some whole ones altogether",
        ),
    ] = 0.0
    period: Annotated[
        int,
        Meta(ge=0, le=MAX_PHASE, title="Noise round", description="After how many steps it is back; 0 is never"),
    ] = 0

    def __post_init__(self) -> None:
        if 0 < self.period < LEAST_PERIOD:
            raise ValueError(f"noise comes back after at least {LEAST_PERIOD} steps, not {self.period}; 0 is never")


class Transform(Data, frozen=True):
    """Where the model draws: the picture first turned around its middle, then moved. Only models with a picture plane heed it."""

    x: Annotated[
        Shift, Meta(title="Move across", description="How far the picture moves to the right, in picture widths")
    ] = 0.0
    y: Annotated[Shift, Meta(title="Move down", description="How far the picture moves down, in picture heights")] = 0.0
    angle: Annotated[
        float,
        Meta(
            ge=-360.0,
            le=360.0,
            title="Turn",
            description="How far the picture turns around its middle, in degrees anticlockwise",
        ),
    ] = 0.0


class Model(Data, frozen=True):
    """Which model: its name for people, and the hash of its generator's tensors, which survives renaming and conversion."""

    name: Annotated[str, Meta(max_length=200)] = ""
    identity: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


class Recipe(Data, frozen=True):
    """Everything needed to make one picture again, on any device."""

    version: Annotated[int, Meta(ge=1, le=VERSION)] = VERSION
    model: Model = Model()
    latent: Latent = Latent()
    styles: Annotated[tuple[Style, ...], Meta(max_length=MAX_STYLES)] = ()
    strength: Annotated[
        tuple[Factor, ...],
        per_layer(
            "Style strength", "Each layer's style strength: 0 ignores the style, 1 as trained, more exaggerates", 1.0
        ),
    ] = ()
    truncation: Truncation = Truncation()
    noise: Noise = Noise()
    transform: Transform = Transform()


def layer_value(values: tuple[float, ...], layer: int, neutral: float) -> float:
    """What a per-layer tuple says of a layer; beyond its end, the neutral value."""
    return values[layer] if layer < len(values) else neutral


def blend(*parts: tuple[Latent, float]) -> Latent:
    """The weighted average of latents, each given with its share; the shares sum to 1 and may be negative."""
    shares: dict[Point, float] = {}
    for latent, share in parts:
        total = math.fsum(item.weight for item in latent.points)
        for item in latent.points:
            shares[item.point] = shares.get(item.point, 0.0) + item.weight / total * share
    return Latent(tuple(Weighted(point, weight) for point, weight in shares.items() if weight))


def seeded(number: int, label: int | None = None, prompt: str | None = None) -> Latent:
    """The latent of one seed; numbers wrap modulo 2^32, so that stepping past either end goes on."""
    return Latent((Weighted(Seed(number % 2**32, label, prompt)),))


def with_seeds(latent: Latent, change: Callable[[Seed], Seed]) -> Latent:
    """The latent with every seed in it replaced by `change(seed)`, equal ones taken together; stored points stay."""

    def changed(point: Point) -> Point:
        if isinstance(point, Arc):
            return Arc(change(point.start), change(point.end), point.t)
        return change(point) if isinstance(point, Seed) else point

    shares: dict[Point, float] = {}
    for item in latent.points:
        point = changed(item.point)
        shares[point] = shares.get(point, 0.0) + item.weight
    return Latent(tuple(Weighted(point, share) for point, share in shares.items()))
