"""Facts in two columns: a quiet word, and what is known of it, which can be marked and copied."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from explorer import theme
from explorer.words import tr

Fact = tuple[str, str]
TIP_FROM = 34  # letters, beyond which the whole is in the tip too


class FactsGrid(QWidget):
    """Shows one list of facts after the other; those without a value are left out."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.facts: list[Fact] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """These from now on."""
        self.facts = [(word, said) for word, said in facts if said]
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (word, said) in enumerate(self.facts):
            self._grid.addWidget(_quiet(tr(word)), row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(_value(tr(said)), row, 1, Qt.AlignmentFlag.AlignTop)
        for row in range(self._grid.rowCount() + 1):
            self._grid.setRowStretch(row, int(row == len(self.facts)))  # what is left over goes below all of them

    def said(self, word: str) -> str:
        """What is shown beside a word; "" is nothing."""
        return dict(self.facts).get(word, "")


def _quiet(word: str) -> QLabel:
    label = QLabel(word)
    label.setProperty("role", "secondary")
    return label


def _value(said: str) -> QLabel:
    label = QLabel(said)
    label.setTextFormat(Qt.TextFormat.PlainText)  # a file's own words are never marked up
    label.setFont(theme.font(theme.SMALL))
    label.setProperty("role", "small")
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if len(said) > TIP_FROM:
        label.setToolTip(said)
    return label
