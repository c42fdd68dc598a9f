"""Other settings for a run that goes on: the usual ones as fields, any other one by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from explorer.figures import plain, said
from explorer.words import tr

from .defaults import no_default

FIELDS = {
    "kimg": ("Length (thousands)", "Thousands of pictures in all"),
    "growth.rate": ("Learning rate", "Lower is calmer; half of it is a good next try"),
    "r1_gamma": ("R1 penalty", "More holds the discriminator back"),
    "ada.target": (
        "Target of augmentation",
        "How surely real pictures may be known: more lets augmentation rise later",
    ),
    "accumulate": ("Pictures at once", "Fewer need less memory; 0 is a whole step"),
    "samples_kimg": ("Samples every (thousands)", "Thousands of pictures between two grids"),
    "snapshot_kimg": ("Snapshot every (thousands)", "Thousands of pictures between two models that are kept"),
}
ABOUT = "The run goes on from its newest state. What cannot change, such as the network, is refused with a reason."


class RunSettings(QDialog):
    """Emits only what differs from before."""

    wanted = pyqtSignal(dict)  # texts by the names of settings

    def __init__(self, settings: Mapping[str, Any], parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle(tr("Go on with other settings"))
        self._before = {name: text for name in FIELDS if (text := value(settings, name))}
        self.fields = {name: QLineEdit(said(text)) for name, text in self._before.items()}
        self.others = QLineEdit()
        self.others.setPlaceholderText(tr("mixing=0.5, ema_kimg=5"))
        self.others.setAccessibleName(tr("Other settings"))
        self.others.setToolTip(tr("Names of config.json with their values, separated by commas"))
        self.go = QPushButton(tr("Go on training"))
        self.go.setProperty("role", "primary")
        self.go.clicked.connect(self._go)
        self._lay_out()
        no_default(self)

    def _lay_out(self) -> None:
        about = QLabel(tr(ABOUT))
        about.setWordWrap(True)
        about.setProperty("role", "secondary")
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for row, (name, field) in enumerate(self.fields.items()):
            title, tip = FIELDS[name]
            words = QLabel(tr(title))
            words.setProperty("role", "secondary")
            field.setAccessibleName(tr(title))
            field.setToolTip(f"{tr(tip)}\n{name}")
            grid.addWidget(words, row, 0)
            grid.addWidget(field, row, 1)
        words = QLabel(tr("Others"))
        words.setProperty("role", "secondary")
        grid.addWidget(words, len(self.fields), 0)
        grid.addWidget(self.others, len(self.fields), 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(about)
        column.addLayout(grid)
        column.addLayout(foot)
        self.setFixedWidth(400)

    def changes(self) -> dict[str, str]:
        """What is other than before, as texts; the program that trains judges them."""
        found = {name: plain(field.text().strip()) for name, field in self.fields.items()}
        found = {name: text for name, text in found.items() if text and text != self._before[name]}
        others = re.sub(r"(?<=\d),(?=\d)", ".", self.others.text())  # a decimal comma
        for part in others.split(","):
            name, _, text = part.partition("=")
            if name.strip():
                found[name.strip()] = text.strip()
        return found

    def _go(self) -> None:
        self.accept()
        self.wanted.emit(self.changes())


def value(settings: Mapping[str, Any], path: str) -> str:
    """A setting of a config.json as text; "" where it is not there or is none of one number."""
    found: Any = settings
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return ""
    return f"{found:g}" if isinstance(found, float) else str(found)
