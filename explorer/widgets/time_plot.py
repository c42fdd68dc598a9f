"""The plot of a field along the time, with a point on each key."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QSize, Qt
from PyQt6.QtGui import QMouseEvent

from engine.recipe import Recipe, get, knob
from engine.recipe.timeline import Timeline
from explorer import theme
from explorer.figures import figure
from explorer.words import tr

if TYPE_CHECKING:
    from .time_curve import TimeCurve

SAMPLES = 240
NEAR = 10  # pixels
READABLE = 24  # keys whose numbers are written beside them
EDGE = 0.08  # of the range, left free above and below


def values(timeline: Timeline, path: str, moments: Sequence[float]) -> list[float]:
    """The field at these moments."""
    return [float(get(timeline.at(moment), path)) for moment in moments]


class TimePlot(pg.PlotWidget):
    """pyqtgraph draws the curve; the points are dragged straight up and down."""

    def __init__(self, curve: "TimeCurve"):
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
        self.said: list[pg.TextItem] = []
        self.head = pg.InfiniteLine(angle=90)
        self.addItem(self.head)
        self.setMinimumHeight(56)
        self.setToolTip(tr("Drag a point up or down to change the key's value"))

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
            self._say([], [])
            return
        moments = np.linspace(0.0, max(timeline.length, 1e-3), SAMPLES)
        along = values(timeline, path, moments.tolist())
        here = [float(get(key.recipe, path)) for key in timeline.keys]
        self.line.setData(moments, along)
        self.points.setData([key.at for key in timeline.keys], here)
        if self._held is None:
            low, high = self._range(path, [*along, *here])
            self.setYRange(low, high, padding=EDGE)
        self._say([key.at for key in timeline.keys], here)

    def _say(self, moments: Sequence[float], here: Sequence[float]) -> None:
        """The numbers beside the points, as long as they are few enough to be read."""
        for item in self.said:
            self.removeItem(item)
        self.said = []
        low, high = self.plotItem.vb.viewRange()[1]
        for at, value in zip(moments, here, strict=True) if len(here) <= READABLE else ():
            above = value < (low + high) / 2  # where there is room
            words, anchor = figure(value), (-0.2, 1.0 if above else 0.0)
            item = pg.TextItem(words, color=theme.colour("secondary"), anchor=anchor)
            item.setFont(theme.font(11))
            item.setPos(at, value)
            self.addItem(item, ignoreBounds=True)
            self.said.append(item)

    def show_time(self, seconds: float) -> None:
        self.head.setValue(seconds)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        keys = self._curve.desk.timeline.keys
        spots = [self._spot(key.at, float(get(key.recipe, self._curve.path))) for key in keys]
        distances = [(spot - event.position()).manhattanLength() for spot in spots]
        near = min(range(len(spots)), key=distances.__getitem__, default=None)
        self._held = near if near is not None and distances[near] <= NEAR else None
        if self._held is not None:
            self._curve.desk.choose({self._held})

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
