"""One of the two sources, A or B: its picture, its seed, and how to choose another."""

import random
from collections.abc import Callable

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from engine.recipe import Conditions, Latent, Recipe, conditioned, conditions, plane
from engine.render.info import ModelInfo
from explorer.condition_pair import shown_under, under
from explorer.desk import MixingDesk
from explorer.figures import figure
from explorer.mixing import b_latent, only_a, only_b, with_a, with_b
from explorer.pictures import heaviest
from explorer.prompts import Prompts
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.words import tr

from .ab_marks import Badge
from .buttons import icon_button
from .class_box import ClassBox
from .dropped import Drops, made_here
from .numbers import SeedField
from .picture import Picture
from .prompt_box import PromptBox
from .seed_row import MOST

# of A, and of B, which is the chosen one of the styles
READ: dict[str, Callable[[Recipe, int], Latent]] = {"A": lambda recipe, at: recipe.latent, "B": b_latent}
WRITE: dict[str, Callable[[Recipe, Latent, int, str], Recipe]] = {
    "A": lambda recipe, latent, at, name: with_a(recipe, latent),
    "B": with_b,
}
ALONE: dict[str, Callable[[Recipe, int], Recipe]] = {"A": lambda recipe, at: only_a(recipe), "B": only_b}
KEYS = {"A": "R", "B": "Shift+R"}


class Source(QWidget):
    """Shows and chooses the latent that is `name`, "A" or "B". A picture made here can be dropped on it."""

    dropped = pyqtSignal(object)  # Path
    asked = pyqtSignal()  # for a picture made here

    def __init__(self, store: Store, thumbnails: Thumbnails, name: str, parent: QWidget | None = None):
        super().__init__(parent)
        self._store, self._name, self._desk = store, name, MixingDesk.of(store)
        Drops(self, lambda paths: self.dropped.emit(paths[0]), made_here)
        self.picture = Picture(thumbnails, lambda: ALONE[name](store.recipe, self._desk.chosen), name.lower(), 56)
        self.field = SeedField(tr("Seed {name}", name=name))
        self.field.chosen.connect(self.choose)
        self.dice = icon_button("dices", tr("Random {name} ({key})", name=name, key=KEYS[name]), self.roll)
        self.previous = icon_button(
            "chevron-left", tr("Previous seed for {name}", name=name), lambda: self.choose(self.field.number - 1)
        )
        self.next = icon_button(
            "chevron-right", tr("Next seed for {name}", name=name), lambda: self.choose(self.field.number + 1)
        )
        self.opener = icon_button("folder-open", tr("{name} from a picture made here…", name=name), self.asked.emit)
        self.place = QLabel()
        self.place.setProperty("role", "secondary")
        self.place.setToolTip(tr("Where between the seeds: column / row of the seed plane"))
        self.place.setMinimumWidth(1)  # far down the plane its numbers are long, and the panel must not jump
        self.field.setMinimumWidth(44)
        self.classes = ClassBox(thumbnails, lambda c: shown_under(store.recipe, self._latent, c), name)
        self.words = PromptBox(Prompts.of(store), name)
        for box in (self.classes, self.words):
            box.changed.connect(self._ask)
            box.settled.connect(lambda note: store.keep(f"{name}: {note}"))
        self._lay_out()
        self._shown: Latent | None = None
        store.changed.connect(self._changed)
        self._desk.chose.connect(lambda _: self._show(store.recipe))
        self._desk.chose.connect(lambda _: self.picture.update())
        self._show(store.recipe)

    def _lay_out(self) -> None:
        row, below = QHBoxLayout(), QHBoxLayout()
        row.setSpacing(2)
        below.setSpacing(2)
        row.addWidget(Badge(self._name))
        row.addWidget(self.field, 1)
        row.addWidget(self.dice)
        row.addWidget(self.opener)
        below.addWidget(self.place, 1)
        for button in (self.previous, self.next):
            below.addWidget(button)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.picture, 0, 0, 3, 1)
        grid.addLayout(row, 0, 1)
        grid.addLayout(below, 1, 1)
        grid.addWidget(self.classes, 2, 1)
        grid.addWidget(self.words, 3, 0, 1, 2)

    def choose(self, number: int) -> None:
        """This seed, with the classes or words there are."""
        self._write(
            conditioned(number, conditions(self._latent)), f"{self._name}: {tr('seed {number}', number=number % 2**32)}"
        )

    def roll(self) -> None:
        self.choose(random.randint(0, MOST))

    def introduce(self, info: ModelInfo) -> None:
        """Offers the model's classes or a place for words, where it has any."""
        self.classes.introduce(info)
        self.words.introduce(info)
        self._show(self._store.recipe)

    def _ask(self, wanted: Conditions) -> None:
        """These classes or words at the same place among the seeds; a gesture that goes on."""
        latent = under(self._latent, wanted)
        self._store.show(WRITE[self._name](self._store.recipe, latent, self._desk.chosen, ""))

    @property
    def _latent(self) -> Latent:
        return READ[self._name](self._store.recipe, self._desk.chosen)

    def _write(self, latent: Latent, note: str) -> None:
        self._store.do(WRITE[self._name](self._store.recipe, latent, self._desk.chosen, ""), note)

    def _changed(self, recipe: Recipe) -> None:
        """Other things than this latent move sixty times a second."""
        if READ[self._name](recipe, self._desk.chosen) != self._shown:
            self._show(recipe)

    def _show(self, recipe: Recipe) -> None:
        self._shown = latent = READ[self._name](recipe, self._desk.chosen)
        seed, place = heaviest(latent), plane.place(latent)
        exact = place is not None and place[0] % 1 == place[1] % 1 == 0
        number = seed.number if seed else 0
        self.field.show_number(number, "" if seed else "—")
        if place is not None:
            self.place.setText("" if exact else f"{figure(place[0], '.1f')} / {figure(place[1], '.1f')}")
        else:
            self.place.setText(tr("a picture") if seed is None else tr("a blend of {count}", count=len(latent.points)))
        found = conditions(latent)
        self.classes.show_conditions(found)
        self.words.show_conditions(found)
