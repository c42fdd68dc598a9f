"""Shape: how far the picture may stray from the average, how much random detail it has, and where it lies."""

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.recipe import Recipe
from engine.recipe.recipe import MAX_LAYERS
from engine.render.info import ModelInfo
from explorer.bridge import Bridge
from explorer.settings import Settings
from explorer.store import Store
from explorer.widgets.bound import Knob
from explorer.widgets.choice import Choice
from explorer.widgets.motion_row import MotionRow
from explorer.widgets.seed_row import SeedRow
from explorer.widgets.transform_rows import TransformRows
from explorer.words import tr

NOISE = {
    "off": ("Off", "No random detail: smooth"),
    "const": ("Fixed", "The model's own fixed detail (constant noise): the same for every picture"),
    "random": ("Random", "Detail drawn from a seed of its own"),
}


CENTRES = {
    "class": ("Class", "Truncation pulls each picture to the average of its own class"),
    "all": ("All", "Truncation pulls every picture to the middle of all classes"),
    "nearest": ("Nearest", "Truncation pulls each picture to the average of whichever class is nearest to it"),
}


class Cutoff(Knob):
    """The truncation's cutoff, as far as the present model has layers; at the end it means all of them."""

    layers = 18

    def set_layers(self, count: int) -> None:
        self.layers = max(count, 1)
        self.slide.blockSignals(True)
        self.slide.setRange(0, self.layers)
        self.slide.blockSignals(False)
        self.slide.default = self.layers
        self._show(self._store.recipe)

    def _tick(self, value: float) -> int:
        return min(int(value), self.layers)

    def _value(self, tick: int) -> int:
        return MAX_LAYERS if tick >= self.layers else tick

    def _text(self, value: float) -> str:
        return tr("all") if value >= self.layers else str(int(value))

    def _read(self, text: str) -> float:
        return MAX_LAYERS if text.strip().lower() in ("all", tr("all")) else self._value(int(text))


class ShapePanel(QWidget):
    """Truncation, noise, and the place of the picture. What the model does not have is not shown."""

    title = "Shape"
    compact = True

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self._store = store
        self.psi = Knob(store, "truncation.psi", origin=0.0)
        self.cutoff = Cutoff(store, "truncation.cutoff", step=1, origin=0)
        self.centre = Choice(store, "truncation.centre", CENTRES)
        self.mode = Choice(store, "noise.mode", NOISE)
        self.strength = Knob(store, "noise.strength", origin=0.0, label="Strength")
        self.seed = SeedRow(store, "noise.seed", "Noise seed")
        self.motion = MotionRow(store)
        self.place = TransformRows(store)
        self._no_noise = QLabel(tr("This model has no noise inputs"))
        self._no_noise.setProperty("role", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(4)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.psi)
        column.addWidget(self.cutoff)
        column.addWidget(self.centre)
        column.addSpacing(4)
        column.addWidget(self.mode)
        column.addWidget(self.strength)
        column.addWidget(self.seed)
        column.addWidget(self.motion)
        column.addWidget(self._no_noise)
        column.addWidget(self.place)
        self._info: ModelInfo | None = None
        bridge.model_changed.connect(self._introduce)
        store.changed.connect(self._show)
        self._show(store.recipe)

    # what a person's settings keep of it

    def use(self, machine: Settings) -> None:
        self.motion.set_speed(machine.noise_speed)

    def habits(self) -> dict[str, Any]:
        """The same fields as they are now."""
        return {"noise_speed": self.motion.motion.speed}

    def _introduce(self, info: ModelInfo) -> None:
        self._info = info
        self.cutoff.set_layers(len(info.layers))
        self._show(self._store.recipe)

    def _show(self, recipe: Recipe) -> None:
        has_noise = self._info is None or self._info.has_noise
        has_w = self._info is None or self._info.has_w
        transforms = self._info is not None and self._info.transforms
        self.place.setVisible(transforms)
        self.psi.setVisible(has_w)
        self.cutoff.setVisible(has_w)
        self.centre.setVisible(self._info is not None and self._info.centres > 0)
        self.mode.setVisible(has_noise)
        self._no_noise.setVisible(not has_noise and not transforms)  # what it has instead says enough
        self.strength.setVisible(has_noise)
        self.strength.setEnabled(recipe.noise.mode != "off")
        self.seed.setVisible(has_noise)
        self.seed.setEnabled(recipe.noise.mode == "random")
        self.motion.setVisible(has_noise)
        if not has_noise:
            self.motion.motion.stop()
