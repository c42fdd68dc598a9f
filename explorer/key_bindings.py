"""Which keys belong to which action, as plain data: the standard ones, a person's own, and how they change hands."""

from collections.abc import Mapping

from PyQt6.QtCore import QKeyCombination, Qt
from PyQt6.QtGui import QKeyEvent, QKeySequence

from .words import tr

Bindings = Mapping[str, tuple[str, ...]]  # name of the action -> its keys, the first one shown in menus and tips

Key = Qt.Key
MODIFIERS = {Key.Key_Shift, Key.Key_Control, Key.Key_Alt, Key.Key_AltGr, Key.Key_Meta, Key.Key_Super_L, Key.Key_Super_R,
             Key.Key_CapsLock, Key.Key_NumLock, Key.Key_unknown}  # fmt: skip
TAKEN = {
    "Left": "walks on the picture", "Right": "walks on the picture", "Up": "walks on the picture",
    "Down": "walks on the picture", "Tab": "goes from control to control", "Backtab": "goes from control to control",
    "Shift+Backtab": "goes from control to control", "Return": "presses what has the focus",
    "Enter": "presses what has the focus",
}  # fmt: skip


def read(standard: Bindings, own: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The keys of every action: the person's where there are any. A key that two would have stays with the person's choice."""
    found = {name: _parts(own[name]) if name in own else tuple(map(clean, keys)) for name, keys in standard.items()}
    given: dict[str, str] = {}
    for name in sorted(found, key=lambda name: name not in own):
        found[name] = tuple(key for key in dict.fromkeys(found[name]) if given.setdefault(key, name) == name)
    return found


def own(standard: Bindings, keys: Bindings) -> dict[str, str]:
    """What differs from the standard, as the settings keep it."""
    return {name: "; ".join(keys[name]) for name in standard if keys[name] != tuple(map(clean, standard[name]))}


def owner(keys: Bindings, key: str) -> str:
    """The action that has a key; "" when it is free."""
    return next((name for name, has in keys.items() if key in has), "")


def put(keys: Bindings, name: str, slot: int, key: str) -> dict[str, tuple[str, ...]]:
    """This key in that place of an action (after its last one: one more); "" takes the one that is there away."""
    has = list(keys[name])
    has[slot : slot + 1] = [key] if key else []
    return {**keys, name: tuple(dict.fromkeys(has))}


def swap(keys: Bindings, name: str, slot: int, key: str) -> dict[str, tuple[str, ...]]:
    """The same for a key that another action has, which gets the one that becomes free, if any."""
    other, freed = owner(keys, key), keys[name][slot] if slot < len(keys[name]) else ""
    without = put(keys, other, keys[other].index(key), "" if other == name else freed)
    return put(without, name, min(slot, len(without[name])), key)


def refusal(key: str) -> str:
    """Why a key cannot be had, in a sentence; "" when it can."""
    return tr("{key} {does}, so it stays as it is.", key=native(key), does=tr(TAKEN[key])) if key in TAKEN else ""


def pressed(event: QKeyEvent) -> str:
    """The key that an event means, with what is held; "" for Shift, Ctrl and the like by themselves."""
    if event.key() in MODIFIERS:
        return ""
    held, text = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, event.text()
    if text.isprintable() and text.strip() and not text.isalnum():
        held &= ~Qt.KeyboardModifier.ShiftModifier  # where ? is Shift and another key depends on the keyboard
    return QKeySequence(QKeyCombination(held, Key(event.key()))).toString(QKeySequence.SequenceFormat.PortableText)


def native(key: str) -> str:
    """As it is written on this machine's keyboards."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def entry(text: str) -> str:
    """An entry of a menu, "Words" or "Words<tab>Key", in the language in use."""
    words, _, key = text.partition("\t")
    return f"{tr(words)}\t{native(key)}" if key else tr(words)


def clean(key: str) -> str:
    """The one way in which a key is written."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(key for part in text.split("; ") if (key := clean(part.strip())))
