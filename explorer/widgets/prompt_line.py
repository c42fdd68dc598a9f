"""A line for a prompt: seen soon after a pause in the typing, one step of undo when the hand rests; Up brings older ones."""

from html import escape

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QHelpEvent, QKeyEvent
from PyQt6.QtWidgets import QLineEdit, QToolTip, QWidget

from explorer.prompts import LONGEST, Prompts
from explorer.timers import after_rest

ARROWS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
MARGIN = 8  # pixels between the frame of a line and its words
PAUSE, SETTLE = 250, 1200  # milliseconds without a key until it is drawn, and until it is a step of undo


class PromptLine(QLineEdit):
    """`typed` with the text after a pause, `settled` when the typing is over."""

    typed = pyqtSignal(str)
    settled = pyqtSignal()

    def __init__(self, prompts: Prompts, name: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._prompts, self._at = prompts, 0
        self._ways: tuple[str, ...] = ()  # what Up goes through, and how far it has gone
        self._open = self._fresh = False  # typing that is no step of undo yet, and none of the recent prompts
        self.setAccessibleName(name)
        self.setMaxLength(LONGEST)
        self.setMinimumWidth(60)
        self._pause = after_rest(self, PAUSE, self._tell)
        self._settle = after_rest(self, SETTLE, self.settle)
        self.textEdited.connect(self._edited)
        self.editingFinished.connect(self._finished)

    @property
    def prompt(self) -> str | None:
        """What it says; None where it says nothing."""
        return self.text().strip() or None

    def show_prompt(self, prompt: str | None) -> None:
        """From outside, without telling anyone; what is being typed stays."""
        if self.prompt != prompt and not self._pause.isActive():
            self.setText(prompt or "")
            self.setCursorPosition(0)

    def write(self, text: str) -> None:
        """As if it had been typed and left."""
        self.setText(text)
        self._open = self._fresh = True
        self._finished()

    def settle(self) -> None:
        """What is typed is a step of undo now, and will not be changed any more by waiting."""
        self._settle.stop()
        if self._pause.isActive():
            self._pause.stop()
            self._tell()
        if self._open:
            self._open = False
            self.settled.emit()

    def explained(self) -> str:
        """The tool tip: before it all of a prompt that is longer than the line."""
        room = self.width() - self.textMargins().left() - self.textMargins().right() - 2 * MARGIN
        cut = self.fontMetrics().horizontalAdvance(self.text()) > room
        return f"<p>{escape(self.text())}</p><p>{escape(self.toolTip())}</p>" if cut else self.toolTip()

    def _edited(self) -> None:
        self._open = self._fresh = True
        self._at = 0
        self._pause.start()
        self._settle.start()

    def _tell(self) -> None:
        self.typed.emit(self.prompt or "")

    def _finished(self) -> None:
        if self._open and not self._pause.isActive():
            self._tell()
        self.settle()
        if self._fresh:
            self._fresh = False
            self._prompts.add(self.prompt or "")

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in ARROWS:
            self._recall(ARROWS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _recall(self, step: int) -> None:
        """An older prompt or a newer one; the newest is what was typed."""
        if not self._at:
            self._ways = (self.text(), *(text for text in self._prompts.recent if text != self.text()))
        to = min(max(self._at + step, 0), len(self._ways) - 1)
        if to != self._at:
            self.setText(self._ways[to])
            self._edited()
            self._at = to

    def event(self, event: QEvent | None) -> bool:
        """Up and Down are its own, whatever the window uses them for; hovered, it shows words that are cut off whole."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.explained(), self)
            return True
        pressed = isinstance(event, QKeyEvent) and event.key() in ARROWS
        if event is not None and pressed and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)
