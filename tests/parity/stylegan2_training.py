"""Golden training steps of StyleGAN2: lazy regularisation, explicit zero gradients, averages; with our networks and losses."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from engine.networks.discriminators.residual import ResidualDiscriminator
from engine.networks.stylegan2 import StyleGAN2Generator
from engine.training.ema import Average, ema_beta
from engine.training.losses import logistic_generator
from engine.training.path_length import lengths, path_length, slopes_of
from engine.training.penalties import r1, squared_gradient

from .golden import Golden, Tolerance
from .nvidia import load, ours, spec_of
from .stylegan2 import SLOPE, generator_of

WEIGHT = Tolerance(1e-5, 5e-6)
GRADIENT = Tolerance(4e-4, 2e-6)
PHASES = ("Gmain", "Greg", "Dmain", "Dreg")


@dataclass
class Play:
    """Both networks and what the official loop keeps from step to step."""

    golden: Golden
    generator: StyleGAN2Generator
    discriminator: ResidualDiscriminator
    average: Average[StyleGAN2Generator]
    path_mean: Tensor
    step: int = 0
    noise: Iterator[int] = field(default_factory=lambda: iter(range(100)))

    def tell(self, phase: str, values: Mapping[str, list[Tensor]]) -> None:
        """Compares what the phase reports, round after round."""
        for name, parts in values.items():
            self.golden.compare(f"stat.it{self.step}.{phase}.Loss/{name}", torch.cat(parts).flatten(), SLOPE)

    def ws(self, z: Tensor, labels: Tensor) -> Tensor:
        w = self.generator.mapping(z, labels)
        self.generator.mapping.update_average(w, 0.995)
        return self.generator.broadcast(w).contiguous()


Round = tuple[Tensor, Tensor, Tensor, Tensor]  # latents and their labels, real pictures and theirs
Told = dict[str, list[Tensor]]


def generator_main(play: Play, given: Round) -> tuple[Tensor, Told]:
    z, labels, _, _ = given
    scores = play.discriminator(play.generator.synthesize(play.ws(z, labels)), labels)
    each = nn.functional.softplus(-scores)
    return logistic_generator(scores), {"scores/fake": [scores], "signs/fake": [scores.sign()], "G/loss": [each]}


def generator_reg(play: Play, given: Round) -> tuple[Tensor, Told]:
    """On the first half of the round; weighted by its interval."""
    notes = play.golden.notes["hyperparameters"]
    half = len(given[0]) // notes["pl_batch_shrink"]
    ws = play.ws(given[0][:half], given[1][:half])
    pictures = play.generator.synthesize(ws)
    y = play.golden.read(f"in.pl_noise_raw.{next(play.noise)}") / pictures.shape[-1]
    penalty, mean = path_length(lengths(slopes_of(pictures, ws, y)), play.path_mean, notes["pl_decay"])
    play.path_mean = mean.detach()
    weighted = penalty * notes["pl_weight"]
    return weighted.mean() * notes["G_reg_interval"], {"pl_penalty": [penalty], "G/reg": [weighted]}


def discriminator_main(play: Play, given: Round) -> tuple[Tensor, Told]:
    z, labels, real, real_labels = given
    with torch.no_grad():
        fake = play.generator.synthesize(play.ws(z, labels))
    fake_scores, real_scores = play.discriminator(fake, labels), play.discriminator(real, real_labels)
    each = nn.functional.softplus(fake_scores) + nn.functional.softplus(-real_scores)
    told = {"scores/fake": [fake_scores], "signs/fake": [fake_scores.sign()], "D/loss": [each]}
    return each.mean(), {**told, "scores/real": [real_scores], "signs/real": [real_scores.sign()]}


def discriminator_reg(play: Play, given: Round) -> tuple[Tensor, Told]:
    notes = play.golden.notes["hyperparameters"]
    _, _, real, labels = given
    scores = play.discriminator(real, labels)
    squared = squared_gradient(lambda x: play.discriminator(x, labels), real)
    told = {"scores/real": [scores], "signs/real": [scores.sign()], "r1_penalty": [squared]}
    told["D/reg"] = [squared * (notes["r1_gamma"] / 2)]
    return r1(squared, notes["r1_gamma"]) * notes["D_reg_interval"], told


LOSSES: dict[str, Callable[[Play, Round], tuple[Tensor, Told]]] = {
    "Gmain": generator_main,
    "Greg": generator_reg,
    "Dmain": discriminator_main,
    "Dreg": discriminator_reg,
}


def check_steps(golden: Golden) -> None:
    """Every statistic, the gradients of the first step, the weights after the first and last."""
    notes = golden.notes["hyperparameters"]
    generator = generator_of(golden, "sd.G.", golden.notes["constructor_G"])
    average = Average(generator)
    load(average.model, golden.variables("sd.G_ema.")) if golden.has("sd.G_ema.") else None
    discriminator = load(
        spec_of(discriminator=golden.notes["constructor_D"]).build_discriminator(), golden.variables("sd.D.")
    )
    assert isinstance(discriminator, ResidualDiscriminator)
    play = Play(golden, generator, discriminator, average, torch.zeros(()))
    optimizers = {
        "G": _lazy_adam(generator, notes["G_lr"], notes["G_reg_interval"], notes),
        "D": _lazy_adam(discriminator, notes["D_lr"], notes["D_reg_interval"], notes),
    }
    for play.step in range(notes["iterations"]):
        for number, phase in enumerate(PHASES):
            if phase.endswith("main") or play.step % notes[f"{phase[0]}_reg_interval"] == 0:
                _take(play, phase, number, optimizers[phase[0]])
        images = play.step * notes["batch_size"]
        half_life = min(notes["ema_kimg"] * 1000, images * notes["ema_rampup"])
        beta = ema_beta(notes["batch_size"], half_life)
        golden.compare_number(
            f"ema it{play.step}", beta, golden.notes["ema"][f"ema_beta_it{play.step}"], Tolerance(1e-12)
        )
        average.update(generator, beta)
        golden.compare(f"pl_mean.after_it{play.step}", play.path_mean, SLOPE)
        for who, network in (("G", generator), ("D", discriminator), ("G_ema", average.model)):
            _compare_weights(golden, f"after_it{play.step}.{who}.", network)


def _lazy_adam(network: nn.Module, rate: float, interval: int, notes: Mapping[str, float]) -> torch.optim.Adam:
    """One optimizer for both phases: rate and decays to the power of c = k / (k + 1)."""
    c = interval / (interval + 1)
    return torch.optim.Adam(network.parameters(), lr=rate * c, betas=(0.0, 0.99**c), eps=notes["eps"])


def _take(play: Play, phase: str, number: int, optimizer: torch.optim.Adam) -> None:
    """One phase: gradients summed over the rounds, absent ones zero, one step of the optimizer."""
    golden, step, size = play.golden, play.step, play.golden.notes["hyperparameters"]["batch_gpu"]
    network = play.generator if phase.startswith("G") else play.discriminator
    network.requires_grad_(True)
    for parameter in network.parameters():
        parameter.grad = torch.zeros_like(parameter)
    inputs = [golden.read(name)[step] for name in ("in.z", "in.gen_c", "in.real", "in.real_c")]
    z, labels = inputs[0][number], inputs[1][number]
    told: Told = {}
    for i in range(0, len(z), size):
        part = slice(i, i + size)
        loss, values = LOSSES[phase](play, (z[part], labels[part], inputs[2][part], inputs[3][part]))
        loss.backward()
        told = {name: told.get(name, []) + value for name, value in values.items()}
    play.tell(phase, told)
    own = dict(network.named_parameters())
    for name in golden.outputs(f"grad.it{step}.{phase}."):
        slope = own[ours(name.split(".", 3)[3])].grad
        assert slope is not None
        golden.compare(name, slope.reshape(golden.tensors[name].shape), GRADIENT)
    optimizer.step()
    network.requires_grad_(False)


def _compare_weights(golden: Golden, prefix: str, network: nn.Module) -> None:
    own = network.state_dict()
    for name in golden.outputs(prefix):
        if "resample_filter" in name:
            golden.read(name)
            continue
        mine = own[ours(name.removeprefix(prefix))]
        golden.compare(name, mine.reshape(golden.tensors[name].shape), WEIGHT)
