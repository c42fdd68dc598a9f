"""Where to begin when there is no model: two buttons under the words on the empty canvas."""

from collections.abc import Iterable

from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QWidget

START = (
    "Waking the model…",
    "Drag on the picture to walk from seed to seed.\nPress Ctrl+K to find anything this window can do.",
)
EMPTY = (
    "No model is open",
    "Drop a model file here, or open one.\nYou can also train one, on your own pictures or on a sample set.",
)
BELOW = 64  # pixels under the middle of what it lies over


class FirstSteps(QWidget):
    """A button for each action; the first is the one that most people want."""

    def __init__(self, over: QWidget, actions: Iterable[QAction]):
        super().__init__(over)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.buttons: list[QPushButton] = []
        for action in actions:
            button = QPushButton(action.text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setToolTip(action.toolTip())
            button.clicked.connect(action.trigger)
            if not self.buttons:
                button.setProperty("role", "primary")
            self.buttons.append(button)
            row.addWidget(button)
        over.installEventFilter(self)
        self.hide()

    def offer(self) -> None:
        """Shown until the first picture is there."""
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        over = self.parentWidget()
        if over is not None:
            self.adjustSize()
            self.move((over.width() - self.width()) // 2, over.height() // 2 + BELOW)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False
