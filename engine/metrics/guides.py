"""Files of what guides a generator: a classifier of classes, or a pair of encoders whose features of words and pictures meet."""

import hashlib
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

import msgspec
import torch
from msgspec import Meta, Struct
from torch import Tensor, nn
from torch.nn import functional as F

from engine.checkpoints import native
from engine.checkpoints.card import BadCheckpoint
from engine.feature_networks.looks import SIDE, Look
from engine.feature_networks.pyramid import Pyramid, lite0_pyramid
from engine.feature_networks.reader import Reader
from engine.feature_networks.sentences import SentenceNetwork


class Pair(Protocol):
    """Features [N, `size`] of length 1 whose cosine is large where words say what a picture shows."""

    name: str
    size: int
    side: int

    def texts(self, texts: list[str]) -> Tensor: ...

    def pictures(self, pictures: Tensor) -> Tensor:
        """Of pictures [N, 3, side, side] from 0 to 1; gradients flow through it."""


class Design(Struct, frozen=True, forbid_unknown_fields=True):
    """What a guide is made of, and how good it was on pictures that were held back."""

    guide: Literal["classifier", "pair"]
    classes: tuple[str, ...] = ()
    reader: Reader | None = None
    hidden: Annotated[int, Meta(ge=1, le=8192)] = 256
    side: Annotated[int, Meta(ge=8, le=512)] = SIDE
    accuracy: float = 0.0
    """Share of pictures of which it finds the class, or among 32 texts the right one."""
    data: str = ""

    @property
    def outputs(self) -> int:
        return self.reader.width if self.reader is not None else len(self.classes)

    def look(self, pyramid: Pyramid | None = None) -> Look:
        """The part that sees pictures, with random weights. Raises MissingWeights with one sentence."""
        return Look(pyramid or lite0_pyramid(), self.outputs, self.hidden, self.side)


class Classifier(nn.Module):
    """Logits [N, classes] of pictures [N, 3, side, side] from 0 to 1, of the classes that its file names."""

    def __init__(self, design: Design, look: Look):
        super().__init__()
        self.design, self.look, self.side = design, look, look.side

    def forward(self, pictures: Tensor) -> Tensor:
        found: Tensor = self.look(pictures)
        return found


class SmallPair(nn.Module):
    """A pair that was trained here: a reader of words, and a look at pictures through EfficientNet-lite0."""

    def __init__(self, design: Design, look: Look, words: SentenceNetwork):
        super().__init__()
        assert design.reader is not None
        self.design, self.look, self.words = design, look, words
        self.side, self.size, self.reader = look.side, look.size, design.reader
        self.name = f"pair-{design.reader.origin}"

    def texts(self, texts: list[str]) -> Tensor:
        device = self.look.mean.device
        return self.reader.encoder(self.words.cpu())(texts).to(device)

    def pictures(self, pictures: Tensor) -> Tensor:
        return F.normalize(self.look(pictures), dim=1)


def keep(path: Path, guide: Classifier | SmallPair) -> Design:
    """Writes a guide, complete or not at all; gives back its design, which says what its reader's weights are. Raises OSError."""
    state, design = {name: x.detach().cpu().contiguous() for name, x in guide.state_dict().items()}, guide.design
    if design.reader is not None:
        origin = digest({name: x for name, x in state.items() if name.startswith("words.")})
        design = msgspec.structs.replace(design, reader=msgspec.structs.replace(design.reader, origin=origin))
    native.write_tensors(path, state, msgspec.to_builtins(design))
    return design


def digest(tensors: dict[str, Tensor]) -> str:
    """The first digits of a SHA-256 over tensors and their names."""
    found = hashlib.sha256()
    for name, x in sorted(tensors.items()):
        found.update(name.encode())
        found.update(x.float().numpy().astype("<f4", copy=False).tobytes())
    return found.hexdigest()[:16]


def read_design(path: Path) -> Design:
    """Only what a file says of itself. Raises BadCheckpoint with one sentence."""
    return _design(path, native.read_header(path))


def read_guide(path: Path, pyramid: Pyramid | None = None) -> Classifier | SmallPair:
    """What is in a file, frozen, on the CPU. Raises BadCheckpoint or MissingWeights with one sentence."""
    header, tensors = native.read_tensors(path)
    design = _design(path, header)
    try:
        look = design.look(pyramid)
        found = SmallPair(design, look, design.reader.build()) if design.reader else Classifier(design, look)
    except RuntimeError as error:
        raise BadCheckpoint(f"{path.name} describes a guide that cannot be built: {error}") from None
    native.check_layout(path, found.state_dict(), tensors)
    found.load_state_dict(tensors)
    return found.eval().requires_grad_(False)


def _design(path: Path, header: dict[str, Any]) -> Design:
    try:
        design = msgspec.convert(header, Design)
    except msgspec.ValidationError:
        raise BadCheckpoint(f"{path.name} is no guide; `guide FOLDER --out FILE` trains one") from None
    if (design.guide == "pair") != (design.reader is not None) or not design.outputs:
        raise BadCheckpoint(f"{path.name} is a guide without classes and without a reader of words")
    return design


@torch.no_grad()
def read_small_pair(path: Path) -> SmallPair:
    """A pair that `guide` trained. Raises BadCheckpoint, MissingWeights, and ValueError for a classifier."""
    found = read_guide(path)
    if not isinstance(found, SmallPair):
        raise ValueError(f"{path.name} is a classifier; a StyleGAN-T needs a pair for words, which `guide` trains")
    return found


def agreement(pair: Pair, pictures: Tensor, words: Tensor) -> Tensor:
    """Cosines [N] of pictures [N, 3, side, side] from 0 to 1 and features of their words [N, size]."""
    return F.cosine_similarity(pair.pictures(pictures), words, dim=1)
