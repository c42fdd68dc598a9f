"""How the equalizer looks: all is drawn from one description of what is to be seen, and nothing is remembered."""

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from explorer import theme
from explorer.figures import brief
from explorer.theme import Palette
from explorer.words import tr

from .ab_marks import draw_mark
from .equalizer_faces import Face
from .equalizer_geometry import BRACKET, Group, Layout

FONT, SMALL = 11, 10  # pixels


@dataclass(frozen=True)
class Scene:
    """All that one painting shows."""

    layout: Layout
    face: Face
    values: tuple[float, ...]
    palette: Palette
    chosen: int = -1
    hovered: int = -1
    band: str = ""
    focused: bool = False
    before: tuple[float, ...] = ()
    """Where the handles were when the gesture began."""
    muted: frozenset[int] = field(default_factory=frozenset)

    def shade(self, name: str, share: float) -> QColor:
        """A share of a colour of the palette over the panel."""
        return over(self.palette.panel, getattr(self.palette, name), share)


def paint(painter: QPainter, scene: Scene) -> None:
    """The whole equalizer, back to front."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _scale(painter, scene)
    for row in range(len(scene.values)):
        _column(painter, scene, row)
    _curve(painter, scene)
    for row in range(len(scene.values)):
        _handle(painter, scene, row)
    for head in scene.layout.heads:
        _head(painter, scene, head)
    for band in scene.layout.bands:
        _bracket(painter, scene, band)


def tint(scene: Scene, value: float) -> QColor:
    """The colour of a value: between A's and B's where they are mixed, else the accent, grey at neutral."""
    palette = scene.palette
    if scene.face.mixes:
        return _between(QColor(palette.a), QColor(palette.b), value)
    return QColor(palette.secondary if value == scene.face.neutral else palette.a)


def _between(one: QColor, other: QColor, t: float) -> QColor:
    """A straight way between two colours leads through a warm white, so that half and half looks like neither."""
    pale = 1 - abs(2 * t - 1)
    mixed = [a + (b - a) * t for a, b in zip(one.getRgbF()[:3], other.getRgbF()[:3], strict=True)]
    return QColor.fromRgbF(*(channel + (0.92 - channel) * 0.45 * pale for channel in mixed))


@lru_cache(maxsize=512)
def over(ground: str, colour: str, share: float) -> QColor:
    """A share of a colour over the ground, opaque: Qt blends translucent areas ten times as slowly as it fills."""
    pairs = zip(QColor(ground).getRgbF()[:3], QColor(colour).getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*(under + (over - under) * share for under, over in pairs))


def _font(painter: QPainter, pixels: int, bold: bool = False) -> None:
    painter.setFont(theme.font(pixels, QFont.Weight.DemiBold if bold else QFont.Weight.Normal))


def _scale(painter: QPainter, scene: Scene) -> None:
    layout, palette = scene.layout, scene.palette
    right = layout.plot.right()
    _font(painter, SMALL)
    for value, text in scene.face.scale.marks:
        y = layout.height_of(scene.face.scale.to_unit(value))
        neutral = value == scene.face.neutral and not scene.face.mixes
        painter.setPen(
            QPen(
                scene.shade("text", 0.42 if neutral else 0.09),
                1,
                Qt.PenStyle.DashLine if neutral else Qt.PenStyle.SolidLine,
            )
        )
        painter.drawLine(QPointF(layout.plot.left() - 3, y), QPointF(right, y))
        area = QRectF(0, y - 8, layout.plot.left() - 7, 16)
        if scene.face.mixes and text in ("A", "B"):
            _letter(painter, area, text, palette)
        else:
            painter.setPen(QColor(palette.secondary))
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def _letter(painter: QPainter, area: QRectF, text: str, palette: Palette) -> None:
    colour = QColor(palette.a if text == "A" else palette.b)
    _mark(painter, QPointF(area.left() + 9, area.center().y()), 3.6, text, colour)
    painter.setPen(colour)
    _font(painter, FONT, bold=True)
    painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
    _font(painter, SMALL)


def _mark(painter: QPainter, centre: QPointF, radius: float, which: str, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    draw_mark(painter, centre, radius, which)


def _column(painter: QPainter, scene: Scene, row: int) -> None:
    column = scene.layout.columns[row]
    lit = row in (scene.chosen, scene.hovered) or _in_band(scene, row)
    if lit:
        shade = 0.10 if row == scene.chosen and scene.focused else 0.05
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(scene.shade("text", shade))
        painter.drawRoundedRect(column.adjusted(0.5, -9, -0.5, 9), 4, 4)
    track = _track(column)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(scene.shade("text", 0.10 if lit else 0.07))
    painter.drawRoundedRect(track, track.width() / 2, track.width() / 2)
    _fill(painter, scene, row, track)
    if scene.focused and row == scene.chosen:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(scene.shade("focus", 0.85), 1.5))
        painter.drawRoundedRect(column.adjusted(0.5, -9, -0.5, 9), 4, 4)


def _in_band(scene: Scene, row: int) -> bool:
    return any(group.text == scene.band and row in group.rows for group in scene.layout.bands)


def _track(column: QRectF) -> QRectF:
    width = min(max(column.width() * 0.34, 4.0), 10.0)
    return QRectF(column.center().x() - width / 2, column.top(), width, column.height())


def _fill(painter: QPainter, scene: Scene, row: int, track: QRectF) -> None:
    """What the value fills: B from below and A from above, or from neutral to the value."""
    face, value = scene.face, scene.values[row]
    y, round_ = scene.layout.height_of(face.scale.to_unit(value)), track.width() / 2
    faded = 0.35 if row in scene.muted else 1.0
    painter.setPen(Qt.PenStyle.NoPen)
    if face.mixes:
        painter.setBrush(scene.shade("a", 0.28 * faded))
        painter.drawRoundedRect(track, round_, round_)
        start, end, colour, weakest = y, track.bottom(), "b", 0.45
    else:
        neutral = scene.layout.height_of(face.scale.to_unit(face.neutral))
        start, end, colour, weakest = y, neutral, "a", 0.35
    if abs(end - start) < 1:
        return
    filling = QLinearGradient(0, start, 0, end)
    filling.setColorAt(0, scene.shade(colour, 0.95 * faded))
    filling.setColorAt(1, scene.shade(colour, weakest * faded))
    painter.setBrush(filling)
    bar = QRectF(track.left(), min(start, end), track.width(), abs(end - start))
    painter.drawRoundedRect(bar, min(round_, bar.height() / 2), min(round_, bar.height() / 2))


def _curve(painter: QPainter, scene: Scene) -> None:
    """A thin line through the handles, so that the columns read as one shape; a fainter one where they were."""
    for values, colour in (
        (scene.before, scene.shade("text", 0.22)),
        (scene.values, scene.shade("text", 0.30)),
    ):
        places = [_place(scene, row, value) for row, value in enumerate(values)]
        if len(places) < 2:
            continue
        path = QPainterPath(places[0])
        for left, right in pairwise(places):
            middle = (left.x() + right.x()) / 2
            path.cubicTo(QPointF(middle, left.y()), QPointF(middle, right.y()), right)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.2, Qt.PenStyle.DotLine if values is scene.before else Qt.PenStyle.SolidLine))
        painter.drawPath(path)


def _place(scene: Scene, row: int, value: float) -> QPointF:
    return QPointF(scene.layout.columns[row].center().x(), scene.layout.height_of(scene.face.scale.to_unit(value)))


def _handle(painter: QPainter, scene: Scene, row: int) -> None:
    value, column = scene.values[row], scene.layout.columns[row]
    centre = _place(scene, row, value)
    grown = 1.15 if row == scene.hovered or _in_band(scene, row) else 1.0
    width, height = min(max(column.width() * 0.74, 8.0), 20.0) * grown, 7.0 * grown
    colour = tint(scene, value)
    painter.setPen(Qt.PenStyle.NoPen)
    if scene.face.mixes and value in (0.0, 1.0):
        _mark(painter, centre, height * 0.72, "A" if value == 0 else "B", colour)
    else:
        pill = QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
        painter.setBrush(over(scene.palette.panel, "#000000", 0.4))
        painter.drawRoundedRect(pill.translated(0, 1.5), 3.5, 3.5)
        painter.setBrush(colour)
        painter.drawRoundedRect(pill, 3.5, 3.5)
    _value(painter, scene, row)


def _value(painter: QPainter, scene: Scene, row: int) -> None:
    """The number below its column; where columns are narrow, only those that say something."""
    value, column, face = scene.values[row], scene.layout.columns[row], scene.face
    special = row in (scene.chosen, scene.hovered)
    if column.width() < 18 and not special and len(scene.values) > 1:
        return
    text = f"{value * 100:.0f}" if face.mixes else brief(value)
    _font(painter, SMALL, bold=special)
    wide, room = painter.fontMetrics().horizontalAdvance(text), column.width() - 3
    if 15 <= room < wide:  # so that 100 and 100 side by side are two numbers
        font = painter.font()
        font.setStretch(round(100 * room / wide))
        painter.setFont(font)
    painter.setPen(QColor(scene.palette.text) if special else QColor(scene.palette.secondary))
    area = QRectF(column.center().x() - 20, scene.layout.plot.bottom() + 10, 40, 14)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)


def _head(painter: QPainter, scene: Scene, head: Group) -> None:
    lit = scene.hovered in head.rows or (scene.chosen in head.rows and scene.focused)
    _font(painter, SMALL)
    painter.setPen(QColor(scene.palette.text if lit else scene.palette.secondary))
    area = head.area.adjusted(-10, 0, 10, -6)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, head.text)
    painter.setPen(QPen(scene.shade("text", 0.35 if lit else 0.16), 1))
    line = head.area.bottom() - 4
    painter.drawLine(QPointF(head.area.left() + 2.5, line), QPointF(head.area.right() - 2.5, line))


def _bracket(painter: QPainter, scene: Scene, band: Group) -> None:
    palette, area = scene.palette, band.area
    lit = scene.band == band.text
    values = [scene.values[row] for row in band.rows]
    colour = tint(scene, sum(values) / len(values)) if scene.face.mixes else QColor(palette.secondary)
    y = area.top() + 4.5
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(
        QPen(
            colour if lit else over(palette.panel, colour.name(), 0.65),
            2.2 if lit else 1.6,
            cap=Qt.PenCapStyle.RoundCap,
        )
    )
    left, right = area.left() + 2.5, area.right() - 2.5
    painter.drawPolyline(
        QPolygonF([QPointF(left, y - 3.5), QPointF(left, y), QPointF(right, y), QPointF(right, y - 3.5)])
    )
    _font(painter, FONT)
    painter.setPen(QColor(palette.text if lit else palette.secondary))
    painter.drawText(
        QRectF(area.left() - 8, y + 2, area.width() + 16, BRACKET - 8), Qt.AlignmentFlag.AlignCenter, tr(band.text)
    )
