"""The card that a run writes of itself says what it is, and shows what there is to show."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from msgspec import structs

from engine.data.folder import Images
from engine.networks import TRAINABLE
from engine.training.card import CARD, CURVE, differing, plain, write_card
from engine.training.config import Config
from engine.training.course import COLOURS, POINTS, Losses, averaged, drawn
from engine.training.run import Run, add_line

from .small import BATCH, small_run, steps

SVG = "{http://www.w3.org/2000/svg}"


def test_a_run_that_ends_leaves_its_card(tmp_path: Path) -> None:
    run = small_run(tmp_path / "a_run", kimg=0.04, samples_kimg=5 * BATCH / 1000, licence="CC0", r1_gamma=3.5)
    steps(run, 5)
    for name in ("fd_lite0_5k", *(f"words1k {number}" for number in range(12))):
        add_line(run.metrics_file, {"images": 20, "metric": name, "value": 12.25})
    run.note_return({"images": 30, "state": 20, "rate": 0.0005})
    before = (run.folder / CARD).read_text()
    assert "20 pictures seen in 5 steps." in before
    steps(run)
    card = (run.folder / CARD).read_text()
    for words in (
        "# a\\_run", "A StyleGAN that draws pictures of 16 × 16 pixels", "![Samples after 40 pictures](samples/000000040.png)",
        "6 pictures of “pictures”", "Half of them were shown mirrored left to right.", "Of the pictures: CC0.",
        "| `r1_gamma` | 3.5 |", "40 pictures seen in 10 steps.", f"]({CURVE})", "it went back to 20",
        "| 20 | fd\\_lite0\\_5k | 12.25 |", "--model snapshots/000000040.safetensors",
    ):  # fmt: skip
        assert words in card
    assert str(tmp_path) not in card, "no place of this machine is told"
    assert len(ElementTree.parse(run.folder / CURVE).getroot().findall(f"{SVG}polyline")) == 2


def test_what_nobody_said_of_the_licence_is_said(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run")
    steps(run, 1)
    assert "ask before you publish" in (run.folder / CARD).read_text()


def test_an_address_tells_no_secret(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run")
    steps(run, 1)
    config = structs.replace(run.config(), data="https://server/shards/{00..99}.tar?key=secret")
    images = Images("name", np.zeros((1, 3, 16, 16), np.uint8), None, (), ())
    said = write_card(run, config, images).read_text()
    assert "99}.tar" in said.replace("\\", "")
    assert "secret" not in said


def test_a_network_alone_differs_in_nothing() -> None:
    for family in TRAINABLE.values():
        assert list(differing(Config(network=family()))) == []
    assert dict(differing(Config(kimg=3.0, labels=True, data="/somewhere"))) == {"kimg": "3", "labels": "True"}


def test_curves_are_means_of_what_is_a_number() -> None:
    points = averaged(range(5000), [float("nan") if x % 3 == 0 else 1.0 for x in range(5000)])
    assert len(points) <= POINTS
    assert {y for _, y in points} == {1.0}
    lines = [{"images": x, "loss_generator": 1.0 + x, "loss_discriminator": None} for x in range(10)]
    measured = [{"images": x, "metric": "a<b", "value": x} for x in (1, 2)]
    tree = ElementTree.fromstring(drawn(Losses(lines), measured))
    assert [line.get("stroke") for line in tree.iter(f"{SVG}polyline")] == [COLOURS[0], COLOURS[0]]
    assert drawn(Losses(), []) == ""


def test_names_are_left_alone_by_markdown() -> None:
    assert plain("a_b|c") == "a\\_b\\|c"


def test_an_empty_run_has_no_card(tmp_path: Path) -> None:
    run = small_run(tmp_path / "run")
    assert Run(run.folder).snapshots() == []
    assert not (run.folder / CARD).exists()
