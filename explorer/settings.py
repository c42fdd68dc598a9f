"""How a person likes this machine: looks, keys, folders, models opened lately, where the docks are. One small file of our own."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct
from platformdirs import user_config_path, user_pictures_path, user_state_path, user_videos_path

from engine.whole import free_path, write_bytes

from .words import tr

NAME = "latent-explorer"
MOST_RECENT = 12
VERSION = 1
BAD = "These settings could not be used and are as they came: {bad}. The file is kept as {name}"
NEWER = "The settings are of a newer version, of which only what is known here is used; the file is kept as {name}"
LARGEST = 16 * 2**20  # bytes; a settings file of ours has some thousands

T = TypeVar("T", bound=Struct)


class Recent(Struct, frozen=True):
    """A model file that was opened, so that it can be found again by name and by identity."""

    path: str
    name: str = ""
    identity: str = ""


class Settings(Struct, frozen=True):
    """Unknown fields are left out when reading, so that an older version can read a newer one's file."""

    version: int = VERSION
    theme: Literal["dark", "light", "system"] = "dark"
    scale: Annotated[int, Meta(ge=80, le=200)] = 100
    """How large everything is, in percent."""
    language: Annotated[str, Meta(pattern="^[A-Za-z]{2,8}$")] = "en"
    recent: tuple[Recent, ...] = ()
    geometry: bytes = b""
    docks: bytes = b""
    keys: dict[str, str] = {}
    """Own keys: name of the action -> key, such as {"swap": "Shift+X"}."""
    speed: Annotated[float, Meta(ge=0.02, le=4.0)] = 0.4
    noise_speed: Annotated[float, Meta(ge=0.05, le=8.0)] = 1.0
    morph_seconds: Annotated[float, Meta(ge=0.1, le=600.0)] = 3.0
    morph_ease: Literal["smooth", "linear"] = "smooth"
    morph_path: Literal["straight", "slerp"] = "straight"
    linked: bool = False
    prompts: tuple[str, ...] = ()
    """Used lately, the newest first."""
    handles: bool = True
    """Whether the handles that move and turn the picture are seen."""
    pictures: str = ""
    """Where saved pictures go; empty is the folder "Latent Explorer" among the person's pictures."""
    favourites: str = ""
    """Empty is "Favourites" among the saved pictures."""
    films: str = ""
    """Empty is the folder "Latent Explorer" among the person's videos."""
    models: str = ""
    """Where the dialog that opens a model begins; empty is beside the one that was opened last."""
    device: Annotated[str, Meta(min_length=1, max_length=40)] = "auto"
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    threads: Annotated[int, Meta(ge=0, le=256)] = 0
    """How many draw on a processor; 0 finds out."""
    previews: Literal["moving", "never"] = "moving"
    """Whether a picture that takes long is shown smaller first."""
    models_kept: Annotated[int, Meta(ge=1, le=20)] = 5
    """Models that stay in memory."""
    thumbnails: Annotated[int, Meta(ge=100, le=20_000)] = 1000
    """Small pictures that stay in memory."""
    autosave: Annotated[float, Meta(ge=0.5, le=60.0)] = 1.5
    """Seconds of rest before the session is written."""
    screen: str = ""
    """The monitor that the picture was last shown on."""
    toured: bool = False


def replaced(settings: Settings, **fields: Any) -> Settings:
    """The settings with other values of these fields."""
    return msgspec.structs.replace(settings, **fields)


def with_recent(settings: Settings, recent: Recent) -> Settings:
    """The settings with this model at the front of those opened lately."""
    others = tuple(r for r in settings.recent if r.path != recent.path)
    return msgspec.structs.replace(settings, recent=(recent, *others)[:MOST_RECENT])


def pictures_folder(settings: Settings) -> Path:
    """Where saved pictures go."""
    return Path(settings.pictures) if settings.pictures else user_pictures_path() / "Latent Explorer"


def favourites_folder(settings: Settings) -> Path:
    """Where favourites are kept."""
    return Path(settings.favourites) if settings.favourites else pictures_folder(settings) / "Favourites"


def films_folder(settings: Settings) -> Path:
    """Where films and recordings go."""
    return Path(settings.films) if settings.films else user_videos_path() / "Latent Explorer"


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


def machine(path: Path) -> tuple[Settings, str]:
    """The person's settings, and a sentence where not all of the file could be used, which is then kept beside it."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except FileNotFoundError:
        return Settings(), ""
    except OSError as error:
        return Settings(), tr(
            "The settings cannot be read, so these are the defaults: {reason}", reason=error.strerror or error
        )
    try:
        written = msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.MsgspecError, ValueError, RecursionError):
        kept = set_aside(path)
        return Settings(), tr(
            "The settings file was damaged, so these are the defaults; it is kept as {name}", name=kept
        )
    found, bad = _usable(written)
    if not bad and found.version <= VERSION:
        return found, ""
    kept = set_aside(path)
    found = msgspec.structs.replace(found, version=VERSION)
    if bad:
        return found, tr(BAD, bad=", ".join(bad), name=kept)
    return found, tr(NEWER, name=kept)


def _usable(written: dict[str, Any]) -> tuple[Settings, list[str]]:
    """What can be used of it, each field for itself, and the names of the others."""
    good: dict[str, Any] = {}
    bad: list[str] = []
    for field in msgspec.structs.fields(Settings):
        if field.name in written:
            try:
                good[field.name] = msgspec.convert(written[field.name], field.type)
            except (msgspec.ValidationError, ValueError):
                bad.append(field.name)
    return Settings(**good), bad


def set_aside(path: Path) -> str:
    """Renames a file that cannot be read, for a person to look at; gives the new name, never that of an earlier one."""
    kept = free_path(path.with_suffix(".damaged"))
    try:
        os.replace(path, kept)
    except OSError:
        return path.name  # it stays where it is, and is written over by the next save
    return kept.name


def write(data: Struct, path: Path) -> None:
    """The data, complete or not there at all. Raises OSError."""
    write_bytes(path, msgspec.json.encode(data))
