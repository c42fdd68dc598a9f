"""Everything the window can do, in one table: its words, keys and icon. Menus, palette and key sheet are made from it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QAction, QKeySequence

from . import key_bindings, theme
from .words import tr


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
    held: bool = False
    """Lasts as long as its key is held, so it is no shortcut: keyboard.py watches it."""


DEEDS = (
    Deed("play", "Travel or stop", ("Space",), "play", "A moves over the seed plane by itself", "Explore"),
    Deed("random_a", "Random A", ("R",), "dices", "", "Explore"),
    Deed("random_b", "Random B", ("Shift+R",), "dices", "", "Explore"),
    Deed("next_a", "Next seed", ("]",), "chevron-right", "", "Explore"),
    Deed("previous_a", "Previous seed", ("[",), "chevron-left", "", "Explore"),
    Deed(
        "sheet",
        "Contact sheet of random seeds",
        ("N",),
        "sheet",
        "Many pictures to pick from; again: others",
        "Explore",
    ),
    Deed("kin", "More like this", ("Shift+N",), "sheet", "Children of the picture, to pick from", "Explore"),
    Deed("swap", "Swap A and B", ("X",), "arrow-up-down", "", "Explore"),
    Deed("link", "Link A and B", ("K",), "link-2", "Linked, B makes every step that A makes", "Explore", True),
    Deed("coarse", "Coarse layers from B, or from A again", ("1",), "", "Pose and broad shapes", "Mix"),
    Deed("middle", "Middle layers from B, or from A again", ("2",), "", "Features and forms", "Mix"),
    Deed("fine", "Fine layers from B, or from A again", ("3",), "", "Colours and texture", "Mix"),
    Deed("all_a", "All layers from A", ("0",), "", "", "Mix"),
    Deed(
        "lay",
        "Lay a random seed over the picture",
        ("Shift+L",),
        "layers",
        "As another style of the mixing desk",
        "Mix",
    ),
    Deed("undo", "Undo", ("Z", "Ctrl+Z"), "undo-2", "", "Edit"),
    Deed("redo", "Redo", ("Y", "Ctrl+Y", "Ctrl+Shift+Z"), "redo-2", "", "Edit"),
    Deed("store", "Store this picture to compare with", ("C",), "pin", "Compare shows it again", "Edit"),
    Deed("compare", "See the stored picture while held", ("`",), "columns-2", "", "Edit", held=True),
    Deed(
        "morph",
        "Morph to the stored picture, or stop",
        ("V",),
        "blend",
        "In as many seconds as its button says",
        "Edit",
    ),
    Deed("start_over", "Start over with the default settings", (), "rotate-ccw", "Undo brings everything back", "Edit"),
    Deed("favourite", "Keep as favourite", ("F",), "favourite", "Into the gallery, with its recipe", "Picture"),
    Deed(
        "key", "Add the picture to the timeline", ("I",), "plus", "As a key, at the playhead or at the end", "Picture"
    ),
    Deed("save", "Save picture", ("S", "Ctrl+S"), "image-down", "A PNG that remembers how it was made", "Picture"),
    Deed("copy", "Copy picture", ("Ctrl+C",), "copy", "", "Picture"),
    Deed("open", "Open model or picture…", ("Ctrl+O",), "folder-open", "", "Picture"),
    Deed("catalogue", "Catalogue of public models…", (), "box", "To search, download and open", "Model"),
    Deed("card", "About the model…", ("Ctrl+I",), "info", "Its layers, its training, its licence", "Model"),
    Deed("export_model", "Export the model…", ("Ctrl+Shift+E",), "share", "For other programs", "Model"),
    Deed("folder", "Show the folder of saved pictures", (), "folder-open", "", "Picture"),
    Deed("video", "Video…", ("Ctrl+E",), "film", "A film that leads from picture to picture", "Picture"),
    Deed("export", "Export the timeline…", (), "film", "As a film, in any format", "Picture"),
    Deed(
        "record", "Record what is shown, or stop", ("Ctrl+R",), "record", "As a film, with true times", "Picture", True
    ),
    Deed("dataset", "Make a data set…", (), "image", "Of pictures and films, ready for training", "Picture"),
    Deed("train", "Train…", ("Ctrl+T",), "graduation-cap", "Teach a new model from a folder of pictures", "Picture"),
    Deed("fit", "Fit picture", ("Ctrl+0",), "scan", "Also: double click on the picture", "View"),
    Deed("one_to_one", "Show pixels one to one", ("Ctrl+1",), "square", "", "View"),
    Deed("zoom_in", "Zoom in", ("+", "=", "Ctrl++"), "", "", "View"),
    Deed("zoom_out", "Zoom out", ("-", "Ctrl+-"), "", "", "View"),
    Deed("handles", "Handles to move and turn the picture", ("M",), "", "For models that can do it", "View", True),
    Deed("output", "Full screen", ("F11",), "fullscreen", "Only the picture, for an audience; Esc leaves", "View"),
    Deed("monitor", "Picture on another monitor…", ("Shift+F11",), "monitor", "The window stays where it is", "View"),
    Deed("layers", "Show the layers", ("L",), "layers", "", "View"),
    Deed("gallery", "Show or hide the gallery", ("G",), "gallery", "What you kept as favourites", "View"),
    Deed("timeline", "Show or hide the timeline", ("T",), "film", "Pictures as keys of a film", "View"),
    Deed("history", "Show or hide the history", ("H",), "history", "", "View"),
    Deed("session_new", "New session", ("Ctrl+N",), "plus", "The present one is kept among the recent ones", "Session"),
    Deed("session_open", "Open session…", ("Ctrl+Shift+O",), "folder-open", "Everything as it was", "Session"),
    Deed(
        "session_save", "Save session as…", ("Ctrl+Shift+S",), "pin", "It is kept by itself; this names it", "Session"
    ),
    Deed("light", "Light theme", (), "sun", "", "View", True),
    Deed("reset_layout", "Reset layout", (), "rotate-ccw", "Every panel back to its place", "View"),
    Deed("palette", "Search all actions…", ("Ctrl+K",), "command", "", "Help"),
    Deed("help", "Help", ("F1",), "circle-help", "Explains what is under the pointer", "Help", True),
    Deed("keys", "All keys", ("?",), "keyboard", "And other keys instead of them", "Help"),
    Deed("tour", "Show me around", (), "eye", "Five short steps over the window", "Help"),
    Deed("settings", "Settings…", ("Ctrl+,",), "sliders-vertical", "Looks, speed, folders, language", "Help"),
    Deed("quit", "Quit", ("Ctrl+Q",), "", "Everything is kept", "Help"),
)

STANDARD = {deed.name: deed.keys for deed in DEEDS}

BY_HAND = (  # what hands can do that no action stands for
    ("Drag", "Walk the seed plane"),
    ("Arrow keys", "Walk; with Shift a whole seed"),
    ("Alt-drag", "Change the layer under the pointer"),
    ("Wheel", "Zoom at the pointer"),
    ("Ctrl-drag", "Move the picture"),
    ("Drag a handle", "Move or turn; with Shift straight, or in steps"),
    ("Double click", "A slider back to its default"),
)


def keys(own: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The keys of every action, a person's own in the place of ours."""
    return key_bindings.read(STANDARD, own)


