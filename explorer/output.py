"""Full screen for an audience: only the picture, no pointer, and nothing that pops up; afterwards all is as it was."""

from collections.abc import Sequence

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtWidgets import QDockWidget, QMainWindow, QWidget

from .canvas import Canvas
from .docks import restore
from .widgets.messages import Messages


class Output:
    """Turned on and off by `toggle`."""

    def __init__(self, window: QMainWindow, canvas: Canvas, messages: Messages):
        self._window, self._canvas, self._messages = window, canvas, messages
        self._before: tuple[QByteArray, Qt.WindowState] | None = None

    @property
    def on(self) -> bool:
        return self._before is not None

    def toggle(self, bars: Sequence[QWidget], docks: Sequence[QDockWidget]) -> None:
        """Hides the bars and docks and fills the screen, or brings back what was there before."""
        if self._before is None:
            self._before = (self._window.saveState(), self._window.windowState())
            for widget in (*bars, *docks):
                widget.hide()
            self._canvas.set_output(True)
            self._messages.hold(True)
            self._window.showFullScreen()
        else:
            (state, shape), self._before = self._before, None
            for bar in bars:
                bar.show()
            self._canvas.set_output(False)
            self._window.setWindowState(shape)
            restore(self._window, state.data())
            self._messages.hold(False)
        self._canvas.setFocus()
