"""What lies in the gallery's trash, to be brought back; also what an earlier sitting threw away."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QIcon, QImageReader, QPixmap
from PyQt6.QtWidgets import QMenu, QWidget

from explorer.words import tr

MOST, SIDE = 12, 32  # pictures that are shown one by one, and pixels of each


class TrashMenu(QMenu):
    """Asks `look` for the files, newest first, whenever it opens."""

    wanted = pyqtSignal(object)  # list of Path

    def __init__(self, look: Callable[[], list[Path]], parent: QWidget | None = None):
        super().__init__(tr("Out of the trash"), parent)
        self._look = look
        self.setObjectName("trash")  # the sheet of the theme makes room for the pictures
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        found = self._look()
        for path in found[:MOST]:
            self._add(path.stem, [path]).setIcon(_small(path))
        if not found:
            self._add(tr("The trash is empty"), []).setEnabled(False)
        elif len(found) > 1:
            self.addSeparator()
            self._add(tr("All {count} pictures", count=len(found)), found)

    def _add(self, text: str, paths: list[Path]) -> QAction:
        action = self.addAction(text.replace("&", "&&"))
        assert action is not None
        action.triggered.connect(lambda _=False: self.wanted.emit(paths))
        return action


def _small(path: Path) -> QIcon:
    reader = QImageReader(str(path))
    reader.setScaledSize(reader.size().scaled(QSize(SIDE, SIDE) * 2, Qt.AspectRatioMode.KeepAspectRatio))
    return QIcon(QPixmap.fromImage(reader.read()))
