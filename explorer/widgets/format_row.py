"""One format to export as: its name, what it is for, its ending; or why it cannot hold this model."""

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QAbstractButton

from explorer import theme
from explorer.model_formats import Format
from explorer.words import tr

HEIGHT, SIDE, DOT, ENDING = 46, 12, 5.0, 96


class FormatRow(QAbstractButton):
    """Chosen like a radio button, which it is; put several into one exclusive group."""

    def __init__(self, format: Format):
        super().__init__()
        self.format = format
        self.reason = ""
        self.setCheckable(True)
        self.setText(tr(format.title))
        self.setAccessibleName(f"{self.text()} ({format.ending})")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)

    def refuse(self, reason: str) -> None:
        """Why it cannot be chosen; "" lets it be chosen again."""
        self.reason = tr(reason)
        self.setEnabled(not reason)
        self.setToolTip(sentence_of(self.reason))
        self.setAccessibleDescription(sentence_of(self.reason) or tr(self.format.about))
        if reason:
            self.setChecked(False)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        chosen, usable = self.isChecked(), self.isEnabled()
        ground = "a_soft" if chosen else "hover" if usable and self.underMouse() else "raised"
        if usable:
            painter.setBrush(theme.colour(ground))
        ring = "a" if chosen or self.hasFocus() else "line"
        painter.setPen(QPen(theme.colour(ring), 1) if ring == "a" or not usable else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(area, 4, 4)
        self._dot(painter, area, chosen)
        self._words(painter, area.adjusted(SIDE + 24, 6, -SIDE, -6))

    def _dot(self, painter: QPainter, area: QRectF, chosen: bool) -> None:
        middle = area.topLeft() + QRectF(0, 0, 2 * (SIDE + DOT), area.height()).center()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("a" if chosen else "secondary" if self.isEnabled() else "line"), 1.4))
        painter.drawEllipse(middle, DOT + 1, DOT + 1)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("a"))
            painter.drawEllipse(middle, DOT - 2, DOT - 2)

    def _words(self, painter: QPainter, area: QRectF) -> None:
        usable = self.isEnabled()
        left = area.adjusted(0, 0, 0 if self.reason else -ENDING, 0)
        said = sentence_of(self.reason) or tr(self.format.about)
        quiet = "text" if self.isChecked() else "secondary"
        lines = (
            (self.text(), Qt.AlignmentFlag.AlignTop, theme.font(theme.TEXT, QFont.Weight.Medium), "text"),
            (said, Qt.AlignmentFlag.AlignBottom, theme.font(theme.SMALL), quiet),
        )
        for text, where, font, colour in lines:
            painter.setFont(font)
            painter.setPen(theme.colour(colour if usable else "disabled"))
            whole = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(left.width()))
            painter.drawText(left, int(where), whole)
        if not self.reason:
            end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(theme.colour(quiet))
            painter.drawText(area, int(end), self.format.ending)


def sentence_of(reason: str) -> str:
    """The reason with a capital letter, as a sentence begins."""
    return f"{reason[:1].upper()}{reason[1:]}"
