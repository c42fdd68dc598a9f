"""Grids of samples with fixed latents, so that one can watch the same pictures grow."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image

from engine.networks import Generator
from engine.networks.stylegan1 import one_hot
from engine.render.pixels import to_uint8
from engine.whole import whole

COLUMNS, ROWS = 8, 4
SIDE = 128  # pixels of a cell; lower resolutions are enlarged to it


@torch.no_grad()
def sample_grid(generator: Generator, seed: int = 0, words: torch.Tensor | None = None) -> np.ndarray:
    """[height, width, 3] uint8: 8×4 pictures of fixed latents, constant noise, no truncation; of words [32, text_size] if given."""
    device = next(generator.parameters()).device
    random = torch.Generator().manual_seed(seed)
    z = torch.randn(COLUMNS * ROWS, generator.z_dim, generator=random).to(device)
    labels = words
    if generator.label_size:
        labels = one_hot(torch.arange(COLUMNS * ROWS, device=device) % generator.label_size, generator.label_size)
    cells = [_cell(generator, z[i : i + 1], None if labels is None else labels[i : i + 1]) for i in range(len(z))]
    lines = [np.concatenate(cells[row * COLUMNS : (row + 1) * COLUMNS], 1) for row in range(ROWS)]
    return np.concatenate(lines, 0)


def _cell(generator: Generator, z: torch.Tensor, labels: torch.Tensor | None) -> np.ndarray:
    pixels = to_uint8(generator(z, labels).float())[0].permute(1, 2, 0).cpu().numpy()
    pixels = np.repeat(pixels, 3, 2) if pixels.shape[2] == 1 else pixels[:, :, :3]
    factor = max(1, SIDE // pixels.shape[0])
    return pixels.repeat(factor, 0).repeat(factor, 1)


def write_grid(path: Path, generator: Generator, words: torch.Tensor | None = None) -> None:
    """The grid as a PNG, complete or not at all."""
    with whole(path) as temporary:
        Image.fromarray(sample_grid(generator, words=words)).save(temporary, "PNG")
