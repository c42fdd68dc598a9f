"""All networks of a file: written, read and described together, and the generator that is drawn by itself."""

import json
from pathlib import Path

import pytest
import torch

from engine.checkpoints import BadCheckpoint, load, native
from engine.checkpoints.ensemble import load_all
from engine.checkpoints.facts import read_facts
from engine.export.models import convert
from engine.networks import FAMILIES, TRAINABLE
from engine.training.config import Config
from engine.training.players import Players
from engine.training.state import save_state
from engine.training.transfer import transfer
from tests.export.test_nvidia import ensemble, same, saved
from tests.models import model_file

from .files import golden_of, pickle_of
from .test_native import changed
from .test_pickles import FORWARD, near


@pytest.mark.parametrize("family", TRAINABLE)
def test_all_networks_come_back_as_they_were(tmp_path: Path, family: str) -> None:
    held = ensemble(family, label_size=3)
    held.average.lod = 1.0
    path = saved(tmp_path, held)
    found = load_all(path)
    assert all(same(found.networks[name], held.networks[name]) for name in native.NETWORKS)
    assert (found.p, found.training_set, found.card) == (held.p, held.training_set, load(path)[1])
    assert {found.average.lod, found.generator.lod, found.discriminator.lod} <= {1.0, 0.0}
    assert same(load(path)[0], held.average)
    assert load(path)[1].identity == native.identity(held.average)


@pytest.mark.parametrize("family", [2, 3])
def test_every_network_of_an_official_file_is_what_the_golden_file_says(family: int) -> None:
    name = {2: "sg2_tiny", 3: "sg3t_tiny"}[family]
    golden = golden_of(f"pkl_{name}")
    found = load_all(pickle_of(name))
    assert found.discriminator is not None
    assert found.p == (pytest.approx(float(golden["sd.augment_pipe.p"])) if family == 2 else None)
    with torch.no_grad():
        near(found.discriminator(golden["in.img_D"]), golden["out.D.logits_fp32"], FORWARD)
        for network, theirs in ((found.generator, "G"), (found.average, "G_ema")):
            ws = network.broadcast(network.mapping(golden["in.z"]))
            near(network.synthesize(ws), golden[f"out.{theirs}.img_noise_const_fp32"], FORWARD)


@pytest.mark.parametrize("name", ["tf_synthetic_skip", "tf_synthetic_orig"])
def test_every_network_of_a_tensorflow_stylegan2_is_what_the_golden_file_says(name: str) -> None:
    golden = golden_of(name)
    found = load_all(pickle_of(name))
    assert found.generator is not None
    assert found.discriminator is not None
    with torch.no_grad():
        near(found.discriminator(golden["in.img_D"]), golden["out.D.logits"], FORWARD)
        for network, theirs in ((found.generator, "G"), (found.average, "G_ema")):
            assert torch.equal(network.mapping.w_avg, golden[f"sd.{theirs}.mapping.w_avg"])


@pytest.mark.parametrize("name", ["sg1_tiny", "progan_tiny"])
def test_every_network_of_an_older_file_is_what_the_golden_file_says(name: str) -> None:
    golden = golden_of(f"{name}_pkl")
    found = load_all(pickle_of(name))
    assert found.generator is not None
    assert found.discriminator is not None
    assert not same(found.generator, found.average)
    assert read_facts(pickle_of(name)).holds == ("G", "D", "Gs")
    with torch.no_grad():
        near(found.discriminator(golden["in/images"]), golden["D/scores"], FORWARD)


def test_what_the_file_says_of_all_of_them(tmp_path: Path, say) -> None:
    path = saved(tmp_path, ensemble("stylegan2"))
    facts = read_facts(path)
    assert facts.holds == ("generator", "discriminator", "average")
    assert facts.training == {
        "training_set_kwargs.path": "/data/hills.zip", "training_set_kwargs.resolution": 16, "augmentation.p": 0.25,
    }  # fmt: skip
    told = json.loads(say("info", path, "--json").out)
    assert (told["holds"], told["training"]["augmentation.p"]) == (list(native.NETWORKS), 0.25)
    assert "generator, discriminator, average" in say("info", path).out
    assert read_facts(model_file(tmp_path)).holds == ()


def test_networks_are_taken_along_only_where_asked_for(tmp_path: Path, say) -> None:
    source = saved(tmp_path, ensemble("stylegan2"))
    for words, count in (((), 1), (("--networks", "generator"), 1), (("--networks", "all"), 3)):
        assert say("convert", source, tmp_path / "o.safetensors", *words).code == 0
        assert len(load_all(tmp_path / "o.safetensors").networks) == count
    for words, count in (((), 3), (("--networks", "generator"), 1)):
        assert say("convert", source, tmp_path / "o.pkl", *words).code == 0
        assert len(load_all(tmp_path / "o.pkl").networks) == count
    assert say("convert", source, tmp_path / "h.safetensors", "--format", "fp16", "--networks", "all").code == 0
    paths = (source, tmp_path / "h.safetensors")
    before, after = (load_all(path).networks["discriminator"].state_dict() for path in paths)
    assert all(torch.equal(after[name], x.half().float()) for name, x in before.items())


def test_a_full_state_of_a_training_is_a_model_too(tmp_path: Path) -> None:
    players = Players(Config(data="none", network=FAMILIES["stylegan1"].tiny()), torch.device("cpu"))
    players.controller.p = 0.5
    save_state(tmp_path / "000000000.safetensors", players)
    found = load_all(tmp_path / "000000000.safetensors")
    assert same(found.average, players.average.model)
    assert same(found.discriminator, players.discriminator)
    assert found.p == 0.5
    convert(tmp_path / "000000000.safetensors", tmp_path / "m.safetensors")
    assert load(tmp_path / "m.safetensors")[1].identity == native.identity(players.average.model)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.pop("discriminator.head.out.weight"), "lacks the tensor head.out.weight"),
        (lambda t: t.update({"generator.more": torch.zeros(1)}), "its network does not have: more"),
        (lambda t: t.update({"discriminator.head.out.bias": torch.zeros(7)}), "head.out.bias is"),
        (lambda t: t.update({"average.mapping.w_avg": torch.zeros(10)}), "damaged"),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, change, says: str) -> None:
    path = changed(saved(tmp_path, ensemble("stylegan2")), tensors=change)
    with pytest.raises(BadCheckpoint, match=says):
        load_all(path)


@pytest.mark.parametrize("p", ["many", -1, None, [1], float("inf")])
def test_a_strength_that_is_none_is_not_believed(tmp_path: Path, p: object) -> None:
    path = changed(saved(tmp_path, ensemble("stylegan2")), header=lambda h: h.update(augmentation={"p": p}))
    assert load_all(path).p is None


@pytest.mark.parametrize("ending", [".safetensors", ".pkl"])
def test_training_goes_on_from_all_networks_of_a_file(tmp_path: Path, ending: str) -> None:
    held = ensemble("stylegan2")
    path = tmp_path / f"o{ending}"
    convert(saved(tmp_path, held), path, networks="all")
    players = Players(Config(network=held.card.network, phases="lazy", seed=1), torch.device("cpu"))
    taken = transfer(path, players)
    assert taken.taken == taken.all
    assert same(players.generator, held.generator)
    assert same(players.discriminator, held.discriminator)
    assert same(players.average.model, held.average)
