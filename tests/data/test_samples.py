"""Sample pictures are the same for every number of processes, labelled and licensed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.data import samples
from engine.data.samples import BadSample, sample
from engine.data.scan import contents as contents_of
from engine.data.scan import scan

pytest.importorskip("dicebear")
pytest.importorskip("resvg_py")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_same_pictures_for_any_number_of_processes(tmp_path: Path) -> None:
    steps = list(sample("rings", tmp_path / "one", 5, 32, seed=3, processes=1))
    list(sample("rings", tmp_path / "two", 5, 32, seed=3, processes=2))
    list(sample("rings", tmp_path / "other", 5, 32, seed=4, processes=1))
    one = contents(tmp_path / "one")
    assert [(step.done, step.total) for step in steps] == [(n, 5) for n in range(1, 6)]
    assert one == contents(tmp_path / "two")
    assert one["000000.png"] != contents(tmp_path / "other")["000000.png"]
    assert sorted(one) == [
        *(f"{n:06d}.png" for n in range(5)),
        "LICENSE.txt",
        "dataset.json",
        "labels.json",
        "sample.json",
    ]


def test_what_a_set_holds(tmp_path: Path) -> None:
    list(sample("landscape", tmp_path, 4, 24, processes=1))
    with Image.open(tmp_path / "000003.png") as image:
        assert (image.size, image.mode) == ((24, 24), "RGB")
    labels = json.loads((tmp_path / "labels.json").read_text())
    assert sorted(labels) == [f"{n:06d}.png" for n in range(4)]
    assert labels["000000.png"]["hill1Variant"]
    text = (tmp_path / "LICENSE.txt").read_text(encoding="utf-8")
    assert all(word in text for word in ("landscape", "DiceBear", "CC0 1.0"))


def test_goes_on_where_it_stopped(tmp_path: Path) -> None:
    work = sample("rings", tmp_path, 4, 16, processes=1)
    next(work)
    work.close()
    assert not (tmp_path / "labels.json").exists()
    before = (tmp_path / "000000.png").stat().st_mtime_ns
    list(sample("rings", tmp_path, 4, 16, processes=1))
    list(sample("rings", tmp_path, 5, 16, processes=1))
    assert (tmp_path / "000000.png").stat().st_mtime_ns == before
    assert len(json.loads((tmp_path / "labels.json").read_text())) == 5
    with pytest.raises(BadSample, match="more than 4"):
        next(sample("rings", tmp_path, 4, 16))


def test_several_styles_become_classes(tmp_path: Path) -> None:
    steps = list(sample("rings, stack", tmp_path, 2, 16, processes=1))
    assert [step.done for step in steps] == [1, 2, 3, 4]
    files, skipped = scan(tmp_path, by_class=True)
    assert [file.group for file in files] == ["rings", "rings", "stack", "stack"]
    assert not skipped
    said = contents_of(tmp_path).words().captions
    assert [said[file.path].split(",")[0] for file in files] == ["rings", "rings", "stack", "stack"]
    alone = contents_of(tmp_path / "stack").words().captions
    assert {f"stack/{name}": words for name, words in alone.items()}.items() <= said.items()


def test_transparent_styles_get_a_background() -> None:
    clear = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    image, colour = samples.rasterise(clear, 8, "1-1")
    assert (np.asarray(image) == colour).all()
    assert samples.rasterise(clear, 8, "1-1")[1] == colour != samples.rasterise(clear, 8, "1-2")[1]


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(BadSample, match="already holds something else"):
        next(sample("rings", tmp_path, 1, 16))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    with pytest.raises(BadSample, match="cannot be used"):
        next(sample("rings", tmp_path / "thesis.txt", 1, 16))


@pytest.mark.parametrize("style", ["avataaars", "initials", "bottts", "../x", "", "rings,lorem"])
def test_only_public_domain_styles(tmp_path: Path, style: str) -> None:
    with pytest.raises(BadSample, match=r"there are: .*critters.*landscape.*planets"):
        next(sample(style, tmp_path / "out", 1, 16))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("count", "size"), [(0, 16), (10**7, 16), (1, 0), (1, 9999)])
def test_impossible_sets(tmp_path: Path, count: int, size: int) -> None:
    with pytest.raises(BadSample, match="must lie between"):
        next(sample("rings", tmp_path, count, size))


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(BadSample, match=r'pip install "latent-explorer\[samples\]"'):
        next(sample("rings", tmp_path, 1, 16))
