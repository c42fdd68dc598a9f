"""One field of the recipe along the time: its curve between the keys, and a point on each key that can be dragged."""

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from engine.recipe import Recipe, knob, put
from engine.recipe.timeline_edits import change_keys
from explorer.timelines import TimelineDesk
from explorer.words import tr

from .time_scale import TimeScale

if TYPE_CHECKING:
    from .time_plot import TimePlot

FIELDS = ("truncation.psi", "noise.strength", "noise.phase", "transform.x", "transform.y", "transform.angle")
LAYERS = (("strength", "Style strength"), ("truncation.layers", "Truncation"), ("noise.layers", "Noise"))


def fields(layers: int) -> list[tuple[str, str]]:
    """Every field that has a curve, with its words."""
    found = [(path, tr(knob(Recipe, path).title)) for path in FIELDS]
    for path, words in LAYERS:
        found += [(f"{path}.{at}", tr("{field}, layer {number}", field=tr(words), number=at)) for at in range(layers)]
    return found


class TimeCurve(QWidget):
    """Lies below the axis and has its scale."""

    def __init__(self, desk: TimelineDesk, parent: QWidget | None = None):
        super().__init__(parent)
        self.desk = desk
        self.field = QComboBox()
        self.field.setAccessibleName(tr("Field whose curve is shown"))
        self.show_layers(0)
        self.field.currentIndexChanged.connect(self.redraw)
        head = QHBoxLayout()
        head.addWidget(self.field)
        head.addStretch(1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        desk.changed.connect(self.redraw)

    @cached_property
    def plot(self) -> "TimePlot":
        """Made when it is first seen: pyqtgraph takes longer to load than all else in the window."""
        from .time_plot import TimePlot

        plot = TimePlot(self)
        self._column.addWidget(plot, 1)
        self.desk.moved.connect(plot.show_time)
        plot.show_time(self.desk.at)
        return plot

    @property
    def path(self) -> str:
        return str(self.field.currentData())

    def show_layers(self, count: int) -> None:
        """The fields of a model with so many layers."""
        present = self.field.currentData()
        self.field.blockSignals(True)
        self.field.clear()
        for path, words in fields(count):
            self.field.addItem(words, path)
        self.field.setCurrentIndex(max(self.field.findData(present), 0))
        self.field.blockSignals(False)

    def follow(self, scale: TimeScale) -> None:
        """Has the axis' scale, once it is seen."""
        if self.isHidden():
            return
        self.plot.setXRange(scale.seconds(0), scale.seconds(max(self.plot.width(), 1)), padding=0)
        self.redraw()

    def redraw(self) -> None:
        if self.isVisible():
            self.plot.draw(self.desk.timeline, self.path)

    def set_key(self, index: int, value: float) -> None:
        """The field of one key, within its range."""
        said = knob(Recipe, self.path)
        low, high = (said.low if said.low is not None else value), (said.high if said.high is not None else value)
        value = round(min(max(value, low), high), 3)
        change = lambda key: replace(key, recipe=put(key.recipe, self.path, value))  # noqa: E731
        self.desk.show(change_keys(self.desk.timeline, {index}, change))

    def end(self) -> None:
        self.desk.keep(tr("{field} in a key", field=self.field.currentText()))
