"""Hostile files are refused in one sentence; nothing in them runs, is imported, or costs more than a moment."""

import contextlib
import os
import pickle
import random
import struct
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import torch

from engine.weights import BadWeights, Forbidden, limits, read

from .hostile import ODD, WAYS, corpus
from .hostile_archives import TENSORS
from .written import Made, Named, array, call, glob, pickled, program, raw, row, saved, stream, tensor, text, whole

MOMENT = 1.0  # seconds of the processor
MEGABYTE = 2**20


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in, where a file CANARY appears as soon as anything of a hostile file runs."""
    monkeypatch.chdir(tmp_path)
    modules = set(sys.modules)
    yield tmp_path
    assert not (tmp_path / "CANARY").exists()
    assert not {name for name in set(sys.modules) - modules if not name.startswith(("torch.", "numpy.", "encodings."))}


def refusal(place: Path, data: bytes) -> BadWeights:
    path = place / "model.pkl"
    path.write_bytes(data)
    with pytest.raises(BadWeights) as caught:
        read(path)
    sentence = str(caught.value)
    assert sentence.startswith("model.pkl ")
    assert sentence.isprintable()
    assert len(sentence) < 400
    return caught.value


@pytest.mark.skipif(os.name != "posix", reason="the canary is touched by a shell")
def test_the_canary_would_sing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pickle.loads(WAYS["GLOBAL REDUCE"]("os", "system"))
    assert (tmp_path / "CANARY").exists()


def test_everything_in_the_corpus_is_refused_at_once(place: Path) -> None:
    files = corpus()
    for name, data in files.items():
        start = time.process_time()
        try:
            error = refusal(place, data)
        except pytest.fail.Exception:
            pytest.fail(f"{name} was read")
        assert time.process_time() - start < MOMENT, name
        if ": " not in name:  # a way to name something, and what is asked for
            assert isinstance(error, Forbidden), name
            assert name.split(" ")[-1] in str(error)
    assert len(files) > 900


def test_requests_are_told_from_damage(place: Path) -> None:
    for name, data in ODD.items():
        assert "is damaged" not in str(refusal(place, data)), name


def test_names_are_printed_safely(place: Path) -> None:
    sentence = str(refusal(place, program(text("os\n\x1b[2J"), text("é" * 5_000), b"\x93")))
    assert "os\\n\\x1b[2J" in sentence


def test_embedded_source_and_code_stay_as_they_are(place: Path) -> None:
    """What official loaders would compile and run is text here, and code objects are names."""
    source = "open('CANARY', 'w').close()"
    meta = {"type": "class", "version": 6, "module_src": source, "class_name": "Generator", "state": {}}
    code = Made(Named("types", "CodeType"), (0, 0, 0, b"\x64\x00\x53\x00" * 50))
    data = [Made(Named("torch_utils.persistence", "_reconstruct_persistent_obj"), (meta,)), code]
    (place / "model.pkl").write_bytes(pickled(data))
    generator, name = read(place / "model.pkl")
    assert generator.args[0]["module_src"] == source
    assert repr(name) == "Global(types.CodeType)"


def test_a_module_of_the_same_name_is_not_imported(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even one that genuine files name."""
    (place / "dnnlib").mkdir()
    (place / "dnnlib" / "__init__.py").write_text("open('CANARY', 'w').close()")
    monkeypatch.syspath_prepend(place)
    (place / "model.pkl").write_bytes(program(call("dnnlib", "Network"), b"N\x86"))
    assert repr(read(place / "model.pkl")[0]) == "Stub(dnnlib.Network)"
    assert "dnnlib" not in sys.modules


SMALL = {
    "pickle": pickle.dumps({"x": torch.arange(3.0), "y": [1, 2.5, "text", None]}, 4),
    "pickle 2": pickle.dumps({"x": torch.arange(3.0), "y": [1, 2.5, "text", None]}, 2),
    "array": program(array(row(4), raw(bytes(16)))),
    "zip": TENSORS,
    "legacy": saved({"x": torch.arange(3.0)}, _use_new_zipfile_serialization=False),
}


@pytest.mark.parametrize("name", SMALL)
def test_a_file_cut_at_any_length_is_refused(place: Path, name: str) -> None:
    data = SMALL[name]
    for length in range(len(data)):
        refusal(place, data[:length])


