"""What the engine says, in another language: its sentences arrive finished and are known again by what is around their parts.

A catalogue `assets/words/xx.engine.json` holds them with numbers in the places of their parts, as `{0} is no file`; a part may be a
sentence of the engine itself. Nothing is read or compiled before the first sentence is asked for.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from . import figures

PART = re.compile(r"\{(\d+)\}")
LONGEST = 4000  # characters of what is looked up
DEEPEST = 4  # sentences inside of sentences
KEPT = 1000  # answers
FEWEST = 10  # letters without parts, by which the end of a text is known again


@dataclass(frozen=True)
class Sentence:
    """One sentence, its pieces between parts, and the same in the other language."""

    text: str
    other: str
    pieces: list[str]

    def near(self, text: str) -> bool:
        """Whether a text holds all pieces in their order and ends as the sentence does, so that a match is worth a try."""
        at = 0
        for piece in self.pieces:
            at = text.find(piece, at) + len(piece)
            if at < len(piece):
                return False
        return text.endswith(self.pieces[-1])

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile("(.*?)".join(map(re.escape, self.pieces)), re.DOTALL)

    @cached_property
    def after(self) -> re.Pattern[str]:
        """The same behind what it is said of: a file's name, or what did not work because of it."""
        return re.compile(f"(?P<head>.+?)(?P<gap>:? ){self.pattern.pattern}", re.DOTALL)

    @property
    def follows(self) -> bool:
        """Whether it can be said of something: one that begins with a part says of what by itself, and few letters are chance."""
        return bool(self.pieces[0]) and sum(map(len, self.pieces)) >= FEWEST

    def filled(self, parts: list[str]) -> str:
        """The other language's with these parts."""
        return PART.sub(lambda found: figures.said(parts[int(found[1])]), self.other)


class EngineWords:
    """Looks up sentences in a catalogue that `read` gives when it is first needed."""

    def __init__(self, read: Callable[[], dict[str, str]]):
        self._read = read
        self.said = lru_cache(maxsize=KEPT)(self._said)

    def _said(self, text: str) -> str:
        """The text in the other language; what is not the engine's comes back as it is, and so do single words and names."""
        return self._find(text, 0) or text if " " in text and len(text) <= LONGEST else text

    @cached_property
    def _whole(self) -> dict[str, str]:
        return self._read()

    @cached_property
    def _sentences(self) -> list[Sentence]:
        """Those that say most first."""
        found = [Sentence(text, other, PART.split(text)[::2]) for text, other in self._whole.items() if " " in text]
        return sorted(found, key=lambda each: len(each.text), reverse=True)

    def _find(self, text: str, depth: int) -> str | None:
        """None where neither the text nor its end is known."""
        core = text.strip()
        said = self._whole.get(core) or self._put_together(core, depth)
        return None if said is None else text.replace(core, said, 1)

    def _put_together(self, text: str, depth: int) -> str | None:
        if depth > DEEPEST or " " not in text:
            return None
        if depth and (several := self._row(text, depth)):
            return several
        near = [each for each in self._sentences if each.near(text)]
        return next(self._matches(near, text, depth), None) or next(self._ends(near, text, depth), None)

    def _row(self, text: str, depth: int) -> str | None:
        """Several reasons one after the other, each a sentence."""
        found = [self._find(each, depth + 1) for each in text.split("; ")] if "; " in text else [None]
        said = [each for each in found if each]
        return "; ".join(said) if len(said) == len(found) else None

    def _matches(self, near: list[Sentence], text: str, depth: int) -> Iterator[str]:
        for each in near:
            if text.startswith(each.pieces[0]) and (match := each.pattern.fullmatch(text)):
                yield each.filled([self._find(part, depth + 1) or part for part in match.groups()])

    def _ends(self, near: list[Sentence], text: str, depth: int) -> Iterator[str]:
        for each in near:
            if each.follows and (match := each.after.fullmatch(text)):
                head, gap, *parts = match.groups()
                said = [self._find(part, depth + 1) or part for part in (head, *parts)]
                yield f"{said[0]}{gap}{each.filled(said[1:])}"
