"""The one field for a number with decimals: it shows the language's own decimal mark, and takes a comma as well as a point."""

from PyQt6.QtCore import QLocale
from PyQt6.QtGui import QValidator
from PyQt6.QtWidgets import QDoubleSpinBox, QWidget

from explorer.figures import figure, plain


class DecimalBox(QDoubleSpinBox):
    """Qt's own is asked in the language of files; left to the machine's, it would read 0.5 as 5 in German."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setLocale(QLocale.c())

    def textFromValue(self, value: float) -> str:
        return figure(value, f".{self.decimals()}f")

    def valueFromText(self, text: str | None) -> float:
        return super().valueFromText(plain(text or ""))

    def validate(self, text: str | None, at: int) -> tuple[QValidator.State, str, int]:
        state, _, at = super().validate(plain(text or ""), at)
        return state, text or "", at

    def fixup(self, text: str | None) -> str:
        """As it is: Qt's own takes commas away."""
        return text or ""
