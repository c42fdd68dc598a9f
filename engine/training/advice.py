"""Which preset suits some pictures on some device, and why. No torch, so that a window can ask."""

from dataclasses import dataclass, field

AUTO = "stylegan2-auto"
FEW, MANY = 5_000, 50_000  # pictures
SLOW = {128: "stylegan2-small-128", 64: "stylegan2-small-64", 32: "stylegan2-tiny"}  # for a processor alone
CORES = 8  # with which a processor learns 128×128 in a night
LARGEST = 1024

TEXTS = {
    "device": "Proposed for {count:,} pictures of mostly {side} pixels on {device}: StyleGAN2 at {resolution} × {resolution}, "
    "whose batch, learning rate and penalty follow them.",
    "processor": "Proposed for {count:,} pictures of mostly {side} pixels without a graphics card: at {resolution} × {resolution} "
    "a processor gets somewhere in an evening or two.",
    "small": "Proposed for {count:,} pictures of mostly {side} pixels: more than {resolution} × {resolution} is not in them.",
    "few": "They are few, so augmentation that adapts keeps the discriminator from learning them by heart.",
    "very few": "They are very few: begin with a trained model below, or find more.",
}
VERY_FEW = 200


@dataclass(frozen=True)
class Advice:
    """A preset, and its reasons as names in TEXTS with what belongs into them."""

    preset: str
    reasons: tuple[str, ...]
    parts: dict[str, object] = field(default_factory=dict)

    @property
    def texts(self) -> tuple[str, ...]:
        """The sentences, with `{…}` in the places of their parts."""
        return tuple(TEXTS[reason] for reason in self.reasons)

    def __str__(self) -> str:
        return " ".join(text.format(**self.parts) for text in self.texts)


def advise(count: int, side: int, device: str, cores: int) -> Advice:
    """For `count` pictures whose shorter side is mostly `side` pixels; `device` is "" for a processor alone with so many cores."""
    if device:
        resolution = max(min(2 ** (max(side, 1).bit_length() - 1), LARGEST), 32)
        preset, why = AUTO, "device"
    else:
        most = 128 if cores >= CORES else 64
        resolution = next((size for size in SLOW if size <= min(side, most)), 32)
        preset, why = SLOW[resolution], "small" if side < 2 * resolution and resolution < most else "processor"
    more = ("very few",) if count < VERY_FEW else ("few",) if count < FEW else ()
    return Advice(preset, (why, *more), {"count": count, "side": side, "device": device, "resolution": resolution})
