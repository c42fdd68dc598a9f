"""One bar over the picture after the program was cut off: the last state back, or a new start. Nothing is lost by either."""

from PyQt6.QtCore import QEvent, QObject, QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from explorer import theme
from explorer.words import tr

WIDEST = 720


class SessionOffer(QFrame):
    """Stays at the head of the picture until one of its two buttons is used; exactly one of the signals is then emitted."""

    restored = pyqtSignal()
    declined = pyqtSignal()

    def __init__(self, over: QWidget, text: str):
        super().__init__(over)
        self.setObjectName("messages")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 8, 8, 8)
        self._row.setSpacing(8)
        mark = QLabel()
        mark.setPixmap(theme.icon("history", "a").pixmap(QSize(18, 18), self.devicePixelRatioF()))
        self.words = QLabel(text)
        self.words.setWordWrap(True)
        self.restore, self.fresh = QPushButton(tr("Restore")), QPushButton(tr("Start new"))
        self.restore.setProperty("role", "primary")
        self.restore.setToolTip(tr("Everything as it was: the picture, its history, the timeline"))
        self.fresh.setToolTip(tr("The last session stays among the recent ones"))
        self._row.addWidget(mark)
        self._row.addWidget(self.words, 1)
        for button, signal in ((self.restore, self.restored), (self.fresh, self.declined)):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(self.hide)
            button.clicked.connect(signal)
            self._row.addWidget(button)
        over.installEventFilter(self)
        self._place()
        self.show()

    def _place(self) -> None:
        over = self.parentWidget()
        if over is None:
            return
        width = max(min(over.width() - 32, WIDEST), 160)
        self.setFixedWidth(width)
        self._row.activate()  # now the text knows how wide it is
        height = max(self.words.heightForWidth(self.words.width()) + 20, self._row.minimumSize().height())
        self.setGeometry((over.width() - width) // 2, 16, width, height)
        self.raise_()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False
