"""A run that was stopped and continued is the run that was never stopped, bit for bit."""

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from engine.checkpoints import load, native
from engine.networks import TRAINABLE
from engine.training.ada import Ada
from engine.training.config import BlurFade, Config, PathLength
from engine.training.growth import Growth
from engine.training.loop import Trained, train
from engine.training.run import BadRun, Run

BATCH = 8


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    for i in range(20):
        (folder / str(i % 2)).mkdir(exist_ok=True)
        Image.fromarray(random.integers(0, 255, (20, 16, 3), np.uint8)).save(folder / str(i % 2) / f"{i}.png")
    return folder


def lazy(family: str) -> dict[str, Any]:
    """The habits of StyleGAN2 and 3, everything on that keeps something between steps; none for the families that grow."""
    if family in ("progan", "stylegan1"):
        return {}
    third, unmapped = family == "stylegan3", family == "fastgan"
    return {
        "kimg": 0.072, "phases": "lazy", "path": PathLength(0.0, 0) if third or unmapped else PathLength(2.0, 4), "r1_interval": 3,
        "ada": Ada("ada", 0.2, kimg=0.1, interval=3), "ema_rampup": 0.5, "judge_rate": 0.003, "mirror_y": True,
        "tracking": "discriminator" if third else "always", "absent": "skip" if third else "zero",
        "blur": BlurFade(2.0, 0.1) if third else BlurFade(),
    }  # fmt: skip


def config(pictures: Path, family: str, **changes) -> Config:
    wgan = family == "progan"
    network = TRAINABLE[family].tiny(label_size=2)
    # 32 pictures at 8², then 16² fades in: the schedule's edge lies inside the test
    growth = Growth(initial=8, training_kimg=0.032, fading_kimg=0.048, batch=BATCH, rate=0.002)
    return Config(**{
        "data": str(pictures), "network": network, "growth": growth, "kimg": 0.128, "labels": True, "r1_interval": 2,
        "loss": "wasserstein" if wgan else "logistic", "gradient_penalty": 10.0 if wgan else 0.0,
        "r1_gamma": 0.0 if wgan else 1.0, "drift": 0.001 if wgan else 0.0, "device": "cpu", "precision": "fp32",
        "samples_kimg": 0.064, "snapshot_kimg": 0.064, **lazy(family), **changes,
    })  # fmt: skip


def steps(run: Run, count: int | None = None) -> list[Trained]:
    """Runs `count` steps (None: all), then closes the generator as somebody does who stops asking."""
    work = train(run)
    done = list(islice((item for item in work if isinstance(item, Trained)), count))
    work.close()
    return done


def newest(run: Run) -> dict[str, torch.Tensor]:
    return native.read_tensors(run.states()[-1])[1]


@pytest.mark.parametrize("family", TRAINABLE)
def test_n_steps_and_resume_and_n_steps_equal_2n_steps_bit_for_bit(tmp_path, pictures, family):
    whole = Run.create(tmp_path / "whole", config(pictures, family, samples_kimg=9))
    halves = Run.create(tmp_path / "halves", config(pictures, family, samples_kimg=9))
    uninterrupted = steps(whole)
    first = steps(halves, 6)
    second = steps(halves)
    assert [s.done for s in first + second] == [s.done for s in uninterrupted]
    for ours, theirs in zip(first + second, uninterrupted, strict=True):
        for name in ours.statistics.keys() - {"img_s", "memory"}:
            assert ours.statistics[name] == theirs.statistics[name], (ours.done, name)
    a, b = newest(whole), newest(halves)
    assert a.keys() == b.keys()
    for name in a:
        assert torch.equal(a[name], b[name]), name


def test_a_run_leaves_all_that_it_promises(tmp_path, pictures):
    run = Run.create(tmp_path / "run", config(pictures, "stylegan1"))
    done = steps(run)
    assert done[-1].done == done[-1].total == 128
    assert [s.statistics["resolution"] for s in done[:4]] == [8] * 4
    assert done[-1].statistics["lod"] == 0.0
    assert [line["images"] for line in run.statistics()] == list(range(BATCH, 129, BATCH))
    assert [p.stem for p in run.samples()] == ["000000064", "000000128"]
    assert [p.stem for p in run.snapshots()] == ["000000064", "000000128"]
    generator, card = load(run.snapshots()[-1])
    assert (card.images, card.lod, card.classes) == (128, 0.0, ("0", "1"))
    assert generator(torch.zeros(1, generator.z_dim), torch.eye(2)[:1]).shape == (1, 3, 16, 16)


def test_a_stop_request_finishes_the_step_and_saves(tmp_path, pictures):
    run = Run.create(tmp_path / "run", config(pictures, "stylegan1"))
    work = train(run)
    seen = 0
    for item in work:
        if isinstance(item, Trained):
            seen = item.done
            if seen == 3 * BATCH:
                run.request_stop()
    assert seen == 3 * BATCH
    assert [p.stem for p in run.states()] == [f"{seen:09d}"]
    assert not run.stop_requested()


def test_a_damaged_newest_state_falls_back_to_the_one_before(tmp_path, pictures):
    run = Run.create(tmp_path / "run", config(pictures, "stylegan1"))
    steps(run)
    damaged = run.states()[-1]
    damaged.write_bytes(damaged.read_bytes()[:1000])
    again = steps(Run(run.folder), 1)
    assert again[0].done == 64 + BATCH
    assert [line["images"] for line in run.statistics()][-1] == 64 + BATCH


def test_accumulated_passes_measure_the_whole_batch(tmp_path, pictures):
    network = TRAINABLE["stylegan1"].tiny(stddev_group=1)  # with the minibatch statistic a half batch differs by right
    measured = {}
    for most in (0, 4):
        run = Run.create(tmp_path / str(most), config(pictures, "stylegan1", network=network, accumulate=most))
        measured[most] = steps(run, 1)[0].statistics
    for name in ("real_score", "r1"):
        assert measured[0][name] == pytest.approx(measured[4][name], rel=1e-4), name


def test_no_pictures_is_one_sentence(tmp_path):
    (tmp_path / "empty").mkdir()
    run = Run.create(tmp_path / "run", config(tmp_path / "empty", "stylegan1"))
    with pytest.raises(ValueError, match="picture"):
        list(train(run))


def test_a_folder_that_holds_something_is_not_overwritten(tmp_path, pictures):
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(BadRun, match="not empty"):
        Run.create(tmp_path, config(pictures, "stylegan1"))
    run = Run.create(tmp_path / "run", config(pictures, "stylegan1"))
    with pytest.raises(BadRun, match="already holds a run"):
        Run.create(run.folder, config(pictures, "stylegan1"))
