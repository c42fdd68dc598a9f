"""Recipes as keys on an axis of time, and the recipe at any moment between them: what a film is, and nothing else."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path as File
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from . import codec
from .codec import BadRecipe
from .easing import SMOOTH, Curve, Ease, eased
from .recipe import LEAST_PERIOD, MAX_PHASE, Data, Recipe
from .tween import Path, Way, tween
from .wander import Wander, wandered

VERSION = 2  # 2: noise that moves
MAX_KEYS = 2000
MAX_SECONDS = 86_400.0
GAP = 0.001  # seconds; keys never lie closer together
MAX_FPS = 240
MAX_FLOW = 60.0

Seconds = Annotated[float, Meta(ge=0.0, le=MAX_SECONDS)]


class Key(Data, frozen=True):
    """A recipe at a moment, and how the way leads from it to the next key (from the last to the first in a loop)."""

    at: Seconds
    recipe: Recipe
    ease: Ease = "smooth"
    path: Path = "straight"
    curve: Curve = SMOOTH
    """The handles of the easing "curve"."""


class Marker(Data, frozen=True):
    """A moment with a name."""

    at: Seconds
    text: Annotated[str, Meta(max_length=200)] = ""


class Sound(Data, frozen=True):
    """An audio file that is heard with the film; it begins `at` seconds after the film (before it where negative)."""

    path: Annotated[str, Meta(min_length=1, max_length=4096)]
    at: Annotated[float, Meta(ge=-MAX_SECONDS, le=MAX_SECONDS)] = 0.0


class Timeline(Data, frozen=True):
    """Keys in the order of time. A loop goes from the last key back to the first in `closing` seconds.

    Raises ValueError when keys lie out of order or closer together than GAP.
    """

    version: Annotated[int, Meta(ge=1, le=VERSION)] = VERSION
    fps: Annotated[int, Meta(ge=1, le=MAX_FPS)] = 30
    keys: Annotated[tuple[Key, ...], Meta(max_length=MAX_KEYS)] = ()
    loop: bool = False
    closing: Annotated[float, Meta(ge=GAP, le=MAX_SECONDS)] = 2.0
    wander: Wander | None = None
    markers: Annotated[tuple[Marker, ...], Meta(max_length=MAX_KEYS)] = ()
    sound: Sound | None = None
    flow: Annotated[float, Meta(ge=0.0, le=MAX_FLOW)] = 0.0
    """Steps that the noise moves on in a second; in a loop, as near to it as whole rounds allow."""

    def __post_init__(self) -> None:
        for a, b in pairwise(self.keys):
            if b.at - a.at < GAP * 0.999:
                raise ValueError(
                    f"keys must follow one another in time, and one at {b.at:g} s follows one at {a.at:g} s"
                )

    @property
    def length(self) -> float:
        """Seconds from the beginning to the last key; of a loop, one whole round."""
        if not self.keys:
            return 0.0
        return self.keys[-1].at - self.keys[0].at + self.closing if self.loop else self.keys[-1].at

    def frames(self, fps: int | None = None) -> int:
        """How many frames a film of it has. A loop leaves the last one to its own beginning."""
        if not self.keys:
            return 0
        steps = round(self.length * (fps or self.fps))
        return max(steps, 1) if self.loop else steps + 1

    def at(self, seconds: float) -> Recipe:
        """The recipe at a moment; before the first key it is the first one's, after the last the last one's.

        Raises ValueError when there is no key.
        """
        if not self.keys:
            raise ValueError("a film needs at least one key")
        place, fraction = self.place(seconds)
        recipe = self._between(place, fraction)
        done = seconds / self.length if self.length else 0.0
        done = done % 1.0 if self.loop else min(max(done, 0.0), 1.0)
        if self.flow:
            recipe = self._flowing(recipe, seconds, done)
        if self.wander is None:
            return recipe
        return msgspec.structs.replace(recipe, latent=wandered(recipe.latent, self.wander, done))

    def _flowing(self, recipe: Recipe, seconds: float, done: float) -> Recipe:
        """The noise as far as it has moved; a loop's is back at its beginning after the whole loop."""
        noise = recipe.noise
        period = max(round(self.flow * self.length), LEAST_PERIOD) if self.loop else noise.period
        gone = done * period if self.loop else self.flow * max(seconds, 0.0)
        moved = msgspec.structs.replace(noise, phase=min(noise.phase + round(gone, 9), MAX_PHASE), period=period)
        return msgspec.structs.replace(recipe, noise=moved)

    def place(self, seconds: float) -> tuple[int, float]:
        """The key whose segment a moment lies in, and the fraction of that segment's time that has passed."""
        first, last = self.keys[0].at, self.keys[-1].at
        if self.loop:
            seconds = first + (seconds - first) % self.length
        if seconds <= first or (seconds >= last and not self.loop):
            return (0, 0.0) if seconds <= first else (len(self.keys) - 1, 0.0)
        index = bisect_right(self.keys, seconds, key=lambda key: key.at) - 1
        return index, round((seconds - self.keys[index].at) / self.span(index), 9)

    def span(self, index: int) -> float:
        """Seconds from a key to the next; from the last one, to the first of the next round."""
        keys = self.keys
        index %= len(keys)
        return self.closing if index == len(keys) - 1 else keys[index + 1].at - keys[index].at

    def moments(self, fps: int | None = None) -> Iterator[Recipe]:
        """The recipe of every frame, in order."""
        for number in range(self.frames(fps)):
            yield self.frame(number, fps)

    def frame(self, number: int, fps: int | None = None) -> Recipe:
        """The recipe of one frame, counted from 0."""
        return self.at(number / (fps or self.fps))

    def _between(self, index: int, fraction: float) -> Recipe:
        key, count = self.keys[index], len(self.keys)
        if fraction <= 0 or (index == count - 1 and not self.loop):
            return key.recipe
        following = self.keys[(index + 1) % count]
        way = Way(eased(key.ease, fraction, key.curve), key.path)
        if key.path == "cubic":
            way = self._through(index, way)
        return tween(key.recipe, following.recipe, way)

    def _through(self, index: int, way: Way) -> Way:
        """The way with the keys on both sides of it, as far as they show the same model."""
        before, after = self._key(index - 1), self._key(index + 2)
        model = self.keys[index].recipe.model
        sides = [key.recipe if key is not None and key.recipe.model == model else None for key in (before, after)]
        spans = (self.span(index - 1), self.span(index), self.span(index + 1))
        return replace(way, before=sides[0], after=sides[1], spans=spans)

    def _key(self, index: int) -> Key | None:
        inside = 0 <= index < len(self.keys)
        return self.keys[index % len(self.keys)] if inside or self.loop else None


