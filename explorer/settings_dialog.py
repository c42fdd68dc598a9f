"""The settings dialog: pages of rows, each a control and one plain sentence; what can be applied at once is."""

from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from .settings import Settings
from .settings_pages import PAGES, ROWS, Row, defaults, waits
from .widgets.setting_controls import Choice, Folder, Number, limits
from .words import tr

SIZE = (700, 520)
CONTROL = 240  # pixels, so that controls below one another line up


class SettingsDialog(QDialog):
    """Holds no settings of its own: `read` gives them, `changed` carries the new fields away."""

    changed = pyqtSignal(object)  # dict: field -> value
    restart_wanted = pyqtSignal()

    def __init__(self, read: Callable[[], Settings], parent: QWidget | None = None):
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.resize(*SIZE)
        self._read, self._begun = read, read()
        self._before: Settings | None = None  # what Reset can bring back
        self.controls = {name: self._control(row) for name, row in ROWS.items()}
        self.pages = QListWidget()
        self.pages.setObjectName("settingsPages")
        self.pages.setAccessibleName(tr("Pages of the settings"))
        self.pages.setToolTip(tr("The pages: up and down, then Tab into the page"))
        self.pages.setFixedWidth(136)
        self.stack = QStackedWidget()
        for title, rows in PAGES.items():
            self.pages.addItem(tr(title))
            self.stack.addWidget(self._page(rows))
        self.pages.currentRowChanged.connect(self.stack.setCurrentIndex)
        self._lay_out()
        self.pages.setCurrentRow(0)
        self.show_settings()

    def _lay_out(self) -> None:
        self.note = QLabel()
        self.note.setProperty("role", "secondary")
        self.note.setWordWrap(True)
        self.restart = QPushButton(tr("Restart now"))
        self.restart.setToolTip(tr("Closes the window and opens it again; everything is kept"))
        self.restart.clicked.connect(self.restart_wanted)
        self.reset = QPushButton(tr("Reset to defaults"))
        self.reset.clicked.connect(self._reset)
        self.closer = QPushButton(tr("Close"))
        self.closer.setToolTip(tr("Everything is kept already (Esc)"))
        self.closer.clicked.connect(self.close)
        foot, body, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        foot.setSpacing(8)
        foot.addWidget(self.note, 1)
        for button in (self.restart, self.reset, self.closer):
            button.setAutoDefault(False)  # Enter belongs to the field that is typed in
            foot.addWidget(button)
        body.setSpacing(16)
        body.addWidget(self.pages)
        body.addWidget(self.stack, 1)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(16)
        column.addLayout(body, 1)
        column.addLayout(foot)

    def _page(self, rows: tuple[Row, ...]) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(20)
        for row in rows:
            column.addLayout(self._row(row))
        column.addStretch(1)
        area = QScrollArea()  # long sentences in another language never cut a row short
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        return area

    def _row(self, row: Row) -> QVBoxLayout:
        control = self.controls[row.field]
        title, text = QLabel(tr(row.title)), QLabel(_sentence(row))
        title.setBuddy(control)
        text.setProperty("role", "secondary")
        text.setWordWrap(True)
        control.setFixedWidth(CONTROL)
        line, column = QHBoxLayout(), QVBoxLayout()
        line.addWidget(title, 1)
        line.addWidget(control)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(text)
        return column

    def _control(self, row: Row) -> Choice | Folder | Number:
        control: Choice | Folder | Number
        if row.choices is not None:
            control = Choice(row.choices())
        elif row.place is not None:
            control = Folder(tr(row.title))
        else:
            control = Number(*limits(Settings, row.field), row.step, tr(row.suffix), tr(row.zero) if row.zero else "")
        control.name(tr(row.title), _sentence(row))
        control.chosen.connect(lambda value, field=row.field: self._choose(field, value))
        return control

    def offer_devices(self, names: list[str]) -> None:
        """What this machine has, as the render thread knows it."""
        control = self.controls["device"]
        if isinstance(control, Choice):
            control.offer({name: name for name in names if name != "cpu"})
            self.show_settings()

    def show_settings(self) -> None:
        """As they are now; words for what waits for a restart."""
        now = self._read()
        for name, row in ROWS.items():
            control = self.controls[name]
            control.show_value(getattr(now, name))
            if row.place is not None and isinstance(control, Folder):
                control.propose(row.place(now))
        waiting = [tr(title) for title in waits(self._begun, now)]
        words = tr("After a restart: {what}.", what=", ".join(waiting)) if waiting else ""
        self.note.setText(words)
        self.restart.setVisible(bool(waiting))
        came = all(getattr(now, name) == getattr(Settings(), name) for name in ROWS)
        if not came:
            self._before = None
        self.reset.setText(tr("Undo reset") if self._before is not None else tr("Reset to defaults"))
        self.reset.setEnabled(not came or self._before is not None)
        self.reset.setToolTip(tr("All of these pages as they came; keys, layout and pictures stay"))

    def _choose(self, field: str, value: object) -> None:
        if getattr(self._read(), field) != value:
            self.changed.emit({field: value})
        self.show_settings()

    def _reset(self) -> None:
        """As it came, and with another click as it was."""
        now = self._read()
        wanted, self._before = (defaults(now), now) if self._before is None else (self._before, None)
        self.changed.emit({name: getattr(wanted, name) for name in ROWS})
        self.show_settings()

    def open_page(self, at: int = 0) -> None:
        """Shows the dialog, or brings it to the front."""
        self.show_settings()
        self.pages.setCurrentRow(at)
        self.show()
        self.raise_()
        self.activateWindow()
        self.pages.setFocus(Qt.FocusReason.OtherFocusReason)


def _sentence(row: Row) -> str:
    return tr(row.text) + (" " + tr("After a restart.") if row.restart else "")
