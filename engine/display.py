"""Whether a window can be shown here, asked without Qt, which ends the process when the answer is no."""

import ctypes
import importlib.util
import os
import sys
from pathlib import Path

QT_PACKAGES = (
    "libegl1 libgl1 libglib2.0-0 libfontconfig1 libfreetype6 libdbus-1-3 libx11-6 libx11-xcb1 libxkbcommon0 "
    "libxkbcommon-x11-0 libxcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 "
    "libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1"
)


def obstacle() -> str | None:
    """Why no window can be shown here, in a few words; None when it can."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if not sys.platform.startswith("linux"):
        return None
    if platform and platform.partition(":")[0] not in ("xcb", "wayland"):
        return missing_library(platform.partition(":")[0])
    if _wanted("WAYLAND_DISPLAY", platform, "wayland") and _wayland_answers() and missing_library("wayland") is None:
        return None
    if not os.environ.get("DISPLAY"):
        return "there is no display (DISPLAY and WAYLAND_DISPLAY are not set)"
    if (library := missing_library("xcb")) is not None:
        return library
    return None if _x_answers() else f"the display {os.environ['DISPLAY']} does not answer"


def _wanted(variable: str, platform: str, own: str) -> bool:
    return bool(os.environ.get(variable)) and platform in ("", own)


def missing_library(platform: str) -> str | None:
    """Loads what Qt needs for this platform; says what the system's loader misses."""
    found = importlib.util.find_spec("PyQt6")
    if found is None or found.origin is None:
        return "PyQt6 is not installed"
    plugin = Path(found.origin).parent / "Qt6" / "plugins" / "platforms" / f"libq{platform}.so"
    if not plugin.exists():
        return None  # a Qt of the distribution's, which sees to its own libraries
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        return f"Qt misses a shared library ({error})"
    return None


def _x_answers() -> bool:
    """As Qt's own plugin asks, authority and all: xcb_connect."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return answers


def _wayland_answers() -> bool:
    try:
        wayland = ctypes.CDLL("libwayland-client.so.0")
    except OSError:
        return False
    wayland.wl_display_connect.restype = ctypes.c_void_p
    wayland.wl_display_disconnect.argtypes = [ctypes.c_void_p]
    display = wayland.wl_display_connect(None)
    if display:
        wayland.wl_display_disconnect(display)
    return bool(display)
