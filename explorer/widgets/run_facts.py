"""How a training stands: a few figures, how far it is, and what can be done with it."""

from dataclasses import dataclass

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QProgressBar, QPushButton, QVBoxLayout, QWidget

from explorer import theme
from explorer.runs import NoRun, Plan, RunFolder, Statistics
from explorer.words import tr

from .progress import duration
from .run_health import RunHealth

TICKS = 1000
FAMILIES = {
    "progan": "ProGAN",
    "stylegan1": "StyleGAN",
    "stylegan2": "StyleGAN2",
    "stylegan3": "StyleGAN3",
    "stylegan-xl": "StyleGAN-XL",
    "fastgan": "FastGAN",
}


@dataclass(frozen=True)
class Standing:
    """A word for it, the colour of its dot, whether somebody has it in hand now, and whether steps are made."""

    word: str
    colour: str
    active: bool
    paused: bool = False
    steps: bool = True

    @property
    def works(self) -> bool:
        """Whether one step should follow the other."""
        return self.active and self.steps and not self.paused


PREPARING = Standing("Getting the pictures ready", "a", True)
TRAINING = Standing("Training", "good", True)
ELSEWHERE = Standing("Training, started elsewhere", "good", True)
PAUSING = Standing("Pausing after this step…", "a", True, paused=True)
PAUSED = Standing("Paused, with everything in memory", "a", True, paused=True)
STOPPING = Standing("Finishing the step and saving…", "a", True)
ENDING = Standing("At the end: saving and measuring…", "a", True, steps=False)
STOPPED = Standing("Stopped; it can go on", "secondary", False)
FINISHED = Standing("Finished", "good", False)


def standing(run: RunFolder, statistics: Statistics, own: bool, ended: bool) -> Standing:
    """How a run stands; `own` says that it is trained by a program that was started here, `ended` that this one is over."""
    over = at_end(run, statistics)
    if own or (not ended and run.alive() and not over):
        if run.stop_requested():
            return STOPPING
        if run.pause_requested():
            return PAUSED if run.pausing() else PAUSING
        if not statistics.images:
            return PREPARING
        if over:
            return ENDING
        return TRAINING if own else ELSEWHERE
    return FINISHED if over else STOPPED


def at_end(run: RunFolder, statistics: Statistics) -> bool:
    """Whether it has seen all that it shall see."""
    try:
        return bool(statistics.images) and statistics.images[-1] >= run.plan().images
    except NoRun:
        return False


class RunFacts(QWidget):
    """Shows what it is told; the buttons are for the dialog to connect."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.name = QLabel()
        self.name.setProperty("role", "title")
        self.name.setWordWrap(True)
        self.state = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setRange(0, TICKS)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("role", "secondary")
        titles = ("Seen", "Now learning", "Speed", "Time left", "Pictures", "Network")
        self.facts = {title: QLabel("–") for title in titles}
        self.explore = QPushButton(tr("Explore the newest snapshot"))
        self.explore.setProperty("role", "primary")
        self.explore.setToolTip(tr("Opens this model in the window while training goes on"))
        self.stop = QPushButton(tr("Stop"))
        self.stop.setToolTip(tr("Finishes the step, saves everything and ends; it can go on later"))
        self.pause = QPushButton(tr("Pause"))
        self.pause.setToolTip(tr("Waits after this step, with everything in memory; Stop frees the memory as well"))
        self.go_on = QPushButton(tr("Go on training"))
        self.others = QPushButton(tr("Other settings…"))
        self.others.setToolTip(tr("Goes on with another learning rate, length or whatever can change"))
        self.health = RunHealth()
        self.after = QPushButton(tr("Use it for…"))
        self.after.setToolTip(tr("What can be done with this snapshot"))
        self.uses = QMenu(self.after)
        self.after.setMenu(self.uses)
        self.card = QPushButton(tr("Model card"))
        self.card.setToolTip(tr("What the run has written of itself: data, licence, settings, course and samples"))
        self.show_folder = QPushButton(tr("Folder"))
        self.show_folder.setToolTip(tr("Shows the run's folder"))
        self.runs = QPushButton(tr("All runs"))
        self.new = QPushButton(tr("New training"))
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for row, (title, label) in enumerate(self.facts.items()):
            words = QLabel(tr(title))
            words.setProperty("role", "secondary")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setMinimumWidth(1)
            grid.addWidget(words, row, 0)
            grid.addWidget(label, row, 1)
        grid.setColumnStretch(1, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (self.new, self.runs, self.show_folder):
            foot.addWidget(button)
        hold = QHBoxLayout()
        hold.setSpacing(8)
        hold.addWidget(self.pause, 1)
        hold.addWidget(self.stop, 1)
        use = QHBoxLayout()
        use.setSpacing(8)
        use.addWidget(self.after, 1)
        use.addWidget(self.card, 1)
        again = QHBoxLayout()
        again.setSpacing(8)
        again.addWidget(self.go_on, 1)
        again.addWidget(self.others, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.name, self.state, self.bar, self.note):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addLayout(grid)
        column.addWidget(self.health)
        column.addSpacing(8)
        column.addWidget(self.explore)
        column.addLayout(use)
        column.addLayout(hold)
        column.addLayout(again)
        column.addStretch(1)
        column.addLayout(foot)

    def show_run(self, name: str, plan: Plan) -> None:
        """Which run it is."""
        self.name.setText(name)
        data = plan.data.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
        self.facts["Pictures"].setText(data or "–")
        self.facts["Pictures"].setToolTip(plan.data)
        side = plan.resolution
        self.facts["Network"].setText(f"{FAMILIES.get(plan.family, plan.family)}, {side} × {side}")

    def show_standing(self, standing: Standing, note: str = "") -> None:
        """What is going on."""
        dot = theme.colour(standing.colour).name()
        self.state.setText(f'<span style="color:{dot}">●</span>&nbsp; {tr(standing.word)}')
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.stop.setVisible(standing.active)
        self.pause.setVisible(standing.active)
        self.pause.setText(tr("Go on") if standing.paused else tr("Pause"))
        self.go_on.setVisible(not standing.active)
        self.others.setVisible(not standing.active)

    def show_figures(self, plan: Plan, statistics: Statistics, active: bool) -> None:
        """How far it is."""
        seen = statistics.images[-1] if statistics.images else 0
        self.bar.setValue(min(round(TICKS * seen / max(plan.images, 1)), TICKS))  # Qt shows nothing where it is more
        self.facts["Seen"].setText(tr("{seen:,} of {images:,}", seen=seen, images=plan.images))
        side = int(statistics.last.get("resolution", 0) or 0)
        self.facts["Now learning"].setText(f"{side} × {side}" if side else "–")
        rate = statistics.rate
        self.facts["Speed"].setText(tr("{rate:,.1f} pictures a second", rate=rate) if rate else "–")
        left = (plan.images - seen) / rate if rate and active else 0.0
        self.facts["Time left"].setText(tr("about {time}", time=duration(left)) if left else "–")
        self.facts["Time left"].setToolTip(tr("At the present speed; larger pictures take longer"))
