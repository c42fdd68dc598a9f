"""The pictures of a data set to be, their report and a preview: what is right of the form in the data set dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from engine.data.preparation.check import Found
from engine.data.preparation.items import Item
from engine.data.preparation.plan import Plan
from engine.data.preparation.report import Bad, Report
from explorer.data_memory import DataMemory
from explorer.timers import after_rest
from explorer.words import tr

from .data_crops import DataCrops
from .data_pictures import DataPictures
from .data_preview import DataPreview
from .data_report import DataReport
from .data_rows import ALIKE, ALL, OUT, SMALL, DataRows
from .data_tiles import DataTiles
from .plate import Plate

REPORT = "report"
REST = 500  # milliseconds after which what was chosen is written down
START = (
    "Drop a folder of pictures, a zip or tar file, or a film.\n\n"
    "You see what is in it and what cannot be used,\nleave out what does not belong, and get a data set\nready for training."
)
WORDS = {
    ALL: "All {count:,}",
    ALIKE: "Look alike {count:,}",
    SMALL: "Too small {count:,}",
    OUT: "Taken out {count:,}",
    REPORT: "Report",
}


class DataView(QWidget):
    """Knows which pictures are taken out, now and the next time."""

    changed = pyqtSignal()  # other pictures are taken out
    refused = pyqtSignal(object)  # OSError

    def __init__(self, memory: DataMemory, parent: QWidget | None = None):
        super().__init__(parent)
        self.memory = memory
        self.report: Report | None = None
        self._items: Mapping[str, Item] = {}
        self._plan = Plan(size=128)
        self.pictures = DataPictures(self)
        self.rows = DataRows()
        self.tiles = DataTiles(self.rows, self.pictures)
        self.told = DataReport()
        self.preview = DataPreview()
        self.crops = DataCrops(self)
        self._writes = after_rest(self, REST, self.save)
        self.plate = Plate(tr("The data set"))
        self.plate.say(START)
        self.pages = QStackedWidget()
        self.tabs = {kind: QPushButton() for kind in WORDS}
        self.take_out = QPushButton(tr("Take out"))
        self.take_out.setToolTip(
            tr("The chosen pictures stay out of the data set (Delete); the files stay where they are")
        )
        self.put_back = QPushButton(tr("Put back"))
        self.put_back.setToolTip(tr("The chosen pictures are in it again (Enter)"))
        self.copies = QPushButton(tr("Take out all but the largest"))
        self.uncrop = QPushButton(tr("Crop as the others"))
        self.uncrop.setToolTip(tr("The chosen pictures are no longer cropped by hand"))
        self.chosen = QLabel()
        self.chosen.setProperty("role", "secondary")
        self._lay_out()
        self._connect()
        self.show_found(None)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(4)
        group = QButtonGroup(self)
        for button in self.tabs.values():
            button.setCheckable(True)
            button.setProperty("flat", True)
            group.addButton(button)
            bar.addWidget(button)
        bar.addStretch(1)
        self.tabs[ALL].setChecked(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.chosen, 1)
        for button in (self.copies, self.uncrop, self.put_back, self.take_out):
            foot.addWidget(button)
        seen = QWidget()
        column = QVBoxLayout(seen)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.tiles, 1)
        column.addLayout(foot)
        column.addWidget(self.preview)
        for page in (self.plate, seen, self.told):
            self.pages.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addLayout(bar)
        outer.addWidget(self.pages, 1)

    def _connect(self) -> None:
        for kind, button in self.tabs.items():
            button.clicked.connect(lambda _=False, kind=kind: self.turn(kind))
        self.tiles.chosen.connect(self._choose)
        self.tiles.out.connect(self._out)
        self.tiles.back.connect(self._back)
        self.take_out.clicked.connect(self._out)
        self.put_back.clicked.connect(self._back)
        self.copies.clicked.connect(self._out_copies)
        self.uncrop.clicked.connect(lambda: self.crops.drop(self.tiles.names()))
        self.preview.cropped.connect(self.crops.put)
        self.crops.changed.connect(self._cropped)
        for keys, deed in (
            (QKeySequence.StandardKey.Undo, self.crops.undo),
            (QKeySequence.StandardKey.Redo, self.crops.redo),
        ):
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)

    @property
    def removed(self) -> frozenset[str]:
        """The names of the pictures that stay out."""
        return frozenset(self.rows.removed)

    @property
    def plan(self) -> Plan:
        """What is to be made of the pictures, with the squares that were chosen by hand."""
        boxes = {name: box for name, box in self.crops.boxes.items() if name in self._items}
        return msgspec.structs.replace(self._plan, boxes=boxes)

    def show_found(self, found: Found | None) -> None:
        """What was found in the sources, as it was left the last time; None is nothing yet."""
        self.save()
        self.report = found.report if found is not None else None
        before = {_place(item): name for name, item in self._items.items()}
        self._items = {item.name: item for item in found.items} if found is not None else {}
        self.pictures.use(self._items)
        recalled = self.memory.recall(self._items.values())
        self.rows.use(self.report, (name for name, chosen in recalled.items() if chosen.out))
        stay = {before[place]: name for name, item in self._items.items() if (place := _place(item)) in before}
        self.crops.begin({name: chosen.box for name, chosen in recalled.items() if chosen.box is not None}, stay)
        if self.report is not None:
            self.told.show_report(self.report)
        for button in self.tabs.values():
            button.setVisible(found is not None)
        self.turn(ALL if self.report is None or self.report.usable else REPORT)

    def show_plan(self, plan: Plan) -> None:
        """What is to be made of them."""
        self._plan = plan
        self.rows.ask(self.rows.kind, plan.size)
        self._count()
        self._choose()

    def turn(self, kind: str) -> None:
        """Shows pictures of this kind, or the report."""
        self.tabs[kind].setChecked(True)
        if kind != REPORT:
            self.rows.ask(kind, self._plan.size)
        self.pages.setCurrentIndex(0 if self.report is None else 2 if kind == REPORT else 1)
        self._count()
        self._choose()

    def show_bad(self, bad: Sequence[Bad]) -> None:
        """What could not be used in the end, with reasons."""
        self.told.show_bad(bad)
        self.turn(REPORT)

    def close_jobs(self) -> None:
        """As the program ends."""
        self.pictures.close()
        self.preview.close_job()

    def _count(self) -> None:
        for kind, button in self.tabs.items():
            button.setText(tr(WORDS[kind], count=self.rows.count(kind) if kind != REPORT else 0))
        for kind in (ALIKE, SMALL, OUT):
            self.tabs[kind].setEnabled(bool(self.rows.count(kind)) or self.rows.kind == kind)

    def _choose(self) -> None:
        names = self.tiles.names()
        self.chosen.setText(tr("{count:,} chosen", count=len(names)) if names else "")
        self.take_out.setEnabled(any(name not in self.rows.removed for name in names))
        self.put_back.setEnabled(any(name in self.rows.removed for name in names))
        self.copies.setVisible(self.rows.kind == ALIKE)
        current = self.tiles.current
        self.uncrop.setVisible(any(name in self.crops.boxes for name in names))
        self.preview.ask(self._items.get(current.name) if current is not None else None, self.plan)

    def _cropped(self) -> None:
        self.rows.crop(self.crops.boxes)
        self._writes.start()
        self._choose()

    def save(self) -> None:
        """Writes down what was chosen."""
        self._writes.stop()
        try:
            self.memory.keep(self.rows.removed, self.crops.boxes)
        except OSError as error:
            self.refused.emit(error)

    def _out(self) -> None:
        self.rows.take_out(self.tiles.names())
        self._changed()

    def _back(self) -> None:
        self.rows.put_back(self.tiles.names())
        self._changed()

    def _out_copies(self) -> None:
        self.rows.take_out(self.rows.copies)
        self._changed()

    def _changed(self) -> None:
        self._writes.start()
        self._count()
        self._choose()
        self.changed.emit()


def _place(item: Item) -> tuple[object, ...]:
    """Where a picture lies: its name is another one when more sources are there."""
    return item.path, item.place, item.stamp
