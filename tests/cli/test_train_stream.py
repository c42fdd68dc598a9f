"""`train` on shards that are read as they come, from the outside."""

import json

import pytest

from engine.training.run import Run
from tests.data.shards import serving, shards

SMALL = ("--preset", "tiny", "--batch", 8, "--precision", "fp32", "--device", "cpu", "--threads", 1, "--kimg", "0.016",
         "--set", "network.resolution=8", "--set", "network.feature_max=8", "--set", "growth.initial=4")  # fmt: skip


def test_a_list_of_shards_with_classes(say, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shards(tmp_path / "set", 2, 6, classes=3)
    (tmp_path / "list.txt").write_text("set/shard-{000..001}.tar\n")
    said = say("train", tmp_path / "list.txt", "--out", tmp_path / "run", *SMALL, "--labels")
    assert "At its end of 16 pictures" in said.out
    config = Run(tmp_path / "run").config()
    assert (config.network.label_size, config.stream.on, config.data) == (3, False, str(tmp_path / "list.txt"))
    assert len(list((tmp_path / "run" / "pictures" / "shards").glob("*.rows"))) == 2
    (tmp_path / "list.txt").write_text("set/shard-000.tar\n")
    assert "the next picture was at byte" in say("resume", tmp_path / "run", "--kimg", "0.032").complaint()


@pytest.mark.parametrize("words", [("--stream",), ("--set", "stream.on=true")])
def test_a_folder_of_shards_at_wish(say, tmp_path, monkeypatch, words):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shards(tmp_path / "set", 2, 6)
    assert say("train", tmp_path / "set", "--out", tmp_path / "run", *SMALL, *words).code == 0
    assert Run(tmp_path / "run").config().stream.on
    assert not list((tmp_path / "run").rglob("*.pixels"))
    assert "cannot change" in say("resume", tmp_path / "run", "--set", "stream.window=3").complaint()


def test_shards_on_a_server_are_tried_and_refused(say, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    shards(tmp_path / "set", 2, 6)
    with serving(tmp_path / "set") as server:
        address = f"{server.address}/shard-{{000..001}}.tar"
        said = say("trial", address, "--out", tmp_path / "run", *SMALL, "--json")
        assert json.loads(said.out)["images"] == 16
        assert "have no class" in say("train", address, "--out", tmp_path / "run", *SMALL, "--labels").complaint()
    for source, sentence in (("pipe:cat x.tar", "run commands"), ("https://x/a.tgz", "no plain tar file")):
        assert sentence in say("train", source, "--out", tmp_path / "run", *SMALL).complaint()
    assert not (tmp_path / "run").exists()
