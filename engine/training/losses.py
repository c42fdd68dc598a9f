"""What generator and discriminator minimise, each as its paper writes it; scores are [N, 1], losses are means over the batch."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, relu, softplus


class Loss(NamedTuple):
    """The pair that plays against each other: generator(fake scores), discriminator(real scores, fake scores)."""

    generator: Callable[[Tensor], Tensor]
    discriminator: Callable[[Tensor, Tensor], Tensor]


def logistic_generator(fake: Tensor) -> Tensor:
    """Non-saturating logistic loss, -log D(G(z)) (Goodfellow et al. 2014)."""
    return softplus(-fake).mean()


def logistic_saturating_generator(fake: Tensor) -> Tensor:
    """Saturating logistic loss, log(1 - D(G(z)))."""
    return -softplus(fake).mean()


def logistic_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """-log D(x) - log(1 - D(G(z)))."""
    return (softplus(fake) + softplus(-real)).mean()


def wasserstein_generator(fake: Tensor) -> Tensor:
    """-D(G(z)) (Arjovsky et al. 2017)."""
    return -fake.mean()


def wasserstein_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """D(G(z)) - D(x)."""
    return (fake - real).mean()


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """max(0, 1 + D(G(z))) + max(0, 1 - D(x)) (Lim and Ye 2017)."""
    return (relu(1.0 + fake) + relu(1.0 - real)).mean()


def classification(logits: Tensor, labels: Tensor) -> Tensor:
    """AC-GAN's cross entropy of class logits [N, K] with one-hot labels [N, K] (Odena et al. 2016)."""
    return cross_entropy(logits, labels)


def summed(loss: Loss, views: Callable[[Tensor], Sequence[Tensor]]) -> Loss:
    """A sum over pictures and over the views [N, places] of scores side by side, each a mean over places."""

    def generator(fake: Tensor) -> Tensor:
        return torch.stack([loss.generator(one) * len(one) for one in views(fake)]).sum()

    def discriminator(real: Tensor, fake: Tensor) -> Tensor:
        pairs = zip(views(real), views(fake), strict=True)
        return torch.stack([loss.discriminator(one, other) * len(one) for one, other in pairs]).sum()

    return Loss(generator, discriminator)


def divided(loss: Loss) -> Loss:
    """Each divided by the number of pictures once more, as StyleGAN-T's program has it (so that guidance weighs the more)."""
    return Loss(
        lambda fake: loss.generator(fake) / len(fake),
        lambda real, fake: loss.discriminator(real, fake) / len(fake),
    )


LOSSES = {
    "logistic": Loss(logistic_generator, logistic_discriminator),
    "logistic-saturating": Loss(logistic_saturating_generator, logistic_discriminator),
    "wasserstein": Loss(wasserstein_generator, wasserstein_discriminator),
    "hinge": Loss(wasserstein_generator, hinge_discriminator),
    "hinge-sum": summed(Loss(wasserstein_generator, hinge_discriminator), lambda scores: [scores]),
    "hinge-by-batch": divided(Loss(wasserstein_generator, hinge_discriminator)),
}
