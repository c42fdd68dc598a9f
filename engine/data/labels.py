"""What is said about pictures beside them: dataset.json, and a .txt, .json or .cls of the same name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import msgspec

CARD = "dataset.json"
TEXTS = frozenset({".txt", ".json", ".cls"})
MAX_CARD, MAX_TEXT, MAX_CAPTION = 2**28, 2**16, 4000

Label = int | float | str | list[float] | None
Reader = Callable[[str, int], bytes]
"""Reads a file of this name, or raises ValueError or OSError where it has more bytes than the number."""


class Card(msgspec.Struct, frozen=True):
    """dataset.json as other tools write it; `classes` and `captions` are our own additions, which they overlook."""

    labels: list[tuple[str, Label]] | dict[str, Label] | None = None
    classes: list[str] = []
    captions: list[tuple[str, str]] = []


class Beside(msgspec.Struct, frozen=True):
    """A picture's own .json: the usual names of a caption and of a class."""

    caption: str = ""
    text: str = ""
    label: int | str | None = None
    cls: int | str | None = msgspec.field(default=None, name="class")


@dataclass(frozen=True)
class Words:
    """A caption for some pictures and a class for some, by name; `labelled` where every class was said this way."""

    captions: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    labelled: bool = False


def words(pictures: Iterable[str], texts: Iterable[str], read: Reader) -> Words:
    """What the texts say about the pictures: dataset.json alone where there is one, else the files beside them.

    A text that cannot be understood says nothing.
    """
    there = set(texts)
    card = read_card(read) if CARD in there else None
    captions, classes = card_words(card) if card else ({}, {})
    if card is None and there:
        for name in pictures:
            stem = str(PurePosixPath(name).with_suffix(""))
            caption, label = beside(stem, there, read)
            if caption:
                captions.setdefault(name, caption)
            if label:
                classes.setdefault(name, label)
    return Words(captions, padded(classes), card is not None or bool(classes))


def read_card(read: Reader) -> Card | None:
    """dataset.json, or None where it is none of the known kind."""
    try:
        return msgspec.json.decode(read(CARD, MAX_CARD), type=Card)
    except (ValueError, OSError, RecursionError):
        return None


def card_words(card: Card) -> tuple[dict[str, str], dict[str, str]]:
    """Captions and classes by file name; labels that are texts are captions, as StyleGAN-T has them."""
    captions = {name: clipped(text) for name, text in card.captions}
    classes: dict[str, str] = {}
    rows = card.labels.items() if isinstance(card.labels, dict) else card.labels or ()
    for name, label in rows:
        if isinstance(label, str):
            captions.setdefault(name, clipped(label))
        elif (number := class_number(label)) is not None:
            classes[name] = card.classes[number] if number < len(card.classes) else str(number)
    return captions, classes


def class_number(label: Label) -> int | None:
    """The class of a whole number or of a one-hot row; None for any other label."""
    if isinstance(label, list):
        hot = [place for place, value in enumerate(label) if value]
        return hot[0] if len(hot) == 1 else None
    whole = isinstance(label, int) or (isinstance(label, float) and label.is_integer())
    return int(label) if whole and label is not None and not isinstance(label, str) and label >= 0 else None


def padded(classes: dict[str, str]) -> dict[str, str]:
    """Classes that are numbers, all at the same width, so that their order as names is their order as numbers."""
    if not all(name.isdecimal() for name in classes.values()):
        return classes
    width = max(map(len, classes.values()), default=1)
    return {picture: name.zfill(width) for picture, name in classes.items()}


def beside(stem: str, there: set[str], read: Reader) -> tuple[str, str]:
    """Caption and class from the files of the same name; nothing where there are none."""
    caption = label = ""
    if (name := f"{stem}.txt") in there:
        caption = clipped(text(name, read))
    if (name := f"{stem}.cls") in there:
        label = text(name, read).strip()[:200]
    if (name := f"{stem}.json") in there:
        try:
            found = msgspec.json.decode(read(name, MAX_TEXT), type=Beside)
        except (ValueError, OSError, RecursionError):
            return caption, label
        said = found.label if found.label is not None else found.cls
        return caption or clipped(found.caption or found.text), label or ("" if said is None else str(said)[:200])
    return caption, label


def text(name: str, read: Reader) -> str:
    """The file as text, or nothing."""
    try:
        return read(name, MAX_TEXT).decode("utf-8-sig", errors="replace")
    except (ValueError, OSError):
        return ""


def clipped(caption: str) -> str:
    """One line of bearable length."""
    return " ".join(caption.split())[:MAX_CAPTION]
