"""Starting the program: the window is shown first, and what takes time begins behind it."""

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from PyQt6 import sip
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication

from . import settings, theme, words
from .timers import every
from .window import Window
from .words import tr


def main(arguments: list[str] | None = None) -> int:
    """Opens the window and gives the exit code when it is closed."""
    sys.setswitchinterval(
        0.001
    )  # the render thread asks for the interpreter between layers, and 5 ms is a third of a frame
    options = _options(arguments or [])
    machine, _ = settings.machine(settings.settings_file())
    with enlarged(machine.scale):
        application = QApplication.instance() or QApplication([sys.argv[0] if sys.argv else "latent-explorer"])
    assert isinstance(application, QApplication)
    application.setApplicationName("Latent Explorer")
    application.setDesktopFileName("latent-explorer")
    words.use(machine.language, application)
    theme.apply(application, machine.theme)
    application.setWindowIcon(theme.program_icon())
    window = Window()
    catch_all(window)
    window.show()
    signal.signal(signal.SIGINT, lambda *_: window.close())
    every(window, 250, lambda: None).start()  # lets Python see Ctrl-C while Qt runs
    QTimer.singleShot(0, lambda: window.start(options.model))
    code = application.exec()
    sys.excepthook = sys.__excepthook__
    sip.delete(window)  # before the application goes, or Qt's own clean-up meets widgets without one
    return code


@contextmanager
def enlarged(percent: int) -> Iterator[None]:
    """An application that is made inside shows everything that many percent as large, unless Qt's own variable says otherwise.

    The variable is gone afterwards, so that a program that is started from here can choose for itself.
    """
    ours = percent != 100 and "QT_SCALE_FACTOR" not in os.environ
    if ours:
        os.environ["QT_SCALE_FACTOR"] = f"{percent / 100:g}"
    try:
        yield
    finally:
        if ours:
            del os.environ["QT_SCALE_FACTOR"]


def catch_all(window: Window) -> None:
    """An exception that nobody caught is shown, and does not end the program, as it otherwise would under PyQt6."""

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(text)
        window.messages.complain(
            tr(
                "Something here went wrong that should not: {error}. Your picture is kept", error=error or kind.__name__
            ),
            text,
        )

    sys.excepthook = caught


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("latent-explorer", description="The window of Latent Explorer.")
    parser.add_argument("--model", type=Path, help="a model file to open at the start")
    return parser.parse_args(arguments)
