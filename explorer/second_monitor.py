"""The picture alone on a monitor of its own, for an audience; the window with its panels stays where it is."""

from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent, QGuiApplication, QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QScreen
from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.render.frame import Frame

from . import zoom
from .bridge import Bridge
from .pixels import enlarged
from .words import tr
from .zoom import Zoom


class MonitorWindow(QWidget):
    """Follows every frame; nothing else is ever shown on it. A model that fails leaves the last picture. Esc closes it."""

    closed = pyqtSignal()

    def __init__(self, bridge: Bridge):
        super().__init__()
        self.setWindowTitle(tr("Latent Explorer: the picture"))
        self.setAccessibleName(tr("The picture for an audience"))
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._frame: Frame | None = bridge.frame
        self._image: QImage | None = None
        bridge.framed.connect(self._show_frame)
        bridge.previewed.connect(self._show_frame)

    def fill(self, screen: QScreen) -> None:
        """Covers this monitor."""
        self.winId()  # a window that has none yet cannot be given a screen
        handle = self.windowHandle()
        if handle is not None:
            handle.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.raise_()
        self.activateWindow()  # so that Esc and all other keys work there

    @property
    def frame(self) -> Frame | None:
        return self._frame

    def _show_frame(self, frame: Frame) -> None:
        self._frame, self._image = frame, None
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if self._frame is None:
            return
        height, width, _ = self._frame.pixels.shape
        area, picture = (float(self.width()), float(self.height())), (float(width), float(height))
        if self._image is None:
            scale = zoom.scale(Zoom(), picture, area, 0.0) * self.devicePixelRatioF()
            self._image = enlarged(self._frame.pixels, scale)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(*zoom.placed(Zoom(), picture, area, 0.0)), self._image)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self._image = None
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        self.closed.emit()
        super().closeEvent(event)


class MonitorChooser(QDialog):
    """The monitors there are; Enter or a double click puts the picture on one."""

    chosen = pyqtSignal(object)  # QScreen

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle(tr("Picture on another monitor"))
        words = QLabel(tr("Which monitor shall show the picture, and nothing else? Esc there brings it back."))
        words.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Monitors"))
        self.list.setToolTip(tr("Up and down choose, Enter begins"))
        self.list.itemActivated.connect(lambda _: self._take())
        self.begin = QPushButton(tr("Show the picture there"))
        self.begin.setProperty("role", "primary")
        self.begin.setToolTip(tr("Fills the monitor; the panels stay in this window"))
        self.begin.setDefault(True)
        self.begin.clicked.connect(self._take)
        row, column = QHBoxLayout(), QVBoxLayout(self)
        row.addStretch(1)
        row.addWidget(self.begin)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(words)
        column.addWidget(self.list)
        column.addLayout(row)
        self.resize(440, 260)

    def ask(self, last: str) -> None:
        """With the monitor used last chosen, or else one that this window is not on."""
        self.list.clear()
        window = self.parentWidget()
        here = window.screen() if window is not None else None
        screens = QGuiApplication.screens()
        for screen in screens:
            item = QListWidgetItem(described(screen, screen is here), self.list)
            item.setData(Qt.ItemDataRole.UserRole, screen)
        others = [at for at, screen in enumerate(screens) if screen is not here]
        named = [at for at, screen in enumerate(screens) if screen.name() == last]
        self.list.setCurrentRow((*named, *others, 0)[0])
        self.show()
        self.raise_()
        self.list.setFocus()

    def _take(self) -> None:
        item = self.list.currentItem()
        screen = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        self.close()
        if screen in QGuiApplication.screens():  # it may have been unplugged meanwhile
            self.chosen.emit(screen)


def described(screen: QScreen, here: bool) -> str:
    """A monitor in words a person knows it by."""
    size = screen.size() * screen.devicePixelRatio()
    maker = " ".join(part for part in (screen.manufacturer(), screen.model()) if part) or screen.name()
    words = f"{maker} · {size.width()} × {size.height()} · {screen.refreshRate():.0f} Hz"
    return words + ("  ·  " + tr("this window is here") if here else "")
