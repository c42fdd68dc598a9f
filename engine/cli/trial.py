"""`trial`: will this training fit, and how long will it take?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tyro.conf import FlagCreatePairsOff

from .options import use_threads
from .pictures import ON, look
from .presets import PRESET_NOTES
from .progress import follow
from .train import Train
from .training import check

if TYPE_CHECKING:
    from engine.training.trial import Trial as Measured


@dataclass(frozen=True, kw_only=True)
class Trial(Train):
    """Try some steps of a training, and tell how long all of it takes and whether the memory suffices.

    It takes the very same words as `train`, and writes nothing. Where the memory is too small, fewer pictures at once are
    tried until they fit.

    Examples:
      latent-explorer trial photos --out runs/photos --preset small-128
      latent-explorer trial photos --out runs/photos --preset stylegan2-auto --device cuda
    """

    json: FlagCreatePairsOff[bool] = False
    """Print the figures as one line of JSON."""

    def run(self) -> int:
        import msgspec

        if self.preset not in PRESET_NOTES:
            raise ValueError(f"there is no preset {self.preset!r}; there is {', '.join(PRESET_NOTES)}")
        use_threads(self.threads)
        config = self.config(look(self.folder, self.stream or ON in self.set_, self.labels))
        check(config)
        from engine.training.trial import trial

        told = follow(trial(config), "Trying")
        print(msgspec.json.encode(told).decode() if self.json else "\n".join(words(told)))
        return 0


def words(told: Measured) -> list[str]:
    """The figures in sentences."""
    hours, minutes = divmod(round(told.seconds / 60), 60)
    long = f"{hours} h {minutes} min" if hours < 100 else f"{round(told.seconds / 86400)} days"
    lines = [
        f"{told.images} pictures take about {long}, {told.picture:.3g} s each at {told.resolution}×{told.resolution}."
    ]
    if told.memory:
        of = f" of {told.all_memory / 2**30:.1f}" if told.all_memory else ""
        lines.append(f"It needs {told.memory / 2**30:.1f}{of} GiB of memory on {told.device}.")
    if told.tight:
        lines.append("That leaves hardly anything for other programs.")
    if told.halved:
        lines.append(f"All pictures of a batch at once were too many: train with --accumulate {told.accumulate}.")
    return lines
