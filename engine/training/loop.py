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
from .ranks import ALONE, Ranks
from .run import BadRun, Run
from .samples import write_grid
from .state import load_state, save_state
from .stems import plant
from .step import Players, play
from .transfer import transfer


@dataclass(frozen=True)
class Trained(Progress):
    """How far a training is, in pictures, and what its newest step measured."""

    statistics: dict[str, float] | None = None


def train(
    run: Run, stopping: Callable[[], bool] = lambda: False, ranks: Ranks = ALONE
) -> Generator[Progress, None, None]:
    """Trains the run from its newest full state, or from nothing, to its end or until somebody asks it to stop.

    Yields Progress while the pictures are prepared, then one Trained a step. However it ends (end, stop request, `close()`),
    the step is finished and everything saved; a step that failed is not. Of several processes the leading one writes.
    Raises NoPictures, BadRun or BadCheckpoint with one sentence.
    """
    config = run.config()
    if ranks.local:
        ranks.wait()  # until the first process of this machine has prepared the pictures
    images = yield from pictures(run, config)
    if not ranks.local:
        ranks.wait()
    players = _players(run, config, ranks)
    if config.transfer and not run.states():
        taken = transfer(Path(config.transfer), players)
        yield Progress(0, 1, f"began with {taken.taken} of {taken.all} tensors of {Path(config.transfer).name}")
    if config.stem and not run.states():
        count = plant(Path(config.stem), players)
        yield Progress(0, 1, f"grew from {Path(config.stem).name}, {count} of whose tensors stay as they are")
    yield from _steps(run, players, images, stopping)


def pictures(run: Run, config: Config) -> Generator[Progress, None, Images]:
    """The run's pictures, decoded once into its own directory; says which cannot be used."""
    cache = run.folder / "pictures"
    images = yield from prepare(Path(config.data), config.network.resolution, cache, by_class=config.labels)
    if config.network.label_size not in (0, len(images.classes)):
        raise BadRun(f"the network knows {config.network.label_size} classes, the pictures have {len(images.classes)}")
    for skipped in images.skipped:
        yield Progress(0, 1, f"skipped {skipped.path}: {skipped.reason}")
    return images


def _players(run: Run, config: Config, ranks: Ranks) -> Players:
    device = devices.named(ranks.device(config.device))
    players = Players(config, device, precision(config, device), ranks)
    for state in reversed(run.states()):
        try:
            load_state(state, players)
        except native.BadCheckpoint:
            continue  # damaged, as after a full disk; the one before it is still good
        if ranks.leads:
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
    diary = _Diary(run, images, players.images if run.states() else -1)
    whole = True
    try:
        while players.images < total and not _ended(run, players, stopping):
            before, whole = players.images, False
            statistics = play(players, real_batch(players, images, order), fake_labels(players, images))
            whole = True
            line = {**statistics.values, **_facts(players), "img_s": clock.lap(players.images - before)}
            if players.ranks.leads:
                diary.write(players, before, line)
            yield Trained(players.images, total, note(line), line)
    finally:
        if players.ranks.leads:
            if whole:
                diary.save(players)
            run.clear_stop()


def _ended(run: Run, players: Players, stopping: Callable[[], bool]) -> bool:
    """Whether somebody wishes an end; every process then ends with the same step."""
    return players.ranks.agreed(stopping() or run.stop_requested(), players.device)


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


def note(line: dict[str, float]) -> str:
    """What a step did, in one line."""
    return (
        f"{line['resolution']:.0f}² · generator {line['loss_generator']:.3f} · "
        f"discriminator {line['loss_discriminator']:.3f} · {line['img_s']:.1f} img/s"
    )


@dataclass
class _Diary:
    """What a run writes to its directory; `saved_at` is how many pictures the newest state had seen."""

    run: Run
    images: Images
    saved_at: int

    def write(self, players: Players, before: int, line: dict[str, float]) -> None:
        """The numbers of a step, and what is due after it."""
        self.run.append({"images": players.images, **line})
        if _due(before, players.images, players.config.samples_kimg):
            players.enter(players.stage())
            write_grid(self.run.sample_file(players.images), players.average.model)
        if _due(before, players.images, players.config.snapshot_kimg):
            self.save(players)

    def save(self, players: Players) -> None:
        """The full state first, then the model to look at; only the newest states are kept."""
        if self.saved_at == players.images:
            return
        players.enter(players.stage())
        save_state(self.run.state_file(players.images), players)
        card = native.Card(
            players.config.network,
            name=f"{self.run.folder.name} {players.images // 1000}k",
            images=players.images,
            data=self.images.name,
            classes=self.images.classes,
            licence=players.config.licence,
            made_by="Latent Explorer",
        )
        native.write(self.run.snapshot_file(players.images), players.average.model, card)
        for old in self.run.states()[: -players.config.keep_states]:
            old.unlink(missing_ok=True)
        self.saved_at = players.images
