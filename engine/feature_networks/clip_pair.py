"""CLIP as a pair of encoders for words and pictures, from a folder that the person names: its weights and its vocabulary.

Not verified with published files: they could not be had where this was written.
"""

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from .bytepairs import VOCABULARY, BytePairs
from .clip import CLIP, CLIPS, Kind, read_clip
from .published import MissingWeights

FOLDER = Path("weights")  # where weights are looked for that nobody names


class CLIPPair:
    """Features of length 1: [N, size] of texts, or of pictures [N, 3, side, side] from 0 to 1."""

    def __init__(self, name: str, network: CLIP, vocabulary: BytePairs):
        self.name, self.network, self.vocabulary = name, network, vocabulary
        self.size, self.side = network.size, network.side

    def to(self, device: torch.device) -> "CLIPPair":
        self.network.to(device)
        return self

    @torch.no_grad()
    def texts(self, texts: list[str]) -> Tensor:
        rows = [self.vocabulary(text, self.network.context) for text in texts]
        found = [self.network.text(torch.tensor([row], device=self.network.mean.device)) for row in rows]
        return F.normalize(torch.cat(found), dim=1) if found else torch.zeros(0, self.size)

    __call__ = texts

    def pictures(self, pictures: Tensor) -> Tensor:
        """Gradients flow through it."""
        return F.normalize(self.network.visual((pictures - self.network.mean) / self.network.deviation), dim=1)


def named(folder: Path) -> str:
    """Which CLIP is in a folder; "" where none is."""
    return next((name for name, kind in CLIPS.items() if (folder / kind.source.file).is_file()), "")


def read_pair(name: str, folder: Path = FOLDER, kind: Kind | None = None) -> CLIPPair:
    """A CLIP of `CLIPS` with its vocabulary, frozen, on the CPU. Raises MissingWeights or BadWeights with one sentence."""
    kind = kind or CLIPS[name]
    path, vocabulary = folder / kind.source.file, folder / VOCABULARY.file
    for file, source in ((path, kind.source), (vocabulary, VOCABULARY)):
        if not file.is_file():
            raise MissingWeights(
                f"words are read with {kind.title}, which is not here: put {source.file} from {source.address} into the "
                f"folder {folder}"
            )
    network = read_clip(name, path, kind)
    return CLIPPair(name, network, BytePairs(vocabulary))
