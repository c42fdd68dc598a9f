"""Golden training steps of StyleGAN2 and 3, played by the project's own `play`: statistics, gradients, averages, weights."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from engine.networks.stylegan3 import StyleGAN3
from engine.training.ada import Ada
from engine.training.blur import blur_sigma
from engine.training.chance import Chance
from engine.training.config import BlurFade, Config, PathLength
from engine.training.ema import ema_beta
from engine.training.growth import Growth
from engine.training.phases import phases
from engine.training.step import Batch, Players, Statistics, play

from . import nvidia, stylegan3_names
from .golden import Golden, Tolerance
from .stylegan2 import SLOPE

WEIGHT = Tolerance(1e-5, 5e-6)
GRADIENT = Tolerance(4e-4, 2e-6)
MEAN = Tolerance(1e-4, 1e-6)
NUMBER = Tolerance(1e-12)
PHASES = {"generator": "Gmain", "path length": "Greg", "discriminator": "Dmain", "r1": "Dreg"}


class Given(Chance):
    """The draws that the file holds: latents of each phase round by round, and directions of path lengths."""

    def __init__(self, golden: Golden, players: Players):
        super().__init__(players.random, players.device)
        self.golden, self.players, self.most = golden, players, players.config.accumulate
        self.latent = self.label = torch.empty(0)
        self.directed = 0

    def apart(self, count: int) -> list[Chance]:
        return [self] * count

    def begin(self, number: int) -> None:
        """The phase that is the `number`-th of the file."""
        self.latent = self.golden.read("in.z")[self.players.steps][number]
        self.label = self.golden.read("in.gen_c")[self.players.steps][number]

    def labels(self, size: int) -> Tensor:
        assert size == len(self.label)
        return self.label

    def latents(self, size: int, dimensions: int) -> Tensor:
        now, self.latent = self.latent[:size], self.latent[self.most :]
        assert now.shape == (size, dimensions)
        return now

    def directions(self, pictures: Tensor) -> Tensor:
        self.directed += 1
        return self.golden.read(f"in.pl_noise_raw.{self.directed - 1}") / pictures.shape[-1]


class Witness:
    """Sees what every phase of every step does, and compares it."""

    def __init__(self, golden: Golden, players: Players, given: Given, named: Callable[[str], str]):
        self.golden, self.players, self.given, self.named = golden, players, given, named
        self.both = players.config.path.weight == 0
        self.scores: list[Tensor] = []
        self.phases: list[str] = []
        players.discriminator.register_forward_hook(lambda judge, inputs, scores: self.scores.append(scores.detach()))
        for optimizer in players.optimizers.values():
            optimizer.register_step_pre_hook(lambda *_: self.end())

    def begin(self) -> None:
        """A step with those phases that are due in it."""
        steps = self.players.steps
        self.phases = [
            self.official(phase.name)
            for phase in phases(self.players.config)
            if phase.losses is not None and steps % phase.interval == 0
        ]
        self.given.begin(self.number())

    def official(self, name: str) -> str:
        return "Gboth" if self.both and name == "generator" else PHASES[name]

    def number(self) -> int:
        """Where the file keeps the latents of the phase that comes."""
        order = ["Gboth", "Dmain", "Dreg"] if self.both else list(PHASES.values())
        return order.index(self.phases[0])

    def end(self) -> None:
        """A phase has its gradients: they and its scores are compared, and the next begins."""
        phase, prefix = self.phases[0], f"stat.it{self.players.steps}.{self.phases[0]}.Loss/"
        kinds = {"Gmain": ["fake"], "Gboth": ["fake"], "Greg": [], "Dmain": ["real", "fake"], "Dreg": ["real"]}[phase]
        for at, kind in enumerate(kinds):
            found = torch.cat(self.scores[at :: len(kinds)]).flatten()
            self.golden.compare(f"{prefix}scores/{kind}", found, SLOPE)
            self.golden.compare(f"{prefix}signs/{kind}", found.sign(), SLOPE)
        self.scores.clear()
        self.compare_gradients(f"grad.it{self.players.steps}.{phase}.")
        self.phases.pop(0)
        if self.phases:
            self.given.begin(self.number())

    def compare_gradients(self, prefix: str) -> None:
        network = self.players.discriminator if ".D" in prefix else self.players.generator
        own = dict(network.named_parameters())
        for name in self.golden.outputs(prefix):
            slope = own[self.named(name.removeprefix(prefix))].grad
            assert slope is not None, name
            self.golden.compare(name, slope.reshape(self.golden.tensors[name].shape), GRADIENT)

    def compare_means(self, statistics: Statistics) -> None:
        """What the step reports, against the means of what each picture has in the file."""
        config, seen = self.players.config, statistics.values
        ours = {
            "G/loss": seen["loss_generator"],
            "D/loss": seen["loss_discriminator"],
            "pl_penalty": seen.get("path_penalty", 0.0),
            "G/reg": seen.get("path_penalty", 0.0) * config.path.weight,
            "r1_penalty": seen.get("r1", 0.0) * 2 / config.r1_gamma,
            "D/reg": seen.get("r1", 0.0),
        }
        for name in self.golden.outputs(f"stat.it{self.players.steps - 1}."):
            mean = float(self.golden.tensors[name].double().mean())
            self.golden.compare_number(name, ours[name.partition("Loss/")[2]], mean, MEAN)

    def compare_weights(self) -> None:
        for who, network in networks(self.players).items():
            own, prefix = network.state_dict(), f"after_it{self.players.steps - 1}.{who}."
            for name in self.golden.outputs(prefix):
                if "filter" in name:
                    self.golden.read(name)
                    continue
                mine = own[self.named(name.removeprefix(prefix))]
                self.golden.compare(name, mine.reshape(self.golden.tensors[name].shape), WEIGHT)


def networks(players: Players) -> dict[str, nn.Module]:
    """By their official names."""
    return {"G": players.generator, "D": players.discriminator, "G_ema": players.average.model}


def check_steps(golden: Golden) -> None:
    """Every statistic, the gradients of the first step, the weights after the first and last."""
    config = config_of(golden)
    players = Players(config, torch.device("cpu"))
    named = loaded(golden, players)
    players.chance = given = Given(golden, players)
    witness = Witness(golden, players, given, named)
    size = config.growth.batch
    for step in range(golden.notes["hyperparameters"]["iterations"]):
        witness.begin()
        compare_schedule(golden, players, step)
        batch = Batch(golden.read("in.real")[step], golden.read("in.real_c")[step])
        statistics = play(players, batch, given.labels)
        assert (players.steps, players.images, witness.phases) == (step + 1, (step + 1) * size, [])
        witness.compare_means(statistics)
        if f"pl_mean.after_it{step}" in golden:
            golden.compare(f"pl_mean.after_it{step}", players.path_mean, SLOPE)
        witness.compare_weights()


def config_of(golden: Golden) -> Config:
    """Our configuration of what the sidecar says."""
    notes, settings = golden.notes["hyperparameters"], golden.notes["constructor_G"]
    judge, third = golden.notes["constructor_D"], golden.has("sd.G.synthesis.input.")
    spec = stylegan3_names.spec_of(settings, judge) if third else nvidia.spec_of(settings, judge)
    size, beta = notes["batch_size"], settings.get("magnitude_ema_beta", 0.5)
    return Config(
        network=spec, growth=Growth(batch=size, rate=notes["G_lr"]), judge_rate=notes["D_lr"], phases="lazy",
        absent="skip" if third else "zero", tracking="discriminator" if third else "always",
        w_avg_beta=0.998 if third else 0.995, magnitude_kimg=size * math.log(0.5) / math.log(beta) / 1000,
        r1_gamma=notes["r1_gamma"], r1_interval=notes["D_reg_interval"], mixing=notes["style_mixing_prob"],
        path=PathLength(
            notes["pl_weight"], notes["G_reg_interval"] or 0, notes.get("pl_decay", 0.01), notes.get("pl_batch_shrink", 2)
        ),
        blur=BlurFade(notes.get("blur_init_sigma", 0.0), notes.get("blur_fade_kimg", 0.0)),
        ema_kimg=notes["ema_kimg"], ema_rampup=notes["ema_rampup"], accumulate=notes["batch_gpu"], ada=Ada("off"),
    )  # fmt: skip


def loaded(golden: Golden, players: Players) -> Callable[[str], str]:
    """Puts the golden weights into the players; gives back the way from official names to ours."""
    official = golden.variables("sd.G.")
    nvidia.load(players.discriminator, golden.variables("sd.D."))
    spec = players.config.network
    if isinstance(spec, StyleGAN3):
        stylegan3_names.load(players.generator, official)
    else:
        nvidia.load(players.generator, official)
    average = golden.variables("sd.G_ema.")
    assert not average, "the average begins as a copy"
    players.average.model.load_state_dict(players.generator.state_dict())
    players.generator.requires_grad_(True)
    players.discriminator.requires_grad_(True)

    def named(name: str) -> str:
        third = isinstance(spec, StyleGAN3) and name.startswith(("synthesis.", "mapping.w_avg"))
        return stylegan3_names.ours(name, spec) if third else nvidia.ours(name)

    return named


def compare_schedule(golden: Golden, players: Players, step: int) -> None:
    """The half-life that ramps up and the blur that fades out, as the sidecar has them."""
    noted: Mapping[str, Any] = golden.notes.get("ema") or golden.notes["info"]
    config, images = players.config, players.images
    half_life = min(config.ema_kimg * 1000, images * config.ema_rampup)
    beta = ema_beta(config.growth.batch, half_life)
    golden.compare_number(f"ema beta it{step}", beta, noted[f"ema_beta_it{step}"], NUMBER)
    if f"blur_sigma_it{step}" in noted:
        sigma = blur_sigma(images, config.blur.sigma, config.blur.kimg)
        golden.compare_number(f"blur it{step}", sigma, noted[f"blur_sigma_it{step}"], NUMBER)
