"""The command palette: type a few letters of anything the window can do, Enter does it."""

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QObject, QSize, Qt
from PyQt6.QtGui import QAction, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from explorer.words import tr

WIDTH, ROWS, ROW = 520, 10, 32


def score(query: str, text: str) -> int | None:
    """How well the letters of `query` are found in `text`, in order; lower is better, None: they are not there."""
    text, total, at = text.lower(), 0, -1
    for letter in query.lower().replace(" ", ""):
        found = text.find(letter, at + 1)
        if found < 0:
            return None
        starts_word = found == 0 or not text[found - 1].isalnum()
        total += 0 if found == at + 1 or starts_word else found - at
        at = found
    return total * 100 + len(text)


class Palette(QFrame):
    """An overlay at the top of the window; Esc or a click elsewhere closes it."""

    def __init__(self, over: QWidget):
        super().__init__(over)
        self.setObjectName("overlay")
        self._actions: Sequence[QAction] = ()
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("What do you want to do?"))
        self.field.setAccessibleName(tr("Search all actions"))
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.list.itemClicked.connect(self._do)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.hide()

    def open(self, actions: Sequence[QAction]) -> None:
        self._actions = [action for action in actions if not action.property("held")]  # nothing to hold here
        self.field.clear()
        self._filter("")
        self.show()
        self.raise_()
        self.field.setFocus()

    def _filter(self, query: str) -> None:
        ranked = [(score(query, action.text()), at, action) for at, action in enumerate(self._actions)]
        self.list.clear()
        found = [(rank if query else 0, at, action) for rank, at, action in ranked if rank is not None]
        for _, _, action in sorted(found, key=lambda item: item[:2]):
            self._add(action)
        if not self.list.count():
            item = QListWidgetItem(tr("Nothing is called that"), self.list)
            item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(0)
        self._place()

    def _place(self) -> None:
        """At the top in the middle, as high as what was found."""
        over = self.parentWidget()
        room = over.width() if over is not None else WIDTH
        width = min(WIDTH, room - 32)
        self.list.setFixedHeight(min(self.list.count(), ROWS) * ROW + 2)
        self.setGeometry((room - width) // 2, 56, width, self.list.height() + self.field.sizeHint().height() + 20)

    def _add(self, action: QAction) -> None:
        item = QListWidgetItem(self.list)
        item.setSizeHint(QSize(0, ROW))
        item.setData(Qt.ItemDataRole.UserRole, action)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(8, 0, 8, 0)
        icon = QLabel()
        icon.setFixedWidth(20)
        icon.setPixmap(action.icon().pixmap(QSize(16, 16), self.devicePixelRatioF()))
        line.addWidget(icon)
        text = QLabel(action.text())
        text.setEnabled(action.isEnabled())
        line.addWidget(text, 1)
        keys = action.shortcuts()
        if keys:
            key = QLabel(keys[0].toString(QKeySequence.SequenceFormat.NativeText))
            key.setProperty("role", "key")
            line.addWidget(key)
        self.list.setItemWidget(item, row)

    def _do(self, item: QListWidgetItem | None) -> None:
        action = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if action is not None and action.isEnabled():
            self.hide()
            action.trigger()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.FocusOut:
            self.hide()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow((self.list.currentRow() + step) % max(self.list.count(), 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do(self.list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True
