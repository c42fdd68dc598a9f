"""One picture of a data set is cropped by hand: with the mouse, with keys, undone, seen in its tile, and written so."""

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from explorer.panels.dataset import DatasetDialog
from explorer.widgets.crop_box import LEAST, begun, corner_at, grown, moved, placed, pulled
from tests.explorer.stage import LEFT
from tests.explorer.test_dataset_panel import SOON, choose, dialog, looked

__all__ = ["dialog"]
SIZE = (80, 60)
Box = tuple[int, int, int, int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures whose columns tell their place: red is x, green is y."""
    place = tmp_path / "photos"
    place.mkdir()
    x, y = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    for number in range(3):
        pixels = np.stack([x * 3, y * 4, np.full_like(x, number)], 2).astype(np.uint8)
        Image.fromarray(pixels).save(place / f"{number}.png")
    return place


@pytest.fixture
def ready(qtbot: QtBot, dialog: DatasetDialog, folder: Path) -> DatasetDialog:
    """The dialog with the second picture chosen and seen."""
    looked(qtbot, dialog, folder)
    dialog.options.resolution.setCurrentIndex(0)
    dialog.view.tiles.setCurrentIndex(dialog.view.rows.index(1))
    choose(dialog, "1.png")
    qtbot.waitUntil(lambda: dialog.view.preview._held() is not None, timeout=SOON)
    assert dialog.view.preview._name == "1.png"
    return dialog


def drag(dialog: DatasetDialog, start: tuple[float, float], *ways: tuple[float, float]) -> None:
    """With the mouse, in pixels of the picture."""
    preview = dialog.view.preview

    def at(point: tuple[float, float]) -> QPoint:
        place = preview.place()
        return (QPointF(*point) * (place.width() / SIZE[0]) + place.topLeft()).toPoint()

    QTest.mousePress(preview, LEFT, Qt.KeyboardModifier.NoModifier, at(start))
    for point in ways:
        QTest.mouseMove(preview, at(point))
    QTest.mouseRelease(preview, LEFT, Qt.KeyboardModifier.NoModifier, at(ways[-1] if ways else start))


def chosen(dialog: DatasetDialog) -> Box | None:
    return dialog.view.plan.boxes.get("1.png")


def test_a_square_is_dragged_pulled_and_undone(qtbot: QtBot, ready: DatasetDialog) -> None:
    preview, view = ready.view.preview, ready.view
    drag(ready, (40, 30), (45, 30), (50, 35))
    assert chosen(ready) == (20, 0, 80, 60)  # as far as the picture reaches
    drag(ready, (20, 60), (50, 30))
    left, top, right, bottom = chosen(ready) or (0, 0, 0, 0)
    assert (top, right) == (0, 80)
    assert right - left == bottom - top == pytest.approx(30, abs=1)
    smaller = chosen(ready)
    drag(ready, (10, 50))  # beside it: it comes to the hand
    assert chosen(ready) == (0, 60 - (right - left), right - left, 60)
    for expected in (smaller, (20, 0, 80, 60), None, None):
        QTest.keyClick(preview, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert chosen(ready) == expected
    QTest.keyClick(preview, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert chosen(ready) == (20, 0, 80, 60)
    assert view.rows.data(view.rows.index(1), Qt.ItemDataRole.ToolTipRole).endswith("cropped by hand")
    qtbot.waitUntil(lambda: preview.said.endswith("cropped by hand"), timeout=SOON)
    QTest.mouseClick(view.uncrop, LEFT)
    assert chosen(ready) is None


def test_keys_move_and_resize_it(ready: DatasetDialog) -> None:
    preview = ready.view.preview
    preview.setFocus()
    for key, box in (
        (Qt.Key.Key_Right, (11, 0, 71, 60)),
        (Qt.Key.Key_Right, (12, 0, 72, 60)),
        (Qt.Key.Key_Minus, (13, 1, 71, 59)),
        (Qt.Key.Key_Down, (13, 2, 71, 60)),
        (Qt.Key.Key_Plus, (12, 0, 72, 60)),
    ):
        QTest.keyClick(preview, key)
        assert chosen(ready) == box
    QTest.keyClick(preview, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert chosen(ready) == (2, 0, 62, 60)
    QTest.keyClick(preview, Qt.Key.Key_Delete)
    assert chosen(ready) is None
    QTest.keyClick(preview, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert chosen(ready) == (2, 0, 62, 60)
    QTest.keyClick(preview, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert chosen(ready) is None  # keys one after the other are one gesture


def test_another_source_leaves_what_can_be_undone(qtbot: QtBot, ready: DatasetDialog, tmp_path: Path) -> None:
    drag(ready, (40, 30), (45, 30), (50, 35))
    drag(ready, (50, 30), (45, 30), (40, 30))
    first, second = (20, 0, 80, 60), chosen(ready)
    assert second not in (None, first)
    other = tmp_path / "more"
    other.mkdir()
    Image.new("RGB", (40, 40), "red").save(other / "1.png")
    looked(qtbot, ready, other)
    view = ready.view
    boxes = [dict(view.plan.boxes)]
    for _ in range(3):
        view.crops.undo()
        boxes.append(dict(view.plan.boxes))
    assert boxes == [{"photos/1.png": second}, {"photos/1.png": first}, {}, {}]
    view.crops.redo()
    assert view.plan.boxes == {"photos/1.png": first}


def test_the_square_is_seen_and_written(qtbot: QtBot, ready: DatasetDialog) -> None:
    tiles = ready.view.tiles
    qtbot.waitUntil(lambda: ready.view.pictures.get("1.png") is not None, timeout=SOON)
    before = tiles.grab().toImage()
    drag(ready, (10, 0), (60, 50))
    box = chosen(ready)
    assert box is not None
    assert box[2:] == (70, 60)
    assert tiles.grab().toImage() != before
    qtbot.waitUntil(lambda: ready.view.preview._job is None and not ready.view.preview._rest.isActive(), timeout=SOON)
    QTest.mouseClick(ready.begin, LEFT)
    qtbot.waitUntil(lambda: ready.made is not None, timeout=SOON)
    with zipfile.ZipFile(ready.out.text()) as file:
        cropped, other = (np.asarray(Image.open(BytesIO(file.read(f"00000/img0000000{n}.png")))) for n in (1, 0))
    assert abs(int(cropped[0, 0, 0]) - 3 * box[0]) <= 3
    assert abs(int(cropped[0, 0, 1]) - 4 * box[1]) <= 3
    assert abs(int(other[0, 0, 0]) - 3 * 10) <= 6


def test_a_square_never_leaves_its_picture() -> None:
    size, box = (100, 50), (10, 10, 40, 40)
    assert begun([(25, 0, 75, 50)], size) == (25, 0, 75, 50)
    assert begun([(0, 0, 30, 30), (30, 0, 60, 30)], size) == (25, 0, 75, 50)
    assert moved(box, QPointF(1000, -1000), size) == (70, 0, 100, 30)
    assert grown(box, 1000, size) == (0, 0, 50, 50)
    assert grown(box, -1000, size)[2] - grown(box, -1000, size)[0] == LEAST
    assert placed(-5, 45, 20, (4, 90)) == (0, 45, 4, 49)
    for corner, to, expected in (
        (0, (0, 0), (0, 0, 40, 40)),
        (2, (500, 20), (10, 10, 50, 50)),
        (1, (30, 30), (10, 20, 30, 40)),
        (3, (35, 0), (32, 10, 40, 18)),
    ):
        assert pulled(box, corner, QPointF(*to), size) == expected
    assert [corner_at(box, QPointF(x, y), 1.0) for x, y in ((11, 9), (41, 12), (40, 40), (5, 44), (25, 25))] == [
        0,
        1,
        2,
        3,
        None,
    ]
