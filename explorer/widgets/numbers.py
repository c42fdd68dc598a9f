"""A field for a whole number that is a name rather than an amount, such as a seed."""

from PyQt6.QtCore import QRegularExpression, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QRegularExpressionValidator, QWheelEvent
from PyQt6.QtWidgets import QLineEdit, QWidget

from explorer.words import tr

PERIOD = 2**32


class SeedField(QLineEdit):
    """Typed, or stepped by arrows and wheel while it has the focus; steps past either end go on at the other."""

    chosen = pyqtSignal(object)  # int

    def __init__(self, name: str, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(
            tr(
                "{name}: the number that a picture is drawn from.\nType one, or step with the arrow keys or the wheel",
                name=name,
            )
        )
        self.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,10}"), self))
        self._number = 0
        self.editingFinished.connect(self._typed)

    @property
    def number(self) -> int:
        return self._number

    def show_number(self, number: int, text: str = "") -> None:
        """From outside; `text` stands for it where a number alone says too much."""
        self._number, text = number, text or str(number)
        if text != self.text() and not (self.hasFocus() and self.isModified()):
            self.setText(text)
            self.setCursorPosition(0)  # a long number shows its beginning

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_PageUp: 10, Qt.Key.Key_PageDown: -10}
        if event is not None and event.key() in steps:
            self._choose(self._number + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None and self.hasFocus() and event.angleDelta().y():
            self._choose(self._number + (1 if event.angleDelta().y() > 0 else -1))
            event.accept()
        elif event is not None:
            event.ignore()

    def _typed(self) -> None:
        if self.isModified() and self.text().isdigit():
            self._choose(int(self.text()))
        self.setModified(False)

    def _choose(self, number: int) -> None:
        self.setModified(False)
        self._number = number % PERIOD
        self.setText(str(self._number))
        self.chosen.emit(self._number)
