"""The style equalizer with its faces: how much of B, how much style, truncation and noise each layer takes."""

import random
from pathlib import Path

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QTabBar, QVBoxLayout, QWidget

from engine.recipe import Latent, Recipe, conditioned, conditions
from engine.render.frame import Failure
from engine.render.info import ModelInfo
from explorer import mixing
from explorer.bridge import Bridge
from explorer.curves import SavedCurves
from explorer.desk import MixingDesk, called
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.widgets.ab_header import ABHeader
from explorer.widgets.buttons import icon_button, opens
from explorer.widgets.curve_menu import CurveMenu
from explorer.widgets.desk_bar import AddMenu, DeskBar
from explorer.widgets.desk_list import DeskList
from explorer.widgets.dropped import Drops, made_here
from explorer.widgets.equalizer import Equalizer
from explorer.widgets.equalizer_faces import Face, faces
from explorer.widgets.layer_row import LayerRow
from explorer.widgets.seed_row import MOST
from explorer.words import tr

NO_W = "This model has no styles to mix layer by layer (there is no W space), so A and B can only be blended as whole pictures."
OFF = "B ({name}) is off: its eye, or Space in the list, turns it on again."


class MixPanel(QWidget):
    """A and B above, or the whole pile of styles where there are more; below, one equalizer with a tab for each face."""

    title = "Style equalizer"
    failed = pyqtSignal(str)
    favourite_wanted = pyqtSignal()

    def __init__(
        self,
        store: Store,
        bridge: Bridge,
        parent: QWidget | None = None,
        thumbnails: Thumbnails | None = None,
        curves: Path | None = None,
    ):
        super().__init__(parent)
        self._store, self._bridge = store, bridge
        thumbnails = thumbnails or Thumbnails.shared(store, bridge)
        self.desk = MixingDesk.of(store)
        self.header = ABHeader(store, thumbnails)
        self.bar, self.pile = DeskBar(self.desk), DeskList(store, self.desk, thumbnails)
        self.equalizer = Equalizer(store, bridge)
        self.row = LayerRow(self.equalizer)
        self.menu = CurveMenu(self.equalizer.edits, SavedCurves(curves), self)
        self.menu.failed.connect(lambda error: bridge.failed.emit(Failure(store.recipe, error)))
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("What the sliders stand for"))
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("role", "secondary")
        self._faces: tuple[Face, ...] = ()
        self._info: ModelInfo | None = None
        self._wide = False  # whether the person wants to see the pile even where it is only A and B
        Drops(self, lambda paths: self._take_all(paths, len(self.desk.styles)), made_here)
        self._lay_out()
        self._connect()
        self._introduce(bridge.model)

    def _lay_out(self) -> None:
        self.curves = icon_button("sliders-vertical", "Curves: some to start from, and your own")
        opens(self.curves, self.menu)
        self.reset = icon_button("rotate-ccw", "All layers back to neutral", self._reset)
        self.opener = icon_button("layers", "Mixing desk: lay more pictures over these", lambda: self.open_desk(True))
        self.header.put_between(self.opener)
        above = QHBoxLayout()
        above.setSpacing(0)
        above.addWidget(self.tabs, 1)
        above.addWidget(self.curves)
        above.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(8)
        for widget in (self.header, self.bar, self.pile):
            column.addWidget(widget)
        self.pile.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column.addLayout(above)
        column.addWidget(self.note)
        column.addWidget(self.equalizer, 1)
        column.addWidget(self.row)

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._turn)
        self._bridge.model_changed.connect(self._introduce)
        self._store.changed.connect(self._show)
        self.desk.chose.connect(self._follow)
        self.desk.refused.connect(self.failed)
        self.bar.moves_changed.connect(self.pile.set_layers)
        self.bar.closed.connect(lambda: self.open_desk(False))
        self.bar.picture_chosen.connect(self.take)
        self.pile.asked_a.connect(lambda: self.header.asked.emit("A"))
        self.pile.asked_b.connect(lambda: self.header.asked.emit("B"))
        self.pile.menu_wanted.connect(lambda place: self.bar.row_menu().popup(place))
        self.pile.files_dropped.connect(self._take_all)
        menu: AddMenu = self.bar.menu
        menu.seed_wanted.connect(self.lay_seed)
        menu.same_wanted.connect(lambda: self._add(self._store.recipe.latent))
        menu.favourite_wanted.connect(self.favourite_wanted)
        menu.picture_wanted.connect(self.bar.ask_picture)

    # the desk

    def open_desk(self, wanted: bool) -> None:
        """Shows the pile of styles in the place of A and B; it stays open while there is more in it than B."""
        self._wide = wanted
        self._show(self._store.recipe)
        if wanted:
            self.pile.setFocus()

    def lay_seed(self) -> None:
        """Lays a seed over the picture by chance."""
        self.add_seed(random.randint(0, MOST))

    def add_seed(self, number: int) -> None:
        """Lays this seed over the picture, with the class or the words of A."""
        self._add(conditioned(number, conditions(self._store.recipe.latent)))

    def take(self, path: Path, at: int | None = None) -> None:
        """Lays a picture made here over this one, on top or at a place of the pile."""
        self._wide = True
        self.desk.take(self._bridge, path, at)

    def _take_all(self, paths: list[Path], at: int) -> None:
        for path in paths:
            self.take(path, at)

    def _add(self, latent: Latent) -> None:
        self._wide = True
        self.desk.add(latent, rows=self.desk.rows_of(self._info))

    def _show(self, recipe: Recipe) -> None:
        more = len(recipe.styles) > 1 or mixing.is_off(recipe)
        opened = more or self._wide
        self.header.setVisible(not opened)
        self.bar.setVisible(opened)
        self.pile.setVisible(opened)
        self.bar.show_pile(can_close=not more)
        self._explain()

    def _explain(self) -> None:
        """A line where the mix cannot do what it seems to."""
        at, mixes = self.desk.chosen, self.equalizer.face.mixes
        blends = self._info is not None and not self._info.has_w
        off = mixing.is_off(self._store.recipe, at)
        text = tr(NO_W) if blends else tr(OFF, name=called(self.desk.styles[at])) if off else ""
        self.note.setText(text)
        self.note.setVisible(mixes and bool(text))

    # faces

    def show_face(self, key: str) -> None:
        """Turns to a face: mix, strength, psi or noise; one that the model does not have is passed over."""
        for at, face in enumerate(self._faces):
            if face.key == key:
                self.tabs.setCurrentIndex(at)

    def _introduce(self, info: ModelInfo | None) -> None:
        """Keeps the face that is shown, if the model has it."""
        if self._faces and info == self._info:
            return
        self._info = info
        self.bar.introduce(info)
        before, self._faces = self.equalizer.face.key, faces(info, self.desk.chosen)
        with QSignalBlocker(self.tabs):
            while self.tabs.count():
                self.tabs.removeTab(0)
            for face in self._faces:
                index = self.tabs.addTab(tr(face.word))
                self.tabs.setTabToolTip(index, f"{face.title}. {face.hint}")
        self.show_face(before)
        self._turn(self.tabs.currentIndex())
        self.equalizer.setToolTip(NO_W if info is not None and not info.has_w else "")
        self._show(self._store.recipe)

    def _follow(self, at: int) -> None:
        """B is another one of the styles."""
        self._faces = faces(self._info, at)
        self._turn(self.tabs.currentIndex())

    def _turn(self, index: int) -> None:
        self.equalizer.set_face(self._faces[index])
        self.row.show_chosen()
        self._explain()

    def _reset(self) -> None:
        edits = self.equalizer.edits
        edits.lay(
            (edits.face.neutral,) * len(edits.layers), tr("{name}: all back to neutral", name=tr(edits.face.word))
        )
