"""Weights of frozen networks are read once for all trainings of these tests, of which each begins by reading them."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from engine.feature_networks import published


@pytest.fixture(autouse=True, scope="session")
def _weights_are_read_once() -> Iterator[None]:
    known = lru_cache(2)(lambda path, changed: published_read(path))
    published_read = published.read

    def read(path: Path) -> object:
        return known(path, path.stat().st_mtime_ns)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published, "read", read)
        yield
