"""What the window says in another language: the English sentence is the key, a catalogue of JSON holds the others.

To add a language, put `assets/words/xx.json` beside the others; its entry "" is the language's own name.
What the engine says, which comes with its parts already in it, is in `xx.engine.json`.
"""

import string
from pathlib import Path
from typing import Any

import msgspec
from PyQt6.QtCore import QLibraryInfo, QTranslator
from PyQt6.QtWidgets import QApplication

from engine.assets import assets

from . import figures
from .engine_words import EngineWords


class _Form(string.Formatter):
    """As `str.format`, with numbers as the language writes them."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text = super().format_field(value, format_spec)
        return text if isinstance(value, str) else figures.said(text)


FORM = _Form()
_now: dict[str, str] = {}
_engine = EngineWords(dict)


def tr(text: str, **parts: object) -> str:
    """The text in the language in use, `{name}` in it being a part; what nobody has translated stays English.

    Sentences of the engine are known again, also as parts.
    """
    if not _now or not text:  # "" is the language's own name
        return text.format(**parts) if parts else text
    if parts:
        return FORM.vformat(_now.get(text, text), (), {name: _part(value) for name, value in parts.items()})
    return _now.get(text) or _engine.said(text)


def reason(error: BaseException) -> str:
    """Why something did not work, in the language in use: what the error says, or at least what it is."""
    return tr((error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__)


def inside(title: str) -> str:
    """A title that stands inside of a sentence: English writes it small there, and other languages may not."""
    return title if _now else title.lower()


def use(language: str, application: QApplication | None = None) -> None:
    """This language for all words that are asked for from now on; English where there is no catalogue of it.

    With an application Qt's own dialogs speak it too.
    """
    global _now, _engine
    _now, _engine = catalogue(language), EngineWords(lambda: catalogue(language, "engine"))
    figures.use(language if _now else "en")
    if application is not None:
        _teach(application, language)


def languages() -> dict[str, str]:
    """The languages there are, as code -> own name, English first."""
    codes = sorted(path.stem for path in _folder().glob("*.json") if path.stem.isalpha())
    return {"en": "English", **{code: catalogue(code).get("", code) for code in codes}}


def catalogue(language: str, of: str = "") -> dict[str, str]:
    """English -> that language, of the window or `of` the "engine"; empty for English, and for one that is not there."""
    path = _folder() / (f"{language}.{of}.json" if of else f"{language}.json")
    if not language.isalpha() or not path.exists():
        return {}
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])


def _part(value: object) -> object:
    """What the engine says inside a sentence of the window; numbers, whose form the sentence knows, stay numbers."""
    return _engine.said(str(value)) if isinstance(value, str | Exception) else value


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
