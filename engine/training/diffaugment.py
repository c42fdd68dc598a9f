"""Differentiable augmentation (Zhao et al. 2020): colour, translation and cutout on every picture, real and generated alike."""

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

Random = torch.Generator | None


def _uniform(x: Tensor, random: Random, *shape: int) -> Tensor:
    device = x.device if random is None else random.device
    return torch.rand(x.shape[0], *shape, generator=random, device=device).to(x.device)


def brightness(x: Tensor, random: Random = None) -> Tensor:
    """x + b, b uniform in [-0.5, 0.5)."""
    return x + (_uniform(x, random, 1, 1, 1) - 0.5)


def saturation(x: Tensor, random: Random = None) -> Tensor:
    """Distance from the pixel's grey times a factor uniform in [0, 2)."""
    grey = x.mean(1, keepdim=True)
    return torch.lerp(grey, x, _uniform(x, random, 1, 1, 1) * 2)


def contrast(x: Tensor, random: Random = None) -> Tensor:
    """Distance from the picture's mean times a factor uniform in [0.5, 1.5)."""
    mean = x.mean((1, 2, 3), keepdim=True)
    return torch.lerp(mean, x, _uniform(x, random, 1, 1, 1) + 0.5)


def translation(x: Tensor, random: Random = None, part: float = 1 / 8) -> Tensor:
    """Moved by whole pixels, up to an eighth of the picture each way, black where nothing is."""
    n, _, h, w = x.shape
    most_x, most_y = int(w * part + 0.5), int(h * part + 0.5)
    u = _uniform(x, random, 2)
    columns = torch.arange(w, device=x.device) + (u[:, :1] * (2 * most_x + 1)).long()
    rows = torch.arange(h, device=x.device) + (u[:, 1:] * (2 * most_y + 1)).long()
    padded = F.pad(x, (most_x, most_x, most_y, most_y))
    batch = torch.arange(n, device=x.device)[:, None, None]
    return padded.permute(0, 2, 3, 1)[batch, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def cutout(x: Tensor, random: Random = None, part: float = 0.5) -> Tensor:
    """A rectangle of half the width and height, anywhere, is black."""
    h, w = x.shape[2:]
    wide, high = int(w * part + 0.5), int(h * part + 0.5)
    u = _uniform(x, random, 2)
    left = (u[:, :1] * (w + 1 - wide % 2)).long() - wide // 2
    top = (u[:, 1:] * (h + 1 - high % 2)).long() - high // 2
    columns, rows = torch.arange(w, device=x.device), torch.arange(h, device=x.device)
    across = (columns >= left) & (columns < left + wide)
    down = (rows >= top) & (rows < top + high)
    return x * ~(across[:, None, None, :] & down[:, None, :, None])


POLICIES: dict[str, tuple[Callable[..., Tensor], ...]] = {
    "color": (brightness, saturation, contrast),
    "translation": (translation,),
    "cutout": (cutout,),
    "small-cutout": (partial(cutout, part=0.2),),  # as Projected GAN has it
}


def diffaugment(images: Tensor, policy: str = "color,translation,cutout", random: Random = None) -> Tensor:
    """Pictures [N, C, H, W]; `policy` names what is done to them, in order. Raises ValueError for what is not known."""
    for name in (part.strip() for part in policy.split(",") if part.strip()):
        if name not in POLICIES:
            raise ValueError(f"there is no augmentation {name!r}; there are {', '.join(POLICIES)}")
        for function in POLICIES[name]:
            images = function(images, random)
    return images
