"""`info`: of models, pictures, recipes and runs."""

import json

from engine.recipe import Recipe, decode
from engine.render import png


def test_a_model_for_people_and_for_programs(say, model):
    said = say("info", model)
    assert said.code == 0
    for word in ("stylegan1", "CC0", "identity", "coarse", "middle", "fine", "network.w_dim"):
        assert word in said.out
    facts = json.loads(say("info", model, "--json").out)
    assert (facts["family"], facts["resolution"], facts["licence"]) == ("stylegan1", 16, "CC0")
    assert len(facts["identity"]) == 64
    assert [layer["row"] for layer in facts["layers"]] == list(range(6))
    assert facts["bytes"] == model.stat().st_size


def test_a_picture_shows_the_fields_that_can_be_set(say, model, tmp_path):
    path = tmp_path / "p.png"
    say("render", "--model", model, "--seeds", 4, "--set", "truncation.psi=0.25", "--out", path)
    assert "truncation.psi                0.25" in say("info", path).out
    recipe = decode(Recipe, say("info", path, "--json").out)
    assert recipe == png.read(path)
    (tmp_path / "r.json").write_text('{"noise": {"mode": "off"}}')
    assert json.loads(say("info", tmp_path / "r.json", "--json").out)["noise"]["mode"] == "off"


def test_what_cannot_be_told_is_one_sentence(say, tmp_path):
    (tmp_path / "x.txt").write_text("hello")
    (tmp_path / "x.png").write_text("hello")
    (tmp_path / "folder").mkdir()
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json").write_text("{}}")
    for name, sentence in (
        ("x.txt", "not a model file"),
        ("x.png", "not a PNG picture"),
        ("folder", "there is no model in the folder"),
        ("run", "cannot be read"),
        ("nowhere", "neither a file nor an embedded model"),
    ):
        assert sentence in say("info", tmp_path / name).complaint()
