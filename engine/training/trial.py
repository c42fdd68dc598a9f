"""A trial before a training: some real steps, on noise instead of pictures, tell how long it takes and whether memory suffices."""

import time
from collections import Counter
from collections.abc import Generator
from math import lcm
from typing import NamedTuple

import torch
from msgspec import structs

from engine import device as devices
from engine.networks import StyleGANT
from engine.networks.stylegan1 import one_hot
from engine.progress import Progress

from .config import Config
from .half import precision
from .phases import phases
from .reading import invented
from .step import Batch, Players, play
from .trialled import Trial

LOOKS = 400  # moments of a training at which its schedule is looked up
TIMES, ENOUGH = (
    4,
    1.5,
)  # a step is repeated so often at most, and so many seconds: the first ones warm up, others are disturbed


class NoRoom(ValueError):
    """Not even one picture fits into the memory; the message is one sentence for a person."""


class Moment(NamedTuple):
    """A part of a training whose steps all cost the same: where it begins, its resolution and batch, its share of the whole."""

    images: int
    resolution: int
    batch: int
    share: float


def trial(config: Config) -> Generator[Progress, None, Trial]:
    """Measures the configuration on its device; nothing is written, and what it draws is forgotten.

    Raises NoRoom where not even one picture at a time fits, and ValueError where the settings contradict each other.
    """
    device = devices.named(config.device)
    tried = config
    while True:
        try:
            return (yield from measured(tried, device, tried.accumulate != config.accumulate))
        except (MemoryError, RuntimeError) as error:
            if not out_of_memory(error):
                raise
        tried = less_at_once(tried)
        if device.type == "cuda":
            torch.cuda.empty_cache()
        yield Progress(0, 1, f"Too much for the memory; trying {tried.accumulate} pictures at once")


def out_of_memory(error: Exception) -> bool:
    """Whether this is how torch says that a device or the processor has no memory left."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "memory" in str(error).lower()


def less_at_once(config: Config) -> Config:
    """About half as many pictures pass at once, a power of two; the batch stays as it is. Raises NoRoom."""
    largest = max([config.growth.batch, *config.growth.batches.values()])
    now = min(config.accumulate or largest, largest)
    if now <= 1:
        raise NoRoom("This network does not fit into the memory, not even one picture at a time: choose a smaller one.")
    return structs.replace(config, accumulate=2 ** ((now - 1).bit_length() - 1))


def measured(config: Config, device: torch.device, halved: bool) -> Generator[Progress, None, Trial]:
    """Steps of every kind in every part of the training, the most expensive first, so that too little memory shows at once."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    players = Players(config, device, precision(config, device))
    parts, kinds = moments(players), kinds_of_steps(config)
    total, found = len(parts) * len(kinds), dict[Moment, float]()
    for at, part in enumerate(reversed(parts)):
        seconds = 0.0
        for number, (step, share) in enumerate(kinds.items()):
            yield Progress(at * len(kinds) + number, total, f"Trying {part.resolution}×{part.resolution}")
            seconds += fastest(players, part, step) * share
        found[part] = seconds / at_once(config, part)
    images = round(config.kimg * 1000)
    return Trial(
        images=images,
        seconds=images * sum(found[part] * part.share for part in parts),
        picture=found[parts[-1]],
        memory=devices.most_memory(device),
        all_memory=devices.memory(device)[1],
        accumulate=config.accumulate,
        halved=halved,
        device=str(device),
        resolution=parts[-1].resolution,
    )


def moments(players: Players) -> list[Moment]:
    """The parts of the training in their order."""
    total = round(players.config.kimg * 1000)
    counts: Counter[tuple[int, int]] = Counter()
    first: dict[tuple[int, int], int] = {}
    for look in range(LOOKS):
        players.images = total * look // LOOKS
        now = players.stage()
        first.setdefault((now.resolution, now.batch), players.images)
        counts[now.resolution, now.batch] += 1
    players.images = 0
    return [Moment(first[kind], *kind, count / LOOKS) for kind, count in counts.items()]


def kinds_of_steps(config: Config) -> dict[int, float]:
    """Numbers of steps that stand for all that have the same phases, and the share of each kind; all phases first."""
    intervals = [phase.interval for phase in phases(config)]
    if not config.lazy and config.r1_gamma:
        intervals.append(config.r1_interval)
    cycle = lcm(*intervals)
    shares: dict[tuple[bool, ...], int] = {}
    numbers: dict[tuple[bool, ...], int] = {}
    for step in range(cycle):
        due = tuple(step % interval == 0 for interval in intervals)
        numbers.setdefault(due, step)
        shares[due] = shares.get(due, 0) + 1
    return {numbers[due]: shares[due] / cycle for due in numbers}


def at_once(config: Config, part: Moment) -> int:
    """How many pictures pass through the networks at once; a trial step has no more."""
    return min(config.accumulate or part.batch, part.batch)


def fastest(players: Players, part: Moment, step: int) -> float:
    """Seconds that one step takes when nothing comes between."""
    took: list[float] = []
    while len(took) < TIMES and sum(took) < ENOUGH:
        took.append(timed(players, part, step))
    return min(took)


def timed(players: Players, part: Moment, step: int) -> float:
    """Seconds that one step takes at this part of the training."""
    players.images, players.steps = part.images, step
    network, size = players.config.network, at_once(players.config, part)
    shape = (size, network.channels, part.resolution, part.resolution)
    real = torch.rand(shape, generator=players.random).mul_(2).sub_(1).to(players.device)
    real = real.to(memory_format=torch.channels_last)

    if isinstance(network, StyleGANT) and network.text_size:
        players.words = invented(network, players.device)

    def labels(count: int) -> torch.Tensor | None:
        if players.words is not None:
            return torch.zeros(count, 1, dtype=torch.int64, device=players.device)
        classes = network.label_size
        return one_hot(torch.arange(count, device=players.device) % classes, classes) if classes else None

    devices.synchronize(players.device)
    begun = time.perf_counter()
    play(players, Batch(real, labels(size)), labels)
    devices.synchronize(players.device)
    return time.perf_counter() - begun
