"""What a file holds beside the generator that is drawn."""

from typing import Any, NamedTuple

from torch import Tensor


class Others(NamedTuple):
    """Networks as tensors under our names, in float32; None stands for what a file does not hold."""

    generator: dict[str, Tensor] | None = None
    """The generator that learnt, where the one that is drawn is its average."""
    discriminator: dict[str, Tensor] | None = None
    p: float | None = None
    """Strength of augmentation."""
    training_set: dict[str, Any] = {}
    """Plain settings of the training's pictures."""


def plain(settings: Any) -> dict[str, Any]:
    """What of a dictionary from a file is text, numbers, switches and nothing, as keyword arguments are."""
    if not isinstance(settings, dict):
        return {}
    return {name: value for name, value in settings.items() if isinstance(value, str | int | float | bool | None)}
