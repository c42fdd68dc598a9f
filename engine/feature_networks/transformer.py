"""A transformer of pictures (Dosovitskiy et al. 2021; Touvron et al. 2021): patches become tokens, which look at one another."""

from collections.abc import Sequence

import torch
from msgspec import Struct
from torch import Tensor, nn
from torch.nn import functional as F

EPSILON = 1e-6


class TransformerSize(Struct, frozen=True):
    """Sizes of a transformer; the defaults are ViT-B/16's, and DeiT-base's with its second leading token."""

    width: int = 768
    depth: int = 12
    heads: int = 12
    patch: int = 16
    side: int = 224
    """Pixels a side of the pictures that its table of places is made for."""
    distilled: bool = True
    """Whether a second leading token, which learned from a teacher, stands after the one of the class."""


class Attention(nn.Module):
    """Every token [N, T, width] takes from all others as much as they match."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.qkv(x).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        found = F.scaled_dot_product_attention(query, key, value)
        out: Tensor = self.proj(found.transpose(1, 2).flatten(2))
        return out


class Perceptron(nn.Module):
    """Two layers for each token by itself, with an exact GELU between."""

    def __init__(self, width: int):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.fc2(F.gelu(self.fc1(x)))
        return out


class TransformerBlock(nn.Module):
    """Attention and a perceptron, each normalised before and added after."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width, EPSILON), Attention(width, heads)
        self.norm2, self.mlp = nn.LayerNorm(width, EPSILON), Perceptron(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class Patches(nn.Module):
    """Pictures [N, 3, H, W] → tokens [N, width, H / patch, W / patch]."""

    def __init__(self, width: int, patch: int):
        super().__init__()
        self.proj = nn.Conv2d(3, width, patch, patch)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.proj(x)
        return out


class PictureTransformer(nn.Module):
    """Normalised pictures [N, 3, H, W] → tokens; sides are multiples of a patch. Tensors have the names of the timm library."""

    def __init__(self, size: TransformerSize):
        super().__init__()
        self.size, self.leading = size, 2 if size.distilled else 1
        self.cls_token = nn.Parameter(torch.zeros(1, 1, size.width))
        self.dist_token = nn.Parameter(torch.zeros(1, 1, size.width)) if size.distilled else None
        places = (size.side // size.patch) ** 2 + self.leading
        self.pos_embed = nn.Parameter(torch.randn(1, places, size.width) * 0.02)
        self.patch_embed = Patches(size.width, size.patch)
        self.blocks = nn.ModuleList(TransformerBlock(size.width, size.heads) for _ in range(size.depth))
        self.norm = nn.LayerNorm(size.width, EPSILON)

    def tokens(self, pictures: Tensor, after: Sequence[int]) -> list[Tensor]:
        """What the blocks of these numbers leave, [N, leading + places, width], not normalised; -1 is what the first one takes."""
        x: Tensor = self.patch_embed(pictures)
        height, width = x.shape[2:]
        leading = [token.expand(len(x), -1, -1) for token in (self.cls_token, self.dist_token) if token is not None]
        x = torch.cat([*leading, x.flatten(2).transpose(1, 2)], 1) + self.places(height, width)
        found = [x] if -1 in after else []
        for number, block in enumerate(self.blocks):
            x = block(x)
            if number in after:
                found.append(x)
        return found

    def places(self, height: int, width: int) -> Tensor:
        """The table of places [1, leading + height · width, width of a token], stretched bilinearly to another grid."""
        side = self.size.side // self.size.patch
        if (height, width) == (side, side):
            return self.pos_embed
        leading, grid = self.pos_embed.split([self.leading, side * side], 1)
        grid = grid.transpose(1, 2).unflatten(2, (side, side))
        grid = F.interpolate(grid, (height, width), mode="bilinear", align_corners=False)
        return torch.cat([leading, grid.flatten(2).transpose(1, 2)], 1)

    def forward(self, pictures: Tensor) -> Tensor:
        """All tokens after the last block, normalised."""
        out: Tensor = self.norm(self.tokens(pictures, [len(self.blocks) - 1])[0])
        return out
