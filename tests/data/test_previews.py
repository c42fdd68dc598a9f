"""What is shown to somebody who chooses is what will be made."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data.pictures import BadPicture
from engine.data.preparation.items import Frames, Item, Refused, look_into
from engine.data.preparation.making import Made, make_batch
from engine.data.preparation.plan import Plan
from engine.data.preparation.previews import Thumbnail, preview, thumbnails
from tests.data.test_check import scene
from tests.data.test_films import write


@pytest.fixture
def items(tmp_path: Path) -> list[Item]:
    """A large JPEG, a small PNG, a broken file and two frames."""
    scene(0, (300, 200)).save(tmp_path / "a.jpg")
    scene(1, (20, 30)).save(tmp_path / "b.png")
    (tmp_path / "c.png").write_bytes(b"text")
    write(tmp_path / "d.mp4")
    return [found for found in look_into(tmp_path, Frames(1)) if isinstance(found, Item)]


def test_thumbnails(items: list[Item]):
    found = list(thumbnails(items, 48))
    shapes = {each.name: each.pixels.shape for each in found if isinstance(each, Thumbnail)}
    assert shapes["a.jpg"] == (32, 48, 3)
    assert shapes["b.png"] == (30, 20, 3)
    assert shapes["d.mp4 at 1.000 s"] == (36, 48, 3)
    assert [each.name for each in found if isinstance(each, Refused)] == ["c.png"]


def test_a_preview_is_what_will_be_made(items: list[Item]):
    for plan in (Plan(size=16, crop="smart"), Plan(size=64, tile=0.2), Plan(size=16, crop="none", pad="edge")):
        shown = preview(items[0], plan)
        (made,) = make_batch(plan, items[:1])
        assert isinstance(made, Made)
        assert len(shown.after) == len(shown.parts) == len(made.files)
        for one, file in zip(shown.after, made.files, strict=True):
            assert np.array_equal(one, np.asarray(Image.open(BytesIO(file))))
        assert shown.size == (300, 200)
    with pytest.raises(BadPicture, match="not a picture"):
        preview(items[2], Plan(size=16))
