"""Pictures a second in training: at every resolution of the embedded model's preset, and of a small preset of other families."""

from collections.abc import Callable, Iterator

import msgspec
import torch

from engine import device as devices
from engine.training.config import Config
from engine.training.growth import Growth
from engine.training.presets import PRESETS
from engine.training.step import Batch, Players, play

from .record import Record, alternating

ROUNDS = 3
OTHERS = ("stylegan2-small-64", "stylegan3-small-64", "projected-tiny")


def measure() -> Iterator[Record]:
    """Yardstick: the same step with the whole network in the usual channels-first memory layout."""
    cases = {f"StyleGAN {size}²": _at(PRESETS["small-128"], size) for size in (16, 32, 64, 128)}
    for name, config in (cases | {name: PRESETS[name] for name in OTHERS}).items():
        device = devices.best()
        ours = Players(config, device, devices.precision(device))
        theirs = Players(config, device, devices.precision(device))
        for network in (theirs.generator, theirs.discriminator, theirs.average.model):
            network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
        size = ours.stage().batch
        fast, slow = alternating(_stepper(ours, size, True), _stepper(theirs, size, False), ROUNDS)
        yield Record("training", f"{name}, batch {size}", size / fast, "img/s", size / slow, "channels first")


def _at(config: Config, resolution: int) -> Config:
    """The preset held at one resolution of its network."""
    growth = Growth(resolution, 1e6, 0, config.growth.batch, config.growth.batches, config.growth.rate)
    return msgspec.structs.replace(config, growth=growth)


def _stepper(players: Players, size: int, channels_last: bool) -> Callable[[], None]:
    resolution = players.stage().resolution
    images = torch.randn(size, 3, resolution, resolution, device=players.device)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    batch = Batch(images.to(memory_format=layout))

    def step() -> None:
        play(players, batch, lambda count: None)
        devices.synchronize(players.device)

    return step
