"""A small window with three pictures: without a layer, with it, and where the two differ."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer.words import tr

from .equalizer_difference import Difference
from .plate import Plate

SIDE = 208


class LayerView(QDialog):
    """Opens at once and fills itself when the pictures are there."""

    def __init__(self, title: str, asks: str, parent: QWidget):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.plates = [Plate(name, SIDE) for name in ("Before", "After", "Where it changes")]
        row = QHBoxLayout()
        row.setSpacing(8)
        for picture in self.plates:
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(picture)
            column.addWidget(QLabel(picture.accessibleName()), alignment=Qt.AlignmentFlag.AlignHCenter)
            row.addLayout(column)
        self._caption = QLabel(asks[0].upper() + asks[1:] + ".")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 12)
        whole.setSpacing(12)
        whole.addWidget(self._caption)
        whole.addLayout(row)

    def fill(self, found: Difference) -> None:
        """The pictures have been drawn."""
        for picture, image in zip(self.plates, (found.before, found.after, found.where), strict=True):
            picture.set_image(image)
        if found.share < 0.002:
            self._caption.setText(self._caption.text() + " " + tr("Here that is next to nothing."))
