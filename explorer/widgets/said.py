"""One line at the foot of a dialog that says what became of a deed; an error can be copied with its details."""

from collections.abc import Callable

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from explorer import theme
from explorer.words import tr

from .messages import sentence


class Said(QWidget):
    """In the way of nothing; what was said last stays until something else is."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.text, self.error = "", False
        self._details = ""
        self._icon = QLabel()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copier = QPushButton(tr("Copy"))
        self.copier.setToolTip(tr("Copy the message with its details, to ask somebody about it"))
        self.copier.clicked.connect(self.copy)
        self._extra: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self.copier)
        self.clear()

    def clear(self) -> None:
        self._say("", "", error=False)

    def tell(self, text: str, *buttons: tuple[str, Callable[[], None]]) -> None:
        """Good news."""
        self._say(sentence(tr(text)), "", error=False)
        for words, do in buttons:
            button = QPushButton(tr(words))
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, do=do: do())
            self._row.addWidget(button)
            self._extra.append(button)

    def complain(self, text: str, details: str = "") -> None:
        """What did not work."""
        self._say(sentence(tr(text)), details, error=True)

    def copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText("\n\n".join(part for part in (self.text, self._details) if part))

    def _say(self, text: str, details: str, error: bool) -> None:
        self.text, self._details, self.error = text, details, error
        for button in self._extra:
            button.hide()
            button.deleteLater()
        self._extra = []
        shown = theme.icon("circle-alert" if error else "check", "bad" if error else "good")
        self._icon.setPixmap(shown.pixmap(QSize(16, 16), self.devicePixelRatioF()))
        self._words.setText(text)
        self.copier.setVisible(error)
        self.setVisible(bool(text))
