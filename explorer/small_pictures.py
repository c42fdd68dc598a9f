"""Small pictures of favourites, read from the gallery's folder in the background; what is asked for last comes first."""

from collections import OrderedDict
from collections.abc import Callable, Generator
from pathlib import Path
from threading import Condition

from PyQt6.QtCore import QObject, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QGuiApplication, QImage, QPainter, QPixmap

from engine.gallery.favourite import Favourite
from engine.gallery.thumbnails import SIDE, ThumbnailFile

from .job import Job

KEPT = 800
MOST_WANTED = 120  # what has been scrolled past is no longer read
PATIENCE = 10.0

Key = tuple[str, object]


class SmallPictures(QObject):
    """Ask with `get` at every paint; `arrived` tells when others are there.

    They come as they are painted: `side` points large, with round corners, so that scrolling only copies them.
    """

    arrived = pyqtSignal()

    def __init__(self, side: int, radius: float, parent: QObject | None = None):
        super().__init__(parent)
        self._side, self._radius = side, radius
        self._folder: Path | None = None
        self._kept: OrderedDict[Key, QPixmap | None] = OrderedDict()
        self._reader: _Reader | None = None
        self._job: Job | None = None

    def use(self, folder: Path) -> None:
        """From this folder from now on."""
        if folder != self._folder:
            self.close()
            self._folder = folder
            self._kept.clear()

    def get(self, item: Favourite) -> QPixmap | None:
        """The picture, or None while it is being read (or cannot be)."""
        key = (item.name, item.stamp)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if self._folder is not None:
            self._started(self._folder).want(item)
        return None

    def close(self) -> None:
        """Ends the reading and waits for it."""
        if self._reader is not None and self._job is not None:
            self._job.cancel()
            self._reader.end()
            self._job.wait(PATIENCE)
        self._reader = self._job = None

    def _started(self, folder: Path) -> "_Reader":
        if self._reader is None:
            self._reader = _Reader(folder, self._dressed)
            self._job = Job(self._reader.read(), "gallery pictures", self)
            self._job.stepped.connect(self._collect)
            self._job.start()
        return self._reader

    def _dressed(self, image: QImage) -> QImage:
        """In the reader's thread."""
        application = QGuiApplication.instance()
        dense = application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
        return rounded(image, self._side, self._radius, dense)

    def _collect(self) -> None:
        if self._reader is None:
            return
        for item, image in self._reader.taken():
            self._kept[item.name, item.stamp] = QPixmap.fromImage(image) if not image.isNull() else None
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit()


class _Reader:
    """What is wanted and what has been read, between the window's thread and the one that reads."""

    def __init__(self, folder: Path, dress: Callable[[QImage], QImage]):
        self._folder, self._dress = folder, dress
        self._changed = Condition()
        self._wanted: OrderedDict[Key, Favourite] = OrderedDict()
        self._done: list[tuple[Favourite, QImage]] = []
        self._ended = False

    def want(self, item: Favourite) -> None:
        with self._changed:
            key = (item.name, item.stamp)
            self._wanted[key] = item
            self._wanted.move_to_end(key)
            while len(self._wanted) > MOST_WANTED:
                self._wanted.popitem(last=False)
            self._changed.notify()

    def taken(self) -> list[tuple[Favourite, QImage]]:
        with self._changed:
            done, self._done = self._done, []
            return done

    def end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()

    def read(self) -> Generator[None, None, None]:
        """Long work: yields after each picture, waits where none is wanted."""
        files = ThumbnailFile(self._folder)
        try:
            while (item := self._next()) is not None:
                image = self._dress(_read(files, item))
                with self._changed:
                    self._done.append((item, image))
                yield
        finally:
            files.close()

    def _next(self) -> Favourite | None:
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._wanted)
            return None if self._ended else self._wanted.popitem()[1]


def _read(files: ThumbnailFile, item: Favourite) -> QImage:
    """A null image where the file cannot be read; a kept one that is damaged is made again."""
    for get in (files.get, files.make_again):
        try:
            image = QImage.fromData(get(item))
        except ValueError:
            return QImage()
        if not image.isNull() and max(image.width(), image.height()) <= SIDE:
            return image
    return QImage()


def rounded(image: QImage, side: int, radius: float, dense: float) -> QImage:
    """The image within a square of `side` points, its corners round; a null one stays null."""
    if image.isNull():
        return image
    pixels = round(side * dense)
    fit, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    small = image.scaled(pixels, pixels, fit, smooth)
    found = QImage(small.size(), QImage.Format.Format_ARGB32_Premultiplied)
    found.fill(Qt.GlobalColor.transparent)
    painter = QPainter(found)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(small))
    painter.drawRoundedRect(QRectF(small.rect()), radius * dense, radius * dense)
    painter.end()
    found.setDevicePixelRatio(dense)
    return found
