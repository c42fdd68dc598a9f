"""What the window has to say, over the foot of the picture: never in the way, never a question."""

from collections.abc import Callable
from dataclasses import dataclass

from PyQt6.QtCore import QEvent, QObject, QSize, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from explorer import theme
from explorer.timers import after_rest
from explorer.words import tr

from .buttons import icon_button

SHORT = 6000  # milliseconds that good news stays
WIDEST = 720


@dataclass(frozen=True)
class Message:
    """One sentence; an error stays until it is closed and can be copied with its details."""

    text: str
    error: bool = False
    details: str = ""
    buttons: tuple[tuple[str, Callable[[], None]], ...] = ()


class Messages(QFrame):
    """Shows the newest message. While `held`, for instance in front of an audience, it keeps it for later."""

    def __init__(self, over: QWidget):
        super().__init__(over)
        self.setObjectName("messages")
        self.message: Message | None = None
        self._held = False
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 8, 8, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._text, 1)
        self.copier = QPushButton(tr("Copy"))
        self.copier.setToolTip(tr("Copy the message with its details, to ask somebody about it"))
        self.copier.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.copier.clicked.connect(self.copy)
        self._row.addWidget(self.copier)
        self.closer = icon_button("x", "Close this message", self.dismiss)
        self._row.addWidget(self.closer)
        self._extra: list[QPushButton] = []
        self._timer = after_rest(self, SHORT, self._late)
        over.installEventFilter(self)
        self.hide()

    def tell(self, text: str, *buttons: tuple[str, Callable[[], None]]) -> None:
        """Good news, gone after a while."""
        self._show(Message(tr(text), buttons=buttons))

    def complain(self, text: str, details: str = "", *buttons: tuple[str, Callable[[], None]]) -> None:
        """Something that did not work, in words, with more to copy."""
        self._show(Message(sentence(tr(text)), error=True, details=details, buttons=buttons))

    def copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if self.message is not None and clipboard is not None:
            clipboard.setText("\n\n".join(part for part in (self.message.text, self.message.details) if part))

    def dismiss(self) -> None:
        self.message = None
        self._timer.stop()
        self.hide()

    def _late(self) -> None:
        """Its time is over, but nobody takes a sentence away from under the pointer."""
        if self.underMouse():
            self._timer.start()
        else:
            self.dismiss()

    def hold(self, held: bool) -> None:
        """Keeps quiet, or says now what was kept back."""
        self._held = held
        self.setVisible(not held and self.message is not None)

    def _show(self, message: Message) -> None:
        self.message = message
        for button in self._extra:
            button.deleteLater()
        self._extra = [self._button(*pair) for pair in message.buttons]
        self._text.setText(message.text)
        kind = "error" if message.error else "news"
        shown = theme.icon("circle-alert" if message.error else "check", "bad" if message.error else "good")
        self._icon.setPixmap(shown.pixmap(QSize(18, 18), self.devicePixelRatioF()))
        self.copier.setVisible(message.error)
        self.setProperty("kind", kind)
        style = self.style()
        if style is not None:
            style.polish(self)
        self._timer.stop()
        if not message.error:
            self._timer.start()
        self.setVisible(not self._held)
        self.raise_()
        self._place()

    def _button(self, text: str, do: Callable[[], None]) -> QPushButton:
        button = QPushButton(tr(text))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: do())
        self._row.insertWidget(self._row.count() - 2, button)
        return button

    def _place(self) -> None:
        over = self.parentWidget()
        if over is None:
            return
        width = max(min(over.width() - 32, WIDEST), 160)
        self.setFixedWidth(width)
        self.resize(width, self.height())
        self._row.activate()  # now the text knows how wide it is
        height = max(self._text.heightForWidth(self._text.width()) + 20, self._row.minimumSize().height())
        self.setGeometry((over.width() - width) // 2, over.height() - height - 16, width, height)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False


def sentence(text: str) -> str:
    """The text with a capital letter and a full stop, as a person would write it."""
    text = text.strip()
    if not text:
        return tr("Something went wrong.")
    first = text.split()[0]
    if "." in first.rstrip(".") or "/" in first:  # a file's name is written as it is
        return text + ("" if text[-1] in ".!?…" else ".")
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…" else ".")
