"""One chart of a training over the pictures it has seen: some lines, averaged so that the way they go can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as graph
from PyQt6.QtCore import QEvent, QSize, Qt
from PyQt6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from explorer import theme

from .loss_plot import Axis, averaged

POINTS = 160  # what happens from step to step is noise
FEW = 12  # points are seen one by one, and a single one at all
MARKS = {False: "━━", True: "╍╍"}


@dataclass(frozen=True)
class Line:
    """A curve: its name, a colour of the palette, and its course; dashed, so that it differs in more than colour."""

    name: str
    colour: str
    images: Sequence[int]
    values: Sequence[float]
    dashed: bool = False


class Thousands(Axis):
    """An axis whose numbers say themselves that they are thousands."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        found: list[str] = super().tickStrings(values, scale, spacing)
        return [text if text == "0" else f"{text}k" for text in found]


class RunChart(QWidget):
    """A title with its lines' names, and the lines."""

    def __init__(self, title: str, tip: str, parent: QWidget | None = None):
        super().__init__(parent)
        self.title = self._said = title
        self.lines: list[Line] = []
        self.words = QLabel()
        self.words.setProperty("role", "secondary")
        self.words.setMinimumWidth(1)
        self.words.setWordWrap(True)  # several charts side by side leave little room for the names of their lines
        self.plot = graph.PlotWidget(background=None, axisItems={"bottom": Thousands("bottom"), "left": Axis("left")})
        self.plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # its own wish is what it was
        self.plot.setMinimumHeight(110)
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setAccessibleName(title)
        self._curves: list[graph.PlotDataItem] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.words)
        column.addWidget(self.plot, 1)
        self.setToolTip(tip)
        self._colour()

    def sizeHint(self) -> QSize:
        return QSize(220, 140)

    def show_lines(self, lines: Sequence[Line], title: str = "") -> None:
        """These from now on, perhaps under another title; a step that has no number for a line is left out of it."""
        self.lines, self._said = list(lines), title or self.title
        while len(self._curves) < len(lines):
            self._curves.append(self.plot.plot())
        for curve, line in zip(self._curves, lines, strict=False):
            x, y = course(line)
            curve.setData(x, y, connect="finite", symbol="o" if len(x) <= FEW else None)
        for curve in self._curves[len(lines) :]:
            curve.setData([], [])
        self._colour()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.StyleChange and hasattr(self, "_curves"):
            self._colour()

    def _colour(self) -> None:
        for curve, line in zip(self._curves, self.lines, strict=False):
            style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
            curve.setPen(graph.mkPen(theme.colour(line.colour), width=1.6, style=style))
            curve.setSymbolBrush(theme.colour(line.colour))
            curve.setSymbolPen(None)
            curve.setSymbolSize(5)
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(graph.mkPen(theme.colour("line")))
            axis.setTextPen(graph.mkPen(theme.colour("secondary")))
            axis.setTickFont(theme.font(10))
        named = [
            f'<b style="color:{theme.colour(line.colour).name()}">{MARKS[line.dashed]}</b>&nbsp;{line.name}'
            for line in self.lines
            if line.name
        ]
        self.words.setText("&nbsp;&nbsp; ".join([self._said, *named]))


def course(line: Line) -> tuple[np.ndarray, np.ndarray]:
    """Thousands of pictures, and the means of what is a number there."""
    values = np.asarray(line.values, np.float64)
    images = np.asarray(line.images, np.float64)[: len(values)] / 1000
    if len(values) and np.isnan(values).mean() > 0.5:  # only some steps have it
        there = ~np.isnan(values)
        values, images = values[there], images[there]
    return averaged(images.tolist(), POINTS), averaged(values.tolist(), POINTS)
