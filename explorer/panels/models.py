"""Model: what the open model is, and the others that are at hand."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.recipe import Model
from engine.render.info import ModelInfo
from explorer import theme
from explorer.bridge import Bridge
from explorer.embedded import Embedded, cards
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.widgets.model_tiles import ModelTiles

FAMILIES = {
    "progan": "Progressive GAN", "stylegan1": "StyleGAN", "stylegan2": "StyleGAN2", "stylegan3": "StyleGAN3",
    "stylegan_xl": "StyleGAN-XL", "stylegan_t": "StyleGAN-T", "fastgan": "FastGAN",
}  # fmt: skip


class ModelsPanel(QWidget):
    """The card of the open model; "Open…" for another file."""

    title = "Model"
    compact = True
    open_wanted = pyqtSignal()
    model_wanted = pyqtSignal(object)  # Model

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self._bridge = bridge
        self.name = QLabel("Waking up…")
        self.name.setProperty("role", "title")
        self.name.setWordWrap(True)
        self.about = QLabel("The model is being loaded.")
        self.about.setProperty("role", "secondary")
        self.about.setWordWrap(True)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(2)
        self._facts.setColumnStretch(1, 1)
        self.opener = QPushButton(" Open…")
        self.opener.setIcon(theme.icon("folder-open"))
        self.opener.setToolTip("Open a model or a picture made here (Ctrl+O)")
        self.opener.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.opener.clicked.connect(self.open_wanted)
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
        bridge.model_changed.connect(self.introduce)

    def show_none(self) -> None:
        """For as long as there is no model."""
        self.name.setText("No model yet")
        self.about.setText("Open a model file, or drop one on the window.")

    def _offer(self, known: list[Embedded], present: Model) -> None:
        self.tiles.offer(known)
        self.tiles.show_open(present)

    def introduce(self, info: ModelInfo) -> None:
        """The card: only what the file says, nothing that it does not."""
        if self.tiles.tiles:
            self.tiles.show_open(info.model)
        else:
            self._bridge.ask(cards, lambda known: self._offer(known, info.model))
        self.name.setText(info.model.name or "Unnamed model")
        self.about.setText(f"{FAMILIES.get(info.family, info.family)} · {info.resolution} × {info.resolution}")
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
    lines = [f"<b>{known.model.name}</b>", f"{FAMILIES.get(known.family, known.family)} · {known.side} × {known.side}"]
    lines += [f"{word}: {said}" for word, said in (("Data", known.data), ("Licence", known.licence)) if said]
    return "<p>" + "<br>".join(lines) + "</p>"


def facts(info: ModelInfo) -> list[tuple[str, str]]:
    """What a person may want to know of a model, with words for it."""
    found = [
        ("Layers", f"{len(info.layers)}" if info.has_w else f"{len(info.layers)}, not mixed one by one"),
        ("Parameters", in_words(info.parameters)),
    ]
    if info.label_size:
        found.append(("Classes", str(info.label_size)))
    if info.images:
        found.append(("Trained on", f"{in_words(info.images)} pictures"))
    if info.data:
        found.append(("Data", info.data))
    if info.licence:
        found.append(("Licence", info.licence))
    return found


def in_words(count: int) -> str:
    """1234567 as 1.2 million."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} million"
    return f"{count / 1000:.0f} thousand" if count >= 10_000 else str(count)
