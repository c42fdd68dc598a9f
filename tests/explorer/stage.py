"""A store and a bridge with a tiny model that is open, for tests of single widgets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from engine.recipe import Recipe
from engine.render.frame import Failure
from explorer.bridge import Bridge
from explorer.store import Store
from explorer.widgets.equalizer import Equalizer

LEFT = Qt.MouseButton.LeftButton


@dataclass
class Stage:
    store: Store
    bridge: Bridge
    errors: list[Exception]

    @property
    def steps(self) -> int:
        """How many steps of undo there are."""
        return len(self.store.history.entries) - 1


@contextmanager
def staged(qtbot: QtBot, path: Path) -> Iterator[Stage]:
    """A stage on which the model of a file is open; its thread ends with it."""
    store = Store()
    bridge = Bridge(store)
    stage = Stage(store, bridge, [])
    try:
        with qtbot.waitSignal(bridge.opened, timeout=20_000) as opened:
            bridge.open_model(path)
            bridge.start(Recipe())
        with qtbot.waitSignal(bridge.model_changed, timeout=20_000):
            store.show(Recipe(model=opened.args[0].model))
        store.history = type(store.history)(store.recipe)
        bridge.failed.connect(lambda failure: stage.errors.append(_error(failure)))
        yield stage
    finally:
        bridge.close()


def _error(failure: Failure) -> Exception:
    return failure.error


def place(equalizer: Equalizer, row: int, unit: float) -> QPoint:
    """The pixel of a column's height between 0 and 1."""
    plan = equalizer.geometry_now
    return QPointF(plan.columns[row].center().x(), plan.height_of(unit)).toPoint()


def drag(widget: QWidget, *points: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Presses at the first point, moves over the others, and lets go at the last."""
    QTest.mousePress(widget, LEFT, keys, points[0])
    for point in points[1:]:
        move(widget, point, keys)
    QTest.mouseRelease(widget, LEFT, keys, points[-1])


def move(widget: QWidget, point: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A move of the mouse with the left button held."""
    from PyQt6.QtCore import QEvent
    from PyQt6.QtGui import QMouseEvent

    where = QPointF(point)
    there = QPointF(widget.mapToGlobal(point))
    event = QMouseEvent(QEvent.Type.MouseMove, where, there, Qt.MouseButton.NoButton, LEFT, keys)
    QApplication.sendEvent(widget, event)


def wheel(widget: QWidget, point: QPoint, notches: int, keys: Any = Qt.KeyboardModifier.NoModifier) -> bool:
    """Turns the wheel over a point; whether the widget took it."""
    there = QPointF(widget.mapToGlobal(point))
    turn = QPoint(0, 120 * notches)
    event = QWheelEvent(
        QPointF(point), there, QPoint(), turn, Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False
    )
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()
