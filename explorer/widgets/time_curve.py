"""One field of the recipe along the time: its curve between the keys, and a point on each key that can be dragged."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from msgspec.structs import replace
from PyQt6.QtCore import QPointF, QSize, Qt
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from engine.recipe import Recipe, get, knob, put
from engine.recipe.timeline import Timeline
from engine.recipe.timeline_edits import change_keys
from explorer import theme
from explorer.timelines import TimelineDesk

from .time_scale import TimeScale

FIELDS = ("truncation.psi", "noise.strength", "transform.x", "transform.y", "transform.angle")
LAYERS = (("strength", "Style strength"), ("truncation.layers", "Truncation"), ("noise.layers", "Noise"))
SAMPLES = 240
NEAR = 10  # pixels
EDGE = 0.08  # of the range, left free above and below


def fields(layers: int) -> list[tuple[str, str]]:
    """Every field that has a curve, with its words."""
    found = [(path, knob(Recipe, path).title) for path in FIELDS]
    for path, words in LAYERS:
        found += [(f"{path}.{layer}", f"{words}, layer {layer}") for layer in range(layers)]
    return found


def values(timeline: Timeline, path: str, moments: Sequence[float]) -> list[float]:
    """The field at these moments."""
    return [float(get(timeline.at(moment), path)) for moment in moments]


class TimeCurve(QWidget):
    """Lies below the axis and has its scale."""

    def __init__(self, desk: TimelineDesk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self.field = QComboBox()
        self.field.setAccessibleName("Field whose curve is shown")
        self.show_layers(0)
        self.field.currentIndexChanged.connect(self.redraw)
        self.plot = _Plot(self)
        head = QHBoxLayout()
        head.addWidget(self.field)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.plot, 1)
        desk.changed.connect(self.redraw)
        desk.moved.connect(self.plot.show_time)

    @property
    def path(self) -> str:
        return str(self.field.currentData())

    def show_layers(self, count: int) -> None:
        """The fields of a model with so many layers."""
        present = self.field.currentData()
        self.field.blockSignals(True)
        self.field.clear()
        for path, words in fields(count):
            self.field.addItem(words, path)
        self.field.setCurrentIndex(max(self.field.findData(present), 0))
        self.field.blockSignals(False)

    def follow(self, scale: TimeScale) -> None:
        """Has the axis' scale from now on."""
        self.plot.setXRange(scale.seconds(0), scale.seconds(max(self.plot.width(), 1)), padding=0)
        self.redraw()

    def redraw(self) -> None:
        if self.isVisible():
            self.plot.draw(self._desk.timeline, self.path)

    def set_key(self, index: int, value: float) -> None:
        """The field of one key, within its range."""
        said = knob(Recipe, self.path)
        low, high = (said.low if said.low is not None else value), (said.high if said.high is not None else value)
        value = round(min(max(value, low), high), 3)
        change = lambda key: replace(key, recipe=put(key.recipe, self.path, value))  # noqa: E731
        self._desk.show(change_keys(self._desk.timeline, {index}, change))

    def end(self) -> None:
        self._desk.keep(f"{self.field.currentText()} in a key")


class _Plot(pg.PlotWidget):
    """pyqtgraph draws the curve; the points are dragged straight up and down."""

    def __init__(self, curve: TimeCurve):
        super().__init__(background=None)
        self._curve = curve
        self._held: int | None = None
        self.setMouseEnabled(False, False)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.hideAxis("left")
        self.hideAxis("bottom")
        self.plotItem.setContentsMargins(0, 0, 0, 0)
        self.plotItem.layout.setContentsMargins(0, 0, 0, 0)
        self.line = self.plot(antialias=True)
        self.points = pg.ScatterPlotItem(size=10)
        self.addItem(self.points)
        self.head = pg.InfiniteLine(angle=90)
        self.addItem(self.head)
        self.setMinimumHeight(56)
        self.setToolTip("Drag a point up or down to change the key's value")

    def sizeHint(self) -> QSize:
        return QSize(400, 80)

    def draw(self, timeline: Timeline, path: str) -> None:
        accent = theme.colour("a")
        self.line.setPen(pg.mkPen(theme.colour("secondary"), width=1.5))
        self.points.setBrush(pg.mkBrush(accent))
        self.points.setPen(pg.mkPen(theme.colour("panel")))
        self.head.setPen(pg.mkPen(accent))
        if not timeline.keys:
            self.line.setData([], [])
            self.points.setData([], [])
            return
        moments = np.linspace(0.0, max(timeline.length, 1e-3), SAMPLES)
        along = values(timeline, path, moments.tolist())
        here = [float(get(key.recipe, path)) for key in timeline.keys]
        self.line.setData(moments, along)
        self.points.setData([key.at for key in timeline.keys], here)
        if self._held is None:
            low, high = self._range(path, [*along, *here])
            self.setYRange(low, high, padding=EDGE)

    def show_time(self, seconds: float) -> None:
        self.head.setValue(seconds)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        keys = self._curve._desk.timeline.keys
        spots = [self._spot(key.at, float(get(key.recipe, self._curve.path))) for key in keys]
        distances = [(spot - event.position()).manhattanLength() for spot in spots]
        near = min(range(len(spots)), key=distances.__getitem__, default=None)
        self._held = near if near is not None and distances[near] <= NEAR else None
        if self._held is not None:
            self._curve._desk.choose({self._held})

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self._held is not None:
            view = self.plotItem.vb.mapSceneToView(self.mapToScene(event.position().toPoint()))
            self._curve.set_key(self._held, view.y())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if self._held is not None:
            self._held = None
            self._curve.end()
            self._curve.redraw()

    def _spot(self, seconds: float, value: float) -> QPointF:
        scene = self.plotItem.vb.mapViewToScene(QPointF(seconds, value))
        return QPointF(self.mapFromScene(scene))

    def _range(self, path: str, seen: list[float]) -> tuple[float, float]:
        """What is seen and some room beyond it, within what the field may be."""
        said = knob(Recipe, path)
        room = max(max(seen) - min(seen), 0.5)
        low, high = min(seen) - room / 2, max(seen) + room / 2
        return (low if said.low is None else max(low, said.low)), (high if said.high is None else min(high, said.high))
