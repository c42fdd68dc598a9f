"""Words that can be read in both palettes, one font, icons that are there."""

import re
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QFontDatabase, QIcon
from PyQt6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from explorer import actions, theme


def luminance(name: str) -> float:
    """Relative luminance (WCAG 2, sRGB)."""
    parts = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(name).getRgbF()[:3] if c is not None
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", theme.PALETTES)
@pytest.mark.parametrize("ground", ["panel", "raised", "hover"])
@pytest.mark.parametrize("ink", ["text", "secondary", "a", "b", "bad", "good"])
def test_words_can_be_read(name: str, ground: str, ink: str) -> None:
    palette = theme.PALETTES[name]
    if (ink, ground) == ("secondary", "hover"):
        return  # only text lies on what is hovered
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("name", theme.PALETTES)
def test_words_on_the_accent_can_be_read(name: str) -> None:
    palette = theme.PALETTES[name]
    assert contrast(palette.on_accent, palette.a) >= 4.5
    assert contrast(palette.a, palette.a_soft) >= 4.5
    assert contrast(palette.secondary, palette.window) >= 4.5


@pytest.mark.parametrize("name", theme.PALETTES)
def test_words_of_what_is_disabled_can_be_read(name: str, project: Path) -> None:
    palette = theme.PALETTES[name]
    assert contrast(palette.disabled, palette.panel) >= 4.5
    assert contrast(palette.text, palette.panel) - contrast(palette.disabled, palette.panel) > 4  # and be told apart
    sheet = (project / "assets" / "theme" / "style.qss").read_text(encoding="utf-8")
    assert "color: $faint" not in sheet.replace("background-color: $faint", "")


@pytest.mark.parametrize("name", theme.PALETTES)
def test_a_disabled_field_is_painted_with_readable_words(qtbot: QtBot, name: str) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    try:
        theme.apply(application, name)
        desk = QWidget()
        desk.setObjectName("panel")
        desk.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        qtbot.addWidget(desk)
        field = QLineEdit("██████", desk)
        field.setEnabled(False)
        desk.resize(160, 40)
        desk.setStyleSheet(f"#panel {{ background: {theme.palette().panel}; }}")
        desk.show()
        image = desk.grab().toImage()
        middle, beside = image.pixelColor(20, 14).name(), image.pixelColor(150, 35).name()
        assert contrast(middle, beside) >= 4.4  # the edge of a letter may be mixed with what is behind it
    finally:
        theme.apply(application, "dark")


@pytest.mark.parametrize("name", theme.PALETTES)
def test_greys_are_neutral(name: str) -> None:
    palette = theme.PALETTES[name]
    for grey in (palette.window, palette.panel, palette.raised):
        red, green, blue, _ = QColor(grey).getRgb()
        assert max(red, green, blue) - min(red, green, blue) <= 6  # type: ignore[type-var,operator]


def test_the_shipped_font_is_used(qtbot: QtBot) -> None:
    assert theme.family() == "Inter"
    assert "Inter" in QFontDatabase.families()


def test_every_icon_that_is_named_is_there(qtbot: QtBot, project: Path) -> None:
    named = {deed.icon for deed in actions.DEEDS if deed.icon}
    for path in (project / "explorer").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'(?:theme\.icon|icon_button)\(\s*"([a-z0-9-]+)"', text))
    missing = [name for name in sorted(named) if not (project / "assets" / "icons" / f"{name}.svg").exists()]
    assert not missing
    for name in named:
        image = theme.icon(name).pixmap(24, 24).toImage()
        assert any(image.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), name


def test_icons_follow_the_theme(qtbot: QtBot) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    icon: QIcon = theme.icon("play")
    dark = icon.pixmap(24, 24).toImage()
    try:
        theme.apply(application, "light")
        assert icon.pixmap(24, 24).toImage() != dark
    finally:
        theme.apply(application, "dark")


@pytest.mark.parametrize("name", theme.PALETTES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("text", "window"),
        ("text", "a_soft"),
        ("secondary", "raised"),
        ("a", "window"),
        ("b", "window"),
        ("bad", "window"),
    ],
)
def test_words_elsewhere_can_be_read(name: str, ink: str, ground: str) -> None:
    palette = theme.PALETTES[name]
    assert contrast(getattr(palette, ink), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("name", theme.PALETTES)
def test_what_has_the_focus_can_be_seen(name: str) -> None:
    palette = theme.PALETTES[name]
    for ground in (palette.panel, palette.raised, palette.window, palette.hover):
        assert contrast(palette.a, ground) >= 3  # WCAG 2.1, 1.4.11: what is no word
    assert contrast(palette.focus, palette.panel) >= 4.5
