"""What golden pictures cannot fix about augmentation: how often, how it trains, the controller, DiffAugment, path lengths."""

import math

import pytest
import torch

from engine.training.ada import Ada, Controller, adjusted
from engine.training.augment import augment, filter_bank
from engine.training.dice import PARTS, SETS, Augmentations, draw
from engine.training.diffaugment import POLICIES, diffaugment
from engine.training.path_length import directions, lengths, path_length, slopes
from engine.training.penalties import squared_gradient
from engine.training.warp import Lookup

PICTURES = torch.linspace(-1, 1, 4 * 3 * 24 * 24).reshape(4, 3, 24, 24).sin()


def test_there_are_eighteen() -> None:
    kinds = [name for part in PARTS.values() for name in part]
    assert len(kinds) + 3 == 18  # the filter has four bands
    assert SETS["bgcfnc"] == Augmentations(**dict.fromkeys(kinds, 1.0))


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_gates_open_with_probability_p(p: float) -> None:
    draws = draw(torch.zeros(4000, 3, 2, 2), SETS["bgcfnc"], p, torch.Generator().manual_seed(1))
    for name in (
        "shift",
        "scale",
        "aniso",
        "fraction",
        "brightness",
        "contrast",
        "hue",
        "saturation",
        "sigma",
        "cutout",
    ):
        value = getattr(draws, name)
        happened = (value if value.ndim == 1 else value[:, 0]) != 0
        assert happened.float().mean().item() == pytest.approx(p, abs=0.03), name
    either = (draws.before != 0) | (draws.after != 0)
    assert either.float().mean().item() == pytest.approx(p, abs=0.03)
    assert (draws.bands != 0).float().mean().item() == pytest.approx(p, abs=0.03)
    for name, options in (("flip", 2), ("quarter", 4), ("lumaflip", 2)):
        share = p * (options - 1) / options
        assert (getattr(draws, name) != 0).float().mean().item() == pytest.approx(share, abs=0.03), name


def test_nothing_thrown_changes_nothing() -> None:
    assert torch.equal(augment(PICTURES, Augmentations()), PICTURES)
    torch.testing.assert_close(augment(PICTURES, SETS["bgc"], 0.0), PICTURES, rtol=0.0, atol=2e-5)


