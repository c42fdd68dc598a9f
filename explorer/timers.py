"""The two kinds of clocks the window needs: one that waits for a rest, and one that beats."""

from collections.abc import Callable

from PyQt6.QtCore import QObject, Qt, QTimer


def after_rest(parent: QObject, milliseconds: int, do: Callable[[], object]) -> QTimer:
    """A timer that fires once, so long after its last `start()`."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(do)
    return timer


def every(parent: QObject, milliseconds: int, do: Callable[[], object]) -> QTimer:
    """A timer that fires again and again while it runs."""
    timer = QTimer(parent)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(milliseconds)
    timer.timeout.connect(do)
    return timer
