"""A training of seconds: few noisy pictures, the smallest network, a step every four pictures."""

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from msgspec import structs
from PIL import Image

from engine.checkpoints import native
from engine.networks import FAMILIES
from engine.training.config import Config
from engine.training.growth import Growth
from engine.training.loop import Trained, train
from engine.training.run import Run

BATCH = 4


def small_run(folder: Path, **changes: Any) -> Run:
    """A run of 40 steps in `folder`, with a state every 5, whose pictures lie beside it."""
    pictures = folder.with_name("pictures")
    if not pictures.exists():
        pictures.mkdir(parents=True)
        random = np.random.default_rng(0)
        for i in range(6):
            Image.fromarray(random.integers(0, 255, (16, 16, 3), np.uint8)).save(pictures / f"{i}.png")
    config = Config(
        data=str(pictures), network=FAMILIES["stylegan1"].tiny(), growth=Growth(8, 60, 60, batch=BATCH), kimg=0.16,
        device="cpu", precision="fp32", samples_kimg=9, snapshot_kimg=5 * BATCH / 1000,
    )  # fmt: skip
    return Run.create(folder, structs.replace(config, **changes))


def steps(run: Run, count: int | None = None) -> list[Trained]:
    """Runs `count` steps (None: all), then closes the generator as somebody does who stops asking."""
    work = train(run)
    done = list(islice((item for item in work if isinstance(item, Trained)), count))
    work.close()
    return done


def newest(run: Run) -> dict[str, torch.Tensor]:
    """The tensors of the newest state."""
    return native.read_tensors(run.states()[-1])[1]
