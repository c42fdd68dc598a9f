"""How a training is: when its last step was, and what is wrong with it, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.training.troubles import Disk, Trouble, troubles, variety
from explorer import theme
from explorer.runs import RunFolder, Statistics
from explorer.words import tr

from .progress import duration

DISK_EVERY = 10  # looks between two at the disk


class Examiner:
    """Looks at one run again and again; of its sample grids at one each time, the newest first."""

    def __init__(self, run: RunFolder):
        self._run = run
        self._varieties: dict[Path, float] = {}
        self._disk = Disk()
        self._looks = 0

    def look(self, statistics: Statistics, active: bool, at_most: float = math.inf) -> list[Trouble]:
        """What is wrong now; silence only counts where somebody should be training, and for no longer than `at_most` seconds."""
        if self._looks % DISK_EVERY == 0:
            self._disk = self._run.disk()
        self._looks += 1
        grids = self._run.samples()
        new = next((path for path in reversed(grids) if path not in self._varieties), None)
        if new is not None:
            self._varieties[new] = _variety(new)
        known = [self._varieties[path] for path in grids if not math.isnan(self._varieties.get(path, math.nan))]
        silence = min(self._run.silence(), at_most) if active and statistics.images else 0.0
        columns: dict[str, Sequence[float]] = {**statistics.columns, "images": statistics.images}
        found = troubles(columns, known, self._disk if active else Disk(), silence, self._run.last_return())
        why = self._run.unmeasured()
        return [*found, Trouble("unmeasured", {"why": why})] if why else found


def _variety(path: Path) -> float:
    """NaN where the grid cannot be read, or is just being replaced."""
    try:
        with Image.open(path) as picture:
            return variety(np.asarray(picture.convert("RGB")))
    except (OSError, ValueError, SyntaxError):
        return math.nan


class RunHealth(QWidget):
    """The heartbeat, and below it a line for each trouble."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.troubles: list[Trouble] = []
        self.beat = QLabel()
        self.beat.setProperty("role", "secondary")
        policy = self.beat.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # or the buttons below leap as a training pauses
        self.beat.setSizePolicy(policy)
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self.beat)

    def show_beat(self, silence: float, active: bool) -> None:
        """When the last step was."""
        known = active and math.isfinite(silence)
        self.beat.setText(tr("Last step {time} ago", time=duration(silence)) if known else "")
        self.beat.setVisible(known)

    def show_troubles(self, found: list[Trouble]) -> None:
        """These from now on."""
        if found == self.troubles:
            return
        self.troubles = found
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_row(trouble) for trouble in found]
        for row in self._rows:
            self._column.addWidget(row)


def _row(trouble: Trouble) -> QWidget:
    widget = QWidget()
    mark, words = QLabel(), QLabel(tr(trouble.text, **trouble.parts))
    shown = theme.icon("circle-alert", "bad" if trouble.grave else "a")
    mark.setPixmap(shown.pixmap(QSize(16, 16), widget.devicePixelRatioF()))
    words.setWordWrap(True)
    words.setProperty("role", "small")
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(words, 1)
    return widget
