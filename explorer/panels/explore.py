"""Source: the two pictures that are mixed, the map of seeds to find them on, and endless travel over it."""

from functools import partial
from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.recipe import Latent
from engine.render.info import ModelInfo
from explorer import pictures, theme
from explorer.bridge import Bridge
from explorer.desk import MixingDesk
from explorer.figures import figure
from explorer.mixing import swap
from explorer.prompts import Prompts, unreadable
from explorer.settings import Settings
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.walk import Travel, Walk
from explorer.widgets.bound import VALUE
from explorer.widgets.buttons import icon_button
from explorer.widgets.pad import SeedPad
from explorer.widgets.slide import Slide
from explorer.widgets.source import WRITE, Source
from explorer.words import tr

SPEED = 100  # ticks of the slider for one seed a second


class ExplorePanel(QWidget):
    """A above, the pad, B below, and travel at the bottom."""

    title = "Source"
    failed = pyqtSignal(str)

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self._store, self._bridge, self._desk = store, bridge, MixingDesk.of(store)
        self.thumbnails = Thumbnails.shared(store, bridge)
        self.walk = Walk(store, self)
        self.travel = Travel(store, self.walk, self)
        self.a, self.b = (Source(store, self.thumbnails, name) for name in "AB")
        self.a.dropped.connect(lambda path: self.take(path, "A"))
        self.b.dropped.connect(lambda path: self.take(path, "B"))
        self.a.asked.connect(lambda: self._ask("A"))
        self.b.asked.connect(lambda: self._ask("B"))
        self.pad = SeedPad(store, self.walk, self.thumbnails)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.a)
        column.addLayout(self._between())
        column.addWidget(self.b)
        column.addWidget(self.pad, 1)
        column.addLayout(self._travel_row())
        bridge.model_changed.connect(self._introduce)

    def swap(self) -> None:
        self._store.do(swap(self._store.recipe, self._desk.chosen), "Swapped A and B")

    def take(self, path: Path, name: str) -> None:
        """A picture made here becomes A or B; one of another model cannot."""
        done = partial(self._took, name=name, path=path)
        pictures.take(self._bridge, path, self._store.recipe, done, self.failed.emit)

    def _ask(self, name: str) -> None:
        dialog = QFileDialog(self, tr("{name} from a picture made here", name=name), "", pictures.made_here_filter())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self.take(Path(file), name))
        dialog.open()

    def choose(self, name: str) -> None:
        """The hand is to go on here: into the seed of A or B."""
        field = (self.a if name == "A" else self.b).field
        field.setFocus()
        field.selectAll()

    def _took(self, latent: Latent, name: str, path: Path) -> None:
        self._store.do(WRITE[name](self._store.recipe, latent, self._desk.chosen, path.stem), f"{name}: {path.stem}")

    def _between(self) -> QHBoxLayout:
        self.swapper = QPushButton(" " + tr("Swap"))
        self.swapper.setIcon(theme.icon("arrow-up-down"))
        self.swapper.setToolTip(tr("Swap A and B (X)"))
        self.linker = QPushButton(" " + tr("Link"))
        self.linker.setIcon(theme.icon("link-2"))
        self.linker.setCheckable(True)
        self.linker.setToolTip(tr("Linked, B makes every step that A makes"))
        self.swapper.clicked.connect(self.swap)
        self.linker.toggled.connect(self.walk.link)
        self.walk.linked_changed.connect(self.linker.setChecked)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.swapper, self.linker):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button, 1)
        return row

    def _travel_row(self) -> QHBoxLayout:
        self.player = icon_button("play", "Travel: A moves on by itself (Space)", self.travel.toggle, checkable=True)
        self.speed = Slide(2, 4 * SPEED, round(self.travel.speed * SPEED))
        self.speed.setPageStep(10)
        self.speed.setAccessibleName(tr("Speed of travel"))
        self.speed.setToolTip(tr("How fast A travels, in seeds a second"))
        self._speed_text = QLabel()
        self._speed_text.setFixedWidth(VALUE)
        self._speed_text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.speed.moved.connect(lambda tick: self.set_speed(tick / SPEED))
        self.travel.playing_changed.connect(self._played)
        self.set_speed(self.travel.speed)
        row = QHBoxLayout()
        row.setSpacing(8)
        label = QLabel(tr("Travel"))
        row.addWidget(self.player)
        row.addWidget(label)
        row.addWidget(self.speed, 1)
        row.addWidget(self._speed_text)
        return row

    def set_speed(self, speed: float) -> None:
        """Seeds a second."""
        self.travel.speed = speed
        self.speed.show_value(round(speed * SPEED))
        self._speed_text.setText(f"{figure(speed, '.2f')}/s")

    def _played(self, playing: bool) -> None:
        self.player.setChecked(playing)
        self.player.setIcon(theme.icon("pause" if playing else "play"))

    def _introduce(self, info: ModelInfo) -> None:
        self.a.introduce(info)
        self.b.introduce(info)
        if info.text_size:
            self._bridge.ask(lambda renderer: unreadable(renderer, info.encoder), self.a.words.say)

    # what a person's settings keep of it

    def use(self, machine: Settings) -> None:
        self.set_speed(machine.speed)
        self.walk.link(machine.linked)
        Prompts.of(self._store).use(machine.prompts)

    def habits(self) -> dict[str, Any]:
        """The same fields as they are now."""
        recent = Prompts.of(self._store).recent
        return {"speed": self.travel.speed, "linked": self.walk.linked, "prompts": recent}
