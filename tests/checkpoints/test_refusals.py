"""What is wrong with a foreign file is one sentence that names it, in the engine and on the command line."""

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.checkpoints import BadCheckpoint, load, read_card
from engine.networks import StyleGAN1
from tests.models import random_generator
from tests.parity.test_importer import official
from tests.weights.hostile import corpus
from tests.weights.written import Made, Named, call, program, text

from .files import FILES, constructed
from .written import network, tensorflow, write

HOSTILE = program(call("os", "system", text("touch CANARY")), protocol=2)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to work in, where a file CANARY appears as soon as anything of a hostile file runs."""
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert not (tmp_path / "CANARY").exists()


def refusal(path: Path) -> str:
    with pytest.raises(BadCheckpoint) as caught:
        load(path)
    sentence = str(caught.value)
    assert sentence.startswith(path.name)
    assert sentence.isprintable()
    assert len(sentence) < 400
    return sentence


def test_hostile_files_stay_outside(place: Path) -> None:
    (place / "m.pkl").write_bytes(HOSTILE)
    assert "os.system" in refusal(place / "m.pkl")
    for data in corpus().values():
        (place / "m.pkl").write_bytes(data)
        refusal(place / "m.pkl")


@pytest.mark.parametrize("name", ["m.pkl", "m.safetensors"])
def test_the_command_line_says_so_in_one_line(place: Path, project: Path, name: str) -> None:
    (place / name).write_bytes(HOSTILE)
    for words in (["info", name], ["render", "--model", name, "--seeds", "1", "--out", "x.png"]):
        command = [sys.executable, "-m", "engine.cli", *words]
        done = subprocess.run(command, cwd=place, env={"PYTHONPATH": str(project)}, capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) == 1
        assert "os.system" in done.stderr
        assert not (place / "x.png").exists()


@pytest.mark.parametrize("name", ["progan_tiny", "sg1_tiny", "sg2_tiny", "sg3t_tiny", "tf_synthetic_orig"])
def test_the_command_line_shows_and_draws(say: Callable, tmp_path: Path, name: str) -> None:
    said = say("info", FILES / f"{name}.pkl")
    assert said.code == 0
    assert "see where the file came from" in said.out
    assert say("render", "--model", FILES / f"{name}.pkl", "--seeds", 3, "--out", tmp_path / "x.png").code == 0
    assert (tmp_path / "x.png").exists()


@pytest.mark.parametrize("name", ["progan_tiny", "sg1_tiny", "sg2_tiny", "sg3t_tiny", "tf_synthetic_orig"])
def test_a_truncated_file(place: Path, name: str) -> None:
    data = (FILES / f"{name}.pkl").read_bytes()
    for share in (0.0001, 0.01, 0.3, 0.7, 0.999):
        (place / "m.pkl").write_bytes(data[: int(len(data) * share)])
        refusal(place / "m.pkl")


@settings(max_examples=40)
@given(data=st.data(), name=st.sampled_from(["progan_tiny", "sg1_tiny", "sg2_tiny", "sg3t_tiny", "tf_synthetic_orig"]))
def test_a_damaged_byte_is_a_sentence_or_another_model(tmp_path_factory, data, name: str) -> None:
    content = bytearray((FILES / f"{name}.pkl").read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[at] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "m.pkl"
    path.write_bytes(content)
    with contextlib.suppress(BadCheckpoint):
        load(path)


def changed(path: Path, change: Callable[[dict[str, Tensor]], object], said: dict | None = None) -> Path:
    """A StyleGAN2's pickle with other tensors."""
    _, state, keywords = constructed("g_res16_resnet_asymfir_clamp", "sd.")
    change(state)
    return write(path, {"G_ema": network(state, {**keywords, **(said or {})})})


