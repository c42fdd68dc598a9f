"""The words' half of CLIP as a reader that a generator carries with it, weights and vocabulary, after its second phase.

Not verified with published files: they could not be had where this was written.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import torch
from msgspec import Meta, Struct
from torch import Tensor

from engine.weights import BadWeights
from engine.weights.refusals import shown

from .bytepairs import MOST_BYTES, VOCABULARY, BytePairs
from .clip import CLIPS, CLIPSize, TextTower
from .clip_pair import CLIPPair


class ClipReader(Struct, frozen=True, forbid_unknown_fields=True):
    """Which CLIP's words' half it is, and how many bytes its vocabulary's file has, which lie among the tensors."""

    name: Annotated[str, Meta(max_length=100)]
    vocabulary: Annotated[int, Meta(ge=1, le=MOST_BYTES)]

    @property
    def size(self) -> CLIPSize:
        """Raises ValueError for a CLIP that is not known here."""
        if self.name not in CLIPS:
            raise ValueError(f"a reader of the kind {self.name} is not known here")
        return CLIPS[self.name].size

    def build(self) -> TextTower:
        """One with random weights and no vocabulary. Raises ValueError for a CLIP that is not known here."""
        return TextTower(self.size, self.vocabulary)

    def encoder(self, network: TextTower) -> Callable[[Sequence[str]], Tensor]:
        """A network of this reader for prompts: texts → features [N, features] on the CPU. Raises BadWeights with one sentence."""
        vocabulary, device = _vocabulary(bytes(network.vocabulary.cpu().numpy())), network.positional_embedding.device
        if len(vocabulary.numbers) > self.size.words:
            raise BadWeights(
                f"the vocabulary of this reader has {len(vocabulary.numbers)} pieces, and it knows {self.size.words}"
            )

        @torch.no_grad()
        def read(texts: Sequence[str]) -> Tensor:
            rows = [vocabulary(text, network.context) for text in texts]
            return torch.cat([network(torch.tensor([row], device=device)) for row in rows]).cpu()

        return read


def reader_in(folder: Path, name: str) -> ClipReader:
    """The reader that the CLIP of this name in a folder can be. Raises ValueError where its vocabulary is missing."""
    file = folder / VOCABULARY.file
    if not file.is_file():
        raise ValueError(
            f"the folder {folder} lacks CLIP's vocabulary: put {VOCABULARY.file} from {VOCABULARY.address} into it"
        )
    return ClipReader(name, file.stat().st_size)


def taught(tower: TextTower, pair: CLIPPair) -> None:
    """Makes a tower the words' half of a pair: its weights, and the file that cuts its texts.

    Raises OSError, or BadWeights with one sentence where that file is another one than before.
    """
    known, source = pair.network.state_dict(), pair.vocabulary.file
    file = torch.frombuffer(bytearray(source.read_bytes()), dtype=torch.uint8)
    if file.shape != tower.vocabulary.shape:
        raise BadWeights(f"{shown(source.name)} is not the vocabulary that this run began with")
    tower.load_state_dict({name: file if name == "vocabulary" else known[name] for name in tower.state_dict()})


@lru_cache(2)
def _vocabulary(file: bytes) -> BytePairs:
    return BytePairs(Path(VOCABULARY.file), file)
