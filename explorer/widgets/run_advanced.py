"""All settings of a new training, as a form made from their declarations; what differs from the preset is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from explorer.words import tr

from .defaults import no_default
from .run_setting import SettingField

if TYPE_CHECKING:
    from engine.training.described import Setting

GROUPS = {
    "": "The training",
    "network": "The network",
    "network.judge": "The discriminator",
    "network.projection": "The discriminator that looks through other networks",
    "growth": "Pace: batch, learning rate, growing",
    "path": "Path length regularisation",
    "ada": "Augmentation that adapts",
    "blur": "Blur in the beginning",
    "guidance": "Guidance by another network",
    "stream": "Pictures that come from shards",
}
FIND = "Find a setting, such as rate or r1"
ABOUT = "Every setting of the preset, with what it may be. What you change is marked, and empty fields go back to the preset."


class RunAdvanced(QDialog):
    """Emits the texts of what was changed, by the names of settings."""

    chosen = pyqtSignal(dict)

    def __init__(self, settings: Sequence[Setting], changes: Mapping[str, str], parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle(tr("Advanced settings"))
        self.fields = {setting.name: SettingField(setting, changes.get(setting.name)) for setting in settings}
        self._groups: list[tuple[QWidget, list[SettingField]]] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr(FIND))
        self.search.setAccessibleName(tr("Find a setting"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.count = QLabel()
        self.count.setProperty("role", "secondary")
        self.reset = QPushButton(tr("Back to the preset"))
        self.reset.clicked.connect(self._reset)
        self.take = QPushButton(tr("Use these"))
        self.take.setProperty("role", "primary")
        self.take.clicked.connect(self._take)
        for field in self.fields.values():
            field.changed.connect(self._count)
        self._lay_out()
        self._count()
        no_default(self)
        self.resize(560, 640)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(20)
        for group, title in GROUPS.items():
            fields = [field for field in self.fields.values() if field.setting.group == group]
            if fields:
                column.addWidget(self._group(tr(title), fields))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        about = QLabel(tr(ABOUT))
        about.setWordWrap(True)
        about.setProperty("role", "secondary")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.reset)
        foot.addWidget(self.take)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(12)
        whole.addWidget(about)
        whole.addWidget(self.search)
        whole.addWidget(area, 1)
        whole.addLayout(foot)

    def _group(self, title: str, fields: list[SettingField]) -> QWidget:
        group = QWidget()
        grid = QGridLayout(group)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        words = QLabel(title)
        words.setProperty("role", "heading")
        grid.addWidget(words, 0, 0, 1, 2)
        for row, field in enumerate(fields, start=1):
            grid.addWidget(field.words, row, 0)
            grid.addWidget(field.editor, row, 1, Qt.AlignmentFlag.AlignTop)
        self._groups.append((group, fields))
        return group

    def changes(self) -> dict[str, str]:
        """What differs from the preset."""
        return {name: text for name, field in self.fields.items() if (text := field.change()) is not None}

    def _filter(self, wanted: str) -> None:
        """Only settings whose name or words hold all that is typed."""
        parts = wanted.lower().split()
        for group, fields in self._groups:
            for field in fields:
                told = f"{field.setting.name} {field.setting.about} {tr(field.setting.about)}".lower()
                field.show_if(all(part in told for part in parts))
            group.setVisible(any(field.wanted for field in fields))

    def _count(self) -> None:
        count = len(self.changes())
        self.count.setText(tr("{count} changed", count=count) if count else tr("As the preset says"))
        self.reset.setEnabled(bool(count))

    def _reset(self) -> None:
        for field in self.fields.values():
            field.reset()

    def _take(self) -> None:
        self.accept()
        self.chosen.emit(self.changes())
