"""A training whose numbers have burst goes back to its newest state, and on from there with a lower learning rate."""

import hashlib
import math
from collections.abc import Iterator, Mapping

import msgspec
import torch
from msgspec import structs
from torch import Tensor

from .config import Config
from .players import Players
from .ranks import Ranks
from .run import BadRun, Run

IN_A_ROW = 3  # one step may burst and be skipped or mended; so many one after the other mean that the networks have
MOST = 3  # returns to the same state
LOWER = 0.5  # of the learning rates before
RETURNED = "back to "  # how the sentence about it begins
HOPELESS = (
    "the losses are no numbers even after {count} returns to the state of {state} pictures with ever lower learning rates; try "
    "`resume {run}` with --precision fp32 or with another --set r1_gamma"
)


class Burst(Exception):
    """The networks hold numbers that are none."""


class Watch:
    """Looks at the statistics of every step, which are on the processor already."""

    def __init__(self) -> None:
        self._row = 0

    def burst(self, statistics: Mapping[str, float]) -> bool:
        """Whether this was the last of too many steps whose numbers are none."""
        self._row = 0 if all(map(math.isfinite, statistics.values())) else self._row + 1
        return self._row >= IN_A_ROW


def sound(players: Players) -> bool:
    """Whether all that a state would keep are numbers: only such a state is one to return to."""
    return bool(torch.stack([torch.isfinite(tensor).all() for tensor in _kept(players)]).all())


def _kept(players: Players) -> Iterator[Tensor]:
    for network in (players.generator, players.discriminator, players.average.model):
        yield from (tensor for tensor in network.state_dict().values() if tensor.is_floating_point())
    for optimizer in players.optimizers.values():
        for moments in optimizer.state.values():
            yield from (moment for name, moment in moments.items() if name != "step")  # which the processor counts
    yield players.path_mean


def go_back(run: Run, config: Config, burst_at: int, ranks: Ranks) -> tuple[Config, str]:
    """Writes the calmer configuration and the return into the run's directory; gives both, the return as a sentence.

    Every process comes to the same; the leading one writes. Raises BadRun with one sentence after too many returns.
    """
    states = run.states()
    state = int(states[-1].stem) if states else 0
    count = _in_vain(run, config, state)
    if count >= MOST:
        raise BadRun(HOPELESS.format(count=count, state=state, run=run.folder))
    lower = calmer(config)
    ranks.wait()  # until all have read
    if ranks.leads:
        run.write_config(lower)
        back = {"images": burst_at, "state": state, "rate": lower.growth.rate}
        run.note_return({**back, "count": count + 1, "settings": settings_of(lower)})
    ranks.wait()
    place = f"the state after {state} pictures" if state else "the beginning"
    rate = lower.growth.rate
    return lower, f"{RETURNED}{place} with a learning rate of {rate:g}: after {burst_at} the losses were no numbers"


def calmer(config: Config) -> Config:
    """The same with lower learning rates."""
    growth = config.growth
    rates = {resolution: rate * LOWER for resolution, rate in growth.rates.items()}
    growth = structs.replace(growth, rate=growth.rate * LOWER, rates=rates)
    return structs.replace(config, growth=growth, judge_rate=config.judge_rate * LOWER)


def _in_vain(run: Run, config: Config, state: int) -> int:
    """How many returns to this state there were one after the other; other settings by somebody's hand begin anew."""
    last = run.returns()[-1:]
    same = last and (last[0].get("state"), last[0].get("settings")) == (state, settings_of(config))
    return int(last[0].get("count", 0)) if same else 0


def settings_of(config: Config) -> str:
    """A short mark by which a configuration is known again."""
    return hashlib.sha256(msgspec.json.encode(config)).hexdigest()[:16]
