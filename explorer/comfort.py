"""What makes the window a person's own: settings and what they change at once, the tour, the second monitor, the restart."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QProcess
from PyQt6.QtGui import QAction, QGuiApplication, QScreen
from PyQt6.QtWidgets import QApplication, QMainWindow, QWidget

from . import theme
from .bridge import Bridge
from .files import Files
from .second_monitor import MonitorChooser, MonitorWindow
from .settings import Settings
from .settings_dialog import SettingsDialog
from .shelf import Shelf
from .store import Store
from .thumbnails import Thumbnails
from .tour import Tour
from .words import tr

if TYPE_CHECKING:
    from engine.render.renderer import Renderer


class Comfort(QObject):
    """Made before the actions, which `tie` brings; `rest` takes the seconds of rest before everything is written."""

    def __init__(
        self,
        window: QMainWindow,
        store: Store,
        bridge: Bridge,
        files: Files,
        shelf: Shelf,
        rest: Callable[[float], object],
    ):
        super().__init__(window)
        self._window, self._store, self._bridge, self._files = window, store, bridge, files
        self._shelf, self._rest = shelf, rest
        self._deeds: Mapping[str, QAction] = {}
        self._applied: Settings | None = None
        self.dialog: SettingsDialog | None = None
        self.chooser: MonitorChooser | None = None
        self.monitor: MonitorWindow | None = None
        self.tour: Tour | None = None
        files.settings_changed.connect(self.apply)
        hints, application = QGuiApplication.styleHints(), QGuiApplication.instance()
        if hints is not None:
            hints.colorSchemeChanged.connect(lambda _: self._dress())
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._unplugged)

    def deeds(self) -> dict[str, Callable[..., object]]:
        return {
            "light": self.set_light, "settings": self.open_settings, "tour": self.show_around, "monitor": self.ask_monitor,
        }  # fmt: skip

    def tie(self, deeds: Mapping[str, QAction], targets: Mapping[str, QWidget]) -> None:
        """The actions, which work on the second monitor too, and the controls that the tour points at.

        Whoever is new here is shown around with the first picture.
        """
        self._deeds = deeds
        self.tour = Tour(self._window, targets)
        self.tour.ended.connect(self._toured)
        if not self._files.settings.toured:
            self._bridge.model_changed.connect(self._welcome)
        self.apply()

    # settings

    def open_settings(self) -> None:
        """Opens the dialog, or brings it to the front."""
        if self.dialog is None:
            self.dialog = SettingsDialog(lambda: self._files.settings, self._window)
            self.dialog.changed.connect(lambda fields: self._files.change(**fields))
            self.dialog.restart_wanted.connect(self.restart)
            self._files.settings_changed.connect(self.dialog.show_settings)
            self._bridge.ask(_devices, self.dialog.offer_devices, lambda error: None)
        self.dialog.open_page(max(self.dialog.pages.currentRow(), 0))

    def apply(self) -> None:
        """Whatever the settings say that can be done while the window is open, and is not done yet."""
        now, before = self._files.settings, self._applied
        self._applied = now
        changed = {name for name in Settings.__struct_fields__ if before is None or _differs(name, before, now)}
        if "theme" in changed:
            self._dress()
        if changed & {"precision", "threads"} and before is not None:
            self._bridge.ask(lambda renderer: _tune(renderer, now), lambda _: self._bridge.submit(self._store.recipe))
        if "previews" in changed:
            self._bridge.show_previews(now.previews != "never")
        if "thumbnails" in changed:
            Thumbnails.shared(self._store, self._bridge).most = now.thumbnails
        if "autosave" in changed:
            self._rest(now.autosave)
        if changed & {"pictures", "favourites"} and before is not None:
            self._shelf.refill()

    def ask_device(self) -> None:
        """Tells the person where another device draws than was wished for."""
        wanted = self._files.settings.device
        if wanted != "auto":
            self._bridge.ask(lambda renderer: str(renderer.device), lambda there: self._tell_device(wanted, there))

    def _tell_device(self, wanted: str, there: str) -> None:
        if there != wanted:
            words = tr("The device {wanted} is not here now, so {there} draws", wanted=wanted, there=there)
            self._files.refuse("", RuntimeError(words))

    def set_light(self, light: bool) -> None:
        """The theme of the menu: one of two; the settings know a third."""
        name = "light" if light else "dark"
        if theme.chosen(self._files.settings.theme) is not theme.PALETTES[name]:
            self._files.change(theme=name)

    def _dress(self) -> None:
        name, application = self._files.settings.theme, QApplication.instance()
        if isinstance(application, QApplication) and theme.palette() is not theme.chosen(name):
            theme.apply(application, name)
        if "light" in self._deeds:
            self._deeds["light"].setChecked(theme.chosen(name) is theme.LIGHT)

    def restart(self) -> None:
        """The window again, with everything in it; what is being written is waited for."""
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(_again)
        self._window.close()

    # the tour

    def show_around(self) -> None:
        if self.tour is not None:
            self.tour.begin()

    def _welcome(self) -> None:
        self._bridge.model_changed.disconnect(self._welcome)
        self.show_around()

    def _toured(self) -> None:
        if not self._files.settings.toured:
            self._files.change(toured=True)
        picture = self._window.centralWidget()
        if picture is not None:
            picture.setFocus()

    # the second monitor

    def ask_monitor(self) -> None:
        """Where the picture shall go; if it is somewhere already, back."""
        if self.monitor is not None:
            self.monitor.close()
            return
        if self.chooser is None:
            self.chooser = MonitorChooser(self._window)
            self.chooser.chosen.connect(self.show_on)
        self.chooser.ask(self._files.settings.screen)

    def show_on(self, screen: QScreen) -> None:
        """The picture alone on this monitor."""
        self.monitor = MonitorWindow(self._bridge)
        self.monitor.closed.connect(self._left)
        self.monitor.addActions(list(self._deeds.values()))
        self._files.change(screen=screen.name())
        self.monitor.fill(screen)

    def close(self) -> None:
        """As the window closes."""
        if self.monitor is not None:
            self.monitor.close()
        if self.tour is not None:
            self.tour.hide()

    def _left(self) -> None:
        if self.monitor is not None:
            self.monitor.deleteLater()
            self.monitor = None

    def _unplugged(self, screen: QScreen) -> None:
        """The picture must not land on the panels when its monitor goes."""
        if self.monitor is not None and self.monitor.screen() in (screen, None):
            self.monitor.close()


def _differs(name: str, before: Settings, now: Settings) -> bool:
    return bool(getattr(before, name) != getattr(now, name))


def _devices(renderer: object) -> list[str]:
    """In the render thread, where torch is."""
    from engine.device import available

    return available()


def _tune(renderer: "Renderer", now: Settings) -> None:
    """In the render thread."""
    from engine.render.threads import Threads

    renderer.tune(now.precision, Threads(now.threads))


def _again() -> None:
    command = sys.argv if Path(sys.argv[0]).suffix == ".exe" else [sys.executable, *sys.argv]
    QProcess.startDetached(command[0], command[1:])
