"""The command palette: type a few letters of anything the window can do, Enter does it."""

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QModelIndex, QObject, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QAction, QKeyEvent, QPainter
from PyQt6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from explorer import theme
from explorer.words import tr

from .offers import offers

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

    def __init__(self, over: QWidget, panels: Sequence[QWidget] = ()):
        super().__init__(over)
        self._panels, self._offered = panels, QWidget(self)
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
        self.list.setItemDelegate(_Row(self.list))
        self.list.itemClicked.connect(self._do)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.hide()

    def open(self, actions: Sequence[QAction]) -> None:
        """Offers these, and whatever the panels can do that are open now."""
        self._offered.deleteLater()
        self._offered = QWidget(self)
        known = {action.text() for action in actions}
        offered = offers(self._panels, self._offered)
        every = [*actions, *(offer for offer in offered if offer.text().partition(": ")[2] not in known)]
        self._actions = [action for action in every if not action.property("held")]  # nothing to hold here
        self.field.clear()
        self._filter("")
        self.show()
        self.raise_()
        self.field.setFocus()

    def _filter(self, query: str) -> None:
        ranked = [(score(query, action.text()), at, action) for at, action in enumerate(self._actions)]
        self.list.clear()
        found = [((not a.isEnabled(), rank if query else 0, at), a) for rank, at, a in ranked if rank is not None]
        for _, action in sorted(found, key=lambda item: item[0]):
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
        item = QListWidgetItem(action.icon(), action.text(), self.list)
        item.setSizeHint(QSize(0, ROW))
        item.setData(Qt.ItemDataRole.UserRole, action)

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


class _Row(QStyledItemDelegate):
    """Icon, words and key of an action, painted: a widget for each of a hundred rows would be slow to open."""

    def paint(self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        action = index.data(Qt.ItemDataRole.UserRole)
        if painter is None or action is None:
            super().paint(painter, option, index)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font())
        place, key = option.rect.adjusted(8, 0, -8, 0), str(action.property("key") or "")
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(option.rect, 4, 4)
        if key:
            chip = QRectF(0, 0, painter.fontMetrics().horizontalAdvance(key) + 14, 22)
            chip.moveCenter(place.center().toPointF())
            chip.moveRight(place.right() - 0.5)
            painter.setPen(theme.colour("line"))
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(chip, 4, 4)
            painter.setPen(theme.colour("text"))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, key)
            place.setRight(round(chip.left()) - 8)
        action.icon().paint(painter, QRect(place.x(), place.center().y() - 7, 16, 16))
        place.setLeft(place.left() + 28)
        painter.setPen(theme.colour("text" if action.isEnabled() else "disabled"))
        words = painter.fontMetrics().elidedText(action.text(), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()
