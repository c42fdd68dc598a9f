"""Files as lucidrains' program writes them, and how it draws from its own tensors, one step after the other."""

from collections.abc import Mapping
from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional as F

WIDTHS = (6, 8, 6, 5)  # of the start, then of every block


def state(
    widths: tuple[int, ...] = WIDTHS,
    size: int = 8,
    colours: int = 3,
    constant: bool = True,
    averaged: bool = True,
    attention: bool = False,
) -> dict[str, Tensor]:
    """A random state dict; of the four networks the averages, where there are some, differ from those that learnt."""
    draw = torch.Generator().manual_seed(5)
    found: dict[str, Tensor] = {"D.blocks.0.conv_res.weight": torch.ones(2, 4, 1, 1), "D_aug.D.x": torch.ones(1)}

    def put(name: str, *shape: int, scale: float = 1.0) -> None:
        found[name] = torch.randn(shape, generator=draw) * scale

    for s, g in (("S", "G"), ("SE", "GE"))[: 1 + averaged]:
        for i in range(3):
            put(f"{s}.net.{2 * i}.weight", size, size, scale=8.0)
            put(f"{s}.net.{2 * i}.bias", size)
        first, last = widths[0], len(widths) - 2
        put(
            *(f"{g}.initial_block", 1, first, 4, 4) if constant else (f"{g}.to_initial_block.weight", size, first, 4, 4)
        )
        put(f"{g}.initial_conv.weight", first, first, 3, 3, scale=0.3)
        put(f"{g}.initial_conv.bias", first)
        for i, (before, after) in enumerate(pairwise(widths)):
            at = f"{g}.blocks.{i}."
            for name, inputs in (("1", before), ("2", after)):
                put(f"{at}to_style{name}.weight", inputs, size)
                put(f"{at}to_style{name}.bias", inputs)
                put(f"{at}to_noise{name}.weight", after, 1)
                put(f"{at}to_noise{name}.bias", after)
                put(f"{at}conv{name}.weight", after, inputs, 3, 3)
            put(f"{at}to_rgb.to_style.weight", after, size)
            put(f"{at}to_rgb.to_style.bias", after)
            put(f"{at}to_rgb.conv.weight", colours, after, 1, 1, scale=0.05)
            if i < last:
                found[f"{at}to_rgb.upsample.1.f"] = torch.tensor([1.0, 2.0, 1.0])
        if attention:
            put(f"{g}.attns.1.0.fn.to_q.weight", 8, 8, 1, 1)
    return found


def styles(found: Mapping[str, Tensor], z: Tensor, rate: float = 0.1) -> Tensor:
    """z [N, E] → w [N, E]"""
    x = z / z.norm(dim=1, keepdim=True)
    for i in range(3):
        x = F.leaky_relu(F.linear(x, found[f"SE.net.{2 * i}.weight"] * rate, found[f"SE.net.{2 * i}.bias"] * rate), 0.2)
    return x


def modulated(x: Tensor, weight: Tensor, style: Tensor, demodulate: bool = True) -> Tensor:
    """Each picture by weights of its own."""
    drawn = []
    for one, scale in zip(x, style, strict=True):
        own = weight * (scale + 1)[None, :, None, None]
        if demodulate:
            own = own * torch.rsqrt((own**2).sum((1, 2, 3), keepdim=True) + 1e-8)
        drawn.append(F.conv2d(one[None], own, padding=weight.shape[-1] // 2))
    return torch.cat(drawn)


def drawn(found: Mapping[str, Tensor], ws: Tensor, noise: Tensor) -> Tensor:
    """ws [N, blocks, E] and noise [N, R, R, 1], uniform in [0, 1) → picture [N, 3 or 4, R, R] in [0, 1], not yet clamped."""
    g = {name.removeprefix("GE."): x for name, x in found.items()}
    blocks, blur = ws.shape[1], torch.outer(torch.tensor([1.0, 2.0, 1.0]), torch.tensor([1.0, 2.0, 1.0])) / 16
    if "initial_block" in g:
        x = g["initial_block"].expand(len(ws), -1, -1, -1)
    else:
        x = F.conv_transpose2d(ws.mean(1)[:, :, None, None], g["to_initial_block.weight"])
    x = F.conv2d(x, g["initial_conv.weight"], g["initial_conv.bias"], padding=1)
    picture = None
    for i, w in enumerate(ws.unbind(1)):

        def of(name: str, y: Tensor, i: int = i) -> Tensor:
            return F.linear(y, g[f"blocks.{i}.{name}.weight"], g[f"blocks.{i}.{name}.bias"])

        x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False) if i else x
        cut = noise[:, : x.shape[2], : x.shape[3], :]
        for k in ("1", "2"):
            grain = of(f"to_noise{k}", cut).permute(0, 3, 2, 1)
            x = modulated(x, g[f"blocks.{i}.conv{k}.weight"], of(f"to_style{k}", w))
            x = F.leaky_relu(x + grain, 0.2)
        colour = modulated(x, g[f"blocks.{i}.to_rgb.conv.weight"], of("to_rgb.to_style", w), demodulate=False)
        picture = colour if picture is None else colour + picture
        if i < blocks - 1:
            picture = F.interpolate(picture, scale_factor=2, mode="bilinear", align_corners=False)
            padded = F.pad(picture, (1, 1, 1, 1), mode="reflect")
            picture = F.conv2d(padded, blur.expand(picture.shape[1], 1, 3, 3), groups=picture.shape[1])
    assert picture is not None
    return picture
