"""CLIP (Radford et al. 2021): a transformer of pictures and one of words, whose features meet; from files of weights.

Tensors are named as in OpenAI's program, which open_clip shares. Words come as numbers of tokens: how a text is cut is not here.
Not verified with published weights: they could not be had where this was written.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from msgspec import Struct
from torch import Tensor, nn
from torch.nn import functional as F

from .frozen import FeatureNetwork
from .layouts import fitted, published
from .published import Published
from .sampling import resized

MEAN, DEVIATION = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
NUMBERS = (
    "input_resolution",
    "context_length",
    "vocab_size",
    "attn_mask",
    "logit_bias",
)  # kept in some files, said by sizes
HEAD = 64  # features of one head of attention


class Tower(Struct, frozen=True):
    """Sizes of one of the two transformers; a head has 64 features."""

    width: int
    depth: int


class CLIPSize(Struct, frozen=True):
    """Sizes of a CLIP; the defaults are ViT-B/32's. `quick` is the activation x · sigmoid(1.702 x) instead of GELU."""

    features: int = 512
    picture: Tower = Tower(768, 12)
    patch: int = 32
    side: int = 224
    text: Tower = Tower(512, 12)
    context: int = 77
    """Tokens of a text."""
    words: int = 49408
    """Tokens that there are."""
    quick: bool = True


class Kind(Struct, frozen=True):
    """A published CLIP."""

    title: str
    size: CLIPSize
    source: Published
    verified: bool = False
    """Whether its results were checked with the published weights."""


def _openai(name: str, megabytes: float) -> Published:
    return Published(name, "https://github.com/openai/CLIP", megabytes, "MIT")


CLIPS: dict[str, Kind] = {
    "clip-b32": Kind("CLIP ViT-B/32", CLIPSize(), _openai("ViT-B-32.pt", 354)),
    "clip-l14": Kind(
        "CLIP ViT-L/14",
        CLIPSize(768, Tower(1024, 24), 14, text=Tower(768, 12)),
        _openai("ViT-L-14.pt", 933),
    ),
}


class Attention(nn.Module):
    """Every token [N, T, width] takes from all others, or with `causal` from those before it, as much as they match."""

    def __init__(self, width: int, causal: bool):
        super().__init__()
        self.heads, self.causal = max(width // HEAD, 1), causal
        self.in_proj_weight = nn.Parameter(torch.randn(3 * width, width) * width**-0.5)
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * width))
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        mixed = F.linear(x, self.in_proj_weight, self.in_proj_bias)
        query, key, value = mixed.unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        found = F.scaled_dot_product_attention(query, key, value, is_causal=self.causal)
        return self.out_proj(found.transpose(1, 2).flatten(2))


class Perceptron(nn.Module):
    """Two layers for each token by itself."""

    def __init__(self, width: int, quick: bool):
        super().__init__()
        self.c_fc, self.c_proj, self.quick = nn.Linear(width, 4 * width), nn.Linear(4 * width, width), quick

    def forward(self, x: Tensor) -> Tensor:
        x = self.c_fc(x)
        return self.c_proj(x * torch.sigmoid(1.702 * x) if self.quick else F.gelu(x))


class Block(nn.Module):
    """Attention and a perceptron, each normalised before and added after."""

    def __init__(self, width: int, causal: bool, quick: bool):
        super().__init__()
        self.ln_1, self.attn = nn.LayerNorm(width), Attention(width, causal)
        self.ln_2, self.mlp = nn.LayerNorm(width), Perceptron(width, quick)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Transformer(nn.Module):
    """Blocks one after the other, [N, T, width] → [N, T, width]."""

    def __init__(self, tower: Tower, causal: bool, quick: bool):
        super().__init__()
        self.resblocks = nn.Sequential(*(Block(tower.width, causal, quick) for _ in range(tower.depth)))

    def forward(self, x: Tensor) -> Tensor:
        return self.resblocks(x)


