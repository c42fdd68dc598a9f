"""Help: what the control under the pointer does, in a few sentences and one small picture."""

from PyQt6.QtCore import QPoint, QSize, Qt
from PyQt6.QtGui import QCursor, QHideEvent, QShowEvent
from PyQt6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from explorer import help_places, theme
from explorer.bridge import Bridge
from explorer.help_texts import TOPICS
from explorer.store import Store
from explorer.thumbnails import Thumbnails
from explorer.timers import every
from explorer.widgets.help_picture import HelpPicture
from explorer.words import tr

LOOK = 120  # milliseconds between two looks at where the pointer is; nothing is looked at while the panel is hidden
ICON = 28


class HelpPanel(QWidget):
    """Follows the pointer, and the focus when it moves by keys; over what needs no words the last ones stay."""

    title = "Help"

    def __init__(self, store: Store, bridge: Bridge, parent: QWidget | None = None):
        super().__init__(parent)
        self.topic = ""
        self._last = QPoint()
        self.icon = QLabel()
        self.heading, self.term, self.text = QLabel(), QLabel(), QLabel()
        self.heading.setProperty("role", "title")
        self.term.setProperty("role", "secondary")
        self.picture = HelpPicture(store, bridge, Thumbnails.shared(store, bridge))
        self._lay_out()
        self._clock = every(self, LOOK, self.look)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focused)
        self.explain("help")

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (self.heading, self.term):
            label.setWordWrap(True)
            words.addWidget(label)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        self.text.setWordWrap(True)
        self.text.setProperty("role", "small")
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.picture)
        column.addWidget(self.text, 1)
        self.setAccessibleName(tr("Help"))

    def explain(self, name: str) -> None:
        """Shows a topic; a name that is none changes nothing."""
        if name == self.topic or name not in TOPICS:
            return
        self.topic = name
        topic = TOPICS[name]
        self.heading.setText(tr(topic.title))
        self.term.setText(tr("also called: {term}", term=tr(topic.term)))
        self.text.setText(tr(topic.text))
        self.setAccessibleDescription(f"{tr(topic.title)}. {tr(topic.text)}")
        self.picture.show_topic(topic.shows)
        pixmap = theme.icon(topic.icon, "secondary").pixmap(QSize(ICON, ICON), self.devicePixelRatioF())
        self.icon.setPixmap(pixmap)
        self.icon.setVisible(not self.picture.shows)

    def look(self) -> None:
        """Where the pointer is now, if it has moved."""
        place = QCursor.pos()
        if place != self._last and not QApplication.mouseButtons():
            self._last = place
            self.explain(help_places.topic_at(QApplication.widgetAt(place), place))

    def _focused(self, old: QWidget | None, new: QWidget | None) -> None:
        if self.isVisible():
            self.explain(help_places.topic_at(new))

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self._clock.stop()
        super().hideEvent(event)
