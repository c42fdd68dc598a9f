"""What keeps a discriminator smooth: gradient penalties, each as its paper writes it.

While growing, the originals give the discriminator pictures enlarged to full resolution by pixel repetition and take the gradient
there, which makes a squared norm 4^floor(lod) times smaller than at the native resolution. `lod_scale` is that 4^-floor(lod).
"""

from collections.abc import Callable

import torch
from torch import Tensor


def lod_scale(lod: float) -> float:
    """How a squared gradient norm at native resolution shrinks in the originals, 4^-floor(lod)."""
    return 4.0 ** -int(lod)


def squared_gradient(discriminate: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    """|∂ΣD/∂x|² of each picture, [N]; the graph is kept, so that it can be minimised."""
    images = images.detach().requires_grad_()
    (slope,) = torch.autograd.grad(discriminate(images).sum(), images, create_graph=True)
    return slope.square().sum((1, 2, 3))


def r1(squared: Tensor, gamma: float) -> Tensor:
    """γ/2 · E|∇D(x)|² on real pictures (Mescheder et al. 2018); on generated ones it is their R2."""
    return squared.mean() * (gamma / 2)


def gradient_penalty(squared: Tensor, weight: float = 10.0, target: float = 1.0) -> Tensor:
    """λ/τ² · E(|∇D(x̂)| - τ)² between real and generated pictures (Gulrajani et al. 2017, WGAN-GP)."""
    return (squared.sqrt() - target).square().mean() * (weight / target**2)


def drift(real_scores: Tensor, weight: float = 0.001) -> Tensor:
    """ε · E D(x)², which keeps the scores near zero (Karras et al. 2017, appendix A.1)."""
    return real_scores.square().mean() * weight
