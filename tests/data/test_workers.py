"""Work spread over processes keeps its order, stops when asked and tells when a process dies."""

from __future__ import annotations

import multiprocessing
import os

import pytest

from engine.data.workers import count_workers, spread


@pytest.mark.parametrize("processes", [1, 2])
def test_results_keep_their_order(processes: int) -> None:
    assert list(spread(abs, range(-40, 0), processes, chunk=3)) == list(range(40, 0, -1))
    assert not multiprocessing.active_children()


def test_closing_ends_the_processes() -> None:
    work = spread(abs, range(100), 2, chunk=1)
    next(iter(work))
    work.close()
    assert not multiprocessing.active_children()


def test_a_process_that_dies_is_reported() -> None:
    with pytest.raises(RuntimeError, match="ended at once"):
        list(spread(os._exit, [1, 1], 2, chunk=1))
    assert not multiprocessing.active_children()


def test_few_pieces_need_no_processes() -> None:
    assert count_workers(None, 5) == 1
    assert count_workers(4, 2) == 2
    assert count_workers(3, 0) == 1
    assert 1 <= count_workers(None, 10_000) <= (os.cpu_count() or 1)
