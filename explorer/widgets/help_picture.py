"""Three thumbnails side by side with a word under each; they follow the picture once the hand has come to rest."""

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from engine.render.info import ModelInfo
from explorer import help_pictures, theme
from explorer.bridge import Bridge
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .picture import paint_rounded

MOST, GAP, WORDS = 64.0, 8.0, 18.0


class HelpPicture(QWidget):
    """Drawn at idle priority and kept, as all small pictures are; hidden for a topic without pictures."""

    def __init__(self, store: Store, bridge: Bridge, thumbnails: Thumbnails):
        super().__init__()
        self._store, self._bridge, self._thumbnails = store, bridge, thumbnails
        self._name = ""
        self.shown: help_pictures.Shown = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        thumbnails.arrived.connect(self.update)
        thumbnails.rested.connect(self._renew)
        bridge.model_changed.connect(self._introduce)
        self.hide()

    @property
    def shows(self) -> bool:
        """Whether there is anything to see."""
        return bool(self.shown)

    def show_topic(self, name: str) -> None:
        """One of help_pictures.SHOWS, or "" for none."""
        self._name = name
        self._draw()

    def sizeHint(self) -> QSize:
        return QSize(200, round(self._side() + WORDS))

    def _introduce(self, info: ModelInfo) -> None:
        self._draw()

    def _renew(self) -> None:
        if self.isVisible():
            self._draw()

    def _draw(self) -> None:
        self.shown = help_pictures.three(self._name, self._store.recipe, self._bridge.model)
        self.setAccessibleName(tr("Small pictures:") + " " + ", ".join(tr(word) for word, _ in self.shown))
        self.setVisible(self.shows)
        self.updateGeometry()
        self.update()

    def _side(self) -> float:
        return max(min((self.width() - 2 * GAP) / 3, MOST), 40.0)

    def resizeEvent(self, event: object) -> None:
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._side()
        for at, (word, recipe) in enumerate(self.shown):
            box = QRectF(at * (side + GAP), 0, side, side)
            paint_rounded(painter, box, self._thumbnails.get(recipe), 1.0)
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(theme.colour("secondary"))
            under = QRectF(box.left() - GAP / 2, box.bottom(), side + GAP, WORDS)
            painter.drawText(under, Qt.AlignmentFlag.AlignCenter, tr(word))
