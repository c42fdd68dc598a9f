"""The run that is watched: read at every look, and shown in facts, samples and curves."""

from __future__ import annotations

import contextlib
import math
from pathlib import Path

from explorer.runs import NoRun, RunFolder, Statistics, images_of
from explorer.training import Training
from explorer.words import tr

from . import run_facts
from .run_curves import RunCurves
from .run_facts import RunFacts
from .run_health import Examiner
from .sample_view import SampleView


class Watched:
    """One run's folder and what has been read of it."""

    def __init__(self, folder: Path):
        self.run = RunFolder(folder)
        self.statistics = Statistics(folder / "stats.jsonl")
        self._examiner = Examiner(self.run)

    @property
    def path(self) -> Path:
        return self.run.path

    def show(self, training: Training | None, facts: RunFacts, samples: SampleView, plot: RunCurves) -> None:
        """All that is known; `training` is the program that was started here for it."""
        run, statistics = self.run, self.statistics
        own = training is not None and training.running
        standing = run_facts.standing(run, statistics, own, training is not None and not own)
        here = training.age if own and training is not None else math.inf  # who has just gone on was not silent before
        if standing == run_facts.TRAINING and run.silence() > here:  # no step since it goes on
            standing = run_facts.PREPARING
        facts.show_standing(standing, said(training, statistics))
        ends = standing in (run_facts.STOPPING, run_facts.ENDING)
        facts.stop.setEnabled(not ends and run.path.is_dir())
        facts.pause.setEnabled(not ends and standing not in (run_facts.PREPARING, run_facts.PAUSING))
        with contextlib.suppress(NoRun):  # its config is not written yet
            plan = run.plan()
            facts.show_run(run.path.name, plan)
            facts.show_figures(plan, statistics, standing.works)
        facts.health.show_beat(run.silence(), standing.works and run.silence() < here and bool(statistics.images))
        facts.health.show_troubles(self._examiner.look(statistics, standing.works, here))
        facts.card.setVisible(run.card().exists())
        samples.show_files(run.samples())
        plot.show_runs([(run.path.name, statistics)])
        plot.setVisible(len(statistics.images) > 1)
        self.name_snapshot(facts, samples)

    def snapshot(self, samples: SampleView) -> Path | None:
        """The newest one, or while earlier samples are shown, the one nearest to them."""
        found = self.run.snapshots()
        if not found:
            return None
        if samples.slider.value() == samples.slider.maximum():
            return found[-1]
        return min(found, key=lambda path: abs(images_of(path) - samples.images))

    def name_snapshot(self, facts: RunFacts, samples: SampleView) -> None:
        """The button says which one it would open."""
        snapshot = self.snapshot(samples)
        facts.explore.setEnabled(snapshot is not None)
        facts.after.setEnabled(snapshot is not None)
        if snapshot is None:
            facts.explore.setText(tr("No snapshot to explore yet"))
        else:
            facts.explore.setText(tr("Explore the snapshot at {count:,}", count=images_of(snapshot)))


def said(training: Training | None, statistics: Statistics) -> str:
    """While there are no figures yet, what the training says."""
    if training is None or statistics.images or not training.running:
        return ""
    lines = training.said().splitlines()
    return lines[-1] if lines else ""
