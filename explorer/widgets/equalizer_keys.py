"""What the keys do on the equalizer: arrows walk and nudge, Shift takes the whole band, M mutes."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt

if TYPE_CHECKING:
    from .equalizer import Equalizer

Key = Qt.Key
STEPS = {Key.Key_Up: 1, Key.Key_Down: -1, Key.Key_PageUp: 5, Key.Key_PageDown: -5}


def pressed(equalizer: "Equalizer", key: Key, held: Qt.KeyboardModifier) -> bool:
    """Whether the key means something here; then it has been done."""
    shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
    control = bool(held & Qt.KeyboardModifier.ControlModifier)
    edits, chosen = equalizer.edits, equalizer.chosen
    rows = band_rows(equalizer) if shift else range(chosen, chosen + 1)
    ends = _ends(equalizer)
    if key in STEPS:
        edits.nudge(rows, STEPS[key])
    elif key in ends:
        edits.set(dict.fromkeys(rows, ends[key]))
        edits.rest()
    elif key in (Key.Key_Left, Key.Key_Right):
        walk(equalizer, 1 if key == Key.Key_Right else -1, control)
    elif key == Key.Key_M and not control:
        (edits.solo if shift else edits.mute)(range(chosen, chosen + 1))
    elif key in (Key.Key_Return, Key.Key_Enter, Key.Key_F2):
        equalizer.typing.emit()
    else:
        return False
    return True


def _ends(equalizer: "Equalizer") -> dict[Key, float]:
    (low, high), neutral = equalizer.face.range, equalizer.face.neutral
    return {Key.Key_Home: low, Key.Key_End: high, Key.Key_Delete: neutral, Key.Key_Backspace: neutral}


def band_rows(equalizer: "Equalizer") -> range:
    """The band of the chosen column."""
    return next(band.rows for band in equalizer.geometry_now.bands if equalizer.chosen in band.rows)


def walk(equalizer: "Equalizer", way: int, by_band: bool) -> None:
    """To the next column, or to the first one of the next band."""
    target = equalizer.chosen + way
    if by_band:
        bands = equalizer.geometry_now.bands
        now = next(at for at, band in enumerate(bands) if equalizer.chosen in band.rows)
        target = bands[min(max(now + way, 0), len(bands) - 1)].rows[0]
    equalizer.choose(min(max(target, 0), len(equalizer.edits.layers) - 1))
