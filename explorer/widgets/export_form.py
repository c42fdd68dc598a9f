"""What an exported film shall be: kind, quality, rate, size, shape, and its file."""

from pathlib import Path
from typing import Any, cast

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QSpinBox, QWidget

from engine.render.export_settings import ExportSettings, Fit, Kind, Quality, Shape
from explorer.words import tr

from .buttons import icon_button

KINDS: dict[Kind, tuple[str, str]] = {  # words and ending
    "h264": ("H.264, plays everywhere", ".mp4"),
    "hevc": ("HEVC, smaller", ".mp4"),
    "vp9": ("VP9, for the web", ".webm"),
    "av1": ("AV1, smallest", ".mp4"),
    "prores": ("ProRes, for cutting", ".mov"),
    "ffv1": ("FFV1, nothing lost", ".mkv"),
    "gif": ("GIF", ".gif"),
    "webp": ("WebP, moving", ".webp"),
    "png": ("PNG pictures in a folder", ""),
}
QUALITIES: dict[Quality, str] = {"small": "Small file", "good": "Good", "best": "Best"}
SHAPES: dict[Shape, str] = {"as drawn": "As drawn", "square": "Square", "16:9": "Wide, 16:9", "9:16": "Upright, 9:16"}
FITS: dict[Fit, str] = {"pad": "Black beside it", "crop": "Cut at its edges"}
SIDES = (0, 512, 720, 1080, 1280, 1920, 2560, 3840)
GRADED = ("h264", "hevc", "vp9", "av1", "prores")


class ExportForm(QWidget):
    """Fields only; what the film is of stands elsewhere."""

    changed = pyqtSignal()

    def __init__(self, folder: Path, parent: QWidget | None = None):
        super().__init__(parent)
        self.kind = _choice("Kind of film", {kind: words for kind, (words, _) in KINDS.items()})
        self.quality = _choice("Quality", QUALITIES)
        self.quality.setCurrentIndex(1)
        self.shape = _choice("Shape", SHAPES)
        self.fit = _choice("How it gets that shape", FITS)
        self.side = _choice(
            "Longer side", {side: tr("{count} pixels", count=side) if side else "As drawn" for side in SIDES}
        )
        self.fps = QSpinBox()
        self.fps.setRange(0, 240)
        self.fps.setSpecialValueText(tr("The timeline's"))
        self.fps.setAccessibleName(tr("Frames per second"))
        self.hardware = QCheckBox(tr("Let the graphics card encode, where it can"))
        self.out = QLineEdit()
        self.out.setAccessibleName(tr("File of the film"))
        self._lay_out()
        for box in (self.kind, self.quality, self.shape, self.fit, self.side):
            box.currentIndexChanged.connect(self._changed)
        self.fps.valueChanged.connect(self.changed.emit)
        self.hardware.toggled.connect(self.changed.emit)
        self.out.textChanged.connect(self.changed.emit)
        self.propose(folder)
        self._changed()

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(8)
        form.addRow(tr("Kind"), self.kind)
        form.addRow(tr("Quality"), self.quality)
        shaped = QHBoxLayout()
        shaped.addWidget(self.shape, 1)
        shaped.addWidget(self.fit, 1)
        form.addRow(tr("Shape"), shaped)
        form.addRow(tr("Longer side"), self.side)
        form.addRow(tr("Frames per second"), self.fps)
        form.addRow("", self.hardware)
        row = QHBoxLayout()
        row.addWidget(self.out, 1)
        row.addWidget(icon_button("folder-open", "Choose where the film goes", self._ask))
        form.addRow(tr("File"), row)

    @property
    def settings(self) -> ExportSettings:
        return ExportSettings(
            kind=cast(Kind, self.kind.currentData()),
            quality=cast(Quality, self.quality.currentData()),
            fps=self.fps.value(),
            side=self.side.currentData(),
            shape=cast(Shape, self.shape.currentData()),
            fit=cast(Fit, self.fit.currentData()),
            hardware=self.hardware.isChecked(),
        )

    @property
    def path(self) -> Path:
        """The file, with the ending of its kind."""
        path, ending = Path(self.out.text().strip()).expanduser(), KINDS[self.settings.kind][1]
        return path if path.suffix.lower() == ending else path.with_name(path.name + ending)

    def propose(self, folder: Path, taken: frozenset[Path] = frozenset()) -> None:
        """A name that neither a file nor the queue has yet."""
        ending = KINDS[self.settings.kind][1]
        names = (folder / f"timeline-{number}{ending}" for number in range(1, 10_000))
        found = next((path for path in names if not path.exists() and path not in taken), folder / f"timeline{ending}")
        self.out.setText(str(found))

    def _changed(self) -> None:
        kind, ending = self.settings.kind, KINDS[self.settings.kind][1]
        self.quality.setEnabled(kind in GRADED)
        self.hardware.setEnabled(kind in ("h264", "hevc", "av1"))
        self.fit.setEnabled(self.settings.shape != "as drawn")
        path = Path(self.out.text())
        if path.suffix.lower() in {found for _, found in KINDS.values()}:
            self.out.setText(str(path.with_suffix(ending)))
        self.changed.emit()

    def _ask(self) -> None:
        words, ending = KINDS[self.settings.kind]
        dialog = QFileDialog(self, tr("Where the film goes"), str(self.path.parent), f"{words} (*{ending})")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self.out.setText)
        dialog.open()


def _choice(name: str, words: dict[Any, str]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(tr(name))
    for value, text in words.items():
        box.addItem(tr(text), value)
    return box
