"""The first walk through the window: five steps, each a few words beside the control that it is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from . import theme
from .words import tr

WIDTH = 320
GAP = 12  # pixels between the words and what they are about


@dataclass(frozen=True)
class Step:
    """`target` names the control that is meant."""

    target: str
    title: str
    text: str


STEPS = (
    Step("picture", "The picture is the handle", "Drag on it and you walk from picture to picture. The arrow keys walk too; "
        "the wheel zooms, a double click fits it again."),
    Step("seed", "Every picture has a number", "The same seed always brings the same picture back. Type one, or let the dice "
        "choose: R for A, Shift+R for B."),
    Step("psi", "Tame or wild", "Truncation says how far a picture may stray from the average: near 0 calm and alike, at 1 as "
        "varied as what was learnt."),
    Step("mix", "Mix two pictures, layer by layer", "At the bottom a column follows A, at the top B. Left columns carry shape, "
        "right ones colour. Drag across to paint; 1, 2 and 3 turn whole groups."),
    Step("keep", "Keep what you like", "F keeps it in your gallery, S saves a PNG. Both remember every setting: drop one on "
        "the window and all is back. Nothing is lost, Z undoes anything."),
)  # fmt: skip


class Tour(QFrame):
    """Words over the window; the control they speak of is framed and works meanwhile. Esc ends it, Enter goes on."""

    ended = pyqtSignal()

    def __init__(self, over: QWidget, targets: Mapping[str, QWidget]):
        super().__init__(over)
        self.setObjectName("overlay")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.at = 0
        self._targets = targets
        self._ring = _Ring(over)
        self.count, self.title, self.text = QLabel(), QLabel(), QLabel()
        self.count.setProperty("role", "secondary")
        self.title.setProperty("role", "title")
        self.text.setWordWrap(True)
        self.skip = self._button(tr("Skip"), tr("Ends it (Esc); Help has it again"), self.end)
        self.back = self._button(tr("Back"), tr("The step before (Left)"), lambda: self.go(self.at - 1))
        self.next = self._button("", tr("The next step (Enter)"), lambda: self.go(self.at + 1))
        self.next.setProperty("role", "primary")
        self._lay_out()
        over.installEventFilter(self)
        self.hide()

    def _button(self, words: str, tip: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(do)
        return button

    def _lay_out(self) -> None:
        row, column = QHBoxLayout(), QVBoxLayout(self)
        row.setSpacing(8)
        row.addWidget(self.skip)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.count)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addSpacing(4)
        column.addLayout(row)

    @property
    def steps(self) -> list[Step]:
        """Those whose control can be seen now; a hidden panel is not spoken of."""
        return [step for step in STEPS if self._targets[step.target].isVisible()]

    def begin(self) -> None:
        """From the first step on."""
        self.go(0)

    def go(self, at: int) -> None:
        """To this step; after the last one it ends."""
        steps = self.steps
        if at >= len(steps):
            self.end()
            return
        self.at = max(at, 0)
        step = steps[self.at]
        self.count.setText(tr("{at} of {all}", at=self.at + 1, all=len(steps)))
        self.title.setText(tr(step.title))
        self.text.setText(tr(step.text))
        self.back.setEnabled(self.at > 0)
        self.next.setText(tr("Done") if self.at == len(steps) - 1 else tr("Next"))
        self.setAccessibleName(f"{tr(step.title)}. {tr(step.text)}")
        self._ring.show()
        self.show()
        self._place()
        self._ring.raise_()
        self.raise_()
        self.setFocus()

    def end(self) -> None:
        """Takes it away, whether it was gone through or not."""
        if self.isHidden():
            return
        self.hide()
        self._ring.hide()
        self.ended.emit()

    def _place(self) -> None:
        over = self.parentWidget()
        if over is None:
            return
        target = self._targets[self.steps[self.at].target]
        place = QRect(target.mapTo(over, QPoint()), target.size()).intersected(over.rect())
        self._ring.setGeometry(place.adjusted(-4, -4, 4, 4).intersected(over.rect()))
        self.setFixedWidth(WIDTH)
        self.text.setFixedWidth(WIDTH - 34)
        self.adjustSize()
        self.move(beside(place, self.rect(), over.rect()))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        ways = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if event is not None and event.key() == Qt.Key.Key_Escape:
            self.end()
        elif event is not None and event.key() in ways:
            self.go(self.at + ways[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        moved = event is not None and event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest)
        if moved and self.isVisible() and self.at < len(self.steps):
            self._place()
        return False


class _Ring(QWidget):
    """A frame in the accent's colour around a control; the mouse goes through it."""

    def __init__(self, over: QWidget):
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("a"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 6, 6)


def beside(target: QRect, words: QRect, room: QRect) -> QPoint:
    """Where the words go: at the foot of a large control, beside a small one, so that as little as may be is covered."""
    middle = min(max(target.center().y() - words.height() // 2, GAP), room.height() - words.height() - GAP)
    across = min(max(target.center().x() - words.width() // 2, GAP), room.width() - words.width() - GAP)
    if target.width() > 2 * words.width() and target.height() > 2 * words.height():
        return QPoint(across, target.bottom() - words.height() - 2 * GAP)
    if target.right() + GAP + words.width() < room.width():
        return QPoint(target.right() + GAP, middle)
    if target.left() - GAP - words.width() > 0:
        return QPoint(target.left() - GAP - words.width(), middle)
    if target.bottom() + GAP + words.height() < room.height():
        return QPoint(across, target.bottom() + GAP)
    return QPoint(across, max(target.bottom() - words.height() - 2 * GAP, GAP))
