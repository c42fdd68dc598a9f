"""StyleGAN-T beside what every family owes: words bypass the mapping, residual layers, a discriminator of tokens, guidance."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.feature_networks.published import MissingWeights
from engine.feature_networks.transformer import PictureTransformer, TransformerSize
from engine.feature_networks.vit import VITS
from engine.networks import Canvas, StyleGANT
from engine.networks.discriminators.vision import (
    AFTER,
    LocalNorm,
    Taps,
    TokenHead,
    VisionDiscriminator,
    by_area,
    dino_discriminator,
)
from engine.networks.filters import Manner
from engine.networks.modulation import Habit
from engine.networks.stylegan_t_layers import BypassedMapping, ResidualConv, SecondOrder
from engine.render.truncation import truncate
from engine.training import crops
from engine.training.losses import LOSSES
from engine.training.text_guidance import seen_by_encoder, spherical_distance, text_guidance

from .test_families import OnlyHere

SMALL = TransformerSize(8, 12, 2, 16, 32, distilled=False)  # as deep as the taps are
HABIT = Habit(6, Manner())


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def judge(condition: int = 0) -> VisionDiscriminator:
    return VisionDiscriminator(Taps(PictureTransformer(SMALL)), condition, 4)


def words(count: int, size: int = 5) -> Tensor:
    return F.normalize(torch.randn(count, size), dim=1)


def test_words_bypass_the_mapping_and_truncation() -> None:
    mapping, text = BypassedMapping(8, 5), words(3)
    mapping.w_avg.normal_()
    w = mapping(torch.randn(3, 8), text)
    assert torch.equal(w[:, 8:], text)
    drawn = truncate(w[:, None], mapping.centre(text), 0.3)[:, 0]
    torch.testing.assert_close(drawn[:, 8:], text)
    torch.testing.assert_close(drawn[:, :8], mapping.w_avg + 0.3 * (w[:, :8] - mapping.w_avg))
    assert torch.equal(mapping.centre_of(w), mapping.centre(text))
    assert not mapping(torch.randn(3, 8))[:, 8:].any()
    assert not mapping.centre()[:, 8:].any()


def test_the_average_is_of_what_is_mapped_alone() -> None:
    mapping = BypassedMapping(8, 5)
    w = mapping(torch.randn(4, 8), words(4))
    mapping.update_average(w, 0.75)
    torch.testing.assert_close(mapping.w_avg, 0.25 * w[:, :8].mean(0))


def test_a_style_of_second_order_is_two_where_w_says_nothing() -> None:
    affine, w = SecondOrder(6, 4), torch.randn(2, 6)
    assert torch.equal(affine(torch.zeros(2, 6)), torch.full((2, 4), 2.0))
    torch.testing.assert_close(affine(w, 0.0), torch.full((2, 4), 2.0))
    assert not torch.allclose(affine(2 * w) - 2, 2 * (affine(w) - 2), atol=1e-2)  # it is no linear map


def test_the_way_around_a_residual_layer_carries_what_was_normalised() -> None:
    layer = ResidualConv(0, 8, 8, HABIT, groups=4)
    x, w = 3 + 5 * torch.randn(2, 8, 8, 8), torch.randn(2, 6)
    fresh = layer(Canvas(x), w).features
    h = F.group_norm(x, 4)
    torch.testing.assert_close(fresh, math.sqrt(2) * h, atol=1e-4, rtol=1e-4)
    with torch.no_grad():
        layer.gamma.fill_(1.0)
    torch.testing.assert_close(
        layer(Canvas(x), w).features, math.sqrt(2) * (layer.branch(h, layer.affine(w), None) + h)
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"groups": 5}, "cannot be split into 5 groups"),
        ({"label_size": 2, "text_size": 3}, "either classes or words"),
        ({"resolution": 24}, "24"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(changes: dict[str, int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        StyleGANT.tiny(**changes).build()


def test_words_are_drawn() -> None:
    generator = StyleGANT.tiny(text_size=5, encoder="one").build().eval()
    assert (generator.text_size, generator.label_size, generator.encoder, generator.w_dim) == (5, 0, "one", 13)
    z = torch.randn(1, 8).expand(2, -1)
    with torch.no_grad():
        pictures = generator(z, words(2))
    assert pictures.shape == (2, 3, 16, 16)
    assert not torch.allclose(*pictures, atol=1e-3)


@pytest.mark.parametrize(("before", "after"), [(64, 224), (96, 64), (7, 5), (16, 16)])
def test_resizing_by_area(before: int, after: int) -> None:
    x = torch.randn(1, 2, before, before + 1)
    torch.testing.assert_close(by_area(x, after), F.interpolate(x, (after, after), mode="area"), atol=1e-5, rtol=1e-5)


def test_local_norm_looks_at_groups_of_neighbours() -> None:
    norm, x = LocalNorm(3), torch.randn(12, 3, 5)
    torch.testing.assert_close(norm(x)[:6], norm(x[:6]))
    assert not torch.allclose(norm(x[:8])[:6], norm(x[:6]), atol=1e-3)
    with pytest.raises(ValueError, match="a batch of 9 cannot be split"):
        norm(torch.randn(9, 3, 5))


def test_all_depths_are_judged() -> None:
    network = judge()
    pictures = torch.randn(2, 3, 20, 20, requires_grad=True)
    scores = network(pictures)
    assert scores.shape == (2, (len(AFTER) + 1) * 4)
    scores.sum().backward()
    assert all(parameter.grad is not None and parameter.grad.any() for parameter in network.heads.parameters())
    assert pictures.grad is not None
    assert pictures.grad.any()
    assert network(pictures[:, :1]).shape == scores.shape
    assert not any(name.startswith("taps") for name in network.state_dict())
    assert {name.split(".")[0] for name, _ in network.named_parameters()} == {"heads"}


def test_words_meet_tokens() -> None:
    network, pictures = judge(5), torch.randn(2, 3, 32, 32)
    assert network.condition == "projection"
    assert not torch.allclose(network(pictures, words(2)), network(pictures, words(2)))
    with pytest.raises(ValueError, match="texts or class labels"):
        network(pictures)


@pytest.mark.parametrize("condition", [0, 5])
def test_a_discriminator_of_tokens_stays_on_its_device(condition: int) -> None:
    with torch.device("meta"):
        network = judge(condition)
    pictures = torch.randn(2, 3, 40, 40, device="meta", requires_grad=True)
    with OnlyHere("meta"):
        scores, logits = network.judge(pictures, torch.randn(2, 5, device="meta") if condition else None)
        scores.mean().backward()
        guided = text_guidance(lambda x: x.mean((2, 3)), pictures, torch.randn(2, 3, device="meta"))
        guided.backward()
    assert logits is None
    assert scores.device.type == guided.device.type == "meta"


def test_dino_is_missed_in_one_sentence() -> None:
    with pytest.raises(MissingWeights, match=r"put dino_deitsmall16_pretrain\.pth .* or choose judge lite0"):
        StyleGANT().build_discriminator()
    with pytest.raises(ValueError, match="1 or 3 channels, not of 4"):
        dino_discriminator(4, 0, 64)
    with torch.device("meta"):
        network = StyleGANT.paper().build_discriminator()
        scores = network(torch.randn(2, 3, 64, 64), torch.randn(2, 768))
    assert scores.shape == (2, 980)
    assert sum(p.numel() for p in network.parameters()) == 5 * 1_550_720
    assert VITS["dino-small"].size.width == 384


def test_a_head_without_words_has_one_feature() -> None:
    assert TokenHead(8).out.weight.shape == (1, 8, 1)
    assert TokenHead(8, 5, 4).out.weight.shape == (4, 8, 1)


def test_crops_are_in_the_same_place_for_all() -> None:
    random = torch.Generator().manual_seed(1)
    images = torch.arange(100.0).reshape(1, 1, 10, 10).expand(3, -1, -1, -1)
    found = crops.cropped(images, 4, random)
    assert found.shape == (3, 1, 4, 4)
    assert torch.equal(found[0], found[2])
    assert crops.cropped(images, 10, random) is images
    sides = [crops.often_cropped(images, 4, random).shape[-1] for _ in range(400)]
    assert sides.count(4) == pytest.approx(200, abs=50)
    places = {crops.drawn(images, 4, random) for _ in range(2000)}
    assert places == {(top, left) for top in range(7) for left in range(7)}


def test_guidance_pulls_pictures_to_words() -> None:
    pictures, text = torch.randn(2, 3, 70, 70, requires_grad=True), words(2, 3)
    assert seen_by_encoder(pictures).shape == (2, 3, 224, 224)

    def encoder(x: Tensor) -> Tensor:
        return x.mean((2, 3))

    before = text_guidance(encoder, pictures, text, torch.Generator().manual_seed(0))
    slope = torch.autograd.grad(before, pictures)[0]
    after = text_guidance(encoder, pictures.detach() - 500 * slope, text, torch.Generator().manual_seed(0))
    assert after < before
    same = words(3).requires_grad_()
    distance = spherical_distance(same, same.detach())
    assert distance.max() < 1e-5
    assert torch.autograd.grad(distance.sum(), same)[0].isfinite().all()
    assert spherical_distance(same, -same).min().item() == pytest.approx(math.pi**2, rel=1e-2)


def test_the_game_is_divided_by_the_batch() -> None:
    fake, real = torch.randn(4, 6), torch.randn(4, 6)
    for one, other in zip(LOSSES["hinge-by-batch"], LOSSES["hinge"], strict=True):
        arguments = (fake,) if one is LOSSES["hinge-by-batch"].generator else (real, fake)
        torch.testing.assert_close(one(*arguments), other(*arguments) / 4)
