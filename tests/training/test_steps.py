"""The game itself: older families play it as ever, lazy phases come when they are due, and every setting does what it says."""

import hashlib

import pytest
import torch
from torch import Tensor

from engine.networks import FAMILIES
from engine.training.ada import Ada
from engine.training.chance import Chance
from engine.training.config import BlurFade, Config, PathLength
from engine.training.growth import Growth
from engine.training.half import halved, precision
from engine.training.judging import shown
from engine.training.phases import phases
from engine.training.step import Batch, Players, play

CPU = torch.device("cpu")

# recorded before lazy phases came, StyleGAN again when its norm became torch's own, which rounds otherwise; the last number is of
# the random state after four steps
RECORDED = {
    "progan": ([1.222953, 1.365372, 1.119801, 1.353898], [0.927611, 0.677633, 0.920680, 0.733190], "d44b254b3625"),
    "stylegan1": ([1.614896, 1.785720, 1.794134, 1.372689], [1.063430, 0.870060, 0.885170, 0.412631], "dd90583c17da"),
    "stylegan2": ([1.404748, 1.396728, 1.380778, 1.376745], [0.683929, 0.716252, 0.720015, 0.727719], "ac374a7b9e52"),
}


def joined(family: str) -> Config:
    wgan = family == "progan"
    return Config(
        network=FAMILIES[family].tiny(label_size=2), growth=Growth(8, 0.016, 0.032, batch=8, rate=0.002),
        loss="wasserstein" if wgan else "logistic", gradient_penalty=10.0 if wgan else 0.0,
        r1_gamma=0.0 if wgan else 1.0, drift=0.001 if wgan else 0.0, r1_interval=2, labels=True, accumulate=4,
    )  # fmt: skip


def lazy(**changes) -> Config:
    return Config(**{
        "network": FAMILIES["stylegan2"].tiny(), "growth": Growth(batch=4, rate=0.002), "phases": "lazy",
        "path": PathLength(2.0), "r1_interval": 3, "r1_gamma": 1.0, **changes,
    })  # fmt: skip


def labels(players: Players, count: int) -> Tensor | None:
    size = players.config.network.label_size
    return torch.eye(size)[torch.randint(size, (count,), generator=players.random)] if size else None


def played(players: Players, steps: int, seed: int = 7) -> list[dict[str, float]]:
    random, found = torch.Generator().manual_seed(seed), []
    for _ in range(steps):
        now, size = players.stage(), players.config.network.label_size
        real = torch.rand(now.batch, 3, now.resolution, now.resolution, generator=random) * 2 - 1
        shown_labels = torch.eye(size)[torch.randint(size, (now.batch,), generator=random)] if size else None
        found.append(play(players, Batch(real, shown_labels), lambda n: labels(players, n)).values)
    return found


@pytest.mark.parametrize("family", RECORDED)
def test_joined_phases_are_what_they_were(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Chance, "apart", lambda chance, count: [chance] * count)  # then rounds drew one after the other
    players = Players(joined(family), CPU)
    steps = played(players, 4)
    judges, generators, random = RECORDED[family]
    assert [step["loss_discriminator"] for step in steps] == pytest.approx(judges, rel=1e-4)
    assert [step["loss_generator"] for step in steps] == pytest.approx(generators, rel=1e-4)
    assert hashlib.sha256(players.random.get_state().numpy().tobytes()).hexdigest()[:12] == random


def test_regularisers_come_when_they_are_due() -> None:
    steps = played(Players(lazy(), CPU), 7)
    assert [number for number, step in enumerate(steps) if "path_penalty" in step] == [0, 4]
    assert [number for number, step in enumerate(steps) if "r1" in step] == [0, 3, 6]
    assert all(torch.isfinite(torch.tensor(list(step.values()))).all() for step in steps)


def test_the_order_of_phases_and_what_is_left_out() -> None:
    def names(config: Config) -> list[str]:
        return [phase.name for phase in phases(config)]

    assert names(joined("stylegan1")) == ["discriminator", "average", "generator"]
    assert names(lazy()) == ["generator", "path length", "discriminator", "r1", "average"]
    assert names(lazy(path=PathLength(), r1_gamma=0.0)) == ["generator", "discriminator", "average"]


def test_path_lengths_in_every_step_join_the_main_loss() -> None:
    steps = played(Players(lazy(path=PathLength(2.0, interval=0)), CPU), 3)
    assert all("path_penalty" in step for step in steps)


def test_rates_are_corrected_for_lazy_regularisers() -> None:
    players = Players(lazy(judge_rate=0.001, path=PathLength(0.0, 4)), CPU)
    players.enter(players.stage())
    generator, judge = (players.optimizers[who].param_groups[0] for who in ("generator", "discriminator"))
    assert (generator["lr"], *generator["betas"]) == pytest.approx((0.002 * 4 / 5, 0.0, 0.99 ** (4 / 5)))
    assert (judge["lr"], *judge["betas"]) == pytest.approx((0.001 * 3 / 4, 0.0, 0.99 ** (3 / 4)))


def test_the_average_begins_as_a_copy_where_it_ramps_up() -> None:
    players = Players(lazy(ema_rampup=0.5), CPU)
    played(players, 1)
    for mine, theirs in zip(players.average.model.parameters(), players.generator.parameters(), strict=True):
        assert torch.equal(mine, theirs)


