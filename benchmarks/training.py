"""Pictures a second in training: a StyleGAN2 beside its straightforward form, small presets beside the usual memory layout."""

from collections.abc import Callable, Iterator

import msgspec
import torch

from engine import device as devices
from engine.training.config import Config
from engine.training.growth import Growth
from engine.training.presets import PRESETS
from engine.training.step import Batch, Players, play

from .record import Record, alternating, percentile
from .rendering import in_turn
from .straightforward_training import as_written

ROUNDS = 3
OTHERS = ("stylegan2-small-64", "stylegan3-small-64", "projected-tiny")
WRITTEN: dict[str, tuple[str, dict[str, int], int, int]] = {  # preset and its changes, size of the batch, rounds
    "StyleGAN2 64², small": ("stylegan2-small-64", {}, 16, 3),
    "StyleGAN2 64², the paper's": ("stylegan2-paper256", {"resolution": 64}, 8, 1),
    "StyleGAN2 256², small": ("stylegan2-small-128", {"resolution": 256, "feature_base": 4096}, 8, 3),
    "StyleGAN2 256², the paper's": ("stylegan2-paper256", {}, 4, 1),
}


def measure() -> Iterator[Record]:
    """Two yardsticks: each operation by itself, and the same step in the usual channels-first memory layout."""
    yield from _beside_the_written()
    yield from _beside_channels_first()


def _beside_the_written() -> Iterator[Record]:
    """Ours in the precision that suits the device; the straightforward way is float32 in memory as the C library manages it."""
    device = devices.best()
    for name, (preset, changes, size, rounds) in WRITTEN.items():
        base = PRESETS[preset]
        changed = msgspec.structs.replace(base.network, **changes)
        growth = Growth(batch=size, rate=base.growth.rate)
        config = msgspec.structs.replace(base, network=changed, growth=growth, accumulate=0)
        written, ours = Players(config, device), Players(config, device, devices.precision(device))
        as_written(written)
        _channels_first(written)
        steps = {"ours": _stepper(ours, size, True), "kept": _stepper(written, size, False)}
        steps["given back"] = steps["kept"]
        times = {side: percentile(taken[1:], 0.5) for side, taken in in_turn(steps, rounds + 1).items()}
        for side in ("given back", "kept"):
            meaning = "straightforward" if side == "given back" else "straightforward, memory kept"
            yield Record(
                "training", f"{name}, batch {size}", size / times["ours"], "img/s", size / times[side], meaning
            )


def _beside_channels_first() -> Iterator[Record]:
    cases = {f"StyleGAN {size}²": _at(PRESETS["small-128"], size) for size in (16, 32, 64, 128)}
    for name, config in (cases | {name: PRESETS[name] for name in OTHERS}).items():
        device = devices.best()
        ours = Players(config, device, devices.precision(device))
        theirs = Players(config, device, devices.precision(device))
        _channels_first(theirs)
        size = ours.stage().batch
        fast, slow = alternating(_stepper(ours, size, True), _stepper(theirs, size, False), ROUNDS)
        yield Record("training", f"{name}, batch {size}", size / fast, "img/s", size / slow, "channels first")


def _channels_first(players: Players) -> None:
    for network in (players.generator, players.discriminator, players.average.model):
        network.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]


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
