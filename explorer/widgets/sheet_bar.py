"""Above the sheet: what lies on it, how many, how far from the picture, and what to do with it."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLabel, QWidget

from engine.render.info import BANDS
from explorer.words import tr

from .buttons import icon_button
from .slide import Slide
from .wrapped import Wrapped

COUNTS = (12, 24, 48, 96, 240)
RADIUS = 35  # percent to begin with
WHOLE = "All layers"
SEEDS, KIN, WAY, FOUR = "Any seeds", "More like this", "From A to B", "Between four pictures"
TABLE = "Mixing table"
CLASSES, PROMPTS = "Same seed, other classes", "Same seed, other prompts"
KINDS = (SEEDS, KIN, WAY, FOUR, TABLE, CLASSES, PROMPTS)
SAME_CLASS = "Same class, other seeds"  # what any seeds are called there
SAME_PROMPT = "Same prompt, other seeds"


class SheetBar(QWidget):
    """Holds what is asked for; `asked` when any of it has changed."""

    asked = pyqtSignal()
    dealing = pyqtSignal()
    keeping = pyqtSignal()
    showing = pyqtSignal()
    saving = pyqtSignal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("What lies on the sheet"))
        self.kind.setToolTip(
            tr(
                "Any seeds with all other settings as they are, children of one picture, what lies between A and B or between "
                "them and two others, or a table that mixes every A with every B"
            )
        )
        self._layers = True
        self.offer_conditions(0, 0)
        self.count = QComboBox()
        self.count.setAccessibleName(tr("How many"))
        self.count.setToolTip(tr("How many pictures lie on the sheet"))
        self.count.addItems([str(count) for count in COUNTS])
        self.count.setCurrentIndex(1)
        self.part = QComboBox()
        self.part.setAccessibleName(tr("Which layers"))
        self.part.setToolTip(tr("The layers that children inherit changed, or that a mixing table takes from B"))
        self.part.addItems([tr(words) for words in (WHOLE, *(band.capitalize() for band in BANDS))])
        self.radius = Slide(1, 100, RADIUS)
        self.radius.show_value(RADIUS)
        self.radius.setAccessibleName(tr("How far"))
        self.radius.setToolTip(tr("How far children are from their parent: at 100 they are strangers"))
        self.radius.setMaximumWidth(140)
        self.words = QLabel()
        self.words.setFixedWidth(38)
        self.dealer = icon_button("dices", "Others", self.dealing.emit)
        self.shower = icon_button("eye", "Show the chosen picture (Enter)", self.showing.emit)
        self.keeper = icon_button("favourite", "Keep the chosen pictures as favourites (F)", self.keeping.emit)
        self.saver = icon_button(
            "image-down", "Save the sheet as one picture, with all recipes inside…", self.saving.emit
        )
        asked = (self.kind, self.count, self.dealer)
        Wrapped(self, (asked, (self.part, self.radius, self.words), (self.shower, self.keeper, self.saver)))
        self.kind.activated.connect(self._changed)
        self.count.activated.connect(self._changed)
        self.part.activated.connect(self._changed)
        self.radius.moved.connect(self._changed)
        self._show()

    @property
    def asks(self) -> str:
        """One of KINDS."""
        return str(self.kind.currentData())

    def ask(self, kind: str) -> None:
        """From outside, without telling anyone."""
        self.kind.setCurrentIndex(self.kind.findData(kind))
        self._show()

    @property
    def number(self) -> int:
        return COUNTS[self.count.currentIndex()]

    @property
    def distance(self) -> float:
        """0 to 1."""
        return self.radius.value() / 100

    @property
    def band(self) -> str:
        """One of info.BANDS; "" is the whole picture."""
        return BANDS[self.part.currentIndex() - 1] if self.part.currentIndex() else ""

    def offer_conditions(self, classes: int, words: int) -> None:
        """Of so many classes the others can be asked for; and other prompts, where a model reads words."""
        asked = self.asks if self.kind.count() else SEEDS
        seeds = tr(SAME_CLASS) if classes else tr(SAME_PROMPT) if words else tr(SEEDS)
        needs = {TABLE: self._layers, CLASSES: classes > 0, PROMPTS: words > 0}
        self.kind.clear()
        for kind in KINDS:
            if needs.get(kind, True):
                self.kind.addItem(seeds if kind == SEEDS else tr(kind), kind)
        self.kind.setCurrentIndex(max(self.kind.findData(asked), 0))

    def offer_parts(self, layers: bool) -> None:
        """Whether the model has layers that can differ; to be said before conditions are offered."""
        self._layers = layers
        self.part.setEnabled(layers)
        if not layers:
            self.part.setCurrentIndex(0)

    def enable(self, chosen: int) -> None:
        self.shower.setEnabled(chosen == 1)
        self.keeper.setEnabled(chosen > 0)

    def _changed(self, *_: object) -> None:
        self._show()
        self.asked.emit()

    def _show(self) -> None:
        if self.asks == TABLE and not self.band:
            self.part.setCurrentIndex(1)  # all layers of B would be B
        self.part.setVisible(self.asks in (KIN, TABLE))
        for widget in (self.radius, self.words):
            widget.setVisible(self.asks == KIN)
        self.dealer.setEnabled(self.asks != WAY)
        self.words.setText(f"{self.radius.value()} %")
