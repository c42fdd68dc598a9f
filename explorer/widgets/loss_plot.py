"""The two losses of a training over the pictures it has seen, smoothed so that the way they go can be read."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as graph
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from explorer import theme
from explorer.figures import said
from explorer.words import tr

POINTS = 600  # more cannot be told apart in a small plot
NAMES = ("generator", "discriminator")


def averaged(values: Sequence[float], points: int = POINTS) -> np.ndarray:
    """Means over equal stretches, at most `points` of them; what is no number is left out of them."""
    array = np.asarray(values, dtype=np.float64)
    if len(array) <= points:
        return array
    edges = np.linspace(0, len(array), points + 1).astype(int)
    good = np.isfinite(array)
    sums = np.add.reduceat(np.where(good, array, 0.0), edges[:-1])
    counts = np.add.reduceat(good.astype(np.float64), edges[:-1])
    return np.divide(sums, counts, out=np.full(points, np.nan), where=counts > 0)


class Axis(graph.AxisItem):
    """An axis whose numbers are written as in the language in use."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [said(text) for text in super().tickStrings(values, scale, spacing)]


class LossPlot(QWidget):
    """Generator in amber, discriminator in blue and dashed, so that they differ in more than colour."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.plot = graph.PlotWidget(background=None, axisItems={side: Axis(side) for side in ("left", "bottom")})
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setAccessibleName(tr("Loss curves of generator and discriminator"))
        self.plot.setLabel("bottom", tr("thousand pictures seen"))
        self.curves = [self.plot.plot() for _ in NAMES]
        self.words = QLabel()
        self._colour()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.words)
        column.addWidget(self.plot, 1)
        self.setToolTip(
            tr(
                "Loss: how hard it is for the generator to pass its pictures for real ones, and for the discriminator to "
                "tell them apart.\nBoth staying level is good; one of them running away is not."
            )
        )

    def sizeHint(self) -> QSize:
        return QSize(400, 150)

    def show_losses(self, images: Sequence[int], generator: Sequence[float], discriminator: Sequence[float]) -> None:
        """The whole course so far."""
        x = averaged(images) / 1000
        for curve, values in zip(self.curves, (generator, discriminator), strict=True):
            y = averaged(values)
            curve.setData(x, y, connect="finite")

    def _colour(self) -> None:
        pens = (
            graph.mkPen(theme.colour("a"), width=1.6),
            graph.mkPen(theme.colour("b"), width=1.6, style=Qt.PenStyle.DashLine),
        )
        for curve, pen in zip(self.curves, pens, strict=True):
            curve.setPen(pen)
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(graph.mkPen(theme.colour("line")))
            axis.setTextPen(graph.mkPen(theme.colour("secondary")))
            axis.setTickFont(theme.font(10))
            axis.label.setFont(theme.font(11))
        a, b = (theme.colour(name).name() for name in ("a", "b"))
        marks = (f'<b style="color:{a}">━━</b>', f'<b style="color:{b}">╍╍</b>')
        named = (f"{mark}&nbsp; {tr(name)}" for mark, name in zip(marks, NAMES, strict=True))
        self.words.setText(tr("Loss:&nbsp;") + " " + "&nbsp;&nbsp;&nbsp; ".join(named))
        self.words.setProperty("role", "secondary")
