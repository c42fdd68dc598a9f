"""The menu of a right click on one layer, or on the bracket of a band."""

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint
from PyQt6.QtWidgets import QMenu

from explorer.key_bindings import entry
from explorer.words import tr

if TYPE_CHECKING:
    from .equalizer import Equalizer


def show_menu(equalizer: "Equalizer", rows: range, place: QPoint) -> None:
    """Shows the menu for these columns at a global place, and leaves it open."""
    menu = layer_menu(equalizer, rows)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)


def layer_menu(equalizer: "Equalizer", rows: range) -> QMenu:
    """What can be done with these columns."""
    edits, face = equalizer.edits, equalizer.face
    menu = QMenu(equalizer)
    menu.setObjectName("layer_menu")
    if len(rows) == 1:
        _title(menu, equalizer.explainer.words(rows[0])[0])
        _add(menu, "View what this layer does…", lambda: equalizer.explainer.view(rows[0]))
    else:
        _title(menu, tr(f"{edits.layers[rows[0]].band.capitalize()} layers"))
    if len(edits.layers) > 1:
        _add(menu, "Solo\tShift+M", lambda: edits.solo(rows), edits.aside("Solo", rows))
        _add(menu, "Mute\tM", lambda: edits.mute(rows), edits.aside("Mute", rows))
    if face.mixes:
        _add(menu, "All from B", lambda: edits.lay(_with(equalizer, rows, 1.0), "All from B"))
        _add(menu, "All from A", lambda: edits.lay(_with(equalizer, rows, 0.0), "All from A"))
    menu.addSeparator()
    if len(rows) == 1:
        _add(menu, "Type a number…\tEnter", equalizer.typing.emit)
    _add(menu, "Reset\tDel", lambda: edits.lay(_with(equalizer, rows, face.neutral), "Reset"))
    return menu


def _title(menu: QMenu, text: str) -> None:
    title = menu.addAction(text)
    assert title is not None
    title.setEnabled(False)
    menu.addSeparator()


def _with(equalizer: "Equalizer", rows: range, value: float) -> tuple[float, ...]:
    return tuple(value if row in rows else old for row, old in enumerate(equalizer.edits.values))


def _add(menu: QMenu, text: str, act: object, checked: bool | None = None) -> None:
    action = menu.addAction(entry(text))
    assert action is not None
    if checked is not None:
        action.setCheckable(True)
        action.setChecked(checked)
    action.triggered.connect(lambda: act())  # type: ignore[operator]
