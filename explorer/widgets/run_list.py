"""All runs: how far each is and when it last moved; several can be compared, opened, or put into the trash."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PyQt6.QtCore import QFile, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from explorer import theme
from explorer.runs import NoRun, RunBook, RunFolder, Statistics, images_of
from explorer.words import reason, tr

from .messages import Messages
from .progress import duration

PATH = Qt.ItemDataRole.UserRole
ALIVE = "That run is being trained; stop it first."
AWAY = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class RunList(QWidget):
    """Shows what is there whenever `fill` is called."""

    opened = pyqtSignal(Path)
    chosen = pyqtSignal(list)  # folders of the runs that are marked, as they are listed
    left = pyqtSignal()
    thrown = pyqtSignal(list)  # folders that are gone

    def __init__(self, book: RunBook, messages: Messages, parent: QWidget | None = None):
        super().__init__(parent)
        self._book, self._messages = book, messages
        self.rows = QTreeWidget()
        self.rows.setHeaderLabels([tr("Run"), tr("Seen"), tr("Last step")])
        self.rows.setObjectName("plainTree")
        self.rows.setRootIsDecorated(False)
        self.rows.setUniformRowHeights(True)
        self.rows.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.rows.setAccessibleName(tr("Runs"))
        head = self.rows.header()
        if head is not None:
            head.setStretchLastSection(False)
            head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
            head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.rows.itemSelectionChanged.connect(self._choose)
        self.rows.itemActivated.connect(lambda row: self.opened.emit(row.data(0, PATH)))
        self.open = QPushButton(tr("Open"))
        self.open.setProperty("role", "primary")
        self.open.clicked.connect(self._open)
        self.throw = QPushButton(tr("Into the trash"))
        self.throw.clicked.connect(self.throw_away)
        self.back = QPushButton(tr("Back"))
        self.back.clicked.connect(self.left.emit)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.back, self.throw, self.open):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        hint = QLabel(tr("Mark several to lay their curves over one another."))
        hint.setWordWrap(True)
        hint.setProperty("role", "secondary")
        column.addWidget(self.rows, 1)
        column.addWidget(hint)
        column.addLayout(foot)
        self._choose()

    def fill(self) -> None:
        """Looks anew; what was marked stays so."""
        marked = self.marked()
        self.rows.clear()
        for path in self._book.runs():
            row = _row(path)
            if row is not None:
                self.rows.addTopLevelItem(row)
                row.setSelected(path in marked)
        if not self.rows.selectedItems() and self.rows.topLevelItemCount():
            self.rows.setCurrentItem(self.rows.topLevelItem(0))
        self._choose()

    def marked(self) -> list[Path]:
        """The folders of the runs that are marked."""
        rows = (self.rows.topLevelItem(at) for at in range(self.rows.topLevelItemCount()))
        return [row.data(0, PATH) for row in rows if row is not None and row.isSelected()]

    def throw_away(self) -> None:
        """Puts the marked runs into the trash; where there is none, somebody must say that they shall go for good."""
        paths = self.marked()
        if any(RunFolder(path).alive() and not _ended(path) for path in paths):
            self._messages.complain(ALIVE)
            return
        places = {path: to_trash(path) for path in paths}
        stuck = [path for path, place in places.items() if place is None]
        gone = {path: place for path, place in places.items() if place is not None}
        if gone:
            names = ", ".join(path.name for path in gone)
            back = [("Put back", lambda: self._put_back(gone))] if all(place.name for place in gone.values()) else []
            self._messages.tell(tr("{names}: in the trash.", names=names), *back)
        if stuck:
            names = ", ".join(path.name for path in stuck)
            words = tr("{names} cannot be put into the trash. Delete for good?", names=names)
            self._messages.complain(words, words, ("Delete for good", lambda: self._delete(stuck)))
        self._gone(list(gone))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in AWAY:
            self.throw_away()
        else:
            super().keyPressEvent(event)

    def _put_back(self, places: Mapping[Path, Path]) -> None:
        """Out of the trash again, where it has told where they are."""
        self._messages.dismiss()
        for path, place in places.items():
            try:
                place.rename(path)
                (place.parent.parent / "info" / f"{place.name}.trashinfo").unlink(missing_ok=True)  # freedesktop.org's
            except OSError as error:
                self._messages.complain(f"{path.name}: {reason(error)}", str(error))
        self.fill()

    def _delete(self, paths: Sequence[Path]) -> None:
        self._messages.dismiss()
        for path in paths:
            try:
                shutil.rmtree(path)
            except OSError as error:
                self._messages.complain(f"{path.name}: {reason(error)}", str(error))
        self._gone([path for path in paths if not path.exists()])

    def _gone(self, paths: Sequence[Path]) -> None:
        if paths:
            self.fill()
            self.thrown.emit(list(paths))

    def _open(self) -> None:
        marked = self.marked()
        if marked:
            self.opened.emit(marked[0])

    def _choose(self) -> None:
        marked = self.marked()
        self.open.setEnabled(len(marked) == 1)
        self.throw.setEnabled(bool(marked))
        self.chosen.emit(marked)


def to_trash(path: Path) -> Path | None:
    """Where it is in the desktop's trash, or "." where that is not told; None: it could not be put there."""
    move: Callable[[str], object] = QFile.moveToTrash
    done = move(str(path))
    moved, place = done if isinstance(done, tuple) else (done, "")
    return Path(str(place)) if moved else None


def _row(path: Path) -> QTreeWidgetItem | None:
    """Only its small files are looked at; a run that is none is left out."""
    run = RunFolder(path)
    try:
        plan = run.plan()
    except NoRun:
        return None
    seen = max((images_of(file) for file in (*run.samples()[-1:], *run.snapshots()[-1:])), default=0)
    silence = run.silence()
    moved = duration(silence) if silence < float("inf") else "–"
    row = QTreeWidgetItem([path.name, f"{100 * seen / max(plan.images, 1):.0f} %", moved])
    row.setData(0, PATH, path)
    row.setToolTip(0, f"{path}\n{plan.family}, {plan.resolution} × {plan.resolution}\n{plan.data}")
    if run.alive() and seen < plan.images:
        for column in range(3):
            row.setForeground(column, theme.colour("good"))
    return row


def _ended(path: Path) -> bool:
    """Whether it has reached its end, so that a late sign of life means nothing."""
    statistics = Statistics(path / "stats.jsonl")
    while statistics.read():
        pass
    try:
        return bool(statistics.images) and statistics.images[-1] >= RunFolder(path).plan().images
    except NoRun:
        return True
