"""One of a few words, side by side, that stands for one field of the recipe."""

from collections.abc import Mapping

from PyQt6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.recipe import Recipe, get, knob
from explorer.store import Store
from explorer.words import tr

from .bound import LABEL


class Choice(QWidget):
    """A button for each of the field's choices; `words` are their names and tips for people."""

    def __init__(self, store: Store, path: str, words: Mapping[str, tuple[str, str]], parent: QWidget | None = None):
        super().__init__(parent)
        self._store, self._path = store, path
        said = knob(Recipe, path)
        self.title = tr(said.title)
        self.buttons = {choice: QPushButton(tr(words[choice][0])) for choice in said.choices}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        label = QLabel(self.title)
        label.setFixedWidth(LABEL + 4)
        row.addWidget(label)
        group = QButtonGroup(self)
        for choice, button in self.buttons.items():
            button.setCheckable(True)
            button.setToolTip(tr(words[choice][1]))
            button.clicked.connect(lambda _, choice=choice: self._choose(choice))
            group.addButton(button)
            row.addWidget(button, 1)
        self.setToolTip(tr(said.description))
        store.changed.connect(self._show)
        self._show(store.recipe)

    def _choose(self, choice: str) -> None:
        self._store.keep()
        self._store.set(self._path, choice)
        self._store.keep(f"{self.title} {self.buttons[choice].text().lower()}")

    def _show(self, recipe: Recipe) -> None:
        self.buttons[get(recipe, self._path)].setChecked(True)
