"""Where everything of the equalizer lies, and which columns a drag has passed. No painting, no state."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from PyQt6.QtCore import QPointF, QRectF

from engine.render.info import LayerInfo

HEAD, FOOT, BRACKET = 22.0, 18.0, 26.0  # heights: resolutions above, values below, bands at the bottom
PAIR_GAP, BAND_GAP, WIDEST = 3.0, 9.0, 72.0
AXIS, EDGE = 32.0, 8.0  # room for the scale on the left, and on the right
KNOB = 9.0  # how far a handle reaches beyond the end of its track


@dataclass(frozen=True)
class Group:
    """Columns side by side that share a head or a bracket."""

    text: str
    area: QRectF
    rows: range


@dataclass(frozen=True)
class Layout:
    """The areas of one size of the widget, in its own coordinates."""

    columns: tuple[QRectF, ...]  # tracks with the room beside them
    heads: tuple[Group, ...]
    bands: tuple[Group, ...]
    plot: QRectF

    def column_at(self, x: float) -> int:
        """The column nearest to x."""
        return min(range(len(self.columns)), key=lambda row: abs(self.columns[row].center().x() - x))

    def band_at(self, place: QPointF) -> Group | None:
        """The bracket under a place."""
        return next((band for band in self.bands if band.area.contains(place)), None)

    def unit(self, y: float) -> float:
        """How high y lies: 0 at the bottom of the tracks, 1 at their top, never beyond."""
        return min(max((self.plot.bottom() - y) / max(self.plot.height(), 1.0), 0.0), 1.0)

    def height_of(self, unit: float) -> float:
        """The y of a height between 0 and 1."""
        return self.plot.bottom() - unit * self.plot.height()

    def passed(self, start: QPointF, end: QPointF) -> list[tuple[int, float]]:
        """Every column that a straight stroke passes, with its height there; the last is the one at its end.

        The column it starts in has its value already and is not named again, unless the stroke stays inside it.
        """
        first, last = self.column_at(start.x()), self.column_at(end.x())
        step = 1 if last > first else -1
        between = [(row, self.unit(self._crossing(row, start, end))) for row in range(first + step, last, step)]
        return [*(between if first != last else []), (last, self.unit(end.y()))]

    def _crossing(self, row: int, start: QPointF, end: QPointF) -> float:
        share = (self.columns[row].center().x() - start.x()) / (end.x() - start.x())
        return start.y() + (end.y() - start.y()) * share


def layout(layers: Sequence[LayerInfo], width: float, height: float) -> Layout:
    """The layout of a widget of this size."""
    plot = QRectF(AXIS, HEAD + KNOB, width - AXIS - EDGE, height - HEAD - FOOT - BRACKET - 2 * KNOB)
    gaps = [_gap(left, right) for left, right in pairwise(layers)]
    each = min((plot.width() - sum(gaps)) / max(len(layers), 1), WIDEST)
    columns, x = [], plot.center().x() - (each * len(layers) + sum(gaps)) / 2
    for gap in (*gaps, 0.0):
        columns.append(QRectF(x, plot.top(), each, plot.height()))
        x += each + gap
    heads = _groups(layers, columns, lambda layer: str(layer.resolution), 0.0, HEAD)
    bands = _groups(layers, columns, lambda layer: layer.band, height - BRACKET, BRACKET)
    return Layout(tuple(columns[: len(layers)]), heads, bands, plot)


def _gap(left: LayerInfo, right: LayerInfo) -> float:
    if left.band != right.band:
        return BAND_GAP
    return PAIR_GAP if left.resolution != right.resolution else 0.0


def _groups(
    layers: Sequence[LayerInfo], columns: Sequence[QRectF], name: Callable[[LayerInfo], str], top: float, height: float
) -> tuple[Group, ...]:
    groups = []
    for text, members in groupby(enumerate(layers), lambda item: name(item[1])):
        rows = [row for row, _ in members]
        left, right = columns[rows[0]].left(), columns[rows[-1]].right()
        groups.append(Group(text, QRectF(left, top, right - left, height), range(rows[0], rows[-1] + 1)))
    return tuple(groups)
