"""`train`, `resume` and `stop`, from the outside."""

import json
import signal
import subprocess
import sys
import time

import pytest

from engine.training.config import Config
from engine.training.run import Run

SMALL = ("--preset", "tiny", "--batch", 8, "--precision", "fp32", "--device", "cpu", "--threads", 1,
         "--set", "network.resolution=8", "--set", "network.feature_max=8", "--set", "growth.initial=4")  # fmt: skip


def test_train_info_and_resume(say, photos, tmp_path):
    run = tmp_path / "runs" / "a"
    said = say("train", photos, "--out", run, *SMALL, "--kimg", "0.032", "--no-mirror", "--licence", "CC0", "--seed", 3)
    assert said.code == 0
    assert (
        said.err.strip()
        == f"skipped {photos / 'cats' / 'broken.png'}: This is not a picture in a format that can be read."
    )
    assert "At its end of 32 pictures" in said.out
    config = Run(run).config()
    assert (config.mirror, config.licence, config.seed, config.growth.batch) == (False, "CC0", 3, 8)
    facts = json.loads(say("info", run, "--json").out)
    assert (facts["images_seen"], facts["snapshots"], facts["config"]["kimg"]) == (32, 1, 0.032)
    assert "growth.initial" in say("info", run).out

    said = say("resume", run, "--kimg", "0.064")
    assert said.code == 0
    assert "At its end of 64 pictures" in said.out
    assert [line["images"] for line in Run(run).statistics()] == list(range(8, 65, 8))
    assert say("render", "--model", run, "--seeds", 1, "--out", tmp_path / "one.png").code == 0


MINUTE = ("--preset", "stylegan2-tiny", "--batch", 4, "--device", "cpu", "--threads", 1, "--set", "network.resolution=8",
          "--set", "network.feature_max=8")  # fmt: skip


def test_a_stylegan2_begins_with_anothers_weights(say, photos, tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    assert say("train", photos, "--out", first, *MINUTE, "--kimg", "0.008", "--augment", "diffaugment").code == 0
    config = Run(first).config()
    assert (config.ada.mode, config.diffaugment) == ("off", "color,translation,cutout")
    words = ("--transfer", first, "--freeze", 2, "--mirror-y", "--augment", "fixed", "--augment-p", 0.3)
    said = say("train", photos, "--out", second, *MINUTE, "--kimg", "0.008", *words, "--augment-kinds", "bg")
    assert said.code == 0
    config = Run(second).config()
    assert (config.freeze, config.mirror_y, config.ada.mode, config.ada.p) == (2, True, "fixed", 0.3)
    assert (config.ada.kinds, config.ema_rampup, config.transfer) == ("bg", 0.0, str(first))
    assert [line["augment_p"] for line in Run(second).statistics()] == [0.3, 0.3]
    said = say("train", photos, "--out", tmp_path / "third", *SMALL, "--transfer", first)
    assert "is a stylegan2, and this run trains a stylegan1" in said.complaint()


def test_auto_looks_at_the_pictures(photos):
    from engine.cli.train import Train
    from engine.data.scan import scan

    config = Train(folder=str(photos), out=photos, preset="stylegan2-auto", device="cpu").config(scan(photos)[0])
    assert (config.network.resolution, config.phases, config.ada.mode) == (32, "lazy", "ada")


def test_sub_folders_are_classes(say, photos, tmp_path):
    assert say("train", photos, "--out", tmp_path / "run", *SMALL, "--kimg", "0.008", "--labels").code == 0
    facts = json.loads(say("info", tmp_path / "run", "--json").out)
    assert facts["config"]["network"]["label_size"] == 2
    words = ("--model", tmp_path / "run", "--seeds", 1, "--label", "dogs", "--out", tmp_path / "dog.png")
    assert say("render", *words).code == 0
    assert (
        "there is no class 'cows': this model has the classes 0 to 1 (cats, dogs)"
        in say("render", *words[:-4], "--label", "cows", "--out", tmp_path / "cow.png").complaint()
    )


def test_a_run_is_never_overwritten(say, photos, tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    assert "is not empty; choose a new folder" in say("train", photos, "--out", tmp_path, *SMALL).complaint()
    Run.create(tmp_path / "run", Config(data=str(photos)))
    said = say("train", photos, "--out", tmp_path / "run", *SMALL)
    assert "already holds a run" in said.complaint()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--preset", "huge"), "there is no preset 'huge'; there is tiny"),
        (("--preset", "tiny", "--mirror", "--no-mirror"), "contradict each other"),
        (("--preset", "tiny", "--kimg", "0"), "kimg cannot be 0.0"),
        (("--preset", "tiny", "--seed", "-1"), "seed cannot be -1"),
        (("--preset", "tiny", "--device", "tpu"), "there is no device 'tpu' here"),
        (("--preset", "tiny", "--set", "network.resolution=48"), "48 is not a power of two"),
        (("--preset", "tiny", "--set", "growth.fast=1"), "there is no 'fast'; there is initial"),
        (("--preset", "tiny", "--augment", "often"), "invalid choice 'often'"),
        (("--preset", "tiny", "--augment-kinds", "colour"), "ada.kinds cannot be 'colour'"),
        (("--preset", "tiny", "--freeze", "2"), "do not grow"),
        (("--preset", "stylegan2-tiny", "--set", "diffaugment=color"), "one of them is enough"),
        (("--preset", "stylegan2-tiny", "--transfer", "nowhere.pkl"), "nowhere.pkl"),
        ((), "--preset must be given"),
    ],
)
def test_bad_wishes_are_one_sentence_and_leave_no_run(say, photos, tmp_path, words, sentence):
    assert sentence in say("train", photos, "--out", tmp_path / "run", *words).complaint()
    assert list(tmp_path.iterdir()) == []


def test_folders_without_pictures_are_one_sentence_and_leave_no_run(say, tmp_path):
    empty, broken = tmp_path / "empty", tmp_path / "broken"
    empty.mkdir()
    broken.mkdir()
    (broken / "a.png").write_bytes(b"nothing")
    for folder, sentence in (
        (empty, "holds no pictures"),
        (broken, "None of the 1 picture files can be used"),
        (tmp_path / "nowhere", "does not exist"),
        (broken / "a.png", "is a file, not a folder"),
    ):
        assert sentence in say("train", folder, "--out", tmp_path / "run", *SMALL).complaint()
        assert not (tmp_path / "run").exists()


def started(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "engine.cli", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for_steps(process: subprocess.Popen[str], run: Run) -> None:
    until = time.monotonic() + 60
    while not any(True for _ in run.statistics()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent differently there")
def test_an_interrupt_finishes_the_step_saves_and_exits_0(photos, tmp_path):
    run = Run(tmp_path / "run")
    process = started("train", photos, "--out", run.folder, *SMALL, "--kimg", 1000)
    wait_for_steps(process, run)
    for kind in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):
        process.send_signal(kind)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert err.count("Stopping") == 1
    done = [line["images"] for line in run.statistics()][-1]
    assert [path.stem for path in run.states()] == [f"{done:09d}"]
    assert [path.stem for path in run.snapshots()] == [f"{done:09d}"]
    assert f"Saved after {done} of 1000000 pictures" in out


def test_stop_from_elsewhere(say, photos, tmp_path):
    run = Run(tmp_path / "run")
    process = started("train", photos, "--out", run.folder, *SMALL, "--kimg", 1000)
    wait_for_steps(process, run)
    assert say("stop", run.folder).code == 0
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Saved after" in out
    assert not run.stop_requested()
    assert len(run.states()) == 1
