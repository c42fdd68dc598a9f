"""Says and shows what a layer is and does: the words, the card at the pointer, and the larger view that stays."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from explorer.bridge import Bridge
from explorer.words import tr

from .equalizer_difference import Difference, Differences, Pair
from .equalizer_edits import Edits
from .equalizer_hover import LayerCard
from .layer_view import LayerView

if TYPE_CHECKING:
    from .equalizer import Equalizer

DELAY = 350  # ms of the pointer's rest before the card appears


class Explainer(QObject):
    """Follows the pointer over the columns of one equalizer."""

    def __init__(self, equalizer: "Equalizer", bridge: Bridge, edits: Edits):
        super().__init__(equalizer)
        self._equalizer, self._edits = equalizer, edits
        self.differences = Differences(bridge)
        self.card = LayerCard(equalizer)
        self._row = -1
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(DELAY)
        self._wait.timeout.connect(self._show)
        edits.store.changed.connect(self._refresh)

    def words(self, row: int) -> tuple[str, str]:
        """A layer's name, and its band and value."""
        layer, face = self._edits.layers[row], self._edits.face
        value = face.say(self._edits.values[row])
        if len(self._edits.layers) == 1:
            return tr(layer.name).capitalize(), value
        name = tr("Layer {number} · {side} × {side}", number=layer.row, side=layer.resolution)
        return name, f"{tr(layer.band)} · {value}"

    def point(self, row: int) -> None:
        """The pointer is over a column (-1: over none)."""
        self._row = row
        if row < 0:
            self.leave()
        elif self.card.isVisible():
            self._show()
        else:
            self._wait.start()

    def leave(self) -> None:
        """The pointer has gone, or does something else now."""
        self._row = -1
        self.hide_card()

    def hide_card(self) -> None:
        self._wait.stop()
        self.card.hide()

    def view(self, row: int) -> None:
        """The larger view of what a layer does."""
        title, _ = self.words(row)
        view = LayerView(f"{title} · {tr(self._edits.layers[row].name)}", tr(self._edits.face.asks), self._equalizer)
        self.differences.ask(self._question(row), view.fill)
        view.show()

    def _question(self, row: int) -> Pair:
        return self._edits.face.question(self._edits.store.recipe, row, len(self._edits.layers))

    def _show(self) -> None:
        if not 0 <= self._row < len(self._edits.layers):
            return
        self._write(self._row, None)
        self.card.show_above(self._equalizer.column_area(self._row))
        row = self._row
        self.differences.ask(self._question(row), lambda found: self._picture(row, found))

    def _picture(self, row: int, found: Difference) -> None:
        if self.card.isVisible() and row == self._row:
            self._write(row, found)

    def _write(self, row: int, found: Difference | None) -> None:
        known = found or self.differences.known(self._question(row))
        self.card.say(*self.words(row), tr(self._edits.face.asks), known.where if known else None)

    def _refresh(self) -> None:
        if self.card.isVisible() and 0 <= self._row < len(self._edits.layers):
            self._write(self._row, None)