def test_gradients_that_are_no_numbers_are_mended() -> None:
    players = Players(lazy(), CPU)
    players.generator.layers["b16_rgb"].bias.register_hook(lambda slope: torch.full_like(slope, torch.nan))
    before = players.generator.layers["b16_rgb"].bias.clone()
    played(players, 1)
    assert torch.equal(players.generator.layers["b16_rgb"].bias, before)  # a gradient of 0 moves nothing
    assert all(torch.isfinite(p).all() for p in players.generator.parameters())


def test_frozen_layers_do_not_learn_and_the_others_do() -> None:
    players = Players(lazy(freeze=3), CPU)
    before = {name: p.clone() for name, p in players.discriminator.named_parameters()}
    played(players, 2)
    still = {name for name, p in players.discriminator.named_parameters() if torch.equal(p, before[name])}
    assert still == {f"{layer}.{part}" for layer in ("from_rgb.b16", "blocks.b16.conv0", "blocks.b16.conv1")
                     for part in ("weight", "bias")}  # fmt: skip


def test_augmentation_follows_the_signs() -> None:
    players = Players(lazy(ada=Ada("ada", target=-0.9, kimg=0.1, interval=2, kinds="bg")), CPU)
    steps = played(players, 5)
    moves = [step["augment_p"] for step in steps]
    assert moves[0] == 0.0
    assert moves[1] == moves[2] == pytest.approx(4 * 2 / 100)
    assert moves[3] == moves[4] == pytest.approx(0.16)


def test_what_the_discriminator_is_shown() -> None:
    images = torch.rand(4, 3, 16, 16) * 2 - 1
    assert shown(Players(lazy(), CPU), images) is images
    assert shown(Players(lazy(ada=Ada("ada")), CPU), images) is images  # p is 0 still
    for changes in (
        {"ada": Ada("fixed", 1.0)},
        {"diffaugment": "color,translation,cutout"},
        {"blur": BlurFade(3.0, 1.0)},
    ):
        players = Players(lazy(**changes), CPU)
        seen = shown(players, images)
        assert seen.shape == images.shape
        assert not torch.allclose(seen, images, atol=0.05)
        assert "loss_generator" in played(players, 1)[0]
    players.images = 1000  # the blur has faded out
    assert shown(players, images) is images


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (lazy(diffaugment="colour"), "knows no colour"),
        (lazy(diffaugment="color", ada=Ada("ada")), "one of them"),
        (lazy(ada=Ada("fixed")), "needs a probability"),
        (lazy(network=FAMILIES["progan"].tiny()), "needs a network with a mapping"),
        (lazy(phases="joined"), "path.weight needs phases=lazy"),
        (lazy(gradient_penalty=10.0), "needs phases=joined"),
        (Config(freeze=2), "do not grow"),
    ],
)
def test_contradictions_are_one_sentence(config: Config, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Players(config, CPU)


def test_magnitudes_of_stylegan3_follow_only_in_the_discriminators_pass() -> None:
    network = FAMILIES["stylegan3"].tiny()
    players = Players(lazy(network=network, path=PathLength(0, 0), tracking="discriminator"), CPU)
    seen: list[Tensor] = []
    players.optimizers["generator"].register_step_pre_hook(
        lambda *_: seen.append(players.generator.layers["l1"].measure.square.clone())
    )
    played(players, 1)
    assert seen == [torch.ones(())]
    assert players.generator.layers["l1"].measure.square != 1.0
    assert torch.equal(players.average.model.layers["l1"].measure.square, players.generator.layers["l1"].measure.square)


@pytest.mark.parametrize("family", ["stylegan2", "stylegan3"])
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_the_highest_resolutions_in_half_precision(family: str, dtype: torch.dtype) -> None:
    third = family == "stylegan3"
    players = Players(lazy(network=FAMILIES[family].tiny(), path=PathLength(2.0, 1)), CPU)
    whole = played(Players(players.config, CPU), 1)[0]
    assert not halved(players.generator, players.discriminator, 1, CPU, dtype)
    assert not halved(players.generator, players.discriminator, 1, torch.device("cuda"), torch.float32)
    assert halved(players.generator, players.discriminator, 1, torch.device("cuda"), dtype)
    layers = [players.generator.layers["rgb" if third else "b16_rgb"], players.discriminator.blocks["b16"]]
    assert [layer.dtype for layer in layers] == [dtype, dtype]
    assert players.discriminator.blocks["b8"].dtype == torch.float32
    half = played(players, 1)[0]
    for name, value in half.items():
        assert value == pytest.approx(whole[name], rel=0.05, abs=0.05), name
    assert all(p.dtype == torch.float32 and torch.isfinite(p).all() for p in players.generator.parameters())


def test_auto_precision_is_the_papers_where_only_the_highest_resolutions_are_halved() -> None:
    gpu = torch.device("cuda")
    assert precision(lazy(half_resolutions=4), gpu) == torch.float16
    assert precision(lazy(half_resolutions=4, precision="fp32"), gpu) == torch.float32
    assert precision(lazy(precision="bf16"), CPU) == torch.bfloat16