def make(
    deeds: Mapping[str, Callable[..., object]], parent: QObject, keys: Mapping[str, tuple[str, ...]]
) -> dict[str, QAction]:
    """An action for each deed, doing what `deeds` says; one that is held is done by whoever watches its key."""
    found = {deed.name: _action(deed, None if deed.held else deeds[deed.name], parent) for deed in DEEDS}
    bind(found, keys)
    return found


def bind(actions: Mapping[str, QAction], keys: Mapping[str, tuple[str, ...]]) -> None:
    """These keys from now on; the tips name them."""
    for action in actions.values():  # all of them first, or a key that moves would have two owners for a moment
        action.setShortcuts([])
    for deed in DEEDS:
        action = actions[deed.name]
        action.setProperty("key", key_bindings.native(keys[deed.name][0]) if keys[deed.name] else "")
        if not deed.held:
            action.setShortcuts([QKeySequence(key) for key in keys[deed.name]])
        action.setToolTip(named(action.text().rstrip("…"), action) + (f"\n{tr(deed.tip)}" if deed.tip else ""))


def _action(deed: Deed, do: Callable[..., object] | None, parent: QObject) -> QAction:
    action = QAction(tr(deed.text), parent)
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
    action.setCheckable(deed.checkable)
    if deed.icon:
        action.setIcon(theme.icon(deed.icon))
    action.setProperty("group", tr(deed.group))
    action.setProperty("held", deed.held)
    action.setObjectName(deed.name)
    if do is None:
        return action
    if deed.checkable:
        action.toggled.connect(lambda checked: do(checked))
    else:
        action.triggered.connect(lambda _=False: do())
    return action


def shown(action: QAction) -> str:
    """The first key of an action, as it is written on keyboards."""
    return str(action.property("key") or "")


def named(tip: str, action: QAction) -> str:
    """A tip whose first line ends with the action's key, whichever it named before."""
    first, *others = tip.split("\n")
    bare, key = re.sub(r" \([^()]+\)$", "", first), shown(action)
    return "\n".join([f"{bare} ({key})" if key else bare, *others])
