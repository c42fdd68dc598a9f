"""The dialogs that speak of models: the catalogue, the card and the export; one of each, raised when asked for again."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices
from PyQt6.QtWidgets import QDialog, QWidget

from engine import catalogue

from .bridge import Bridge
from .store import Store
from .widgets.messages import Messages
from .words import reason, tr

if TYPE_CHECKING:  # they take their time to import, and many people never open them
    from .panels.card import CardDialog
    from .panels.catalogue import CatalogueDialog
    from .panels.export_model import ExportModelDialog

NO_MODEL = "no model is open yet; open one first"
PATIENCE = 10.0  # seconds for what is under way to reach a place where it can stop


class ModelDialogs(QObject):
    """Made when they are first wanted, and kept: a download goes on while its dialog is closed."""

    made = pyqtSignal(object)  # a dialog, when it is new

    def __init__(self, store: Store, bridge: Bridge, messages: Messages, parent: QWidget):
        super().__init__(parent)
        self._store, self._bridge, self._messages, self._window = store, bridge, messages, parent
        self.public: CatalogueDialog | None = None
        self.about: CardDialog | None = None
        self.exporter: ExportModelDialog | None = None

    def deeds(self) -> dict[str, Callable[[], None]]:
        """What the window's actions do, by their names."""
        return {"catalogue": self.catalogue, "card": self.card, "export_model": self.export}

    def catalogue(self) -> None:
        """Opens the catalogue, or brings it to the front."""
        if self.public is None:
            from .panels.catalogue import CatalogueDialog

            self.public = CatalogueDialog(catalogue.entries(), catalogue.store(), self._window)
            self.public.fetched.connect(self._open)
            self.public.finished.connect(self._left)
            self.public.missed.connect(lambda error: self._complain(tr("The download ended"), error))
            self.made.emit(self.public)
        self._bridge.ask(families, self.public.know, lambda _: None)
        show(self.public)

    def card(self) -> None:
        """All about the model that is open."""
        info = self._bridge.model
        if info is None:
            self._messages.complain(NO_MODEL)
            return
        if self.about is None:
            from .panels.card import CardDialog

            self.about = CardDialog(self._bridge, self._window)
            self.about.export_wanted.connect(self.export)
            self.made.emit(self.about)
        self.about.show_model(info)
        show(self.about)

    def export(self) -> None:
        """The model that is open, for other programs."""
        info = self._bridge.model
        if info is None:
            self._messages.complain(NO_MODEL)
            return
        if self.exporter is None:
            from .panels.export_model import ExportModelDialog

            self.exporter = ExportModelDialog(self._store, self._bridge, self._window)
            self.exporter.finished.connect(self._left_export)
            self.exporter.exported.connect(self._exported)
            self.exporter.not_exported.connect(lambda error: self._complain(tr("Nothing was written"), error))
            self.made.emit(self.exporter)
        if not self.exporter.progress.running():
            self.exporter.show_model(info)
        show(self.exporter)

    def hide(self) -> None:
        """As the window closes."""
        for dialog in (self.public, self.about, self.exporter):
            if dialog is not None:
                dialog.hide()

    def end(self) -> None:
        """Stops what they do and waits for it; a download goes on from there the next time."""
        if self.public is not None:
            self.public.progress.close_job(PATIENCE)
        if self.about is not None:
            self.about.end()
        if self.exporter is not None:
            self.exporter.end_look()
            self.exporter.progress.close_job(PATIENCE)

    def _open(self, path: Path) -> None:
        self._bridge.open_model(
            path, lambda error: self._complain(tr("{name} is here, but cannot be opened", name=path.name), error)
        )

    def _left(self) -> None:
        if self.public is not None and self.public.progress.running():
            self._messages.tell("The download goes on.", ("Show it", self.catalogue))

    def _left_export(self) -> None:
        if self.exporter is not None and self.exporter.progress.running():
            self._messages.tell("The export goes on.", ("Show it", self.export))

    def _exported(self, path: Path) -> None:
        self._messages.tell(tr("{name} is there.", name=path.name), ("Show in folder", lambda: show_folder(path)))

    def _complain(self, what: str, error: Exception) -> None:
        self._messages.complain(f"{what}: {reason(error)}", f"{type(error).__name__}: {error}")


def families(_: Any) -> tuple[str, ...]:
    """The networks that can be drawn here. In the render thread, where torch is."""
    from engine.networks import FAMILIES

    return tuple(FAMILIES)


def show_folder(path: Path) -> None:
    """The folder that a file is in."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def show(dialog: QDialog) -> None:
    """In front of everything else."""
    if dialog.isMinimized():
        dialog.showNormal()
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
