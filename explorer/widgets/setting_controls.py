"""The three controls of the settings dialog: a choice of words, a number with its range, a folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

from PyQt6.QtCore import QSignalBlocker, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from explorer.words import tr

from .buttons import icon_button
from .decimal_box import DecimalBox


def limits(kind: type, field: str) -> tuple[float, float]:
    """The least and the most that a struct's field may be, as its type declares them."""
    meta = get_type_hints(kind, include_extras=True)[field].__metadata__[0]
    return meta.ge, meta.le


class Control(QWidget):
    """`chosen` carries the value that a person has chosen; showing one says nothing."""

    chosen = pyqtSignal(object)

    def __init__(self, inner: QWidget):
        super().__init__()
        self.inner = inner
        self.setFocusProxy(inner)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)
        self.row.addWidget(inner, 1)

    def name(self, title: str, sentence: str) -> None:
        """For tips and for those who listen to the screen."""
        self.inner.setAccessibleName(title)
        self.inner.setAccessibleDescription(sentence)
        for widget in (self, self.inner):
            widget.setToolTip(sentence)


class Choice(Control):
    """One of some words."""

    def __init__(self, choices: Mapping[str, str]):
        self.box = QComboBox()
        super().__init__(self.box)
        self.offer(choices)
        self.box.activated.connect(lambda at: self.chosen.emit(self.box.itemData(at)))

    def offer(self, choices: Mapping[str, str]) -> None:
        """More to choose from."""
        with QSignalBlocker(self.box):
            for value, words in choices.items():
                if self.box.findData(value) < 0:
                    self.box.addItem(words, value)

    def show_value(self, value: Any) -> None:
        if self.box.findData(value) < 0:
            self.offer({value: tr("{name}, which is not here", name=value)})
        self.box.setCurrentIndex(self.box.findData(value))


class Number(Control):
    """A whole number where its step is one, with words for 0 if they are given."""

    def __init__(self, low: float, high: float, step: float, suffix: str = "", zero: str = ""):
        self.box: QSpinBox | DecimalBox = QSpinBox() if float(step).is_integer() else DecimalBox()
        super().__init__(self.box)
        number: Any = int if isinstance(self.box, QSpinBox) else float
        self.box.setRange(number(low), number(high))
        self.box.setSingleStep(number(step))
        self.box.setSuffix(suffix)
        self.box.setSpecialValueText(zero)
        self.box.setKeyboardTracking(False)
        self.box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        if isinstance(self.box, DecimalBox):
            self.box.setDecimals(1)
        self.box.valueChanged.connect(lambda value: self.chosen.emit(value))

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.box):
            self.box.setValue(value)


class Folder(Control):
    """A folder, typed or chosen; empty is the proposed one, which shows pale. What cannot be a folder is not taken."""

    def __init__(self, title: str):
        self.field = QLineEdit()
        super().__init__(self.field)
        self._title, self._shown = title, ""
        self.opener = icon_button("folder-open", tr("Choose the folder: {title}", title=title), self._ask)
        self.row.addWidget(self.opener)
        self.field.editingFinished.connect(self._typed)

    def propose(self, place: Path) -> None:
        self.field.setPlaceholderText(str(place))

    def show_value(self, value: str) -> None:
        self._shown = value
        self.field.setText(value)
        self.field.setCursorPosition(0)

    def _typed(self) -> None:
        text = self.field.text().strip()
        why = refusal(text)
        self.field.setProperty("bad", bool(why))
        style = self.field.style()
        if style is not None:
            style.polish(self.field)
        self.field.setToolTip(why or self.toolTip())
        if not why and text != self._shown:
            self.chosen.emit(str(Path(text).expanduser()) if text else "")

    def _ask(self) -> None:
        dialog = QFileDialog(self, self._title, self.field.text() or self.field.placeholderText())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self.chosen.emit(name))
        dialog.open()


def refusal(text: str) -> str:
    """Why this cannot be a folder, in a sentence; "" when it can, or when it is empty."""
    if not text:
        return ""
    try:
        path = Path(text).expanduser()
        there, is_folder = path.exists(), path.is_dir()
    except (OSError, ValueError, RuntimeError):
        path, there, is_folder = Path(), True, False
    if not path.name or not text.isprintable():
        return tr("This cannot be a folder's name.")
    if there and not is_folder:
        return tr("{name} is a file; a folder is needed here.", name=path.name)
    return "" if path.is_absolute() else tr("A whole path is needed, from the root of the disk on.")
