"""Whatever is changed in a genuine file of any format, one sentence or a model comes out, soon and in little memory."""

import contextlib
import pickle
import time
from pathlib import Path

import psutil
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save, save_file

from engine.checkpoints import FORMATS, BadCheckpoint, load, rosinality2
from engine.checkpoints.facts import read_facts
from engine.checkpoints.file import File
from engine.export.models import convert
from tests.models import model_file, random_generator
from tests.weights.hostile import corpus
from tests.weights.written import Made, Named, pickled, saved

from . import lucidrains
from .files import pickle_of
from .rosinality import state1

SECONDS = 3.0  # of the processor, for files that take 0.1
CODES = sorted({value for name, value in vars(pickle).items() if name.isupper() and isinstance(value, bytes)})


def _state2() -> dict[str, torch.Tensor]:
    generator = random_generator("stylegan2", z_dim=10, mapping_dim=0, embedding=0)
    return rosinality2.to_theirs(generator.state_dict(), generator.spec)


def genuine(folder: Path) -> dict[str, bytes]:
    """A file of every format, as its own program writes it."""
    ours = model_file(folder, "stylegan2", clamp=0.0)
    convert(ours, folder / "o.pkl")
    return {
        "native": ours.read_bytes(),
        "nvidia by reference": (folder / "o.pkl").read_bytes(),
        "nvidia": pickle_of("sg2_tiny").read_bytes(),
        "tensorflow": pickle_of("sg1_tiny").read_bytes(),
        "rosinality2": saved({"g_ema": _state2()}),
        "rosinality2 legacy": saved({"g_ema": _state2()}, _use_new_zipfile_serialization=False),
        "rosinality1": saved({"g_running": state1(blocks=3, fused=2)}),
        "lucidrains": saved({"GAN": lucidrains.state(), "version": "1"}),
        "state dict": save(random_generator("progan").state_dict()),
    }


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return genuine(tmp_path_factory.mktemp("genuine"))


FILES = ["native", "nvidia by reference", "nvidia", "tensorflow", "rosinality2", "rosinality2 legacy", "rosinality1",
         "lucidrains", "state dict"]  # fmt: skip
CHANGE = st.one_of(
    st.tuples(st.just("bytes"), st.integers(0, 2**32), st.binary(max_size=12)),
    st.tuples(st.just("opcode"), st.integers(0, 2**32), st.sampled_from(CODES)),
    st.tuples(st.just("flip"), st.integers(0, 2**32), st.integers(0, 7)),
    st.tuples(st.just("cut"), st.integers(0, 2**32), st.just(0)),
    st.tuples(st.just("swap"), st.integers(0, 2**32), st.integers(1, 300)),
)


def changed(data: bytes, changes: list, head: bool) -> bytes:
    content = bytearray(data)
    for kind, place, how in changes:
        at = place % max(1, min(len(content), 4_000) if head else len(content))
        if kind == "bytes":
            content[at : at + len(how)] = how
        elif kind == "opcode":
            content[at : at + 1] = how
        elif kind == "flip" and content:
            content[at] ^= 1 << how
        elif kind == "swap":
            content[at : at + 2 * how] = content[at + how : at + 2 * how] + content[at : at + how]
        elif kind == "cut":
            del content[at:]
    return bytes(content)


def settled(path: Path) -> None:
    """Reads the file in both ways; nothing but one sentence about it may come instead."""
    begun = time.process_time()
    for way in (load, read_facts):
        with contextlib.suppress(BadCheckpoint):
            try:
                way(path)
            except BadCheckpoint as error:
                sentence = str(error)
                assert path.name in sentence
                assert "\n" not in sentence
                assert len(sentence) < 500
                raise
    assert time.process_time() - begun < SECONDS


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=st.lists(CHANGE, min_size=1, max_size=5), head=st.booleans())
def test_changed_files(tmp_path: Path, originals: dict, name: str, changes: list, head: bool) -> None:
    (tmp_path / "m.bin").write_bytes(changed(originals[name], changes, head))
    settled(tmp_path / "m.bin")


def test_the_originals_are_genuine(tmp_path: Path, originals: dict) -> None:
    """Each is read by another format, so that none of them goes unmeasured."""
    readers = set()
    for name, data in originals.items():
        (tmp_path / "m.bin").write_bytes(data)
        readers.add(next(format for format in FORMATS if format.recognises(File(tmp_path / "m.bin"))))
        assert read_facts(tmp_path / "m.bin").resolution >= 8, name
    assert readers == set(FORMATS)
    assert sorted(originals) == sorted(FILES)


