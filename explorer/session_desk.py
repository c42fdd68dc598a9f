"""What a session remembers of the window besides pictures: docks, favourites' place, the watched run, where models were."""

from pathlib import Path

from PyQt6.QtWidgets import QMainWindow

from . import settings
from .dialogs import Dialogs
from .docks import restore
from .files import Files
from .session import Desk, Session
from .settings import Recent
from .shelf import Shelf


class SessionDesk:
    """Takes it down and puts it back; what is not on this machine is left as it is here."""

    def __init__(self, window: QMainWindow, files: Files, shelf: Shelf, dialogs: Dialogs):
        self._window, self._files, self._shelf, self._dialogs = window, files, shelf, dialogs
        self._ordinary = shelf.favourites
        self._own: tuple[Path, Path] | None = None  # the session's favourites, and the ordinary ones when it was opened
        self._run = ""
        shelf.favourites = self._favourites

    def taken(self) -> Desk:
        """Where things stand now."""
        training = self._dialogs.training
        run = training.run_folder if training is not None else None
        return Desk(
            self._window.saveState().data(),
            str(self._favourites()),
            str(run) if run is not None else self._run,
            self._files.settings.recent,
        )

    def apply(self, session: Session, layout: bool) -> None:
        """Puts it back, with or without the docks."""
        desk = session.desk
        self._find_models(session)
        favourites, ordinary = Path(desk.favourites or "."), self._ordinary()
        self._own = (favourites, ordinary) if desk.favourites and favourites.is_dir() else None
        self._shelf.refill()
        self._run = desk.run if desk.run and Path(desk.run).is_dir() else ""
        self._dialogs.run = Path(self._run) if self._run else None
        if layout and desk.layout:
            restore(self._window, desk.layout)

    def _favourites(self) -> Path:
        """The session's own, until its person says in the settings where they are."""
        ordinary = self._ordinary()
        return self._own[0] if self._own is not None and self._own[1] == ordinary else ordinary

    def _find_models(self, session: Session) -> None:
        """Where the models were, or beside the session's file, for those that have not been opened on this machine."""
        used = {entry.state.model.identity for entry in session.entries}
        used |= {key.recipe.model.identity for key in session.timeline.keys}
        known = {recent.identity for recent in self._files.settings.recent if Path(recent.path).exists()}
        machine = self._files.settings
        for model in session.desk.models:
            there = _found(model, session.file) if model.identity in used - known else None
            if there is not None:
                machine = settings.with_recent(machine, Recent(str(there), model.name, model.identity))
        if machine != self._files.settings:
            self._files.settings = machine
            self._files.settings_changed.emit()


def _found(model: Recent, session_file: str) -> Path | None:
    """The model's file where it was, or beside the session; its identity is looked at when it is opened."""
    name = model.path.replace("\\", "/").rsplit("/", 1)[-1]
    beside = [Path(session_file).parent / name] if session_file and name else []
    return next((path for path in (Path(model.path), *beside) if model.path and path.is_file()), None)
