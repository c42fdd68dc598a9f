"""The sheet of all keys, over the window; any key or click takes it away."""

from collections.abc import Iterable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction, QFocusEvent, QFontMetrics, QKeyEvent, QKeySequence, QMouseEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer import theme


class KeySheet(QFrame):
    """Grouped as the table of actions is; what hands do comes last."""

    def __init__(self, over: QWidget, actions: Iterable[QAction], by_hand: Iterable[tuple[str, str]]):
        super().__init__(over)
        self.setObjectName("overlay")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        groups: dict[str, list[tuple[list[str], str]]] = {}
        for action in actions:
            keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
            if keys:
                groups.setdefault(action.property("group"), []).append((keys, action.text().rstrip("…")))
        groups["By hand"] = [([key], text) for key, text in by_hand]
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 24, 24)
        row.setSpacing(32)
        for part in _columns(groups):
            column = QVBoxLayout()
            column.setSpacing(16)
            wide = max(_width(keys) for name in part for keys, _ in groups[name])
            for name in part:
                column.addLayout(_group(name, groups[name], wide))
            column.addStretch(1)
            row.addLayout(column)
        self.hide()

    def open(self) -> None:
        over = self.parentWidget()
        self.adjustSize()
        if over is not None:
            self.move((over.width() - self.width()) // 2, (over.height() - self.height()) // 2)
        self.show()
        self.raise_()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        self.hide()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        self.hide()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        self.hide()


def _columns(groups: dict[str, list[tuple[list[str], str]]]) -> list[list[str]]:
    """The groups' names in two columns of about equal length."""
    half = sum(len(rows) + 2 for rows in groups.values()) / 2
    columns: list[list[str]] = [[], []]
    length = 0
    for name, rows in groups.items():
        columns[0 if length + len(rows) / 2 < half else 1].append(name)
        length += len(rows) + 2
    return columns


def _width(keys: list[str]) -> int:
    """How many pixels the keys need, so that the words beside them line up in all groups."""
    metrics = QFontMetrics(theme.font(theme.SMALL))
    return sum(metrics.horizontalAdvance(key) + 20 for key in keys[:2])


def _group(name: str, rows: list[tuple[list[str], str]], wide: int) -> QGridLayout:
    grid = QGridLayout()
    grid.setColumnMinimumWidth(0, wide)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    heading = QLabel(name)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for at, (keys, text) in enumerate(rows, 1):
        line = QHBoxLayout()
        line.setSpacing(4)
        for key in keys[:2]:
            label = QLabel(key)
            label.setProperty("role", "key")
            line.addWidget(label)
        line.addStretch(1)
        grid.addLayout(line, at, 0)
        grid.addWidget(QLabel(text), at, 1)
    grid.setColumnStretch(1, 1)
    return grid
