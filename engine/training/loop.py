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

from .class_looks import begin_with_looks, knows_looks
from .config import Config
from .diary import Diary, due
from .guidance import agree
from .half import precision
from .measuring import Measuring
from .pictures import fake_labels, next_batch
from .ranks import ALONE, Ranks
from .reading import words_of
from .returns import Burst, Watch, go_back, sound
from .run import BEAT, BadRun, Run
from .state import load_state
from .stems import plant
from .step import Players, play
from .streaming import close, indexed, opened, order_of, position, same_place, streams
from .transfer import transfer

GO_ON, PAUSE, STOP = range(3)
PAUSED = "paused"
GIB = 2**30
LOOK = 0.25  # seconds between two looks whether a pause is over


@dataclass(frozen=True)
class Trained(Progress):
    """How far a training is, in pictures, and what its newest step measured."""

    statistics: dict[str, float] | None = None


def train(
    run: Run, stopping: Callable[[], bool] = lambda: False, ranks: Ranks = ALONE
) -> Generator[Progress, None, None]:
    """Trains the run from its newest full state, or from nothing, to its end or until somebody asks it to stop.

    Yields Progress while the pictures are prepared, then one Trained a step. However it ends (end, stop request, `close()`),
    the step is finished and everything saved; a step that failed is not. Where the networks burst, it goes back to the newest
    state by itself, with a lower learning rate. Of several processes the leading one writes.
    Raises NoPictures, BadRun or BadCheckpoint with one sentence.
    """
    config = run.config()
    if ranks.local:
        ranks.wait()  # until the first process of this machine has prepared the pictures
    images = yield from pictures(run, config)
    if not ranks.local:
        ranks.wait()
    if ranks.leads:
        run.sweep()
    words = None
    try:
        while True:
            players = yield from _begun(run, config, ranks, images)
            players.words = words = words or (yield from words_of(config, images, players.pair, players.device))
            try:
                yield from _steps(run, players, images, stopping)
                return
            except Burst:
                burst_at = players.images
                del players  # before others need the memory
            config, said = go_back(run, config, burst_at, ranks)
            yield Progress(0, 1, said)
    finally:
        close(images)


def _begun(run: Run, config: Config, ranks: Ranks, images: Images) -> Generator[Progress, None, Players]:
    """The players as the newest state has them, or as they begin."""
    players = _players(run, config, ranks)
    if run.states():
        return players
    if knows_looks(players, images):
        yield from begin_with_looks(players, images, bool(config.stem))
    if config.transfer:
        taken = transfer(Path(config.transfer), players)
        yield Progress(0, 1, f"began with {taken.taken} of {taken.all} tensors of {Path(config.transfer).name}")
    if config.stem:
        count = plant(Path(config.stem), players)
        yield Progress(0, 1, f"grew from {Path(config.stem).name}, {count} of whose tensors stay as they are")
    return players


def pictures(run: Run, config: Config) -> Generator[Progress, None, Images]:
    """The run's pictures, decoded once into its own directory, or read as they come; says which cannot be used."""
    cache, side = run.folder / "pictures", config.network.resolution
    if streams(config.data, config.stream):
        shards = yield from indexed(config.data, cache)
        images = opened(shards, side, config.stream, config.labels)
    else:
        images = yield from prepare(Path(config.data), side, cache, by_class=config.labels)
    if config.network.label_size not in (0, len(images.classes)):
        raise BadRun(f"the network knows {config.network.label_size} classes, the pictures have {len(images.classes)}")
    agree(config, images.classes)
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
        break
    else:
        if run.states():
            raise BadRun(f"none of the states in {run.folder / 'state'} can be read")
    if ranks.leads:
        run.forget_after(players.images)
    return players


def _steps(run: Run, players: Players, images: Images, stopping: Callable[[], bool]) -> Iterator[Progress]:
    """Raises Burst where the networks have burst; nothing is saved then."""
    config, ranks = players.config, players.ranks
    order = _order(players, images)
    total = round(config.kimg * 1000)
    clock, watch = _Clock(), Watch()
    diary = Diary(run, images, order, players.images if run.states() else -1, Measuring(run, config, ranks))
    ranks.wait()  # until what the first machine called for before is forgotten
    whole = True
    try:
        while players.images < total and not (yield from _ended(run, players, stopping, clock)):
            real = yield from next_batch(players, images, order)
            before, whole = players.images, False
            statistics = play(players, real, fake_labels(players, images))
            line = {**statistics.values, **_facts(players), "img_s": clock.lap(players.images - before)}
            saves = players.images >= total or due(before, players.images, config.snapshot_kimg)
            if watch.burst(statistics.values) or (saves and not ranks.agreed(sound(players), players.device)):
                raise Burst
            if ranks.leads:
                diary.write(players, before, line)
            whole = True
            yield Trained(players.images, total, note(line), line)
            if said := diary.measured(players.images):
                yield Progress(players.images, total, said)
        if players.images >= total:
            yield from _last_measured(diary, players)
    finally:
        diary.measuring.close()
        if ranks.leads:
            if whole:
                diary.end(players)
            run.clear_stop()
            run.clear_pause()


def _order(players: Players, images: Images) -> Order:
    """In which the pictures come. Raises BadRun where a stream is not where it was when the state was saved."""
    config = players.config
    order = order_of(images, config.stream, config.seed, config.mirror)
    if moved := same_place(players.position, position(images, order, players.images)):
        raise BadRun(moved)
    return order


def _last_measured(diary: Diary, players: Players) -> Generator[Progress, None, None]:
    """At the end of the training the last model is saved and measured as well; all processes stay until it is."""
    ranks, device = players.ranks, players.device
    if ranks.leads:
        diary.save(players)
    said = yield from diary.measuring.finish(lambda over: bool(ranks.agreed(int(over), device)))
    if said:
        yield Progress(players.images, players.images, said)


def _ended(
    run: Run, players: Players, stopping: Callable[[], bool], clock: "_Clock"
) -> Generator[Progress, None, bool]:
    """Whether somebody wishes an end; every process then ends with the same step. As long as a pause is wished, it waits here."""
    beat = 0.0
    while True:
        wish = STOP if stopping() or run.stop_requested() else PAUSE if run.pause_requested() else GO_ON
        wish = players.ranks.agreed(wish, players.device)
        if wish != PAUSE:
            if beat:
                clock.lap(0)
            return wish == STOP
        if players.ranks.leads and time.monotonic() - beat > BEAT:
            beat = time.monotonic()
            run.beat()
        yield Progress(players.images, round(players.config.kimg * 1000), PAUSED)
        time.sleep(LOOK)


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
    facts = {"lod": now.lod, "resolution": now.resolution, "batch": now.batch, "rate": now.rate}
    return facts | ({"memory": round(used / GIB, 3)} if (used := devices.most_memory(players.device)) else {})


def note(line: dict[str, float]) -> str:
    """What a step did, in one line."""
    return (
        f"{line['resolution']:.0f}² · generator {line['loss_generator']:.3f} · "
        f"discriminator {line['loss_discriminator']:.3f} · {line['img_s']:.1f} img/s"
    )
