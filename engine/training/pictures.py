"""What a step of training is given: real pictures in the run's order, mirrored where asked, and labels of generated ones."""

from collections.abc import Callable, Generator

import numpy as np
import torch
from torch import Tensor

from engine.data.batches import Batch as Chosen
from engine.data.batches import Order, coins, take
from engine.data.folder import Images
from engine.data.levels import levels
from engine.networks.stylegan1 import one_hot
from engine.progress import Progress

from .players import Players
from .ranks import rounds
from .streaming import ahead, awaited, shown
from .turn import Batch

UPSIDE_DOWN = 2  # what these random bits are for; the order's own are 0 and 1


def next_batch(players: Players, images: Images, order: Order) -> Generator[Progress, None, Batch]:
    """`real_batch`, waited for where pictures are read as they come; the batch after it is asked for already."""
    yield from awaited(images, places(players, order, players.images)[1].indices)
    batch = real_batch(players, images, order)
    ahead(images, places(players, order, players.images + batch.size)[1].indices)
    return batch


def places(players: Players, order: Order, seen: int) -> tuple[np.ndarray, Chosen]:
    """Of the batch after so many pictures the places in it that belong to this process, int [N], and what stands there."""
    now = players.stage()
    parts = players.ranks.of(rounds(now.batch, players.config.accumulate, players.ranks.count))
    found = np.concatenate([np.arange(part.start, part.stop) for part in parts])
    return found, order.batch(seen, now.batch).part(found)


def real_batch(players: Players, images: Images, order: Order) -> Batch:
    """The pictures that follow after those that the players have seen, in [-1, 1], on their device.

    Of several processes each is given those of its own rounds.
    """
    now = players.stage()
    found, chosen = places(players, order, players.images)
    pixels = take(images.pixels, chosen)
    if players.config.mirror_y:
        pixels = upside_down(pixels, order, players.images + found)
    pixels = levels(pixels, now.resolution)
    real = torch.from_numpy(np.ascontiguousarray(pixels)).to(players.device, torch.float32).mul_(2 / 255).sub_(1)
    real = real.to(memory_format=torch.channels_last)
    return Batch(real, _labels(players, images, shown(images, chosen.indices)), now.batch)


def upside_down(pixels: np.ndarray, order: Order, positions: np.ndarray) -> np.ndarray:
    """Pictures [N, C, H, W], half of them mirrored top to bottom, as seed and positions [N] in the order say."""
    epochs, slots = np.divmod(positions, order.count)
    turned = np.zeros(len(pixels), bool)
    for epoch in np.unique(epochs):
        here = epochs == epoch
        turned[here] = coins(order.seed, int(epoch), UPSIDE_DOWN, slots[here])
    return np.where(turned[:, None, None, None], pixels[:, :, ::-1], pixels)


def fake_labels(players: Players, images: Images) -> Callable[[int], Tensor | None]:
    """Labels of generated pictures are those of real ones drawn at random."""

    def draw(count: int) -> Tensor | None:
        if players.words is None and (images.labels is None or not players.config.network.label_size):
            return None
        drawn = torch.randint(len(images), (count,), generator=players.random).numpy()
        return _labels(players, images, drawn)

    return draw


def _labels(players: Players, images: Images, indices: np.ndarray) -> Tensor | None:
    """Of pictures: one-hot classes, or numbers of captions [N, 1]."""
    if players.words is not None:
        return torch.from_numpy(players.words.labels(indices))[:, None].to(players.device)
    size = players.config.network.label_size
    if not size or images.labels is None:
        return None
    return one_hot(torch.from_numpy(images.labels[indices].astype(np.int64)).to(players.device), size)
