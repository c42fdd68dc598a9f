"""The mapping of StyleGAN2 and 3, for generators and for the labels of conditional discriminators."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from .activations import Dense, Name, full_precision
from .layers import pixel_norm
from .mapping import Mapping


class ConditionalMapping(Mapping):
    """z [N, z_dim] and embedded label, each normalised by itself, side by side → fully connected layers → w [N, w_dim].

    Always in float32 (StyleGAN2-ADA 2020, appendix; Karras et al. 2019, section 2). Without labels given, a conditional
    mapping embeds zeros. With z_dim = 0 it maps labels alone, and keeps no average of w.
    """

    def __init__(
        self,
        z_dim: int,
        w_dim: int,
        hidden: int,
        depth: int,
        label_size: int = 0,
        embedding: int = 0,
        activation: Name = "lrelu",
        lr_multiplier: float = 0.01,
    ):
        nn.Module.__init__(self)  # a Mapping by what it promises, made of other layers
        self.label_size = label_size
        self.embed = Dense(label_size, embedding) if label_size else None
        sizes = [z_dim + (embedding if label_size else 0), *[hidden] * (depth - 1), w_dim][: depth + 1]
        self.dense = nn.ModuleList(Dense(before, after, activation, lr_multiplier) for before, after in pairwise(sizes))
        self.register_buffer("w_avg", torch.zeros(sizes[-1]), persistent=z_dim > 0)

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        with full_precision(z):
            parts = [pixel_norm(z.float())] if z.shape[1] else []
            if self.embed is not None:
                labels = z.new_zeros(z.shape[0], self.label_size) if labels is None else labels
                parts.append(pixel_norm(self.embed(labels.float())))
            x = torch.cat(parts, 1)
            for dense in self.dense:
                x = dense(x)
            return x
