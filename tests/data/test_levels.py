"""The picture pyramid averages without rounding in between."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data import levels as levels_module
from engine.data.levels import levels


def test_means_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(levels_module, "CHUNK", 2)
    pixels = np.random.default_rng(0).integers(0, 256, (5, 3, 32, 32), np.uint8)
    for resolution in (4, 8, 16):
        factor = 32 // resolution
        exact = pixels.reshape(5, 3, resolution, factor, resolution, factor).astype(np.float64).mean((3, 5))
        assert np.array_equal(levels(pixels, resolution), np.rint(exact).astype(np.uint8))
    assert np.array_equal(levels(pixels, 32), pixels)


def test_no_rounding_in_between() -> None:
    block = np.array([[0, 1, 0, 1], [0, 1, 0, 1], [1, 1, 1, 1], [1, 0, 1, 1]], np.uint8)
    assert levels(block[None, None], 1).item() == 1


@pytest.mark.parametrize("resolution", [3, 12, 64])
def test_only_halvings(resolution: int) -> None:
    with pytest.raises(ValueError, match="halved"):
        levels(np.zeros((1, 3, 36, 36), np.uint8), resolution)
