"""The models at hand as small pictures: a click changes to one, and the one that is open is framed."""

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton, QGridLayout, QWidget

from engine.recipe import Model
from explorer import theme
from explorer.embedded import Embedded
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .picture import RADIUS, paint_rounded

ACROSS = 4
SIDE, WORDS = 48, 16


class Tile(QAbstractButton):
    """One model: its picture and its name."""

    def __init__(self, known: Embedded, thumbnails: Thumbnails):
        super().__init__()
        self.known, self._thumbnails = known, thumbnails
        self.setCheckable(True)
        self.setText(known.model.name)
        self.setAccessibleName(tr("Model {name}", name=known.model.name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(SIDE + WORDS)
        self.setMinimumWidth(SIDE)
        thumbnails.arrived.connect(self.update)
        thumbnails.rested.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE + WORDS)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF((self.width() - SIDE) / 2 + 1, 1, SIDE - 2, SIDE - 2)
        paint_rounded(painter, frame, self._thumbnails.get(self.known.sample))
        if self.isChecked() or self.hasFocus() or self.underMouse():
            painter.setPen(QPen(theme.colour("a" if self.isChecked() else "focus" if self.hasFocus() else "line"), 2))
            painter.drawRoundedRect(frame, RADIUS, RADIUS)
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("text" if self.isChecked() else "secondary"))
        name = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(QRectF(0, SIDE, self.width(), WORDS), Qt.AlignmentFlag.AlignCenter, name)


class ModelTiles(QWidget):
    """Only there when there is something to choose."""

    chosen = pyqtSignal(object)  # Model

    def __init__(self, thumbnails: Thumbnails, say: Callable[[Embedded], str], parent: QWidget | None = None):
        super().__init__(parent)
        self._thumbnails, self._say = thumbnails, say
        self.tiles: list[Tile] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 4, 0, 0)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(4)
        self.hide()

    def offer(self, known: Sequence[Embedded]) -> None:
        """These, in this order."""
        for tile in self.tiles:
            tile.deleteLater()
        self.tiles = [Tile(one, self._thumbnails) for one in known]
        for at, tile in enumerate(self.tiles):
            tile.setToolTip(self._say(tile.known))
            tile.clicked.connect(lambda _=False, tile=tile: self._clicked(tile))
            self._grid.addWidget(tile, at // ACROSS, at % ACROSS)
        self.setVisible(len(known) > 1)

    def show_open(self, model: Model) -> None:
        for tile in self.tiles:
            tile.setChecked(tile.known.model.identity == model.identity)

    def _clicked(self, tile: Tile) -> None:
        tile.setChecked(not tile.isChecked())  # it is framed when it is open, not before
        self.chosen.emit(tile.known.model)
