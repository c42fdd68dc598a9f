"""A StyleGAN-XL learns, grows and goes on: what it was rests, what is new learns, and a stopped run is the run never stopped."""

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec import structs
from PIL import Image
from torch import Tensor

from engine.checkpoints import BadCheckpoint, native
from engine.data.folder import Images
from engine.feature_networks.pyramid import lite0_pyramid
from engine.networks import StyleGANXL
from engine.networks.superresolution import Rise
from engine.training.ada import Ada
from engine.training.class_looks import begin_with_looks, looks
from engine.training.classes import STYLEGAN_XL, stylegan_xl
from engine.training.config import BlurFade, Config, PathLength, check
from engine.training.growth import Growth
from engine.training.loop import train
from engine.training.players import Players
from engine.training.run import Run
from engine.training.stems import BLUR, grown

BATCH = 4


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(0)
    for number in range(8):
        (folder / str(number % 2)).mkdir(exist_ok=True)
        picture = Image.fromarray(random.integers(0, 255, (32, 32, 3), np.uint8))
        picture.save(folder / str(number % 2) / f"{number}.png")
    return folder


def config(pictures: Path) -> Config:
    network = StyleGANXL.tiny(label_size=2, resolution=8, stages=())
    plain = stylegan_xl(network, BATCH, data=str(pictures), labels=True, device="cpu", precision="fp32", kimg=0.012)
    path = PathLength(0.5, 2, begin_kimg=0.006)
    return structs.replace(plain, path=path, blur=BlurFade(2.0, 0.01), samples_kimg=1.0, snapshot_kimg=0.004)


def newest(run: Run) -> dict[str, Tensor]:
    return native.read_tensors(run.states()[-1])[1]


