"""A line of text that changes many times a second."""

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QLabel


class SteadyLabel(QLabel):
    """As wide as its longest text so far, so its neighbours stay where they are.

    A label of changing width would make the whole window lay itself out again with each text, some milliseconds each.
    """

    def setText(self, text: str | None) -> None:
        """Shows the text; grows where it must."""
        super().setText(text)
        wanted = self.sizeHint().expandedTo(QSize(self.minimumWidth(), 0))
        if wanted != self.maximumSize():
            self.setFixedSize(wanted)
