"""Who is A and who is B, above the equalizer. They are chosen in the Source panel; a click leads there."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.recipe import Recipe
from explorer import mixing
from explorer.pictures import words_for
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .ab_marks import Badge
from .picture import Picture
from .steady import SteadyLabel

SIDE = 40


class Who(QWidget):
    """One of the two: its picture, its mark and what it is, from the left or from the right."""

    asked = pyqtSignal()

    def __init__(self, picture: Picture, which: str):
        super().__init__()
        self.setToolTip(tr("{which}. Click to choose another in Source", which=which))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.words = SteadyLabel()
        side = Qt.AlignmentFlag.AlignLeft if which == "A" else Qt.AlignmentFlag.AlignRight
        self.words.setAlignment(side)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addStretch(1)
        column.addWidget(Badge(which), alignment=side)
        column.addWidget(self.words, alignment=side)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(column)
        row.insertWidget(0 if which == "A" else 1, picture)
        picture.clicked.connect(self.asked)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self.rect().contains(event.position().toPoint()):
            self.asked.emit()


class ABHeader(QWidget):
    """A at the left, B at the right."""

    asked = pyqtSignal(str)  # "A" or "B": somebody wants another

    def __init__(self, store: Store, thumbnails: Thumbnails, parent: QWidget | None = None):
        super().__init__(parent)
        self.a = Who(Picture(thumbnails, lambda: mixing.only_a(store.recipe), "a", SIDE), "A")
        self.b = Who(Picture(thumbnails, lambda: mixing.only_b(store.recipe), "b", SIDE), "B")
        self.a.asked.connect(lambda: self.asked.emit("A"))
        self.b.asked.connect(lambda: self.asked.emit("B"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.a)
        row.addStretch(1)
        row.addWidget(self.b)
        store.changed.connect(self._show)
        self._show(store.recipe)

    def put_between(self, widget: QWidget) -> None:
        """A control between the two."""
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(2, widget)
        row.insertStretch(3, 1)

    def _show(self, recipe: Recipe) -> None:
        self.a.words.setText(words_for(recipe.latent))
        self.b.words.setText(words_for(mixing.b_latent(recipe)))
