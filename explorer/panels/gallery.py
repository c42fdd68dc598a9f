"""Gallery: pictures that were kept, with what was said of them; a folder that belongs to the person."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from engine.gallery import export, query, thumbnails
from engine.gallery.favourite import Favourite
from engine.gallery.folder import Contents
from engine.recipe import BadRecipe
from engine.render import png
from explorer.bridge import Bridge
from explorer.collection import Collection, Work
from explorer.pixels import image
from explorer.small_pictures import SmallPictures
from explorer.store import Store
from explorer.widgets.buttons import opens
from explorer.widgets.compare_view import CompareView
from explorer.widgets.dropped import Drops
from explorer.widgets.gallery_bar import GalleryBar
from explorer.widgets.gallery_details import GalleryDetails
from explorer.widgets.gallery_list import GalleryList
from explorer.widgets.gallery_view import SIDE, GalleryView
from explorer.widgets.picture import RADIUS
from explorer.widgets.trash_menu import TrashMenu
from explorer.words import tr

EMPTY = "Nothing is kept here yet. F keeps the picture that you see;\npictures that were made here can also be dropped here."
NONE = "No favourite fits what you look for."
REASONS = 8  # so many are written out


class GalleryPanel(QWidget):
    """`use` tells it where the favourites are; until then it is empty."""

    title = "Gallery"
    told = pyqtSignal(str, object)  # a sentence and its buttons
    failed = pyqtSignal(str)
    keyed = pyqtSignal(object)  # list of Path: keys of the timeline

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self._store, self._bridge = store, bridge
        self.collection = Collection(bridge, self)
        self.pictures = SmallPictures(SIDE, RADIUS, self)
        self.rows = GalleryList()
        self.compared: CompareView | None = None
        self.bar, self.details = GalleryBar(), GalleryDetails()
        self.trash = TrashMenu(self.collection.trash, self)
        opens(self.bar.restorer, self.trash)
        self.view = GalleryView(self.rows, self.pictures)
        self._words = QLabel(tr(EMPTY))
        self._words.setProperty("role", "secondary")
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        Drops(self, self.collection.adopt, self._from_outside)
        self.setFocusProxy(self.view)
        self._lay_out()
        self._connect()
        self._tell_count()

    def _lay_out(self) -> None:
        self._pages = QStackedLayout()
        self._pages.addWidget(self._words)
        self._pages.addWidget(self.view)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addLayout(self._pages, 1)
        row.addWidget(self.details)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.bar)
        column.addLayout(row, 1)

    def _connect(self) -> None:
        self.collection.changed.connect(self._show)
        self.collection.kept.connect(self._kept)
        self.collection.told.connect(self.told)
        self.collection.failed.connect(self.failed)
        self.view.wanted.connect(self.open)
        self.view.rated.connect(self._rate)
        self.view.thrown.connect(self._throw)
        self.view.keyed.connect(self._key)
        self.view.menu_wanted.connect(lambda place: self.row_menu().popup(place))
        self.bar.keying.connect(self._key)
        self.view.chosen.connect(self._chosen)
        self.bar.asked.connect(self._ask)
        self.bar.adding.connect(self.keep)
        self.bar.throwing.connect(self._throw)
        self.trash.wanted.connect(self.collection.bring_back)
        self.bar.comparing.connect(self.compare)
        self.details.changed.connect(self.collection.mark)
        self.bar.offer(tr("Copy the pictures to a folder…"), self._copy_out)
        self.bar.offer(
            tr("Contact sheet…"), lambda: self._write_out("Contact sheet", "sheet.png", export.contact_sheet)
        )
        self.bar.offer(tr("Recipes as one file…"), lambda: self._write_out("Recipes", "recipes.json", export.recipes))

    def use(self, folder: Path) -> None:
        """The folder of the favourites."""
        self.rows.folder = folder
        self.pictures.use(folder)
        self.collection.use(folder)

    def keep(self) -> None:
        """The picture that is shown becomes a favourite."""
        self._store.keep()
        self.collection.keep(self._store.recipe)

    def open(self, item: Favourite) -> None:
        """Shows a favourite just as it was made, as one step of undo."""
        if self.rows.folder is None:
            return
        try:
            recipe = png.read(self.rows.folder / item.name)
        except BadRecipe as error:
            self.failed.emit(str(error))
            self.collection.refresh()
            return
        self._store.do(recipe, tr("Favourite {name}", name=item.title))

    def close_jobs(self) -> None:
        """As the window closes: what was typed is written, and the threads are waited for."""
        self.details.commit()
        self.pictures.close()
        self.collection.close()

    def _show(self, contents: Contents) -> None:
        self.rows.show(contents.favourites)
        self.details.offer(query.all_tags(contents.favourites))
        self._chosen()
        self._tell_count()

    def _ask(self, text: str, rating: int, order: str) -> None:
        self.rows.ask(text, rating, order)
        self._tell_count()

    def _tell_count(self) -> None:
        contents = self.collection.contents
        reasons = [tr(item.reason) for item in contents.refused[:REASONS]]
        left = len(contents.refused) - len(reasons)
        lines = [*reasons, tr("and {count} more", count=left)] if left > 0 else reasons
        every = len(contents.favourites)
        self.bar.say(len(self.rows.shown), every, len(contents.refused), contents.waiting, "\n".join(lines))
        self._words.setText(tr(NONE if every else EMPTY))
        self._pages.setCurrentIndex(1 if self.rows.shown else 0)

    def _chosen(self) -> None:
        chosen = self.view.selected()
        self.details.show_favourites(chosen)
        self.bar.enable(len(chosen))

    def _kept(self, item: Favourite) -> None:
        self.view.choose([item.name])

    def _rate(self, rating: int) -> None:
        chosen = self.view.selected()
        if chosen:
            self.collection.mark(chosen, lambda marks: msgspec.structs.replace(marks, rating=rating))

    def _throw(self) -> None:
        chosen = self.view.selected()
        if chosen:
            self.collection.discard(chosen)

    def _key(self) -> None:
        chosen = self.view.selected()
        if chosen and self.rows.folder is not None:
            self.keyed.emit([self.rows.folder / item.name for item in chosen])

    def row_menu(self) -> QMenu:
        """What can be done with the chosen ones."""
        chosen = self.view.selected()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        doings: tuple[tuple[str, Callable[[], object], bool], ...] = (
            (tr("Show this picture"), lambda: self.open(chosen[0]), len(chosen) == 1),
            (tr("Key of the timeline") + "\tI", self._key, bool(chosen)),
            (tr("Compare"), self.compare, 1 <= len(chosen) <= 2),
            (tr("Into the trash"), self._throw, bool(chosen)),
            (tr("The last ones out of the trash again"), self.collection.take_back, bool(self.collection.thrown)),
        )
        for words, do, possible in doings:
            action = menu.addAction(words)
            if action is not None:
                action.setEnabled(possible)
                action.triggered.connect(lambda _=False, do=do: do())
        handing = menu.insertMenu(menu.actions()[-2], self.bar.menu) if chosen else None
        if handing is not None:
            handing.setText(tr("Hand over"))
        menu.addMenu(self.trash)
        return menu

    def compare(self) -> None:
        """The two chosen pictures, or the chosen one and the present picture."""
        chosen = self.view.selected()[:2]
        if len(chosen) > 1:
            self._read(chosen, (chosen[0].title, chosen[1].title))
        elif chosen and self._bridge.frame is not None:
            names = (chosen[0].title, tr("The present picture"))
            self._bridge.whole(
                self._store.recipe,
                lambda frame: self._read(chosen, names, image(frame.pixels)),
                lambda error: self.failed.emit(str(error)),
            )

    def _read(self, chosen: Sequence[Favourite], names: tuple[str, str], *present: QImage) -> None:
        if self.rows.folder is None:
            return
        paths = [self.rows.folder / item.name for item in chosen]
        self.collection.run(
            thumbnails.pictures(paths), lambda found: self._compare([*map(image, found), *present], names)
        )

    def _compare(self, images: list[QImage], names: tuple[str, str]) -> None:
        self.compared = CompareView(images[0], images[1], names, self)
        self.compared.show()

    # handing over

    def _copy_out(self) -> None:
        dialog = QFileDialog(self, tr("Copy the chosen pictures to"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._ask_file(dialog, lambda path: self._run(export.pictures, path))

    def _write_out(self, what: str, name: str, write: Callable[..., Work]) -> None:
        dialog = QFileDialog(self, tr("{what} of the chosen pictures", what=tr(what)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        self._ask_file(dialog, lambda path: self._run(write, path))

    def _ask_file(self, dialog: QFileDialog, use: Callable[[Path], None]) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: use(Path(name)))
        dialog.open()

    def _run(self, write: Callable[..., Work], path: Path) -> None:
        chosen = self.view.selected()
        if self.rows.folder is not None and chosen:
            many = tr("{count} pictures", count=len(chosen)) if len(chosen) > 1 else chosen[0].title
            words = tr("{what}: written to {name}.", what=many, name=path.name)
            work = write(self.rows.folder, chosen, path)
            self.collection.run(work, lambda _: self.told.emit(words, ()), "Not everything was written")

    def _from_outside(self, path: Path) -> bool:
        return self.rows.folder is not None and path.parent != self.rows.folder
