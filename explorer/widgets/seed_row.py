"""Label, number and dice for a seed of the recipe that is not a latent, such as the noise's."""

import random

from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.recipe import Recipe, get
from explorer.store import Store
from explorer.words import inside, tr

from .bound import LABEL
from .buttons import icon_button
from .numbers import SeedField

MOST = 99_999  # numbers that a person can remember; any up to 2^32 − 1 can be typed


class SeedRow(QWidget):
    """One field of the recipe; each choice is one step of undo."""

    def __init__(self, store: Store, path: str, label: str, parent: QWidget | None = None):
        super().__init__(parent)
        label = tr(label)
        self._store, self._path, self._label = store, path, label
        self.field = SeedField(label)
        self.field.chosen.connect(self.choose)
        self.dice = icon_button(
            "dices", tr("Another {label}", label=inside(label)), lambda: self.choose(random.randint(0, MOST))
        )
        words = QLabel(label)
        words.setFixedWidth(LABEL + 4)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(words)
        row.addWidget(self.field, 1)
        row.addWidget(self.dice)
        store.changed.connect(self._show)
        self._show(store.recipe)

    def choose(self, number: int) -> None:
        self._store.keep()
        self._store.set(self._path, number)
        self._store.keep(f"{self._label} {number}")

    def _show(self, recipe: Recipe) -> None:
        self.field.show_number(get(recipe, self._path))
