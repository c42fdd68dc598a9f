"""The program's own words: help texts with examples, and refusals without tracebacks."""

import subprocess
import sys
import time

import pytest

from engine.cli.main import COMMANDS
from engine.cli.presets import PRESET_NOTES


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_examples(say, command):
    said = say(*command.split(), "--help")
    assert (said.code, said.err) == (0, "")
    assert "Examples:" in said.out
    assert f"latent-explorer {command}" in said.out


@pytest.mark.parametrize("words", [(), ("--help",), ("help",), ("dataset", "--help"), ("dataset",)])
def test_the_commands_are_listed(say, words):
    said = say(*words)
    assert said.code == 0
    assert "dataset sample" in said.out


def test_presets_are_listed_with_a_sentence_each(say):
    from engine.training.presets import PRESETS

    assert list(PRESETS) == list(PRESET_NOTES)
    said = say("train", "--help")
    for name, note in PRESET_NOTES.items():
        assert name in said.out
        assert note in said.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("rendr",), "there is no command 'rendr'; did you mean render?"),
        (("fly",), "there is no command 'fly'; there is render, mix"),
        (("dataset", "foo"), "there is: dataset check, dataset prepare, dataset sample"),
        (("render", "--seeds", "1"), "--out must be given; see latent-explorer render --help"),
        (("render", "--sed", "1", "--out", "x"), "unrecognized options: --sed, 1 (perhaps --seeds"),
        (("render", "--out", "x", "--seeds"), "missing value for argument '--seeds'; see"),
        (("render", "--out", "x", "--seeds", "1", "--precision", "fp64"), "invalid choice 'fp64'"),
        (("mix",), "--rows and --cols and --out must be given"),
        (("stop", "nowhere"), "nowhere is not a run"),
        (("resume", "nowhere"), "nowhere is not a run"),
    ],
)
def test_wrong_words_are_one_sentence(say, words, sentence):
    assert sentence.lower() in say(*words).complaint().lower()


def test_a_fault_of_the_program_itself_is_not_hidden(say, monkeypatch):
    def fault(self: object) -> int:
        raise AssertionError("a bug")

    monkeypatch.setattr(COMMANDS["doctor"], "run", fault)
    with pytest.raises(AssertionError, match="a bug"):
        say("doctor")


def test_ctrl_c_ends_quietly(say, monkeypatch):
    def interrupted(self: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(COMMANDS["doctor"], "run", interrupted)
    said = say("doctor")
    assert said.code == 130
    assert said.err.count("\n") == 1


def test_want_of_memory_is_one_sentence(say, monkeypatch):
    def too_much(self: object) -> int:
        raise RuntimeError("CUDA out of memory. Tried to allocate 2 TiB.\nand much more")

    monkeypatch.setattr(COMMANDS["doctor"], "run", too_much)
    assert "not enough memory for this (CUDA out of memory)" in say("doctor").complaint()


def test_as_a_program_it_refuses_without_a_traceback(tmp_path):
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    words = ["render", "--model", str(tmp_path / "bad.safetensors"), "--seeds", "1", "--out", str(tmp_path / "o.png")]
    done = subprocess.run([sys.executable, "-m", "engine.cli", *words], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("latent-explorer: bad.safetensors is not a model file")
    assert done.stderr.count("\n") == 1


def test_help_needs_neither_torch_nor_numpy_and_is_fast():
    code = (
        "import sys; from engine.cli.main import main; code = main(['train', '--help']);"
        "sys.exit(code or sum(name in sys.modules for name in ('torch', 'numpy', 'PIL', 'av')))"
    )
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        times.append(time.perf_counter() - begun)
        assert done.returncode == 0, done.stderr
    assert min(times) < 2.0  # 0.3 s on an idle machine


@pytest.mark.skipif(sys.platform == "win32", reason="there is no bash")
def test_a_reader_that_has_seen_enough_is_no_error():
    words = f"set -o pipefail; {sys.executable} -m engine.cli render --help | true"
    done = subprocess.run(["bash", "-c", words], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
