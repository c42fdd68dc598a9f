"""A window that compares two pictures."""

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from explorer.words import tr

from .two_pictures import WAYS, TwoPictures


class CompareView(QDialog):
    """Beside the main window, which goes on as ever."""

    def __init__(self, first: QImage, second: QImage, names: tuple[str, str], parent: QWidget):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("{one} and {other}", one=names[0], other=names[1]))
        self.resize(900, 560)
        self.pictures = TwoPictures()
        self.pictures.show_images(first, second, names)
        self.buttons = {way: self._button(tr(way), tr(tip)) for way, tip in WAYS.items()}
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in self.buttons.values():
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        next(iter(self.buttons.values())).setChecked(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.pictures, 1)
        self.pictures.setFocus()

    def _button(self, way: str, tip: str) -> QPushButton:
        button = QPushButton(way)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: self._go(way))
        return button

    def _go(self, way: str) -> None:
        self.pictures.go(way)
        self.pictures.setFocus()
