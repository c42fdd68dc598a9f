"""A picture whose model is not at hand: looked for where it was opened last, else shown with another until it is back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from PyQt6.QtCore import QObject, pyqtSignal

from engine.recipe import Model, Recipe
from engine.render.frame import Failure
from engine.render.info import ModelInfo

from .bridge import Bridge
from .embedded import cards
from .fit import fitted
from .history import Entry
from .settings import Recent
from .store import Store
from .widgets.messages import Messages
from .words import tr


class LostModels(QObject):
    """`recent` gives the models opened lately, `choose` asks the person for a file."""

    no_model = pyqtSignal()

    def __init__(
        self,
        store: Store,
        bridge: Bridge,
        messages: Messages,
        recent: Callable[[], tuple[Recent, ...]],
        choose: Callable[[], None],
        parent: QObject,
    ):
        super().__init__(parent)
        self._store, self._bridge, self._messages = store, bridge, messages
        self._recent, self._choose = recent, choose
        self._tried: set[str] = set()
        self._told: list[Entry[Recipe]] = []
        self._waiting: tuple[Recipe, Recipe] | None = None  # as it was made, and as it is shown meanwhile

    def look_for(self, failure: Failure) -> None:
        """Opens the model's file again if it is where it was."""
        model = failure.recipe.model
        known = next((r for r in self._recent() if model.identity and r.identity == model.identity), None)
        if known is None or known.path in self._tried or not Path(known.path).exists():
            self._stand_in(failure, known)
            return
        self._tried.add(known.path)
        self._bridge.ask(
            lambda renderer: renderer.open(Path(known.path)),
            lambda _: self._bridge.submit(self._store.recipe),
            lambda _: self._stand_in(failure, known),
        )

    def returned(self, info: ModelInfo) -> Recipe | None:
        """The picture that waited for this model just as it was made, unless something else has been done meanwhile."""
        made, shown = self._waiting or (Recipe(), None)
        if shown != self._store.recipe or made.model.identity != info.model.identity:
            return None
        self._waiting = None
        return msgspec.structs.replace(made, model=info.model)

    def _stand_in(self, failure: Failure, known: Recent | None) -> None:
        """With the model that is open, else the embedded one. Once for each step of the history, so that undo can go past it;
        never for a picture that is only looked at.
        """
        now = self._store.history.now
        if now.state.model != failure.recipe.model or any(now is told for told in self._told):
            self._messages.complain(str(failure.error))
            return
        self._told.append(now)
        present = self._bridge.model.model if self._bridge.model is not None else None
        self._bridge.ask(
            lambda renderer: renderer.info(Recipe(model=present or _first(renderer))),
            lambda info: self._show(failure, known, info),
            lambda _: self._show_none(failure, known),
        )

    def _show(self, failure: Failure, known: Recent | None, info: ModelInfo) -> None:
        if self._store.recipe.model != failure.recipe.model:
            return  # somebody went on meanwhile
        made = self._store.recipe
        self._waiting = made, fitted(made, info)
        self._store.do(self._waiting[1], tr("Shown with {name}", name=info.model.name))
        words = tr(
            "{gone}. It is shown with {name} meanwhile; {advice}",
            gone=_gone(failure, known), name=info.model.name, advice=_advice(known),
        )  # fmt: skip
        self._messages.complain(words, str(failure.error), ("Open…", self._choose))

    def _show_none(self, failure: Failure, known: Recent | None) -> None:
        self.no_model.emit()
        words = tr("{gone}; {advice}", gone=_gone(failure, known), advice=_advice(known))
        self._messages.complain(words, str(failure.error), ("Open…", self._choose))


def _first(renderer: Any) -> Model:
    """The embedded model to start with, whichever others have been looked at; in the render thread."""
    known = cards(renderer)
    return known[0].model if known else Model()


def _gone(failure: Failure, known: Recent | None) -> str:
    if known is None:
        return tr(
            "The model “{name}” that this picture was made with is not on this computer", name=failure.recipe.model.name
        )
    path = Path(known.path)
    if path.exists():
        return tr("“{name}” is not the model any more that this picture was made with", name=path.name)
    return tr("“{name}”, the model of this picture, is no longer in {folder}", name=path.name, folder=path.parent)


def _advice(known: Recent | None) -> str:
    if known is None:
        return tr("open its file from where it is now, and the picture is as it was")
    return tr("open “{name}” from where it is now, and the picture is as it was", name=Path(known.path).name)
