"""Timeline: keys of pictures on an axis of time, played in the live view and written as films."""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace
from platformdirs import user_videos_path
from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QLabel, QMenu, QSpinBox, QToolButton, QVBoxLayout, QWidget

from engine.recipe.timeline import MAX_FPS, Timeline
from engine.recipe.timeline_edits import (
    delete_keys,
    duplicate_keys,
    move_keys,
    places_after,
    put_marker,
    reverse,
    split_at,
)
from explorer import theme
from explorer.bridge import Bridge
from explorer.export_queue import Export, ExportQueue
from explorer.key_bindings import entry
from explorer.loudspeaker import Loudspeaker
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.timeline_files import TimelineFiles
from explorer.timelines import TimelineDesk
from explorer.widgets.buttons import icon_button, opens
from explorer.widgets.export_dialog import ExportDialog
from explorer.widgets.record_button import RecordButton
from explorer.widgets.time_axis import ALT, CONTROL, SHIFT, TimeAxis
from explorer.widgets.time_curve import TimeCurve
from explorer.widgets.time_menus import EaseMenu, WanderMenu
from explorer.widgets.time_scale import clock
from explorer.widgets.wrapped import Wrapped
from explorer.words import tr

NONE = Qt.KeyboardModifier.NoModifier
NEED_SOUND = ("No sound", "Mute the sound, or hear it again")


