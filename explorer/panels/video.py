"""The video dialog: a film from picture to picture, drawn beside the window while one goes on playing."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from platformdirs import user_videos_path
from PyQt6.QtCore import QSignalBlocker, Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices, QGuiApplication
from PyQt6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.recipe import BadRecipe, Recipe, conditioned, conditions
from engine.render import png
from engine.render.info import numbers
from explorer import mixing
from explorer.bridge import Bridge
from explorer.desk import MixingDesk
from explorer.job import Job
from explorer.pictures import made_here_filter, words_for
from explorer.store import Store
from explorer.thumbnails import Thumbnails, image
from explorer.widgets.buttons import icon_button
from explorer.widgets.defaults import no_default
from explorer.widgets.film_settings import FilmSettings
from explorer.widgets.messages import Messages
from explorer.widgets.plate import Plate
from explorer.widgets.progress import ProgressRow
from explorer.widgets.stops import Stops
from explorer.words import tr

FRAME = 72  # pixels of the newest frame that is shown


def filming(
    models: Sequence[Path], recipes: Sequence[Recipe], path: Path, seconds: float, fps: int, loop: bool, scale: int
) -> Generator[Any, None, None]:
    """The engine's film with a renderer of its own; torch is imported by whoever asks for the first step."""
    from engine.render.renderer import Renderer
    from engine.render.video import film

    renderer = Renderer()
    for model in models:
        renderer.open(model)
    yield from film(recipes, renderer, path, seconds, fps, loop, scale)


