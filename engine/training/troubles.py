"""What goes wrong in a training, in words, from its statistics alone: no torch, so that a window can ask it at every look."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean
from typing import Any

import numpy as np

RECENT = 200  # steps that count as now
FEW = 40  # steps before which nothing is said of scores, which jump about in the beginning
BURST = 20  # steps within which one loss that is no number is bad news
SURE_SIGN, LOST_SCORE = 0.9, -4.0  # mean sign of real pictures' scores, mean score of generated ones
MUCH, TOO_MUCH = 0.6, 0.9  # probability of augmentation
GRIDS, SHRUNK = 3, 0.5  # grids of samples in which the variety must have shrunk to this part of what it was
FINE = 16  # pixels along a side at which samples are compared
SAVES = 3  # that should still fit on the disk
LITTLE = 2**29  # bytes of disk that are little in any case
PATIENT, STEPS_LATE = 60.0, 20  # seconds, and so many times what a step takes, after which silence is a bad sign

TEXTS = {
    "numbers": "The losses are no numbers any more. After some such steps the training goes back to its newest state by itself, "
    "with a lower learning rate; where it gives up, more R1 or precision fp32 help.",
    "returned": "At {images:,} pictures the losses were no numbers any more. The training went back to {state:,} and goes on with "
    "a learning rate of {rate:g}.",
    "unmeasured": "The snapshots are not measured: {why}",
    "discriminator": "The discriminator wins: it knows real pictures and generated ones apart nearly always, so the generator "
    "learns little. More pictures, augmentation or more R1 help.",
    "memory": "The discriminator is sure of nearly all real pictures: it may be learning them by heart. Augmentation or more "
    "pictures help.",
    "collapse": "The samples become more and more alike: the generator falls back on few pictures. Go on from an earlier "
    "snapshot, with a lower learning rate or more R1.",
    "augmented": "Augmentation is as strong as {p:.0%}: the pictures are few. Quality hardly rises from here; more pictures help.",
    "much": "Augmentation has risen to {p:.0%}: the discriminator finds the pictures few.",
    "disk": "The disk is nearly full: {free} are left, and a save takes {save}.",
    "silent": "No step for {time}: the program that trains may have ended.",
}
GRAVE = {"numbers", "collapse", "disk", "silent"}


@dataclass(frozen=True)
class Trouble:
    """What is wrong: its name in TEXTS, and what belongs into the sentence."""

    kind: str
    parts: dict[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence, with `{…}` in the places of its parts."""
        return TEXTS[self.kind]

    @property
    def grave(self) -> bool:
        """Whether somebody should look at once."""
        return self.kind in GRAVE

    def __str__(self) -> str:
        return self.text.format(**self.parts)


@dataclass(frozen=True)
class Disk:
    """Bytes that are free where the run lies, and that its newest save took; 0: not known."""

    free: int = 0
    save: int = 0


def troubles(
    columns: Mapping[str, Sequence[float]],
    varieties: Sequence[float] = (),
    disk: Disk = Disk(),
    silence: float = 0.0,
    back: Mapping[str, Any] | None = None,
) -> list[Trouble]:
    """All that is wrong, the gravest first.

    `columns` are the statistics by name, a number a step (NaN where a step has none); `varieties` those of all sample grids,
    oldest first; `silence` the seconds since the last step of a training that should be running; `back` is its last return to an
    earlier state.
    """
    found = [*of_numbers(columns), *of_return(columns, back or {}), *of_scores(columns), *of_augmentation(columns)]
    found += [*of_variety(varieties), *of_disk(disk), *of_silence(columns, silence)]
    return sorted(found, key=lambda trouble: not trouble.grave)


def of_numbers(columns: Mapping[str, Sequence[float]]) -> list[Trouble]:
    """Losses that have burst."""
    losses = [list(columns.get(name, ()))[-BURST:] for name in ("loss_generator", "loss_discriminator")]
    burst = any(not math.isfinite(value) for values in losses for value in values)
    return [Trouble("numbers")] if burst else []


