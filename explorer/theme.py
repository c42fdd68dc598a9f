"""How everything looks: two palettes of neutral greys, the shipped font, icons tinted to match, one style sheet."""

from dataclasses import asdict, dataclass
from functools import cache
from string import Template

from PyQt6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
)
from PyQt6.QtSvg import QSvgRenderer
from PyQt6.QtWidgets import QApplication

from engine.assets import assets

GRID = 4  # everything lies on multiples of 4 pixels; 8 between things that belong to different groups
TEXT = 13
SMALL = 12


@dataclass(frozen=True)
class Palette:
    """The palette. `a` is amber and means A and what is active, `b` is blue and means B; words on them are `on_accent`."""

    window: str  # behind the picture
    panel: str
    raised: str  # buttons, fields, grooves
    hover: str
    line: str
    edge: str  # around what is raised, where its ground alone would not be seen
    text: str
    secondary: str
    disabled: str  # words of what cannot be used now; they lie on the panel, never on raised
    faint: str  # only for ornaments, never for words
    a: str
    b: str
    a_soft: str
    on_accent: str
    bad: str
    good: str
    focus: str


DARK = Palette(
    window="#1b1b1d",
    panel="#232326",
    raised="#2e2e32",
    hover="#38383d",
    line="#3a3a40",
    edge="transparent",
    text="#e6e6e6",
    secondary="#9a9aa0",
    disabled="#8c8c93",
    faint="#5a5a62",
    a="#ffb454",
    b="#5cc8ff",
    a_soft="#4a3b25",
    on_accent="#1b1b1d",
    bad="#ff8a80",
    good="#86d99b",
    focus="#e6e6e6",
)
LIGHT = Palette(
    window="#dcdcde",
    panel="#f0f0f1",
    raised="#fdfdfd",
    hover="#e2e2e5",
    line="#c4c4c9",
    edge="#d2d2d7",
    text="#1e1e20",
    secondary="#56565d",
    disabled="#66666d",
    faint="#a2a2aa",
    a="#8f5200",
    b="#00639c",
    a_soft="#f5dfbd",
    on_accent="#ffffff",
    bad="#b3261e",
    good="#1f6e37",
    focus="#1e1e20",
)
PALETTES = {"dark": DARK, "light": LIGHT}
SYSTEM = "system"  # as dark or light as the rest of the desktop is

_now = DARK


def palette() -> Palette:
    """The palette in use. Ask at every paint, so that a change of theme is seen at once."""
    return _now


def colour(name: str, alpha: float = 1.0) -> QColor:
    """A colour of the palette in use, for painting."""
    found = QColor(getattr(_now, name))
    found.setAlphaF(alpha)
    return found


def chosen(name: str) -> Palette:
    """The palette that a setting means; dark where the desktop does not say what it is."""
    if name != SYSTEM:
        return PALETTES.get(name, DARK)
    hints = QGuiApplication.styleHints()
    light = hints is not None and hints.colorScheme() == Qt.ColorScheme.Light
    return LIGHT if light else DARK


def apply(application: QApplication, name: str = "dark") -> None:
    """Puts the palette, the font and the style sheet into use, in every window that is open too."""
    global _now
    _now = chosen(name)
    if not application.property("dressed"):  # every one of these visits all widgets
        application.setProperty("dressed", True)
        application.setStyle("Fusion")
        application.setFont(font())
    application.setPalette(_qt_palette(_now))
    sheet = Template((assets() / "theme" / "style.qss").read_text(encoding="utf-8"))
    tick = "tick-light" if _now is LIGHT else "tick-dark"  # the colour of words on the accent
    icons = (assets() / "theme").as_posix()
    application.setStyleSheet(sheet.substitute(asdict(_now), family=family(), icons=icons, tick=tick))


def font(size: int = TEXT, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The shipped font in a size of pixels; figures all of one width, so that numbers do not dance."""
    found = QFont(family())
    found.setPixelSize(size)
    found.setWeight(weight)
    found.setFeature(QFont.Tag("tnum"), 1)
    return found


@cache
def family() -> str:
    """Loads the shipped font once; where it cannot be read, the system's own."""
    names: list[str] = []
    for path in sorted((assets() / "fonts").glob("*.otf")):
        names += QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(path)))
    return names[0] if names else QFont().family()


def icon(name: str, tint: str = "text") -> QIcon:
    """An icon of the shipped set in a colour of the palette, sharp in every size and in every theme."""
    return QIcon(_Tinted(name, tint))


class _Tinted(QIconEngine):
    """Draws a one-colour SVG in the palette's colour at the moment of painting."""

    def __init__(self, name: str, tint: str):
        super().__init__()
        self._name, self._tint = name, tint

    def paint(self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        if painter is None:
            return
        shade = "faint" if mode == QIcon.Mode.Disabled else "a" if state == QIcon.State.On else self._tint
        side = min(rect.width(), rect.height())
        square = QRectF(rect.center().x() + 0.5 - side / 2, rect.center().y() + 0.5 - side / 2, side, side)
        _drawing(self._name, getattr(_now, shade)).render(painter, square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        found = QPixmap(size)
        found.fill(Qt.GlobalColor.transparent)
        painter = QPainter(found)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return found

    def clone(self) -> QIconEngine:
        return _Tinted(self._name, self._tint)


@cache
def _drawing(name: str, shade: str) -> QSvgRenderer:
    text = (assets() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", shade).replace('"2"\n', '"1.75"\n').encode()))


def _qt_palette(now: Palette) -> QPalette:
    roles = QPalette.ColorRole
    found = QPalette()
    for role, name in (
        (roles.Window, now.panel), (roles.WindowText, now.text), (roles.Base, now.raised), (roles.AlternateBase, now.panel),
        (roles.Text, now.text), (roles.Button, now.raised), (roles.ButtonText, now.text), (roles.BrightText, now.bad),
        (roles.Highlight, now.a), (roles.HighlightedText, now.on_accent), (roles.ToolTipBase, now.raised),
        (roles.ToolTipText, now.text), (roles.PlaceholderText, now.secondary), (roles.Link, now.b), (roles.Accent, now.a),
        (roles.Light, now.hover), (roles.Midlight, now.raised), (roles.Mid, now.line), (roles.Dark, now.line),
        (roles.Shadow, now.window),
    ):  # fmt: skip
        found.setColor(role, QColor(name))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        found.setColor(QPalette.ColorGroup.Disabled, role, QColor(now.disabled))
    return found


def program_icon() -> QIcon:
    """The mark of the program: A laid over B."""
    return QIcon(str(assets() / "icons" / "latent-explorer.svg"))
