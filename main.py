"""Latent Explorer: without arguments the window, with arguments the command line."""

import ctypes
import importlib.util
import os
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """What `python main.py` and the installed `latent-explorer` do; gives the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments:
        from engine.cli.main import main as command_line

        return command_line(arguments)

    from engine.display import obstacle

    reason = obstacle()
    if reason is not None:
        from engine.cli.headless import headless

        return headless(reason)

    if sys.platform == "win32":
        _load_torch_before_qt()
    from explorer.app import main as window

    return window()


def _load_torch_before_qt() -> None:
    """After Qt's own libraries are loaded, Windows can refuse torch's (WinError 1114); reading c10.dll first, which
    takes milliseconds and not the second that all of torch takes, settles it."""
    found = importlib.util.find_spec("torch")
    if found is None or found.origin is None:
        return  # the window says it better than a traceback here
    libraries = Path(found.origin).parent / "lib"
    try:
        os.add_dll_directory(str(libraries))  # type: ignore[attr-defined,unused-ignore]
        ctypes.CDLL(str(libraries / "c10.dll"))
    except OSError:
        import torch  # noqa: F401


if __name__ == "__main__":
    sys.exit(main())
