"""The one place that knows which style layer is B now, and what can be done to the pile of them; each is one step of undo."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from engine.recipe import Latent, Style, layer_value
from engine.recipe.recipe import MAX_LAYERS, MAX_STYLES
from engine.render.info import ModelInfo

from . import mixing, pictures
from .bridge import Bridge
from .store import Store
from .words import tr

NEW = 0.5  # of a layer that is laid over the picture, so that both are seen and a hand can go either way
NAME = 200  # letters of a name that are kept
FULL = "{most} styles are as many as a picture holds; take one away first."


class MixingDesk(QObject):
    """The styles themselves are the store's. The chosen one is what the equalizer and the Source panel call B."""

    chose = pyqtSignal(int)
    refused = pyqtSignal(str)

    def __init__(self, store: Store):
        super().__init__(store)
        self._store = store
        self._chosen = self._told = 0
        self._shape: tuple[float, ...] = ()  # the curve that a gesture with a fader began with
        self._curves: dict[Latent, tuple[float, ...]] = {}  # of what was faded out, so that it comes back as it was
        store.changed.connect(lambda _: self._tell())

    @classmethod
    def of(cls, store: Store) -> "MixingDesk":
        """The store's own, so that all look at one."""
        return store.findChild(cls) or cls(store)

    @property
    def styles(self) -> tuple[Style, ...]:
        """From the lowest to the one on top."""
        return self._store.recipe.styles

    @property
    def chosen(self) -> int:
        """Which of them is B; 0 where there is none."""
        return min(self._chosen, max(len(self.styles) - 1, 0))

    def choose(self, at: int) -> None:
        """This one is B from now on; beyond either end, the last there."""
        self._chosen = min(max(at, 0), max(len(self.styles) - 1, 0))
        self._tell()

    def _tell(self) -> None:
        if self.chosen != self._told:
            self._told = self.chosen
            self.chose.emit(self.chosen)

    # the pile

    def add(self, latent: Latent, name: str = "", rows: int = 1, at: int | None = None) -> None:
        """Lays a latent over the picture by half, on top or at a place; it is chosen then."""
        style = Style(latent, (NEW,) * rows, name=name[:NAME])
        self._insert(
            style,
            len(self.styles) if at is None else min(at, len(self.styles)),
            tr("Style added: {name}", name=called(style)),
        )

    def take(self, bridge: Bridge, path: Path, at: int | None = None) -> None:
        """Lays a picture that was made here over this one, its own styles included."""
        rows = self.rows_of(bridge.model)
        done = partial(self.add, name=path.stem, rows=rows, at=at)
        pictures.take(bridge, path, self._store.recipe, done, self.refused.emit)

    @staticmethod
    def rows_of(info: ModelInfo | None) -> int:
        """How many layers of the model a style can lie over; one without W has only the whole picture."""
        if info is None:
            return MAX_LAYERS  # whichever it will be
        return len(info.layers) if info.has_w else 1

    def duplicate(self) -> None:
        """The chosen one twice, the copy above."""
        if self.styles:
            style = self.styles[self.chosen]
            self._insert(style, self.chosen + 1, tr("Style doubled: {name}", name=called(style)))

    def remove(self) -> None:
        """Takes the chosen one away."""
        if self.styles:
            style = self.styles[self.chosen]
            self._store.do(
                mixing.without(self._store.recipe, self.chosen), tr("Style taken away: {name}", name=called(style))
            )

    def move(self, at: int, to: int) -> None:
        """Lays one over others or under them; it is chosen then."""
        to = min(max(to, 0), len(self.styles) - 1)
        if 0 <= at < len(self.styles) and to != at:
            words = tr("Style higher: {name}" if to > at else "Style lower: {name}", name=called(self.styles[at]))
            self._store.keep()
            self._chosen = to  # before the pile changes, so that nobody sees another one chosen meanwhile
            self._store.do(mixing.moved(self._store.recipe, at, to), words)
            self._tell()

    def switch(self, at: int) -> None:
        """On or off; the amounts stay."""
        if 0 <= at < len(self.styles):
            style = self.styles[at]
            self._store.do(
                mixing.switched(self._store.recipe, at),
                tr("Style off: {name}" if style.on else "Style on: {name}", name=called(style)),
            )

    def _insert(self, style: Style, at: int, note: str) -> None:
        if len(self.styles) >= MAX_STYLES:
            self.refused.emit(tr(FULL, most=MAX_STYLES))
            return
        self._chosen = at
        self._store.do(mixing.inserted(self._store.recipe, style, at), note)
        self._tell()

    # faders

    def level(self, at: int, rows: Sequence[int]) -> float:
        """How much there is of a style on these layers."""
        return mixing.level(self._values(at, rows), rows)

    def fade(self, at: int, rows: Sequence[int], to: float) -> None:
        """More or less of a style on these layers, its curve kept; the gesture goes on until `end`."""
        if at >= len(self.styles) or not rows:
            return
        values, latent = self._values(at, rows), self.styles[at].latent
        if not self._shape:
            known = self._curves.get(latent, values)
            self._shape = values if mixing.level(values, rows) or len(known) < len(values) else known
            self._curves[latent] = self._shape
        new = mixing.faded(values, rows, min(max(to, 0.0), 1.0), self._shape)
        self._store.show(mixing.with_amounts(self._store.recipe, new, at))

    def end(self, at: int, rows: Sequence[int]) -> None:
        """The fader is let go."""
        self._shape = ()
        if at < len(self.styles):
            self._store.keep(
                tr("Style {name}: {level:.0f} %", name=called(self.styles[at]), level=self.level(at, rows) * 100)
            )

    def _values(self, at: int, rows: Sequence[int]) -> tuple[float, ...]:
        given = self.styles[at].amounts if at < len(self.styles) else ()
        count = max(len(given), max(rows, default=-1) + 1)
        return tuple(layer_value(given, row, 0.0) for row in range(count))


def called(style: Style) -> str:
    """What a person calls it: the picture it is from, or its seed."""
    return style.name or pictures.words_for(style.latent)
