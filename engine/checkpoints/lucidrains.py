"""lucidrains' stylegan2-pytorch (.pt): recognised and described; its network differs from StyleGAN2 and is not drawn yet."""

import re

from torch import Tensor

from .card import Card
from .file import File
from .held import Held, chosen, recognised
from .undrawn import Undrawn

BLOCK = re.compile(r"(GE|G)\.blocks\.(\d{1,2})\.conv1\.weight")
FIRST = 4  # the resolution of the first block; each of the others doubles it


def recognises(file: File) -> bool:
    return chosen(file, _mine) is not None


def card(file: File) -> Card:
    raise ValueError(described(file).obstacle)


def tensors(file: File, card: Card) -> dict[str, Tensor]:
    raise ValueError(described(file).obstacle)


def described(file: File) -> Undrawn:
    """What names and shapes tell of it. Raises ValueError that names what is missing."""
    found = recognised(file, _mine)
    averaged = any(name.startswith("GE.blocks.") for name in found)
    generator, mapping = ("GE.", "SE.") if averaged else ("G.", "S.")
    mine = {name: x for name, x in found.items() if name.startswith((generator, mapping))}
    blocks = 1 + max(int(match[2]) for name in mine if (match := BLOCK.fullmatch(name)))
    colour = f"{generator}blocks.0.to_rgb.conv.weight"
    if colour not in mine or not mine[colour].ndim:
        raise ValueError(f"the tensor {colour} is missing, so sizes cannot be told")
    return Undrawn(
        family="lucidrains-stylegan2",
        called="a StyleGAN2 of lucidrains' own kind",
        resolution=FIRST * 2 ** (blocks - 1),
        channels=mine[colour].shape[0],
        shapes={name: tuple(x.shape) for name, x in mine.items()},
        parameters=sum(x.numel() for name, x in mine.items() if not name.endswith(".f")),
        maker="lucidrains stylegan2-pytorch file",
    )


def _mine(one: Held) -> bool:
    return any(BLOCK.fullmatch(name) for name in one)
