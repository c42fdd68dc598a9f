"""What is done to the pictures of a gallery: kept, marked, taken in, put into the trash and back."""

import os
import shutil
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.progress import Progress
from engine.recipe import BadRecipe
from engine.render import png
from engine.render.frame import Frame
from engine.whole import free_path, whole

from . import favourite, marks
from .favourite import Favourite, Refused
from .marks import Marks

TRASH = "Trash"


@dataclass(frozen=True)
class Done:
    """What became of the files: the pictures as they are now, and in words what could not be done."""

    favourites: tuple[Favourite, ...] = ()
    refused: tuple[Refused, ...] = ()


def keep(folder: Path, name: str, frame: Frame, said: Marks | None = None) -> Favourite:
    """Writes a picture as a favourite under a name that is still free. Raises OSError."""
    path = free_path(folder / f"{name}.png")
    png.write(path, frame)
    marks.write(path, said or Marks(added=time.time()))
    return favourite.read(path)


def mark(
    folder: Path, favourites: Sequence[Favourite], change: Callable[[Marks], Marks]
) -> Generator[Progress, None, Done]:
    """Rewrites the marks of these pictures; yields after each."""
    done: list[Favourite] = []
    refused: list[Refused] = []
    for at, item in enumerate(favourites, 1):
        try:
            path = folder / item.name
            marks.write(path, change(favourite.read(path).marks))
            done.append(favourite.read(path))
        except (OSError, ValueError) as error:
            refused.append(Refused(item.name, _words(item.name, error)))
        yield Progress(at, len(favourites))
    return Done(tuple(done), tuple(refused))


def adopt(folder: Path, paths: Sequence[Path]) -> Generator[Progress, None, Done]:
    """Copies pictures made here into the gallery, those that lie there already left alone; yields after each."""
    done: list[Favourite] = []
    refused: list[Refused] = []
    for at, path in enumerate(paths, 1):
        try:
            favourite.read(path)
            if path.resolve().parent != folder.resolve():
                target = free_path(folder / f"{path.stem}.png")
                copy(path, target)
                done.append(favourite.read(target))
        except (OSError, BadRecipe) as error:
            refused.append(Refused(path.name, _words(path.name, error)))
        yield Progress(at, len(paths))
    return Done(tuple(done), tuple(refused))


def discard(folder: Path, names: Iterable[str]) -> dict[str, Path]:
    """Puts pictures into the folder's trash; where each lies now, by its old name. Raises OSError."""
    trash = folder / TRASH
    trash.mkdir(exist_ok=True)
    moved: dict[str, Path] = {}
    for name in names:
        path = folder / name
        if path.exists():
            moved[name] = free_path(trash / f"{path.stem}.png")
            os.replace(path, moved[name])
    return moved


def restore(folder: Path, moved: dict[str, Path]) -> None:
    """Takes back what `discard` did. Raises OSError."""
    for name, path in moved.items():
        target = folder / name
        os.replace(path, free_path(target))


def copy(path: Path, target: Path) -> None:
    """The file, complete or not there at all. Raises OSError."""
    with whole(target) as temporary:
        shutil.copyfile(path, temporary)


def _words(name: str, error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{name}: {error.strerror or error}"
    return str(error)
