"""Model: what the open model is, and the others that are at hand."""

from itertools import pairwise

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.recipe import Model
from engine.render.info import ModelInfo
from explorer import theme
from explorer.bridge import Bridge
from explorer.embedded import Embedded, cards
from explorer.model_words import family_name, in_words, square
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.widgets.model_tiles import ModelTiles
from explorer.words import tr


class ModelsPanel(QWidget):
    """The card of the open model; "Open…" for another file."""

    title = "Model"
    compact = True
    open_wanted = pyqtSignal()
    model_wanted = pyqtSignal(object)  # Model
    deed_wanted = pyqtSignal(str)  # one of the window's actions

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self._bridge = bridge
        self.name = QLabel(tr("Waking up…"))
        self.name.setProperty("role", "title")
        self.name.setWordWrap(True)
        self.about = QLabel(tr("The model is being loaded."))
        self.about.setProperty("role", "secondary")
        self.about.setWordWrap(True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(2)
        self._facts.setColumnStretch(1, 1)
        self.opener = QPushButton(" " + tr("Open…"))
        self.opener.setIcon(theme.icon("folder-open"))
        self.opener.setToolTip(tr("Open a model or a picture made here (Ctrl+O)"))
        self.opener.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.opener.clicked.connect(self.open_wanted)
        self.catalogue = self._deed("catalogue", "Catalogue", "Public models to search and download")
        self.card = self._deed("card", "About", "Its layers, its training, its licence")
        self.exporter = self._deed("export_model", "Export", "This model as a file for other programs")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(self.opener)
        column.addLayout(top)
        column.addWidget(self.about)
        self.tiles = ModelTiles(Thumbnails.shared(store, bridge), in_short)
        self.tiles.chosen.connect(self.model_wanted)
        column.addWidget(self.tiles)
        column.addLayout(self._facts)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 4, 0, 0)
        foot.setSpacing(4)
        for button in (self.catalogue, self.card, self.exporter):
            foot.addWidget(button)
        column.addLayout(foot)
        bridge.model_changed.connect(self.introduce)

    def _deed(self, name: str, words: str, tip: str) -> QPushButton:
        """A button for one of the window's actions."""
        button = QPushButton(tr(words))
        button.setMinimumWidth(1)  # three of them must not make the panel wider
        button.setToolTip(tr(tip))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.deed_wanted.emit(name))
        return button

    def show_none(self) -> None:
        """For as long as there is no model."""
        self.name.setText(tr("No model yet"))
        self.about.setText(tr("Open a model file, or drop one on the window."))

    def _offer(self, known: list[Embedded], present: Model) -> None:
        self.tiles.offer(known)
        self.tiles.show_open(present)
        for before, tile in pairwise((self.opener, *self.tiles.tiles)):
            self.setTabOrder(before, tile)  # tiles come late, and would come last

    def introduce(self, info: ModelInfo) -> None:
        """The card: only what the file says, nothing that it does not."""
        if self.tiles.tiles:
            self.tiles.show_open(info.model)
        else:
            self._bridge.ask(cards, lambda known: self._offer(known, info.model))
        self.name.setText(info.model.name or tr("Unnamed model"))
        self.about.setText(f"{family_name(info.family)} · {square(info.resolution)}")
        while self._facts.count():
            item = self._facts.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for row, (word, value) in enumerate(facts(info)):
            for column, text in enumerate((word, value)):
                label = QLabel(text)
                label.setWordWrap(column == 1)
                label.setAlignment(Qt.AlignmentFlag.AlignTop)
                if column == 0:
                    label.setProperty("role", "secondary")
                else:
                    label.setFont(theme.font(theme.SMALL))
                    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                self._facts.addWidget(label, row, column)


def in_short(known: Embedded) -> str:
    """The card of a model that is not open, for its tip."""
    lines = [f"<b>{known.model.name}</b>", f"{family_name(known.family)} · {square(known.side)}"]
    lines += [f"{tr(word)}: {tr(said)}" for word, said in (("Data", known.data), ("Licence", known.licence)) if said]
    return "<p>" + "<br>".join(lines) + "</p>"


def facts(info: ModelInfo) -> list[tuple[str, str]]:
    """What a person may want to know of a model, with words for it."""
    layers = len(info.layers)
    found = [
        (tr("Layers"), f"{layers}" if info.has_w else tr("{count}, not mixed one by one", count=layers)),
        (tr("Parameters"), in_words(info.parameters)),
    ]
    if info.label_size:
        found.append((tr("Classes"), str(info.label_size)))
    if info.images:
        found.append((tr("Trained on"), tr("{count} pictures", count=in_words(info.images))))
    if info.data:
        found.append((tr("Data"), tr(info.data)))
    if info.licence:
        found.append((tr("Licence"), tr(info.licence)))
    return found
