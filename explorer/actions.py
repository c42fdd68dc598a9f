"""Everything the window can do, in one table: its words, keys and icon. Menus, palette and key sheet are made from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QAction, QKeySequence

from . import theme


@dataclass(frozen=True)
class Deed:
    """One thing to do. `name` is what code and settings call it."""

    name: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    group: str = "Picture"
    checkable: bool = False


DEEDS = (
    Deed("play", "Travel or stop", ("Space",), "play", "A moves over the seed plane by itself", "Explore"),
    Deed("random_a", "Random A", ("R",), "dices", "", "Explore"),
    Deed("random_b", "Random B", ("Shift+R",), "dices", "", "Explore"),
    Deed("next_a", "Next seed", ("]",), "chevron-right", "", "Explore"),
    Deed("previous_a", "Previous seed", ("[",), "chevron-left", "", "Explore"),
    Deed("swap", "Swap A and B", ("X",), "arrow-up-down", "", "Explore"),
    Deed("link", "Link A and B", ("K",), "link-2", "Linked, B makes every step that A makes", "Explore", True),
    Deed("coarse", "Coarse layers from B, or from A again", ("1",), "", "Pose and broad shapes", "Mix"),
    Deed("middle", "Middle layers from B, or from A again", ("2",), "", "Features and forms", "Mix"),
    Deed("fine", "Fine layers from B, or from A again", ("3",), "", "Colours and texture", "Mix"),
    Deed("all_a", "All layers from A", ("0",), "", "", "Mix"),
    Deed("undo", "Undo", ("Z", "Ctrl+Z"), "undo-2", "", "Edit"),
    Deed("redo", "Redo", ("Y", "Ctrl+Y", "Ctrl+Shift+Z"), "redo-2", "", "Edit"),
    Deed("store", "Store this picture to compare with", ("C",), "pin", "Hold ` to see the stored picture", "Edit"),
    Deed("start_over", "Start over with the default settings", (), "rotate-ccw", "Undo brings everything back", "Edit"),
    Deed("save", "Save picture", ("S", "Ctrl+S"), "image-down", "A PNG that remembers how it was made", "Picture"),
    Deed("copy", "Copy picture", ("Ctrl+C",), "copy", "", "Picture"),
    Deed("open", "Open model or picture…", ("Ctrl+O",), "folder-open", "", "Picture"),
    Deed("folder", "Show the folder of saved pictures", (), "folder-open", "", "Picture"),
    Deed("video", "Video…", ("Ctrl+E",), "film", "A film that leads from picture to picture", "Picture"),
    Deed("train", "Train…", ("Ctrl+T",), "graduation-cap", "Teach a new model from a folder of pictures", "Picture"),
    Deed("fit", "Fit picture", ("F", "Ctrl+0"), "scan", "Also: double click on the picture", "View"),
    Deed("one_to_one", "Show pixels one to one", ("Ctrl+1",), "square", "", "View"),
    Deed("zoom_in", "Zoom in", ("+", "=", "Ctrl++"), "", "", "View"),
    Deed("zoom_out", "Zoom out", ("-", "Ctrl+-"), "", "", "View"),
    Deed("output", "Full screen", ("F11",), "fullscreen", "Only the picture, for an audience; Esc leaves", "View"),
    Deed("layers", "Show the layers", ("L",), "layers", "", "View"),
    Deed("history", "Show or hide the history", ("H",), "history", "", "View"),
    Deed("light", "Light theme", (), "sun", "", "View", True),
    Deed("reset_layout", "Reset layout", (), "rotate-ccw", "Every panel back to its place", "View"),
    Deed("palette", "Search all actions…", ("Ctrl+K",), "command", "", "Help"),
    Deed("keys", "All keys", ("?", "F1"), "keyboard", "", "Help"),
    Deed("quit", "Quit", ("Ctrl+Q",), "", "Everything is kept", "Help"),
)

BY_HAND = (  # what hands can do that no action stands for
    ("Drag on the picture", "Walk the seed plane"),
    ("Arrow keys on the picture", "Walk; with Shift a whole seed"),
    ("Wheel", "Zoom at the pointer"),
    ("Middle button or Ctrl-drag", "Move the picture"),
    ("Hold `", "See the stored picture"),
    ("Double click on a slider", "Back to its default"),
)


def make(
    deeds: Mapping[str, Callable[..., object]], parent: QObject, own_keys: Mapping[str, str]
) -> dict[str, QAction]:
    """An action for each deed, doing what `deeds` says; a person's own keys replace ours."""
    return {deed.name: _action(deed, deeds[deed.name], parent, own_keys.get(deed.name)) for deed in DEEDS}


def _action(deed: Deed, do: Callable[..., object], parent: QObject, own_key: str | None) -> QAction:
    action = QAction(deed.text, parent)
    keys = deed.keys if own_key is None else (own_key,) if own_key else ()
    action.setShortcuts([QKeySequence(key) for key in keys])
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setCheckable(deed.checkable)
    if deed.icon:
        action.setIcon(theme.icon(deed.icon))
    keyed = f" ({shown(action)})" if keys else ""
    action.setToolTip(f"{deed.text.rstrip('…')}{keyed}" + (f"\n{deed.tip}" if deed.tip else ""))
    action.setProperty("group", deed.group)
    action.setObjectName(deed.name)
    if deed.checkable:
        action.toggled.connect(lambda checked: do(checked))
    else:
        action.triggered.connect(lambda _=False: do())
    return action


def shown(action: QAction) -> str:
    """The first key of an action, as it is written on keyboards."""
    keys = action.shortcuts()
    return keys[0].toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