@pytest.fixture(scope="module")
def stem(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A short run, finished."""
    run = Run.create(tmp_path_factory.mktemp("runs") / "stem", config(pictures))
    list(train(run))
    return run


def test_a_run_of_classes_begins_with_their_looks(pictures: Path, tmp_path: Path) -> None:
    network = StyleGANXL.tiny(label_size=2, resolution=8, stages=(), table_features=320, table_rows=3)
    run = Run.create(tmp_path / "run", structs.replace(config(pictures), network=network))
    notes = [progress.note for progress in islice(train(run), 30)]
    assert "Looking at the classes" in notes
    players = Players(run.config(), torch.device("cpu"))
    pixels = np.zeros((4, 3, 8, 8), np.uint8)
    pixels[1::2] = 255
    images = Images("two", pixels, np.array([0, 1, 0, 1]), ("a", "b"), ())
    before = {name: x.clone() for name, x in players.discriminator.named_parameters() if "embedding" in name}
    list(begin_with_looks(players, images, grown=True))
    heads = {name: x for name, x in players.discriminator.named_parameters() if "embedding" in name}
    table = players.generator.mapping.get_parameter("table")
    for name, rows in heads.items():
        seen = looks(lite0_pyramid(), images, np.array([1, 3]), torch.device("cpu"))
        torch.testing.assert_close(rows[1], seen)
        assert (rows[0] - rows[1]).abs().max() > 0.1
        torch.testing.assert_close(rows[2], before[name][2])
        assert not torch.equal(table[0], rows[0]), "what it grew from knows the classes already"
    list(begin_with_looks(players, images, grown=False))
    average = players.average.model.mapping.get_parameter("table")
    assert all(torch.equal(each[:2], rows[:2]) for each in (table, average))
    list(begin_with_looks(players, replace(images, pixels=pixels[::2], labels=np.array([0, 0])), grown=False))
    assert torch.equal(average[1], rows[1]), "of a class without pictures nothing is known"


def test_a_stem_learns_with_the_papers_habits(stem: Run) -> None:
    lines = list(stem.statistics())
    assert [line["images"] for line in lines] == [4, 8, 12]
    assert ["path_penalty" in line for line in lines] == [False, False, True]
    state = newest(stem)
    averages = state["generator.mapping.w_avg"]
    assert averages.shape == (2, 10)
    assert bool(averages.any(1).all())
    assert torch.equal(state["generator.layers.l0.measure.square"], torch.ones(()))


def test_growing_keeps_what_it_takes_over(stem: Run, tmp_path: Path) -> None:
    larger = structs.replace(grown(stem.config(), 16), stem=str(stem.folder), kimg=0.008)
    assert larger.network.stages == (Rise(2, 4),)
    assert (larger.path.weight, larger.blur.sigma, larger.blur.kimg) == (0.0, BLUR.sigma, stem.config().kimg / 4)
    run = Run.create(tmp_path / "larger", larger)
    list(train(run))
    before, after = newest(stem), newest(run)
    kept = stem.config().network.kept()
    resting = ("mapping.dense", "mapping.table", "mapping.project", *(f"layers.l{at}." for at in range(kept)))
    names = [name for name in before if name.startswith("average.") and name[len("average.") :].startswith(resting)]
    assert len(names) > 2 * kept
    for name in names:
        assert torch.equal(before[name], after[name]), name
        learnt = name.replace("average.", "generator.")
        assert torch.equal(before[name], after[learnt]), learnt
    assert not torch.equal(before["average.layers.input.weight"], after["generator.layers.input.weight"])
    assert not any(name.startswith("optimizer.generator") and "mapping" in name for name in after)
    assert any(name.startswith("optimizer.generator") and f"layers.l{kept}." in name for name in after)
    generator, card = native.read_card(run.snapshots()[-1]).network.build(), native.read_card(run.snapshots()[-1])
    assert (generator.resolution, card.classes) == (16, ("0", "1"))


def test_a_grown_run_resumes_bit_for_bit(stem: Run, tmp_path: Path) -> None:
    larger = structs.replace(grown(stem.config(), 16), stem=str(stem.folder), kimg=0.008)
    whole, halves = (Run.create(tmp_path / name, larger) for name in ("whole", "halves"))
    list(train(whole))
    work = train(halves)
    list(islice((item for item in work if getattr(item, "statistics", None)), 1))
    work.close()
    list(train(halves))
    one, other = newest(whole), newest(halves)
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_a_stem_that_does_not_fit_is_named(stem: Run, tmp_path: Path) -> None:
    network = StyleGANXL.tiny(label_size=2, resolution=8, stages=(), w_dim=12).grown(Rise(2, 4))
    run = Run.create(tmp_path / "other", structs.replace(stem.config(), network=network, stem=str(stem.folder)))
    with pytest.raises(BadCheckpoint, match="is not the model that this run's network grew from"):
        list(train(run))


@pytest.mark.parametrize(
    ("to", "says"), [(24, "grows to one of 16, 32, 64, 128"), (8, "not to 8"), (256, "not to 256")]
)
def test_sizes_that_one_stage_does_not_reach(stem: Run, to: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        grown(stem.config(), to)


def test_only_a_stylegan_xl_grows_by_stages() -> None:
    with pytest.raises(ValueError, match="only a StyleGAN-XL grows by stages, and this run trains a stylegan1"):
        grown(Config(), 64)
    with pytest.raises(ValueError, match="stem is for StyleGAN-XL"):
        check(Config(stem="runs/one"))


def test_the_papers_settings() -> None:
    paper = STYLEGAN_XL["stylegan-xl-16"]
    assert (paper.growth.batch, paper.growth.rate, paper.judge_rate, paper.loss) == (2048, 0.0025, 0.002, "hinge-sum")
    assert paper.path.weight * paper.path.interval == 2.0
    assert (paper.path.begin_kimg, paper.blur, paper.ada) == (1000.0, BlurFade(2.0, 300.0), Ada("off"))
    assert paper.growth == Growth(batch=2048, rate=0.0025)
    assert grown(paper, 32).network == StyleGANXL.paper(32, label_size=0)
