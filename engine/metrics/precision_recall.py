"""Improved precision and recall: whether pictures of one kind lie among those of the other (Kynkäänniemi et al. 2019).

A cloud of features is taken as the union of balls, each around a picture and just large enough to hold its nearest neighbours.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

NEIGHBOURS = 3
BLOCK = 10_000  # rows of which all distances are in memory at once


class PrecisionRecall(NamedTuple):
    """How much of what is generated looks real, and how much of what is real can be generated; both from 0 to 1."""

    precision: float
    recall: float


def distances(rows: Tensor, columns: Tensor) -> Tensor:
    """Euclidean, [N, M], computed in float16 as the paper's later code does, so that the same pictures fall inside."""
    return torch.cdist(rows.half()[None], columns.half()[None], compute_mode="use_mm_for_euclid_dist")[0]


def radii(
    features: np.ndarray, neighbours: int = NEIGHBOURS, block: int = BLOCK, device: str = "cpu"
) -> Iterator[Tensor]:
    """For each row [N, D] the distance to its `neighbours`-th nearest other row, in pieces of up to `block`, float16."""
    if len(features) <= neighbours:
        raise ValueError(f"precision and recall need more than {neighbours} pictures of each kind")
    for rows in blocks(features, block, device):
        best = rows.new_full((len(rows), 0), 0.0)
        for columns in blocks(features, block, device):
            near = torch.cat([best, distances(rows, columns).float()], 1)
            best = near.topk(min(neighbours + 1, near.shape[1]), largest=False).values  # one of them is itself
        yield best[:, -1].half()


def inside(
    probes: np.ndarray, cloud: np.ndarray, radius: Tensor, block: int = BLOCK, device: str = "cpu"
) -> Iterator[Tensor]:
    """For each probe [M, D] whether it lies in any ball around a row of the cloud [N, D]; bool, in pieces of up to `block`."""
    for rows in blocks(probes, block, device):
        found = torch.zeros(len(rows), dtype=torch.bool, device=device)
        for columns, reach in zip(blocks(cloud, block, device), radius.split(block), strict=True):
            found |= (distances(rows, columns) <= reach).any(1)
        yield found


def precision_recall(
    real: np.ndarray, fake: np.ndarray, neighbours: int = NEIGHBOURS, block: int = BLOCK, device: str = "cpu"
) -> Iterator[float | PrecisionRecall]:
    """Yields how much of the work is done, from 0 to 1, and as its last the result. Features [N, D] may lie on disk.

    Raises ValueError where there are too few rows.
    """
    shares, steps = [], 2 * (-(-len(real) // block) + -(-len(fake) // block))
    done = 0
    for cloud, probes in ((real, fake), (fake, real)):
        reach: list[Tensor] = []
        for piece in radii(cloud, neighbours, block, device):
            reach.append(piece)
            done += 1
            yield done / steps
        hits = 0
        for found in inside(probes, cloud, torch.cat(reach), block, device):
            hits += int(found.sum())
            done += 1
            yield done / steps
        shares.append(hits / len(probes))
    yield PrecisionRecall(*shares)


def blocks(features: np.ndarray, size: int, device: str) -> Iterator[Tensor]:
    """The rows in pieces, each copied into the memory of the device."""
    for start in range(0, len(features), size):
        yield torch.from_numpy(np.array(features[start : start + size])).to(device)
