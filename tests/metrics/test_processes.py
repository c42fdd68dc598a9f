"""Figures do not depend on how many processes measure them, with the real network in each of them."""

from collections.abc import Callable
from functools import partialmethod
from pathlib import Path

import pytest

from engine.feature_networks import FILES
from engine.metrics.bench import Bench
from engine.metrics.registry import Result

Judging = Callable[..., list[Result]]
pytestmark = pytest.mark.slow


def test_planes(judge: Judging) -> None:
    alone, together = (judge("eqr_12", "stylegan3", processes=count) for count in (1, 2))
    assert alone[0].values == together[0].values


def test_features(judge: Judging, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each of the second run's processes reads the published weights of EfficientNet-lite0 by itself."""
    if FILES["lite0"].here() is None:
        pytest.skip("the extra `features` is not installed")
    monkeypatch.setattr(Bench, "pieces", partialmethod(Bench.pieces, size=6))
    one, other = (judge("fd_lite0_12", weights=None, processes=n, cache=tmp_path / str(n)) for n in (1, 2))
    assert one[0].values == other[0].values
