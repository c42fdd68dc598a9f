"""What can be done to the numbers of the layers: every change goes to the store, every gesture is one step of undo."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from engine.render.info import LayerInfo
from explorer import mixing
from explorer.store import Store
from explorer.words import tr

from .equalizer_faces import MIX, Face, Values

REST = 400  # ms without wheel or key after which a gesture has ended


@dataclass(frozen=True)
class Aside:
    """What a solo or a mute did, so that it can be taken back."""

    what: str
    rows: frozenset[int]
    after: Values
    before: Values


class Edits(QObject):
    """The hand on the equalizer. It knows the face and the layers; the numbers themselves are always the store's."""

    ended = pyqtSignal()

    def __init__(self, store: Store, parent: QObject | None = None):
        super().__init__(parent)
        self.store = store
        self.face: Face = MIX
        self.layers: tuple[LayerInfo, ...] = ()
        self.before: Values = ()
        self._note = ""
        self._aside: dict[Face, Aside] = {}
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self.end)

    @property
    def values(self) -> Values:
        """The numbers as they are now."""
        return self.face.values(self.store.recipe, len(self.layers))

    def begin(self) -> None:
        """A new gesture; one that was still resting ends first."""
        self.end()
        self.before = self.values

    def set(self, changes: Mapping[int, float]) -> None:
        """Shows new values for some of the layers; the gesture goes on."""
        if not self.before:
            self.before = self.values
        values = list(self.values)
        for row, value in changes.items():
            values[row] = self.face.rounded(value)
        self.store.show(self.face.laid(self.store.recipe, tuple(values)))
        self._note = self._described()

    def rest(self) -> None:
        """The gesture ends when nothing more comes for a while: wheel, keys, and a click that may be a double one."""
        self._rest.start()

    def end(self) -> None:
        """The gesture is over."""
        self._rest.stop()
        note, self._note, self.before = self._note, "", ()
        if note:
            self.store.keep(note)
        self.ended.emit()

    def lay(self, values: Values, note: str) -> None:
        """A whole curve at once, as one step."""
        self.end()
        self.store.do(self.face.laid(self.store.recipe, tuple(self.face.rounded(value) for value in values)), note)

    def nudge(self, rows: Iterable[int], steps: float) -> None:
        """Some steps up or down; goes on until it rests."""
        values = self.values
        self.set({row: self.face.nudged(values[row], steps) for row in rows})
        self.rest()

    def shift(self, rows: Iterable[int], by: float) -> None:
        """Moves columns together, from where they were when the gesture began, by a part of the slider's height."""
        scale = self.face.scale
        start = self.before or self.values
        heights = {row: min(max(scale.to_unit(start[row]) + by, 0.0), 1.0) for row in rows}
        self.set({row: scale.from_unit(height) for row, height in heights.items()})

    def reset(self, rows: Iterable[int]) -> None:
        """Back to neutral, as part of the gesture that goes on."""
        self.set(dict.fromkeys(rows, self.face.neutral))
        self.end()

    def solo(self, rows: Iterable[int]) -> None:
        """Only these layers keep what they have, the others are neutral; a second time gives the others back."""
        rows, plain, values = frozenset(rows), self.face.neutral, self.values
        loud = all(values[row] == plain for row in rows)  # a layer that has nothing yet must be seen too
        kept = [self.face.probe if loud else value for value in values]
        self._toggle("Solo", rows, tuple(kept[row] if row in rows else plain for row in range(len(values))))

    def mute(self, rows: Iterable[int]) -> None:
        """These layers add nothing; a second time gives back what they had."""
        rows = frozenset(rows)
        silent = tuple(self.face.silent if row in rows else value for row, value in enumerate(self.values))
        self._toggle("Mute", rows, silent)

    def aside(self, what: str, rows: Iterable[int]) -> bool:
        """Whether these layers were soloed or muted (`what`) and nothing was changed since."""
        aside = self._aside.get(self.face)
        return aside is not None and (aside.what, aside.rows, aside.after) == (what, frozenset(rows), self.values)

    def muted(self) -> frozenset[int]:
        """The layers that a mute keeps silent; all of them while B is off."""
        if self.face.mixes and mixing.is_off(self.store.recipe, self.face.at):
            return frozenset(range(len(self.layers)))
        aside = self._aside.get(self.face)
        return aside.rows if aside and aside.what == "Mute" and aside.after == self.values else frozenset()

    def _toggle(self, what: str, rows: frozenset[int], after: Values) -> None:
        if self.aside(what, rows):
            self.lay(self._aside.pop(self.face).before, tr(f"{what} off"))
            return
        before = self.values
        self.lay(after, f"{tr(what)} {self._names(rows)}")
        if self.values != before:
            self._aside[self.face] = Aside(what, rows, self.values, before)

    def _described(self) -> str:
        values = self.values
        changed = [row for row, before in enumerate(self.before) if values[row] != before]
        if len(changed) == 1:
            return f"{tr(self.face.word)}, {self._names(changed)}: {self.face.say(values[changed[0]])}"
        return f"{tr(self.face.word)}, {self._names(changed)}"

    def _names(self, rows: Iterable[int]) -> str:
        rows = sorted(rows)
        for name in dict.fromkeys(layer.band for layer in self.layers):
            if len(rows) > 1 and rows == [row for row, layer in enumerate(self.layers) if layer.band == name]:
                return tr(f"{name} layers")
        return tr("layer {number}", number=rows[0]) if len(rows) == 1 else tr("{count} layers", count=len(rows))
