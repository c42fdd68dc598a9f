"""Fréchet distance between two clouds of features (Heusel et al. 2017), from statistics that are gathered while they stream by.

It is FID only where the features are those of the Inception network of 2015; with other features it is called otherwise.
"""

from collections.abc import Mapping

import torch
from torch import Tensor


class Moments:
    """Mean and covariance of rows that come in pieces, in float64 on the CPU (some devices have no float64).

    `count` rows so far, `total` [D] their sum, `square` [D, D] the sum of their outer products.
    """

    def __init__(self, count: int = 0, total: Tensor | None = None, square: Tensor | None = None):
        self.count = count
        self.total = torch.zeros(0, dtype=torch.float64) if total is None else total
        self.square = torch.zeros(0, 0, dtype=torch.float64) if square is None else square

    def add(self, features: Tensor) -> None:
        """Rows [N, D]. Raises ValueError where they are not as long as those before, or not finite."""
        rows = features.detach().to("cpu", torch.float64)
        if not bool(rows.isfinite().all()):
            raise ValueError("a feature is not a finite number: the model or the feature network is broken")
        if not self.count:
            self.total, self.square = rows.new_zeros(rows.shape[1]), rows.new_zeros(rows.shape[1], rows.shape[1])
        if rows.shape[1] != len(self.total):
            raise ValueError(f"features of {rows.shape[1]} numbers do not go with those of {len(self.total)}")
        self.count += len(rows)
        self.total += rows.sum(0)
        self.square.addmm_(rows.t(), rows)

    @property
    def mean(self) -> Tensor:
        """[D]. Raises ValueError before anything was added."""
        if not self.count:
            raise ValueError("there are no features to take the mean of")
        return self.total / self.count

    @property
    def covariance(self) -> Tensor:
        """[D, D], E[x xᵀ] - μ μᵀ, divided by N as StyleGAN2-ADA and later do; the earlier ones divided by N - 1."""
        mean = self.mean
        return self.square / self.count - torch.outer(mean, mean)

    def state(self) -> dict[str, Tensor]:
        """What `restored` makes the same moments of."""
        return {"count": torch.tensor(self.count), "total": self.total, "square": self.square}

    @classmethod
    def restored(cls, state: Mapping[str, Tensor]) -> "Moments":
        """Raises ValueError where the state is not one of `state`."""
        try:
            count, total, square = int(state["count"]), state["total"], state["square"]
        except (KeyError, RuntimeError):
            raise ValueError("these are no moments") from None
        if count < 1 or square.shape != (len(total), len(total)) or total.dtype != torch.float64:
            raise ValueError("these are no moments")
        return cls(count, total, square)


def frechet_distance(one: Moments, other: Moments) -> float:
    """|μ₁ - μ₂|² + tr(S₁ + S₂ - 2 (S₁ S₂)^½); 0 for equal clouds.

    The trace of the root is that of (S₁^½ S₂ S₁^½)^½, which is symmetric, so that no complex numbers come up.
    """
    if len(one.total) != len(other.total):
        raise ValueError(f"features of {len(one.total)} and of {len(other.total)} numbers cannot be compared")
    apart = (one.mean - other.mean).square().sum()
    first, second = one.covariance, other.covariance
    root = _root(first)
    values = torch.linalg.eigvalsh(root @ second @ root)
    return float(apart + first.trace() + second.trace() - 2 * values.clamp(min=0).sqrt().sum())


def _root(matrix: Tensor) -> Tensor:
    """The symmetric root of a symmetric matrix whose eigenvalues are not negative, but for rounding."""
    values, vectors = torch.linalg.eigh(matrix)
    return (vectors * values.clamp(min=0).sqrt()) @ vectors.t()
