"""Captions: those beside pictures first, else sentences of what sample pictures say of themselves."""

import json
from pathlib import Path

import pytest

from engine.data.folder import Images, prepare
from engine.metrics.captions import captions, colour_name, plain, sentence, telling, told
from engine.progress import ended
from tests.training.guides import coloured_pictures

ROWS = {
    "0.png": {"backgroundColor": "#be123c", "faceVariant": "wide", "eyesVariant": "bigSmile", "ink": "#000000", "x": 0.5,
              "flip": "none", "canvasColor": "#d67a7b"},
    "1.png": {"backgroundColor": "#0369a1", "faceVariant": "wide", "eyesVariant": "none", "ink": "#000000", "x": 0.7,
              "flip": "none", "canvasColor": "#b7c475", "cheeksVariant": "blush"},
}  # fmt: skip


def prepared(folder: Path, cache: Path) -> Images:
    return ended(prepare(folder, 8, cache))


def test_what_differs_becomes_a_sentence() -> None:
    keys = telling(list(ROWS.values()))
    assert keys == ["backgroundColor", "eyesVariant", "cheeksVariant"]
    assert sentence(ROWS["0.png"], keys) == "red background, big smile eyes"
    assert sentence(ROWS["1.png"], keys, "moods") == "moods, teal background, blush cheeks"


@pytest.mark.parametrize(
    ("colour", "name"), [((0, 0, 0), "black"), ((255, 0, 0), "red"), ((150, 190, 250), "light blue")]
)
def test_names_of_colours(colour: tuple[int, int, int], name: str) -> None:
    assert colour_name(colour) == name
    assert told("#" + bytes(colour).hex() + "8f") == name


@pytest.mark.parametrize(("name", "words"), [("hairColor", "hair"), ("bigSmile", "big smile"), ("eye_L02", "eye l02")])
def test_names_become_words(name: str, words: str) -> None:
    assert plain(name) == words


def test_files_beside_pictures_come_before_attributes(tmp_path: Path) -> None:
    folder = coloured_pictures(tmp_path / "set", captions=False)
    names = sorted(path.name for path in (folder / "red").glob("*.png"))
    rows = {name: {"shape": "round" if number else "square", "hue": "warm"} for number, name in enumerate(names)}
    (folder / "red" / "labels.json").write_text(json.dumps(rows))
    images = prepared(folder, tmp_path / "cache")
    assert captions(folder, images) == [""] * 6 + ["red, square shape", *["red, round shape"] * 5]
    (folder / "blue" / "1.txt").write_text("a sea\n at  night ")
    found = captions(folder, prepared(folder, tmp_path / "cache"))
    assert sorted(set(found)) == ["", "a sea at night"]