def test_the_same_seed_throws_the_same() -> None:
    first, again, other = (
        augment(PICTURES, SETS["bgcfnc"], 0.8, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_bands_add_up_to_the_picture() -> None:
    impulse = torch.zeros(43)
    impulse[21] = 1.0
    torch.testing.assert_close(torch.from_numpy(filter_bank()).sum(0), impulse, rtol=0.0, atol=1e-6)


@pytest.mark.parametrize(
    ("kinds", "channels", "side", "message"), [("color", 4, 24, "1 or 3"), ("filter", 3, 16, "21")]
)
def test_pictures_that_cannot_be_augmented_so(kinds: str, channels: int, side: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        augment(torch.zeros(2, channels, side, side), SETS[kinds])


def test_lookups_can_be_differentiated_twice() -> None:
    images = torch.randn(2, 1, 4, 4, dtype=torch.float64, requires_grad=True)
    grid = torch.rand(2, 3, 3, 2, dtype=torch.float64) * 2 - 1
    assert torch.autograd.gradcheck(lambda x: Lookup.apply(x, grid), images)
    assert torch.autograd.gradgradcheck(lambda x: Lookup.apply(x, grid).square(), images)


def test_r1_goes_through_every_augmentation() -> None:
    weight = torch.randn(1, 3, 24, 24, requires_grad=True)
    source = torch.Generator().manual_seed(3)
    squared = squared_gradient(
        lambda x: (augment(x, SETS["bgcfnc"], 0.9, source) * weight).sum((1, 2, 3)).square(), PICTURES
    )
    squared.mean().backward()
    assert squared.isfinite().all()
    assert weight.grad is not None
    assert weight.grad.any()


def test_the_controller_follows_the_official_trace() -> None:
    p, path = 0.0, []
    for sign in (0.9, 0.7, 0.61, 0.6, 0.3, -0.2, 0.8, -1, -1, -1):
        p = adjusted(p, sign, 0.6, 64 * 4, 500)
        path.append(p)
    expected = [0.000512, 0.001024, 0.001536, 0.001536, 0.001024, 0.000512, 0.001024, 0.000512, 0.0, 0.0]
    assert path == pytest.approx(expected, abs=1e-12)


def test_the_controller_adjusts_every_few_steps_and_has_no_upper_bound() -> None:
    controller = Controller(Ada("ada", p=1.0, kimg=1.0))
    controller.see(torch.tensor([[2.0], [1.0], [-1.0], [3.0], [1.0]]))
    controller.see(torch.ones(5, 1))
    assert controller.sign == pytest.approx(0.8)
    controller.adjust(3, 32)
    assert controller.p == 1.0
    restored = Controller(controller.ada)
    restored.restore(controller.state())
    restored.adjust(4, 32)
    assert restored.p == pytest.approx(1.0 + 4 * 32 / 1000)
    assert restored.sign == 0.0


@pytest.mark.parametrize("mode", ["off", "fixed"])
def test_a_held_strength_is_held(mode: str) -> None:
    controller = Controller(Ada(mode, p=0.2))
    controller.see(torch.ones(4, 1))
    controller.adjust(4, 64)
    assert controller.p == 0.2


@pytest.mark.parametrize("policy", [*POLICIES, "color,translation,cutout", ""])
def test_diffaugment_is_seeded_differentiable_and_keeps_the_shape(policy: str) -> None:
    images = PICTURES.clone().requires_grad_()
    first, again = (diffaugment(images, policy, torch.Generator().manual_seed(4)) for _ in range(2))
    assert first.shape == images.shape
    assert torch.equal(first, again)
    assert torch.equal(first, images) == (policy == "")
    first.square().sum().backward()
    assert images.grad is not None
    assert images.grad.isfinite().all()


def test_diffaugment_moves_by_at_most_an_eighth_and_cuts_a_quarter_at_most() -> None:
    ones = torch.ones(200, 1, 16, 16)
    moved = diffaugment(ones, "translation", torch.Generator().manual_seed(5))
    assert moved.mean((1, 2, 3)).min().item() == pytest.approx((14 / 16) ** 2)
    assert set(moved.unique().tolist()) == {0.0, 1.0}
    cut = 1 - diffaugment(ones, "cutout", torch.Generator().manual_seed(6)).mean((1, 2, 3))
    assert cut.max().item() == pytest.approx(0.25)
    assert cut.min().item() < 0.15


def test_diffaugment_names_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="no augmentation 'colour'"):
        diffaugment(PICTURES, "colour")


def test_path_length_of_a_map_whose_jacobian_is_known() -> None:
    """g(w) = 3 w on pictures of one pixel: |Jᵀy| = 3 |y|."""
    ws = torch.randn(500, 1, 4)
    slope = slopes(lambda ws: 3 * ws[:, 0, :, None, None], ws, torch.Generator().manual_seed(7))
    assert lengths(slope).mean().item() == pytest.approx(3 * math.sqrt(4) * 0.94, rel=0.05)
    y = directions(torch.zeros(100, 3, 8, 8), torch.Generator().manual_seed(8))
    assert y.std().item() == pytest.approx(1 / 8, rel=0.05)


def test_path_length_pulls_its_average_along() -> None:
    found = torch.tensor([1.0, 3.0], requires_grad=True)
    penalty, mean = path_length(found, torch.tensor(1.0))
    assert mean.item() == pytest.approx(1.01)
    assert penalty.tolist() == pytest.approx([0.01**2, 1.99**2], rel=1e-4)
    penalty.sum().backward()
    assert found.grad is not None
    assert found.grad[0].item() == pytest.approx(2 * (-0.01) * 0.995 - 2 * 1.99 * 0.005, rel=1e-3)
