"""Guides: what they learn from few pictures, how a classifier leads a StyleGAN-XL, and what is said where one does not fit."""

from pathlib import Path

import pytest
import torch
from msgspec import structs

from engine.feature_networks.published import MissingWeights
from engine.feature_networks.reader import read_rows
from engine.metrics import guides
from engine.networks import StyleGANXL
from engine.networks.superresolution import Rise
from engine.training.classes import stylegan_xl
from engine.training.config import Config, check
from engine.training.guidance import read_classifier
from engine.training.guided import guided
from engine.training.learning import Guidance
from engine.training.loop import train
from engine.training.pairing import contrast, found_again, reader_of
from engine.training.run import BadRun, Run
from engine.training.text_guidance import text_guidance
from tests.networks.test_families import OnlyHere

from .guides import READER, Averages, coloured_pictures, small_guide


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return coloured_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def classes(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("guide") / "classes.safetensors"
    learnt = small_guide(pictures, out, labels=True)
    assert (learnt.design.classes, learnt.design.accuracy) == (("blue", "red"), 1.0)
    return out


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guides, "lite0_pyramid", Averages)


def larger(pictures: Path, classes: Path, weight: float, above: int = 8) -> Config:
    """One step of a stage of 16×16."""
    network = StyleGANXL.tiny(label_size=2, resolution=16, stages=(Rise(2, 3),))
    plain = stylegan_xl(network, 4, data=str(pictures), labels=True, device="cpu", precision="fp32", kimg=0.004)
    return structs.replace(plain, guidance=Guidance(str(classes), weight, above))


def test_a_classifier_leads_from_larger_stages_on(pictures: Path, classes: Path, tmp_path: Path) -> None:
    lines = {}
    for name, weight, above in (("free", 0.0, 8), ("led", 8.0, 8), ("young", 8.0, 32)):
        run = Run.create(tmp_path / name, larger(pictures, classes, weight, above))
        list(train(run))
        (lines[name],) = run.statistics()
    assert "loss_guidance" not in lines["free"]
    assert "loss_guidance" not in lines["young"]
    led = lines["led"]["loss_guidance"]
    assert 0 < led < 20
    assert lines["led"]["loss_generator"] == pytest.approx(lines["free"]["loss_generator"] + 8 * led, rel=1e-4)


def test_guides_that_do_not_fit(pictures: Path, classes: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="knows the classes blue, red, which are not those of this training"):
        read_classifier(classes, 3)
    pair = tmp_path / "pair.safetensors"
    small_guide(pictures, pair, steps=2)
    with pytest.raises(ValueError, match="is a pair for words; a StyleGAN-XL needs a classifier"):
        read_classifier(pair, 2)
    other = coloured_pictures(tmp_path / "other")
    (other / "red").rename(other / "green")
    run = Run.create(tmp_path / "run", larger(other, classes, 8.0))
    with pytest.raises(BadRun, match="knows the classes blue, red, which are not those of this training"):
        list(train(run))
    config = larger(pictures, classes, 8.0)
    with pytest.raises(ValueError, match="begins with its first larger stage, and needs classes"):
        check(structs.replace(config, network=structs.replace(config.network, stages=(), resolution=8)))


def test_imagenets_classifier_needs_its_classes_and_its_weights(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    config = guided(stylegan_xl(StyleGANXL.tiny(label_size=2)), "deit-small")
    assert config.guidance == Guidance("deit-small", 8.0, 32)
    from engine.training.guidance import guide_of

    shown = structs.replace(config, guidance=structs.replace(config.guidance, above=8))
    with pytest.raises(ValueError, match="knows the 1000 classes of ImageNet"):
        guide_of(shown, None, torch.device("cpu"))
    thousand = structs.replace(shown, network=structs.replace(shown.network, label_size=1000, table_rows=1000))
    with pytest.raises(MissingWeights, match="weights of DeiT-small, distilled are missing: put deit_small"):
        guide_of(thousand, None, torch.device("cpu"))


def test_contrast_is_the_mean_of_both_cross_entropies_and_forgives_equal_texts() -> None:
    one = torch.eye(3)
    heat = torch.tensor(2.0)
    expected = torch.tensor([2.0, 0.0, 0.0]).logsumexp(0) - 2.0
    torch.testing.assert_close(contrast(one, one, heat, ["a", "b", "c"]), expected)
    same = torch.ones(2, 1)
    torch.testing.assert_close(contrast(same, same, heat, ["a", "a"]), torch.tensor(2.0).log())
    assert found_again(one, one.roll(1, 0), ["a", "b", "c"]) == 0.0
    assert found_again(one, one.roll(1, 0), ["a", "a", "a"]) == 1.0


def test_guides_stay_on_their_device() -> None:
    design = structs.replace(
        guides.Design("pair", hidden=8, side=16), reader=structs.replace(READER, pieces=tuple("abcd"))
    )
    with torch.device("meta"):
        pair = guides.SmallPair(design, design.look(Averages()), design.reader.build())
        pictures, words = torch.rand(2, 3, 64, 64), torch.rand(2, 8)
    with OnlyHere("meta"):
        assert pair.pictures(pictures[..., :16, :16]).shape == (2, 8)
        assert read_rows(pair.words, [[1, 2], [1, 3, 2]], torch.device("meta")).shape == (2, 8)
        assert text_guidance(pair.pictures, pictures, words, None, 16).shape == ()


def test_a_reader_knows_the_words_of_its_captions() -> None:
    reader = reader_of(["Red hair, red", "blue [CLS]"])
    assert reader.pieces == ("[UNK]", "[CLS]", "[SEP]", "red", ",", "[", "]", "blue", "cls", "hair")
    assert reader.vocabulary()("red unknown", 16) == [1, 3, 0, 2]
    with pytest.raises(ValueError, match="hold no words"):
        reader_of(["", " "])
    with pytest.raises(ValueError, match="cannot have 3 heads"):
        structs.replace(reader, heads=3).build()