class PictureTower(nn.Module):
    """Normalised pictures [N, 3, side, side] → features [N, features]."""

    def __init__(self, size: CLIPSize):
        super().__init__()
        width, places = size.picture.width, (size.side // size.patch) ** 2 + 1
        self.class_embedding = nn.Parameter(torch.randn(width) * width**-0.5)
        self.positional_embedding = nn.Parameter(torch.randn(places, width) * width**-0.5)
        self.conv1 = nn.Conv2d(3, width, size.patch, size.patch, bias=False)
        self.ln_pre, self.ln_post = nn.LayerNorm(width), nn.LayerNorm(width)
        self.transformer = Transformer(size.picture, False, size.quick)
        self.proj = nn.Parameter(torch.randn(width, size.features) * width**-0.5)

    def forward(self, pictures: Tensor) -> Tensor:
        x = self.conv1(pictures).flatten(2).transpose(1, 2)
        first = self.class_embedding.to(x.dtype).expand(len(x), 1, -1)
        x = self.ln_pre(torch.cat([first, x], 1) + self.positional_embedding.to(x.dtype))
        return self.ln_post(self.transformer(x)[:, 0]) @ self.proj


class TextTower(nn.Module):
    """The words' half of a CLIP alone: tokens [N, context] → features [N, features] of length 1.

    `vocabulary` is how many bytes of a file it keeps that cuts texts into tokens.
    """

    vocabulary: Tensor

    def __init__(self, size: CLIPSize, vocabulary: int = 0):
        super().__init__()
        self.context, width = size.context, size.text.width
        self.token_embedding = nn.Embedding(size.words, width)
        self.positional_embedding = nn.Parameter(torch.randn(size.context, width) * 0.01)
        self.transformer = Transformer(size.text, True, size.quick)
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.randn(width, size.features) * width**-0.5)
        self.register_buffer("vocabulary", torch.zeros(vocabulary, dtype=torch.uint8))

    def forward(self, tokens: Tensor) -> Tensor:
        return F.normalize(told(self, tokens), dim=1)


def told(parts: "CLIP | TextTower", tokens: Tensor) -> Tensor:
    """Features [N, features] of token numbers [N, context], not normalised; the end of a text has the largest number.

    Raises ValueError for another number of tokens.
    """
    if tokens.ndim != 2 or tokens.shape[1] != parts.context:
        raise ValueError(f"a text is {parts.context} tokens long here, not {tuple(tokens.shape)}")
    x = parts.token_embedding(tokens) + parts.positional_embedding
    x = parts.ln_final(parts.transformer(x))
    ends = tokens.argmax(1)
    return x[torch.arange(len(x), device=x.device), ends] @ parts.text_projection


class CLIP(FeatureNetwork):
    """Features [N, features] of pictures, not normalised; `text` gives those of words, and pairs have a large cosine."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, size: CLIPSize):
        super().__init__()
        self.size, self.side, self.context = size.features, size.side, size.context
        self.visual, words = PictureTower(size), TextTower(size)
        self.token_embedding, self.positional_embedding = words.token_embedding, words.positional_embedding
        self.transformer, self.ln_final = words.transformer, words.ln_final
        self.text_projection = words.text_projection
        self.logit_scale = nn.Parameter(torch.zeros(()))
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None], persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION)[:, None, None], persistent=False)

    def whitened(self, pictures: Tensor) -> Tensor:
        """[N, 3, H, W] from 0 to 255 → [N, 3, side, side] as the network was shown them; gradients flow through it."""
        return (resized(pictures.float(), self.side) / 255.0 - self.mean) / self.deviation

    def forward(self, pictures: Tensor) -> Tensor:
        return self.visual(self.whitened(pictures))

    def text(self, tokens: Tensor) -> Tensor:
        """Features [N, features] of token numbers [N, context], not normalised. Raises ValueError for another number of them."""
        return told(self, tokens)


def read_clip(name: str, path: Path | None, kind: Kind | None = None) -> CLIP:
    """A CLIP of `CLIPS` (or of another kind) with the weights of a file, frozen, on the CPU.

    Raises MissingWeights or BadWeights with one sentence.
    """
    kind = kind or CLIPS[name]
    weights = renamed(published(path, kind.source))
    with torch.device("meta"):  # nothing is drawn only to be replaced
        network = CLIP(kind.size)
    network.to_empty(device="cpu")
    network.mean.copy_(torch.tensor(MEAN)[:, None, None])
    network.deviation.copy_(torch.tensor(DEVIATION)[:, None, None])
    fitted(network, weights, kind.source.file if path is None else path.name)
    return network


def renamed(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors by OpenAI's names; open_clip's newer files say `text.` before those of the words' tower."""
    found = {re.sub(r"^text\.", "", name): x for name, x in weights.items()}
    return {name: x for name, x in found.items() if name not in NUMBERS}
