"""`dataset check`: tables for a person, JSON for a program."""

import json


def test_a_report(say, photos, tmp_path):
    said = say("dataset", "check", photos, "--json", tmp_path / "r.json", "--processes", 1)
    assert said.code == 0
    assert "20 (" in said.out
    assert "cats/broken.png" in said.out
    report = json.loads((tmp_path / "r.json").read_text())
    assert report["usable"] == 20
    assert report["classes"] == {"cats": 10, "dogs": 10}
    assert [bad["name"] for bad in report["bad"]] == ["cats/broken.png"]


def test_nothing_usable_is_told_by_the_exit_code(say, tmp_path):
    (tmp_path / "[red]a.png").write_bytes(b"")
    said = say("dataset", "check", tmp_path)
    assert said.code == 1
    assert "[red]a.png" in said.out


def test_bad_wishes_are_one_sentence(say, tmp_path):
    assert "does not exist" in say("dataset", "check", tmp_path / "none").complaint()
    assert "SOURCE must be given" in say("dataset", "check").complaint()
    assert "holds no pictures" in say("dataset", "check", tmp_path).complaint()
    (tmp_path / "a.zip").write_bytes(b"x")
    assert "is no zip file" in say("dataset", "check", tmp_path / "a.zip").complaint()
    assert "--processes 0" in say("dataset", "check", tmp_path, "--processes", 0).complaint()