CONV = "synthesis.b8.conv0.weight"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.pop(CONV), f"the tensor {CONV} is missing"),
        (lambda t: t.pop("mapping.w_avg"), "the tensor mapping.w_avg is missing"),
        (lambda t: [t.pop(name) for name in list(t) if ".b16." in name], "is missing"),
        (lambda t: t.update(extra=torch.zeros(1)), "the tensor extra is left over"),
        (lambda t: t.update({CONV: t[CONV][:, :-1]}), f"the tensor {CONV} is (24, 23, 3, 3)"),
        (lambda t: t.update({CONV: t[CONV].permute(2, 3, 0, 1)}), f"the tensor {CONV} is (3, 3, 24, 24)"),
        (lambda t: t.update({"synthesis.b16.torgb.weight": torch.zeros(3)}), "synthesis.b16.torgb.weight is (3,)"),
        (lambda t: t.update({CONV: t[CONV].int()}), f"the tensor {CONV} holds torch.int32"),
        (lambda t: t.update({CONV: t[CONV].to(torch.complex64)}), f"the tensor {CONV} holds torch.complex64"),
        (lambda t: t["synthesis.b8.resample_filter"].zero_(), "synthesis.b8.resample_filter is not the filter"),
        (lambda t: t.clear(), "it holds no generator"),
    ],
)
def test_a_tensor_that_does_not_fit_is_named(place: Path, change: Callable, says: str) -> None:
    assert says in refusal(changed(place / "m.pkl", change))


@pytest.mark.parametrize(
    "said",
    [
        {"img_resolution": 32}, {"img_resolution": 100}, {"img_channels": 1}, {"c_dim": 3}, {"z_dim": 31}, {"w_dim": 9},
        {"mapping_kwargs": {"num_layers": 2}}, {"synthesis_kwargs": {"architecture": "skip"}}, {"z_dim": "many"},
        {"synthesis_kwargs": {"channel_base": 64}}, {"synthesis_kwargs": {"resample_filter": [1, 3, 3, 1]}},
        {"synthesis_kwargs": None}, {"mapping_kwargs": [1]}, {"synthesis_kwargs": {"conv_clamp": -1.0}},
        {"img_resolution": 2**40}, {"synthesis_kwargs": {"activation": "os.system"}},
    ],
)  # fmt: skip
def test_settings_that_its_tensors_do_not_bear_out(place: Path, said: dict) -> None:
    refusal(changed(place / "m.pkl", lambda t: None, said))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda v: v.pop("dlatent_avg"), "the variable dlatent_avg is missing"),
        (lambda v: v.pop("G_synthesis/8x8/Conv1/bias"), "the tensor G_synthesis/8x8/Conv1/bias is missing"),
        (lambda v: v.update({"G_synthesis/extra": torch.zeros(2)}), "the tensor G_synthesis/extra is left over"),
        (lambda v: v.update({"G_synthesis/noise1": torch.zeros(4, 4)}), "the tensor G_synthesis/noise1 is (4, 4)"),
        (lambda v: v.update({"G_synthesis/8x8/Conv1/weight": torch.zeros(3)}), "8x8/Conv1/weight is (3,)"),
        (lambda v: v.update(lod=torch.tensor(torch.nan)), "lod"),
        (lambda v: v.clear(), "no ProGAN and no StyleGAN"),
    ],
)
def test_a_variable_that_does_not_fit_is_named(place: Path, change: Callable, says: str) -> None:
    variables = official(random_generator(), StyleGAN1.tiny())
    change(variables)
    assert says in refusal(write(place / "m.pkl", tensorflow("Gs", {}, variables)))


def test_a_stylegan_xl_without_labels_is_told_by_its_attributes(place: Path) -> None:
    """It has no tensor of its own but an unused table, which somebody may have left out."""
    one = network({"synthesis.input.freqs": torch.zeros(2)}, {}, img_resolution=64)
    part = one.args[0]["state"]["_modules"]["synthesis"].args[0]["state"]
    part["head_layer_names"] = ["L9_36_1024"]
    with pytest.raises(BadCheckpoint, match=r"no synthesis layers such as .*, so it is no StyleGAN-XL"):
        read_card(write(place / "m.pkl", {"G_ema": one}))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"G_ema": 5}, "holds no generator"),
        ([1, 2, 3], "holds no generator"),
        ({"D": network({"b4.out.weight": torch.zeros(1)})}, "holds no generator, only D"),
        ((tensorflow("D", {}, {"FromRGB_lod0/weight": torch.zeros(1)}),), "only a discriminator"),
        ((Made(Named("network", "Network"), (), {"param_values": []}),), "Theano"),
        ((Made(Named("tfutil", "Network"), (), {"variables": 5}),), "not known here"),
        ((Made(Named("tfutil", "Network"), (), None),), "not known here"),
        (tensorflow("G", {}, {"G_mapping/LabelConcat/weight": torch.zeros(1), "G_synthesis/4x4/Conv/mod_weight":
                              torch.zeros(1)}), "labels"),
    ],
)  # fmt: skip
def test_files_without_a_generator_of_ours(place: Path, content: object, says: str) -> None:
    assert says in refusal(write(place / "m.pkl", content))
