"""Keys that are not simply pressed: those that are held, Space on a focused button, Esc out of the full screen."""

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from . import key_bindings

TYPING = (QLineEdit, QPlainTextEdit, QTextEdit)


class Keyboard(QObject):
    """Watches the keys of one window, whatever in it has the focus."""

    compare_pressed = pyqtSignal()
    compare_released = pyqtSignal()
    escaped = pyqtSignal()
    alt_held = pyqtSignal(bool)

    def __init__(self, window: QWidget):
        super().__init__(window)
        self._window = window
        self.compare_keys: tuple[str, ...] = ()
        self._compares: int | None = None  # the key that is held, whatever has been pressed or let go beside it
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None:
            return False
        if watched is self._window and event.type() == QEvent.Type.WindowDeactivate:
            self._let_go()
            self.alt_held.emit(False)
        if not isinstance(event, QKeyEvent) or QApplication.activeWindow() not in (self._window, None):
            return False
        if not isinstance(watched, QWidget) or watched.window() is not self._window:
            return False
        if watched.property("takesKeys"):  # somebody chooses a key there
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            return self._keeps(watched, event)
        return self._held(watched, event)

    def _keeps(self, widget: QWidget, event: QKeyEvent) -> bool:
        """Space belongs to a button that was reached by Tab; nobody should have to take a mouse."""
        if _presses(widget, event):
            event.accept()
            return True
        return False

    def _held(self, widget: QWidget, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Alt and not event.isAutoRepeat():
            self.alt_held.emit(event.type() == QEvent.Type.KeyPress)
        if event.key() == self._compares:
            if event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
                self._let_go()
            return True
        if isinstance(widget, TYPING) or _presses(widget, event):
            return False
        if event.type() == QEvent.Type.KeyPress and key_bindings.pressed(event) in self.compare_keys:
            self._compares = event.key()
            self.compare_pressed.emit()
            return True
        if event.key() == Qt.Key.Key_Escape and event.type() == QEvent.Type.KeyPress and self._window.isFullScreen():
            self.escaped.emit()
            return True
        return False

    def _let_go(self) -> None:
        self._compares = None
        self.compare_released.emit()


def _presses(widget: QWidget, event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_Space and isinstance(widget, QAbstractButton | QComboBox)
