"""Captions: the texts that lie beside pictures, "" where there is none."""

from pathlib import Path

import pytest

from engine.data.folder import Images, prepare
from engine.metrics.captions import captions
from engine.progress import ended
from tests.training.guides import coloured_pictures


def prepared(folder: Path, cache: Path) -> Images:
    return ended(prepare(folder, 8, cache))


def test_captions_are_the_texts_beside_pictures(tmp_path: Path) -> None:
    folder = coloured_pictures(tmp_path / "set", captions=False)
    with pytest.raises(ValueError, match="have no captions"):
        captions(folder, prepared(folder, tmp_path / "cache"))
    (folder / "blue" / "1.txt").write_text("a sea\n at  night ")
    found = captions(folder, prepared(folder, tmp_path / "cache"))
    assert (len(found), sorted(set(found))) == (12, ["", "a sea at night"])
