"""A slider between two classes or two prompts."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QWidget

from .bound import VALUE
from .slide import Slide

WHOLE = 100  # ticks from the first to the second


class BlendRow(QWidget):
    """`moved` with the second's share, 0 to 1, while a gesture goes on; `ended` once when it is over."""

    moved = pyqtSignal(float)
    ended = pyqtSignal()

    def __init__(self, name: str, tip: str, parent: QWidget | None = None):
        super().__init__(parent)
        self.slide = Slide(0, WHOLE, 0)
        self.slide.setPageStep(5)
        self.slide.setAccessibleName(name)
        self.slide.setToolTip(tip)
        self.words = QLabel()
        self.words.setFixedWidth(VALUE)
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.slide, 1)
        row.addWidget(self.words)
        self.slide.moved.connect(lambda tick: self.moved.emit(tick / WHOLE))
        self.slide.gesture_ended.connect(self.ended)
        self.show_share(0.0)

    def show_share(self, share: float) -> None:
        """From outside, without telling anyone."""
        self.slide.show_value(round(share * WHOLE))
        self.words.setText(f"{share:.0%}")
