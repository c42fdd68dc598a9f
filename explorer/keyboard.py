"""Keys that are not simply pressed: one that is held, Space on a focused button, Esc out of the full screen."""

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

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
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is None:
            return False
        if event.type() == QEvent.Type.WindowDeactivate and watched is self._window:
            self.compare_released.emit()
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
        if event.key() == Qt.Key.Key_Space and isinstance(widget, QAbstractButton | QComboBox):
            event.accept()
            return True
        return False

    def _held(self, widget: QWidget, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Alt and not event.isAutoRepeat():
            self.alt_held.emit(event.type() == QEvent.Type.KeyPress)
        if isinstance(widget, TYPING):
            return False
        if event.key() == Qt.Key.Key_QuoteLeft:
            if not event.isAutoRepeat():
                pressed = event.type() == QEvent.Type.KeyPress
                (self.compare_pressed if pressed else self.compare_released).emit()
            return True
        if event.key() == Qt.Key.Key_Escape and event.type() == QEvent.Type.KeyPress and self._window.isFullScreen():
            self.escaped.emit()
            return True
        return False
