"""What a StyleGAN-XL knows of its classes at first: how they look to an ImageNet network (Sauer et al. 2022, section 3.1)."""

from collections.abc import Generator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.data.folder import Images
from engine.feature_networks import FILES
from engine.feature_networks.efficientnet import SIDE, STAGES
from engine.feature_networks.pyramid import Pyramid, lite0_pyramid
from engine.networks.class_mapping import ClassMapping
from engine.networks.discriminators.projected_xl import ClassHead
from engine.progress import Progress

from .players import Players

FEATURES = STAGES[-1].outputs  # of the published table, the only one that such looks fit
MOST, FEWEST = 64, 8  # pictures of a class that are looked at; where there are many classes, fewer
ALL = 4096
AT_ONCE = 16


def knows_looks(players: Players, images: Images) -> bool:
    """Whether this run has tables of classes that begin with their looks, and the network is at hand."""
    mapping = players.generator.mapping
    table = mapping.table if isinstance(mapping, ClassMapping) else None
    fits = table is not None and table.shape[1] == FEATURES
    return fits and images.labels is not None and FILES["lite0"].here() is not None


def begin_with_looks(players: Players, images: Images, grown: bool) -> Generator[Progress, None, None]:
    """Fills the rows of the run's classes, in the mappings unless they have `grown` from another model, and in every head.

    The published tables hold these means of ImageNet's classes, which mean nothing to other pictures. They learn from there on.
    """
    assert images.labels is not None
    labels, classes = np.asarray(images.labels), len(images.classes)
    network, most = lite0_pyramid().to(players.device).eval(), min(max(ALL // classes, FEWEST), MOST)
    found: dict[int, Tensor] = {}
    for number in range(classes):
        yield Progress(number, classes, "Looking at the classes")
        mine = np.flatnonzero(labels == number)[:most]
        if len(mine):  # of a class whose pictures are all broken nothing is known
            found[number] = looks(network, images, mine, players.device)
    knowing = [layer.embedding for layer in players.discriminator.modules() if isinstance(layer, ClassHead)]
    for generator in () if grown else (players.generator, players.average.model):
        assert isinstance(generator.mapping, ClassMapping)
        knowing.append(generator.mapping.table)
    with torch.no_grad():
        for table in knowing:
            assert table is not None
            for number, row in found.items():
                table[number].copy_(row)


@torch.inference_mode()
def looks(network: Pyramid, images: Images, which: np.ndarray, device: torch.device) -> Tensor:
    """The mean [320] over places and one or more pictures of what the last stage sees, enlarged to the size that it knows."""
    found = []
    for some in np.array_split(which, -(-len(which) // AT_ONCE)):
        pixels = torch.from_numpy(np.ascontiguousarray(images.pixels[some])).to(device, torch.float32)
        large = F.interpolate(pixels / 127.5 - 1.0, (SIDE, SIDE), mode="bilinear", align_corners=False)
        found.append(network(large)[-1].mean((2, 3)))
    return torch.cat(found).mean(0)
