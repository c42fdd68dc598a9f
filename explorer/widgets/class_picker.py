"""The sheet of classes that opens below a button: search, pictures to choose from, and a second class to blend with."""

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QEvent, QObject, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QKeyEvent
from PyQt6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from engine.recipe import Condition, Recipe
from explorer.condition_pair import Pair
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .blend_row import BlendRow
from .buttons import icon_button
from .class_tiles import GAP, SIDE, ClassList, ClassTiles

ACROSS, HIGH = 4, 420  # classes side by side; pixels
EVEN = 0.5  # share of a second class that has just been chosen


class ClassPicker(QFrame):
    """Two places, of which a click fills the one that is lit. Esc, Enter or a click elsewhere closes it."""

    changed = pyqtSignal(object)  # Pair, while a gesture goes on
    ended = pyqtSignal()

    def __init__(self, thumbnails: Thumbnails, recipe: Callable[[int], Recipe], parent: QWidget | None = None):
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("overlay")
        self.pair = Pair()
        self.rows = ClassList()
        self.tiles = ClassTiles(self.rows, thumbnails, recipe)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Search classes"))
        self.field.setAccessibleName(tr("Search classes"))
        self.field.installEventFilter(self)
        self.first, self.second = QPushButton(), QPushButton()
        self.first.setToolTip(tr("The class; a click below chooses another"))
        self.second.setToolTip(tr("A second class to blend with; a click below chooses it"))
        self.clear = icon_button("x", "No second class", self._drop)
        self.blend = BlendRow(tr("Blend of two classes"), tr("How much of the second class: 0 is all the first"))
        self._lay_out()
        self._connect()
        self.show_pair(self.pair)

    def _lay_out(self) -> None:
        places = QButtonGroup(self)
        above = QHBoxLayout()
        above.setSpacing(6)
        for button in (self.first, self.second):
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setMinimumWidth(1)  # long names of classes must not make it wide
            places.addButton(button)
            above.addWidget(button, 1)
        above.addWidget(self.clear)
        self.first.setChecked(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addLayout(above)
        column.addWidget(self.blend)
        column.addWidget(self.field)
        column.addWidget(self.tiles, 1)
        self.setFixedSize(ACROSS * (SIDE + 2 * GAP) + 40, HIGH)

    def _connect(self) -> None:
        self.field.textChanged.connect(self._search)
        self.tiles.chosen.connect(self._choose)
        self.tiles.done.connect(self.close)
        self.first.toggled.connect(lambda _: self._mark())
        self.blend.moved.connect(lambda share: self._change(Pair(self.pair.first, self.pair.second, share)))
        self.blend.ended.connect(self.ended)

    def use(self, names: Sequence[str]) -> None:
        """The classes of another model."""
        self.field.clear()
        self.rows.use(names)

    def open_below(self, widget: QWidget) -> None:
        """Below a widget, or as near to it as the screen lets it be."""
        place = widget.mapToGlobal(QPoint(0, widget.height() + 2))
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        if screen is not None:
            area = screen.availableGeometry()
            place.setX(max(min(place.x(), area.right() - self.width()), area.left()))
            place.setY(max(min(place.y(), area.bottom() - self.height()), area.top()))
        self.move(place)
        self.first.setChecked(True)
        self.field.clear()
        self.show()
        self._mark()
        self.field.setFocus()

    def show_pair(self, pair: Pair) -> None:
        """From outside, without telling anyone."""
        self.pair = pair
        self.first.setText(self.name(pair.first))
        self.second.setText(self.name(pair.second) if pair.second else tr("Blend with…"))
        self.blend.setEnabled(pair.second is not None)
        self.clear.setEnabled(pair.second is not None)
        self.blend.show_share(pair.share)

    def name(self, condition: Condition) -> str:
        """What a person calls a class; without one, the model draws its first."""
        number = condition.label or 0
        return self.rows.names[number] if number < len(self.rows.names) else ""

    def _mark(self) -> None:
        condition = self.pair.first if self.first.isChecked() else self.pair.second
        if condition is not None:
            self.tiles.show_chosen(condition.label or 0)
        else:
            self.tiles.clearSelection()

    def _search(self, text: str) -> None:
        self.rows.search(text)
        self._mark()

    def _choose(self, number: int) -> None:
        condition, pair = Condition(number), self.pair
        if self.first.isChecked():
            share = 0.0 if pair.share >= 1 else pair.share  # what is chosen is to be seen
            self._change(Pair(condition, pair.second, share))
        else:
            self._change(Pair(pair.first, condition, pair.share or EVEN))
        self.ended.emit()

    def _drop(self) -> None:
        self.first.setChecked(True)
        self._change(Pair(self.pair.first))
        self.ended.emit()

    def _change(self, pair: Pair) -> None:
        self.show_pair(pair)
        self.changed.emit(pair)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """From the search field, Down goes to what was found, and Enter takes the first of it."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() == Qt.Key.Key_Down:
            self.tiles.setFocus()
            self.tiles.setCurrentIndex(self.rows.index(0))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.field.text() and self.rows.found:
                self._choose(self.rows.found[0])
            self.close()
        else:
            return False
        return True
