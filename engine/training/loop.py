"""Training from first picture to last: a generator that yields what each step did and writes what is due to the run's directory."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine import device as devices
from engine.checkpoints import native
from engine.data.batches import Order
from engine.data.folder import Images, prepare
from engine.progress import Progress

from .config import Config
from .half import precision
from .pictures import fake_labels, real_batch
from .run import BadRun, Run
from .samples import write_grid
from .state import load_state, save_state
from .step import Players, play
from .transfer import transfer


@dataclass(frozen=True)
class Trained(Progress):
    """How far a training is, in pictures, and what its newest step measured."""

    statistics: dict[str, float] | None = None


def train(run: Run, stopping: Callable[[], bool] = lambda: False) -> Iterator[Progress]:
    """Trains the run from its newest full state, or from nothing, to its end or until somebody asks it to stop.

    Yields Progress while the pictures are prepared, then one Trained a step. However it ends (end, stop request, `close()`),
    the step is finished and everything saved. Raises NoPictures, BadRun or BadCheckpoint with one sentence.
    """
    config = run.config()
    images = yield from _pictures(run, config)
    players = _players(run, config)
    if config.transfer and not run.states():
        taken = transfer(Path(config.transfer), players)
        yield Progress(0, 1, f"began with {taken.taken} of {taken.all} tensors of {Path(config.transfer).name}")
    yield from _steps(run, players, images, stopping)


def _pictures(run: Run, config: Config) -> Generator[Progress, None, Images]:
    cache = run.folder / "pictures"
    images = yield from prepare(Path(config.data), config.network.resolution, cache, by_class=config.labels)
    if config.network.label_size not in (0, len(images.classes)):
        raise BadRun(f"the network knows {config.network.label_size} classes, the pictures have {len(images.classes)}")
    for skipped in images.skipped:
        yield Progress(0, 1, f"skipped {skipped.path}: {skipped.reason}")
    return images


def _players(run: Run, config: Config) -> Players:
    device = devices.named(config.device)
    players = Players(config, device, precision(config, device))
    for state in reversed(run.states()):
        try:
            load_state(state, players)
        except native.BadCheckpoint:
            continue  # damaged, as after a full disk; the one before it is still good
        run.forget_after(players.images)
        break
    else:
        if run.states():
            raise BadRun(f"none of the states in {run.folder / 'state'} can be read")
    return players


def _steps(run: Run, players: Players, images: Images, stopping: Callable[[], bool]) -> Iterator[Progress]:
    config = players.config
    order = Order(config.seed, len(images), config.mirror)
    total = round(config.kimg * 1000)
    clock = _Clock()
    saved_at = players.images if run.states() else -1
    try:
        while players.images < total and not (stopping() or run.stop_requested()):
            before = players.images
            statistics = play(players, real_batch(players, images, order), fake_labels(players, images))
            line = {**statistics.values, **_facts(players), "img_s": clock.lap(players.images - before)}
            run.append({"images": players.images, **line})
            if _due(before, players.images, config.samples_kimg):
                players.enter(players.stage())
                write_grid(run.sample_file(players.images), players.average.model)
            if _due(before, players.images, config.snapshot_kimg):
                _save(run, players, images)
                saved_at = players.images
            yield Trained(players.images, total, _note(line), line)
    finally:
        if saved_at != players.images:
            _save(run, players, images)
        run.clear_stop()


class _Clock:
    """Pictures per second between laps."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def lap(self, images: int) -> float:
        now = time.perf_counter()
        rate, self._last = images / max(now - self._last, 1e-9), now
        return round(rate, 2)


def _facts(players: Players) -> dict[str, float]:
    now = players.stage()
    return {"lod": now.lod, "resolution": now.resolution, "batch": now.batch, "rate": now.rate}


def _due(before: int, after: int, kimg: float) -> bool:
    return int(before / (kimg * 1000)) != int(after / (kimg * 1000))


def _note(line: dict[str, float]) -> str:
    return (
        f"{line['resolution']:.0f}² · generator {line['loss_generator']:.3f} · "
        f"discriminator {line['loss_discriminator']:.3f} · {line['img_s']:.1f} img/s"
    )


def _save(run: Run, players: Players, images: Images) -> None:
    """The full state first, then the model to look at; only the newest states are kept."""
    players.enter(players.stage())
    save_state(run.state_file(players.images), players)
    card = native.Card(
        players.config.network,
        name=f"{run.folder.name} {players.images // 1000}k",
        images=players.images,
        data=images.name,
        classes=images.classes,
        licence=players.config.licence,
        made_by="Latent Explorer",
    )
    native.write(run.snapshot_file(players.images), players.average.model, card)
    for old in run.states()[: -players.config.keep_states]:
        old.unlink(missing_ok=True)
