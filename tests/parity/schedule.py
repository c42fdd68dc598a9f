"""Golden schedules of progressive growing: level of detail, resolution, batch, learning rate and tick of every row."""

from collections.abc import Mapping
from typing import Any

from engine.training.growth import Growth, stage, tick_kimg

from .golden import Golden


def check_schedules(golden: Golden) -> None:
    """Every row of every schedule of the file; exact."""
    for name, schedule in golden.notes["schedules"].items():
        config = schedule["config"]
        growth = growth_of(config["sched"], config["gpus"])
        for row in schedule["rows"]:
            expected = dict(zip(schedule["columns"], row, strict=True))
            images = round(expected.pop("kimg") * 1000)
            now = stage(growth, config["res"], images, config["gpus"])
            ours = {
                "lod": now.lod,
                "resolution": now.resolution,
                "minibatch": now.batch,
                "G_lrate": now.rate,
                "D_lrate": now.rate,
                "tick_kimg": tick_kimg(now.resolution),
            }
            for column, value in expected.items():
                golden.compare_number(f"{name}/{images}/{column}", ours[column], value)


def growth_of(official: Mapping[str, Any], ranks: int) -> Growth:
    """Our schedule from the official keyword arguments; what is not given has the official default."""
    base, batches = official.get("minibatch_base", 16), whole(official.get("minibatch_dict", {}))
    most = whole(official.get("max_minibatch_per_gpu", {}))
    limited = {size: min(batches.get(size, base), each * ranks) for size, each in most.items()}
    return Growth(
        initial=official.get("lod_initial_resolution", 4),
        training_kimg=official.get("lod_training_kimg", 600),
        fading_kimg=official.get("lod_transition_kimg", 600),
        batch=base,
        batches={**batches, **limited},
        rate=official.get("G_lrate_base", 0.001),
        rates=whole(official.get("G_lrate_dict", {})),
        rampup_kimg=official.get("lrate_rampup_kimg", 0),
    )


def whole(table: Mapping[str, Any]) -> dict[int, Any]:
    """JSON's keys as the numbers they are."""
    return {int(key): value for key, value in table.items()}
