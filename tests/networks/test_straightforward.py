"""The straightforward way and ours, which is the one that is fast, give the same picture in every family that has both."""

import pytest
import torch

from benchmarks import straightforward
from benchmarks.straightforward_training import as_written
from engine.networks import FAMILIES, StyleGAN2
from engine.networks.layers import channels_last, pack
from engine.training.config import Config
from engine.training.players import Players
from tests.models import random_generator

CASES = {
    "stylegan1": ("stylegan1", {}),
    "skip": ("stylegan2", {"resolution": 32}),
    "resnet": ("stylegan2", {"architecture": "resnet", "clamp": 0.7}),
    "orig": ("stylegan2", {"architecture": "orig", "clamp": 0.0}),
    "t": ("stylegan3", {"resolution": 32, "depth": 7}),
    "r": ("stylegan3", {"resolution": 32, "depth": 7, "variant": "r"}),
}


@pytest.mark.parametrize("case", CASES)
def test_both_ways_give_the_same(case: str) -> None:
    family, changes = CASES[case]
    generator = random_generator(family, **changes).eval().requires_grad_(False)
    torch.manual_seed(0)
    ws = torch.randn(2, generator.rows, generator.w_dim)
    plain = straightforward.drawn(generator, ws)
    pack(channels_last(generator))
    for ours in (generator.synthesize(ws), torch.cat([generator.synthesize(one) for one in ws.split(1)])):
        torch.testing.assert_close(ours, plain, rtol=1e-4, atol=1e-4)


def test_every_family_of_the_yardstick_is_a_family() -> None:
    assert set(straightforward.FAMILIES) <= set(FAMILIES)


@pytest.mark.parametrize("architecture", ["skip", "resnet"])
def test_both_ways_of_training_have_the_same_gradients(architecture: str) -> None:
    network = StyleGAN2.tiny(resolution=16, architecture=architecture, judge_architecture=architecture)
    ours, theirs = (Players(Config(network=network), torch.device("cpu")) for _ in range(2))
    as_written(theirs)
    torch.manual_seed(0)
    ws = torch.randn(3, ours.generator.rows, ours.generator.w_dim)
    slopes = []
    for players in (ours, theirs):
        picture = players.generator.synthesize(ws, "random", torch.Generator().manual_seed(1))
        players.discriminator.judge(picture)[0].sum().backward()
        found = [*players.generator.layers.parameters(), *players.discriminator.parameters()]
        slopes.append([p.grad for p in found if p.grad is not None])
    torch.testing.assert_close(slopes[0], slopes[1], rtol=1e-3, atol=1e-4)
