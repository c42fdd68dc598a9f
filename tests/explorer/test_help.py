"""Help: whatever is under the pointer has words of its own, and a picture that the model has drawn."""

import re
from pathlib import Path

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QCursor
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QLineEdit, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from explorer import help_pictures, help_places, theme
from explorer.help_texts import TOPICS
from explorer.panels.history import HistoryPanel
from explorer.panels.layers import LayersPanel
from explorer.panels.mix import MixPanel
from explorer.panels.models import ModelsPanel
from explorer.panels.shape import ShapePanel
from explorer.panels.train import TrainDialog
from explorer.panels.video import VideoDialog
from explorer.window import Window
from tests.explorer.conftest import PATIENCE
from tests.explorer.stage import LEFT

CONTROLS = (QAbstractButton, QAbstractSlider, QLineEdit, QComboBox, QTabBar)


def silent(root: QWidget) -> list[QWidget]:
    """Controls that nobody has written about."""
    found = [widget for widget in root.findChildren(QWidget) if isinstance(widget, CONTROLS)]
    meant = [w for w in found if w.focusPolicy() != Qt.FocusPolicy.NoFocus and not w.objectName().startswith("qt_")]
    return [widget for widget in meant if not help_places.topic_at(widget)]


def look(window: Window, place: QPoint) -> str:
    QCursor.setPos(place)
    window.help_dock.help.look()
    return window.help_dock.help.topic


def test_every_control_has_a_topic(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    for panel in (*window.panels.values(), window.toolbar, window.status):
        assert not silent(panel), panel
    assert help_places.topic_at(window.canvas) == "canvas"
    film = VideoDialog(window.store, window.bridge, window, tmp_path)
    training = TrainDialog(window.store, window.bridge, window, tmp_path)
    for dialog in (film, training):
        help_places.mark(dialog)
        assert not [w for w in silent(dialog) if not dialog.messages.isAncestorOf(w)]


def test_every_place_names_a_topic_and_every_topic_its_pictures(project: Path) -> None:
    named = {topic for places in help_places.PLACES.values() for topic in places.values()} - {"equalizer"}
    assert named <= TOPICS.keys()
    for name, topic in TOPICS.items():
        assert not topic.shows or topic.shows in help_pictures.SHOWS, name
        assert (project / "assets" / "icons" / f"{topic.icon}.svg").exists(), name
        assert 1 <= len(re.findall(r"[.!?](?:\s|$|\))", topic.text)) <= 4, name
        assert len(topic.text) <= 260, name


def test_f1_shows_it_and_it_follows_the_pointer(window: Window, qtbot: QtBot) -> None:
    assert window.help_dock.isHidden()
    qtbot.keyClick(window.canvas, Qt.Key.Key_F1)
    assert window.help_dock.isVisible()
    assert window.deeds["help"].isChecked()
    window.move(0, 0)
    window.resize(780, 780)  # as large as the screen of the tests
    canvas = window.canvas
    assert look(window, canvas.mapToGlobal(canvas.rect().center())) == "canvas"
    player = window.toolbar.model
    qtbot.waitUntil(lambda: look(window, player.mapToGlobal(player.rect().center())) == "models", timeout=3000)
    assert window.help_dock.help.heading.text() == "Models at hand"
    assert not window.help_dock.help.picture.isVisible()
    close = window.help_dock.titleBarWidget().findChild(QAbstractButton)
    QTest.mouseClick(close, LEFT)
    assert not window.deeds["help"].isChecked()


def test_it_follows_the_focus_too(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window.canvas, Qt.Key.Key_F1)
    window.panels[ShapePanel].psi.slide.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.help_dock.help.topic == "psi"
    window.panels[ShapePanel].cutoff.value.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.help_dock.help.topic == "cutoff"


def test_faces_have_words_of_their_own(window: Window) -> None:
    mix, table = window.panels[MixPanel], window.panels[LayersPanel].view
    for face in ("mix", "strength", "psi", "noise"):
        mix.show_face(face)
        assert help_places.topic_at(mix.equalizer) == f"equalizer.{face}"
        assert help_places.topic_at(mix.tabs) == f"equalizer.{face}"
    table.setCurrentIndex(table.model().index(0, 2))
    assert help_places.topic_at(table) == "equalizer.psi"


def test_small_pictures_are_drawn_for_every_show(window: Window, qtbot: QtBot) -> None:
    info = window.bridge.model
    for name in help_pictures.SHOWS:
        shown = help_pictures.three(name, window.store.recipe, info)
        assert 2 <= len(shown) <= 3, name
    assert help_pictures.three("psi", window.store.recipe, None) == ()


def test_the_pictures_are_the_models_own_and_follow(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window.canvas, Qt.Key.Key_F1)
    panel = window.help_dock.help
    panel._clock.stop()  # wherever the pointer of the tests is
    panel.explain("psi")
    assert [word for word, _ in panel.picture.shown] == ["0", "0.7", "1.5"]
    thumbnails = window.explore.thumbnails

    def drawn() -> bool:
        return all(thumbnails.get(recipe) is not None for _, recipe in panel.picture.shown)

    qtbot.waitUntil(drawn, timeout=PATIENCE)
    before = panel.picture.shown
    qtbot.keyClick(window.canvas, Qt.Key.Key_R)
    qtbot.waitUntil(lambda: panel.picture.shown != before and drawn(), timeout=PATIENCE)
    assert len(window.store.history.entries) == 2


def test_hidden_it_looks_at_nothing_and_stays_out_of_the_way(window: Window, qtbot: QtBot) -> None:
    assert not window.help_dock.help._clock.isActive()
    before = window.help_dock.help.topic
    window.panels[ShapePanel].psi.slide.setFocus()
    assert window.help_dock.help.topic == before
    window.deeds["help"].trigger()
    window.deeds["reset_layout"].trigger()
    assert window.help_dock.isHidden()
    assert not window.deeds["help"].isChecked()


def test_in_front_of_an_audience_it_hides(window: Window, qtbot: QtBot) -> None:
    qtbot.keyClick(window.canvas, Qt.Key.Key_F1)
    qtbot.keyClick(window.canvas, Qt.Key.Key_F11)
    assert not window.help_dock.isVisible()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.help_dock.isVisible()


def test_words_fit_without_scrolling(window: Window, qtbot: QtBot) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application)
    panel = window.help_dock.help
    for name in TOPICS:
        panel.explain(name)
        layout = panel.layout()
        assert layout is not None
        assert layout.totalHeightForWidth(238) <= 232, name


@pytest.mark.parametrize("height", [700, 1000])
def test_the_model_card_gives_way_and_comes_back(window: Window, qtbot: QtBot, height: int) -> None:
    window.resize(1100, height)
    window.reset_layout()
    card = window.docks[ModelsPanel]
    window.deeds["help"].trigger()
    assert (card in window.tabifiedDockWidgets(window.help_dock)) == (height == 700)
    window.deeds["help"].trigger()
    qtbot.waitUntil(lambda: card.widget().minimumHeight() == card.widget().maximumHeight(), timeout=3000)
    assert window.docks[HistoryPanel].isVisible()
