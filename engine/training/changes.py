"""A run that goes on with other settings: most may change, and of those that may not it is said why."""

from .config import Config

NOT_WHILE_RUNNING = {
    "network": "the network is what the run has learnt; "
    "begin a new training with this run as its start (--transfer) to go on in another one",
    "data": "the run has learnt from other pictures; "
    "begin a new training with this run as its start (--transfer) to go on with these",
    "stream": "the run is in the middle of the order that its windows make; begin a new training to have others",
    "labels": "classes are part of the network; begin a new training to have them",
    "phases": "what the optimizers remember belongs to the order of phases that the run began with",
    "transfer": "a run takes over weights only before its first step",
    "stem": "a run takes over layers only before its first step",
    "seed": "the seed orders the pictures, and the run is in the middle of that order",
}


def check_change(before: Config, after: Config) -> None:
    """Raises ValueError with one sentence where a run cannot go on like that."""
    for name, reason in NOT_WHILE_RUNNING.items():
        if getattr(before, name) != getattr(after, name):
            raise ValueError(f"{name} cannot change: {reason}")
