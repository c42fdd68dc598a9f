"""A key as a small button: click it, press another key, and that is told."""

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import QPushButton, QWidget

from explorer import key_bindings
from explorer.words import tr

ASKING = "press a key"
CLEAR = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class KeyChip(QPushButton):
    """One key of one action. While it listens every key is its own, even one that does something elsewhere."""

    listening = pyqtSignal(bool)
    chosen = pyqtSignal(str)  # the key; "" to have none

    def __init__(self, key: str, action: str, parent: QWidget | None = None):
        super().__init__(key_bindings.native(key) if key else tr("set"), parent)
        self._shown = self.text()
        self.setProperty("role", "key")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setAccessibleName(tr("Key for {action}: {key}", action=action, key=key_bindings.native(key) or tr("none")))
        self.setToolTip(tr("Click, then press another key"))
        self.clicked.connect(lambda: self.listen(True))

    @property
    def listens(self) -> bool:
        return bool(self.property("takesKeys"))

    def listen(self, listens: bool) -> None:
        """Whether the next key is taken."""
        if listens == self.listens:
            return
        self.setProperty("takesKeys", listens)
        self.setText(tr(ASKING) if listens else self._shown)
        style = self.style()
        if style is not None:
            style.polish(self)
        if listens:
            self.setFocus()
        self.listening.emit(listens)

    def event(self, event: QEvent | None) -> bool:
        if event is not None and self.listens and isinstance(event, QKeyEvent):
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._take(event)
            return True
        return super().event(event)

    def _take(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.listen(False)
            return
        bare = event.modifiers() == Qt.KeyboardModifier.NoModifier
        key = "" if bare and event.key() in CLEAR else key_bindings.pressed(event)
        if key or event.key() in CLEAR:
            self.listen(False)
            self.chosen.emit(key)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        self.listen(False)
        super().focusOutEvent(event)
