"""Above the favourites: what to look for, in which order, and what can be done with the chosen ones."""

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu, QToolButton, QWidget

from engine.gallery import query
from explorer import theme
from explorer.words import tr

from .buttons import icon_button, opens
from .stars import Stars
from .wrapped import Wrapped


class GalleryBar(QWidget):
    """Holds what is looked for, and nothing of the gallery itself."""

    asked = pyqtSignal(str, int, str)  # words, least rating, order
    adding = pyqtSignal()
    comparing = pyqtSignal()
    keying = pyqtSignal()
    throwing = pyqtSignal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.search = QLineEdit()
        self.search.setAccessibleName(tr("Search the favourites"))
        self.search.setPlaceholderText(tr("Search"))
        self.search.setToolTip(tr("Words in name, note, tags, model or seed; #word looks at tags only"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(260)
        self.rating = Stars("Least rating", "Only pictures with at least so many stars")
        self.order = QComboBox()
        self.order.setAccessibleName(tr("Order"))
        self.order.setToolTip(tr("In which order"))
        for order in query.ORDERS:
            self.order.addItem(tr(order), order)
        self.count = QLabel()
        self.count.setProperty("role", "secondary")
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.adder = icon_button("plus", "Keep this picture as a favourite (F)", self.adding.emit)
        self.comparer = icon_button(
            "columns-2", "Compare two chosen pictures, or one with the present", self.comparing.emit
        )
        self.exporter = QToolButton()
        self.exporter.setIcon(theme.icon("copy"))
        self.exporter.setToolTip(tr("Hand over the chosen pictures"))
        self.exporter.setAccessibleName(tr("Export"))
        self.exporter.setProperty("flat", True)
        self.exporter.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu = QMenu(tr("Hand over"), self.exporter)
        opens(self.exporter, self.menu)
        self.keyer = icon_button("keyframe", "The chosen pictures as keys of the timeline (I)", self.keying.emit)
        self.thrower = icon_button("trash-2", "Put the chosen pictures into the trash (Del)", self.throwing.emit)
        self.restorer = icon_button("rotate-ccw", "Bring pictures back out of the trash")
        doings = (self.adder, self.comparer, self.keyer, self.exporter, self.thrower, self.restorer)
        Wrapped(self, ((self.search, self.rating), (self.order, self.count), doings))
        self.search.textChanged.connect(self._ask)
        self.rating.rated.connect(self._ask)
        self.order.currentIndexChanged.connect(self._ask)

    def offer(self, text: str, do: Callable[[], object]) -> None:
        """One more way to hand pictures over."""
        action = self.menu.addAction(text)
        if action is not None:
            action.triggered.connect(lambda _=False: do())

    def enable(self, chosen: int) -> None:
        """What can be done with so many."""
        self.comparer.setEnabled(1 <= chosen <= 2)
        self.keyer.setEnabled(chosen > 0)
        self.exporter.setEnabled(chosen > 0)
        self.thrower.setEnabled(chosen > 0)

    def say(self, shown: int, every: int, refused: int, waiting: int, reasons: str) -> None:
        """How many there are."""
        words = tr("{shown} of {every}", shown=shown, every=every) if shown != every else f"{every}"
        if waiting:
            words += " · " + tr("{count} still to be read", count=waiting)
        if refused:
            words += " · " + tr("{count} not readable", count=refused)
        self.count.setText(words)
        self.count.setToolTip(reasons)

    def _ask(self, *_: object) -> None:
        self.asked.emit(self.search.text(), self.rating.rating, self.order.currentData())
