"""A map of the seed plane with a picture on every crossing; drag A over it."""

import math

import msgspec
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from engine.recipe import Latent, Recipe, conditions, plane
from explorer import theme
from explorer.desk import MixingDesk
from explorer.key_walk import KeyWalk
from explorer.mixing import b_latent
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.timers import every
from explorer.walk import Walk
from explorer.words import tr

from .ab_marks import draw_mark
from .picture import paint_rounded

START = 3  # pixels before a press becomes a drag
GLIDE = 0.25  # the share of the way back to the middle that each tick goes


class SeedPad(QWidget):
    """The map lies still under the hand, and glides until A is in the middle again when the hand has gone."""

    def __init__(self, store: Store, walk: Walk, thumbnails: Thumbnails, parent: QWidget | None = None):
        super().__init__(parent)
        self._store, self._walk, self._thumbnails = store, walk, thumbnails
        self._desk = MixingDesk.of(store)
        self.setAccessibleName(tr("Seed pad"))
        self.setToolTip(
            tr(
                "<p>The seed plane: a seed on every crossing, blends of the four nearest between them.</p>"
                "<p>Drag A · wheel: larger or smaller · arrow keys: walk, with Shift a whole seed</p>"
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)
        self._cell = 56.0
        self._centre = plane.place(store.recipe.latent) or (0.0, 0.0)
        self._origin = self._centre
        self._pressed: QPointF | None = None
        self._news = 0
        self._drawn: tuple[object, QPixmap] = (None, QPixmap())
        self._drawn_view: object = None
        self._keys = KeyWalk(walk, self)
        self._glide = every(self, 16, self._glided)
        store.changed.connect(self._changed)
        self._desk.chose.connect(lambda _: self._changed(store.recipe))
        thumbnails.arrived.connect(self._renew)
        thumbnails.rested.connect(self.update)
        self._seen: tuple[Latent, ...] = ()

    def sizeHint(self) -> QSize:
        return QSize(240, 184)

    def place(self) -> tuple[float, float] | None:
        """Where A is; None when it is not of the plane."""
        return plane.place(self._store.recipe.latent)

    def to_pixels(self, x: float, y: float) -> QPointF:
        middle = QPointF(self.width() / 2, self.height() / 2)
        return middle + QPointF((x - self._centre[0]) * self._cell, (y - self._centre[1]) * self._cell)

    # the hand

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._keys.end()
            self._pressed = event.position()
            self._origin = self._unwrapped(self.place() or self._centre)
            self._walk.begin()
            self._go(event.position())

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self._pressed is not None:
            self._go(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if self._pressed is not None:
            self._pressed = None
            self._walk.end()
            self._glide.start()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None:
            self._cell = min(max(self._cell * 1.15 ** (event.angleDelta().y() / 120), 28.0), 128.0)
            self.update()
            event.accept()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and not self._keys.press(event):
            super().keyPressEvent(event)

    def _go(self, point: QPointF) -> None:
        way = (point - QPointF(self.width() / 2, self.height() / 2)) / self._cell
        self._walk.by(self._centre[0] + way.x() - self._origin[0], self._centre[1] + way.y() - self._origin[1])

    # following A

    def _unwrapped(self, place: tuple[float, float]) -> tuple[float, float]:
        """The plane's rows go on in the next row, so a place has many names: the one nearest to what is seen."""
        rows = round((self._centre[0] - place[0]) / plane.COLUMNS)
        return place[0] + rows * plane.COLUMNS, place[1] - rows

    def _changed(self, recipe: Recipe) -> None:
        seen = (recipe.latent, b_latent(recipe, self._desk.chosen))
        if seen == self._seen:  # all else shows when the hand rests
            return
        self._seen = seen
        if self._pressed is None and not self._glide.isActive():
            self._glide.start()
        self.update()

    def _glided(self) -> None:
        here = self.place()
        if here is None or self._pressed is not None:
            self._glide.stop()
            return
        here = self._unwrapped(here)
        dx, dy = here[0] - self._centre[0], here[1] - self._centre[1]
        far, near = math.hypot(dx, dy) * self._cell > 4 * self.width(), math.hypot(dx, dy) * self._cell < 0.5
        share = 1.0 if far or near else GLIDE
        self._centre = (self._centre[0] + dx * share, self._centre[1] + dy * share)
        if share == 1.0:
            self._glide.stop()
        self.update()

    # painting

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("window"))
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setClipRect(self.rect())
        left, top = self._corner()
        painter.drawPixmap(self.to_pixels(left - 0.5, top - 0.5), self._map(left, top))
        self._paint_marks(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("focus"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _corner(self) -> tuple[int, int]:
        """The crossing at the upper left of all that can be seen."""
        across, down = self.width() / self._cell / 2, self.height() / self._cell / 2
        return math.floor(self._centre[0] - across + 0.5), math.floor(self._centre[1] - down + 0.5)

    def _map(self, left: int, top: int) -> QPixmap:
        """The pictures from that crossing on; drawn again only when one of them has changed."""
        recipe = self._store.recipe
        view = (left, top, self._cell, self.size(), self._news, theme.palette())
        key = (view, recipe.model, recipe.truncation, conditions(recipe.latent))
        if key != self._drawn[0] and not (self._thumbnails.moving() and self._drawn_view == view):
            columns, rows = math.ceil(self.width() / self._cell) + 1, math.ceil(self.height() / self._cell) + 1
            dots = self.devicePixelRatioF()
            found = QPixmap(math.ceil(columns * self._cell * dots), math.ceil(rows * self._cell * dots))
            found.setDevicePixelRatio(dots)
            found.fill(Qt.GlobalColor.transparent)
            painter = QPainter(found)
            cells = [(i, j) for j in range(rows) for i in range(columns)]
            middle = (self._centre[0] - left, self._centre[1] - top)
            cells.sort(key=lambda cell: math.dist(cell, middle))  # those nearest to A are drawn first
            seeds = [_calm(recipe, plane.at(left + i, top + j, conditions(recipe.latent))) for i, j in cells]
            for (i, j), pixmap in zip(cells, self._thumbnails.get_later(seeds), strict=True):
                place = QRectF(i * self._cell + 2, j * self._cell + 2, self._cell - 4, self._cell - 4)
                paint_rounded(painter, place, pixmap, 0.85)
            painter.end()
            self._drawn, self._drawn_view = (key, found), view
        return self._drawn[1]

    def _renew(self) -> None:
        self._news += 1
        self.update()

    def _paint_marks(self, painter: QPainter) -> None:
        b = plane.place(b_latent(self._store.recipe, self._desk.chosen))
        if b is not None:
            point = self.to_pixels(*self._unwrapped(b))
            painter.setBrush(theme.colour("b"))
            painter.setPen(QPen(theme.colour("window"), 1.5))
            draw_mark(painter, point, 6, "B")
        here = self.place()
        if here is not None:
            point = self.to_pixels(*self._unwrapped(here))
            painter.setBrush(theme.colour("a"))
            painter.setPen(QPen(theme.colour("window"), 1.5))
            draw_mark(painter, point, 7, "A")


def _calm(recipe: Recipe, latent: Latent) -> Recipe:
    """Only what tells one seed from another, so that the map's pictures stay while other things are changed."""
    return msgspec.structs.replace(Recipe(), model=recipe.model, latent=latent, truncation=recipe.truncation)
