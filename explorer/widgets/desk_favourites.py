"""The favourites as small pictures to pick one from, for the mixing desk and for a morph."""

from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from engine.gallery.favourite import Favourite
from explorer.collection import Collection
from explorer.small_pictures import SmallPictures
from explorer.words import tr

from .gallery_list import GalleryList
from .gallery_view import GalleryView

EMPTY = "There is no favourite yet. F keeps the picture that you see."


class FavouritePicker(QDialog):
    """Goes on showing what is in the gallery; a double click or Enter picks, and it closes."""

    picked = pyqtSignal(object)  # Path

    def __init__(self, collection: Collection, small: SmallPictures, title: str, parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle(title)
        self._collection = collection
        self.rows = GalleryList()
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Search…"))
        self.field.setAccessibleName(tr("Search the favourites"))
        self.view = GalleryView(self.rows, small)
        self.view.setDragEnabled(False)
        self.words = QLabel(tr(EMPTY))
        self.words.setProperty("role", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self.words)
        column.addWidget(self.view, 1)
        self.resize(480, 360)
        self.field.textChanged.connect(lambda text: self.rows.ask(text, 0, "Newest"))
        self.field.returnPressed.connect(self._pick_first)
        self.view.wanted.connect(self._pick)
        collection.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        favourites = self._collection.contents.favourites
        self.rows.folder = self._collection.folder
        self.rows.show(favourites)
        self.words.setVisible(not favourites)

    def _pick_first(self) -> None:
        """What the search has found first."""
        if self.rows.shown:
            self._pick((self.view.selected() or self.rows.shown)[0])

    def _pick(self, item: Favourite) -> None:
        folder: Path | None = self._collection.folder
        if folder is not None:
            self.picked.emit(folder / item.name)
        self.close()
