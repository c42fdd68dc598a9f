"""The prompts of a sheet, one a line."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QPlainTextEdit, QWidget

from explorer.prompts import LONGEST
from explorer.timers import after_rest
from explorer.words import tr

from .prompt_line import PAUSE

NARROW, WIDE = 110, 260  # pixels
BEGUN = 6  # of the prompts used lately are there at first


class SheetWords(QPlainTextEdit):
    """`changed` after a pause in the typing."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAccessibleName(tr("Prompts of the sheet"))
        self.setPlaceholderText(tr("One prompt a line"))
        self.setToolTip(tr("One prompt a line: the same seed is drawn for each"))
        self.setTabChangesFocus(True)
        self.setMinimumWidth(NARROW)
        self.setMaximumWidth(WIDE)
        self.textChanged.connect(after_rest(self, PAUSE, self.changed.emit).start)

    @property
    def prompts(self) -> list[str]:
        """Without empty lines, each once."""
        lines = (line.strip()[:LONGEST] for line in self.toPlainText().splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def begin(self, recent: tuple[str, ...]) -> None:
        """With some that were used lately, where nothing is written yet."""
        if not self.toPlainText():
            self.setPlainText("\n".join(recent[:BEGUN]))
