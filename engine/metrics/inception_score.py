"""Inception score: whether single pictures are clear and all together varied (Salimans et al. 2016)."""

import torch
from torch import Tensor

SPLITS = 10


class Score:
    """exp(E KL(p(y|x) ‖ p(y))) over `splits` parts of `count` pictures, from sums only, so that pictures can stream by."""

    def __init__(self, count: int, splits: int = SPLITS):
        if count < splits:
            raise ValueError(f"an Inception score of {splits} parts needs at least {splits} pictures")
        self.ends = [(part + 1) * count // splits for part in range(splits)]
        self._seen = 0
        self._mean = torch.zeros(splits, 0, dtype=torch.float64)  # sums of p, [splits, classes]
        self._clear = torch.zeros(splits, dtype=torch.float64)  # sums of Σ p log p

    def add(self, probabilities: Tensor) -> None:
        """[N, classes], in the order of the pictures."""
        rows = probabilities.detach().to("cpu", torch.float64)
        if not self._seen:
            self._mean = rows.new_zeros(len(self.ends), rows.shape[1])
        for row, clear in zip(rows, torch.xlogy(rows, rows).sum(1), strict=True):
            part = next(part for part, end in enumerate(self.ends) if self._seen < end)
            self._mean[part] += row
            self._clear[part] += clear
            self._seen += 1

    def result(self) -> tuple[float, float]:
        """Mean and (biased) standard deviation over the parts. Raises ValueError before all pictures were seen."""
        if self._seen != self.ends[-1]:
            raise ValueError(f"only {self._seen} of {self.ends[-1]} pictures were seen")
        sizes = torch.tensor([end - start for start, end in zip([0, *self.ends], self.ends, strict=False)]).double()
        mean = self._mean / sizes[:, None]
        scores = (self._clear / sizes - torch.xlogy(mean, mean).sum(1)).exp()
        return float(scores.mean()), float(scores.std(unbiased=False))
