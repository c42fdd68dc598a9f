"""Searching and sorting favourites, as plain functions over plain data."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .favourite import Favourite

ORDERS: dict[str, tuple[Callable[[Favourite], Any], bool]] = {  # name -> key, and whether the largest comes first
    "Newest": (lambda f: f.added, True),
    "Oldest": (lambda f: f.added, False),
    "Best": (lambda f: (f.marks.rating, f.added), True),
    "Name": (lambda f: _natural(f.name), False),
    "Model": (lambda f: (f.model.casefold(), _natural(f.words)), False),
}


def found(favourites: Iterable[Favourite], text: str = "", rating: int = 0, order: str = "Newest") -> list[Favourite]:
    """Those in which every word of `text` occurs (`#word`: a tag that begins so) and which have at least that rating."""
    words = text.casefold().split()
    key, largest_first = ORDERS[order]
    chosen = [f for f in favourites if f.marks.rating >= rating and all(_has(f, word) for word in words)]
    return sorted(chosen, key=key, reverse=largest_first)


def all_tags(favourites: Sequence[Favourite]) -> tuple[str, ...]:
    """Every tag in use, each once, in the order of the alphabet."""
    names = {tag.casefold(): tag for item in favourites for tag in item.marks.tags}
    return tuple(names[key] for key in sorted(names))


def _has(item: Favourite, word: str) -> bool:
    if word.startswith("#") and len(word) > 1:
        return any(tag.casefold().startswith(word[1:]) for tag in item.marks.tags)
    texts = (item.name, item.words, item.model, item.marks.note, *item.marks.tags)
    return any(word in text.casefold() for text in texts)


def _natural(text: str) -> list[tuple[int, int, str]]:
    """So that 9 comes before 10."""
    parts, digits = [], ""
    for letter in text.casefold() + " ":
        if letter in "0123456789":
            digits += letter
            continue
        if digits:
            parts.append((0, int(digits), ""))
            digits = ""
        parts.append((1, 0, letter))
    return parts
