"""StyleGAN-XL's mapping: a short z, the class as a row of a table that an ImageNet network made, an average of w for each class."""

from itertools import pairwise

import torch
from torch import Tensor, nn

from .activations import Dense, full_precision
from .layers import normal, pixel_norm
from .mapping import Mapping


class ClassMapping(Mapping):
    """z [N, z_dim] and its class's row of the table, each normalised by itself, side by side → w [N, w_dim], in float32.

    (Sauer et al. 2022, section 3.1.) `w_avg` is [label_size, w_dim], or [w_dim] without labels. Labels are shares of classes
    [N, label_size], one-hot for a single class; where none are given it is the first. The first rows of the table [rows,
    features] are those of the classes. Raises ValueError where it has too few.
    """

    def __init__(
        self,
        z_dim: int,
        w_dim: int,
        depth: int,
        label_size: int = 0,
        table: tuple[int, int] = (1000, 320),
        lr_multiplier: float = 0.01,
    ):
        nn.Module.__init__(self)  # a Mapping by what it promises, made of other layers
        if label_size > table[0]:
            raise ValueError(f"{label_size} classes are more than the {table[0]} rows of the table of classes")
        self.label_size = label_size
        self.table = nn.Parameter(normal(table)) if label_size else None
        self.project = Dense(table[1], z_dim, "lrelu") if label_size else None
        sizes = [2 * z_dim if label_size else z_dim, *[w_dim] * depth]
        self.dense = nn.ModuleList(Dense(before, after, "lrelu", lr_multiplier) for before, after in pairwise(sizes))
        self.register_buffer("w_avg", torch.zeros((label_size, sizes[-1]) if label_size else sizes[-1:]))

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        with full_precision(z):
            x = pixel_norm(z.float())
            if self.table is not None and self.project is not None:
                rows = self._of(self.table, labels, len(z))
                x = torch.cat([x, pixel_norm(self.project(rows))], 1)
            for dense in self.dense:
                x = dense(x)
            return x

    def centre(self, labels: Tensor | None = None) -> Tensor:
        return self._of(self.w_avg, labels, 1) if self.label_size else self.w_avg

    def _of(self, table: Tensor, labels: Tensor | None, count: int) -> Tensor:
        """The rows of the classes [N, features], blended by their shares."""
        if labels is None:
            return table[:1].expand(count, -1)
        return labels.to(table.dtype) @ table[: self.label_size]

    @torch.no_grad()
    def update_average(self, w: Tensor, beta: float = 0.998, labels: Tensor | None = None) -> None:
        """Each sample of w [N, w_dim] in turn moves its class's average: w_avg ← w + beta (w_avg - w). Labels are one-hot."""
        if not self.label_size:
            super().update_average(w, beta)
            return
        mine = self._of(torch.eye(self.label_size, device=w.device), labels, len(w)).to(self.w_avg.dtype)
        seen = mine.cumsum(0)  # [N, label_size]
        later = ((seen[-1] - seen) * mine).sum(1, keepdim=True)  # samples of the same class that follow
        share = (1.0 - beta) * torch.pow(beta, later)
        kept = torch.pow(beta, seen[-1])[:, None]
        self.w_avg.copy_(kept * self.w_avg + mine.t() @ (share * w.to(self.w_avg.dtype)))
