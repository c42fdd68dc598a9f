"""What the settings dialog offers, page by page: each setting with its words, one sentence, and when it takes effect."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from . import settings
from .settings import Settings
from .words import languages, tr


@dataclass(frozen=True)
class Row:
    """One setting: with `choices` it is one of some words, with a `place` a folder, and otherwise a number."""

    field: str
    title: str
    text: str
    choices: Callable[[], dict[str, str]] | None = None
    place: Callable[[Settings], Path] | None = None
    """The folder that is meant while the setting is empty."""
    suffix: str = ""
    step: float = 1
    zero: str = ""
    """Words for 0."""
    restart: bool = False


def _themes() -> dict[str, str]:
    return {"dark": tr("Dark"), "light": tr("Light"), "system": tr("As the desktop")}


def _precisions() -> dict[str, str]:
    return {
        "auto": tr("Automatic"), "fp32": tr("32 bit, exact"), "bf16": tr("16 bit (bfloat16)"), "fp16": tr("16 bit (half)"),
    }  # fmt: skip


def _previews() -> dict[str, str]:
    return {"moving": tr("While something moves"), "never": tr("Never")}


def _devices() -> dict[str, str]:
    return {"auto": tr("Automatic: the fastest there is"), "cpu": tr("Processor")}


PAGES: dict[str, tuple[Row, ...]] = {
    "Looks": (
        Row("theme", "Theme", "Greys are neutral in all of them, so that colours are judged fairly.", _themes),
        Row("scale", "Size of everything", "Words, buttons and panels; the picture itself stays as sharp as it is.",
            suffix=" %", step=10, restart=True),
        Row("language", "Language", "Of everything the window says; pictures and files stay the same.", languages,
            restart=True),
    ),
    "Drawing": (
        Row("device", "Device", "What computes the pictures; one that is not there one day gives way to the fastest.",
            _devices, restart=True),
        Row("precision", "Precision", "Of the picture on the screen; what is saved is always drawn in 32 bit.", _precisions),
        Row("threads", "Processor threads", "At most so many draw; whether one alone is faster is found out by measuring.",
            zero="Automatic"),
        Row("previews", "Smaller picture first", "Large models follow the hand with it; what is saved or copied is always whole.",
            _previews),
        Row("models_kept", "Models in memory", "So many can be changed between at once; each takes as much memory as its file.",
            restart=True),
        Row("thumbnails", "Small pictures in memory", "For history, gallery and curves; a thousand take some 64 megabytes.",
            step=100),
    ),
    "Files": (
        Row("pictures", "Saved pictures", "Where Save puts its PNGs.", place=lambda s: settings.pictures_folder(Settings())),
        Row("favourites", "Favourites", "The gallery shows this folder; pictures already there stay where they are.",
            place=lambda s: settings.favourites_folder(Settings(pictures=s.pictures))),
        Row("films", "Films and recordings", "Where films are proposed to go, and where Record writes.",
            place=lambda s: settings.films_folder(Settings()), restart=True),
        Row("models", "Models", "Where the dialog that opens a model begins; empty is beside the last one.",
            place=lambda s: Path(s.recent[0].path).parent if s.recent else Path.home()),
        Row("autosave", "Autosave", "So long after your last change everything is written, in case the lights go out.",
            suffix=" s", step=0.5),
    ),
}  # fmt: skip
ROWS = {row.field: row for rows in PAGES.values() for row in rows}


def defaults(now: Settings) -> Settings:
    """As it came, but for what this dialog does not show: keys, layout, models opened lately."""
    came = Settings()
    return settings.replaced(now, **{field: getattr(came, field) for field in ROWS})


def waits(begun: Settings, now: Settings) -> list[str]:
    """The titles of what was changed and waits for a restart; `begun` are the settings that the program started with."""
    return [row.title for row in ROWS.values() if row.restart and getattr(begun, row.field) != getattr(now, row.field)]
