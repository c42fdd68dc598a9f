"""Files as rosinality's two programs write them, and how his StyleGAN draws from its own tensors."""

import math
from collections import OrderedDict
from collections.abc import Mapping
from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional as F

BLUR = torch.outer(torch.tensor([1.0, 2.0, 1.0]), torch.tensor([1.0, 2.0, 1.0])) / 16


def names2(levels: int, depth: int) -> list[str]:
    """Every name in a state dict of his StyleGAN2, written down by hand."""
    styled = ("conv.weight", "conv.modulation.weight", "conv.modulation.bias", "noise.weight", "activate.bias")
    rgb = ("bias", "conv.weight", "conv.modulation.weight", "conv.modulation.bias")
    found = [f"style.{i}.{part}" for i in range(1, depth + 1) for part in ("weight", "bias")]
    found += ["input.input", *(f"conv1.{part}" for part in styled), *(f"to_rgb1.{part}" for part in rgb)]
    for i in range(2 * (levels - 1)):
        found += [f"convs.{i}.{part}" for part in styled] + ([] if i % 2 else [f"convs.{i}.conv.blur.kernel"])
    for i in range(levels - 1):
        found += [f"to_rgbs.{i}.{part}" for part in (*rgb, "upsample.kernel")]
    return found + [f"noises.noise_{i}" for i in range(2 * levels - 1)]


def state1(blocks: int, fused: int, depth: int = 2, width: int = 6, z: int = 5) -> dict[str, Tensor]:
    """A random state dict of his StyleGAN; blocks from `fused` on up-sample by transposed convolutions."""
    draw = torch.Generator().manual_seed(3)
    found: dict[str, Tensor] = OrderedDict()

    def put(name: str, *shape: int) -> None:
        found[name] = torch.randn(shape, generator=draw)

    for i in range(depth):
        put(f"style.{2 * i + 1}.linear.weight_orig", z, z)
        put(f"style.{2 * i + 1}.linear.bias", z)
    for i in range(blocks):
        at = f"generator.progression.{i}."
        if i == 0:
            put(f"{at}conv1.input", 1, width, 4, 4)
        else:
            inner = "conv1.0." if i >= fused else "conv1.1.conv."
            put(f"{at}{inner}{'weight' if i >= fused else 'weight_orig'}", width, width, 3, 3)
            put(f"{at}{inner}bias", width)
            blur = BLUR.expand(width, 1, 3, 3).clone()
            found[f"{at}conv1.{1 if i >= fused else 2}.weight"] = blur
            found[f"{at}conv1.{1 if i >= fused else 2}.weight_flip"] = blur.flip(2, 3)
        put(f"{at}conv2.conv.weight_orig", width, width, 3, 3)
        put(f"{at}conv2.conv.bias", width)
        for half in (1, 2):
            put(f"{at}noise{half}.weight_orig", 1, width, 1, 1)
            put(f"{at}adain{half}.style.linear.weight_orig", 2 * width, z)
            put(f"{at}adain{half}.style.linear.bias", 2 * width)
        put(f"generator.to_rgb.{i}.conv.weight_orig", 3, width, 1, 1)
        put(f"generator.to_rgb.{i}.conv.bias", 3)
    return found


def scaled(x: Tensor) -> Tensor:
    return x * math.sqrt(2 / math.prod(x.shape[1:]))


def draw1(state: Mapping[str, Tensor], z: Tensor, noises: list[Tensor]) -> Tensor:
    """What his program draws at the last block, each step as he takes it."""
    w = z * z.square().mean(1, keepdim=True).add(1e-8).rsqrt()
    for i in range(1, len([name for name in state if name.startswith("style")]), 2):
        w = F.leaky_relu(
            F.linear(w, scaled(state[f"style.{i}.linear.weight_orig"]), state[f"style.{i}.linear.bias"]), 0.2
        )
    blocks = 1 + max(int(name.split(".")[2]) for name in state if ".progression." in name)
    x = state["generator.progression.0.conv1.input"].expand(len(z), -1, -1, -1)
    for i in range(blocks):
        at = f"generator.progression.{i}."
        if f"{at}conv1.0.weight" in state:
            kernel = F.pad(scaled(state[f"{at}conv1.0.weight"]), (1, 1, 1, 1))
            kernel = (kernel[..., 1:, 1:] + kernel[..., :-1, 1:] + kernel[..., 1:, :-1] + kernel[..., :-1, :-1]) / 4
            x = blur(F.conv_transpose2d(x, kernel, state[f"{at}conv1.0.bias"], 2, 1))
        elif i:
            weight, bias = scaled(state[f"{at}conv1.1.conv.weight_orig"]), state[f"{at}conv1.1.conv.bias"]
            x = blur(F.conv2d(F.interpolate(x, scale_factor=2.0), weight, bias, padding=1))
        x = _styled(state, at, 1, x, w, noises[2 * i])
        x = F.conv2d(x, scaled(state[f"{at}conv2.conv.weight_orig"]), state[f"{at}conv2.conv.bias"], padding=1)
        x = _styled(state, at, 2, x, w, noises[2 * i + 1])
    rgb = f"generator.to_rgb.{blocks - 1}.conv."
    return F.conv2d(x, scaled(state[f"{rgb}weight_orig"]), state[f"{rgb}bias"])


