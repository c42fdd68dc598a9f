"""Two pictures in one place: side by side, one behind a curtain that the hand pulls, or in turn."""

from PyQt6.QtCore import QEvent, QPointF, QRectF, Qt
from PyQt6.QtGui import QHideEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PyQt6.QtWidgets import QWidget

from explorer import theme
from explorer.timers import every
from explorer.words import tr

SIDE, WIPE, BLINK = "Side by side", "Wipe", "Blink"
WAYS = {
    SIDE: "Both at once",
    WIPE: "Pull the curtain with the mouse or the arrow keys",
    BLINK: "In turn; Space changes",
}
BEAT = 700  # milliseconds that each is seen
STEP = 0.05
GAP = 8.0


class TwoPictures(QWidget):
    """Both fill the same area, whatever their sizes, so that their parts lie over one another."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setMinimumSize(320, 240)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Two pictures"))
        self.images: tuple[QImage, QImage] | None = None
        self.names = ("", "")
        self.way = SIDE
        self.share = 0.5
        """Where the curtain is: left of it the first picture is seen."""
        self.second = False
        """Which one is seen while they blink."""
        self._beat = every(self, BEAT, self.turn)

    def show_images(self, first: QImage, second: QImage, names: tuple[str, str]) -> None:
        self.images, self.names = (first, second), names
        self.update()

    def go(self, way: str) -> None:
        """One of WAYS."""
        self.way = way
        self.second = False
        self._run()
        self.update()

    def turn(self) -> None:
        """The other one, while they blink."""
        self.second = not self.second
        self.update()

    def _run(self) -> None:
        if self.way == BLINK and self.isVisible():
            self._beat.start()
        else:
            self._beat.stop()

    def pull(self, share: float) -> None:
        """The curtain to a place between 0, the left edge, and 1."""
        self.share = min(max(share, 0.0), 1.0)
        self.update()

    # the hand

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self.way == WIPE and event.buttons() & Qt.MouseButton.LeftButton:
            area = self._area(0, 1)
            self.pull((event.position().x() - area.left()) / max(area.width(), 1.0))

    def event(self, event: QEvent | None) -> bool:
        """Space is its own here."""
        mine = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space and self.way == BLINK
        if mine and event is not None and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        steps = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}
        if event.key() == Qt.Key.Key_Space and self.way == BLINK:
            self._beat.stop()  # from now on by hand
            self.turn()
        elif event.key() in steps and self.way == WIPE:
            self.pull(self.share + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self._beat.stop()
        super().hideEvent(event)

    # the look

    def _area(self, at: int, of: int) -> QRectF:
        """The largest place in the shape of the first picture, in the `at`-th of `of` columns."""
        width = (self.width() - GAP * (of - 1)) / of
        height = self.height() - 24.0
        shape = self.images[0].width() / self.images[0].height() if self.images is not None else 1.0
        size = QRectF(0, 0, min(width, height * shape), min(height, width / shape))
        size.moveCenter(QPointF(at * (width + GAP) + width / 2, height / 2))
        return size

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self.images is None:
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        if self.way == SIDE:
            for at, (image, name) in enumerate(zip(self.images, self.names, strict=True)):
                self._draw(painter, self._area(at, 2), image, name)
        elif self.way == BLINK:
            self._draw(painter, self._area(0, 1), self.images[self.second], self.names[self.second])
        else:
            self._wipe(painter)

    def _wipe(self, painter: QPainter) -> None:
        assert self.images is not None
        area = self._area(0, 1)
        self._draw(painter, area, self.images[1], "")
        edge = area.left() + self.share * area.width()
        painter.save()
        painter.setClipRect(QRectF(area.left(), area.top(), edge - area.left(), area.height()))
        painter.drawImage(area, self.images[0])
        painter.restore()
        painter.setPen(QPen(theme.colour("a"), 2))
        painter.drawLine(QPointF(edge, area.top()), QPointF(edge, area.bottom()))
        self._name(painter, QRectF(area.left(), area.bottom(), area.width() / 2, 24), self.names[0], False)
        self._name(painter, QRectF(area.center().x(), area.bottom(), area.width() / 2, 24), self.names[1], True)

    def _draw(self, painter: QPainter, area: QRectF, image: QImage, name: str) -> None:
        painter.drawImage(area, image)
        self._name(painter, QRectF(area.left(), area.bottom(), area.width(), 24), name, False)

    def _name(self, painter: QPainter, place: QRectF, name: str, right: bool) -> None:
        painter.setPen(theme.colour("secondary"))
        painter.setFont(theme.font(theme.SMALL))
        text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, int(place.width()))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, text)
