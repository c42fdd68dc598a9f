"""The export dialog: what the film shall be, and the queue of those that are being written."""

import time
from pathlib import Path

from PyQt6.QtCore import Qt, QUrl
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from explorer.bridge import Bridge
from explorer.export_queue import Export, ExportQueue
from explorer.timelines import TimelineDesk
from explorer.words import tr

from .buttons import icon_button
from .defaults import no_default
from .export_form import ExportForm
from .progress import duration, remaining

WAKING = "Waking the model…"
STATES = {"waiting": "Waits for its turn", "running": "", "paused": "Paused; what is finished is kept", "done": "Done"}


class ExportRow(QFrame):
    """One film of the queue: how far it is, and what can be done with it."""

    def __init__(self, queue: ExportQueue, export: Export):
        super().__init__()
        self._queue, self.export = queue, export
        self.name = QLabel(export.path.name)
        self.words = QLabel()
        self.words.setProperty("role", "secondary")
        self.words.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.pause = icon_button("pause", "Pause; what is finished is kept", lambda: queue.pause(export))
        self.go_on = icon_button("play", "Go on", lambda: queue.go_on(export))
        self.show_folder = icon_button("folder-open", "Show in folder", self._show_folder)
        self.remove = icon_button("x", "Out of the queue", lambda: queue.remove(export))
        column = QVBoxLayout()
        for widget in (self.name, self.bar, self.words):
            column.addWidget(widget)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.addLayout(column, 1)
        for button in (self.pause, self.go_on, self.show_folder, self.remove):
            row.addWidget(button)
        self._begun, self._first = time.monotonic(), export.now.done
        self.refresh()

    def step(self) -> None:
        """One more frame is there."""
        now = self.export.now
        if now.done <= self._first or self.words.text() == WAKING:
            self._begun, self._first = time.monotonic(), now.done
        self.refresh()

    def refresh(self) -> None:
        """As it stands now."""
        state, now = self.export.state, self.export.now
        self.bar.setRange(0, max(now.total, 1))
        self.bar.setValue(now.done)
        self.bar.setVisible(state in ("running", "paused"))
        left = remaining(self._begun, now.done - self._first, now.total - now.done)
        told = (
            tr("{done:,} of {total:,} frames", done=now.done, total=now.total) + (f" · {left}" if left else "")
            if now.total
            else WAKING
        )
        self.words.setText(tr({**STATES, "running": told, "failed": self.export.error}[state]))
        self.words.setProperty("role", "bad" if state == "failed" else "secondary")
        self.pause.setVisible(state == "running")
        self.go_on.setVisible(state in ("paused", "failed"))
        self.show_folder.setVisible(state == "done")

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.export.path.parent)))


class ExportDialog(QDialog):
    """Closing it lets the queue go on; the end of the program pauses it."""

    def __init__(
        self, desk: TimelineDesk, bridge: Bridge, queue: ExportQueue, folder: Path, parent: QWidget | None = None
    ):
        super().__init__(parent)
        self.setWindowTitle(tr("Export the timeline"))
        self._desk, self._bridge, self.queue, self._folder = desk, bridge, queue, folder
        self.form = ExportForm(folder)
        self.form.changed.connect(self._sum_up)
        self.words = QLabel()
        self.words.setProperty("role", "secondary")
        self.words.setWordWrap(True)
        self.start = QPushButton(tr("Export"))
        self.start.setProperty("role", "primary")
        self.start.clicked.connect(self.export)
        self.rows: list[ExportRow] = []
        self._list = QVBoxLayout()
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        queue.changed.connect(self._refill)
        queue.stepped.connect(self._step)
        desk.changed.connect(self._sum_up)
        self._sum_up()
        no_default(self)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.words, 1)
        foot.addWidget(self.start)
        inside = QWidget()
        inside.setLayout(self._list)
        self._scroll = QScrollArea()
        self._scroll.setWidget(inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.form)
        column.addLayout(foot)
        column.addWidget(self._scroll, 1)
        column.addStretch(0)
        self.resize(520, 300)

    def export(self) -> None:
        """Puts the timeline, as it is now, into the queue."""
        model = self._bridge.model
        models = (model.path,) if model is not None and model.path is not None else ()
        path = self.form.path
        if path in self._writing():
            self._tell(tr("{name} is in the queue already; give this one another name.", name=path.name), bad=True)
            return
        self.queue.add(Export(self._desk.timeline, self.form.settings, path, models))
        self.form.propose(path.parent, self._writing())

    def _writing(self) -> frozenset[Path]:
        return frozenset(export.path for export in self.queue.exports if export.state != "done")

    def _sum_up(self) -> None:
        """What the film will be, or why there can be none."""
        from engine.render.export import checked
        from engine.render.export_parts import begun

        line, settings = self._desk.timeline, self.form.settings
        fps = settings.fps or line.fps
        try:
            frames = checked(line, settings)
        except ValueError as error:
            self.start.setEnabled(False)
            self._tell(str(error), bad=True)
            return
        self.start.setEnabled(bool(self.form.out.text().strip()))
        length = duration(frames / fps)
        words = tr("{length} · {frames:,} frames · {fps} frames per second", length=length, frames=frames, fps=fps)
        if begun(self.form.path) and self.form.path not in self._writing():
            words += "\n" + tr("This film was begun before, and goes on from there if nothing has changed.")
        self._tell(words)

    def _tell(self, words: str, bad: bool = False) -> None:
        self.words.setText(tr(words))
        self.words.setProperty("role", "bad" if bad else "secondary")
        style = self.words.style()
        if style is not None:
            style.polish(self.words)

    def _refill(self) -> None:
        shown = {row.export: row for row in self.rows}
        for export in self.queue.exports:
            if export not in shown:
                row = ExportRow(self.queue, export)
                self.rows.append(row)
                self._list.addWidget(row)
        for gone in [row for row in self.rows if row.export not in self.queue.exports]:
            self.rows.remove(gone)
            self._list.removeWidget(gone)
            gone.deleteLater()
        for row in self.rows:
            row.refresh()
        if self.rows and not self._scroll.isVisible():
            self._scroll.show()
            self.resize(self.width(), self.height() + 160)

    def _step(self) -> None:
        for row in self.rows:
            if row.export is self.queue.running:
                row.step()
