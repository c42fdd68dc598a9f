"""How the axis of time looks: ruler, markers, keys with their pictures, the way between them, the playhead."""

from pathlib import Path

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPainterPath, QPen, QPolygonF

from engine.recipe.easing import eased
from engine.recipe.timeline import Key, Timeline
from explorer import theme
from explorer.sound_track import SoundTrack
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .picture import paint_rounded
from .time_scale import TimeScale

RULER, SIDE, GAP = 24, 52, 10
WAVE = 36  # pixels of the waveform's height
PEAKS = 100  # of the waveform a second, as engine.render.hearing counts them
TOP = RULER + GAP
WAYS = {"straight": "", "cubic": "cubic", "slerp": "slerp"}
STEPS = 24


def key_rect(scale: TimeScale, seconds: float) -> QRectF:
    """Where the picture of a key lies; its middle is the moment."""
    return QRectF(scale.x(seconds) - SIDE / 2, TOP, SIDE, SIDE)


class AxisPainter:
    """Paints one state of the axis; holds nothing longer than that."""

    def __init__(self, painter: QPainter, scale: TimeScale, width: float, height: float, thumbnails: Thumbnails):
        self._painter, self._scale, self._width, self._height = painter, scale, width, height
        self._thumbnails = thumbnails
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def ruler(self, timeline: Timeline) -> None:
        painter, scale = self._painter, self._scale
        painter.setFont(theme.font(11))
        begin, end = scale.x(0.0), scale.x(timeline.length)
        painter.fillRect(QRectF(begin, RULER - 2, max(end - begin, 0.0), 2), theme.colour("faint"))
        for seconds, words in scale.marks(self._width):
            x = scale.x(seconds)
            painter.setPen(theme.colour("line"))
            painter.drawLine(QPointF(x, RULER - 6), QPointF(x, RULER))
            painter.setPen(theme.colour("secondary"))
            painter.drawText(QRectF(x - 30, 2, 60, RULER - 8), Qt.AlignmentFlag.AlignCenter, words)
        for marker in timeline.markers:
            x = scale.x(marker.at)
            painter.setPen(QPen(theme.colour("b", 0.6), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, RULER), QPointF(x, self._height))
            painter.setBrush(theme.colour("b"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(QPolygonF([QPointF(x - 4, RULER - 8), QPointF(x + 4, RULER - 8), QPointF(x, RULER)]))
            painter.setPen(theme.colour("b"))
            painter.drawText(QPointF(x + 5, self._height - 4), marker.text)

    def ways(self, timeline: Timeline) -> None:
        """Between two keys, how fast the way is gone, and along which path."""
        keys = timeline.keys
        for at, key in enumerate(keys):
            if at == len(keys) - 1 and not timeline.loop:
                break
            begin, end = self._scale.x(key.at) + SIDE / 2, self._scale.x(key.at + timeline.span(at)) - SIDE / 2
            if end - begin > 6:
                self._way(key, QRectF(begin + 3, TOP + 8, end - begin - 6, SIDE - 16), at == len(keys) - 1)

    def _way(self, key: Key, place: QRectF, closing: bool) -> None:
        path = QPainterPath(place.bottomLeft())
        for step in range(1, STEPS + 1):
            t = step / STEPS
            height = eased(key.ease, t, key.curve) * place.height()
            path.lineTo(place.left() + t * place.width(), place.bottom() - height)
        style = Qt.PenStyle.DashLine if closing else Qt.PenStyle.SolidLine
        self._painter.setPen(QPen(theme.colour("faint"), 1.5, style))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPath(path)
        if WAYS[key.path] and place.width() > 40:
            self._painter.setFont(theme.font(11))
            self._painter.setPen(theme.colour("secondary"))
            self._painter.drawText(place, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, WAYS[key.path])

    def keys(self, timeline: Timeline, chosen: frozenset[int]) -> None:
        for at, key in enumerate(timeline.keys):
            place = key_rect(self._scale, key.at)
            if place.right() < 0 or place.left() > self._width:
                continue
            paint_rounded(self._painter, place, self._thumbnails.get(key.recipe))
            self._stem(place)
            if at in chosen:
                self._frame(place, "a", 2)
        if timeline.loop and timeline.keys:
            place = key_rect(self._scale, timeline.keys[-1].at + timeline.closing)
            paint_rounded(self._painter, place, self._thumbnails.get(timeline.keys[0].recipe), 0.4)
            self._frame(place, "line", 1)

    def place_for_key(self, seconds: float, taken: bool) -> None:
        """Where the picture would lie that is dragged here, or which key would become it."""
        place = key_rect(self._scale, seconds)
        self._painter.fillRect(place, theme.colour("a", 0.35 if taken else 0.2))
        self._frame(place, "a", 2)
        self._stem(place)

    def sound(self, track: SoundTrack, at: float) -> None:
        """The waveform at the foot of the axis, and a tick for each beat."""
        middle, scale, painter = self._height - WAVE / 2 - 2, self._scale, self._painter
        painter.setPen(QPen(theme.colour("b", 0.7), 1))
        for x in range(max(int(scale.x(at)), 0), int(self._width)):
            first, last = (int((scale.seconds(x + more) - at) * PEAKS) for more in (0, 1))
            loud = max(track.peaks[max(first, 0) : max(last, first + 1)], default=-1.0)
            if loud < 0:
                break
            painter.drawLine(QPointF(x, middle - loud * WAVE / 2), QPointF(x, middle + loud * WAVE / 2))
        painter.setPen(QPen(theme.colour("text", 0.5), 1))
        for beat in track.beats:
            tick = scale.x(beat)
            if 0 <= tick <= self._width:
                painter.drawLine(QPointF(tick, middle - WAVE / 2), QPointF(tick, middle - WAVE / 2 + 5))
        words = Path(track.path).name + ("" if track.peaks else " …")
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("secondary"))
        painter.drawText(QPointF(6, self._height - 6), words)

    def playhead(self, seconds: float) -> None:
        x = self._scale.x(seconds)
        painter = self._painter
        painter.setPen(QPen(theme.colour("a"), 1.5))
        painter.drawLine(QPointF(x, RULER - 4), QPointF(x, self._height))
        painter.setBrush(theme.colour("a"))
        painter.setPen(Qt.PenStyle.NoPen)
        head = [
            QPointF(x - 6, RULER - 10),
            QPointF(x + 6, RULER - 10),
            QPointF(x + 6, RULER - 4),
            QPointF(x, RULER + 2),
        ]
        painter.drawPolygon(QPolygonF([*head, QPointF(x - 6, RULER - 4)]))

    def empty(self, words: str) -> None:
        words = tr(words)
        self._painter.setPen(theme.colour("secondary"))
        self._painter.setFont(theme.font(12))
        place = QRectF(0, RULER, self._width, self._height - RULER)
        self._painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)

    def focus(self) -> None:
        self._frame(QRectF(0.5, 0.5, self._width - 1, self._height - 1), "a", 1)

    def _stem(self, place: QRectF) -> None:
        self._painter.setPen(QPen(theme.colour("faint"), 1))
        self._painter.drawLine(QPointF(place.center().x(), RULER), QPointF(place.center().x(), place.top()))

    def _frame(self, place: QRectF, colour: str, width: float) -> None:
        self._painter.setPen(QPen(theme.colour(colour), width))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(place, 4, 4)
