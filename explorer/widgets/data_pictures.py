"""Small pictures of what lies in folders, archives and films, made in a thread of their own for what is seen."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QPixmap

from engine.data.preparation.items import Item
from engine.data.preparation.previews import Thumbnail, thumbnails
from explorer.job import Job
from explorer.pixels import image
from explorer.timers import after_rest

SIDE = 128  # pixels of the longer side, so that they are sharp on a dense screen
KEPT, AT_ONCE = 3000, 24
REST = 40  # milliseconds, in which a whole screen of them is asked for


def small(items: Sequence[Item]) -> Generator[list[Thumbnail], None, list[Thumbnail]]:
    """All that can be made of the items; one that cannot be read has none."""
    made: list[Thumbnail] = []
    for each in thumbnails(items, SIDE):
        yield made
        if isinstance(each, Thumbnail):
            made.append(each)
    return made


class DataPictures(QObject):
    """Ask with `get` at every paint; `arrived` tells when others are there."""

    arrived = pyqtSignal()

    def __init__(self, parent: QObject | None = None):
        super().__init__(parent)
        self._items: Mapping[str, Item] = {}
        self._kept: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._wanted: OrderedDict[str, None] = OrderedDict()
        self._job: Job | None = None
        self._rest = after_rest(self, REST, self._make)

    def use(self, items: Mapping[str, Item]) -> None:
        """These from now on, by their names."""
        self._items = items
        self._kept.clear()
        self._wanted.clear()

    def get(self, name: str) -> QPixmap | None:
        """The picture, or None while it is being made or cannot be."""
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        if name in self._items:
            self._wanted[name] = None
            self._wanted.move_to_end(name)
            while len(self._wanted) > 4 * AT_ONCE:
                self._wanted.popitem(last=False)
            if self._job is None and not self._rest.isActive():
                self._rest.start()
        return None

    def close(self) -> None:
        """Waits for what is being made."""
        self._wanted.clear()
        if self._job is not None:
            self._job.cancel()
            self._job.wait(5)

    def _make(self) -> None:
        if self._job is not None or not self._wanted:
            return
        names = list(self._wanted)[-AT_ONCE:]
        items = [self._items[name] for name in names]
        self._job = Job(small(items), "small pictures")
        self._job.finished.connect(lambda made: self._made(items, made))
        self._job.failed.connect(lambda _: self._made(items, []))
        self._job.cancelled.connect(lambda: self._made(items, []))
        self._job.start()

    def _made(self, items: Sequence[Item], made: Any) -> None:
        self._job = None
        found = {each.name: QPixmap.fromImage(image(each.pixels)) for each in made}
        for item in items:
            self._wanted.pop(item.name, None)
            if self._items.get(item.name) is item:  # else other sources were chosen meanwhile
                self._kept[item.name] = found.get(item.name)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit()
        self._make()
