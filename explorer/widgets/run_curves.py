"""The curves of one training, or of several over one another; which of them are seen is chosen with check boxes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from explorer.runs import Statistics
from explorer.words import tr

from .run_chart import MARKS, Line, RunChart

Column = tuple[str, str, str, bool]  # of the statistics, its name, colour, whether dashed
GROUPS: dict[str, tuple[str, str, tuple[Column, ...]]] = {
    "loss": (
        "Loss",
        "How hard it is for the generator to pass its pictures for real ones, and for the discriminator to tell them apart.\n"
        "Both staying level is good; one of them running away is not.",
        (("loss_generator", "generator", "a", False), ("loss_discriminator", "discriminator", "b", True)),
    ),
    "scores": (
        "Scores",
        "What the discriminator says of real and of generated pictures, on the average. Far apart is not good.",
        (("real_score", "real", "good", False), ("fake_score", "generated", "a", True)),
    ),
    "sign": (
        "Signs",
        "How surely the discriminator knows real pictures: 1 is every one of them. Near 1 it learns them by heart.\n"
        "Of generated ones it knows all where the line is at -1.",
        (("real_sign", "real", "good", False), ("fake_sign", "generated", "a", True)),
    ),
    "augment": (
        "Augmentation",
        "How often pictures are changed before they are judged.",
        (("augment_p", "p", "b", False),),
    ),
    "r1": ("R1", "The penalty for steep slopes of the discriminator.", (("r1", "", "b", False),)),
    "path": ("Path length", "How unevenly the generator answers to steps in w.", (("path_penalty", "", "a", False),)),
    "guidance": (
        "Guidance",
        "How far pictures are from their words or classes, as the guide sees it.",
        (("loss_guidance", "", "a", False),),
    ),
    "speed": ("Speed", "Pictures a second.", (("img_s", "", "secondary", False),)),
    "metric": (
        "Metric",
        "How good each snapshot is. Of distances, such as FID, less is better.",
        (),
    ),
    "gradient": (
        "Gradients",
        "How steep the losses are for each network. A line that leaps up by itself is a sign of trouble.",
        (("gradient_generator", "generator", "a", False), ("gradient_discriminator", "discriminator", "b", True)),
    ),
    "memory": ("Memory", "GiB of memory, the most so far.", (("memory", "", "secondary", False),)),
    "rate": ("Learning rate", "How large the steps are.", (("rate", "", "secondary", False),)),
}
METRIC = "metric"  # whose numbers are not those of steps
FIRST = ("loss", "sign", METRIC)
COLOURS = ("a", "b", "good", "bad", "secondary")
BARS, GAP, WIDE = 3, 12, 640  # lines of check boxes, and pixels between them and in all
MOST = len(COLOURS)  # runs over one another


class RunCurves(QWidget):
    """A row of charts; only what a run has measured can be chosen."""

    chosen = pyqtSignal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.boxes: dict[str, QCheckBox] = {}
        self.charts: dict[str, RunChart] = {}
        self._runs: list[tuple[str, Statistics]] = []
        self._bars = [QHBoxLayout() for _ in range(BARS)]
        self._there: list[str] = []
        row = QHBoxLayout()
        row.setSpacing(12)
        for key, (title, tip, _) in GROUPS.items():
            box = QCheckBox(tr(title), self)
            box.hide()
            box.setToolTip(tr(tip))
            box.setChecked(key in FIRST)
            box.toggled.connect(self._draw)
            self.boxes[key] = box
            self.charts[key] = RunChart(tr(title), tr(tip))
            row.addWidget(self.charts[key], 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for bar in self._bars:
            bar.setSpacing(GAP)
            bar.addStretch(1)
            column.addLayout(bar)
        column.addLayout(row, 1)

    def show_runs(self, runs: Sequence[tuple[str, Statistics]]) -> None:
        """Their courses so far, by the runs' names."""
        self._runs = list(runs[:MOST])
        self._draw()

    def _arrange(self, there: list[str]) -> None:
        """The boxes of what has been measured, in as many lines as they need: they shall not make the dialog wider."""
        if there == self._there:
            return
        self._there, used, line = there, 0, 0
        for key in there:
            box = self.boxes[key]
            wide = box.sizeHint().width() + GAP
            if used + wide > WIDE and line + 1 < BARS:
                used, line = 0, line + 1
            used += wide
            for bar in self._bars:
                bar.removeWidget(box)
            self._bars[line].insertWidget(self._bars[line].count() - 1, box)

    def _draw(self) -> None:
        shown: list[str] = []
        for key, (title, _, columns) in GROUPS.items():
            there = any(measured(statistics, name) for _, statistics in self._runs for name, *_ in columns)
            there = there or (key == METRIC and any(statistics.measured for _, statistics in self._runs))
            self.boxes[key].setVisible(there)
            shown += [key] * there
            seen = there and self.boxes[key].isChecked()
            self.charts[key].setVisible(seen)
            if seen:
                lines = self._metrics() if key == METRIC else self._lines(columns)
                self.charts[key].show_lines(lines, self._title(title, columns))
        self._arrange(shown)

    def _title(self, title: str, columns: Sequence[Column]) -> str:
        """Of several runs the colours are theirs, so the title says which line is which."""
        if len(self._runs) < 2 or len(columns) < 2:
            return tr(title)
        return f"{tr(title)} ({', '.join(f'{tr(words)} {MARKS[dashed]}' for _, words, _, dashed in columns)})"

    def _lines(self, columns: Sequence[Column]) -> list[Line]:
        """Of one run each column has a colour, of several each run."""
        several = len(self._runs) > 1
        return [
            Line(
                ("" if dashed else run) if several else tr(words) if words else "",
                COLOURS[at] if several else colour,
                statistics.images,
                statistics.columns[name],
                dashed,
            )
            for name, words, colour, dashed in columns
            for at, (run, statistics) in enumerate(self._runs)
            if measured(statistics, name)
        ]

    def _metrics(self) -> list[Line]:
        """Of one run every metric has a colour; of several each run, and its first metric alone can be compared."""
        if len(self._runs) == 1:
            found = self._runs[0][1].measured.items()
            return [Line(name, COLOURS[at], *course) for at, (name, course) in enumerate(list(found)[:MOST])]
        first = next((name for _, statistics in self._runs for name in statistics.measured), "")
        return [
            Line(run, COLOURS[at], *statistics.measured[first])
            for at, (run, statistics) in enumerate(self._runs)
            if first in statistics.measured
        ]


def measured(statistics: Statistics, name: str) -> bool:
    """Whether there is any number of it."""
    return bool(np.isfinite(statistics.columns.get(name, [])[-1000:]).any())
