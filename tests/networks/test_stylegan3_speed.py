"""StyleGAN3 the straightforward way and ours, which is the one that is fast, give the same."""

import pytest
import torch

from benchmarks import straightforward
from engine.networks.layers import channels_last, pack
from engine.networks.stylegan3 import StyleGAN3, StyleGAN3Generator


@pytest.mark.parametrize("variant", ["t", "r"])
def test_both_ways_give_the_same(variant: str) -> None:
    torch.manual_seed(0)
    generator = StyleGAN3.tiny(variant=variant, resolution=32, depth=7).build().eval().requires_grad_(False)
    assert isinstance(generator, StyleGAN3Generator)
    ws = torch.randn(2, generator.rows, generator.w_dim)
    plain = straightforward.drawn(generator, ws)
    pack(channels_last(generator))
    for ours in (generator.synthesize(ws), torch.cat([generator.synthesize(one) for one in ws.split(1)])):
        torch.testing.assert_close(ours, plain, rtol=1e-4, atol=1e-5)