class VideoDialog(QDialog):
    """A thin face of `latent-explorer video`. Closing it lets a film go on; the end of the program stops it."""

    filmed = pyqtSignal(object)  # Path
    not_filmed = pyqtSignal(object)  # Exception

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None, folder: Path | None = None):
        super().__init__(parent)
        self.setWindowTitle(tr("Make a film"))
        self._store, self._bridge = store, bridge
        self._folder = folder or user_videos_path() / "Latent Explorer"
        self._written: Path | None = None
        self.stops = Stops(Thumbnails(store, bridge, self))
        self.stops.changed.connect(self._sum_up)
        self.stops.dropped.connect(self.add_pictures)
        self.settings = FilmSettings()
        self.settings.changed.connect(self._sum_up)
        self.progress = ProgressRow()
        self.messages = Messages(self)
        self._lay_out()
        bridge.model_changed.connect(self._sum_up)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.progress.close_job)
        self.out.setText(str(free_name(self._folder)))
        self._begin_with(store.recipe)
        no_default(self)

    def _begin_with(self, recipe: Recipe) -> None:
        """A and B are what most people want to travel between."""
        self.stops.add(mixing.only_a(recipe), words_for(recipe.latent))
        at = MixingDesk.of(self._store).chosen
        self.stops.add(mixing.only_b(recipe, at), words_for(mixing.b_latent(recipe, at)))
        self._begun = self.stops.recipes()

    def freshen(self) -> None:
        """The present A and B, unless a person has chosen something else or a film is being made."""
        if not self.progress.running() and not self.isVisible() and self.stops.recipes() == self._begun:
            self.stops.clear()
            self._begin_with(self._store.recipe)

    # building

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.stops)
        column.addLayout(self._adders())
        column.addWidget(self.settings)
        column.addLayout(self._target())
        column.addStretch(1)
        column.addLayout(self._foot())
        self.resize(600, 440)

    def _adders(self) -> QHBoxLayout:
        self.add_this = QPushButton(tr("Add this picture"))
        self.add_this.setToolTip(tr("The picture in the window, just as it is"))
        self.add_this.clicked.connect(lambda: self.stops.add(self._store.recipe, words_for(self._store.recipe.latent)))
        self.add_files = QPushButton(tr("Add saved pictures…"))
        self.add_files.clicked.connect(self._ask_pictures)
        self.seeds = QLineEdit()
        self.seeds.setPlaceholderText(tr("Seeds, such as 1, 5, 9 or 20-25"))
        self.seeds.setAccessibleName(tr("Seeds to add"))
        self.seeds.returnPressed.connect(self._add_seeds)
        self.add_seeds = QPushButton(tr("Add seeds"))
        self.add_seeds.clicked.connect(self._add_seeds)
        return _row(self.add_this, self.add_files, self.seeds, self.add_seeds, stretch=2)

    def _target(self) -> QHBoxLayout:
        self.out = QLineEdit()
        self.out.setAccessibleName(tr("File of the film"))
        self.out.textChanged.connect(self._sum_up)
        choose = icon_button("folder-open", "Choose where the film goes", self._ask_target)
        label = _label(tr("File"), self.out)
        return _row(label, self.out, choose, stretch=1)

    def _foot(self) -> QHBoxLayout:
        self.preview = Plate(tr("Newest frame"), FRAME)
        self.preview.hide()
        self.words = QLabel()
        self.words.setProperty("role", "secondary")
        self.words.setWordWrap(True)
        self.show_folder = QPushButton(tr("Show in folder"))
        self.show_folder.clicked.connect(self._show_folder)
        self.copy_path = QPushButton(tr("Copy path"))
        self.copy_path.clicked.connect(self._copy_path)
        self.make = QPushButton(tr("Make the film"))
        self.make.setProperty("role", "primary")
        self.make.clicked.connect(self.start)
        row = _row(self.preview, self.words, self.show_folder, self.copy_path, self.make, stretch=1)
        row.insertWidget(1, self.progress, 1)
        row.addStrut(FRAME)
        self._idle(True)
        return row

    def _idle(self, idle: bool) -> None:
        """Words and buttons while nothing is made, progress in their place while it is."""
        self.words.setVisible(idle)
        self.make.setVisible(idle)
        for button in (self.show_folder, self.copy_path):
            button.setVisible(idle and self._written is not None)

    # adding

    def add_pictures(self, paths: Sequence[Path]) -> None:
        """Pictures made here, in this order; what is wrong with one is said, and the others are added."""
        for path in paths:
            try:
                self.stops.add(png.open_recipe(path), path.stem)
            except BadRecipe as error:
                self.messages.complain(str(error))

    def _add_seeds(self) -> None:
        text = self.seeds.text().replace(";", ",").replace("–", "-").strip(" ,")
        if not text:
            self.seeds.setFocus()
            return
        try:
            found = numbers(text, 1000)
        except ValueError as error:
            self.messages.complain(str(error))
            return
        for number in found:
            latent = conditioned(number, conditions(self._store.recipe.latent))
            self.stops.add(msgspec.structs.replace(self._store.recipe, latent=latent), words_for(latent))
        self.seeds.clear()

    def _ask_pictures(self) -> None:
        dialog = QFileDialog(self, tr("Pictures made here"), "", made_here_filter())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.add_pictures([Path(name) for name in names]))
        dialog.open()

    def _ask_target(self) -> None:
        dialog = QFileDialog(self, tr("Where the film goes"), str(Path(self.out.text()).parent), tr("Film (*.mp4)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("mp4")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.out.setText)
        dialog.open()

    # making

    def start(self) -> None:
        """Begins to film, in a thread of its own."""
        if self.progress.running():
            return
        path = Path(self.out.text()).expanduser()
        path = path if path.suffix.lower() == ".mp4" else path.with_name(path.name + ".mp4")
        model = self._bridge.model
        models = [model.path] if model is not None and model.path is not None else []
        chosen = self.settings.chosen
        work = filming(models, self.stops.recipes(), path, chosen.seconds, chosen.fps, chosen.loop, chosen.scale)
        job = Job(work, "film")  # no parent: it may outlive the dialog for a moment
        job.stepped.connect(self._step)
        job.finished.connect(lambda _: self._done(path))
        job.failed.connect(self._failed)
        job.cancelled.connect(lambda: self._ended(tr("Stopped. Nothing was written.")))
        self.messages.dismiss()
        self._written = None
        self.preview.set_image(None)
        self.preview.show()
        self._idle(False)
        self.progress.follow(job, tr("Waking the model…"))

    def _step(self, now: Any) -> None:
        if now.frame is not None:
            self.preview.set_image(image(now.frame.pixels))

    def _done(self, path: Path) -> None:
        self._written = path
        with QSignalBlocker(self.out):
            self.out.setText(str(free_name(path.parent, path.stem)))
        self._ended(tr("{name} is there: {size:.1f} MB.", name=path.name, size=path.stat().st_size / 2**20))
        self.filmed.emit(path)

    def _failed(self, error: Exception) -> None:
        self._ended(tr("No film was written."))
        self.messages.complain(str(error), f"{type(error).__name__}: {error}")
        self.not_filmed.emit(error)

    def _ended(self, words: str) -> None:
        self.preview.setVisible(self._written is not None)
        self._idle(True)
        self.words.setText(words)

    def _show_folder(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    def _copy_path(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None and self._written is not None:
            clipboard.setText(str(self._written))

    def _sum_up(self) -> None:
        """What the film will be, in one line."""
        model, count = self._bridge.model, self.stops.count()
        self.settings.show_side(model.resolution if model is not None else 0)
        self.make.setEnabled(count >= 2 and bool(self.out.text().strip()))
        if not self.progress.running():
            enough = count >= 2
            self.words.setText(
                self.settings.words(count) if enough else tr("A film needs at least two pictures to go between.")
            )


def free_name(folder: Path, stem: str = "film") -> Path:
    """A file name that is not taken yet."""
    stem = stem.rstrip("0123456789").rstrip("-") or "film"
    taken = (folder / f"{stem}-{number}.mp4" for number in range(1, 10_000))
    return next((path for path in taken if not path.exists()), folder / f"{stem}.mp4")


def _label(text: str, buddy: QWidget) -> QLabel:
    label = QLabel(text)
    label.setBuddy(buddy)
    return label


def _row(*widgets: QWidget, stretch: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for at, widget in enumerate(widgets):
        row.addWidget(widget, 1 if at == stretch else 0)
    return row