class TimelinePanel(QWidget):
    """The bar above, the axis below. Every key of the keyboard that works here is named in a tip."""

    title = "Timeline"
    told = pyqtSignal(str, list)  # words, and buttons as (text, what they do)
    failed = pyqtSignal(str)

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None, folder: Path | None = None):
        super().__init__(parent)
        self._store, self._bridge = store, bridge
        self.folder = folder or user_videos_path() / "Latent Explorer"
        self.desk = TimelineDesk.of(store)
        self.queue = ExportQueue(self)
        self.files = TimelineFiles(self.desk, self.folder, self)
        self.recorder = RecordButton(bridge, self.folder)
        self.speaker = Loudspeaker(self.desk, self)
        for part in (self.files, self.recorder, self.speaker):
            part.told.connect(self.told)
            part.failed.connect(self.failed)
        self.axis = TimeAxis(self.desk, Thumbnails.shared(store, bridge))
        self.ease, self.wander = EaseMenu(self.desk, self), WanderMenu(self.desk, self)
        self.dialog: ExportDialog | None = None
        self.curve = TimeCurve(self.desk)
        self.curve.hide()
        self.axis.scaled.connect(self.curve.follow)
        bridge.model_changed.connect(lambda info: self.curve.show_layers(len(info.layers)))
        self._make_bar()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 0, 8, 4)
        column.setSpacing(4)
        column.addWidget(self._bar())
        column.addWidget(self.axis, 1)
        column.addWidget(self.curve)
        self.axis.doings = self._doings()
        self.axis.track.failed.connect(self.failed)
        self.files.sound.connect(self.axis.track.lay)
        self.axis.drops.dropped.connect(self.files.take)
        self.axis.menu_wanted.connect(self._menu)
        self.setFocusProxy(self.axis)
        for signal in (self.desk.changed, self.desk.kept, self.desk.chose):
            signal.connect(self._show)
        self.desk.moved.connect(self._show_time)
        self.desk.playing_changed.connect(self._show_playing)
        self.queue.done.connect(self._written)
        self.queue.failed.connect(
            lambda export: self.failed.emit(
                tr("{name} was not written: {error}", name=export.path.name, error=export.error)
            )
        )
        self._show()

    # building

    def _make_bar(self) -> None:
        desk = self.desk
        self.player = icon_button("play", "Play or stop (Space)", desk.toggle)
        self.time = QLabel()
        self.time.setMinimumWidth(104)
        self.adder = icon_button("plus", "Add the picture that is shown as a key (I)", self.add_key)
        self.undo = icon_button("undo-2", "Undo in the timeline (Ctrl+Z)", desk.undo)
        self.redo = icon_button("redo-2", "Redo in the timeline (Ctrl+Y)", desk.redo)
        self.copier = icon_button("copy", "Duplicate the chosen keys (D)", self.duplicate)
        self.deleter = icon_button("trash-2", "Delete the chosen keys (Del)", self.delete)
        self.turner = icon_button("arrow-left-right", "Backwards (B)", self.reverse)
        self.marker = icon_button("pin", "Marker at the playhead, or none again (M)", self.mark)
        self.way = self._menu_button("chart-spline", "How the way leads on from the chosen keys (E)", self.ease)
        self.wanderer = self._menu_button("shuffle", "Wander while time goes by (W)", self.wander)
        self.looper = icon_button("rotate-ccw", "Loop: back to the first key without a jump (L)", None, checkable=True)
        self.looper.toggled.connect(self._set_loop)
        self.fps = QSpinBox()
        self.fps.setRange(1, MAX_FPS)
        self.fps.setSuffix(" " + tr("fps"))
        self.fps.setAccessibleName(tr("Frames per second"))
        self.fps.valueChanged.connect(self._set_fps)
        self.more = self._menu_button("ellipsis", "More", self._more())
        self.exporter = icon_button("film", "Export… (X)", self.export)

    def _bar(self) -> QWidget:
        bar = QWidget()
        Wrapped(bar, (
            (self.player, self.time), (self.adder, self.copier, self.deleter), (self.way, self.wanderer, self.looper),
            (self.turner, self.marker), (self.undo, self.redo), (self.recorder, self.fps, self.more, self.exporter),
        ))  # fmt: skip
        return bar

    def _menu_button(self, icon: str, tip: str, menu: QMenu) -> QToolButton:
        button = icon_button(icon, tip)
        opens(button, menu)
        return button

    def _more(self) -> QMenu:
        menu, self.sounding = QMenu(self), list[QAction]()
        for text, do in (
            ("Insert a key at the playhead\tShift+I", self.split),
            ("Chosen key from the picture that is shown\tEnter", self.set_key),
            ("Choose all keys\tCtrl+A", self.choose_all),
            ("Curve of a field, or none again\tC", self.show_curve),
            ("Whole timeline in sight\tF", self.axis.fit),
            ("Open a timeline…", self.files.ask_open),
            ("Save the timeline as…", self.files.ask_save),
            ("Lay a sound below…", self.files.ask_sound),
            ("No sound", self.axis.track.take_away),
            ("Mute the sound, or hear it again", lambda: self.speaker.mute(not self.speaker.muted)),
            ("Begin a new timeline", lambda: self.desk.do(Timeline(), "New timeline")),
        ):
            action = menu.addAction(entry(text))
            assert action is not None
            action.triggered.connect(lambda _=False, do=do: do())
            if text in NEED_SOUND:
                self.sounding.append(action)
        return menu

    def _doings(self) -> dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], object]]:
        """What keys do while the axis has the focus."""
        key, axis, desk = Qt.Key, self.axis, self.desk
        return {
            (key.Key_Space, NONE): desk.toggle, (key.Key_I, NONE): self.add_key, (key.Key_I, SHIFT): self.split,
            (key.Key_Return, NONE): self.set_key, (key.Key_Enter, NONE): self.set_key,
            (key.Key_Delete, NONE): self.delete, (key.Key_Backspace, NONE): self.delete, (key.Key_D, NONE): self.duplicate,
            (key.Key_B, NONE): self.reverse, (key.Key_M, NONE): self.mark, (key.Key_L, NONE): self.looper.toggle,
            (key.Key_E, NONE): lambda: self._menu(None), (key.Key_W, NONE): lambda: self._pop(self.wander),
            (key.Key_X, NONE): self.export, (key.Key_F, NONE): axis.fit, (key.Key_C, NONE): self.show_curve,
            (key.Key_Z, NONE): desk.undo, (key.Key_Z, CONTROL): desk.undo, (key.Key_Y, NONE): desk.redo,
            (key.Key_Y, CONTROL): desk.redo, (key.Key_Z, CONTROL | SHIFT): desk.redo,
            (key.Key_A, CONTROL): self.choose_all,
            (key.Key_Escape, NONE): lambda: desk.choose(()),
            (key.Key_Left, NONE): lambda: axis.step(-1 / desk.timeline.fps),
            (key.Key_Right, NONE): lambda: axis.step(1 / desk.timeline.fps),
            (key.Key_Left, SHIFT): lambda: axis.step(-1.0), (key.Key_Right, SHIFT): lambda: axis.step(1.0),
            (key.Key_Left, ALT): lambda: self.nudge(-1), (key.Key_Right, ALT): lambda: self.nudge(1),
            (key.Key_Left, ALT | SHIFT): lambda: self.nudge(-10), (key.Key_Right, ALT | SHIFT): lambda: self.nudge(10),
            (key.Key_Up, NONE): lambda: self._neighbour(-1), (key.Key_Down, NONE): lambda: self._neighbour(1),
            (key.Key_Home, NONE): lambda: axis.step(-desk.at),
            (key.Key_End, NONE): lambda: axis.step(desk.timeline.length - desk.at),
        }  # fmt: skip

    # what hands do

    def add_key(self) -> None:
        """The picture that is shown as a key; where the axis is not seen, a message says so."""
        self._edit(self.desk.add_key)
        if self.visibleRegion().isEmpty():
            words = tr("Now a key of the timeline, at {time}.", time=clock(self.desk.at))
            self.told.emit(words, [("Undo", self.desk.undo)])

    def split(self) -> None:
        self._edit(lambda: self.desk.do(split_at(self.desk.timeline, self.desk.at), "Key inserted"))

    def set_key(self) -> None:
        if self.desk.chosen:
            self.desk.set_key(min(self.desk.chosen))

    def delete(self) -> None:
        if self.desk.chosen:
            gone = len(self.desk.chosen)
            self.desk.do(delete_keys(self.desk.timeline, self.desk.chosen), "Keys deleted")
            self.desk.choose(())
            self.told.emit(tr("Keys deleted: {count}.", count=gone), [("Undo", self.desk.undo)])

    def duplicate(self) -> None:
        count = len(self.desk.timeline.keys)
        self._edit(lambda: self.desk.do(duplicate_keys(self.desk.timeline, self.desk.chosen), "Keys duplicated"))
        if len(self.desk.timeline.keys) > count:
            self.desk.choose(range(count, len(self.desk.timeline.keys)))

    def choose_all(self) -> None:
        self.desk.choose(range(len(self.desk.timeline.keys)))

    def reverse(self) -> None:
        self.desk.do(reverse(self.desk.timeline), "Backwards")

    def mark(self) -> None:
        self.desk.do(put_marker(self.desk.timeline, self.desk.at), "Marker")

    def nudge(self, frames: int) -> None:
        """The chosen keys some frames later."""
        line, chosen, by = self.desk.timeline, self.desk.chosen, frames / self.desk.timeline.fps
        self.desk.do(move_keys(line, chosen, by), "Keys moved")
        self.desk.choose(places_after(line, chosen, by))

    def show_curve(self) -> None:
        """The curve of a field below the axis, or none again."""
        self.curve.setVisible(self.curve.isHidden())
        self.curve.follow(self.axis.scale)

    def export(self) -> None:
        """Opens the export dialog, or brings it to the front."""
        if self.dialog is None:
            self.dialog = ExportDialog(self.desk, self._bridge, self.queue, self.folder, self.window())
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def close_jobs(self) -> None:
        """Stops playing and pauses the queue, as the window closes."""
        self.desk.stop()
        self.axis.track.close_job()
        self.recorder.close_job()
        self.queue.close()

    def _edit(self, edit: Callable[[], object]) -> None:
        try:
            edit()
        except ValueError as error:
            self.failed.emit(str(error))

    def _neighbour(self, way: int) -> None:
        chosen = self.desk.chosen
        self.axis.go_to_key((max(chosen) if way > 0 else min(chosen)) + way if chosen else 0)

    def _set_loop(self, loop: bool) -> None:
        if loop != self.desk.timeline.loop:
            self.desk.do(replace(self.desk.timeline, loop=loop), "Loop" if loop else "No loop")

    def _set_fps(self, fps: int) -> None:
        if fps != self.desk.timeline.fps:
            self.desk.do(replace(self.desk.timeline, fps=fps), tr("{fps} frames per second", fps=fps))

    def _menu(self, place: QPoint | None) -> None:
        if place is None:
            self._pop(self.ease)
        else:
            self.ease.popup(place)

    def _pop(self, menu: QMenu) -> None:
        button = self.way if menu is self.ease else self.wanderer
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    # what is shown

    def _show(self) -> None:
        line, some = self.desk.timeline, bool(self.desk.chosen)
        for button in (self.copier, self.deleter):
            button.setEnabled(some)
        for button in (self.player, self.turner, self.way, self.exporter):
            button.setEnabled(bool(line.keys))
        for action in self.sounding:
            action.setEnabled(line.sound is not None)
        self.undo.setEnabled(self.desk.history.can_undo())
        self.redo.setEnabled(self.desk.history.can_redo())
        self.looper.setChecked(line.loop)
        self.fps.blockSignals(True)
        self.fps.setValue(line.fps)
        self.fps.blockSignals(False)
        self._show_time()

    def _show_time(self) -> None:
        self.time.setText(f"{clock(self.desk.at)} / {clock(self.desk.timeline.length)}")

    def _show_playing(self, playing: bool) -> None:
        self.player.setIcon(theme.icon("pause" if playing else "play"))

    def _written(self, export: Export) -> None:
        if self.dialog is None or not self.dialog.isVisible():
            self.told.emit(tr("{name} is there.", name=export.path.name), [])
