"""The card of the open model: what it is, what it learnt from, who may use it, and every layer of it."""

from pathlib import Path

from PyQt6.QtCore import Qt, QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices, QGuiApplication
from PyQt6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from engine.render.info import ModelInfo
from explorer import theme
from explorer.bridge import Bridge
from explorer.job import Job
from explorer.model_card import ModelCard, reading
from explorer.model_words import family_name, square
from explorer.pixels import image
from explorer.widgets.defaults import no_default
from explorer.widgets.facts_grid import FactsGrid
from explorer.widgets.layer_tree import LayerTree
from explorer.widgets.plate import Plate
from explorer.widgets.said import Said
from explorer.words import tr

LEFT, PICTURE = 280, 144
NOTHING = "The file says nothing of its training."


class CardDialog(QDialog):
    """Shows the model that is open, and changes with it."""

    export_wanted = pyqtSignal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle(tr("About the model"))
        self._bridge = bridge
        self.card: ModelCard | None = None
        self._path: Path | None = None
        self.job: Job | None = None
        self.picture = Plate("A picture of the model", PICTURE)
        self.name, self.about = QLabel(), QLabel()
        self.name.setProperty("role", "title")
        self.about.setProperty("role", "secondary")
        for label in (self.name, self.about):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.facts = FactsGrid()
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setAccessibleName(tr("Layers or training"))
        self.tabs.addTab(tr("Layers"))
        self.tabs.addTab(tr("Training"))
        self.layers = LayerTree()
        self.training = FactsGrid()
        self.quiet = QLabel(tr(NOTHING))
        self.quiet.setProperty("role", "secondary")
        self.said = Said()
        self.copier = _button("copy", "Copy", "Everything on this card, as text")
        self.folder = _button("folder-open", "Show in folder", "Where the file is")
        self.exporter = _button("share", "Export…", "For other programs")
        self._lay_out()
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        self.copier.clicked.connect(self.copy)
        self.folder.clicked.connect(self._show_folder)
        self.exporter.clicked.connect(self.export_wanted)
        bridge.model_changed.connect(self._changed)
        no_default(self)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.name)
        head.addWidget(self.about)
        head.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.picture)
        top.addLayout(head, 1)
        left = QWidget()
        left.setFixedWidth(LEFT)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(_scrolled(self.facts), 1)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.tabs)
        right.addWidget(self._pages(), 1)
        middle = QHBoxLayout()
        middle.setSpacing(20)
        middle.addWidget(left)
        middle.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.said, 1)
        foot.addStretch(0)
        for button in (self.copier, self.folder, self.exporter):
            foot.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(middle, 1)
        whole.addLayout(foot)
        self.setMinimumSize(920, 420)
        self.resize(940, 600)

    def _pages(self) -> QStackedWidget:
        inside = QWidget()
        self._course = QVBoxLayout(inside)
        self._course.setContentsMargins(0, 8, 8, 0)
        self._course.setSpacing(12)
        self._course.addWidget(self.quiet)
        self._course.addWidget(self.training)
        self._course.addStretch(1)
        self.plot: QWidget | None = None
        self.pages = QStackedWidget()
        self.pages.addWidget(self.layers)
        self.pages.addWidget(_scrolled(inside))
        return self.pages

    # what is shown

    def show_model(self, info: ModelInfo) -> None:
        """The card of this model; what takes time to read comes a moment later."""
        self.end()
        self.card, self._path = None, info.path
        self.name.setText(info.model.name or tr("Unnamed model"))
        self.about.setText(f"{family_name(info.family)}\n{square(info.resolution)}")
        frame = self._bridge.frame
        self.picture.set_image(image(frame.pixels) if frame is not None else None)
        self.facts.show_facts(())
        self.layers.clear()
        self.copier.setEnabled(False)
        for button in (self.folder, self.exporter):
            button.setEnabled(info.path is not None)
        if info.path is None:
            self.said.complain("This model is in memory only, so there is no file to look into")
            return
        self.said.clear()
        self.job = Job(reading(info.path, info.model.identity), "model card", self)
        self.job.finished.connect(self._fill)
        self.job.failed.connect(self._failed)
        self.job.start()

    def end(self, seconds: float = 5.0) -> None:
        """No longer reads; waits for the step that is under way."""
        if self.job is not None:
            job, self.job = self.job, None
            job.cancel()
            job.wait(seconds)

    def _changed(self, info: ModelInfo) -> None:
        if self.isVisible() and info.path != self._path:
            self.show_model(info)

    def _fill(self, card: ModelCard) -> None:
        if self.sender() not in (self.job, None):
            return  # another model has been asked for meanwhile
        self.card = card
        self.copier.setEnabled(True)
        self.facts.show_facts(card.facts)
        self.layers.show_parts(card.layers, card.others)
        self.training.show_facts(card.training)
        self.quiet.setVisible(not card.training)
        self._show_course(card)

    def _show_course(self, card: ModelCard) -> None:
        if self.plot is not None:
            self.plot.hide()
            self.plot.deleteLater()
            self.plot = None
        if card.course is not None:
            from explorer.widgets.loss_plot import LossPlot

            self.plot = plot = LossPlot()
            plot.setFixedHeight(200)
            plot.show_losses(card.course.images, card.course.generator, card.course.discriminator)
            self._course.insertWidget(0, plot)

    def _failed(self, error: Exception) -> None:
        self.said.complain(str(error), f"{type(error).__name__}: {error}")

    # what is done

    def copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if self.card is not None and clipboard is not None:
            clipboard.setText(f"{self.card.text}\n{tr('File')}: {self._path}\n")
            self.said.tell("The card is on the clipboard")

    def _show_folder(self) -> None:
        if self._path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path.absolute().parent)))


def _button(icon: str, words: str, tip: str) -> QPushButton:
    button = QPushButton(f" {tr(words)}")
    button.setIcon(theme.icon(icon))
    button.setToolTip(tr(tip))
    return button


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
