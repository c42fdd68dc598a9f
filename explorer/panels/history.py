"""History: a small picture of every kept step on the line that leads to it; a click goes there, ways that were left stay."""

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from explorer.bridge import Bridge
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.widgets.history_view import HistoryView
from explorer.words import tr


class HistoryPanel(QWidget):
    """A strip with time going to the right, or, high and narrow, with time going down. Nothing that was done is ever lost."""

    title = "History"
    kept = pyqtSignal(object)  # recipes to keep as favourites

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self._store = store
        self.view = HistoryView(store, Thumbnails.shared(store, bridge), self)
        self.view.wanted.connect(store.go)
        self.view.kept.connect(lambda recipe: self.kept.emit([recipe]))
        self._empty = QLabel(tr("Every step you take appears here. A click goes back to it; nothing is ever lost."))
        self._empty.setProperty("role", "secondary")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 0)
        self._pages = QStackedLayout()
        column.addLayout(self._pages)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self.view)
        self.setFocusProxy(self.view)
        store.kept.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        filled = len(self._store.history) > 1
        if filled != (self._pages.currentIndex() == 1):
            self._pages.setCurrentIndex(int(filled))
            QTimer.singleShot(0, self.view.follow)
