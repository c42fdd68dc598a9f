"""A slider that stands for one number of the recipe: label, slider and the value, which can be typed."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolTip, QWidget

from engine.recipe import Recipe, get, knob
from explorer.figures import figure, read
from explorer.store import Store
from explorer.words import tr

from .slide import Slide

LABEL = 76  # pixels, so that sliders below one another line up
VALUE = 48


class Knob(QWidget):
    """Range and words are those the field declares. It only ever shows what the store holds."""

    def __init__(
        self,
        store: Store,
        path: str,
        step: float = 0.01,
        origin: float | None = None,
        label: str = "",
        parent: QWidget | None = None,
    ):
        super().__init__(parent)
        self._store, self._path, self._step = store, path, step
        said = knob(Recipe, path)
        self._low = said.low if said.low is not None else 0.0
        self._high = said.high if said.high is not None else 1.0
        self.title = tr(label or said.title)
        default = get(Recipe(), path)
        self.slide = Slide(self._tick(self._low), self._tick(self._high), self._tick(default))
        self.slide.origin = self._tick(default if origin is None else origin)
        self.slide.setPageStep(max(round(0.05 / step), 1))
        self.slide.setAccessibleName(self.title)
        self.value = QLineEdit()
        self.value.setProperty("role", "value")
        self.value.setFixedWidth(VALUE)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.value.setAccessibleName(tr("{title}, typed", title=self.title))
        self._lay_out(tr(said.description))
        self.slide.moved.connect(lambda tick: self._store.set(self._path, self._value(tick)))
        self.slide.gesture_ended.connect(self._end)
        self.value.editingFinished.connect(self._typed)
        store.changed.connect(self._show)
        self._show(store.recipe)

    def _lay_out(self, description: str) -> None:
        self.label = QLabel(self.title)
        self.label.setFixedWidth(LABEL)
        self.label.setBuddy(self.slide)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addWidget(self.slide, 1)
        row.addWidget(self.value)
        self.setToolTip(
            tr(
                "<p>{description}</p><p>Double click: default · wheel, arrows, Home, End · type a number</p>",
                description=description,
            )
        )

    # between ticks, values and texts; a knob of another kind replaces these four

    def _tick(self, value: float) -> int:
        return round(value / self._step)

    def _value(self, tick: int) -> float:
        return round(tick * self._step, 6)

    def _text(self, value: float) -> str:
        return figure(value, ".2f")

    def _read(self, text: str) -> float:
        return read(text)

    def _show(self, recipe: Recipe) -> None:
        value = get(recipe, self._path)
        self.slide.show_value(self._tick(value))
        text = self._text(value)
        if text != self.value.text() and not (self.value.hasFocus() and self.value.isModified()):
            self.value.setText(text)

    def _typed(self) -> None:
        if not self.value.isModified():
            return
        self.value.setModified(False)
        try:
            self._store.keep()
            self._store.set(self._path, self._read(self.value.text()))
            self._end()
        except ValueError:
            self._refuse()
        self._show(self._store.recipe)

    def _refuse(self) -> None:
        low, high = self._text(self._low), self._text(self._high)
        place = self.value.mapToGlobal(self.value.rect().bottomLeft())
        QToolTip.showText(
            place, tr("{title} is a number from {low} to {high}", title=self.title, low=low, high=high), self.value
        )

    def _end(self) -> None:
        self._store.keep(f"{self.title} {self._text(get(self._store.recipe, self._path))}")