def of_return(columns: Mapping[str, Sequence[float]], back: Mapping[str, Any]) -> list[Trouble]:
    """A return to an earlier state, until some time after the place where it was needed."""
    names = ("images", "state", "rate")
    if not all(isinstance(back.get(name), int | float) for name in names):
        return []
    seen, batch = columns.get("images", [0])[-1:], recent(columns, "batch")
    over = bool(seen and batch) and seen[-1] > back["images"] + RECENT * fmean(batch)
    return [] if over else [Trouble("returned", {name: back[name] for name in names})]


def of_scores(columns: Mapping[str, Sequence[float]]) -> list[Trouble]:
    """A discriminator that is too good."""
    sign, fake = recent(columns, "real_sign"), recent(columns, "fake_score")
    if len(sign) < FEW or fmean(sign) < SURE_SIGN:
        return []
    if fake and fmean(fake) < LOST_SCORE:
        return [Trouble("discriminator")]
    adapting = bool(recent(columns, "augment_p"))  # which sees to it by itself, up to a point
    return [] if adapting else [Trouble("memory")]


def of_augmentation(columns: Mapping[str, Sequence[float]]) -> list[Trouble]:
    """Augmentation that has risen as far as it can, or far."""
    p = recent(columns, "augment_p")[-BURST:]
    if not p or fmean(p) < MUCH:
        return []
    return [Trouble("augmented" if fmean(p) >= TOO_MUCH else "much", {"p": min(fmean(p), 1.0)})]


def of_variety(varieties: Sequence[float]) -> list[Trouble]:
    """Samples that become alike: less from grid to grid, and half of what it once was."""
    if len(varieties) <= GRIDS:
        return []
    last = list(varieties[-GRIDS - 1 :])
    falling = all(after < before for before, after in pairwise(last))
    return [Trouble("collapse")] if falling and last[-1] < SHRUNK * max(varieties) else []


def of_disk(disk: Disk) -> list[Trouble]:
    """A disk on which hardly another save fits."""
    if not disk.free or disk.free >= max(SAVES * disk.save, LITTLE):
        return []
    return [Trouble("disk", {"free": in_bytes(disk.free), "save": in_bytes(disk.save)})]


def of_silence(columns: Mapping[str, Sequence[float]], silence: float) -> list[Trouble]:
    """A training of which nothing has been heard for much longer than a step takes."""
    batch, rate = recent(columns, "batch"), recent(columns, "img_s")
    step = fmean(batch) / fmean(rate) if batch and rate and fmean(rate) > 0 else 0.0
    if silence < max(PATIENT, STEPS_LATE * step):
        return []
    return [Trouble("silent", {"time": f"{round(silence / 60)} min"})]


def recent(columns: Mapping[str, Sequence[float]], name: str) -> list[float]:
    """The numbers of the last steps, without those that are none."""
    return [value for value in columns.get(name, ())[-RECENT:] if math.isfinite(value)]


def variety(grid: np.ndarray, columns: int = 8, rows: int = 4) -> float:
    """How much the pictures of a sample grid [H, W, 3] uint8 differ: root mean square between all pairs, in 0 to 255."""
    height, width = grid.shape[0] // rows, grid.shape[1] // columns
    cells = grid[: rows * height, : columns * width].reshape(rows, height, columns, width, -1).swapaxes(1, 2)
    cells = cells.reshape(rows * columns, height, width, -1)[:, :: max(height // FINE, 1), :: max(width // FINE, 1)]
    flat = cells.reshape(rows * columns, -1).astype(np.float64)
    return float(np.sqrt(2 * flat.var(0).mean() * len(flat) / max(len(flat) - 1, 1)))


def in_bytes(count: int) -> str:
    """A number of bytes as people say it."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"