NAMES = {  # state dicts whose names and shapes lie
    "a block of number 99": {"input.input": (1, 2, 4, 4), "conv1.conv.weight": (1, 2, 2, 3, 3), "style.1.weight": (2, 2),
                             "to_rgb1.conv.weight": (1, 3, 2, 1, 1), "convs.99.conv.weight": (1, 2, 2, 3, 3)},
    "progression 99": {"generator.progression.0.conv1.input": (1, 2, 4, 4), "style.1.linear.weight_orig": (2, 2),
                       "generator.progression.0.adain1.style.linear.weight_orig": (4, 2),
                       "generator.progression.99.conv2.conv.weight_orig": (2, 2, 3, 3)},
    "lucidrains 99": {"G.blocks.99.conv1.weight": (2, 2, 3, 3), "G.blocks.0.to_rgb.conv.weight": (3, 2, 1, 1)},
    "lucidrains, endless": {f"G.blocks.{'9' * 300}.conv1.weight": (2, 2, 3, 3)},
    "our sizes": {"layers.b4_rgb.conv.weight": (3, 2, 1, 1), "layers.b99999999999_rgb.conv.weight": (3, 2, 1, 1)},
    "ours without axes": {"layers.b4_rgb.conv.weight": (), "mapping.w_avg": ()},
    "official without axes": {"synthesis.b4.const": (), "mapping.w_avg": (), "synthesis.b4.torgb.weight": ()},
    "official, many blocks": {"synthesis.b4.const": (2, 4, 4), f"synthesis.b{'9' * 200}.conv1.bias": (2,),
                              "mapping.w_avg": (2,)},
    "alias-free, endless": {"synthesis.input.freqs": (2, 2), "mapping.w_avg": (2,), "mapping.fc0.weight": (2, 2),
                            f"synthesis.L0_{'9' * 50}_9.weight": (2, 2, 3, 3), "synthesis.L1_4_3.weight": (3, 2, 1, 1)},
    "alias-free, many layers": {"synthesis.input.freqs": (2, 2), "mapping.w_avg": (2,), "mapping.fc0.weight": (2, 2),
                                "synthesis.L0_9_9.weight": (2, 2, 3, 3), "synthesis.L999999_64_3.weight": (3, 2, 1, 1)},
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_and_shapes_that_lie(tmp_path: Path, name: str) -> None:
    state = {full: torch.zeros(shape) for full, shape in NAMES[name].items()}
    save_file(state, tmp_path / "m.bin")
    settled(tmp_path / "m.bin")
    torch.save({"g_ema": state}, tmp_path / "m.bin")
    settled(tmp_path / "m.bin")
    with pytest.raises(BadCheckpoint):
        load(tmp_path / "m.bin")


def test_the_issues_own_list_is_in_the_corpus(tmp_path: Path) -> None:
    """Kinds of attack that were asked for by name, and how many files there are; none of them was ever run."""
    found = corpus()
    asked = ("os.system", "builtins.eval", "getattr", "torch.load", "numpy objects", "deep", "huge LONG_BINPUT", "huge shape",
             "bomb")  # fmt: skip
    assert all(any(kind in name for name in found) for kind in asked)
    assert len(found) > 900
    for name, maker in {
        "__reduce__ on a class that is allowed": Made(Made(Named("training.networks", "Generator"), (1,)), (2,)),
        "torch.load in a state": Made(Named("training.networks", "G"), (), {"x": Made(Named("torch", "load"), ("x",))}),
        "setattr by a dotted name": Named("torch.nn", "Module.load_state_dict"),
    }.items():
        (tmp_path / "m.pkl").write_bytes(pickled(maker))
        with pytest.raises(BadCheckpoint, match="asks"):
            load(tmp_path / "m.pkl")
        assert name


@pytest.mark.parametrize("sizes", [{"img_resolution": 4096, "img_channels": 16}, {"z_dim": 4096}, {"c_dim": 100_000}])
def test_sizes_beyond_the_tensors_are_refused(tmp_path: Path, sizes: dict) -> None:
    from .files import constructed
    from .written import network, write

    _, state, keywords = constructed("g_res16_resnet_asymfir_clamp", "sd.")
    wide = {"channel_base": 2**20, "channel_max": 4096, "architecture": "skip"}
    path = write(tmp_path / "m.pkl", network(state, {**keywords, **sizes, "synthesis_kwargs": wide}))
    before = psutil.Process().memory_info().rss
    with pytest.raises(BadCheckpoint) as caught:  # whose frames still hold what was made
        load(path)
    assert psutil.Process().memory_info().rss - before < 600 * 2**20, str(caught.value)
