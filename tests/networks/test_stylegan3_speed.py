"""StyleGAN3 the straightforward way, as its paper writes it down, to check and to time ours against.

`python -m tests.networks.test_stylegan3_speed [RESOLUTION] [t or r] [THREADS] [SHARE]` draws one picture both ways; with a
SHARE of 0.5 the networks have half as many feature maps, as in the paper's own comparisons at 256².
"""

import sys
import time
from collections.abc import Callable

import pytest
import torch
from msgspec import structs
from torch import Tensor
from torch.nn import functional as F

from engine.networks.alias_free import Resampling
from engine.networks.alias_free_layers import AliasFreeLayer, AliasFreeRGB
from engine.networks.generator import Canvas
from engine.networks.layers import channels_last, pack
from engine.networks.stylegan3 import StyleGAN3, StyleGAN3Generator


def resampled(x: Tensor, kernel: Tensor, up: int, down: int, padding: tuple[int, int, int, int]) -> Tensor:
    """Zeros between pixels, padding, a convolution of every feature map, every `down`-th pixel."""
    n, c, h, w = x.shape
    x = F.pad(x.reshape(n, c, h, 1, w, 1), [0, up - 1, 0, 0, 0, up - 1]).reshape(n, c, h * up, w * up)
    x = F.pad(x, padding)
    if kernel.ndim == 2:
        x = F.conv2d(x, kernel.flip(0, 1).expand(c, 1, -1, -1), groups=c)
    else:
        x = F.conv2d(x, kernel.flip(0)[None, None, None].expand(c, -1, -1, -1), groups=c)
        x = F.conv2d(x, kernel.flip(0)[None, None, :, None].expand(c, -1, -1, -1), groups=c)
    return x[:, :, ::down, ::down]


def through(x: Tensor, resampling: Resampling) -> Tensor:
    return resampled(x, resampling.filter, resampling.up, resampling.down, resampling.padding)


def layer_plainly(layer: AliasFreeLayer, x: Tensor, w: Tensor) -> Tensor:
    """Weights of its own for every picture, as one grouped convolution, then each operation by itself."""
    weight, style = layer.conv.weight, layer.affine(w)
    weight = weight * weight.square().mean((1, 2, 3), keepdim=True).rsqrt()
    style = style * style.square().mean(1, keepdim=True).rsqrt()
    own = weight * style[:, None, :, None, None]
    own = own * (own.square().sum((2, 3, 4), keepdim=True) + 1e-8).rsqrt() * layer.measure.square.rsqrt()
    n, _, h, _ = x.shape
    x = F.conv2d(x.reshape(1, -1, h, h), own.flatten(0, 1), padding=weight.shape[-1] - 1, groups=n)
    x = through(x.unflatten(1, (n, -1)).squeeze(0) + layer.bias[:, None, None], layer.activation.up)
    x = F.leaky_relu(x, 0.2).clamp(-256, 256)
    return through(x, layer.activation.down)


def drawn_plainly(generator: StyleGAN3Generator, ws: Tensor) -> Tensor:
    """ws → picture; the wave plane and toRGB are as ours, they cost next to nothing."""
    canvas = Canvas()
    for layer in generator.named_layers().values():
        assert layer.row is not None
        if isinstance(layer, AliasFreeLayer):
            assert canvas.features is not None
            canvas = Canvas(layer_plainly(layer, canvas.features, ws[:, layer.row]))
        else:
            assert isinstance(layer, AliasFreeRGB) or canvas.features is None
            canvas = layer(canvas, ws[:, layer.row])
    assert canvas.picture is not None
    return canvas.picture


@pytest.mark.parametrize("variant", ["t", "r"])
def test_both_ways_give_the_same(variant: str) -> None:
    torch.manual_seed(0)
    generator = StyleGAN3.tiny(variant=variant, resolution=32, depth=7).build().eval().requires_grad_(False)
    assert isinstance(generator, StyleGAN3Generator)
    ws = torch.randn(2, generator.rows, generator.w_dim)
    plain = drawn_plainly(generator, ws)
    pack(channels_last(generator))
    for ours in (generator.synthesize(ws), torch.cat([generator.synthesize(one) for one in ws.split(1)])):
        torch.testing.assert_close(ours, plain, rtol=1e-4, atol=1e-5)


def seconds(draw: Callable[[], object], times: int) -> tuple[float, float]:
    """The best of some drawings, on the clock and of processor time."""
    best = (float("inf"), float("inf"))
    for _ in range(times):
        clock, processor = time.perf_counter(), time.process_time()
        draw()
        best = min(best[0], time.perf_counter() - clock), min(best[1], time.process_time() - processor)
    return best


@torch.inference_mode()
def main(resolution: str = "256", variant: str = "t", threads: str = "2", share: str = "1") -> None:
    """Prints both times and how far the pictures are apart."""
    torch.manual_seed(0)
    torch.set_num_threads(int(threads))
    spec = StyleGAN3.paper(int(resolution), "r" if variant == "r" else "t")
    spec = structs.replace(spec, feature_base=int(spec.feature_base * float(share)))
    generator = spec.build().eval()
    assert isinstance(generator, StyleGAN3Generator)
    ws = generator.broadcast(generator.mapping(torch.randn(1, generator.z_dim)))
    drawn: list[Tensor] = []
    slow = seconds(lambda: drawn.append(drawn_plainly(generator, ws)), 1)
    pack(channels_last(generator))
    apart = (generator.synthesize(ws) - drawn[0]).abs().max() / drawn[0].abs().max()
    fast = seconds(lambda: generator.synthesize(ws), 3)
    print(f"StyleGAN3-{variant.upper()} at {resolution}², {share} of the feature maps, {threads} threads:")
    print(
        f"straightforward {slow[0]:.2f} s a picture ({slow[1]:.2f} s of processor) · ours {fast[0]:.2f} ({fast[1]:.2f})"
    )
    print(f"{slow[0] / fast[0]:.1f} times as fast ({slow[1] / fast[1]:.1f} in processor time), apart by {apart:.1e}")


if __name__ == "__main__":
    main(*sys.argv[1:])
