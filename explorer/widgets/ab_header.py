"""A and B side by side: what is mixed with what, and everything that chooses another B."""

import random
from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QDragEnterEvent, QDropEvent
from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.recipe import BadRecipe, Latent, Recipe, Seed, seeded
from engine.render import png
from engine.render.frame import Failure
from explorer import mixing
from explorer.bridge import Bridge
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.walk import label

from .buttons import icon_button
from .numbers import SeedField
from .picture import Picture
from .seed_row import MOST

SIDE = 56
PICTURES = "Pictures made here (*.png *.json)"


class ABHeader(QWidget):
    """B is chosen here by seed, by chance, or from a picture made here, which may also be dropped on it."""

    swapped = pyqtSignal()

    def __init__(self, store: Store, bridge: Bridge, thumbnails: Thumbnails, parent: QWidget | None = None):
        super().__init__(parent)
        self._store, self._bridge = store, bridge
        self.a = Picture(thumbnails, lambda: mixing.only_a(store.recipe), "a", SIDE)
        self.b = Picture(thumbnails, lambda: mixing.only_b(store.recipe), "b", SIDE)
        self.a.setToolTip("A: the picture that B is laid over")
        self.b.setToolTip("B: another picture, laid over A layer by layer. Drop a picture made here to take its style")
        self.a_words, self.b_words = QLabel(), QLabel()
        self.field = SeedField("Seed of B")
        self.field.chosen.connect(self.choose)
        self.swap = icon_button("arrow-left-right", "Swap A and B (X)", self._swap)
        self.setAcceptDrops(True)
        self._lay_out()
        store.changed.connect(self._show)
        self._show(store.recipe)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.a)
        row.addLayout(_column(_heading("▲ A", "a"), self.a_words))
        row.addStretch(1)
        row.addWidget(self.swap)
        row.addStretch(1)
        row.addLayout(self._b_column())
        row.addWidget(self.b)

    def _b_column(self) -> QVBoxLayout:
        self.dice = icon_button("dices", "Random B (Shift+R)", lambda: self.choose(random.randint(0, MOST)))
        self.from_picture = icon_button("folder-open", "B from a picture made here…", self._ask_picture)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        back = icon_button("chevron-left", "Seed before this one", lambda: self.choose(self.field.number - 1))
        on = icon_button("chevron-right", "Next seed", lambda: self.choose(self.field.number + 1))
        for button in (back, self.dice, on, self.from_picture):
            button.setFixedSize(24, 24)
            buttons.addWidget(button)
        self.field.setFixedWidth(96)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        heading = _heading("B ●", "b")
        heading.setAlignment(Qt.AlignmentFlag.AlignRight)
        column = _column(heading, self.field)
        column.addLayout(buttons)
        return column

    def choose(self, number: int) -> None:
        """Another seed for B."""
        b = seeded(number, label(mixing.b_latent(self._store.recipe)))
        self._store.do(mixing.with_b(self._store.recipe, b), f"B: seed {number}")

    def open_picture(self, path: Path) -> None:
        """The style of a picture made here becomes B; what is wrong with it is said in the window."""
        try:
            recipe = png.open_recipe(path)
        except BadRecipe as error:
            self._refuse(error)
            return
        model = self._store.recipe.model
        if recipe.model.identity and model.identity and recipe.model.identity != model.identity:
            self._refuse(
                BadRecipe(f"{path.name} was made with another model, {recipe.model.name!r}; open that one first.")
            )
            return
        self._bridge.ask(lambda renderer: renderer.store(recipe), self._laid(path.name), self._refuse)

    def _laid(self, name: str) -> Callable[[Latent], None]:
        return lambda latent: self._store.do(mixing.with_b(self._store.recipe, latent), f"B: {name}")

    def _refuse(self, error: Exception) -> None:
        self._bridge.failed.emit(Failure(self._store.recipe, error))

    def _ask_picture(self) -> None:
        dialog = QFileDialog(self, "B from a picture made here", "", PICTURES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.open_picture(Path(name)))
        dialog.open()

    def _swap(self) -> None:
        self._store.do(mixing.swap(self._store.recipe), "Swap A and B")

    def _show(self, recipe: Recipe) -> None:
        b = mixing.b_latent(recipe)
        self.a_words.setText(named(recipe.latent))
        self.field.show_number(_first(b), "" if _seed(b) is not None else named(b))

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None and _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        path = _dropped(event) if event is not None else None
        if event is not None and path is not None:
            event.acceptProposedAction()
            self.open_picture(path)


def _dropped(event: QDropEvent) -> Path | None:
    data = event.mimeData()
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data is not None else []
    return Path(files[0]) if len(files) == 1 and Path(files[0]).suffix.lower() in (".png", ".json") else None


def _heading(text: str, role: str) -> QLabel:
    heading = QLabel(text)
    heading.setProperty("role", role)
    return heading


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return column


def _seed(latent: Latent) -> int | None:
    """The latent's seed, if it is just that."""
    point = latent.points[0].point
    return point.number if len(latent.points) == 1 and isinstance(point, Seed) else None


def _first(latent: Latent) -> int:
    point = latent.points[0].point
    return point.number if isinstance(point, Seed) else 0


def named(latent: Latent) -> str:
    """A few letters that say what a latent is."""
    number = _seed(latent)
    if number is not None:
        return f"seed {number}"
    return "blend" if len(latent.points) > 1 else "picture"
