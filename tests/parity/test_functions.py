"""What golden files cannot fix about the functions that they check: draws, resets, averages, edges of truncation."""

from collections import Counter
from copy import deepcopy

import pytest
import torch
from torch import nn

from engine.networks import StyleGAN1
from engine.render.pixels import to_uint8
from engine.render.truncation import truncate
from engine.training.adam import Adam
from engine.training.ema import Average, ema_beta
from engine.training.growth import Growth, fade_reals, stage
from engine.training.mixing import draw_crossover, mix_styles


def test_crossovers_are_uniform_below_the_rows_in_use() -> None:
    random = torch.Generator().manual_seed(0)
    draws = Counter(draw_crossover(8, 1.3, random) for _ in range(6000))
    assert set(draws) == {1, 2, 3, 4, 5, 6}
    assert draws[6] == pytest.approx(600, abs=100)  # one in ten mixes nothing
    assert all(draws[crossover] == pytest.approx(1080, abs=150) for crossover in range(1, 6))


def test_crossover_without_probability_mixes_nothing() -> None:
    assert draw_crossover(8, 0.0, torch.Generator(), probability=0.0) == 8


def test_mixing_takes_fine_rows_from_the_second() -> None:
    first, second = torch.zeros(2, 3), torch.ones(2, 3)
    assert mix_styles(first, second, 2, 4)[0, :, 0].tolist() == [0, 0, 1, 1]
    assert torch.equal(mix_styles(first, second, 4, 4), first[:, None].expand(-1, 4, -1))


def test_truncation_by_layer_and_by_picture() -> None:
    ws, centre = torch.ones(2, 4, 3), torch.tensor([[0.0] * 3, [2.0] * 3])
    drawn = truncate(ws, centre, torch.tensor([0.0, 0.5, 1.0, 0.0]), cutoff=3)
    assert drawn[0, :, 0].tolist() == [0.0, 0.5, 1.0, 1.0]
    assert drawn[1, :, 0].tolist() == [2.0, 1.5, 1.0, 1.0]


@pytest.mark.parametrize(("psi", "cutoff"), [(1.0, None), (0.3, 0), (torch.ones(4), None)])
def test_no_truncation_changes_no_bit(psi: float | torch.Tensor, cutoff: int | None) -> None:
    ws = torch.randn(2, 4, 3)
    assert torch.equal(truncate(ws, torch.randn(3), psi, cutoff), ws)


def test_eight_bits_saturate() -> None:
    assert to_uint8(torch.tensor([-3.0, -1.0, 0.0, 0.999, 1.0, 3.0])).tolist() == [0, 0, 128, 255, 255, 255]


def test_adam_continues_from_its_state() -> None:
    one, other = nn.Parameter(torch.ones(3)), nn.Parameter(torch.ones(3))
    first, second = Adam([one], betas=(0.5, 0.9)), Adam([other], betas=(0.5, 0.9))
    for step in range(6):
        if step == 3:
            second = Adam([other])
            second.load_state_dict(deepcopy(first.state_dict()))
        one.grad = other.grad = torch.full((3,), float(step))
        first.step()
        second.step()
    assert torch.equal(one, other)


def test_adam_without_gradient_goes_on_by_momentum_only() -> None:
    moved, resting = nn.Parameter(torch.ones(1)), nn.Parameter(torch.ones(1))
    optimizer = Adam([moved, resting], betas=(0.5, 0.9))
    moved.grad = torch.ones(1)
    optimizer.step()
    before, moved.grad = moved.item(), None
    optimizer.step()
    assert moved.item() < before
    assert resting.item() == 1.0


def test_adam_forgets() -> None:
    parameter = nn.Parameter(torch.zeros(1))
    optimizer = Adam([parameter], lr=0.1)
    for _ in range(2):
        parameter.grad = torch.ones(1)
        optimizer.step()
        optimizer.reset()
    assert parameter.item() == pytest.approx(-0.2)


def test_average_follows_parameters_and_copies_buffers() -> None:
    source = StyleGAN1.tiny().build()
    average = Average(source)
    start = average.model.state_dict()["layers.b4_conv.source.weight"].clone()
    with torch.no_grad():
        for parameter in source.parameters():
            parameter.add_(1.0)
        source.mapping.w_avg.fill_(3.0)
    average.update(source, 0.75)
    state = average.model.state_dict()
    torch.testing.assert_close(state["layers.b4_conv.source.weight"], start + 0.25)
    assert torch.equal(state["mapping.w_avg"], source.mapping.w_avg)
    assert not any(parameter.requires_grad for parameter in average.model.parameters())


def test_half_life() -> None:
    assert ema_beta(10_000) == 0.5
    assert ema_beta(32, 0) == 0.0


def test_reals_fade_only_between_levels() -> None:
    images = torch.randn(1, 3, 8, 8)
    assert torch.equal(fade_reals(images, 2.0), images)
    assert not torch.equal(fade_reals(images, 1.5), images)


def test_a_batch_divides_over_ranks() -> None:
    assert stage(Growth(batch=15), 64, 0, ranks=4).batch == 12
