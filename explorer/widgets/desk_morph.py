"""The button of the morph: a menu of where to and how, a square to stop it while it goes on."""

from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget, QWidgetAction

from engine.recipe.easing import Ease
from engine.recipe.tween import Path
from explorer import theme
from explorer.morph import LONGEST, SHORTEST, Manner, Morph
from explorer.words import tr

from .buttons import go_out
from .decimal_box import DecimalBox
from .dropped import Drops, made_here

EASES: dict[Ease, str] = {"smooth": "Begins and ends softly", "linear": "Even speed"}
PATHS: dict[Path, str] = {"straight": "Straight on", "slerp": "Around the sphere of seeds"}
TIP = "Morph: glide to another picture\nA picture made here can be dropped on it"
STOP = "Stop the morph here"


class MorphMenu(QMenu):
    """Stored picture, favourite or file; seconds, speed and path."""

    stored_wanted = pyqtSignal()
    favourite_wanted = pyqtSignal()
    file_wanted = pyqtSignal()

    def __init__(self, morph: Morph, parent: QWidget | None = None):
        super().__init__(parent)
        self._morph = morph
        self.to_stored = self._add("To the stored picture", self.stored_wanted.emit)
        self._add("To a favourite…", self.favourite_wanted.emit)
        self._add("To a picture made here…", self.file_wanted.emit)
        self.addSeparator()
        self.seconds = DecimalBox()
        self.seconds.setRange(SHORTEST, LONGEST)
        self.seconds.setDecimals(1)
        self.seconds.setSingleStep(0.5)
        self.seconds.setSuffix(" s")
        self.seconds.setAccessibleName(tr("Seconds of the morph"))
        self.seconds.setToolTip(tr("How many seconds the morph takes"))
        self.seconds.setValue(morph.manner.seconds)
        self.seconds.valueChanged.connect(lambda value: setattr(morph.manner, "seconds", value))
        self._add_line("Takes", self.seconds)
        self.addSeparator()
        self.eases = self._choices(EASES, "ease")
        self.addSeparator()
        self.paths = self._choices(PATHS, "path")

    def show_manner(self, manner: Manner) -> None:
        """This is how the way is gone from now on."""
        self.seconds.setValue(manner.seconds)
        for value, ways in ((manner.ease, self.eases), (manner.path, self.paths)):
            ways[value].trigger()

    def _add(self, text: str, do: Callable[[], object]) -> QAction:
        action = self.addAction(tr(text))
        assert action is not None
        action.triggered.connect(lambda: do())
        return action

    def _add_line(self, text: str, field: QWidget) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(27, 4, 12, 4)  # below the words of the entries
        row.addWidget(QLabel(tr(text)))
        row.addStretch(1)
        row.addWidget(field)
        holder = QWidgetAction(self)
        holder.setDefaultWidget(line)
        self.addAction(holder)

    def _choices(self, words: dict, name: str) -> dict[str, QAction]:
        group, found = QActionGroup(self), {}
        for value, text in words.items():
            action = self._add(text, partial(setattr, self._morph.manner, name, value))
            action.setCheckable(True)
            action.setChecked(getattr(self._morph.manner, name) == value)
            group.addAction(action)
            found[value] = action
        return found


class MorphButton(QToolButton):
    """A click opens the menu, or stops; a picture's file that is dropped on it is the goal."""

    dropped = pyqtSignal(object)  # Path

    def __init__(self, morph: Morph, parent: QWidget | None = None):
        super().__init__(parent)
        self._morph, self._key = morph, ""
        self.menu_of_ways = MorphMenu(morph, self)
        self.menu_of_ways.aboutToHide.connect(lambda: go_out(self))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        Drops(self, lambda paths: self.dropped.emit(paths[0]), made_here)
        self.setProperty("help", "morph")
        self.clicked.connect(self._click)
        morph.playing_changed.connect(self._show)
        self._show(False)

    def show_key(self, key: str) -> None:
        """The key that does the same as the button."""
        self._key = key
        self._show(self._morph.playing)

    def _click(self) -> None:
        if self._morph.playing:
            self._morph.stop()
        else:
            self.menu_of_ways.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _show(self, playing: bool) -> None:
        self.setIcon(theme.icon("square" if playing else "blend", "a" if playing else "text"))
        tip, key = tr(STOP if playing else TIP).split("\n"), f" ({self._key})" if self._key else ""
        self.setToolTip("\n".join([tip[0] + key, *tip[1:]]))
        self.setAccessibleName(tr("Stop the morph") if playing else tr("Morph"))
