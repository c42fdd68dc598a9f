"""What a look at somebody's pictures found, as a plain struct for the window, the terminal and JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

LISTED = 20  # kinds of sizes that are listed
SIZES = (16, 32, 64, 128, 256, 512, 1024, 2048)
FEW, MANY_ALIKE = 100, 0.1

# A word of the reason, and what a person can do about it.
FIXES = {
    "is empty": "Copy the file again from where it came from, or delete it.",
    "cut off": "Copy or download the file again; if it opens elsewhere, save it there as a new PNG.",
    "not a picture": "Delete it, or give it the ending of what it is; unusual formats can be saved as PNG elsewhere.",
    "pixels": "Make it smaller in a program for pictures, or cut it into parts.",
    "Permission denied": "Give yourself the right to read it.",
    "No such file": "The file is gone, or the link leads nowhere: delete the link.",
    "larger than": "Save it smaller, or as JPEG.",
    "outside of the archive": "Leave it: names like this attack programs that unpack archives.",
    "zip bomb": "Leave it: this archive was made to do harm.",
    "inside an archive": "Unpack the outer archive, and give the inner one by itself.",
    "lies among": "Give the archive by itself as well, or leave it: a data set that was made of these pictures may be in it.",
    "password": "Unpack it with its password, and give the folder.",
    "unpack it first": "Unpack it, and give the folder.",
    "damaged": "Copy or download the file again.",
    "video": "Save it again as MP4 (H.264) in a program for films.",
}
NO_FIX = "Open it in a program for pictures and save it as PNG, or leave it out."


class Picture(msgspec.Struct, frozen=True):
    """A usable picture: the name that --exclude and --boxes know it by, its size, and what is special about it."""

    name: str
    width: int
    height: int
    bytes: int
    traits: tuple[str, ...] = ()
    label: str = ""
    caption: str = ""


class Bad(msgspec.Struct, frozen=True):
    """A file that cannot be used, why, and what to do about it."""

    name: str
    reason: str
    fix: str


class Alike(msgspec.Struct, frozen=True):
    """Pictures that look the same: the largest, which would be kept, and the others."""

    kept: str
    others: tuple[str, ...]


class Side(msgspec.Struct, frozen=True):
    """Pixels along the shorter side: of the smallest picture, of that above a tenth of all, the middle, the largest."""

    least: int = 0
    tenth: int = 0
    middle: int = 0
    most: int = 0


class Report(msgspec.Struct, frozen=True):
    """All that a check found. `size` is the largest usual size that nine tenths of the pictures reach."""

    sources: tuple[str, ...]
    usable: int
    bytes: int
    side: Side
    size: int
    sizes: dict[str, int]
    aspects: dict[str, int]
    traits: dict[str, int]
    classes: dict[str, int]
    captions: int
    bad: tuple[Bad, ...]
    alike: tuple[Alike, ...]
    advice: tuple[str, ...]
    pictures: tuple[Picture, ...]


def report(sources: Sequence[str], pictures: Sequence[Picture], bad: Sequence[Bad], groups: Sequence[Alike]) -> Report:
    """Count what is there and say what follows from it."""
    sides = sorted(min(picture.width, picture.height) for picture in pictures)
    side = Side(sides[0], sides[len(sides) // 10], sides[len(sides) // 2], sides[-1]) if sides else Side()
    classes = counted(picture.label for picture in pictures if picture.label)
    return Report(
        sources=tuple(sources),
        usable=len(pictures),
        bytes=sum(picture.bytes for picture in pictures),
        side=side,
        size=max((size for size in SIZES if size <= side.tenth), default=SIZES[0]),
        sizes=counted((f"{picture.width} x {picture.height}" for picture in pictures), LISTED),
        aspects=counted(aspect(picture.width, picture.height) for picture in pictures),
        traits=counted(trait for picture in pictures for trait in picture.traits),
        classes=dict(sorted(classes.items())),
        captions=sum(bool(picture.caption) for picture in pictures),
        bad=tuple(bad),
        alike=tuple(groups),
        advice=tuple(advice(pictures, bad, groups, classes)),
        pictures=tuple(pictures),
    )


def counted(values: Iterable[str], most: int | None = None) -> dict[str, int]:
    """How often each value comes, the most frequent first."""
    return dict(Counter(values).most_common(most))


def aspect(width: int, height: int) -> str:
    """The shape in words."""
    ratio = width / height
    if 0.98 <= ratio <= 1.02:
        return "square"
    if ratio > 2 or ratio < 0.5:
        return "panorama" if ratio > 2 else "tall strip"
    return "landscape" if ratio > 1 else "portrait"


def advice(
    pictures: Sequence[Picture], bad: Sequence[Bad], groups: Sequence[Alike], classes: dict[str, int]
) -> list[str]:
    """Sentences that a person can act on."""
    said: list[str] = []
    copies = sum(len(group.others) for group in groups)
    named = len(classes) > 1 and sum(classes.values()) == len(pictures)
    if not pictures:
        said.append("Nothing here can be used; the list of bad files says why.")
    elif len(pictures) - copies < FEW:
        said.append(
            f"{len(pictures) - copies} different pictures are few: start from a trained model, not from nothing."
        )
    if copies > MANY_ALIKE * len(pictures):
        said.append(f"{copies} pictures look like another one; --drop-duplicates leaves them out.")
    if named and max(classes.values()) > 10 * min(classes.values()):
        said.append("Some classes have ten times as many pictures as others; the small ones will be learnt badly.")
    if bad:
        said.append(f"{len(bad)} files cannot be used and are left out by themselves.")
    return said


def fix(reason: str) -> str:
    """What a person can do about a reason."""
    return next((remedy for word, remedy in FIXES.items() if word in reason), NO_FIX)