CHOSEN = b"".join(b"\x8a\x08" + struct.pack("<q", i << 40) + b"N" for i in range(1_024))  # their hashes collide
SHELL = call("numpy.core.multiarray", "_reconstruct", glob("numpy", "ndarray")) + b"\x94"
LOAD = ("torch.storage", "_load_from_bytes")
HEAVY: dict[str, Callable[[int], bytes]] = {  # streams that make so many instructions as expensive as they can be
    "sets": lambda steps: program(b"\x8f" * steps),
    "dictionaries": lambda steps: program(b"}NNs" * (steps // 4)),
    "lists of lists": lambda steps: program(b"(", b"]Na" * (steps // 4), b"l"),
    "tuples": lambda steps: program(b"N", b"\x85" * (steps - 5_000)),
    "values remembered": lambda steps: program(b"N", b"\x94" * steps),
    "array remembered and finished": lambda steps: program(SHELL, b"\x94" * (steps // 2), b"(Nb" * (steps // 3)),
    "stubs": lambda steps: program(glob("argparse", "Namespace"), b"\x94", b"h\x00)\x81" * (steps // 3)),
    "classes": lambda steps: program(text("training"), b"\x94", text("x"), b"\x94", b"h\x00h\x01\x93" * (steps // 3)),
    "chosen keys": lambda steps: program((b"}(" + CHOSEN + b"u") * (steps // 2_050)),
    "wide letters": lambda steps: program(b"\x8c\x04\xf0\x9f\x98\x80" * steps),
    "long lines": lambda steps: program((b"F" + b"1" * 1_000 + b"\n") * (steps // 50)),
    "one list as sets": lambda steps: program(
        b"(" + b"N" * 1_000 + b"l\x94", call("builtins", "set", b"h\x00") * (steps // 6)
    ),
    "one text as bytes": lambda steps: program(
        text("x" * 10**6), b"\x94", call("_codecs", "encode", b"h\x00", text("latin1")) * (steps // 6)
    ),
    "one storage as tensors": lambda steps: program(
        *(call(*LOAD, raw(stream(2**18, bytes(2**20)))), b"\x94"),
        tensor(b"K\x00", row(2**18), row(1), b"h\x00") * (steps // 50),
    ),
    "one stream as storages": lambda steps: program(
        raw(stream(4, bytes(16))), b"\x94", call(*LOAD, b"h\x00") * (steps // 10)
    ),
    "frames": lambda steps: program(b"\x95" + bytes(8)) * steps,
    "one integer": lambda steps: program(whole(2**200), b"\x94", b"h\x00" * steps),
}


@pytest.mark.parametrize("name", HEAVY)
def test_no_stream_costs_more_than_its_length_earns(place: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    steps = limits.STEPS // 10
    monkeypatch.setattr(limits, "STEPS", steps)
    _costs(place, HEAVY[name](steps + 1_000), seconds=1, megabytes=200)


def test_the_full_number_of_instructions_is_a_matter_of_seconds(place: Path) -> None:
    _costs(place, HEAVY["chosen keys"](limits.STEPS + 1_000), seconds=5, megabytes=600)


def _costs(place: Path, data: bytes, seconds: float, megabytes: int) -> None:
    path = place / "model.pkl"
    path.write_bytes(data)
    before, start = psutil.Process().memory_info().rss, time.process_time()
    with pytest.raises(BadWeights) as caught:  # whose frames still hold all that was read
        read(path)
    assert psutil.Process().memory_info().rss - before < megabytes * MEGABYTE + len(data), str(caught.value)
    assert time.process_time() - start < seconds


def test_whole_numbers_of_steps_are_refused(place: Path) -> None:
    error = refusal(place, program(b"N0" * limits.STEPS))
    assert "instructions" in str(error)


def test_missing_files_and_folders_are_refused(place: Path) -> None:
    for path, reason in ((place / "none.pkl", "does not exist"), (place, "is no file")):
        with pytest.raises(BadWeights, match=reason):
            read(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are a matter of POSIX")
def test_a_pipe_is_refused_without_waiting(place: Path) -> None:
    os.mkfifo(place / "pipe.pkl")
    with pytest.raises(BadWeights, match="is no file"):
        read(place / "pipe.pkl")


def test_random_programs_only_ever_refuse(place: Path) -> None:
    """Instructions at random reach more of the machine than bytes at random."""
    luck = random.Random(5)
    pieces = [
        *(bytes([code]) for code in b"()}]Nlatdseubq0124RohQ\x81\x85\x86\x87\x88\x8f\x90\x91\x93\x94"),
        *(b"K\x00", b"h\x00", b"h\x01", b"q\x00", glob("training", "x"), glob("dill._dill", "_load_type")),
        *(
            text("x"),
            row(2),
            raw(bytes(16)),
            call("collections", "OrderedDict"),
            whole(-1),
            array(row(4), raw(bytes(16))),
        ),
        *(tensor(b"K\x00", row(4), row(1)), call("numpy", "dtype", text("f4")), glob("torch", "FloatStorage")),
    ]
    path = place / "model.pkl"
    for _ in range(1_000):
        path.write_bytes(program(*luck.choices(pieces, k=luck.randint(1, 40))))
        with contextlib.suppress(BadWeights):
            read(path)
