"""Plays the motion of the noise, says how fast it goes, and brings the noise back to rest."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.recipe import Recipe
from explorer import theme
from explorer.figures import figure
from explorer.motion import FASTEST, SLOWEST, Motion
from explorer.store import Store
from explorer.words import tr

from .bound import LABEL, VALUE
from .buttons import icon_button
from .slide import Slide

TICKS = 100  # of the slider for one step a second


class MotionRow(QWidget):
    """The speed is no part of a picture; how far the noise has moved is."""

    def __init__(self, store: Store, parent: QWidget | None = None):
        super().__init__(parent)
        self.motion = Motion(store, self)
        self.player = icon_button("play", "Let the noise move, or stop it", self.motion.toggle, checkable=True)
        self.settler = icon_button("rotate-ccw", "Noise back to where it began", self.motion.settle)
        self.speed = Slide(round(SLOWEST * TICKS), round(FASTEST * TICKS), TICKS)
        self.speed.setPageStep(TICKS // 4)
        self.speed.setAccessibleName(tr("Speed of the noise"))
        self.speed.setToolTip(tr("How fast the noise moves: at 1 it is another pattern after some three seconds"))
        self.value = QLabel()
        self.value.setFixedWidth(VALUE)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.speed.moved.connect(lambda tick: self.set_speed(tick / TICKS))
        self.motion.playing_changed.connect(self._played)
        self._lay_out()
        self.set_speed(self.motion.speed)
        store.changed.connect(self._show)
        self._show(store.recipe)

    def _lay_out(self) -> None:
        words = QLabel(tr("Motion"))
        words.setFixedWidth(LABEL + 4)
        words.setBuddy(self.speed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(words)
        row.addWidget(self.player)
        row.addWidget(self.settler)
        row.addWidget(self.speed, 1)
        row.addWidget(self.value)

    def set_speed(self, speed: float) -> None:
        """Steps a second."""
        self.motion.speed = speed
        self.speed.show_value(round(speed * TICKS))
        self.value.setText(f"{figure(speed, '.2f')}/s")

    def _played(self, playing: bool) -> None:
        self.player.setChecked(playing)
        self.player.setIcon(theme.icon("pause" if playing else "play"))

    def _show(self, recipe: Recipe) -> None:
        for part in (self.player, self.speed):
            part.setEnabled(recipe.noise.mode != "off")
        self.settler.setEnabled(recipe.noise.phase > 0)
