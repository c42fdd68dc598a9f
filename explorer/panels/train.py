"""The train dialog: starts a training, or opens one that runs anywhere, and watches it through its run's folder."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_documents_path
from PyQt6.QtCore import Qt, QTimer, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices, QHideEvent, QShowEvent
from PyQt6.QtWidgets import QApplication, QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from explorer import training
from explorer.bridge import Bridge
from explorer.runs import NoRun, RunFolder, Statistics
from explorer.store import Store
from explorer.training import Start, Training
from explorer.widgets.defaults import no_default
from explorer.widgets.dropped import Drops
from explorer.widgets.messages import Messages
from explorer.widgets.new_run import NewRun
from explorer.widgets.picture_folder import is_data
from explorer.widgets.run_asks import NewRunAsks
from explorer.widgets.run_curves import RunCurves
from explorer.widgets.run_facts import RunFacts
from explorer.widgets.run_list import RunList
from explorer.widgets.run_settings import RunSettings
from explorer.widgets.run_uses import RunUses
from explorer.widgets.run_watched import Watched
from explorer.widgets.sample_view import EMPTY, SampleView
from explorer.words import tr

LOOK = 1000  # ms between two looks into the run's folder
SOON = 15  # ms, while there is more to read
BEGINS = "The first pictures appear here after a while. Before some thousand pictures seen, they are blobs."
KEPT = "What was learnt so far is kept in the run's folder."


class TrainDialog(QDialog):
    """A thin face of `latent-explorer train`. The training is a program of its own: closing this ends nothing."""

    data_wanted = pyqtSignal(
        list
    )  # pictures, films and archives of which a data set shall be made; none: they will be chosen

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None, home: Path | None = None):
        super().__init__(parent)
        self.setWindowTitle(tr("Train a model"))
        self._bridge = bridge
        self._watched: Watched | None = None
        self._training: Training | None = None
        home = home or user_documents_path() / "Latent Explorer"
        self.form = NewRun(home)
        self.facts = RunFacts()
        self.samples = SampleView()
        self.plot = RunCurves()
        self.left = QStackedWidget()
        self.messages = Messages(self)
        self.list = RunList(self.form.book, self.messages)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.look)
        self._uses = RunUses(self.facts.uses, bridge, self.snapshot, self._complain, parent)
        self._lay_out()
        self._connect()
        no_default(self)
        Drops(self, self._drop)
        newest = self.form.book.runs()[:1]
        if newest and RunFolder(newest[0]).alive():
            self.watch(newest[0])

    @property
    def run_folder(self) -> Path | None:
        """The folder of the run that is shown."""
        return self._watched.path if self._watched is not None else None

    def _lay_out(self) -> None:
        self.left.addWidget(self.form)
        self.left.addWidget(self.facts)
        self.left.addWidget(self.list)
        self.left.setFixedWidth(312)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.samples, 2)
        right.addWidget(self.plot, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addWidget(self.left)
        row.addLayout(right, 1)
        self.plot.hide()
        self.resize(1000, 640)

    def _connect(self) -> None:
        self.form.start.connect(self.start)
        NewRunAsks(self.form, self._bridge, self._complain)
        self.form.attach.connect(self.watch)
        self.form.refused.connect(self._complain)
        self.form.prepare.connect(lambda: self.data_wanted.emit([]))
        self.facts.stop.clicked.connect(self.stop)
        self.facts.pause.clicked.connect(self.pause)
        self.facts.go_on.clicked.connect(lambda: self.go_on())
        self.facts.others.clicked.connect(self.change)
        self.facts.runs.clicked.connect(self.show_runs)
        self.form.listed.connect(self.show_runs)
        self.list.opened.connect(self.watch)
        self.list.chosen.connect(self._compare)
        self.list.left.connect(self.leave)
        self.facts.explore.clicked.connect(self.explore)
        self.facts.card.clicked.connect(lambda: self._show_file(RunFolder.card))
        self.facts.new.clicked.connect(self.leave)
        self.facts.show_folder.clicked.connect(lambda: self._show_file(lambda run: run.path))
        self.samples.turned.connect(self._name_snapshot)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.form.close_jobs)

    # what a person asks for

    def start(self, start: Start) -> None:
        """A new training."""
        self._begin(lambda: training.train(start), start.run)

    def go_on(self, changes: dict[str, str] | None = None) -> None:
        """The run goes on where it stopped, perhaps with other settings."""
        run = self._watched
        if run is not None:
            self._begin(lambda: training.resume(run.path, changes), run.path)

    def change(self) -> None:
        """Asks for other settings to go on with."""
        if self._watched is None:
            return
        try:
            dialog = RunSettings(self._watched.run.settings(), self)
        except NoRun as error:
            self._complain(error)
            return
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.wanted.connect(self.go_on)
        dialog.open()

    def stop(self) -> None:
        """Asks the training to save and end, wherever it runs."""
        self._ask(RunFolder.request_stop)

    def pause(self) -> None:
        """Asks the training to wait after this step, or to go on with the next one, wherever it runs."""
        paused = self._watched is not None and self._watched.run.pause_requested()
        self._ask(RunFolder.end_pause if paused else RunFolder.request_pause)

    def _ask(self, request: Callable[[RunFolder], None]) -> None:
        if self._watched is not None:
            try:
                request(self._watched.run)
            except OSError as error:
                self._complain(error)
        self.look()

    def watch(self, folder: Path) -> None:
        """Shows a run; one that is none is told and changes nothing."""
        try:
            RunFolder(folder).plan()
        except NoRun as error:
            self._complain(error)
            return
        if self._watched is None or self._watched.path != folder:
            self._training = None
        self.form.book.remember(folder)
        self._open(folder)

    def leave(self) -> None:
        """Back to the form; the training goes on."""
        self._forget()
        self.plot.hide()
        self.left.setCurrentWidget(self.form)

    def show_runs(self) -> None:
        """All runs, to compare them."""
        self._forget()
        self.left.setCurrentWidget(self.list)
        self.list.fill()

    def _forget(self) -> None:
        self._watched = self._training = None
        self._clock.stop()
        self.samples.show_files([])
        self.samples.grid.say(EMPTY)

    def _compare(self, folders: list[Path]) -> None:
        """Curves of the runs that are marked, and the samples of the first."""
        if self.left.currentWidget() is not self.list:
            return
        found = [(folder.name, Statistics(folder / "stats.jsonl")) for folder in folders]
        for _, statistics in found:
            while statistics.read():
                pass
        self.plot.show_runs(found)
        self.plot.setVisible(any(len(statistics.images) > 1 for _, statistics in found))
        self.samples.show_files(RunFolder(folders[0]).samples() if folders else [])

    def explore(self) -> None:
        """Opens the snapshot that belongs to the samples that are shown."""
        self._uses.open()

    def snapshot(self) -> Path | None:
        """The one that belongs to the samples that are shown."""
        return self._watched.snapshot(self.samples) if self._watched is not None else None

    # watching

    def _begin(self, make: Callable[[], Training], folder: Path) -> None:
        try:
            self._training = make()
        except OSError as error:
            self._complain(error)
            return
        self.messages.dismiss()
        self._open(folder)

    def _open(self, folder: Path) -> None:
        self._watched = Watched(folder)
        self.samples.show_files([])
        self.samples.grid.say(BEGINS)
        self.facts.name.setText(folder.name)
        self.left.setCurrentWidget(self.facts)
        self.look()

    def look(self) -> None:
        """One look into the run's folder."""
        if self._watched is None:
            return
        more = self._watched.statistics.read()
        self._look_after(self._watched.run)
        if self._watched is None:  # it never began
            return
        self._watched.show(self._training, self.facts, self.samples, self.plot)
        self._clock.start(SOON if more else LOOK)

    def _look_after(self, run: RunFolder) -> None:
        """A training of ours that has ended with a complaint passes it on."""
        if self._training is None or not self._training.exit_code:
            return
        failed, self._training = self._training, None
        kept = run.has_state()
        said = failed.complaint()
        less = [("Go on with half as many at once", self._go_on_smaller)] if kept and "memory" in said else []
        self.messages.complain(f"{tr(said)}{'' if not kept else ' — ' + tr(KEPT)}", failed.said(), *less)
        if not kept:
            self.leave()

    def _go_on_smaller(self) -> None:
        """After memory was too small: the same steps, of which fewer pictures pass at once."""
        if self._watched is not None:
            self.messages.dismiss()
            self.go_on({"accumulate": str(half_at_once(self._watched.run.settings()))})

    def _name_snapshot(self) -> None:
        if self._watched is not None:
            self._watched.name_snapshot(self.facts, self.samples)

    def _show_file(self, which: Callable[[RunFolder], Path]) -> None:
        if self._watched is not None:
            path = which(self._watched.run)
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                self.messages.complain(tr("No program here opens {path}", path=path))

    def _complain(self, error: Exception) -> None:
        self.messages.complain(str(error), f"{type(error).__name__}: {error}")

    # window

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self.look()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self._clock.stop()
        super().hideEvent(event)

    def _drop(self, dropped: list[Path]) -> None:
        """A run's folder is opened; another one, or an archive, is learnt from; of anything else a data set can be made."""
        if (dropped[0] / "config.json").exists():
            self.watch(dropped[0])
        elif len(dropped) == 1 and is_data(dropped[0]):
            self.learn(dropped[0])
        else:
            self.data_wanted.emit(dropped)

    def learn(self, pictures: Path) -> None:
        """Proposes to train on these pictures."""
        self.leave()
        self.form.pictures.take(pictures)


def half_at_once(settings: Mapping[str, Any]) -> int:
    """Half of the pictures that pass at once now, by the settings of a run."""
    return max(int(settings.get("accumulate") or settings["growth"]["batch"]) // 2, 1)
