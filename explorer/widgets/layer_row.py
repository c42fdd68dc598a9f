"""One line below the equalizer: which layer is chosen, and its number, which can be typed."""

from PyQt6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from explorer.words import tr

from .decimal_box import DecimalBox
from .equalizer import Equalizer
from .equalizer_faces import Face


class LayerRow(QWidget):
    """Shows the equalizer's chosen column; a typed number is one step of undo."""

    def __init__(self, equalizer: Equalizer, parent: QWidget | None = None):
        super().__init__(parent)
        self._equalizer = equalizer
        self.words = QLabel()
        self.words.setProperty("role", "secondary")
        self.words.setMinimumWidth(1)
        self.number = DecimalBox()
        self.number.setKeyboardTracking(False)
        self.number.setFixedWidth(72)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setButtonSymbols(DecimalBox.ButtonSymbols.NoButtons)
        self.number.installEventFilter(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.number)
        self.number.valueChanged.connect(self._typed)
        equalizer.chosen_changed.connect(self.show_chosen)
        equalizer.typing.connect(self._take_focus)
        equalizer.edits.store.changed.connect(self.show_chosen)
        self.show_chosen()

    def show_chosen(self) -> None:
        """What the store holds for the chosen layer."""
        edits, face, chosen = self._equalizer.edits, self._equalizer.face, self._equalizer.chosen
        self.setEnabled(bool(edits.layers))
        if not edits.layers:
            self.words.setText("")
            return
        layer, (low, high) = edits.layers[chosen], face.range
        title, _ = self._equalizer.explainer.words(chosen)
        self.words.setText(f"{title} · {tr(layer.band)}" if len(edits.layers) > 1 else title)
        times = 100 if face.mixes else 1
        with QSignalBlocker(self.number):
            if face != self._face:  # a range, even the same one, makes the whole window lay itself out again
                self._face = face
                self.number.setRange(low * times, high * times)
                self.number.setDecimals(0 if face.mixes else 2)
                self.number.setSingleStep(1 if face.mixes else 0.05)
                self.number.setSuffix(" %" if face.mixes else "")
            if (value := edits.values[chosen] * times) != self.number.value():
                self.number.setValue(value)
        self.number.setAccessibleName(f"{face.title}, {title}")

    _face: Face | None = None

    def _typed(self, value: float) -> None:
        edits = self._equalizer.edits
        edits.set({self._equalizer.chosen: value / 100 if self._equalizer.face.mixes else value})
        edits.rest()

    def _take_focus(self) -> None:
        self.number.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.number.selectAll()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """No wheel on an unfocused field; Enter goes back to the columns."""
        if isinstance(event, QWheelEvent) and not self.number.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
