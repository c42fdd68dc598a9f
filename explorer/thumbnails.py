"""Small pictures of recipes, drawn while nobody is waiting for the big one, and kept."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QImage, QPixmap

from engine.recipe import Recipe
from engine.render.mailbox import Superseded

from .bridge import Bridge
from .pixels import image
from .store import Store
from .timers import after_rest

SIDE = 128  # pixels; shown at 96 or less, so that they are sharp on a dense screen
LARGE = 512
KEPT = 1000
MOST_WANTED = 64
REST = 180  # milliseconds without a change before anything is drawn


def plain(recipe: Recipe) -> Recipe:
    """The recipe without styles that change nothing, so that pictures which look the same are drawn once."""
    seen = tuple(style for style in recipe.styles if style.seen)
    return recipe if len(seen) == len(recipe.styles) else msgspec.structs.replace(recipe, styles=seen)


class Thumbnails(QObject):
    """Ask with `get` at every paint; `arrived` tells when another one is there, `rested` when the hand has come to rest."""

    arrived = pyqtSignal()
    rested = pyqtSignal()

    def __init__(self, store: Store, bridge: Bridge, parent: QObject | None = None):
        super().__init__(parent)
        self._store, self._bridge = store, bridge
        self._kept: OrderedDict[Recipe, QPixmap | None] = OrderedDict()
        self._wanted: OrderedDict[Recipe, None] = OrderedDict()
        self._later: list[Recipe] = []
        self._drawing = False
        self.most = KEPT  # pictures that stay
        self._easel: Any = None
        self._rest = after_rest(self, REST, self._rested)
        store.changed.connect(lambda _: self._rest.start())
        bridge.framed.connect(self._framed)
        bridge.opened.connect(self._forget_failures)

    @classmethod
    def shared(cls, store: Store, bridge: Bridge) -> "Thumbnails":
        """The bridge's own, so that every panel looks into one collection."""
        return bridge.findChild(cls) or cls(store, bridge, bridge)

    def get(self, recipe: Recipe) -> QPixmap | None:
        """The picture, or None while it is being drawn (or cannot be)."""
        key = plain(recipe)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        self._wanted[key] = None
        self._wanted.move_to_end(key)
        while len(self._wanted) > MOST_WANTED:
            self._wanted.popitem(last=False)
        if not self._rest.isActive():
            self._rest.start()
        return None

    def get_later(self, recipes: Sequence[Recipe]) -> list[QPixmap | None]:
        """The same for many at once that nobody urgently looks at; drawn in this order, and only until the next such call."""
        keys = [plain(recipe) for recipe in recipes]
        self._later = [key for key in keys if key not in self._kept][::-1]
        if self._later and not self._rest.isActive():
            self._rest.start()
        return [self._kept.get(key) for key in keys]

    def large(self, recipe: Recipe, deliver: Callable[[QPixmap], None]) -> None:
        """One of LARGE pixels, drawn when nobody waits for anything else and not kept; none where it cannot be drawn."""
        self._bridge.ask(
            lambda renderer: small(image(self._own(renderer).render(recipe, self._bridge.waiting).pixels), LARGE),
            lambda picture: deliver(QPixmap.fromImage(picture)),
            lambda _error: None,
        )

    def moving(self) -> bool:
        """Whether something is being changed right now, so that nothing small will be drawn."""
        return self._rest.isActive()

    def _forget_failures(self) -> None:
        """Another model is there, with which they may be drawn."""
        for recipe in [recipe for recipe, picture in self._kept.items() if picture is None]:
            self._kept.pop(recipe)
        self.arrived.emit()

    def _framed(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    def _rested(self) -> None:
        frame = self._bridge.frame
        if frame is not None and plain(frame.recipe) not in self._kept:
            self._keep(plain(frame.recipe), small(image(frame.pixels)))
        self.rested.emit()
        self._draw_next()

    def _draw_next(self) -> None:
        if self._drawing or self._rest.isActive() or self._bridge.frame is None:
            return
        if not self._wanted and not self._later:
            return
        recipe = self._wanted.popitem()[0] if self._wanted else self._later.pop()
        self._drawing = True
        self._bridge.ask(
            lambda renderer: small(image(self._own(renderer).render(recipe, self._bridge.waiting).pixels)),
            lambda picture: self._drawn(recipe, picture),
            lambda error: self._not_drawn(recipe, error),
        )

    def _own(self, renderer: Any) -> Any:
        """A renderer of the same models with a cache of its own, so that the big picture's stays. In the render thread."""
        if self._easel is None:
            self._easel = type(renderer)(precision=renderer.precisions, models=renderer.models)
        return self._easel

    def _not_drawn(self, recipe: Recipe, error: Exception) -> None:
        """It gave way to the big picture and is wanted still, or it cannot be drawn at all."""
        if not isinstance(error, Superseded):
            self._drawn(recipe, None)
            return
        self._drawing = False
        self._wanted.setdefault(recipe, None)
        self._draw_next()

    def _drawn(self, recipe: Recipe, picture: QImage | None) -> None:
        self._drawing = False
        self._keep(recipe, picture)
        self._draw_next()

    def _keep(self, recipe: Recipe, picture: QImage | None) -> None:
        self._wanted.pop(recipe, None)
        self._kept[recipe] = QPixmap.fromImage(picture) if picture is not None else None
        while len(self._kept) > self.most:
            self._kept.popitem(last=False)
        self.arrived.emit()


def small(picture: QImage, side: int = SIDE) -> QImage:
    """The picture in the size that is kept, or in another."""
    return picture.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
