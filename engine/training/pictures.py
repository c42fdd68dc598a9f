"""What a step of training is given: real pictures in the run's order, mirrored where asked, and labels of generated ones."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from engine.data.batches import Order, raw, take
from engine.data.folder import Images
from engine.data.levels import levels
from engine.networks.stylegan1 import one_hot

from .players import Players
from .ranks import rounds
from .turn import Batch

UPSIDE_DOWN = 2  # what these random bits are for; the order's own are 0 and 1


def real_batch(players: Players, images: Images, order: Order) -> Batch:
    """The pictures that follow after those that the players have seen, in [-1, 1], on their device.

    Of several processes each is given those of its own rounds.
    """
    now = players.stage()
    parts = players.ranks.of(rounds(now.batch, players.config.accumulate, players.ranks.count))
    places = np.concatenate([np.arange(part.start, part.stop) for part in parts])
    chosen = order.batch(players.images, now.batch).part(places)
    pixels = take(images.pixels, chosen)
    if players.config.mirror_y:
        pixels = upside_down(pixels, order, players.images + places)
    pixels = levels(pixels, now.resolution)
    real = torch.from_numpy(np.ascontiguousarray(pixels)).to(players.device, torch.float32).mul_(2 / 255).sub_(1)
    real = real.to(memory_format=torch.channels_last)
    return Batch(real, _one_hot(players, images, chosen.indices), now.batch)


def upside_down(pixels: np.ndarray, order: Order, positions: np.ndarray) -> np.ndarray:
    """Pictures [N, C, H, W], half of them mirrored top to bottom, as seed and positions [N] in the order say."""
    epochs, slots = np.divmod(positions, order.count)
    turned = np.zeros(len(pixels), bool)
    for epoch in np.unique(epochs):
        here = epochs == epoch
        turned[here] = raw(order.seed, order.count, int(epoch), UPSIDE_DOWN)[slots[here]] >> np.uint64(63)
    return np.where(turned[:, None, None, None], pixels[:, :, ::-1], pixels)


def fake_labels(players: Players, images: Images) -> Callable[[int], Tensor | None]:
    """Labels of generated pictures are those of real ones drawn at random."""

    def draw(count: int) -> Tensor | None:
        if images.labels is None or not players.config.network.label_size:
            return None
        drawn = torch.randint(len(images), (count,), generator=players.random).numpy()
        return _one_hot(players, images, drawn)

    return draw


def _one_hot(players: Players, images: Images, indices: np.ndarray) -> Tensor | None:
    size = players.config.network.label_size
    if not size or images.labels is None:
        return None
    return one_hot(torch.from_numpy(images.labels[indices]).to(players.device), size)
