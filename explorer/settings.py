"""How a person likes this machine: theme, keys, models opened lately, where the docks are. One small file of our own."""

import os
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct
from platformdirs import user_config_path, user_pictures_path, user_state_path

from engine.whole import write_bytes

NAME = "latent-explorer"
MOST_RECENT = 12

T = TypeVar("T", bound=Struct)


class Recent(Struct, frozen=True):
    """A model file that was opened, so that it can be found again by name and by identity."""

    path: str
    name: str = ""
    identity: str = ""


class Settings(Struct, frozen=True):
    """Unknown fields are left out when reading, so that an older version can read a newer one's file."""

    theme: Literal["dark", "light"] = "dark"
    recent: tuple[Recent, ...] = ()
    geometry: bytes = b""
    docks: bytes = b""
    keys: dict[str, str] = {}
    """Own keys: name of the action -> key, such as {"swap": "Shift+X"}."""
    speed: Annotated[float, Meta(ge=0.02, le=4.0)] = 0.4
    linked: bool = False
    handles: bool = True
    """Whether the handles that move and turn the picture are seen."""
    pictures: str = ""
    """Where saved pictures go; empty is the folder "Latent Explorer" among the person's pictures."""


def with_recent(settings: Settings, recent: Recent) -> Settings:
    """The settings with this model at the front of those opened lately."""
    others = tuple(r for r in settings.recent if r.path != recent.path)
    return msgspec.structs.replace(settings, recent=(recent, *others)[:MOST_RECENT])


def pictures_folder(settings: Settings) -> Path:
    """Where saved pictures go."""
    return Path(settings.pictures) if settings.pictures else user_pictures_path() / "Latent Explorer"


def settings_file() -> Path:
    return user_config_path(NAME, appauthor=False) / "settings.json"


def session_file() -> Path:
    return user_state_path(NAME, appauthor=False) / "session.json"


def read(kind: type[T], path: Path) -> T:
    """What the file holds; the defaults when there is none. A damaged one is set aside, so that nothing is lost for good."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError:
        return kind()
    except (msgspec.MsgspecError, ValueError, RecursionError):
        set_aside(path)
        return kind()


def set_aside(path: Path) -> None:
    """Renames a file that cannot be read, for a person to look at."""
    try:
        os.replace(path, path.with_suffix(".damaged"))
    except OSError:
        return  # it stays where it is, and is written over by the next save


def write(data: Struct, path: Path) -> None:
    """The data, complete or not there at all. Raises OSError."""
    write_bytes(path, msgspec.json.encode(data))
