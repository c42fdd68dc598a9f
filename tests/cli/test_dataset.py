"""`dataset`: sample pictures and the styles there are."""

import json

import pytest

pytest.importorskip("dicebear")


def test_samples_are_drawn_with_labels(say, tmp_path):
    said = say("dataset", "sample", "shapes", tmp_path / "s", "--count", 3, "--size", 16, "--seed", 5)
    assert said.code == 0
    assert len(list((tmp_path / "s").glob("*.png"))) == 3
    assert len(json.loads((tmp_path / "s" / "labels.json").read_text())) == 3


def test_styles_are_listed(say):
    assert "landscape" in say("dataset", "styles").out.split()


def test_bad_wishes_are_one_sentence(say, tmp_path):
    assert "'mona-lisa' is not one of the CC0 styles" in say("dataset", "sample", "mona-lisa", tmp_path).complaint()
    assert "between 4 and 2048" in say("dataset", "sample", "shapes", tmp_path / "s", "--size", 1).complaint()
    (tmp_path / "precious.txt").write_text("mine")
    assert "already holds something else" in say("dataset", "sample", "shapes", tmp_path).complaint()
    assert "OUT must be given" in say("dataset", "sample", "shapes").complaint()
