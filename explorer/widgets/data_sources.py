"""Where the pictures come from: folders, archives, films and pictures that are dropped or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from explorer.words import tr

from .buttons import icon_button
from .dropped import Drops

ASK = "Drop folders, zip or tar files, films or pictures here. They are only read, never changed."
MOST = 6  # that are listed one by one


class DataSources(QWidget):
    """Keeps the list; whoever listens looks through them."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.paths: tuple[Path, ...] = ()
        Drops(self, self.add)
        self.words = QLabel(tr(ASK))
        self.words.setWordWrap(True)
        self.words.setProperty("role", "secondary")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._rows: list[QWidget] = []
        self.folder = QPushButton(tr("Folder…"))
        self.folder.clicked.connect(self._ask_folder)
        self.files = QPushButton(tr("Files…"))
        self.files.clicked.connect(self._ask_files)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.folder, 1)
        row.addWidget(self.files, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addLayout(self._list)
        column.addLayout(row)

    def add(self, paths: Sequence[Path]) -> None:
        """These too; one that is there already is not there twice."""
        self._put(tuple(dict.fromkeys((*self.paths, *paths))))

    def drop(self, path: Path) -> None:
        """Without this one."""
        self._put(tuple(other for other in self.paths if other != path))

    def _put(self, paths: tuple[Path, ...]) -> None:
        if paths == self.paths:
            return
        self.paths = paths
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._row(path) for path in paths[:MOST]]
        if len(paths) > MOST:
            self._rows.append(QLabel(tr("and {count} more", count=len(paths) - MOST)))
        for row in self._rows:
            self._list.addWidget(row)
        self.words.setVisible(not paths)
        self.changed.emit()

    def _row(self, path: Path) -> QWidget:
        widget = QWidget()
        row = QHBoxLayout(widget)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        name = QLabel(path.name)
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setToolTip(str(path))
        name.setMinimumWidth(1)
        row.addWidget(name, 1)
        row.addWidget(icon_button("x", "Leave this one out", lambda: self.drop(path)))
        return widget

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, tr("A folder of pictures"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._open(dialog)

    def _ask_files(self) -> None:
        dialog = QFileDialog(self, tr("Archives, films or pictures"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.add([Path(name) for name in names]))
        dialog.open()
