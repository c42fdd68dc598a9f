"""A convolution in tiles is the convolution, with its ending, doubled or not; networks choose it only where it pays."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks import tiles
from engine.networks.activations import ACTIVATIONS
from engine.networks.endings import Ending
from engine.networks.filters import columns, convolve, doubled, fir
from engine.networks.modulation import ModulatedConv2d
from engine.networks.stylegan2 import StyleGAN2
from tests.models import random_generator

TAPS = [(1.0, 3.0, 3.0, 1.0), (1.0, 4.0, 2.0, 0.5), (1.0, 2.0, 1.0), (1.0, 1.0), (1.0,)]


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def maps(x: Tensor) -> Tensor:
    """[H, W, C] → [1, C, H, W]"""
    return x.permute(2, 0, 1)[None]


@pytest.mark.parametrize("up", [1, 2])
@pytest.mark.parametrize("taps", TAPS, ids=str)
@pytest.mark.parametrize(("inputs", "outputs", "size"), [(3, 5, (8, 8)), (8, 4, (12, 20))])
def test_tiles_make_a_convolution(
    inputs: int, outputs: int, size: tuple[int, int], taps: tuple[float, ...], up: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "TILES", 6)  # several parts even here
    x, weight, noise = (
        torch.randn(*size, inputs),
        torch.randn(outputs, inputs, 3, 3),
        torch.randn(size[0] * up, size[1] * up),
    )
    before, scale, bias, kernel = torch.rand(inputs) + 0.5, torch.rand(outputs) + 0.5, torch.randn(outputs), fir(taps)
    plain = convolve(maps(x * before), weight, kernel, up, 1, 1, up > 1)
    plain = plain * scale[:, None, None] + bias[:, None, None] + noise
    expected = (F.silu(plain) * math.sqrt(2)).clamp(-0.8, 0.8)
    ending = Ending(scale, bias, noise, ACTIVATIONS["swish"], math.sqrt(2), 0.8)
    form = weight if up == 1 else tiles.phases(weight, kernel)
    assert form is not None
    ours = tiles.convolve(x, before, tiles.transformed(form), ending, 1, up)
    torch.testing.assert_close(maps(ours), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("size", "padding"), [((7, 9), 2), ((1, 1), 2), ((6, 5), 1)])
def test_any_size_and_padding(size: tuple[int, int], padding: int) -> None:
    x, weight, bias = torch.randn(*size, 4), torch.randn(6, 4, 3, 3), torch.randn(6)
    ending = Ending(torch.ones(6), bias, None, ACTIVATIONS["linear"])
    ours = tiles.convolve(x, torch.ones(4), tiles.transformed(weight), ending, padding)
    torch.testing.assert_close(maps(ours), F.conv2d(maps(x), weight, bias, padding=padding), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("taps", [(1.0, 2.0, 3.0, 4.0, 5.0), tuple(range(1, 9))], ids=str)
def test_filters_that_reach_too_far_are_left_alone(taps: tuple[float, ...]) -> None:
    assert tiles.phases(torch.randn(2, 2, 3, 3), fir(taps)) is None


def test_where_it_pays() -> None:
    assert tiles.pays((256, 256, 3, 3), 128, 1)
    assert not tiles.pays((256, 256, 1, 1), 128, 1)  # no 3×3 convolution
    assert not tiles.pays((512, 512, 3, 3), 8, 1)  # four tiles
    assert not tiles.pays((16, 16, 3, 3), 1024, 1)  # too few maps


@pytest.mark.parametrize("taps", [*TAPS, tuple(range(1, 9))], ids=str)
def test_columns_make_a_doubling(taps: tuple[float, ...]) -> None:
    x, weight, kernel = torch.randn(4, 5, 7), torch.randn(6, 4, 3, 3), fir(taps)
    expected = convolve(x[None], weight, kernel, 2, 1, 1, True)
    torch.testing.assert_close(doubled(x, columns(weight), kernel), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("tiled", [True, False])
@pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
def test_a_packed_generator_draws_the_same(architecture: str, tiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a 3×3 convolution is; alone or with others, in gradients or without."""
    monkeypatch.setattr(tiles, "pays", lambda shape, size, up: tiled)
    generator = random_generator("stylegan2", architecture=architecture, resolution=32).eval()
    ws = torch.randn(2, generator.rows, generator.w_dim)
    with torch.no_grad():
        plain = generator.synthesize(ws)
    generator.requires_grad_(False)
    for module in generator.modules():
        if isinstance(module, ModulatedConv2d):
            module.pack()
            assert (module._tiles is not None) == tiled
            assert (module._columns is not None) == (not tiled and module.up == 2)
    trained = torch.cat([generator.synthesize(one.requires_grad_()) for one in ws.split(1)])
    with torch.inference_mode():
        drawn = torch.cat([generator.synthesize(one) for one in ws.split(1)])
        together = generator.synthesize(ws)
    for ours in (trained, drawn, together):
        assert (ours - plain).abs().max() < 1e-4 * plain.abs().max()


def test_other_devices_keep_their_own_way() -> None:
    with torch.device("meta"):
        generator = StyleGAN2(resolution=256).build()
    for module in generator.modules():
        if isinstance(module, ModulatedConv2d):
            module.pack()
            assert module._tiles is None
