"""Published transformers of pictures: DeiT (Touvron et al. 2021), distilled, and DINO (Caron et al. 2021), from files of weights.

Their tensors are named as in the timm library, which torch hub's files of both papers share. Not verified with published
weights: they could not be had where this was written; the computation was compared with golden tensors of tiny ones.
"""

from pathlib import Path

import torch
from msgspec import Struct
from torch import Tensor, nn

from .frozen import FeatureNetwork
from .layouts import fitted, published
from .published import Published
from .sampling import resized
from .transformer import PictureTransformer, TransformerSize

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's red, green and blue


class Kind(Struct, frozen=True):
    """A published transformer: its sizes, how many classes its heads know (0: it has none), and where its weights are."""

    title: str
    size: TransformerSize
    classes: int
    source: Published
    verified: bool = False
    """Whether its results were checked with the published weights."""


def _deit(name: str, title: str, width: int, heads: int, megabytes: float) -> Kind:
    address = f"https://dl.fbaipublicfiles.com/deit/{name}"
    return Kind(title, TransformerSize(width, heads=heads), 1000, Published(name, address, megabytes, "Apache-2.0"))


DINO_FILE = "dino_deitsmall16_pretrain.pth"
VITS: dict[str, Kind] = {
    "deit-base": _deit("deit_base_distilled_patch16_224-df68dfff.pth", "DeiT-base, distilled", 768, 12, 349),
    "deit-small": _deit("deit_small_distilled_patch16_224-649709d9.pth", "DeiT-small, distilled", 384, 6, 90),
    "dino-small": Kind(
        "DINO ViT-S/16",
        TransformerSize(384, heads=6, distilled=False),
        0,
        Published(
            DINO_FILE, f"https://dl.fbaipublicfiles.com/dino/dino_deitsmall16_pretrain/{DINO_FILE}", 87, "Apache-2.0"
        ),
    ),
}


class ViT(FeatureNetwork):
    """Features [N, width]: the class token after the last block, normalised, of pictures brought to the network's side."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, size: TransformerSize, classes: int = 0):
        super().__init__()
        self.size, self.side = size.width, size.side
        self.transformer = PictureTransformer(size)
        self.head = nn.Linear(size.width, classes) if classes else None
        self.head_dist = nn.Linear(size.width, classes) if classes and size.distilled else None
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None], persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION)[:, None, None], persistent=False)

    def whitened(self, pictures: Tensor) -> Tensor:
        """[N, 3, H, W] from 0 to 255 → [N, 3, side, side] as the network was shown them; gradients flow through it."""
        return (resized(pictures.float(), self.side) / 255.0 - self.mean) / self.deviation

    def forward(self, pictures: Tensor) -> Tensor:
        return self.transformer(self.whitened(pictures))[:, 0]

    def logits(self, pictures: Tensor) -> Tensor:
        """Those of the classes, [N, classes]: the mean of both heads, as distilled networks judge. Raises ValueError."""
        return self.judged(self.whitened(pictures))

    def judged(self, x: Tensor) -> Tensor:
        """The same of pictures [N, 3, side, side] that are normalised already; gradients flow through it. Raises ValueError."""
        if self.head is None:
            raise ValueError("this network was trained without classes")
        tokens = self.transformer(x)
        found: Tensor = self.head(tokens[:, 0])
        return found if self.head_dist is None else (found + self.head_dist(tokens[:, 1])) / 2


def read_vit(name: str, path: Path | None, kind: Kind | None = None) -> ViT:
    """A transformer of `VITS` (or of another kind) with the weights of a file, frozen, on the CPU.

    Raises MissingWeights or BadWeights with one sentence.
    """
    kind = kind or VITS[name]
    weights = {_ours(key): x for key, x in published(path, kind.source).items()}
    network = ViT(kind.size, kind.classes)
    fitted(network, weights, kind.source.file if path is None else path.name, () if kind.classes else ("head",))
    return network


def _ours(name: str) -> str:
    return name if name.startswith("head") else f"transformer.{name}"
