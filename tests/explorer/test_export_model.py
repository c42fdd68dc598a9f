"""The export dialog: what cannot hold a model says why, and what is written is what `convert` writes."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.checkpoints import load, read_card
from engine.export import graphs
from explorer import model_formats
from explorer.model_formats import FORMATS, free_target
from explorer.panels.export_model import ExportModelDialog
from tests.explorer.stage import LEFT, Stage, staged
from tests.models import model_file

PATIENCE = 20_000
SG2 = {"z_dim": 10, "mapping_dim": 0, "embedding": 0, "clamp": 0.0}


@pytest.fixture(params=["stylegan1", "stylegan2"])
def stage(qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    changes = SG2 if request.param == "stylegan2" else {}
    with staged(qtbot, model_file(tmp_path, request.param, **changes)) as stage:
        yield stage


@pytest.fixture
def dialog(stage: Stage, qtbot: QtBot, tmp_path: Path) -> Iterator[ExportModelDialog]:
    dialog = ExportModelDialog(stage.store, stage.bridge, folder=tmp_path / "out")
    qtbot.addWidget(dialog)
    dialog.show()
    show(dialog, stage, qtbot)
    yield dialog
    dialog.end_look()
    dialog.progress.close_job()


def show(dialog: ExportModelDialog, stage: Stage, qtbot: QtBot) -> None:
    assert stage.bridge.model is not None
    dialog.show_model(stage.bridge.model)
    assert dialog._looking is not None
    qtbot.waitUntil(lambda: dialog._looking is None or not dialog._looking.running(), timeout=PATIENCE)
    qtbot.wait(1)  # for its last signal


def export(dialog: ExportModelDialog, name: str, qtbot: QtBot) -> list[Path]:
    """A click on the format and one on the button; what is there then."""
    QTest.mouseClick(dialog.rows[name], LEFT)
    assert dialog.format.name == name
    before = set(dialog._folder.glob("*"))
    QTest.mouseClick(dialog.start, LEFT)
    qtbot.waitUntil(lambda: bool(dialog.said.text) and dialog.start.isEnabled(), timeout=PATIENCE)
    return sorted(set(dialog._folder.glob("*")) - before)


def test_only_what_fits_can_be_chosen(dialog: ExportModelDialog, stage: Stage) -> None:
    assert stage.bridge.model is not None
    two = stage.bridge.model.family == "stylegan2"
    for name in ("rosinality", "nvidia"):
        assert dialog.rows[name].isEnabled() == two
        assert ("family StyleGAN1" in dialog.rows[name].toolTip()) == (not two)
    for name in ("safetensors", "fp16", "pt2", "npz", "npy"):
        assert dialog.rows[name].isEnabled()
    if not two:
        QTest.mouseClick(dialog.rows["nvidia"], LEFT)
        assert dialog.format.name == "safetensors"


def test_models_are_written_and_read_back(dialog: ExportModelDialog, stage: Stage, qtbot: QtBot) -> None:
    info = stage.bridge.model
    assert info is not None
    names = ("safetensors", "rosinality", "nvidia") if info.family == "stylegan2" else ("safetensors",)
    for name in names:
        written = export(dialog, name, qtbot)
        assert not dialog.said.error
        assert f"{written[0].name} (" in dialog.said.text
        assert load(written[0])[1].identity == info.model.identity
    half = export(dialog, "fp16", qtbot)
    assert [path.name for path in half] == [f"{info.model.name}-2.safetensors"]  # nothing is written over
    assert read_card(half[0]).licence == "CC0"


def test_styles_of_the_picture(dialog: ExportModelDialog, stage: Stage, qtbot: QtBot) -> None:
    info = stage.bridge.model
    assert info is not None
    written = export(dialog, "npz", qtbot)
    with np.load(written[0]) as arrays:
        styles = arrays["w"]
    assert styles.shape == (1, len(info.layers), info.w_dim)
    assert np.array_equal(np.load(export(dialog, "npy", qtbot)[0]), styles)


def test_a_name_that_is_taken_or_cannot_be_is_refused(
    dialog: ExportModelDialog, stage: Stage, qtbot: QtBot, tmp_path: Path
) -> None:
    there = tmp_path / "there.safetensors"
    there.write_bytes(b"mine")
    dialog.out.setText(str(there.with_suffix("")))
    QTest.mouseClick(dialog.start, LEFT)
    assert dialog.said.text == "there.safetensors is there already; choose another name."
    assert there.read_bytes() == b"mine"
    dialog.out.setText(str(there / "inside.safetensors"))
    QTest.mouseClick(dialog.start, LEFT)
    qtbot.waitUntil(lambda: dialog.said.text.startswith("Nothing was written: "), timeout=PATIENCE)
    assert dialog.said.error
    assert dialog.start.isEnabled()


def test_onnx_without_its_packages(
    dialog: ExportModelDialog, stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not dialog.pip.isVisible()
    monkeypatch.setattr(graphs, "find_spec", lambda _: None)
    show(dialog, stage, qtbot)
    qtbot.waitUntil(dialog.pip.isVisible, timeout=PATIENCE)
    assert not dialog.rows["onnx"].isEnabled()
    assert "pip install 'latent-explorer[export]'" in dialog.rows["onnx"].toolTip()
    QTest.mouseClick(dialog.pip, LEFT)
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    assert clipboard.text() == "pip install 'latent-explorer[export]'"


def test_the_work_is_that_of_convert_and_can_be_stopped(
    dialog: ExportModelDialog, stage: Stage, qtbot: QtBot, tmp_path: Path
) -> None:
    info = stage.bridge.model
    assert info is not None
    assert info.path is not None
    work = model_formats.exporting(FORMATS[0], info.path, tmp_path / "new" / "m.safetensors", "")
    assert next(work).note == f"reading {info.path.name}"
    work.close()
    assert list((tmp_path / "new").iterdir()) == []


def test_a_name_is_free_and_safe(tmp_path: Path) -> None:
    onnx = next(format for format in FORMATS if format.name == "onnx")
    assert free_target(onnx, tmp_path, "a/b:c").name == "a_b_c.onnx"
    (tmp_path / "m-synthesis.onnx").touch()
    assert free_target(onnx, tmp_path, "m").name == "m-2.onnx"
    assert free_target(FORMATS[0], tmp_path, "..").name == "model.safetensors"


def test_every_format_of_the_engine_is_offered() -> None:
    from engine.export.latents import ENDINGS as STYLES
    from engine.export.models import ENDINGS
    from engine.export.models import FORMATS as WRITERS

    models = [format for format in FORMATS if not format.latents]
    assert [format.name for format in models] == list(WRITERS)
    assert all(ENDINGS[format.ending] in (format.name, "safetensors") for format in models)
    assert {format.ending for format in FORMATS if format.latents} == set(STYLES)
