"""The order of pictures depends on seed and position alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.batches import Order, take

seeds = st.integers(-(2**40), 2**70)
counts = st.integers(1, 40)
positions = st.integers(0, 200)
sizes = st.integers(1, 60)


@given(seeds, counts, st.integers(0, 5))
def test_an_epoch_shows_every_picture_once(seed: int, count: int, epoch: int) -> None:
    batch = Order(seed, count).batch(epoch * count, count)
    assert sorted(batch.indices) == list(range(count))
    assert not batch.mirrored.any()


@given(seeds, counts, positions, sizes, sizes)
def test_any_cut_into_batches_gives_the_same_order(seed: int, count: int, position: int, one: int, two: int) -> None:
    order = Order(seed, count, mirror=True)
    whole, first, second = (
        order.batch(position, one + two),
        order.batch(position, one),
        order.batch(position + one, two),
    )
    assert np.array_equal(whole.indices, np.concatenate([first.indices, second.indices]))
    assert np.array_equal(whole.mirrored, np.concatenate([first.mirrored, second.mirrored]))


@given(seeds, counts, positions, sizes, st.integers(1, 5))
def test_a_part_is_what_stands_at_its_places(seed: int, count: int, position: int, size: int, every: int) -> None:
    whole = Order(seed, count, mirror=True).batch(position, size)
    part = whole.part(np.arange(0, size, every))
    assert np.array_equal(part.indices, whole.indices[::every])
    assert np.array_equal(part.mirrored, whole.mirrored[::every])


def test_epochs_and_seeds_differ_and_stay() -> None:
    order = Order(7, 1000, mirror=True)
    first, second = order.batch(0, 1000), order.batch(1000, 1000)
    assert not np.array_equal(first.indices, second.indices)
    assert not np.array_equal(first.indices, Order(8, 1000).batch(0, 1000).indices)
    assert 400 < first.mirrored.sum() < 600
    assert not np.array_equal(first.mirrored, second.mirrored)
    assert Order(7, 10).batch(0, 10).indices.tolist() == EXPECTED, "runs must resume under every numpy"


EXPECTED = [6, 3, 4, 9, 0, 2, 8, 7, 5, 1]


def test_take_mirrors_what_is_flagged() -> None:
    pixels = np.arange(2 * 3 * 2 * 2, dtype=np.uint8).reshape(2, 3, 2, 2)
    batch = Order(1, 2, mirror=True).batch(0, 16)
    taken = take(pixels, batch)
    for picture, index, mirrored in zip(taken, batch.indices, batch.mirrored, strict=True):
        assert np.array_equal(picture, pixels[index][..., ::-1] if mirrored else pixels[index])
    assert not np.shares_memory(taken, pixels)


def test_impossible_orders() -> None:
    with pytest.raises(ValueError, match="needs"):
        Order(0, 0)


@pytest.mark.parametrize(("position", "size"), [(-1, 4), (0, 0)])
def test_impossible_batches(position: int, size: int) -> None:
    with pytest.raises(ValueError, match="batch"):
        Order(0, 5).batch(position, size)
