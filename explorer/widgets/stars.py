"""A rating of 0 to 5 stars: clicked, dragged over, or set with the arrow keys and the numbers."""

import math
from functools import cache

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QWidget

from explorer import theme
from explorer.words import tr

MOST = 5
NUMBERS = {Qt.Key.Key_0 + number: number for number in range(MOST + 1)}


class Stars(QWidget):
    """A click on the last star that is lit takes the rating away."""

    rated = pyqtSignal(int)  # by hand

    def __init__(self, name: str, tip: str, side: int = 16, parent: QWidget | None = None):
        super().__init__(parent)
        self.rating = 0
        self._side = side
        self._hovered = 0
        self.setAccessibleName(tr(name))
        self.setToolTip(tr(tip))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(MOST * (self._side + 2) + 4, self._side + 6)

    def show_rating(self, rating: int) -> None:
        """From outside."""
        self.rating = rating
        self.setAccessibleDescription(tr("{rating} of {most} stars", rating=rating, most=MOST))
        self.update()

    def star_at(self, x: float) -> int:
        """1 to 5."""
        return min(max(int((x - 2) // (self._side + 2)) + 1, 1), MOST)

    def _rate(self, rating: int) -> None:
        if rating != self.rating:
            self.show_rating(rating)
            self.rated.emit(rating)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            star = self.star_at(event.position().x())
            self._rate(0 if star == self.rating else star)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self._hovered = self.star_at(event.position().x())
            if event.buttons() & Qt.MouseButton.LeftButton:
                self._rate(self._hovered if event.position().x() > 0 else 0)
            self.update()

    def leaveEvent(self, event: object) -> None:
        self._hovered = 0
        self.update()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1}
        if event.key() in steps:
            self._rate(min(max(self.rating + steps[Qt.Key(event.key())], 0), MOST))
        elif event.key() in NUMBERS:
            self._rate(NUMBERS[event.key()])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        for number in range(1, MOST + 1):
            box = QRectF(2 + (number - 1) * (self._side + 2), 3, self._side, self._side)
            lit, near = number <= self.rating, number <= self._hovered
            paint_star(painter, box, "a" if lit else "secondary" if near else "faint", lit)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)


def paint_star(painter: QPainter, box: QRectF, colour: str, filled: bool) -> None:
    """A star of five rays."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour(colour), 1.2))
    painter.setBrush(theme.colour(colour) if filled else Qt.BrushStyle.NoBrush)
    painter.drawPath(_shape(box.width(), 1).translated(box.topLeft()))
    painter.restore()


def paint_stars(painter: QPainter, corner: QPointF, side: int, count: int) -> None:
    """So many small stars in a row, all lit."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(_shape(float(side), count).translated(corner), theme.colour("a"))
    painter.restore()


@cache
def _shape(side: float, count: int) -> QPainterPath:
    """The outline of stars in a row, each in a square."""
    found, far = QPainterPath(), side / 2
    ways = [(math.radians(-90 + 36 * at), far if at % 2 == 0 else far * 0.46) for at in range(10)]
    for number in range(count):
        centre = QPointF(far + number * (side + 1), far * 1.08)
        found.addPolygon(QPolygonF([centre + QPointF(math.cos(way), math.sin(way)) * length for way, length in ways]))
        found.closeSubpath()
    return found
