"""What a plan makes of one picture: the picture with the parts that are used, an arrow, and what comes of it.

The used part can be chosen by hand: a square that mouse and keys move and resize.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from PyQt6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from engine.data.pictures import BadPicture
from engine.data.preparation.items import Item
from engine.data.preparation.plan import BadPlan, Plan
from engine.data.preparation.previews import Preview, preview
from explorer import theme
from explorer.job import Job
from explorer.pixels import image
from explorer.timers import after_rest
from explorer.words import reason, tr

from .crop_box import Box, begun, corner_at, grown, inside, moved, placed, pulled

HEIGHT, FOOT, GAP, ARROW = 188, 20, 8, 32
EDGE = 4  # pixels around the picture, so that corners at its edge can be seen
REST = 80  # milliseconds
ABOUT = (
    "Drag the square, or one of its corners, to choose by hand which part of this picture is used.\n"
    "Arrow keys move it, + and − resize it, Delete takes it back; Ctrl+Z undoes."
)
MOST = 4  # finished pictures that are shown
PAUSE = 600  # milliseconds between two keys that are two gestures
STEPS = 100  # so many strokes of a key lead through the whole picture
FAR = 10  # times as far with the shift key
CORNER_CURSORS = (Qt.CursorShape.SizeFDiagCursor, Qt.CursorShape.SizeBDiagCursor)
ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
LARGER = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
BACK = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
Wish = tuple[Item, Plan]


def previewing(item: Item, plan: Plan) -> Generator[None, None, Preview]:
    """One preview as a job. Raises BadPlan or BadPicture with one sentence."""
    yield
    return preview(item, plan)


class DataPreview(QWidget):
    """The newest wish is shown; while one is being made, those in between are left out."""

    cropped = pyqtSignal(
        str, object, int
    )  # a picture's name, its square or None for as the plan says, number of the gesture

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.shown: Preview | None = None
        self.said = ""
        self._wish: Wish | None = None
        self._job: Job | None = None
        self._before = QImage()
        self._after: list[QImage] = []
        self._rest = after_rest(self, REST, self._make)
        self._name = ""  # of the picture that is shown
        self._grip: tuple[int | None, QPointF, Box] | None = None  # a corner or none, where, and the square before
        self._gesture = 0
        self._since = QElapsedTimer()
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(tr(ABOUT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("What becomes of the chosen picture"))

    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT)

    def ask(self, item: Item | None, plan: Plan) -> None:
        """Shows this soon; None is nothing."""
        self._wish = (item, plan) if item is not None else None
        if self._wish is None:
            self._show(None, "", "")
        else:
            self._rest.start()
            self.update()

    def close_job(self) -> None:
        """Waits for what is being made."""
        self._rest.stop()
        self._wish = None
        if self._job is not None:
            self._job.wait(5)

    def _make(self) -> None:
        if self._job is not None or self._wish is None:
            return
        wish = self._wish
        self._job = Job(previewing(*wish), "preview")
        self._job.finished.connect(lambda made: self._made(wish, made, ""))
        self._job.failed.connect(lambda error: self._made(wish, None, _words(error)))
        self._job.start()

    def _made(self, wish: Wish, made: Preview | None, said: str) -> None:
        self._job = None
        if self._wish is wish:
            self._show(made, said or sizes(made, wish[1], wish[0].name in wish[1].boxes), wish[0].name)
        elif self._wish is not None:
            self._make()

    def _show(self, made: Preview | None, said: str, name: str) -> None:
        self.shown, self.said, self._name = made, said, name
        self._before = image(made.before) if made is not None else QImage()
        self._after = [_coloured(pixels) for pixels in made.after[:MOST]] if made is not None else []
        self.setAccessibleDescription(said)
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(theme.font(theme.SMALL))
        painter.setPen(theme.colour("secondary"))
        foot = self.rect().adjusted(0, self.height() - FOOT, 0, 0)
        words = painter.fontMetrics().elidedText(self.said, Qt.TextElideMode.ElideRight, foot.width())
        painter.drawText(foot, int(Qt.AlignmentFlag.AlignVCenter), words)
        if self.shown is None:
            return
        place = self.place()
        painter.drawImage(place, self._before)
        self._parts(painter, place, self.shown)
        self._arrow(painter, QPointF(place.right() + GAP, EDGE + self._side / 2))
        left = place.right() + 2 * GAP + ARROW
        for picture in self._after:
            painter.drawImage(QRectF(left, EDGE, self._side, self._side), picture)
            left += self._side + GAP

    @property
    def _side(self) -> float:
        return float(self.height() - FOOT - 2 * EDGE)

    def place(self) -> QRectF:
        """Where the picture before is."""
        scale = min(self._side / self._before.height(), 2 * self._side / self._before.width())
        place = QRectF(EDGE, 0, self._before.width() * scale, self._before.height() * scale)
        place.moveTop(EDGE + (self._side - place.height()) / 2)
        return place

    def _parts(self, painter: QPainter, place: QRectF, shown: Preview) -> None:
        """What is not used lies in the dark; a square that was chosen by hand has corners to pull at."""
        scale, box = place.width() / shown.size[0], self._chosen
        used, all_of_it = QPainterPath(), QPainterPath()
        used.setFillRule(Qt.FillRule.WindingFill)
        for left, top, right, bottom in [box] if box is not None else shown.parts:
            corner = QPointF(left, top) * scale + place.topLeft()
            used.addRect(QRectF(corner, QPointF(right, bottom) * scale + place.topLeft()))
        all_of_it.addRect(place)
        shade = theme.colour("window", 0.7)
        painter.fillPath(all_of_it.subtracted(used), shade)
        painter.setPen(QPen(theme.colour("a"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(used)
        if box is not None or self.hasFocus() or self.underMouse():
            painter.setBrush(theme.colour("a"))
            left, top, right, bottom = self.box(shown)
            for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)):
                at = QPointF(x, y) * scale + place.topLeft()
                painter.drawRect(QRectF(at.x() - 2.5, at.y() - 2.5, 5, 5))

    def _arrow(self, painter: QPainter, left: QPointF) -> None:
        painter.setPen(QPen(theme.colour("secondary"), 1.5))
        tip = left + QPointF(ARROW - 8, 0)
        painter.drawLine(left, tip)
        painter.drawLine(tip, tip + QPointF(-5, -4))
        painter.drawLine(tip, tip + QPointF(-5, 4))

    # by hand

    @property
    def _chosen(self) -> Box | None:
        """The square that was chosen for the picture that is shown."""
        if self._wish is None or self._wish[0].name != self._name:
            return None
        return self._wish[1].boxes.get(self._name)

    def box(self, shown: Preview) -> Box:
        """The square that a hand would take hold of."""
        return self._chosen or begun(shown.parts, shown.size)

    def _held(self) -> Preview | None:
        """What can be changed by hand now: what is shown, while it is what was asked for."""
        return self.shown if self._wish is not None and self._wish[0].name == self._name else None

    def _on_picture(self, at: QPointF, shown: Preview) -> QPointF:
        place = self.place()
        return (at - place.topLeft()) * (shown.size[0] / place.width())

    def _put(self, box: Box | None) -> None:
        self.cropped.emit(self._name, box, self._gesture)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        shown = self._held()
        if event is None or shown is None or event.button() != Qt.MouseButton.LeftButton:
            return
        at, box = self._on_picture(event.position(), shown), self.box(shown)
        corner = corner_at(box, at, self.place().width() / shown.size[0])
        if corner is None and not inside((0, 0, *shown.size), at):
            return
        self._gesture += 1
        if corner is None and not inside(box, at):  # the square comes to the hand
            side = box[2] - box[0]
            box = placed(at.x() - side / 2, at.y() - side / 2, side, shown.size)
            self._put(box)
        self._grip = corner, at, box

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        shown = self._held()
        if event is None or shown is None:
            return
        at = self._on_picture(event.position(), shown)
        if self._grip is None:
            self._point(at, shown)
            return
        corner, begun_at, box = self._grip
        if corner is None:
            self._put(moved(box, at - begun_at, shown.size))
        else:
            self._put(pulled(box, corner, at, shown.size))

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._grip = None

    def _point(self, at: QPointF, shown: Preview) -> None:
        """Shows with the pointer what a press would take hold of."""
        box = self.box(shown)
        corner = corner_at(box, at, self.place().width() / shown.size[0])
        if corner is not None:
            self.setCursor(CORNER_CURSORS[corner % 2])
        elif inside(box, at):
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        else:
            self.unsetCursor()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        shown = self._held()
        if event is None or shown is None or event.key() not in (*ARROWS, *LARGER, *BACK):
            super().keyPressEvent(event)
            return
        if not self._since.isValid() or self._since.elapsed() > PAUSE or event.key() in BACK:
            self._gesture += 1
        self._since.restart()
        far = FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        step, box = max(max(shown.size) / STEPS, 1) * far, self.box(shown)
        if event.key() in BACK:
            self._put(None)
        elif event.key() in LARGER:
            self._put(grown(box, 2 * step * LARGER[Qt.Key(event.key())], shown.size))
        else:
            self._put(moved(box, QPointF(*ARROWS[Qt.Key(event.key())]) * step, shown.size))

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        self.update()


def sizes(made: Preview | None, plan: Plan, by_hand: bool = False) -> str:
    """How large the picture was and what it becomes."""
    if made is None:
        return ""
    words = [f"{made.size[0]} × {made.size[1]}  →  {plan.size} × {plan.size}"]
    if len(made.after) > 1:
        words.append(tr("{count} pictures", count=len(made.after)))
    left, top, right, bottom = made.parts[0]
    used = max(right - left, bottom - top) if plan.pad else min(right - left, bottom - top)
    if used < plan.size / 1.05:
        words.append(tr("smaller than that, so it is enlarged {times:.1f} times", times=plan.size / used))
    if by_hand:
        words.append(tr("cropped by hand"))
    return "  ·  ".join(words)


def _coloured(pixels: np.ndarray) -> QImage:
    """Grey pictures are shown as RGB ones."""
    return image(np.ascontiguousarray(pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, 2)))


def _words(error: Exception) -> str:
    known = isinstance(error, BadPlan | BadPicture | OSError)
    return reason(error) if known else f"{type(error).__name__}: {error}"
