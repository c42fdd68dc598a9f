"""The style equalizer with its faces: how much of B, how much style, truncation and noise each layer takes."""

from pathlib import Path

from PyQt6.QtCore import QSignalBlocker
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QTabBar, QToolButton, QVBoxLayout, QWidget

from engine.render.frame import Failure
from engine.render.info import ModelInfo
from explorer.bridge import Bridge
from explorer.curves import SavedCurves
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.widgets.ab_header import ABHeader
from explorer.widgets.buttons import icon_button
from explorer.widgets.curve_menu import CurveMenu
from explorer.widgets.equalizer import Equalizer
from explorer.widgets.equalizer_faces import Face, faces
from explorer.widgets.layer_row import LayerRow

NO_W = "This model has no styles to mix layer by layer (there is no W space), so A and B can only be blended as whole pictures."


class MixPanel(QWidget):
    """A and B above, then one equalizer with a tab for each of its faces."""

    title = "Style equalizer"

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
        self.header = ABHeader(store, thumbnails or Thumbnails(store, bridge, self))
        self.equalizer = Equalizer(store, bridge)
        self.row = LayerRow(self.equalizer)
        self.menu = CurveMenu(self.equalizer.edits, SavedCurves(curves), self)
        self.menu.failed.connect(lambda error: bridge.failed.emit(Failure(store.recipe, error)))
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName("What the sliders stand for")
        self.note = QLabel(NO_W)
        self.note.setWordWrap(True)
        self.note.setProperty("role", "secondary")
        self._faces: tuple[Face, ...] = ()
        self._info: ModelInfo | None = None
        self.tabs.currentChanged.connect(self._turn)
        self._lay_out()
        self._introduce(bridge.model)
        bridge.model_changed.connect(self._introduce)

    def _lay_out(self) -> None:
        self.curves = icon_button("sliders-vertical", "Curves: some to start from, and your own")
        self.curves.setMenu(self.menu)
        self.curves.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.reset = icon_button("rotate-ccw", "All layers back to neutral", self._reset)
        above = QHBoxLayout()
        above.setSpacing(0)
        above.addWidget(self.tabs, 1)
        above.addWidget(self.curves)
        above.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.header)
        column.addLayout(above)
        column.addWidget(self.note)
        column.addWidget(self.equalizer, 1)
        column.addWidget(self.row)

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
        before, self._faces = self.equalizer.face.key, faces(info)
        with QSignalBlocker(self.tabs):
            while self.tabs.count():
                self.tabs.removeTab(0)
            for face in self._faces:
                index = self.tabs.addTab(face.word)
                self.tabs.setTabToolTip(index, f"{face.title}. {face.hint}")
        self.show_face(before)
        self._turn(self.tabs.currentIndex())
        blends = info is not None and not info.has_w
        self.note.setVisible(blends and self.equalizer.face.mixes)
        self.equalizer.setToolTip(NO_W if blends else "")

    def _turn(self, index: int) -> None:
        face = self._faces[index]
        self.equalizer.set_face(face)
        self.row.show_chosen()
        info = self._bridge.model
        self.note.setVisible(face.mixes and info is not None and not info.has_w)

    def _reset(self) -> None:
        edits = self.equalizer.edits
        edits.lay((edits.face.neutral,) * len(edits.layers), f"{edits.face.word}: all back to neutral")
