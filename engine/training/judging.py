"""How the discriminator is shown pictures in training, real and generated ones alike: blurred while young, and augmented."""

from torch import Tensor

from engine.networks.discriminators.projected_xl import ManyViews
from engine.networks.discriminators.vision import VisionDiscriminator

from .augment import augment
from .blur import blur_sigma, blurred
from .crops import often_cropped
from .dice import SETS
from .diffaugment import diffaugment
from .losses import LOSSES, Loss, summed
from .players import Players


def judge(players: Players, images: Tensor, labels: Tensor | None) -> tuple[Tensor, Tensor | None]:
    """Scores [N, places] of pictures [N, C, H, W] as they are shown, and class logits where there are any.

    A discriminator of many views is shown them as often, with the same blur but other augmentations.
    """
    labels = players.meant(labels)
    if isinstance(players.discriminator, ManyViews):
        return players.discriminator.each(lambda: shown(players, images), labels), None
    seen = shown(players, images)
    if isinstance(players.discriminator, VisionDiscriminator):
        seen = often_cropped(seen, players.discriminator.side, players.chance.source())
    return players.discriminator.judge(seen, labels)


def game(players: Players) -> Loss:
    """What both play for; where sums are asked for, over all views of the discriminator."""
    loss = LOSSES[players.config.loss]
    if isinstance(players.discriminator, ManyViews) and players.config.loss == "hinge-sum":
        return summed(LOSSES["hinge"], players.discriminator.split)
    return loss


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
