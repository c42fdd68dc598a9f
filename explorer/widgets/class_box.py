"""The class of A or of B on a button; a click opens all classes as pictures."""

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QPushButton, QSizePolicy, QWidget

from engine.recipe import Condition, Conditions, Recipe
from engine.render.info import ModelInfo
from explorer import theme
from explorer.condition_pair import Pair
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .class_picker import ClassPicker

MARGINS = 44  # pixels that the arrow and the button's edges take


class ClassBox(QPushButton):
    """`changed` while a gesture goes on, `settled` with a few words when it is over. It only shows what the recipe holds."""

    changed = pyqtSignal(object)  # Conditions
    settled = pyqtSignal(str)

    def __init__(
        self, thumbnails: Thumbnails, recipe: Callable[[Condition], Recipe], name: str, parent: QWidget | None = None
    ):
        """`recipe` is what the small picture of a class shows; `name` is A or B."""
        super().__init__(parent)
        self.words = ""  # all of them, however little room there is
        self.setAccessibleName(tr("Class of {name}", name=name))
        self.setToolTip(tr("The class of {name}: choose one among pictures, or blend two", name=name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # whatever the classes are called
        self.setIcon(theme.icon("chevron-down"))
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.picker = ClassPicker(thumbnails, lambda number: recipe(Condition(number)), self)
        self.picker.changed.connect(self._change)
        self.picker.ended.connect(lambda: self.settled.emit(self.words))
        self.clicked.connect(lambda: self.picker.open_below(self))
        self.hide()

    def introduce(self, info: ModelInfo) -> None:
        """Offers the model's classes, where it has any."""
        self.picker.use([class_name(info, number) for number in range(info.label_size)])
        self._show(Pair())
        self.setVisible(bool(info.label_size))

    def show_conditions(self, found: Conditions) -> None:
        """From outside, without telling anyone."""
        self._show(self.picker.pair.following(found))

    def _change(self, pair: Pair) -> None:
        self._show(pair)
        self.changed.emit(pair.conditions)

    def _show(self, pair: Pair) -> None:
        self.picker.show_pair(pair)
        parts = [(self.picker.name(condition), share) for condition, share in pair.conditions]
        self.words = parts[0][0] if len(parts) == 1 else f"{parts[0][0]} · {parts[1][0]} {parts[1][1]:.0%}"
        self.setAccessibleDescription(self.words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self.words, Qt.TextElideMode.ElideMiddle, self.width() - MARGINS))


def class_name(info: ModelInfo, number: int) -> str:
    """What the model calls a class."""
    return info.classes[number] if number < len(info.classes) else tr("Class {number}", number=number)
