"""How the discriminator is shown pictures in training, real and generated ones alike: blurred while young, and augmented."""

from torch import Tensor

from .augment import augment
from .blur import blur_sigma, blurred
from .dice import SETS
from .diffaugment import diffaugment
from .players import Players


def judge(players: Players, images: Tensor, labels: Tensor | None) -> tuple[Tensor, Tensor | None]:
    """Scores [N, 1] of pictures [N, C, H, W] as they are shown, and class logits where there are any."""
    return players.discriminator.judge(shown(players, images), labels)


def shown(players: Players, images: Tensor) -> Tensor:
    """What the discriminator sees of pictures; gradients flow through it.

    Augmentations of probability 0 are left out, where the original still resamples, which changes a picture by some 4e-6.
    """
    config = players.config
    images = blurred(images, blur_sigma(players.images, config.blur.sigma, config.blur.kimg))
    if config.ada.mode != "off" and players.controller.p > 0:
        images = augment(images, SETS[config.ada.kinds], players.controller.p, players.chance.source())
    if config.diffaugment:
        images = diffaugment(images, config.diffaugment, players.chance.source())
    return images
