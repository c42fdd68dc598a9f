"""From a latent z, and a class label where there is one, to the style w; with the running average that truncation pulls to."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from .layers import SQRT2, Bias, EqualizedLinear, normal, pixel_norm
from .progressive import Activation


class Mapping(nn.Module):
    """z [N, z_dim] (‖ embedded label) → pixel norm → fully connected layers → w [N, w_dim] (StyleGAN 2018, section 2).

    `w_avg` [w_dim] is the running average of w. Labels are one-hot, [N, label_size].
    """

    w_avg: Tensor

    def __init__(
        self,
        z_dim: int,
        w_dim: int,
        hidden: int,
        depth: int,
        label_size: int = 0,
        normalize: bool = True,
        relu: bool = False,
        equalize: bool = True,
        lr_multiplier: float = 0.01,
    ):
        super().__init__()
        self.label_size, self.normalize = label_size, normalize
        self.embedding = nn.Parameter(normal((label_size, z_dim))) if label_size else None
        sizes = [z_dim * (2 if label_size else 1), *[hidden] * (depth - 1), w_dim][: depth + 1]
        self.dense = nn.ModuleList(
            EqualizedLinear((after, before), SQRT2, lr_multiplier, equalize) for before, after in pairwise(sizes)
        )
        self.bias = nn.ModuleList(Bias(size, lr_multiplier) for size in sizes[1:])
        self.activation = Activation(relu)
        self.register_buffer("w_avg", torch.zeros(w_dim if depth else sizes[0]))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        if self.embedding is not None:
            if labels is None:
                labels = z.new_zeros(z.shape[0], self.label_size)
            z = torch.cat([z, labels @ self.embedding], 1)
        x = pixel_norm(z) if self.normalize else z
        for dense, bias in zip(self.dense, self.bias, strict=True):
            x = self.activation(bias(dense(x)))
        return x

    def centre(self, labels: Tensor | None = None) -> Tensor:
        """What truncation pulls to: [w_dim], or [N, w_dim] in families where every class of labels [N, label_size] has its own."""
        return self.w_avg

    @torch.no_grad()
    def update_average(self, w: Tensor, beta: float = 0.995, labels: Tensor | None = None) -> None:
        """w_avg ← beta · w_avg + (1 - beta) · mean of w [N, w_dim] over the batch; only some families ask for the labels."""
        self.w_avg.copy_(torch.lerp(w.float().mean(0), self.w_avg, beta))


class NormalizedLatent(nn.Module):
    """ProGAN's only "mapping": z and one-hot label side by side, pixel normalised, [N, z_dim + label_size]."""

    w_avg: Tensor

    def __init__(self, z_dim: int, label_size: int = 0, normalize: bool = True):
        super().__init__()
        self.label_size, self.normalize = label_size, normalize
        self.register_buffer("w_avg", torch.zeros(z_dim + label_size), persistent=False)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        if self.label_size:
            z = torch.cat([z, z.new_zeros(z.shape[0], self.label_size) if labels is None else labels.to(z)], 1)
        return pixel_norm(z) if self.normalize else z
