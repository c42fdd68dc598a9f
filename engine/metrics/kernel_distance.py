"""Kernel distance: the squared maximum mean discrepancy of features under a cubic kernel (Bińkowski et al. 2018, KID).

It is KID only where the features are those of the Inception network of 2015.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

SUBSETS = 100
SUBSET_SIZE = 1000


def kernel_distances(
    real: np.ndarray, fake: np.ndarray, random: np.random.RandomState, subsets: int = SUBSETS, size: int = SUBSET_SIZE
) -> Iterator[float]:
    """The unbiased estimate of each subset; their mean is the distance. `real` [N, D] and `fake` [M, D] may lie on disk.

    Subsets are drawn without replacement, of the fakes first, of at most `size` rows. Raises ValueError for fewer than two rows.
    """
    rows = min(len(real), len(fake), size)
    if rows < 2:
        raise ValueError("a kernel distance needs at least two pictures of each kind")
    for _ in range(subsets):
        x = fake[np.sort(random.choice(len(fake), rows, replace=False))]
        y = real[np.sort(random.choice(len(real), rows, replace=False))]
        yield discrepancy(torch.from_numpy(x).float(), torch.from_numpy(y).float())


def discrepancy(x: Tensor, y: Tensor) -> float:
    """Unbiased squared maximum mean discrepancy of two samples [m, D] of equal size."""
    rows = len(x)
    within = cubic(x, x) + cubic(y, y)
    unlike = (within.sum() - within.trace()) / (rows * (rows - 1))
    return float(unlike - 2 * cubic(x, y).mean())


def cubic(x: Tensor, y: Tensor) -> Tensor:
    """k(x, y) = (x · y / D + 1)³ of all pairs, float64 [N, M] of sums in float32."""
    return (x @ y.t() / x.shape[1] + 1).double() ** 3
