"""Every word of the window can be said in another language, and in German all of them are."""

import ast
import string
from pathlib import Path

import pytest
from PyQt6.QtCore import QTranslator
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from explorer import actions, words
from explorer.settings import Settings
from explorer.settings_dialog import SettingsDialog
from explorer.settings_pages import PAGES
from explorer.tour import Tour
from explorer.words import tr
from tests.explorer import said


@pytest.fixture
def german(qtbot: QtBot) -> object:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    words.use("de", application)
    yield application
    words.use("en", application)


def fields(text: str) -> set[tuple[str, str | None]]:
    return {(name, form) for _, name, form, _ in string.Formatter().parse(text) if name is not None}


def test_a_sentence_and_its_parts(german: object) -> None:
    assert tr("Save picture") == "Bild speichern"
    assert tr("Saved {name}", name="{a}.png") == "{a}.png ist gespeichert"
    assert tr("Nobody has translated {this}", this=1) == "Nobody has translated 1"
    assert tr("{count:,} frames", count=12_345) == "12\u202f345 Bilder"  # a comma would begin a fraction
    words.use("en")
    assert tr("Save picture") == "Save picture"


@pytest.mark.parametrize("language", ["", "xx", "../de", "d e", "en"])
def test_a_language_that_is_not_there_is_english(language: str) -> None:
    assert words.catalogue(language) == {}
    words.use(language)
    assert tr("Quit") == "Quit"


def test_nothing_new_goes_past_the_catalogue(project: Path) -> None:
    passing = {path: found for path, tree in said.sources(project) if (found := said.bypassing(tree))}
    assert not [f"{path} {place}" for path, places in passing.items() for place in places]


def test_the_reader_of_sources_finds_what_it_should() -> None:
    tree = ast.parse(
        'label.setText("Hello")\nlabel.setText(tr("Hello"))\nQLabel(f"{count} keys")\nlabel.setText("·")\n'
        'self.told.emit("Kept")\nself.told.emit(f"Kept {name}")\nlabel.setText("one" if x else tr("two"))\n'
    )
    lines = [int(found.split(":")[0].removeprefix("line ")) for found in said.bypassing(tree)]
    assert sorted(lines) == [1, 3, 6, 7]


@pytest.mark.parametrize("language", [code for code in words.languages() if code != "en"])
def test_a_catalogue_is_whole_and_fits(language: str, project: Path) -> None:
    catalogue, written = words.catalogue(language), said.written(project)
    missing = [f"{place}: {text}" for text, place in written.items() if text not in catalogue]
    assert not missing
    for text, other in catalogue.items():
        assert fields(text) == fields(other), text
        assert other.strip(), text
        assert text.count("\n") == other.count("\n"), text
        assert text[-1:] != "…" or other[-1:] == "…", text
    assert sum(text != other for text, other in catalogue.items()) > len(catalogue) * 0.9


def test_the_window_speaks_it(german: QApplication, qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings)
    qtbot.addWidget(dialog)
    assert dialog.windowTitle() == "Einstellungen"
    assert [dialog.pages.item(at).text() for at in range(len(PAGES))] == ["Aussehen", "Zeichnen", "Dateien"]  # type: ignore[union-attr]
    deeds = actions.make({deed.name: lambda *_: None for deed in actions.DEEDS}, dialog, actions.keys({}))
    assert deeds["save"].text() == "Bild speichern"
    assert deeds["save"].toolTip().startswith("Bild speichern (")
    tour = Tour(dialog, {})
    assert tour.skip.text() == "Überspringen"
    assert len(german.findChildren(QTranslator)) == 1  # Qt's own dialogs too
    assert german.translate("QPlatformTheme", "Cancel") == "Abbrechen"
