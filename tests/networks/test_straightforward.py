"""The straightforward way and ours, which is the one that is fast, give the same picture in every family that has both."""

import pytest
import torch

from benchmarks import straightforward
from engine.networks import FAMILIES
from engine.networks.layers import channels_last, pack
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
