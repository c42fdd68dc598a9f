"""What a run writes to its directory while it trains: numbers, sample grids, models and full states, each whole or not at all."""

import errno
from collections.abc import Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from engine.checkpoints import native
from engine.data.batches import Order
from engine.data.folder import Images

from .card import write_card
from .config import Config
from .measuring import Measuring, best
from .players import Players
from .returns import sound
from .run import BadRun, Run, held_file
from .samples import COLUMNS, ROWS, write_grid
from .state import save_state
from .streaming import position

FULL = (errno.ENOSPC, errno.EDQUOT)


def due(before: int, after: int, kimg: float) -> bool:
    """Whether something that comes every `kimg` thousand pictures has its turn between two numbers of pictures."""
    return int(before / (kimg * 1000)) != int(after / (kimg * 1000))


@dataclass
class Diary:
    """Who writes it; `saved_at` is how many pictures the newest state had seen."""

    run: Run
    images: Images
    order: Order
    saved_at: int
    measuring: Measuring

    def write(self, players: Players, before: int, line: dict[str, float]) -> None:
        """The numbers of a step, and what is due after it. Raises BadRun with one sentence where the disk takes no more."""
        with kept(self.run, players.images):
            self.run.append({"images": players.images, **line})
            if due(before, players.images, players.config.samples_kimg):
                players.enter(players.stage())
                average, words = players.average.model, players.words
                asked = None if words is None else words.shown(average, COLUMNS * ROWS)
                write_grid(self.run.sample_file(players.images), average, asked)
        if due(before, players.images, players.config.snapshot_kimg):
            self.save(players)

    def save(self, players: Players) -> None:
        """The full state first, then the model to look at; only the newest states are kept.

        Networks that have burst are not saved: the state before is the one to go on from. Raises BadRun with one sentence.
        """
        if self.saved_at == players.images or not sound(players):
            return
        players.enter(players.stage())
        players.position = position(self.images, self.order, players.images)
        with kept(self.run, players.images):
            save_state(self.run.state_file(players.images), players)
            native.write(self.run.snapshot_file(players.images), players.average.model, self._card(players))
        prune(self.run, players.config, self.measuring.wished)
        self.saved_at = players.images
        self.measuring.wish(players.images)

    def measured(self, images: int) -> str:
        """Looks after what is measured; a sentence where it cannot be. Raises BadRun with one sentence."""
        with kept(self.run, images):
            return self.measuring.look()

    def end(self, players: Players) -> None:
        """The last save, and the model card. Raises BadRun with one sentence."""
        self.save(players)
        with kept(self.run, players.images):
            write_card(self.run, players.config, self.images)

    def _card(self, players: Players) -> native.Card:
        return native.Card(
            players.config.network,
            name=f"{self.run.folder.name} {players.images // 1000}k",
            images=players.images,
            data=self.images.name,
            classes=self.images.classes,
            licence=players.config.licence,
            made_by="Latent Explorer",
        )


def prune(run: Run, config: Config, wished: Set[int]) -> None:
    """The newest states and models are kept, the best, and models that somebody holds or `wished` to have measured."""
    finest = {best(run.metrics())}
    held = {int(path.stem) for path in run.snapshots() if held_file(path).exists()}
    forget(run.states(), config.keep_states, finest)
    forget(run.snapshots(), config.keep_models, finest | held | wished)


def forget(files: Sequence[Path], keep: int, stays: Set[int]) -> None:
    """Removes all but the newest `keep` (0: none) and those after so many pictures."""
    for old in files[:-keep] if keep else ():
        if int(old.stem) not in stays:
            with suppress(OSError):  # Windows does not remove a file that another program reads
                old.unlink(missing_ok=True)


@contextmanager
def kept(run: Run, images: int) -> Iterator[None]:
    """Says in one sentence why the run's directory could not be written, and what is kept."""
    try:
        yield
    except OSError as error:
        why = "the disk is full" if error.errno in FULL else f"its folder cannot be written ({error.strerror or error})"
        raise BadRun(
            f"stopped after {images} pictures because {why}: all that was saved before is still there; "
            f"mend that, and `resume {run.folder}` goes on from it"
        ) from error
