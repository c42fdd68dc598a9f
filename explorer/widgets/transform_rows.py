"""Where the picture lies and how it is turned, as numbers: for models that can move and turn what they draw."""

import msgspec
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.recipe import Recipe, Transform
from explorer.figures import figure
from explorer.store import Store
from explorer.words import tr

from .bound import Knob
from .buttons import icon_button

HALF_TURN = 180


class Angle(Knob):
    """Degrees; the slider goes half a turn either way, which is all there is to see."""

    def __init__(self, store: Store):
        super().__init__(store, "transform.angle", step=1.0, origin=0.0)
        self.slide.blockSignals(True)
        self.slide.setRange(-HALF_TURN, HALF_TURN)
        self.slide.blockSignals(False)
        self._show(store.recipe)

    def _text(self, value: float) -> str:
        return f"{figure(value)}°"

    def _read(self, text: str) -> float:
        return super()._read(text.replace("°", ""))


class TransformRows(QWidget):
    """Across, down and angle; one button puts all of them back."""

    def __init__(self, store: Store, parent: QWidget | None = None):
        super().__init__(parent)
        self._store = store
        self.across = Knob(store, "transform.x", origin=0.0, label="Across")
        self.down = Knob(store, "transform.y", origin=0.0, label="Down")
        self.angle = Angle(store)
        self.reset = icon_button("rotate-ccw", "Picture back in its place", self._reset)
        self.reset.setFixedSize(24, 24)
        title = QLabel(tr("Place of the picture"))
        title.setProperty("role", "secondary")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        for knob in (self.across, self.down, self.angle):
            column.addWidget(knob)
        store.changed.connect(self._show)
        self._show(store.recipe)

    def _reset(self) -> None:
        self._store.do(msgspec.structs.replace(self._store.recipe, transform=Transform()), "Picture back in its place")

    def _show(self, recipe: Recipe) -> None:
        self.reset.setEnabled(recipe.transform != Transform())
