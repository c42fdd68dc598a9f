"""What StyleGAN-XL owes beyond what every family owes: stages, averages of each class, several views, its own sums."""

from pathlib import Path
from typing import Any

import pytest
import torch
from msgspec import structs
from torch import Tensor

from engine.feature_networks.published import MissingWeights
from engine.feature_networks.reassembled import ReassembledPyramid, deit_pyramid
from engine.feature_networks.transformer import PictureTransformer, TransformerSize
from engine.feature_networks.vit import VITS
from engine.networks import StyleGANXL
from engine.networks.class_mapping import ClassMapping
from engine.networks.discriminators.projected import Projection
from engine.networks.discriminators.projected_xl import ManyViews, ViewHabit, view
from engine.networks.stylegan_xl import StyleGANXLGenerator
from engine.networks.superresolution import Rise
from engine.training.guidance import guidance
from engine.training.losses import LOSSES, summed

from .test_families import OnlyHere

SMALL = TransformerSize(12, 12, 2, 16, 64)
HABIT = ViewHabit(Projection(64, 4, 8), 3, 4, (5, 6))


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def built(**changes: Any) -> StyleGANXLGenerator:
    generator = StyleGANXL.tiny(**changes).build()
    assert isinstance(generator, StyleGANXLGenerator)
    return generator.eval().requires_grad_(False)


@pytest.mark.parametrize(("resolution", "layers"), [(16, 11), (32, 16), (64, 21), (128, 26), (512, 36), (1024, 39)])
def test_the_paper_cuts_two_layers_and_adds_seven(resolution: int, layers: int) -> None:
    spec = StyleGANXL.paper(resolution)
    stage = spec.layout()
    assert len(stage.passages) + 1 == layers
    assert stage.picture.size == stage.passages[-1].target.size == resolution
    assert [p.source for p in stage.passages[1:]] == [p.target for p in stage.passages[:-1]]


def test_what_stays_when_it_grows_keeps_its_place_and_its_features() -> None:
    small = built(label_size=3)
    larger = small.spec.grown(Rise(4, 4))
    generator, kept = larger.build(), small.spec.kept()
    assert (larger.resolution, larger.stages) == (64, (Rise(2, 3), Rise(4, 4)))
    assert larger.layout().passages[:kept] == small.spec.layout().passages[:kept]
    names = [name for name in small.state_dict() if name.split(".")[1] in {"input", *(f"l{n}" for n in range(kept))}]
    shapes = {name: x.shape for name, x in generator.state_dict().items()}
    assert {name: shapes[name] for name in names} == {name: small.state_dict()[name].shape for name in names}
    assert generator.rows == kept + 4 + 2


def test_widths_of_ones_own_stay_when_it_grows() -> None:
    spec = StyleGANXL.tiny(widths=(7, 6, 6, 5, 3)).grown(Rise(2, 4))
    assert spec.widths[:4] == (7, 6, 6, 6)
    assert [passage.target.features for passage in spec.layout().passages] == list(spec.widths)
    with pytest.raises(ValueError, match="2 widths are given for 5 layers"):
        StyleGANXL.tiny(widths=(2, 2)).build()


def test_stages_that_leave_no_stem_are_refused() -> None:
    with pytest.raises(ValueError, match="16 pixels cannot be reached by these stages"):
        StyleGANXL.tiny(stages=(Rise(4, 3),)).build()


def test_each_sample_in_turn_moves_its_classs_average() -> None:
    mapping, w = ClassMapping(4, 6, 2, 3, (5, 2)), torch.randn(5, 6)
    mapping.w_avg.normal_()
    classes, expected = [2, 0, 2, 2, 0], mapping.w_avg.clone()
    for number, one in zip(classes, w, strict=True):
        expected[number] = one + 0.9 * (expected[number] - one)
    mapping.update_average(w, 0.9, torch.eye(3)[classes])
    torch.testing.assert_close(mapping.w_avg, expected)
    plain = ClassMapping(4, 6, 2)
    plain.update_average(w, 0.9)
    torch.testing.assert_close(plain.w_avg, 0.1 * w.mean(0))


def test_classes_blend_and_the_first_is_meant_where_none_is_named() -> None:
    mapping, z = ClassMapping(4, 6, 2, 3, (5, 2)), torch.randn(1, 4)
    mapping.w_avg.normal_()
    half = torch.tensor([[0.5, 0.0, 0.5]])
    torch.testing.assert_close(mapping.centre(half)[0], mapping.w_avg[[0, 2]].mean(0))
    assert not torch.allclose(mapping(z, half), mapping(z, torch.eye(3)[[0]]))
    assert torch.equal(mapping(z), mapping(z, torch.eye(3)[[0]]))
    assert torch.equal(mapping.centre(), mapping.w_avg[:1])


