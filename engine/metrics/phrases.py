"""What captions of phrases between commas tell apart: "red short hair, glasses" has glasses, and hair of a colour and a length.

The last word of a phrase is the thing, the words before it say how it is. Words that are never said of one thing together, such as
red and brown, are values of one attribute.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.data.captions import COLOURS

RAREST = 0.02  # of all pictures; a rarer value teaches and tests too little, and pictures that have it are left out
COMMONEST = 0.9  # of the pictures with a known value; where one is commoner, there is nothing to tell apart
LONGEST = 6  # words of a phrase; more are a sentence, whose last word is no thing
FEWEST_KNOWN = 0.1  # of all pictures
MOST = 20  # attributes
UNKNOWN = -1
NO, YES = "no", "yes"

Phrases = dict[str, tuple[str, ...]]
"""How each thing of a caption is, by the thing."""


class Attribute(NamedTuple):
    """Its name, and the values that it can have."""

    name: str
    values: tuple[str, ...]


class Told(NamedTuple):
    """Attributes, and which value of each a caption says: int64 [N, attributes], `UNKNOWN` where it says none."""

    attributes: tuple[Attribute, ...]
    values: np.ndarray


def told(captions: Sequence[str]) -> Told:
    """What captions tell apart; no attribute at all where they are no phrases, or all say the same."""
    said = [phrases(caption) for caption in captions]
    found: list[tuple[Attribute, np.ndarray]] = []
    for thing in dict.fromkeys(thing for each in said for thing in each):
        columns = {thing: [YES if thing in each else NO if each else "" for each in said]}
        if RAREST * len(said) <= sum(column == YES for column in columns[thing]):
            columns |= qualities(thing, [each.get(thing, ()) for each in said])
        found += [kept for name, column in columns.items() if (kept := numbered(name, column))]
    values = np.stack([column for _, column in found[:MOST]], 1) if found else np.zeros((len(said), 0), np.int64)
    return Told(tuple(attribute for attribute, _ in found[:MOST]), values)


def phrases(caption: str) -> Phrases:
    """ "red short hair, glasses" → {"hair": ("red", "short"), "glasses": ()}; of a thing that is said twice the first."""
    found: Phrases = {}
    for phrase in caption.lower().split(","):
        words = phrase.strip(" .;:!\t\n").split()
        if words and len(words) <= LONGEST:
            found.setdefault(words[-1], tuple(words[:-1]))
    return found


def qualities(thing: str, said: Sequence[tuple[str, ...]]) -> dict[str, list[str]]:
    """Columns of values by the attribute's name, such as "hair colour"; "" where a caption says none."""
    often = Counter(word for words in said for word in set(words))
    common = [word for word, count in often.most_common() if count >= RAREST * len(said)]
    together = {frozenset(pair) for words in set(said) for pair in _pairs(words)}
    groups: list[list[str]] = []
    for word in common:
        apart = (group for group in groups if all(frozenset((word, other)) not in together for other in group))
        group = next(apart, None)
        if group is None:
            groups.append([word])
        else:
            group.append(word)
    return {
        named(thing, group): [next((word for word in words if word in group), "") for words in said] for group in groups
    }


def _pairs(words: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(one, other) for place, one in enumerate(words) for other in words[:place]]


def named(thing: str, values: Sequence[str]) -> str:
    """ "hair colour" where all values are colours, else "hair long or short"."""
    if all(value in COLOURS for value in values):
        return f"{thing} colour"
    return f"{thing} {' or '.join(sorted(values)[:3])}{' …' if len(values) > 3 else ''}"


def numbered(name: str, column: Sequence[str]) -> tuple[Attribute, np.ndarray] | None:
    """The attribute and the numbers of its values, int64 [N]; None where there is nothing to tell apart."""
    often = Counter(value for value in column if value)
    values = sorted(value for value, count in often.items() if count >= RAREST * len(column))
    known = sum(often[value] for value in values)
    if len(values) < 2 or known < FEWEST_KNOWN * len(column) or max(often.values()) > COMMONEST * known:
        return None
    places = {value: place for place, value in enumerate(values)}
    return Attribute(name, tuple(values)), np.array([places.get(value, UNKNOWN) for value in column], np.int64)
