"""Numbers: a decimal comma is shown where the language has one, comma and point are both taken, files keep the point."""

from collections.abc import Iterator

import pytest
from PyQt6.QtCore import QLocale, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from engine.recipe import encode
from explorer import figures, words
from explorer.figures import brief, figure, read
from explorer.store import Store
from explorer.widgets.bound import Knob
from explorer.widgets.decimal_box import DecimalBox
from explorer.widgets.film_settings import FilmSettings
from explorer.widgets.run_settings import RunSettings
from explorer.widgets.time_scale import clock
from explorer.window import Window
from explorer.words import tr


@pytest.fixture
def german() -> Iterator[None]:
    words.use("de")
    yield
    words.use("en")


def test_numbers_look_as_in_the_language(german: None) -> None:
    assert [figure(-0.5, ".2f"), figure(12_345.5, ",.1f"), figure(-3, "+g")] == ["−0,50", "12\u202f345,5", "−3"]
    assert [brief(value) for value in (1.0, 0.25, -0.001, -1.5, 100.0)] == ["1", "0,25", "0", "−1,5", "100"]
    assert clock(63.25) == "1:03,25"
    assert tr("{name} is there: {size:.1f} MB.", name="1.5.mp4", size=1.5) == "1.5.mp4 ist da: 1,5 MB."
    assert [figures.said(text) for text in ("1.5 GiB", "2.1.0", "a.b", "3.5, 4.5")] == [
        "1,5 GiB",
        "2.1.0",
        "a.b",
        "3.5, 4.5",
    ]
    words.use("en")
    assert [figure(-0.5, ".2f"), figure(12_345.5, ",.1f"), brief(0.25)] == ["−0.50", "12,345.5", "0.25"]


@pytest.mark.parametrize("typed", ["1,5", "1.5", " −1,5 ", "-1.5"])
def test_a_comma_is_as_good_as_a_point(typed: str) -> None:
    assert abs(read(typed)) == 1.5


@pytest.mark.parametrize("machine", ["de", "en", "c"])
@pytest.mark.parametrize("typed", ["2,5", "2.5"])
def test_a_field_takes_both_whatever_the_machine_speaks(qtbot: QtBot, german: None, machine: str, typed: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(machine))
    try:
        box = DecimalBox()
    finally:
        QLocale.setDefault(before)
    qtbot.addWidget(box)
    box.setRange(-3.0, 100.0)
    box.setSuffix(" s")
    assert box.text() == "0,00 s"
    for sign, value in (("", 2.5), ("-", -2.5)):
        box.selectAll()
        QTest.keyClicks(box, sign + typed)
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert box.value() == value
    assert box.text() == "−2,50 s"
    box.stepUp()
    assert box.text() == "−1,50 s"


def test_what_is_not_allowed_is_not_taken_for_something_else(qtbot: QtBot, german: None) -> None:
    box = DecimalBox()
    qtbot.addWidget(box)
    box.setRange(5.0, 100.0)
    box.selectAll()
    QTest.keyClicks(box, "1,2")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 5.0, "not 12, as where commas stand between thousands"


def test_there_is_no_other_field_for_decimals_in_the_window(window: Window, qtbot: QtBot) -> None:
    films = FilmSettings()
    qtbot.addWidget(films)
    found = [*window.findChildren(QDoubleSpinBox), *films.findChildren(QDoubleSpinBox)]
    assert len(found) >= 4
    assert all(isinstance(box, DecimalBox) for box in found)


def test_a_recipe_keeps_its_points(german: None, qtbot: QtBot) -> None:
    knob = Knob(store := Store(), "truncation.psi")
    qtbot.addWidget(knob)
    knob.value.setFocus()
    knob.value.selectAll()
    QTest.keyClicks(knob.value, "0,35")
    QTest.keyClick(knob.value, Qt.Key.Key_Return)
    assert (store.recipe.truncation.psi, knob.value.text()) == (0.35, "0,35")
    assert b'"psi":0.35' in encode(store.recipe).replace(b" ", b"")
    assert store.history.now.note.endswith("0,35")


def test_settings_of_a_training_are_typed_with_commas_and_written_with_points(german: None, qtbot: QtBot) -> None:
    form = RunSettings({"kimg": 25.5, "r1_gamma": 10.0, "growth": {"rate": 0.0025}})
    qtbot.addWidget(form)
    assert form.fields["growth.rate"].text() == "0,0025"
    assert form.changes() == {}
    form.fields["growth.rate"].setText("0,001")
    form.others.setText("mixing=0,5, ema_kimg=5")
    assert form.changes() == {"growth.rate": "0.001", "mixing": "0.5", "ema_kimg": "5"}