def blur(x: Tensor) -> Tensor:
    return F.conv2d(x, BLUR.expand(x.shape[1], 1, 3, 3), padding=1, groups=x.shape[1])


def _styled(state: Mapping[str, Tensor], at: str, half: int, x: Tensor, w: Tensor, noise: Tensor) -> Tensor:
    x = F.leaky_relu(x + scaled(state[f"{at}noise{half}.weight_orig"]) * noise, 0.2)
    style = f"{at}adain{half}.style.linear."
    gamma, beta = F.linear(w, scaled(state[f"{style}weight_orig"]), state[f"{style}bias"])[..., None, None].chunk(2, 1)
    return gamma * F.instance_norm(x, eps=1e-5) + beta


def judge2(*widths: int) -> dict[str, Tensor]:
    """A random state dict of his discriminator, with so many feature maps from the full size down to 4×4, named by hand."""
    draw, last = torch.Generator().manual_seed(5), widths[-1]
    shapes: dict[str, tuple[int, ...]] = {"convs.0.0.weight": (widths[0], 3, 1, 1), "convs.0.1.bias": (widths[0],)}
    for i, (width, below) in enumerate(pairwise(widths), 1):
        shapes |= {f"convs.{i}.conv1.0.weight": (width, width, 3, 3), f"convs.{i}.conv1.1.bias": (width,)}
        shapes |= {f"convs.{i}.conv2.1.weight": (below, width, 3, 3), f"convs.{i}.conv2.2.bias": (below,)}
        shapes |= {f"convs.{i}.skip.1.weight": (below, width, 1, 1)}
    shapes |= {"final_conv.0.weight": (last, last + 1, 3, 3), "final_conv.1.bias": (last,)}
    shapes |= {"final_linear.0.weight": (last, last * 16), "final_linear.0.bias": (last,)}
    shapes |= {"final_linear.1.weight": (1, last), "final_linear.1.bias": (1,)}
    found = {name: torch.randn(shape, generator=draw) for name, shape in shapes.items()}
    tap = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
    kernels = [f"convs.{i}.{part}.0.kernel" for i in range(1, len(widths)) for part in ("conv2", "skip")]
    return found | {name: torch.outer(tap, tap) for name in kernels}


def judged2(state: Mapping[str, Tensor], x: Tensor) -> Tensor:
    """What his discriminator says of pictures, each step as he takes it: runtime scales, blur before what shrinks, sums by √2."""

    def activated(x: Tensor, bias: str) -> Tensor:
        return F.leaky_relu(x + state[bias].reshape(1, -1, *[1] * (x.ndim - 2)), 0.2) * math.sqrt(2)

    def conv(x: Tensor, name: str, **how: int) -> Tensor:
        weight = state[name]
        return F.conv2d(x, weight / math.sqrt(math.prod(weight.shape[1:])), **how)

    def softened(x: Tensor, name: str, first: int, last: int) -> Tensor:
        kernel = state[name].expand(x.shape[1], 1, 4, 4)
        return F.conv2d(F.pad(x, (first, last, first, last)), kernel, groups=x.shape[1])

    x = activated(conv(x, "convs.0.0.weight"), "convs.0.1.bias")
    for i in range(1, 1 + len([name for name in state if name.endswith("skip.1.weight")])):
        y = activated(conv(x, f"convs.{i}.conv1.0.weight", padding=1), f"convs.{i}.conv1.1.bias")
        y = conv(softened(y, f"convs.{i}.conv2.0.kernel", 2, 2), f"convs.{i}.conv2.1.weight", stride=2)
        y = activated(y, f"convs.{i}.conv2.2.bias")
        skip = conv(softened(x, f"convs.{i}.skip.0.kernel", 1, 1), f"convs.{i}.skip.1.weight", stride=2)
        x = (y + skip) / math.sqrt(2)
    groups = x.view(min(4, len(x)), -1, 1, *x.shape[1:])
    deviation = (groups.var(0, unbiased=False) + 1e-8).sqrt().mean((2, 3, 4), keepdim=True).squeeze(2)
    x = torch.cat([x, deviation.repeat(min(4, len(x)), 1, *x.shape[2:])], 1)
    x = activated(conv(x, "final_conv.0.weight", padding=1), "final_conv.1.bias").flatten(1)
    weight = state["final_linear.0.weight"]
    x = activated(x @ (weight / math.sqrt(weight.shape[1])).T, "final_linear.0.bias")
    weight = state["final_linear.1.weight"]
    return x @ (weight / math.sqrt(weight.shape[1])).T + state["final_linear.1.bias"]
