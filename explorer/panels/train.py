"""The train dialog: starts a training, or opens one that runs anywhere, and watches it through its run's folder."""

import contextlib
from pathlib import Path

from platformdirs import user_documents_path
from PyQt6.QtCore import QTimer, QUrl
from PyQt6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PyQt6.QtWidgets import QApplication, QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from explorer import training
from explorer.bridge import Bridge
from explorer.runs import NoRun, RunFolder, Statistics, images_of
from explorer.store import Store
from explorer.training import Training
from explorer.widgets import run_facts
from explorer.widgets.defaults import no_default
from explorer.widgets.dropped import files
from explorer.widgets.loss_plot import LossPlot
from explorer.widgets.messages import Messages
from explorer.widgets.new_run import NewRun, known_runs
from explorer.widgets.run_facts import RunFacts, Standing
from explorer.widgets.sample_view import EMPTY, SampleView

LOOK = 1000  # ms between two looks into the run's folder
SOON = 15  # ms, while there is more to read
BEGINS = "The first pictures appear here after a while. Before some thousand pictures seen, they are blobs."
KEPT = "What was learnt so far is kept in the run's folder."


class TrainDialog(QDialog):
    """A thin face of `latent-explorer train`. The training is a program of its own: closing this ends nothing."""

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None, home: Path | None = None):
        super().__init__(parent)
        self.setWindowTitle("Train a model")
        self._bridge = bridge
        self._run: RunFolder | None = None
        self._training: Training | None = None
        self._statistics: Statistics | None = None
        home = home or user_documents_path() / "Latent Explorer"
        self.form = NewRun(home)
        self.facts = RunFacts()
        self.samples = SampleView()
        self.plot = LossPlot()
        self.left = QStackedWidget()
        self.messages = Messages(self)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.look)
        self._lay_out()
        self._connect()
        no_default(self)
        self.setAcceptDrops(True)
        newest = known_runs(self.form.runs)[:1]
        if newest and RunFolder(newest[0]).alive():
            self.watch(newest[0])

    def _lay_out(self) -> None:
        self.left.addWidget(self.form)
        self.left.addWidget(self.facts)
        self.left.setFixedWidth(304)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.samples, 3)
        right.addWidget(self.plot, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(16)
        row.addWidget(self.left)
        row.addLayout(right, 1)
        self.plot.hide()
        self.resize(980, 600)

    def _connect(self) -> None:
        self.form.start.connect(self.start)
        self.form.attach.connect(self.watch)
        self.form.refused.connect(self._complain)
        self.facts.stop.clicked.connect(self.stop)
        self.facts.go_on.clicked.connect(self.go_on)
        self.facts.explore.clicked.connect(self.explore)
        self.facts.new.clicked.connect(self.leave)
        self.facts.show_folder.clicked.connect(self._show_folder)
        self.samples.turned.connect(self._name_snapshot)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.form.pictures.close_jobs)

    # what a person asks for

    def start(self, pictures: Path, run: Path, preset: str) -> None:
        """A new training."""
        self._begin(lambda: training.train(pictures, run, preset), run)

    def go_on(self) -> None:
        """The run goes on where it stopped."""
        run = self._run
        if run is not None:
            self._begin(lambda: training.resume(run.path), run.path)

    def stop(self) -> None:
        """Asks the training to save and end, wherever it runs."""
        if self._run is not None:
            try:
                self._run.request_stop()
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
        if self._run is None or self._run.path != folder:
            self._training = None
        self._open(folder)

    def leave(self) -> None:
        """Back to the form; the training goes on."""
        self._run, self._statistics = None, None
        self._clock.stop()
        self.samples.show_files([])
        self.samples.grid.say(EMPTY)
        self.plot.hide()
        self.left.setCurrentWidget(self.form)

    def explore(self) -> None:
        """Opens the snapshot that belongs to the samples that are shown."""
        snapshot = self._snapshot()
        if snapshot is not None:
            self._bridge.open_model(snapshot, self._complain)

    # watching

    def _begin(self, make: object, folder: Path) -> None:
        try:
            self._training = make()  # type: ignore[operator]
        except OSError as error:
            self._complain(error)
            return
        self.messages.dismiss()
        self._open(folder)

    def _open(self, folder: Path) -> None:
        self._run = RunFolder(folder)
        self._statistics = Statistics(folder / "stats.jsonl")
        self.samples.show_files([])
        self.samples.grid.say(BEGINS)
        self.facts.name.setText(folder.name)
        self.left.setCurrentWidget(self.facts)
        self.look()

    def look(self) -> None:
        """One look into the run's folder."""
        run, statistics = self._run, self._statistics
        if run is None or statistics is None:
            return
        more = statistics.read()
        self._look_after(run)
        if self._run is None:  # it never began
            return
        standing = self._standing(run, statistics)
        self.facts.show_standing(standing, self._said(statistics))
        self.facts.stop.setEnabled(standing is not run_facts.STOPPING and run.path.is_dir())
        with contextlib.suppress(NoRun):  # its config is not written yet
            plan = run.plan()
            self.facts.show_run(run.path.name, plan)
            self.facts.show_figures(plan, statistics, standing.active)
        self.samples.show_files(run.samples())
        self.plot.show_losses(statistics.images, statistics.generator, statistics.discriminator)
        self.plot.setVisible(len(statistics.images) > 1)
        self._name_snapshot()
        self._clock.start(SOON if more else LOOK)

    def _standing(self, run: RunFolder, statistics: Statistics) -> Standing:
        own = self._training is not None and self._training.running
        if own or (self._training is None and run.alive() and not self._at_end(run, statistics)):
            if run.stop_requested():
                return run_facts.STOPPING
            if not statistics.images:
                return run_facts.PREPARING
            return run_facts.TRAINING if own else run_facts.ELSEWHERE
        return run_facts.FINISHED if self._at_end(run, statistics) else run_facts.STOPPED

    def _at_end(self, run: RunFolder, statistics: Statistics) -> bool:
        try:
            return bool(statistics.images) and statistics.images[-1] >= run.plan().images
        except NoRun:
            return False

    def _look_after(self, run: RunFolder) -> None:
        """A training of ours that has ended with a complaint passes it on."""
        if self._training is None or not self._training.exit_code:
            return
        failed, self._training = self._training, None
        kept = run.has_state()
        self.messages.complain(f"{failed.complaint()}{'' if not kept else ' — ' + KEPT}", failed.said())
        if not kept:
            self.leave()

    def _said(self, statistics: Statistics) -> str:
        """While there are no figures yet, what the training says."""
        if self._training is None or statistics.images or not self._training.running:
            return ""
        lines = self._training.said().splitlines()
        return lines[-1] if lines else ""

    def _snapshot(self) -> Path | None:
        """The newest one, or while earlier samples are shown, the one nearest to them."""
        found = self._run.snapshots() if self._run is not None else []
        if not found:
            return None
        if self.samples.slider.value() == self.samples.slider.maximum():
            return found[-1]
        return min(found, key=lambda path: abs(images_of(path) - self.samples.images))

    def _name_snapshot(self) -> None:
        snapshot = self._snapshot()
        self.facts.explore.setEnabled(snapshot is not None)
        if snapshot is None:
            self.facts.explore.setText("No snapshot to explore yet")
        else:
            self.facts.explore.setText(f"Explore the snapshot at {images_of(snapshot):,}")

    def _show_folder(self) -> None:
        if self._run is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._run.path)))

    def _complain(self, error: Exception) -> None:
        self.messages.complain(str(error), f"{type(error).__name__}: {error}")

    # window

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self.look()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self._clock.stop()
        super().hideEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        if event is not None and any(path.is_dir() for path in files(event)):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """A run's folder is opened; any other is one of pictures."""
        folders = [path for path in files(event) if path.is_dir()]
        if event is None or not folders:
            return
        event.acceptProposedAction()
        if (folders[0] / "config.json").exists():
            self.watch(folders[0])
        else:
            self.form.pictures.take(folders[0])
