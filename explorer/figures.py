"""Numbers as the language in use writes them; whoever types one may use a comma or a point. Files know only the point."""

import re

from PyQt6.QtCore import QLocale

NUMBER = re.compile(r"[-+−]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(e[-+]?\d+)?(\s?([kKMGT]i?B|ms|s|min|%))?")
POINT = "."
_mark = POINT
_foreign = False


def use(language: str) -> None:
    """Numbers look as they do in this language from now on."""
    global _mark, _foreign
    _mark, _foreign = (POINT, False) if language == "en" else (QLocale(language).decimalPoint(), True)


def figure(value: float, form: str = "g") -> str:
    """The number by a format such as ".2f" or "," with a minus that is as wide as a plus."""
    return said(format(value, form).replace("-", "−", 1) if value < 0 else format(value, form))


def brief(value: float) -> str:
    """The number with at most two decimals, and none that say nothing."""
    text = f"{value:.2f}".rstrip("0").rstrip(POINT)
    return "0" if text == "-0" else said(text.replace("-", "−"))


def said(text: str) -> str:
    """A number that is written as in English, in the language in use: narrow spaces between thousands, its own decimal mark."""
    if not _foreign or not NUMBER.fullmatch(text):
        return text
    return text.replace(",", "\u202f").replace(POINT, _mark)


def plain(text: str) -> str:
    """What somebody has typed, as Python and Qt read it."""
    return text.replace("−", "-").replace(",", POINT)


def read(text: str) -> float:
    """The number that somebody has typed. Raises ValueError."""
    return float(plain(text.strip()))
