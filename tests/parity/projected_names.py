"""From the official names of Projected GAN's tensors to ours, and the tiny network through which its golden files look."""

import re
from collections.abc import Mapping, Sequence

from torch import Tensor, nn
from torch.nn import functional as F

from engine.feature_networks.frozen import FrozenNorm
from engine.feature_networks.pyramid import Pyramid
from engine.networks.discriminators.heads import Head
from engine.networks.discriminators.mixer import Mixer

LEAVES = {
    "weight_orig": "weight", "weight_u": "u", "weight_v": "v", "stored_mean": "norm.running_mean", "stored_var": "norm.running_var",
}  # fmt: skip


def counted(name: str) -> bool:
    """Whether it is a counter of batches, which says nothing to a picture."""
    return name.endswith("num_batches_tracked")


def heads(official: Mapping[str, Tensor], ours: Sequence[Head]) -> dict[str, Tensor]:
    """Tensors of heads (`0.main.0.main.0.weight_orig`) by our names: both have their layers in the same order."""
    found: dict[str, Tensor] = {}
    for number, head in enumerate(ours):
        mine = {name.removeprefix(f"{number}."): x for name, x in official.items() if name.startswith(f"{number}.")}
        paths = sorted({name.rpartition(".")[0] for name in mine if name.startswith("main.")}, key=_natural)
        layers = [f"down.{at}.{part}" for at, block in enumerate(head.down) for part in (*_convolutions(block), "norm")]
        places = dict(zip(paths, [*layers, "out"], strict=False)) | {"cls": "out", "embed_proj.0": "mapping"}
        for name, tensor in mine.items():
            path, leaf = name.rpartition(".")[::2]
            place = "embedding" if path == "embed" else f"{places[path]}.{LEAVES.get(leaf, leaf)}"
            if not counted(name):
                found[f"{number}.{place}"] = tensor
    return found


def _convolutions(block: nn.Module) -> list[str]:
    return [f"conv.{number}" for number in range(len(block.conv))]  # type: ignore[arg-type]


def _natural(path: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdecimal() else -1, part) for part in path.split(".")]


def mixer(official: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors of the random projection (`layer0_ccm.weight`) by our names."""
    changes = ((r"layer(\d)_ccm\.", r"across.\1."), (r"layer(\d)_csm\.out_conv\.", r"between.\1."))
    found = {}
    for name, tensor in official.items():
        for pattern, ours in changes:
            name = re.sub(pattern, ours, name)
        found[name] = tensor
    return found


class TinyPyramid(Pyramid):
    """The stand-in of the golden files: a stem and seven blocks of 3×3 convolution, norm and ReLU6 under their official names."""

    def __init__(self, official: Mapping[str, Tensor]):
        super().__init__()
        weights = {name: x for name, x in official.items() if not counted(name)}
        widths = {name.removesuffix(".weight"): x.shape for name, x in weights.items() if x.ndim == 4}
        strides = {"layer0.0": 2, "layer0.4.0": 2, "layer1.0.0": 2, "layer2.0.0": 2, "layer3.0.0": 2}
        self.convolutions = nn.ModuleDict()
        self.norms = nn.ModuleDict()
        for path, (outputs, inputs, _, _) in sorted(widths.items()):
            key, norm = path.replace(".", "_"), f"{path[:-1]}1"
            self.convolutions[key] = nn.Conv2d(inputs, outputs, 3, strides.get(path, 1), 1, bias=False)
            self.norms[key] = FrozenNorm(outputs)
            self.convolutions[key].load_state_dict({"weight": weights[f"{path}.weight"]})
            self.norms[key].load_state_dict({leaf: weights[f"{norm}.{leaf}"] for leaf in self.norms[key].state_dict()})
        self.channels = tuple(weights[f"layer{at}.{last}.0.weight"].shape[0] for at, last in enumerate((4, 0, 1, 1)))

    def forward(self, pictures: Tensor) -> list[Tensor]:
        found: dict[str, Tensor] = {}
        x = pictures
        for key, convolution in self.convolutions.items():
            x = F.relu6(self.norms[key](convolution(x)))
            found[key[: len("layer0")]] = x
        return list(found.values())


def random_projection(official: Mapping[str, Tensor], expand: bool) -> tuple[TinyPyramid, Mixer]:
    """The stand-in and the mixer with official weights (`pretrained.…` and `scratch.…`)."""
    pyramid = TinyPyramid(below(official, "pretrained."))
    weights = mixer(below(official, "scratch."))
    mixed = Mixer(pyramid.channels, len(weights["across.0.bias"]), expand)
    mixed.load_state_dict(weights)
    return pyramid, mixed


def below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """All tensors below a prefix, without it."""
    return {name.removeprefix(prefix): x for name, x in tensors.items() if name.startswith(prefix)}
