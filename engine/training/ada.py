"""How strong augmentation is: p follows a sign of overfitting (StyleGAN2-ADA, Karras et al. 2020, section 3)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct
from torch import Tensor

from .ranks import ALONE, Ranks

Kinds = Literal[  # the names of `dice.SETS`
    "blit", "geom", "color", "filter", "noise", "cutout", "bg", "bgc", "bgcf", "bgcfn", "bgcfnc"
]


class Ada(Struct, frozen=True, forbid_unknown_fields=True):
    """How p is ruled: held, or led so that the mean sign of the scores of real pictures meets a target."""

    mode: Literal["off", "fixed", "ada"] = "off"
    """ada: augmentation grows and shrinks by itself, so that the discriminator does not learn the pictures by heart;
    fixed: always p."""
    p: Annotated[float, Meta(ge=0)] = 0.0
    """Where p begins; in "fixed" it stays there."""
    target: Annotated[float, Meta(ge=-1, le=1)] = 0.6
    """How often the discriminator may be right about real pictures, from -1 to 1: above it augmentation grows, below it shrinks."""
    kimg: Annotated[float, Meta(gt=0)] = 500.0
    """Thousands of pictures in which p can rise from 0 to 1; 100 when another model is trained on."""
    interval: Annotated[int, Meta(ge=1)] = 4
    """Steps between two adjustments."""
    kinds: Kinds = "bgc"
    """Which augmentations: blit, geom(etry), color, filter, noise, cutout, or those that the letters begin with."""


class Controller:
    """p as it stands, and the signs seen by all since it was last adjusted. `state` goes into the full state of a run."""

    def __init__(self, ada: Ada, ranks: Ranks = ALONE):
        self.ada, self.p, self.ranks = ada, ada.p, ranks
        self._sum, self._count = 0.0, 0

    def see(self, scores: Tensor) -> None:
        """Scores of real pictures [N, 1], in every pass that has them; where p is not led, they are not needed."""
        if self.ada.mode != "ada":
            return
        for _, theirs in self.ranks.in_turn(scores.detach().sign()):
            self._sum += float(theirs.sum())
            self._count += theirs.numel()

    @property
    def sign(self) -> float:
        """r_t = E[sign D(real)] since the last adjustment (equation 1); 0 before anything was seen."""
        return self._sum / self._count if self._count else 0.0

    def adjust(self, step: int, batch: int) -> None:
        """After each step of `batch` pictures; every `interval` steps p moves towards the target."""
        if self.ada.mode != "ada" or step % self.ada.interval or not self._count:
            return
        self.p = adjusted(self.p, self.sign, self.ada.target, batch * self.ada.interval, self.ada.kimg)
        self._sum, self._count = 0.0, 0

    def state(self) -> dict[str, float]:
        return {"p": self.p, "sum": self._sum, "count": float(self._count)}

    def restore(self, state: dict[str, float]) -> None:
        self.p, self._sum, self._count = state["p"], state["sum"], int(state["count"])


def adjusted(p: float, sign: float, target: float, images: int, kimg: float) -> float:
    """p ± images / (1000 kimg), up where signs are above the target; never below 0, without an upper bound."""
    direction = (sign > target) - (sign < target)
    return max(p + direction * images / (kimg * 1000.0), 0.0)
