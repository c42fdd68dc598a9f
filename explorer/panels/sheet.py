"""Sheet: many small pictures to pick from, of any seeds or of the kin of one picture."""

import random
from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.gallery import kin, sheet
from engine.gallery.favourite import words
from engine.recipe import BadRecipe, Condition, Latent, Recipe
from engine.render.info import ModelInfo, rows_of
from explorer import pictures
from explorer.bridge import Bridge
from explorer.desk import MixingDesk
from explorer.mixing import b_latent
from explorer.prompts import Prompts
from explorer.sheet_export import SheetExport
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.widgets.buttons import icon_button
from explorer.widgets.class_box import class_name
from explorer.widgets.dropped import Drops
from explorer.widgets.seed_row import MOST
from explorer.widgets.sheet_bar import CLASSES, FOUR, KIN, PROMPTS, SEEDS, TABLE, WAY, SheetBar
from explorer.widgets.sheet_view import SheetList, SheetView
from explorer.widgets.sheet_words import SheetWords
from explorer.words import reason, tr

CHANCES = 2**31


class SheetPanel(QWidget):
    """`deal` lays new pictures; small ones are drawn only while nothing else is."""

    title = "Sheet"
    kept = pyqtSignal(object)  # list of Recipe, for the gallery
    told = pyqtSignal(str, object)  # a sentence and its buttons
    failed = pyqtSignal(str)

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self._store, self._bridge = store, bridge
        self._parent: Recipe | None = None
        self._chance = 0
        self._turn = 0
        self._seed: int | None = None  # of all classes or prompts alike; None is that of the picture
        self._latents: dict[Recipe, Latent] = {}
        self.rows, self.bar = SheetList(), SheetBar()
        self.view = SheetView(self.rows, Thumbnails.shared(store, bridge))
        self.words = SheetWords()
        self.words.hide()
        self.export = SheetExport(bridge, self)
        self.state = QLabel()
        self.state.setProperty("role", "secondary")
        self.stopper = icon_button("x", "Stop saving the sheet", self._stop)
        Drops(self, self._drop, lambda path: path.suffix.lower() == ".png")
        self.setFocusProxy(self.view)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.state, 1)
        foot.addWidget(self.stopper)
        self.stopper.hide()
        self.state.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.bar)
        beside = QHBoxLayout()
        beside.setSpacing(6)
        beside.addWidget(self.words, 1)
        beside.addWidget(self.view, 3)
        column.addLayout(beside, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.bar.asked.connect(self._ask)
        self.bar.dealing.connect(self.deal)
        self.words.changed.connect(self._lay)
        self.view.wider.connect(self._fit)
        self.bar.showing.connect(lambda: self.show_recipe(self.view.selected()[0]))
        self.bar.keeping.connect(self._keep)
        self.bar.saving.connect(self._save)
        self.view.wanted.connect(self.show_recipe)
        self.view.kept.connect(self._keep)
        selection = self.view.selectionModel()
        if selection is not None:
            selection.selectionChanged.connect(self._chosen)
        self.rows.modelReset.connect(self._chosen)
        self.export.stepped.connect(self._stepped)
        self.export.finished.connect(self._saved)
        self.export.failed.connect(self._not_saved)
        self._bridge.model_changed.connect(self._introduce)
        if self._bridge.model is not None:
            self._introduce(self._bridge.model)
        self._chosen()

    # what lies on it

    def deal(self) -> None:
        """Other pictures of the same kind, around the same parent; of classes and prompts, another seed."""
        if self.bar.asks in (CLASSES, PROMPTS):
            self._seed = random.randint(0, MOST)
        self._chance = random.randrange(CHANCES)
        self._lay()

    def deal_seeds(self) -> None:
        """Pictures of random seeds."""
        self.bar.ask(SEEDS)
        self.deal()

    def deal_children(self) -> None:
        """Children of the one that is chosen here, else of the picture that is shown."""
        self._choose_parent()
        self.bar.ask(KIN)
        self.deal()

    def lay(self, recipes: Sequence[Recipe], names: Sequence[str] = ()) -> None:
        """These recipes, whatever they are, and what stands on them."""
        self._turn += 1
        self.rows.show(recipes, names)

    def _ask(self) -> None:
        if self.bar.asks == KIN and self._parent is None:
            self._choose_parent()
        if self.bar.asks == PROMPTS:
            self.words.begin(Prompts.of(self._store).recent)
        else:
            self._seed = None
        self._lay()

    def _choose_parent(self) -> None:
        chosen = self.view.selected() if self.view.hasFocus() else []
        self._parent = chosen[0] if len(chosen) == 1 else self._store.recipe

    def _lay(self) -> None:
        bar = self.bar
        self.words.setVisible(bar.asks == PROMPTS)
        if bar.asks != KIN:
            self._parent = None
            self._lay_others(self._store.recipe)
            return
        parent = self._parent or self._store.recipe
        if not bar.band:
            self.lay(kin.children(parent, bar.number, bar.distance, self._chance))
        elif parent in self._latents:
            self._lay_band(parent)
        else:
            self._turn += 1
            turn = self._turn
            pictures.as_latent(
                self._bridge,
                parent,
                lambda latent: self._stored(turn, parent, latent),
                lambda e: self.failed.emit(str(e)),
            )

    def _fit(self) -> None:
        """What has a form of its own fills the width."""
        if self.bar.asks in (FOUR, TABLE) and self.rows.recipes:
            self._lay()

    def _lay_others(self, recipe: Recipe) -> None:
        b = b_latent(recipe, MixingDesk.of(self._store).chosen)
        columns = self.view.columns()
        rows = max(self.bar.number // columns, 2)
        if self.bar.asks == WAY:
            self.lay(kin.between(recipe, recipe.latent, b, self.bar.number))
        elif self.bar.asks == FOUR:
            others = (other.latent for other in kin.strangers(recipe, 2, self._chance))
            self.lay(kin.grid(recipe, (recipe.latent, b, *others), columns, rows))
        elif self.bar.asks == TABLE:
            self._lay_table(recipe, b, rows - 1, columns - 1)
        elif self.bar.asks in (CLASSES, PROMPTS):
            self._lay_conditions(recipe)
        else:
            self.lay(kin.strangers(recipe, self.bar.number, self._chance))

    def _lay_table(self, recipe: Recipe, b: Latent, rows: int, columns: int) -> None:
        """The present A and B, and seeds by chance; the sources bear their names."""
        info = self._bridge.model
        if info is None or not self.bar.band:
            return
        others = [other.latent for other in kin.strangers(recipe, rows + columns, self._chance)]
        left, top = [recipe.latent, *others[: rows - 1]], [b, *others[rows:]][:columns]
        recipes = kin.table(recipe, left, top, rows_of(self.bar.band, info.layers))
        row = [""] * len(top)
        rows_named = [name for a in left for name in (f"A {pictures.number_of(a)}", *row)]
        self.lay(recipes, [tr("Now"), *(f"B {pictures.number_of(b)}" for b in top), *rows_named])

    def _lay_conditions(self, recipe: Recipe) -> None:
        """The same seed in other classes, or for each of the prompts."""
        info = self._bridge.model
        if info is None:
            return
        if self.bar.asks == PROMPTS:
            names = self.words.prompts or [""]
            others = [Condition(prompt=prompt or None) for prompt in names]
        else:
            count = min(info.label_size, self.bar.number)  # of a thousand classes some by chance
            numbers = sorted(random.Random(self._chance).sample(range(info.label_size), count))
            others = [Condition(number) for number in numbers]
            names = [class_name(info, number) for number in numbers]
        self.lay(kin.under_each(recipe, others, self._seed), names)

    def _stored(self, turn: int, parent: Recipe, latent: Latent) -> None:
        self._latents = {parent: latent}
        if turn == self._turn:
            self._lay_band(parent)

    def _lay_band(self, parent: Recipe) -> None:
        info = self._bridge.model
        if info is not None and self.bar.band:
            rows = rows_of(self.bar.band, info.layers)
            latent = self._latents[parent]
            self.lay(kin.children_in(parent, latent, rows, self.bar.number, self.bar.distance, self._chance))

    def _introduce(self, info: ModelInfo) -> None:
        self.bar.offer_parts(info.has_w)
        self.bar.offer_conditions(info.label_size, info.text_size)
        self.words.setVisible(self.bar.asks == PROMPTS)
        self._begin()

    def _begin(self) -> None:
        """Nobody shall see an empty sheet."""
        if self.isVisible() and not self.rows.recipes and self._bridge.model is not None:
            self.deal()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._begin()

    # what is picked

    def show_recipe(self, recipe: Recipe) -> None:
        """The picked picture becomes the present one, as one step of undo."""
        self._store.do(recipe, tr("From the sheet: {name}", name=words(recipe)))

    def _keep(self) -> None:
        chosen = self.view.selected()
        if chosen:
            self.kept.emit(chosen)

    def _chosen(self, *_: object) -> None:
        self.bar.enable(len(self.view.selected()))

    # out and in

    def _save(self) -> None:
        dialog = QFileDialog(self, tr("Save the sheet as one picture"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.selectFile("sheet.png")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.save(Path(name)))
        dialog.open()

    def save(self, path: Path) -> None:
        """Draws the sheet exactly and writes it; the chosen pictures only, where several are."""
        chosen = self.view.selected()
        recipes = chosen if len(chosen) > 1 else self.rows.recipes
        if recipes:
            self._tell_state(tr("Drawing the sheet: {done} of {total}", done=0, total=len(recipes)))
            self.export.start(recipes, min(self.view.columns(), len(recipes)), path)

    def _stop(self) -> None:
        self.export.stop()
        self._tell_state("")

    def _tell_state(self, text: str) -> None:
        self.state.setText(text)
        self.state.setVisible(bool(text))
        self.stopper.setVisible(bool(text))

    def _stepped(self, done: int, total: int) -> None:
        self._tell_state(tr("Drawing the sheet: {done} of {total}", done=done, total=total))

    def _saved(self, path: Path) -> None:
        self._tell_state("")
        self.told.emit(tr("The sheet is in {name}, with all its recipes.", name=path.name), ())

    def _not_saved(self, error: Exception) -> None:
        self._tell_state("")
        self.failed.emit(tr("The sheet was not saved: {reason}", reason=reason(error)))

    def _drop(self, paths: list[Path]) -> None:
        """A sheet that was saved here lies here again."""
        try:
            self.lay(sheet.read(paths[0]).recipes)
        except BadRecipe as error:
            self.failed.emit(str(error))
