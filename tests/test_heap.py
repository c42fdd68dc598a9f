"""Freed memory is kept for the next picture where the C library can be asked to."""

import platform
import subprocess
import sys

import pytest

from engine import heap

FAULTS = """
import resource, sys
from threading import Thread
from engine import heap
if sys.argv[1] == "plain":
    heap.ask({heap.ARENAS: 0, heap.MAPPED: 65536, heap.FAST: 128, heap.TRIM: 2**26})
import torch

def work():
    torch.set_num_threads(1)
    for turn in range(15):
        if turn == 12:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        torch.ones(2**24)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)

thread = Thread(target=work)
thread.start()
thread.join()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="asks the C library of Linux")
def test_large_blocks_are_not_cleared_again() -> None:
    """Three blocks of 64 MiB in a thread: without it, every page of them is fetched from the system anew."""
    faults = {}
    for how in ("plain", "kept"):
        done = subprocess.run(
            [sys.executable, "-c", FAULTS, how], capture_output=True, text=True, timeout=120, check=True
        )
        faults[how] = int(done.stdout)
    assert faults["kept"] * 10 < faults["plain"]


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.libc_ver", lambda: ("", ""))
    assert heap.keep_memory() is False
