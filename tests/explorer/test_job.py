"""One runner for any generator: steps, the value, the error, and an end in the middle."""

import threading
import time
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
from PyQt6 import sip
from pytestqt.qtbot import QtBot

from explorer.job import Job


def count(to: int, closed: list[str], pause: float = 0.0) -> Iterator[Any]:
    try:
        for number in range(to):
            time.sleep(pause)
            yield number
        return "done"
    finally:
        closed.append("closed")


def test_steps_and_the_value_arrive(qtbot: QtBot) -> None:
    steps: list[int] = []
    job = Job(count(5, [], 0.01))  # type: ignore[arg-type]
    job.stepped.connect(steps.append)
    with qtbot.waitSignal(job.finished, timeout=5000) as told:
        job.start()
    assert told.args == ["done"]
    assert steps[-1] == 4
    job.wait()
    assert not job.running()


def test_a_slow_window_gets_the_newest_step_only(qtbot: QtBot) -> None:
    steps: list[int] = []
    job = Job(count(1000, []))  # type: ignore[arg-type]
    job.stepped.connect(steps.append)
    job.start()
    job.wait(5)
    qtbot.waitUntil(lambda: bool(steps), timeout=5000)
    assert steps == [999]


def test_cancelling_closes_the_generator(qtbot: QtBot) -> None:
    closed: list[str] = []
    job = Job(count(10_000, closed, 0.002))  # type: ignore[arg-type]
    with qtbot.waitSignal(job.cancelled, timeout=5000):
        job.start()
        qtbot.waitSignal(job.stepped, timeout=5000).wait()
        job.cancel()
    assert closed == ["closed"]


def test_an_error_is_told(qtbot: QtBot) -> None:
    def breaks() -> Iterator[int]:
        yield 1
        raise OSError("the disk is full")

    job = Job(breaks())  # type: ignore[arg-type]
    with qtbot.waitSignal(job.failed, timeout=5000) as told:
        job.start()
    assert "full" in str(told.args[0])


@pytest.mark.parametrize("end", ["done", "cancelled", "broken"])
def test_a_job_whose_object_is_gone_ends_quietly(qtbot: QtBot, end: str) -> None:
    closed: list[str] = []
    go_on = Event()

    def work() -> Iterator[int]:
        try:
            yield 1
            go_on.wait(5)
            yield 2
            if end == "broken":
                raise OSError("the disk is full")
        finally:
            closed.append("closed")

    raised: list[object] = []
    before, threading.excepthook = threading.excepthook, raised.append
    try:
        job = Job(work())  # type: ignore[arg-type]
        thread = job._thread
        job.start()
        if end == "cancelled":
            job.cancel()
        sip.delete(job)
        go_on.set()
        thread.join(5)
    finally:
        threading.excepthook = before
    assert not thread.is_alive()
    assert closed == ["closed"]
    assert raised == []
