"""Squares are cut where they should be, and the one with most to be seen holds it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data.pictures import BadPicture
from engine.data.preparation import faces, saliency
from engine.data.preparation.cutting import cut, share, starts
from engine.data.preparation.items import Item
from engine.data.preparation.plan import BadPlan, Plan, checked
from engine.data.preparation.previews import preview


def field(size: tuple[int, int], spot: tuple[int, int], radius: int = 14) -> Image.Image:
    """A soft slope from dark to light with one colourful thing on it."""
    width, height = size
    slope = np.linspace(60, 120, width)[None, :, None] + np.linspace(0, 20, height)[:, None, None]
    pixels = np.repeat(slope, 3, axis=2).astype(np.uint8)
    down, across = np.indices((height, width))
    inside = (across - spot[0]) ** 2 + (down - spot[1]) ** 2 <= radius**2
    pixels[inside & (((across // 4) + (down // 4)) % 2 == 0)] = (250, 240, 40)
    pixels[inside & (((across // 4) + (down // 4)) % 2 == 1)] = (30, 20, 90)
    return Image.fromarray(pixels)


@pytest.mark.parametrize("where", [30, 120, 200, 330, 370])
@pytest.mark.parametrize("upright", [False, True])
def test_the_smart_square_holds_what_stands_out(where: int, upright: bool):
    image = field((400, 100), (where, 50))
    if upright:
        image = image.transpose(Image.Transpose.TRANSPOSE)
    (part,) = cut(Plan(size=64, crop="smart"), "a", image, *image.size)
    begin, end = (part[1], part[3]) if upright else (part[0], part[2])
    assert end - begin == 100
    assert begin <= max(0, where - 14)
    assert end >= min(400, where + 14)


def test_saliency_is_high_at_the_thing(rng: np.random.Generator):
    weights = saliency.saliency(field((300, 150), (220, 40)))
    assert weights.sum() == pytest.approx(1)
    down, across = np.unravel_index(np.argmax(weights), weights.shape)
    assert abs(across / weights.shape[1] - 220 / 300) < 0.08
    assert abs(down / weights.shape[0] - 40 / 150) < 0.12
    noise = Image.fromarray(rng.integers(0, 256, (40, 90, 3), np.uint8))
    assert np.isfinite(saliency.saliency(noise)).all()


@pytest.mark.parametrize("size", [(400, 100), (1, 300), (300, 1), (7, 5)])
def test_a_plain_picture_is_cut_in_its_middle(size: tuple[int, int]):
    across, down = saliency.square(Image.new("RGB", size, (90, 90, 90)))
    middle = (max(0, 1 - size[1] / size[0]) / 2, max(0, 1 - size[0] / size[1]) / 2)
    # What is looked at is at most four times as long as wide.
    assert (across, down) == pytest.approx(middle, abs=0.14)
    (part,) = cut(Plan(size=16, crop="smart"), "a", Image.new("RGB", size), *size)
    assert part[0] >= 0 and part[1] >= 0 and part[2] <= size[0] and part[3] <= size[1]  # noqa: PT018


def test_middle_whole_and_box():
    image = Image.new("RGB", (30, 20))
    assert cut(Plan(size=8), "a", image, 30, 20) == [(5, 0, 25, 20)]
    assert cut(Plan(size=8, crop="none"), "a", image, 30, 20) == [(0, 0, 30, 20)]
    plan = Plan(size=8, boxes={"a": (2, 4, 10, 20), "b": (20, 0, 31, 20)})
    assert cut(plan, "a", image, 30, 20) == [(2, 8, 10, 16)]
    assert share(plan, "a", 30, 20) == 2 * 8 / 8
    with pytest.raises(BadPicture, match="reaches beyond"):
        cut(plan, "b", image, 30, 20)


@pytest.mark.parametrize(
    ("length", "side", "overlap"), [(100, 100, 0.0), (101, 100, 0.0), (1000, 64, 0.25), (999, 7, 0.5)]
)
def test_tiles_cover_everything(length: int, side: int, overlap: float):
    begins = starts(length, side, overlap)
    assert begins[0] == 0
    assert begins[-1] == length - side
    assert all(0 < b - a <= side * (1 - overlap) + 1 for a, b in pairwise(begins))


def test_tiles_of_a_picture():
    image = Image.new("RGB", (200, 120))
    parts = cut(Plan(size=64, tile=0.0), "a", image, 200, 120)
    assert len(parts) == 4 * 2
    assert all(right - left == bottom - top == 64 for left, top, right, bottom in parts)
    assert cut(Plan(size=64, tile=0.0, tile_side=150), "a", image, 200, 120) == [(0, 0, 120, 120), (80, 0, 200, 120)]
    with pytest.raises(BadPicture, match="tiles"):
        cut(Plan(size=4, tile=0.5), "a", image, 2000, 1200)


def test_a_square_around_a_face():
    assert faces.around(50, 50, 20, (100, 100)) == (0.3, 0.3, 0.4)
    assert faces.around(5, 95, 20, (100, 100)) == (0.0, 0.6, 0.4)
    assert faces.around(50, 50, 90, (200, 100)) == (0.0, 0.0, 1.0)


def test_faces_with_their_package(monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("cv2")
    faces.require()
    empty = Image.new("RGB", (300, 200), (120, 120, 120))
    assert faces.square(empty) is None
    with pytest.raises(BadPicture, match="No face"):
        cut(Plan(size=8, crop="faces"), "a", empty, 300, 200)

    class Detector:
        def detectMultiScale(self, grey: np.ndarray, *rest: object, **named: object) -> np.ndarray:
            assert grey.shape == (200, 300)
            return np.array([[10, 10, 20, 20], [200, 100, 40, 40]])

    monkeypatch.setattr(faces, "detector", Detector)
    (part,) = cut(Plan(size=8, crop="faces"), "a", empty, 600, 400)
    assert part == pytest.approx((360, 160, 520, 320))


def test_faces_without_their_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def missing() -> None:
        raise ImportError("cv2")

    monkeypatch.setattr(faces, "detector", missing)
    with pytest.raises(BadPlan, match="one more package"):
        faces.require()
    field((20, 20), (10, 10)).save(tmp_path / "a.png")
    with pytest.raises(BadPlan, match="one more package"):
        preview(Item("a.png", tmp_path / "a.png", 1, 1), Plan(size=8, crop="faces"))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan(size=1), "cannot be made"),
        (Plan(size=8, pad="white"), "--crop none"),
        (Plan(size=8, crop="none", pad="whiteish"), "no colour"),
        (Plan(size=8, background="#12"), "no colour"),
        (Plan(size=8, tile=0.95), "cannot be made"),
        (Plan(size=8, tile=0.5, crop="smart"), "leave cropping"),
        (Plan(size=8, tile_side=9), "--tile OVERLAP"),
        (Plan(size=8, boxes={"a.png": (5, 0, 5, 9)}), "box of a.png"),
        (Plan(size=8, flip=("z",)), "cannot be made"),  # type: ignore[arg-type]
    ],
)
def test_plans_that_contradict_themselves(plan: Plan, words: str):
    with pytest.raises(BadPlan, match=words):
        checked(plan)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
