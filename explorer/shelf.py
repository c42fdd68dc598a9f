"""What lies below the picture when it is asked for: the gallery and the sheet, one behind the other, the history behind both."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMainWindow

from engine.recipe import Recipe

from . import settings
from .bridge import Bridge
from .docks import Dock, whole_tabs
from .files import Files
from .panels.gallery import GalleryPanel
from .panels.history import HistoryPanel
from .panels.sheet import SheetPanel
from .panels.timeline import TimelinePanel
from .rescue import Rescue
from .store import Store
from .widgets.messages import Messages

HEIGHT, STRIP = 300, 96  # pixels with a panel of ours, and with the history alone


class Shelf:
    """`strip` is the dock that lies below the picture by itself; messages of the panels go to `messages`."""

    def __init__(
        self,
        window: QMainWindow,
        strip: Dock,
        store: Store,
        bridge: Bridge,
        messages: Messages,
        films: Path | None = None,
    ):
        self._window, self._strip = window, strip
        self.favourites: Callable[[], Path] = Path  # their folder; the window knows it
        self.gallery, self.sheet = GalleryPanel(store, bridge), SheetPanel(store, bridge)
        self.timeline = TimelinePanel(store, bridge, folder=films)
        self.panels = (self.gallery, self.sheet, self.timeline)
        self.rescue = Rescue(messages, window)
        self.docks = [Dock(panel, window, scrolls=False) for panel in self.panels]
        for panel in self.panels:
            panel.told.connect(lambda text, buttons: messages.tell(text, *buttons))
            panel.failed.connect(lambda text: messages.complain(text))
        self.sheet.kept.connect(self._keep_all)
        self.gallery.keyed.connect(self.timeline.files.take)
        if isinstance(strip.panel, HistoryPanel):
            strip.panel.kept.connect(self._keep_all)
        self.docks[0].visibilityChanged.connect(lambda seen: self._fill() if seen else None)
        self.put_away()

    def tie(self, files: Files) -> None:
        """What is kept lies where the settings say, and a contact sheet that is opened lies here again."""
        self.favourites = lambda: settings.favourites_folder(files.settings)
        files.sheet_opened.connect(self.open_sheet)

    def open_sheet(self, recipes: Sequence[Recipe]) -> None:
        self.sheet.lay(recipes)
        self._show(self.docks[1])

    def begin(self) -> None:
        """Asks what is to become of recordings that were cut off."""
        self.rescue.offer(self.timeline.folder)

    def deeds(self) -> dict[str, Callable[..., object]]:
        return {
            "favourite": self._keep, "gallery": lambda: self._toggle(self.docks[0]),
            "sheet": lambda: self._deal(self.sheet.deal_seeds), "kin": lambda: self._deal(self.sheet.deal_children),
            "timeline": lambda: self._toggle(self.docks[2]), "key": self.timeline.add_key,
            "record": self.timeline.recorder.want, "export": self.timeline.export,
        }  # fmt: skip

    def put_away(self) -> None:
        """Hidden, in the place where they will open."""
        for dock in self.docks:
            self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
            dock.setFloating(False)
            dock.hide()

    def close(self) -> None:
        """Waits for what is being written."""
        self.sheet.export.stop()
        self.gallery.close_jobs()
        self.timeline.close_jobs()
        self.rescue.close()

    def refill(self) -> None:
        """The folder may be another one now."""
        if self.gallery.collection.folder is not None:
            self._fill()

    def _keep(self) -> None:
        self._fill()
        self.gallery.keep()

    def _keep_all(self, recipes: Sequence[Recipe]) -> None:
        self._fill()
        for recipe in recipes:
            self.gallery.collection.keep(recipe)

    def _deal(self, deal: Callable[[], None]) -> None:
        deal()
        self._show(self.docks[1])

    def _fill(self) -> None:
        self.gallery.use(self.favourites())

    def _toggle(self, dock: Dock) -> None:
        if dock.isVisible() and not dock.visibleRegion().isEmpty():
            self._hide(dock)
        else:
            self._show(dock)

    def _show(self, dock: Dock) -> None:
        beside = next((d for d in (*self.docks, self._strip) if d is not dock and self._below(d)), None)
        if beside is not None and not dock.isFloating() and dock not in self._window.tabifiedDockWidgets(beside):
            self._window.tabifyDockWidget(beside, dock)
            whole_tabs(self._window)
        dock.show()
        dock.raise_()
        if not dock.isFloating() and dock.height() < HEIGHT:
            self._window.resizeDocks([dock], [HEIGHT], Qt.Orientation.Vertical)
        dock.panel.setFocus()  # which goes on to what is picked from

    def _hide(self, dock: Dock) -> None:
        dock.hide()
        if self._below(self._strip) and not any(self._below(d) for d in self.docks):
            self._window.resizeDocks([self._strip], [STRIP], Qt.Orientation.Vertical)
        central = self._window.centralWidget()
        if central is not None:
            central.setFocus()

    def _below(self, dock: Dock) -> bool:
        area = Qt.DockWidgetArea.BottomDockWidgetArea
        return not dock.isHidden() and not dock.isFloating() and self._window.dockWidgetArea(dock) == area
