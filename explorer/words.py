"""What the window says in another language: the English sentence is the key, a catalogue of JSON holds the others.

To add a language, put `assets/words/xx.json` beside the others; its entry "" is the language's own name.
"""

from pathlib import Path

import msgspec
from PyQt6.QtCore import QLibraryInfo, QTranslator
from PyQt6.QtWidgets import QApplication

from engine.assets import assets

_now: dict[str, str] = {}


def tr(text: str, **parts: object) -> str:
    """The text in the language in use, `{name}` in it being a part; what nobody has translated stays English."""
    said = _now.get(text, text) if text else ""  # "" is the language's own name
    return said.format(**parts) if parts else said


def use(language: str, application: QApplication | None = None) -> None:
    """This language for all words that are asked for from now on; English where there is no catalogue of it.

    With an application Qt's own dialogs speak it too.
    """
    global _now
    _now = catalogue(language)
    if application is not None:
        _teach(application, language)


def languages() -> dict[str, str]:
    """The languages there are, as code -> own name, English first."""
    codes = sorted(path.stem for path in _folder().glob("*.json"))
    return {"en": "English", **{code: catalogue(code).get("", code) for code in codes}}


def catalogue(language: str) -> dict[str, str]:
    """English -> that language; empty for English, and for one that is not there."""
    path = _folder() / f"{language}.json"
    if not language.isalpha() or not path.exists():
        return {}
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])


def _teach(application: QApplication, language: str) -> None:
    for old in application.findChildren(QTranslator):
        application.removeTranslator(old)
        old.setParent(None)
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != "en" and translator.load(f"qtbase_{language}", folder):
        application.installTranslator(translator)


def _folder() -> Path:
    return assets() / "words"