def through(recipes: Sequence[Recipe], seconds: float, fps: int, loop: bool = False) -> Timeline:
    """A timeline that goes evenly from recipe to recipe; keys lie on frames, so that every recipe is seen."""
    steps = max(1, round(seconds * fps))
    keys = tuple(Key(number * steps / fps, recipe, "linear") for number, recipe in enumerate(recipes))
    return Timeline(fps=fps, keys=keys, loop=loop, closing=steps / fps)


def decode(text: bytes | str) -> Timeline:
    """A timeline from its JSON, its recipes brought up to date. Raises BadRecipe with one sentence."""
    return codec.decode(Timeline, text, upgraded)


def read(path: File) -> Timeline:
    """A timeline from a file. Raises BadRecipe with one sentence."""
    try:
        with path.open("rb") as file:
            text = file.read(codec.MAX_BYTES + 1)
    except OSError as error:
        raise BadRecipe(f"{path} cannot be read: {error.strerror}") from None
    try:
        return decode(text)
    except BadRecipe as error:
        raise BadRecipe(f"{path.name}: {error}") from None


def upgraded(plain: Any) -> Any:
    """A timeline as plain data, its recipes of older versions brought up to date. Raises BadRecipe."""
    if not isinstance(plain, dict) or not isinstance(plain.get("keys"), list):
        return plain
    version = plain.get("version", 1)
    if isinstance(version, int) and version > VERSION:
        raise BadRecipe(
            f"it was made by a newer Latent Explorer (version {version}, this one reads {VERSION}); update it"
        )
    keys = [
        {**key, "recipe": codec.upgraded(key["recipe"])} if _holds(key) else key
        for key in plain["keys"][: MAX_KEYS + 1]
    ]
    return {**plain, "keys": keys}


def _holds(key: Any) -> bool:
    return isinstance(key, dict) and "recipe" in key
