"""The card of the open model: what its file says, layer by layer, and what its run says of the training."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.progress import ended
from explorer.model_card import ModelCard, Part, course_of, reading, run_of
from explorer.model_words import family_name, in_bytes, shape_in_words, short_path
from explorer.panels.card import CardDialog
from tests.explorer.stage import LEFT, Stage, staged
from tests.models import model_file

PATIENCE = 20_000


def read(path: Path, identity: str = "") -> ModelCard:
    return ended(reading(path, identity))


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """A model in a run's folder, whose training went on after it."""
    run = tmp_path / "run"
    (run / "snapshots").mkdir(parents=True)
    path = run / "snapshots" / "000000300.safetensors"
    shutil.copy(model_file(tmp_path, "stylegan2"), path)
    config = {"data": "faces", "kimg": 25.0, "network": {"resolution": 16}, "growth": {"batches": {"8": 4}}, "note": ""}
    (run / "config.json").write_text(json.dumps(config))
    lines = [{"images": 100 * n, "loss_generator": float(n), "loss_discriminator": 1.0 / n} for n in range(1, 6)]
    (run / "stats.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


@pytest.fixture
def stage(qtbot: QtBot, snapshot: Path) -> Iterator[Stage]:
    with staged(qtbot, snapshot) as stage:
        yield stage


@pytest.fixture
def dialog(stage: Stage, qtbot: QtBot) -> Iterator[CardDialog]:
    dialog = CardDialog(stage.bridge)
    qtbot.addWidget(dialog)
    dialog.show()
    assert stage.bridge.model is not None
    dialog.show_model(stage.bridge.model)
    qtbot.waitUntil(lambda: dialog.card is not None, timeout=PATIENCE)
    yield dialog
    dialog.end()


def test_what_a_file_says(tmp_path: Path) -> None:
    card = read(model_file(tmp_path, "stylegan3", label_size=3))
    facts = dict(card.facts)
    assert (facts["Family"], facts["Licence"], facts["File"]) == ("StyleGAN3", "CC0", "stylegan3.safetensors")
    assert facts["Draws from"] == "a seed and labels, 3 classes"
    assert facts["Seen in training"] == "not said"
    assert len(facts["Identity"]) == 13
    assert facts["Layers"] == str(len(card.layers))
    assert all(part.row >= 0 and part.shape and part.tensors for part in card.layers)
    assert [name for name, _ in card.others] == ["Mapping, from z to w"]
    assert card.course is None
    assert card.training == ()


def test_numbers_are_those_that_were_learnt(tmp_path: Path) -> None:
    part = Part("b4", (("weight", (8, 4, 3, 3)), ("noise.constant", (1, 1, 4, 4)), ("strength", ())))
    assert (part.numbers, part.shape) == (289, "8 × 4 × 3 × 3")
    card = read(model_file(tmp_path, "stylegan2"))
    parts = [*card.layers, *(part for _, parts in card.others for part in parts)]
    from engine.cli.info import model_facts

    assert sum(part.numbers for part in parts) == model_facts(str(tmp_path / "stylegan2.safetensors"))["parameters"]


def test_the_run_tells_of_the_training(snapshot: Path) -> None:
    card = read(snapshot, "f" * 64)
    assert dict(card.training) == {"data": "faces", "kimg": "25.0", "growth.batches.8": "4"}
    assert card.course is not None
    assert dict(card.facts)["Identity"] == "ffffffffffff…"
    run = run_of(snapshot)
    assert run is not None
    until = course_of(run, 300)
    assert until is not None
    assert (until.images, until.generator) == ([100, 200, 300], [1.0, 2.0, 3.0])
    assert course_of(run, 100) is None
    (run / "config.json").write_text("{")
    (run / "stats.jsonl").unlink()
    assert read(snapshot).training == ()
    assert read(snapshot).course is None


def test_the_window_shows_it(dialog: CardDialog, stage: Stage, qtbot: QtBot) -> None:
    info, card = stage.bridge.model, dialog.card
    assert info is not None
    assert card is not None
    assert dialog.name.text() == "stylegan2"
    assert dialog.facts.said("Identity") == f"{info.model.identity[:12]}…"
    assert dialog.layers.topLevelItemCount() == len(info.layers) + len(card.others)
    first = dialog.layers.topLevelItem(0)
    assert first is not None
    assert first.text(0).endswith(info.layers[0].name)
    assert first.childCount() == len(card.layers[0].tensors)
    dialog.layers.expandAll()
    assert dialog.grab().toImage().width() > 0
    QTest.mouseClick(dialog.tabs, LEFT, pos=dialog.tabs.tabRect(1).center())
    assert dialog.training.isVisible()
    assert dialog.training.said("kimg") == "25.0"
    assert dialog.plot is not None
    assert dialog.plot.isVisible()
    assert not dialog.quiet.isVisible()


def test_copy_takes_all_of_it(dialog: CardDialog, qtbot: QtBot) -> None:
    QTest.mouseClick(dialog.copier, LEFT)
    clipboard = QApplication.clipboard()
    assert clipboard is not None
    text = clipboard.text()
    assert dialog.card is not None
    for part in (*(said for _, said in dialog.card.facts), *(layer.name for layer in dialog.card.layers), "kimg: 25.0"):
        assert part in text
    assert dialog.said.text == "The card is on the clipboard."


def test_a_file_that_has_gone_is_told(dialog: CardDialog, stage: Stage, qtbot: QtBot, snapshot: Path) -> None:
    snapshot.unlink()
    assert stage.bridge.model is not None
    dialog.show_model(stage.bridge.model)
    qtbot.waitUntil(lambda: dialog.said.error, timeout=PATIENCE)
    assert "\n" not in dialog.said.text


def test_words() -> None:
    assert [in_bytes(size) for size in (7, 3 * 2**10, 2392152, 364 * 2**20, 2**30)] == [
        "7 bytes", "3.0 KB", "2.3 MB", "364 MB", "1.0 GB",
    ]  # fmt: skip
    assert (family_name("stylegan-xl"), family_name("new")) == ("StyleGAN-XL", "new")
    assert (shape_in_words((2, 3)), shape_in_words(())) == ("2 × 3", "one number")
    assert short_path(Path.home() / "m.pkl") == str(Path("~") / "m.pkl")
    assert len(short_path(Path("/") / ("x" * 99))) == 44
