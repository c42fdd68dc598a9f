"""A bar of controls that goes on in a second line where the window is too narrow for one."""

from collections.abc import Sequence
from itertools import pairwise

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

SPACING, APART = 4, 12  # pixels between controls of a group, and between groups
Group = Sequence[QWidget]


class Wrapped(QLayout):
    """Groups from left to right, the last one at the right edge; a group that finds no room begins a line.

    A group wider than the whole bar is broken too. What likes to be wide (QSizePolicy.Expanding) takes what a line leaves.
    """

    def __init__(self, bar: QWidget, groups: Sequence[Group]):
        super().__init__(bar)
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._group: list[int] = []
        for at, group in enumerate(groups):
            for widget in group:
                self._group.append(at)
                self.addWidget(widget)
        policy = QSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        )  # a narrow window stays as narrow
        policy.setHeightForWidth(True)
        bar.setSizePolicy(policy)

    # what Qt asks of a layout

    def addItem(self, item: QLayoutItem | None) -> None:
        if item is not None:
            self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        del self._group[index : index + 1]
        return self._items.pop(index)

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return sum(map(self._height, self._lines(width))) + SPACING * max(len(self._lines(width)) - 1, 0)

    def minimumSize(self) -> QSize:
        shown = self._shown()
        width = max((self._items[at].minimumSize().width() for at in shown), default=0)
        return QSize(width, self._height(shown))

    def sizeHint(self) -> QSize:
        shown = self._shown()
        return QSize(self._width(shown), self._height(shown))

    def setGeometry(self, room: QRect) -> None:
        super().setGeometry(room)
        top = room.y()
        for line in self._lines(room.width()):
            height = self._height(line)
            self._place(line, QRect(room.x(), top, room.width(), height))
            top += height + SPACING

    # lines

    def _shown(self) -> list[int]:
        return [at for at, item in enumerate(self._items) if not item.isEmpty()]

    def _wide(self, at: int) -> int:
        return self._items[at].sizeHint().width()

    def _gap(self, at: int, before: int) -> int:
        return SPACING if self._group[at] == self._group[before] else APART

    def _width(self, line: Sequence[int]) -> int:
        gaps = sum(self._gap(at, before) for before, at in pairwise(line))
        return sum(map(self._wide, line)) + gaps

    def _height(self, line: Sequence[int]) -> int:
        return max((self._items[at].sizeHint().height() for at in line), default=0)

    def _lines(self, width: int) -> list[list[int]]:
        """Whole groups where they fit into a line at all, else what fits of them."""
        lines: list[list[int]] = []
        for group in dict.fromkeys(self._group):
            members = [at for at in self._shown() if self._group[at] == group]
            parts = [members] if self._width(members) <= width else [[at] for at in members]
            for part in filter(None, parts):
                if lines and self._width([*lines[-1], *part]) <= width:
                    lines[-1] += part
                else:
                    lines.append(list(part))
        return lines

    def _place(self, line: Sequence[int], room: QRect) -> None:
        left, spare = room.x(), max(room.width() - self._width(line), 0)
        last = self._group[-1]
        for before, at in zip([None, *line], line, strict=False):
            left += self._gap(at, before) if before is not None else 0
            item = self._items[at]
            wide = min(self._wide(at), room.width())
            if item.expandingDirections() & Qt.Orientation.Horizontal:
                more = min(spare, max(item.maximumSize().width() - wide, 0))
                wide, spare = wide + more, spare - more
            if self._group[at] == last and (before is None or self._group[before] != last):
                left, spare = left + spare, 0
            height = min(item.sizeHint().height(), room.height())
            item.setGeometry(QRect(left, room.y() + (room.height() - height) // 2, wide, height))
            left += wide
