"""The export dialog: the open model as a file of other programs, or the styles of the picture as numbers."""

from pathlib import Path

from platformdirs import user_documents_path
from PyQt6.QtCore import QSignalBlocker, Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices, QGuiApplication
from PyQt6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.render.info import ModelInfo
from explorer import model_formats
from explorer.bridge import Bridge
from explorer.job import Job
from explorer.model_formats import FORMATS, Fit, Format, free_target, taken
from explorer.model_words import in_bytes
from explorer.store import Store
from explorer.widgets.buttons import icon_button
from explorer.widgets.defaults import no_default
from explorer.widgets.format_row import FormatRow
from explorer.widgets.said import Said
from explorer.widgets.work_row import WorkRow
from explorer.words import reason, tr


class ExportModelDialog(QDialog):
    """A thin face of `latent-explorer convert`. Closing it lets an export go on."""

    exported = pyqtSignal(object)  # Path, with nobody looking
    not_exported = pyqtSignal(object)  # Exception, with nobody looking

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None, folder: Path | None = None):
        super().__init__(parent)
        self.setWindowTitle(tr("Export the model"))
        self._store, self._bridge = store, bridge
        self._folder = folder or user_documents_path() / "Latent Explorer"
        self._info: ModelInfo | None = None
        self._looking: Job | None = None
        self._entire: tuple[str, ...] = ()
        self._busy = False
        self.title = QLabel(tr("No model is open"))
        self.title.setProperty("role", "title")
        self.rows = {format.name: FormatRow(format) for format in FORMATS}
        self._group = QButtonGroup(self)
        for row in self.rows.values():
            self._group.addButton(row)
        self.rows[FORMATS[0].name].setChecked(True)
        self.out = QLineEdit()
        self.out.setAccessibleName(tr("File to write"))
        self.out.textEdited.connect(lambda _: self._ready())
        self.chooser = icon_button("folder-open", "Choose where it goes", self._choose)
        self.start = QPushButton(tr("Export"))
        self.start.setProperty("role", "primary")
        self.start.clicked.connect(self.export)
        self.entire = QCheckBox(tr("With the discriminator and whatever else the file holds, to train on"))
        self.entire.hide()
        self.pip = QPushButton(tr("Copy the pip line"))
        self.pip.setToolTip(tr("What ONNX needs is an extra; this line installs it"))
        self.pip.clicked.connect(self._copy_pip)
        self.pip.hide()
        self.progress = WorkRow()
        self.said = Said()
        self._lay_out()
        self._group.buttonToggled.connect(self._turned)
        bridge.model_changed.connect(self._changed)
        no_default(self)
        self._ready()

    def _lay_out(self) -> None:
        where = QHBoxLayout()
        where.setSpacing(4)
        where.addWidget(self.out, 1)
        where.addWidget(self.chooser)
        where.addSpacing(8)
        where.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(4)
        column.addWidget(self.title)
        column.addSpacing(4)
        for format in FORMATS:
            if format.latents and not self.rows[FORMATS[FORMATS.index(format) - 1].name].format.latents:
                column.addSpacing(8)
                column.addWidget(_heading("The styles of the picture, as numbers"))
            column.addWidget(self.rows[format.name])
        column.addWidget(self.pip, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        column.addSpacing(8)
        column.addWidget(_heading("Where it goes"))
        column.addLayout(where)
        column.addWidget(self.entire)
        column.addSpacing(4)
        column.addWidget(self.progress)
        column.addWidget(self.said)
        self.resize(600, 620)

    # what is shown

    @property
    def format(self) -> Format:
        """The one that is chosen."""
        row = self._group.checkedButton()
        return row.format if isinstance(row, FormatRow) else FORMATS[0]

    def show_model(self, info: ModelInfo) -> None:
        """From this model from now on; what each format says of it comes a moment later."""
        self.end_look()
        self._info, self._entire = info, ()
        self.title.setText(tr("Export {name}", name=info.model.name or tr("the model")))
        self.said.clear()
        for row in self.rows.values():
            row.refuse(
                "" if info.path is not None or row.format.latents else tr("this model is in memory only, not in a file")
            )
        self._propose()
        if info.path is not None:
            self._looking = Job(model_formats.fitting(info.path), "formats", self)
            self._looking.finished.connect(self._refuse)
            self._looking.failed.connect(self._failed)
            self._looking.start()

    def end_look(self, seconds: float = 5.0) -> None:
        """No longer looks which formats fit."""
        if self._looking is not None:
            job, self._looking = self._looking, None
            job.cancel()
            job.wait(seconds)

    def _changed(self, info: ModelInfo) -> None:
        if self.isVisible() and (self._info is None or info.model != self._info.model):
            self.show_model(info)

    def _refuse(self, fit: Fit) -> None:
        for name, why in fit.refusals.items():
            self.rows[name].refuse(why)
        self._entire = fit.entire
        self.pip.setVisible("pip install" in fit.refusals.get("onnx", ""))
        if self._group.checkedButton() is None:
            self.rows[FORMATS[0].name].setChecked(True)
        self._propose()

    def _turned(self, _: object, checked: bool) -> None:
        if checked:
            self._propose()

    def _propose(self) -> None:
        """A name that is free, in the folder that was used last."""
        if self._info is not None:
            self.out.setText(str(free_target(self.format, self._folder, self._info.model.name)))
        self.entire.setVisible(self.format.name in self._entire)
        self._ready()

    def _ready(self) -> None:
        self.start.setEnabled(self._info is not None and bool(self.out.text().strip()) and not self._busy)

    def _choose(self) -> None:
        folder = self._folder
        while not folder.is_dir() and folder != folder.parent:
            folder = folder.parent
        dialog = QFileDialog(self, tr("Export as"), str(folder / Path(self.out.text()).name))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # what is there is never written over
        dialog.setNameFilter(f"*{self.format.ending}")
        dialog.setDefaultSuffix(self.format.ending[1:])
        dialog.fileSelected.connect(self._chosen)
        dialog.open()

    def _chosen(self, name: str) -> None:
        with QSignalBlocker(self.out):
            self.out.setText(name)
        self._ready()

    # what is done

    def export(self) -> None:
        """Writes what is chosen; what is there already is never written over."""
        info, format = self._info, self.format
        target = Path(self.out.text().strip()).expanduser()
        if info is None:
            return
        if target.suffix.lower() != format.ending:
            target = target.with_name(f"{target.name}{format.ending}")
        there = taken(format, target)
        if there:
            self.said.complain(tr("{name} is there already; choose another name", name=there[0].name))
            return
        self._folder, self._busy = target.parent, True
        self.said.clear()
        self._ready()
        if format.latents:
            recipe = self._store.recipe
            self._bridge.ask(
                lambda renderer: model_formats.write_styles(renderer, recipe, target), self._finished, self._failed
            )
        elif info.path is not None:
            networks = ("all" if self.entire.isChecked() else "generator") if format.name in self._entire else ""
            job = Job(model_formats.exporting(format, info.path, target, networks), "export", self)
            job.finished.connect(self._finished)
            job.failed.connect(self._failed)
            job.cancelled.connect(lambda: self._end(tr("Stopped; nothing was written")))
            self.progress.follow(job, tr("Reading {name}…", name=info.path.name))

    def _finished(self, written: list[Path]) -> None:
        self._busy = False
        sized = [f"{path.name} ({in_bytes(path.stat().st_size)})" for path in written]
        names = f" {tr('and')} ".join(sized)
        sentence = tr("{name} is there", name=names) if len(written) == 1 else tr("{names} are there", names=names)
        self._propose()
        self.said.tell(
            sentence,
            (tr("Show in folder"), lambda: _show_folder(written[0])),
            (tr("Copy path"), lambda: _copy(str(written[0]))),
        )
        if not self.isVisible():
            self.exported.emit(written[0])

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self.said.complain(
            tr("Nothing was written: {reason}", reason=reason(error)), f"{type(error).__name__}: {error}"
        )
        self._ready()
        if not self.isVisible():
            self.not_exported.emit(error)

    def _end(self, words: str) -> None:
        self._busy = False
        self.said.tell(words)
        self._ready()

    def _copy_pip(self) -> None:
        from engine.export.graphs import EXTRA

        _copy(EXTRA.partition("type: ")[2])
        self.said.tell("The line is on the clipboard; type it in a terminal, then start this program again")


def _heading(words: str) -> QLabel:
    label = QLabel(tr(words))
    label.setProperty("role", "heading")
    return label


def _show_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _copy(text: str) -> None:
    clipboard = QGuiApplication.clipboard()
    if clipboard is not None:
        clipboard.setText(text)
