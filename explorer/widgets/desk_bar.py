"""The line above the mixing desk: what its faders move, and what can be done to the pile."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QMenu, QWidget

from engine.recipe.recipe import MAX_STYLES
from engine.render.info import ModelInfo, rows_of
from explorer import pictures
from explorer.desk import MixingDesk
from explorer.key_bindings import entry
from explorer.words import tr

from .buttons import icon_button, opens
from .equalizer_faces import MIX, rows_for

WHOLE = "All layers"
PARTS = {WHOLE: "", "Coarse": "coarse", "Middle": "middle", "Fine": "fine"}


def parts_of(info: ModelInfo | None) -> dict[str, tuple[int, ...]]:
    """What the faders can move, as word -> layers of the model."""
    if info is None:
        return {tr(WHOLE): ()}
    whole = tuple(range(len(rows_for(MIX, info))))
    if not info.has_w:
        return {tr(WHOLE): whole}
    found = {tr(word): tuple(rows_of(band, info.layers)) for word, band in PARTS.items() if band and _has(band, info)}
    return {tr(WHOLE): whole, **found}


def _has(band: str, info: ModelInfo) -> bool:
    return any(layer.band == band for layer in info.layers)


class AddMenu(QMenu):
    """Where another style comes from."""

    seed_wanted = pyqtSignal()
    same_wanted = pyqtSignal()
    picture_wanted = pyqtSignal()
    favourite_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(tr("Lay over"), parent)
        self.setToolTipsVisible(True)
        self.add("Random seed", "Another picture by chance", self.seed_wanted.emit)
        self.add("The seed of A", "So that A can be changed below it", self.same_wanted.emit)
        self.favourite = self.add("Favourite…", "From the gallery", self.favourite_wanted.emit)
        self.add("Picture made here…", "Or drop its file on the desk", self.picture_wanted.emit)

    def add(self, text: str, tip: str, do: Callable[[], object]) -> object:
        action = self.addAction(tr(text))
        assert action is not None
        action.setToolTip(tr(tip))
        action.triggered.connect(lambda: do())
        return action


class DeskBar(QWidget):
    """Holds no state but what the faders move."""

    moves_changed = pyqtSignal(tuple)
    closed = pyqtSignal()
    picture_chosen = pyqtSignal(object)  # Path

    def __init__(self, desk: MixingDesk, parent: QWidget | None = None):
        super().__init__(parent)
        self._desk = desk
        self._parts: dict[str, tuple[int, ...]] = {}
        self.part = QComboBox()
        self.part.setAccessibleName(tr("What the faders move"))
        self.part.setToolTip(
            tr("What the faders move: all layers of the model, or only the coarse, middle or fine ones")
        )
        self.part.setMinimumWidth(96)
        self.menu = AddMenu(self)
        self.adder = icon_button("plus", "Lay another picture over these: a seed, a favourite or a file")
        opens(self.adder, self.menu)
        self.doubler = icon_button("copy", "Double the chosen one (Ctrl+D)", desk.duplicate)
        self.remover = icon_button("trash-2", "Take the chosen one away (Del)", desk.remove)
        self.closer = icon_button("chevron-up", "Only A and B again", self.closed.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.part)
        row.addStretch(1)
        for button in (self.adder, self.doubler, self.remover, self.closer):
            row.addWidget(button)
        self.part.currentTextChanged.connect(self._turn)
        self.introduce(None)

    def introduce(self, info: ModelInfo | None) -> None:
        """Offers the parts of this model; the one that was chosen stays where there is such a one."""
        self._parts, before = parts_of(info), self.part.currentText()
        self.part.blockSignals(True)
        self.part.clear()
        self.part.addItems(list(self._parts))
        self.part.setCurrentText(before if before in self._parts else tr(WHOLE))
        self.part.blockSignals(False)
        self.part.setVisible(len(self._parts) > 1)
        self._turn(self.part.currentText())

    @property
    def moves(self) -> tuple[int, ...]:
        """The layers of the model that the faders move."""
        return self._parts.get(self.part.currentText(), ())

    def show_pile(self, can_close: bool) -> None:
        """What can be done now."""
        count = len(self._desk.styles)
        for button in (self.doubler, self.remover):
            button.setEnabled(count > 0)
        self.adder.setEnabled(count < MAX_STYLES)
        self.doubler.setEnabled(0 < count < MAX_STYLES)
        self.closer.setVisible(can_close)

    def row_menu(self) -> QMenu:
        """What can be done to the chosen line."""
        menu, desk, at = QMenu(self), self._desk, self._desk.chosen
        deeds: tuple[tuple[str, Callable[[], object], bool], ...] = (
            ("On or off\tSpace", partial(desk.switch, at), bool(desk.styles)),
            ("Higher\tCtrl+Up", partial(desk.move, at, at + 1), at < len(desk.styles) - 1),
            ("Lower\tCtrl+Down", partial(desk.move, at, at - 1), at > 0),
            ("Double\tCtrl+D", desk.duplicate, 0 < len(desk.styles) < MAX_STYLES),
            ("Take away\tDel", desk.remove, bool(desk.styles)),
        )
        for text, do, possible in deeds:
            action = menu.addAction(entry(text))
            assert action is not None
            action.setEnabled(possible)
            action.triggered.connect(lambda _=False, do=do: do())
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def ask_picture(self) -> None:
        """Asks for files of pictures made here."""
        dialog = QFileDialog(self, tr("Lay pictures made here over this one"), "", pictures.made_here_filter())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, names: list[str]) -> None:
        for name in names:
            self.picture_chosen.emit(Path(name))

    def _turn(self, text: str) -> None:
        self.moves_changed.emit(self._parts.get(text, ()))