def test_averages_and_centres_stay_on_their_device() -> None:
    with torch.device("meta"):
        mapping = ClassMapping(4, 6, 2, 3, (5, 2))
        labels, w = torch.empty(2, 3), torch.empty(2, 6)
    with OnlyHere("meta"):
        mapping.update_average(w, 0.9, labels)
        mapping.update_average(w, 0.9)
        assert mapping.centre(labels).shape == (2, 6)


def test_magnitudes_stay_as_they_are_in_training() -> None:
    assert not built().learns_magnitudes


def views(resolution: int = 16) -> ManyViews:
    """Through two transformers: one always sees 64×64 pixels, the other what is larger as it is."""
    pyramids = [ReassembledPyramid(PictureTransformer(SMALL), widths=(3, 4, 5, 6)) for _ in range(2)]
    return ManyViews({"one": view(pyramids[0], HABIT, 0), "other": view(pyramids[1], HABIT, resolution)}, resolution)


@pytest.mark.parametrize("resolution", [16, 96, 128])
def test_every_view_has_its_scores(resolution: int) -> None:
    network, images, labels = views(resolution), torch.randn(2, 3, resolution, resolution), torch.eye(3)[:2]
    scores = network(images, labels)
    assert scores.shape == (2, sum(network.counts))
    for one, mine in zip(network.views.values(), network.split(scores), strict=True):
        assert mine.shape == (2, network.counts[0] if one.resolution == 0 else network.counts[1])
    assert (network.counts[0] == network.counts[1]) == (resolution < 64)


def test_every_view_is_shown_the_pictures_anew() -> None:
    network, images, labels = views().eval(), torch.randn(2, 3, 16, 16), torch.eye(3)[:2]
    given = iter([images, images.flip(3)])
    scores = network.each(lambda: next(given), labels)
    one, other = network.split(scores)
    torch.testing.assert_close(one, network.split(network(images, labels))[0])
    torch.testing.assert_close(other, network.split(network(images.flip(3), labels))[1])
    assert network.condition == "projection"
    with pytest.raises(ValueError, match="class labels"):
        network(images)


def test_nothing_frozen_is_trained() -> None:
    learning = {name.split(".")[2] for name, _ in views().named_parameters()}
    assert learning == {"heads"}


def test_losses_are_sums_over_views_and_pictures() -> None:
    real, fake = ([torch.randn(3, places) for places in (4, 9)] for _ in range(2))
    by_hand = sum(-row.mean() for scores in fake for row in scores)
    game = summed(LOSSES["hinge"], lambda scores: scores.split([4, 9], 1))
    torch.testing.assert_close(game.generator(torch.cat(fake, 1)), by_hand)
    by_hand = sum((1 + row).relu().mean() for scores in fake for row in scores)
    by_hand += sum((1 - row).relu().mean() for scores in real for row in scores)
    torch.testing.assert_close(game.discriminator(torch.cat(real, 1), torch.cat(fake, 1)), by_hand)


def test_guidance_asks_for_the_class() -> None:
    pictures = torch.zeros(2, 3, 8, 8, requires_grad=True)

    def classifier(x: Tensor) -> Tensor:
        assert x.shape == (2, 3, 224, 224)
        return x.mean((2, 3))

    guidance(classifier, pictures, torch.eye(3)[[1, 1]]).backward()
    assert pictures.grad is not None
    assert bool((pictures.grad[:, 1] < 0).all())
    assert bool((pictures.grad[:, [0, 2]] > 0).all())


def test_places_are_stretched_to_another_grid() -> None:
    network = PictureTransformer(SMALL)
    assert network.places(4, 4) is network.pos_embed
    wide = network.places(8, 6)
    assert wide.shape == (1, 2 + 48, 12)
    assert torch.equal(wide[:, :2], network.pos_embed[:, :2])
    assert network(torch.randn(1, 3, 128, 96)).shape == (1, 50, 12)


def test_published_weights_are_looked_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the layout of DeiT's files; not verified with published weights, which were not at hand."""
    kind = structs.replace(VITS["deit-base"], size=SMALL, classes=2)
    monkeypatch.setitem(VITS, "deit-base", kind)
    heads = {f"{head}.{leaf}": torch.ones(2, 12) if leaf == "weight" else torch.ones(2)
             for head in ("head", "head_dist") for leaf in ("weight", "bias")}  # fmt: skip
    one = PictureTransformer(SMALL)
    torch.save({"model": {**one.state_dict(), **heads}}, tmp_path / kind.source.file)
    pyramid = deit_pyramid(tmp_path)
    assert torch.equal(pyramid.network.pos_embed, one.pos_embed)
    assert [x.shape[2] for x in pyramid(torch.rand(1, 3, 64, 64))] == [16, 8, 4, 2]


def test_weights_that_are_missing_are_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MissingWeights, match=r"deit_base_distilled_patch16_224-df68dfff.pth from https"):
        StyleGANXL.tiny(views=("deit", "lite0")).build_discriminator()
