"""The panel around the equalizer: A and B, faces, curves, typed numbers."""

import random
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from engine.recipe import seeded
from engine.render.info import LayerInfo
from explorer import mixing
from explorer.curves import Saved, SavedCurves, fitted
from explorer.mixing_presets import HINTS, PRESETS, preset
from explorer.panels.mix import MixPanel
from explorer.widgets.equalizer_edits import REST
from tests.explorer.stage import LEFT, Stage, drag, place, staged
from tests.models import model_file

LAYERS = tuple(
    LayerInfo(row, f"layer {row}", 4 << row // 2, ("coarse", "middle", "fine")[row // 4], True) for row in range(12)
)


@pytest.fixture
def panel(qtbot: QtBot, stage: Stage, tmp_path: Path) -> MixPanel:
    widget = MixPanel(stage.store, stage.bridge, curves=tmp_path / "settings" / "curves.json")
    qtbot.addWidget(widget)
    widget.resize(340, 420)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def amounts(stage: Stage) -> tuple[float, ...]:
    return mixing.amounts(stage.store.recipe, 6)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_give_an_amount_for_every_layer(name: str) -> None:
    values = preset(name, LAYERS, random.Random(1))
    assert len(values) == 12
    assert all(0 <= value <= 1 for value in values)
    assert name in HINTS
    assert preset(name, (), random.Random(1)) == ()
    assert len(preset(name, LAYERS[:1])) == 1


def test_presets_are_what_they_are_called() -> None:
    assert preset("coarse", LAYERS) == (1.0,) * 4 + (0.0,) * 8
    assert preset("middle", LAYERS) == (0.0,) * 4 + (1.0,) * 4 + (0.0,) * 4
    assert preset("fine", LAYERS) == (0.0,) * 8 + (1.0,) * 4
    assert preset("alternating", LAYERS)[:3] == (0.0, 1.0, 0.0)
    assert preset("ramp", LAYERS)[0] == 0
    assert preset("ramp", LAYERS)[-1] == 1
    assert preset("random", LAYERS, random.Random(3)) == preset("random", LAYERS, random.Random(3))


def test_curves_fit_models_of_other_depth() -> None:
    assert fitted((0.0, 1.0), 3) == (0.0, 0.5, 1.0)
    assert fitted((0.0, 0.5, 1.0), 2) == (0.0, 1.0)
    assert fitted((0.3, 0.6), 1) == (0.3,)
    assert fitted((), 4) == ()


def test_saved_curves_survive(tmp_path: Path) -> None:
    curves = SavedCurves(tmp_path / "new" / "curves.json")
    assert curves.all("mix") == []
    curves.save(Saved("dawn", "mix", (0.1, 0.2)))
    curves.save(Saved("dawn", "noise", (2.0,)))
    curves.save(Saved("dawn", "mix", (0.3,)))
    again = SavedCurves(curves.path)
    assert [curve.values for curve in again.all("mix")] == [(0.3,)]
    again.delete("dawn", "mix")
    assert curves.all("mix") == []
    assert len(curves.all("noise")) == 1


def test_damaged_curves_are_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "curves.json"
    path.write_text("{nonsense")
    assert SavedCurves(path).all("mix") == []
    assert not path.exists()
    assert path.with_suffix(".damaged").exists()


def test_the_menu_lays_saves_and_forgets_curves(stage: Stage, panel: MixPanel) -> None:
    def entries() -> dict[str, object]:
        panel.menu.fill()
        return {action.text(): action for action in panel.menu.actions()}

    entries()["All B"].trigger()  # type: ignore[attr-defined]
    assert amounts(stage) == (1.0,) * 6
    assert stage.steps == 1
    panel.menu.name.setText("everything")
    QTest.keyClick(panel.menu.name, Qt.Key.Key_Return)
    entries()["All A"].trigger()  # type: ignore[attr-defined]
    assert amounts(stage) == (0.0,) * 6
    entries()["Everything"].trigger()  # type: ignore[attr-defined]
    assert amounts(stage) == (1.0,) * 6
    panel.show_face("strength")
    assert "Everything" not in entries()
    entries()["Random"].trigger()  # type: ignore[attr-defined]
    assert stage.store.recipe.strength
    entries()["As trained"].trigger()  # type: ignore[attr-defined]
    assert stage.store.recipe.strength == ()
    panel.show_face("mix")
    forget = next(action for text, action in entries().items() if text == "Forget").menu()  # type: ignore[attr-defined]
    forget.actions()[0].trigger()
    assert "Everything" not in entries()


def test_saving_a_curve_where_nothing_can_be_written_is_told(qtbot: QtBot, stage: Stage, panel: MixPanel) -> None:
    (panel.menu._curves.path.parent).write_text("a file where the folder should be")
    panel.menu.fill()
    panel.menu.name.setText("x")
    QTest.keyClick(panel.menu.name, Qt.Key.Key_Return)
    assert stage.errors


def test_faces_are_turned_by_tabs(stage: Stage, panel: MixPanel) -> None:
    assert [panel.tabs.tabText(at) for at in range(panel.tabs.count())] == ["Mix", "Style", "Truncation", "Noise"]
    panel.tabs.setCurrentIndex(2)
    assert panel.equalizer.face.key == "psi"
    drag(panel.equalizer, place(panel.equalizer, 0, 0.5), place(panel.equalizer, 0, 0.25))
    assert stage.store.recipe.truncation.layers == (pytest.approx(-1, abs=0.1),)
    panel.reset.click()
    assert stage.store.recipe.truncation.layers == ()
    assert stage.steps == 2


def test_a_number_can_be_typed(qtbot: QtBot, stage: Stage, panel: MixPanel) -> None:
    panel.equalizer.setFocus()
    panel.equalizer.choose(3)
    QTest.keyClick(panel.equalizer, Qt.Key.Key_Return)
    assert panel.row.number.hasFocus()
    QTest.keyClicks(panel.row.number, "42")
    QTest.keyClick(panel.row.number, Qt.Key.Key_Return)
    qtbot.wait(REST + 80)
    assert amounts(stage)[3] == 0.42
    assert stage.steps == 1
    stage.store.undo()
    assert panel.row.number.value() == 0


def test_who_is_a_and_who_is_b_is_shown_and_a_click_asks_for_another(
    qtbot: QtBot, stage: Stage, panel: MixPanel
) -> None:
    stage.store.do(mixing.with_b(stage.store.recipe, seeded(97)), "")
    assert (panel.header.a.words.text(), panel.header.b.words.text()) == ("seed 0", "seed 97")
    stage.store.do(mixing.swap(stage.store.recipe), "")
    assert (panel.header.a.words.text(), panel.header.b.words.text()) == ("seed 97", "seed 0")
    with qtbot.waitSignal(panel.header.asked, timeout=1000) as asked:
        QTest.mouseClick(panel.header.b, LEFT)
    assert asked.args == ["B"]
    parts = [*panel.header.a.findChildren(QWidget), *panel.header.b.findChildren(QWidget)]
    assert not [part for part in parts if part.focusPolicy() != Qt.FocusPolicy.NoFocus]


def test_a_model_without_w_has_one_slider_and_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    with staged(qtbot, model_file(tmp_path, "progan")) as stage:
        panel = MixPanel(stage.store, stage.bridge, curves=tmp_path / "curves.json")
        qtbot.addWidget(panel)
        panel.show()
        assert panel.tabs.count() == 1
        assert panel.note.isVisible()
        assert "W" in panel.equalizer.toolTip()
        panel.menu.fill()
        assert "Coarse" not in {action.text() for action in panel.menu.actions()}
