"""Small pictures side by side, several of which can be chosen."""

from PyQt6.QtCore import QAbstractItemModel, QEvent, QSize, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QAbstractItemView, QListView, QWidget

from explorer.words import tr

SHOW = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Tiles(QListView):
    """As many in a row as there is room for. Keys that it `owns` come to it before the window's shortcuts."""

    def __init__(self, rows: QAbstractItemModel, name: str, tile: QSize, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAccessibleName(tr(name))
        self.setModel(rows)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setMinimumSize(2 * tile.width(), tile.height())

    def owns(self, event: QKeyEvent) -> bool:
        """Whether the key is the list's own."""
        return False

    def chosen_rows(self) -> list[int]:
        """From the first to the last."""
        return sorted(index.row() for index in self.selectedIndexes())

    def repaint_all(self) -> None:
        port = self.viewport()
        if port is not None:
            port.update()

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self.owns(event):
            event.accept()
            return True
        return super().event(event)


def plain(event: QKeyEvent) -> bool:
    """Whether the key is pressed by itself."""
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
