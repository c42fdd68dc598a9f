"""Warnings in words come when there is reason for them, and only then."""

import math

import numpy as np
import pytest

from engine.networks import FAMILIES
from engine.training.samples import COLUMNS, ROWS, sample_grid
from engine.training.troubles import TEXTS, Disk, Trouble, troubles, variety
from tests.models import random_generator

GIB = 2**30


def course(steps: int = 100, **changes: float) -> dict[str, list[float]]:
    """A training that goes well, but for the changes, which hold at every step."""
    well = {
        "loss_generator": 1.2,
        "loss_discriminator": 1.1,
        "real_sign": 0.4,
        "fake_score": -0.5,
        "batch": 16,
        "img_s": 50,
    }
    return {name: [value] * steps for name, value in {**well, **changes}.items()}


def kinds(found: list[Trouble]) -> list[str]:
    return [trouble.kind for trouble in found]


def test_a_training_that_goes_well_has_none() -> None:
    assert troubles(course(augment_p=0.3), [30, 40, 45, 44, 43], Disk(100 * GIB, GIB), 2.0) == []
    assert troubles({}) == []


def test_losses_that_are_no_numbers() -> None:
    columns = course()
    columns["loss_generator"][-3] = math.nan
    assert kinds(troubles(columns)) == ["numbers"]
    columns["loss_generator"] = [math.inf] + [1.0] * 99  # long ago, and mended
    assert troubles(columns) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"real_sign": 0.97, "fake_score": -6.0}, ["discriminator"]),
        ({"real_sign": 0.97}, ["memory"]),
        ({"real_sign": 0.97, "augment_p": 0.2}, []),
        ({"augment_p": 0.7}, ["much"]),
        ({"augment_p": 0.95}, ["augmented"]),
    ],
)
def test_a_discriminator_that_is_too_good(changes: dict[str, float], kind: list[str]) -> None:
    assert kinds(troubles(course(**changes))) == kind
    assert "discriminator" not in kinds(troubles(course(steps=10, **changes)))


@pytest.mark.parametrize(
    ("varieties", "falls"),
    [([50, 60, 40, 30, 20], True), ([50, 60, 40, 30, 31], False), ([60, 55, 50, 45], False), ([60, 20], False)],
)
def test_samples_that_become_alike(varieties: list[float], falls: bool) -> None:
    assert kinds(troubles(course(), varieties)) == (["collapse"] if falls else [])


def test_a_disk_that_is_nearly_full() -> None:
    (trouble,) = troubles(course(), disk=Disk(2 * GIB, GIB))
    assert str(trouble) == "The disk is nearly full: 2.0 GiB are left, and a save takes 1.0 GiB."
    assert trouble.grave
    assert kinds(troubles(course(), disk=Disk(100 * 2**20, 2**20))) == ["disk"]
    assert troubles(course(), disk=Disk()) == []


def test_silence_is_measured_against_what_a_step_takes() -> None:
    assert kinds(troubles(course(), silence=61)) == ["silent"]
    slow = course(img_s=0.5)  # 32 s a step
    assert troubles(slow, silence=500) == []
    assert kinds(troubles(slow, silence=700)) == ["silent"]


def test_the_gravest_comes_first_and_all_can_be_said() -> None:
    columns = course(augment_p=0.95)
    columns["loss_discriminator"][-1] = math.nan
    assert kinds(troubles(columns, silence=900)) == ["numbers", "silent", "augmented"]
    parts = {"p": 0.5, "free": "1", "save": "2", "time": "3", "images": 9, "state": 5, "rate": 0.1, "why": "no."}
    for kind, text in TEXTS.items():
        assert str(Trouble(kind, parts)).endswith(".")
        assert text[0].isupper()


def test_variety_of_a_grid() -> None:
    random = np.random.RandomState(0)
    same = np.tile(random.randint(0, 255, (32, 32, 3), np.uint8), (ROWS, COLUMNS, 1))
    other = random.randint(0, 255, (ROWS * 32, COLUMNS * 32, 3), np.uint8)
    assert variety(same, COLUMNS, ROWS) == 0
    assert variety(other, COLUMNS, ROWS) == pytest.approx(255 / math.sqrt(6), rel=0.05)  # of two uniform numbers
    drawn = sample_grid(random_generator(list(FAMILIES)[1]))
    assert variety(drawn) > 1
