"""What a plan makes of one picture: the picture with the parts that are used, an arrow, and what comes of it."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from engine.data.pictures import BadPicture
from engine.data.preparation.items import Item
from engine.data.preparation.plan import BadPlan, Plan
from engine.data.preparation.previews import Preview, preview
from explorer import theme
from explorer.job import Job
from explorer.pixels import image
from explorer.timers import after_rest
from explorer.words import tr

HEIGHT, FOOT, GAP, ARROW = 148, 20, 8, 32
REST = 80  # milliseconds
MOST = 4  # finished pictures that are shown
Wish = tuple[Item, Plan]


def previewing(item: Item, plan: Plan) -> Generator[None, None, Preview]:
    """One preview as a job. Raises BadPlan or BadPicture with one sentence."""
    yield
    return preview(item, plan)


class DataPreview(QWidget):
    """The newest wish is shown; while one is being made, those in between are left out."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.shown: Preview | None = None
        self.said = ""
        self._wish: Wish | None = None
        self._job: Job | None = None
        self._before = QImage()
        self._after: list[QImage] = []
        self._rest = after_rest(self, REST, self._make)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("What becomes of the chosen picture"))

    def sizeHint(self) -> QSize:
        return QSize(480, HEIGHT)

    def ask(self, item: Item | None, plan: Plan) -> None:
        """Shows this soon; None is nothing."""
        self._wish = (item, plan) if item is not None else None
        if self._wish is None:
            self._show(None, "")
        else:
            self._rest.start()

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
            self._show(made, said or sizes(made, wish[1]))
        elif self._wish is not None:
            self._make()

    def _show(self, made: Preview | None, said: str) -> None:
        self.shown, self.said = made, said
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
        side = float(self.height() - FOOT - 4)
        scale = min(side / self._before.height(), 2 * side / self._before.width())
        place = QRectF(0, 0, self._before.width() * scale, self._before.height() * scale)
        place.moveTop((side - place.height()) / 2)
        painter.drawImage(place, self._before)
        self._parts(painter, place, self.shown)
        self._arrow(painter, QPointF(place.right() + GAP, side / 2))
        left = place.right() + 2 * GAP + ARROW
        for picture in self._after:
            painter.drawImage(QRectF(left, 0, side, side), picture)
            left += side + GAP

    def _parts(self, painter: QPainter, place: QRectF, shown: Preview) -> None:
        """What is not used lies in the dark."""
        scale = place.width() / shown.size[0]
        used, all_of_it = QPainterPath(), QPainterPath()
        used.setFillRule(Qt.FillRule.WindingFill)
        for left, top, right, bottom in shown.parts:
            corner = QPointF(left, top) * scale + place.topLeft()
            used.addRect(QRectF(corner, QPointF(right, bottom) * scale + place.topLeft()))
        all_of_it.addRect(place)
        shade = theme.colour("window", 0.7)
        painter.fillPath(all_of_it.subtracted(used), shade)
        painter.setPen(QPen(theme.colour("a"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(used)

    def _arrow(self, painter: QPainter, left: QPointF) -> None:
        painter.setPen(QPen(theme.colour("secondary"), 1.5))
        tip = left + QPointF(ARROW - 8, 0)
        painter.drawLine(left, tip)
        painter.drawLine(tip, tip + QPointF(-5, -4))
        painter.drawLine(tip, tip + QPointF(-5, 4))


def sizes(made: Preview | None, plan: Plan) -> str:
    """How large the picture was and what it becomes."""
    if made is None:
        return ""
    words = [f"{made.size[0]} × {made.size[1]}  →  {plan.size} × {plan.size}"]
    if len(made.after) > 1:
        words.append(tr("{count} pictures", count=len(made.after)))
    left, top, right, bottom = made.parts[0]
    used = max(right - left, bottom - top) if plan.pad else min(right - left, bottom - top)
    if used < plan.size:
        words.append(tr("smaller than that, so it is enlarged {times:.1f} times", times=plan.size / used))
    return "  ·  ".join(words)


def _coloured(pixels: np.ndarray) -> QImage:
    """Grey pictures are shown as RGB ones."""
    return image(np.ascontiguousarray(pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, 2)))


def _words(error: Exception) -> str:
    known = isinstance(error, BadPlan | BadPicture | OSError)
    return str(error) if known else f"{type(error).__name__}: {error}"
