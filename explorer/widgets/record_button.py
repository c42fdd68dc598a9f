"""The button that records what the canvas shows, and says for how long already."""

from pathlib import Path

from PyQt6.QtCore import QUrl, pyqtSignal
from PyQt6.QtGui import QAction, QDesktopServices
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from explorer import theme
from explorer.bridge import Bridge
from explorer.recorder import Recorder, free_film
from explorer.timers import every
from explorer.words import tr

from .buttons import icon_button
from .time_scale import clock


class RecordButton(QWidget):
    """Pressed while it records. What becomes of it is told in a message."""

    told = pyqtSignal(str, list)
    failed = pyqtSignal(str)

    def __init__(self, bridge: Bridge, folder: Path, parent: QWidget | None = None):
        super().__init__(parent)
        self._folder = folder
        self.recorder = Recorder(bridge, self)
        self.button = icon_button("record", "Record what is shown, or stop (Ctrl+R)", checkable=True)
        self.button.clicked.connect(self.want)
        self.time, self.foot = QLabel(), QLabel()
        self.time.setProperty("role", "bad")
        self.time.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.button)
        row.addWidget(self.time)
        self._timer = every(self, 100, self._show_time)
        self.recorder.changed.connect(self._changed)
        self.recorder.done.connect(self._done)
        self.recorder.failed.connect(self._failed)

    def want(self, wanted: bool) -> None:
        """Begins to record, or ends it."""
        if wanted:
            self.recorder.start(free_film(self._folder))
        else:
            self.recorder.stop()

    def tie(self, action: QAction, status: QStatusBar) -> None:
        """Where the timeline is not seen: the action is on while it records, and the line at the foot tells the time."""
        self.foot.setProperty("role", "bad")
        self.foot.hide()
        status.addPermanentWidget(self.foot)
        self.recorder.changed.connect(action.setChecked)
        self.recorder.changed.connect(lambda on: action.setIcon(theme.icon("record", "bad" if on else "text")))

    def close_job(self) -> None:
        """Ends a recording and waits until it is written, as the window closes."""
        self.recorder.stop(wait=True)

    def _changed(self, recording: bool) -> None:
        self.button.setChecked(recording)
        self.time.setVisible(recording)
        self.foot.setVisible(recording)
        self._show_time()
        (self._timer.start if recording else self._timer.stop)()

    def _show_time(self) -> None:
        self.time.setText(clock(self.recorder.seconds, fine=False))
        self.foot.setText(tr("Recording {time}", time=self.time.text()))

    def _done(self, path: Path | None) -> None:
        if path is None:
            self.failed.emit("Nothing was shown while it recorded, so there is no film.")
            return
        left_out = self.recorder.left_out
        words = tr("Recorded {name}.", name=path.name)
        if left_out:
            words = f"{words} {tr('{count} pictures came too fast for the disk.', count=left_out)}"
        self.told.emit(words, [("Show folder", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))))])

    def _failed(self, error: Exception) -> None:
        self.recorder.stop()
        self.failed.emit(tr("It could not be recorded: {error}", error=error))
