"""Captions in words from what a sample picture was drawn with: its colours and parts, the background last."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping
from typing import Any

UNSEEN = frozenset(
    {"ink", "outline", "shade", "accent", "canvas", "background", "eyebrows", "nose", "cheeks", "brows", "star"}
)
"""Parts that are too small or too much alike to be worth a word."""
UNSAID = frozenset({"default body", "container ring", "head", "eyes", "mouth"})
"""What is said of every picture of a style alike."""
COLOURLESS = frozenset({"eyes", "mouth"})  # parts of a few pixels
SAME = {"clothes": "clothing", "orb": "sky light"}
COLOURS = frozenset(
    {
        "black",
        "white",
        "grey",
        "brown",
        "beige",
        "red",
        "orange",
        "yellow",
        "green",
        "turquoise",
        "blue",
        "purple",
        "pink",
    }
)
"""All that `colour` gives."""
HUES = ((15, "red"), (40, "orange"), (68, "yellow"), (165, "green"), (195, "turquoise"), (255, "blue"), (290, "purple"))
BROWN = (8, 46)


def caption(style: str, attributes: Mapping[str, Any]) -> str:
    """One line such as "pixel art, brown short hair, glasses, green clothing, blue background".

    The style's name stands first, every part that a person would name follows with its colour (`colour`) and its kind,
    in the order in which it was drawn, and the background's colour is last. Left out are parts that a style draws many times over
    (numbered ones) and colours that let others through.
    """
    parts: dict[str, dict[str, str]] = {}
    for key, value in attributes.items():
        part, what = split(key)
        if what and isinstance(value, str) and not (what == "Color" and len(value) > len("#rrggbb")):
            parts.setdefault(SAME.get(part, part), {})[what] = value
    backdrop = attributes.get("backgroundColor") or attributes.get("canvasColor")
    said = [phrase(part, looks) for part, looks in parts.items() if part not in UNSEEN]
    said = [words for words in said if words not in UNSAID and not words.endswith(" rotation")]
    if isinstance(backdrop, str):
        said.append(f"{colour(backdrop)} background")
    return ", ".join([style.replace("-", " "), *said])


def split(key: str) -> tuple[str, str]:
    """Part and quality of an attribute's name, such as ("hair", "Color"); "" for one that is not told, or numbered."""
    found = re.fullmatch(r"([A-Za-z]+?)(Color|Variant)", key)
    return (spaced(found[1]), found[2]) if found else (key, "")


def spaced(name: str) -> str:
    """camelCase in plain words, without its number; "" where only a number is said, such as variant05."""
    plain = re.sub(r"\d+$", "", name)
    return "" if plain == "variant" else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).lower()


def phrase(part: str, looks: Mapping[str, str]) -> str:
    """A part with its colour and kind, as far as they are told."""
    tint = colour(looks["Color"]) if "Color" in looks and part not in COLOURLESS else ""
    kind = spaced(looks.get("Variant", ""))
    return " ".join(word for word in (tint, "" if kind == part else kind, part) if word)


def colour(code: str) -> str:
    """The everyday name of a colour `#rrggbb`."""
    red, green, blue = (int(code[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, light, vivid = colorsys.rgb_to_hls(red, green, blue)
    spread = max(red, green, blue) - min(red, green, blue)
    if light < 0.12:
        return "black"
    if spread < 0.08:
        return "white" if light > 0.85 else "grey"
    degrees = hue * 360
    if BROWN[0] <= degrees <= BROWN[1]:
        if light < 0.45 and vivid < 0.9:
            return "brown"
        if vivid < 0.65 or light > 0.8:
            return "beige"
    return next((name for end, name in HUES if degrees < end), "pink" if degrees < 345 else "red")
