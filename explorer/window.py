"""The window: the picture in the middle, panels around it, everything it can do in one table of actions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from PyQt6.QtCore import QByteArray, QSize
from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PyQt6.QtWidgets import QDialog, QMainWindow

from engine.render.frame import Failure
from engine.render.info import ModelInfo

from . import actions, docks, help_places, settings
from .bridge import Bridge, make_renderer
from .canvas import Canvas
from .comfort import Comfort
from .compare import Compare
from .desk_hand import DeskHand
from .dialogs import Dialogs
from .files import Files
from .help_dock import HelpDock
from .keyboard import Keyboard
from .models_menu import ModelsMenu
from .output import Output
from .own_keys import OwnKeys
from .panels.explore import ExplorePanel
from .panels.history import HistoryPanel
from .panels.layers import LayersPanel
from .panels.mix import MixPanel
from .panels.models import ModelsPanel
from .panels.shape import ShapePanel
from .recipe_edits import RecipeEdits
from .scrub import Scrub
from .session_desk import SessionDesk
from .session_hand import SessionHand
from .session_menu import SessionMenu
from .shelf import Shelf
from .status import Status
from .store import Store
from .toolbar import Toolbar
from .transform_handles import TransformHandles
from .widgets.dropped import files
from .widgets.first_steps import EMPTY, START, FirstSteps
from .widgets.messages import Messages
from .widgets.palette import Palette
from .words import reason, tr

LEFT = (ModelsPanel, ExplorePanel)
RIGHT = (ShapePanel, MixPanel, LayersPanel)
BOTTOM = (HistoryPanel,)
PANELS = LEFT + RIGHT + BOTTOM
SIZE = (1600, 1000)  # where the screen has room for it


class Window(QMainWindow):
    """Knows every panel; the panels know only the store and the bridge."""

    def __init__(
        self,
        settings_file: Path | None = None,
        session_file: Path | None = None,
        make: Callable[[], Any] | None = None,
    ):
        super().__init__()
        self.setWindowTitle(tr("Latent Explorer"))
        self.setAcceptDrops(True)
        self.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks)
        self._settings_file = settings_file or settings.settings_file()
        self.store = Store()
        machine, self._complaint = settings.machine(self._settings_file)
        draw = partial(make_renderer, machine.device, machine.precision, machine.threads, machine.models_kept)
        self.bridge = Bridge(self.store, make or draw, self)
        self.compare = Compare(self.store, self)
        self.sessions = SessionHand(self, session_file or settings.session_file(), self.store, self.compare)
        self._build_panels(settings.films_folder(machine))
        self.files = Files(self.store, self.bridge, self.messages, machine, self)
        self.shelf.tie(self.files)
        self.comfort = Comfort(self, self.store, self.bridge, self.files, self.shelf, self.sessions.autosave.rest)
        self._build_actions()
        self._connect()
        self._restore()

    # building

    def _build_panels(self, films: Path) -> None:
        self.panels: dict[type, Any] = {panel: panel(self.store, self.bridge) for panel in PANELS}
        self.explore: ExplorePanel = self.panels[ExplorePanel]
        self.canvas = Canvas(self.explore.walk)
        self.canvas.say(*START)
        self.setCentralWidget(self.canvas)
        self.scrub = Scrub(self.canvas, self.panels[MixPanel].equalizer)
        self.handles = TransformHandles(self.canvas, self.store, self.bridge)
        self.messages = Messages(self.canvas)
        self.docks: dict[type, docks.Dock] = {
            panel: docks.Dock(self.panels[panel], self, panel is not HistoryPanel) for panel in PANELS
        }
        self.shelf = Shelf(self, self.docks[HistoryPanel], self.store, self.bridge, self.messages, films)
        self.desk = DeskHand(self, self.store, self.panels[MixPanel], self.shelf, self.compare, self.messages)
        self._habitual = (self.explore, self.panels[ShapePanel], self.desk)
        self.output = Output(self, self.canvas, self.messages)
        self.dialogs = Dialogs(self.store, self.bridge, self.messages, self)
        self.dialogs.films = films
        self.status = Status(self.store, self.bridge)
        self.setStatusBar(self.status)

    def _build_actions(self) -> None:
        self.deeds = actions.make(self._handlers(), self, actions.keys(self.files.settings.keys))
        self.addActions(list(self.deeds.values()))
        self.toolbar = Toolbar(self.deeds, self)
        self.toolbar.compare.pressed.connect(self.compare.hold)
        self.toolbar.compare.released.connect(self.compare.release)
        models = ModelsMenu(self.store, self.files, self.bridge, self.deeds, self.toolbar)
        self.toolbar.open_menus(models, SessionMenu(self.deeds, self.sessions.recent, self.sessions.open, self.toolbar))
        self.sessions.named.connect(self.toolbar.show_session)
        self.addToolBar(self.toolbar)
        self.desk.tie(self.deeds, self.toolbar)
        self.shelf.timeline.recorder.tie(self.deeds["record"], self.status)
        for name in ("favourite", "save", "copy", "store", "fit", "one_to_one", "output"):
            self.canvas.addAction(self.deeds[name])
        parts = (self.canvas, self.toolbar, self.status, *self.panels.values(), *self.shelf.panels)
        self.help_dock = HelpDock(self, self.store, self.bridge, parts)
        self.help_dock.tie(self.deeds["help"])
        self.dialogs.made.connect(help_places.mark)
        self.first_steps = FirstSteps(self.canvas, (self.deeds["open"], self.deeds["train"]))
        self.palette_overlay = Palette(self, (*self.panels.values(), *self.shelf.panels))
        a, b = self.explore.a, self.explore.b
        tipped = (
            (a.dice, "random_a"), (b.dice, "random_b"), (self.explore.swapper, "swap"),
            (self.explore.player, "play"), (self.panels[ModelsPanel].opener, "open"),
        )  # fmt: skip
        keeper = self.toolbar.widgetForAction(self.deeds["favourite"]) or self.toolbar
        shape, mix = self.panels[ShapePanel], self.panels[MixPanel]
        targets = {"picture": self.canvas, "seed": a, "psi": shape.psi, "mix": mix.equalizer, "keep": keeper}
        self.comfort.tie(self.deeds, targets)
        self.keyboard = Keyboard(self)
        self.key_sheet = OwnKeys(self, self.deeds, self.files, self.toolbar, self.keyboard, tipped).sheet

    def _handlers(self) -> dict[str, Callable[..., object]]:
        explore, canvas, files = self.explore, self.canvas, self.files
        edits = RecipeEdits(self.store, self.bridge, self.messages)
        return {
            "play": explore.travel.toggle, "random_a": explore.a.roll, "random_b": explore.b.roll,
            "next_a": explore.a.next.click, "previous_a": explore.a.previous.click,
            "swap": explore.swap, "link": explore.walk.link,
            "coarse": lambda: edits.turn("coarse"), "middle": lambda: edits.turn("middle"), "fine": lambda: edits.turn("fine"),
            "all_a": edits.all_a, **self.desk.deeds(), "undo": self.store.undo, "redo": self.store.redo,
            "start_over": edits.start_over, "dataset": self.dialogs.dataset,
            "save": files.save, "copy": files.copy, "open": files.choose, "folder": files.show_folder,
            "video": self.dialogs.video, "train": self.dialogs.train, **self.shelf.deeds(), **self.dialogs.models.deeds(),
            "fit": canvas.fit, "one_to_one": canvas.one_to_one,
            "zoom_in": lambda: canvas.zoom_by(1.25), "zoom_out": lambda: canvas.zoom_by(0.8),
            "handles": self.handles.want, "output": self.toggle_output, "layers": lambda: self._reveal(LayersPanel),
            "history": lambda: self._toggle(HistoryPanel), "reset_layout": self.reset_layout, **self.comfort.deeds(),
            **self.sessions.deeds(),
            "palette": lambda: self.palette_overlay.open(list(self.deeds.values())),
            "help": lambda wanted: self.help_dock.ask(wanted), "keys": lambda: self.key_sheet.open(), "quit": self.close,
        }  # fmt: skip

    def _connect(self) -> None:
        self.bridge.framed.connect(self.canvas.show_frame)
        self.bridge.previewed.connect(self.canvas.show_frame)
        self.bridge.busy.connect(self.canvas.set_busy)
        self.canvas.zoomed.connect(self.status.show_zoom)
        self.bridge.model_changed.connect(self._introduce)
        self.bridge.failed.connect(self._failed)
        self.files.settings_changed.connect(self._save_settings)
        for say in (lambda: self.canvas.say(*EMPTY), self.first_steps.offer, self.panels[ModelsPanel].show_none):
            self.files.no_model.connect(say)
        self.bridge.framed.connect(self.first_steps.hide)
        self.panels[MixPanel].header.asked.connect(self.explore.choose)
        self.explore.failed.connect(self.messages.complain)
        self.explore.walk.linked_changed.connect(self.deeds["link"].setChecked)
        self.panels[ModelsPanel].model_wanted.connect(self.files.switch)
        self.panels[ModelsPanel].open_wanted.connect(self.files.choose)
        self.panels[ModelsPanel].deed_wanted.connect(lambda name: self.deeds[name].trigger())
        self.compare.held_changed.connect(self.toolbar.show_held)
        self.store.kept.connect(self._show_history)
        self._show_history()
        self.keyboard.compare_pressed.connect(self.compare.hold)
        self.keyboard.compare_released.connect(self.compare.release)
        self.keyboard.escaped.connect(self.toggle_output)
        self.keyboard.alt_held.connect(self.scrub.hold)

    def _restore(self) -> None:
        machine = self.files.settings
        self.deeds["handles"].setChecked(machine.handles)
        for part in self._habitual:
            part.use(machine)
        self.sessions.tie(SessionDesk(self, self.files, self.shelf, self.dialogs), self.messages)
        self.sessions.begin()
        screen = self.screen()
        room = screen.availableSize() if screen is not None else QSize(*SIZE)
        self.resize(min(SIZE[0], room.width() - 40), min(SIZE[1], room.height() - 60))
        self.reset_layout()
        if machine.geometry:
            self.restoreGeometry(QByteArray(machine.geometry))
        if machine.docks:
            docks.restore(self, machine.docks)
        self.canvas.setFocus()

    def start(self, model: Path | None = None) -> None:
        """Wakes the render thread; to be called when the window is to be seen."""
        self.bridge.start(self.store.recipe)
        if self._complaint:
            self.messages.complain(self._complaint)
        self.comfort.ask_device()
        self.shelf.begin()
        if model is not None:
            self.files.open(model)

    # what actions do

    def toggle_output(self) -> None:
        self.output.toggle((self.toolbar, self.status), (*self.docks.values(), *self.shelf.docks, self.help_dock))

    def reset_layout(self) -> None:
        docks.arrange(self, *([self.docks[panel] for panel in side] for side in (LEFT, RIGHT, BOTTOM)))
        self.shelf.put_away()
        self.help_dock.put_aside(self.docks[ModelsPanel])

    def _reveal(self, panel: type) -> None:
        self.docks[panel].show()
        self.docks[panel].raise_()
        self.panels[panel].setFocus()

    def _toggle(self, panel: type) -> None:
        dock = self.docks[panel]
        seen = not dock.visibleRegion().isEmpty()  # one behind another's tab is "visible" too
        dock.setVisible(not seen)
        dock.raise_()

    # what is shown

    def _show_history(self) -> None:
        self.deeds["undo"].setEnabled(self.store.history.can_undo())
        self.deeds["redo"].setEnabled(self.store.history.can_redo())

    def _introduce(self, info: ModelInfo) -> None:
        self.toolbar.show_model(info.model.name)
        self.setWindowTitle(tr("{name} — Latent Explorer", name=info.model.name))

    def _failed(self, failure: Failure) -> None:
        if self.canvas.frame is None and failure.recipe.model.name:
            self.canvas.say("There is no picture yet", "The message below says why. Ctrl+O opens a model.")

    # the outside

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None and files(event):
            event.acceptProposedAction()
            self.canvas.set_welcome(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent | None) -> None:
        self.canvas.set_welcome(False)

    def dropEvent(self, event: QDropEvent | None) -> None:
        self.canvas.set_welcome(False)
        if event is not None:
            event.acceptProposedAction()
            dropped = files(event)
            if not self.sessions.open_all(dropped):
                self.files.open_all(dropped)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Everything is kept already; the threads are ended and waited for."""
        self.dialogs.hide()
        for dialog in self.findChildren(QDialog):
            dialog.close()
        self.comfort.close()
        for playing in (self.explore.travel, self.panels[ShapePanel].motion.motion, self.desk.morph):
            playing.stop()
        self.compare.release()
        if self.output.on:
            self.toggle_output()
        self.store.keep()
        self._save_settings()
        self.sessions.end()
        for hand in (self.scrub, self.handles):  # they must not be asked once Python has taken them apart
            self.canvas.removeEventFilter(hand)
        self.hide()  # nobody needs to watch it wait
        self.dialogs.end()
        self.shelf.close()
        self.bridge.close()
        super().closeEvent(event)

    def _save_settings(self) -> None:
        """A settings file that cannot be written is no reason to stop."""
        habits = {name: value for part in self._habitual for name, value in part.habits().items()}
        self.files.settings = msgspec.structs.replace(
            self.files.settings,
            geometry=self.saveGeometry().data(), docks=self.saveState().data(),
            handles=self.deeds["handles"].isChecked(), **habits,
        )  # fmt: skip
        try:
            settings.write(self.files.settings, self._settings_file)
        except OSError as error:
            self.messages.complain(tr("The settings could not be kept: {reason}", reason=reason(error)))
