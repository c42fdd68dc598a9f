"""Golden losses: the value of each and the gradient of every trainable variable, in the official layout."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from engine.checkpoints.tensorflow import Entry, entries, spec_of, to_theirs
from engine.networks import Generator
from engine.networks.discriminators.progressive import ProgressiveDiscriminator
from engine.networks.mapping import Mapping
from engine.training.losses import LOSSES, classification
from engine.training.mixing import mix_styles
from engine.training.penalties import drift, gradient_penalty, lod_scale, r1, squared_gradient

from .golden import CANCELLING, CLOSE, GRADIENT, Golden
from .importer import build_discriminator, build_generator, compare_conversion
from .situation import at_level


@dataclass
class Game:
    """Both networks at one level of detail, and the draws that the file fixes."""

    golden: Golden
    generator: Generator
    discriminator: ProgressiveDiscriminator
    lod: float

    def labels(self, whose: str) -> Tensor | None:
        return self.golden.labels(f"in/labels_{whose}")

    def fake(self, labels: Tensor | None) -> Tensor:
        """Generated pictures with the file's latents, mixed at its crossover."""
        g = self.generator
        first = g.mapping(self.golden.read("in/z"), labels)
        if not isinstance(g.mapping, Mapping):
            return g.synthesize(g.broadcast(first))
        second = g.mapping(self.golden.read("in/z2"), labels)
        return g.synthesize(mix_styles(first, second, int(self.golden.read("in/crossover")), g.rows))

    def real(self) -> Tensor:
        return at_level(self.golden.read("in/reals"), self.lod)

    def squared(self, images: Tensor, labels: Tensor | None) -> Tensor:
        return squared_gradient(lambda x: self.discriminator(x, labels), images) * lod_scale(self.lod)


def generator_loss(game: Game, kind: str) -> Tensor:
    labels = game.labels("fake")
    scores, logits = game.discriminator.judge(game.fake(labels), labels)
    loss = LOSSES[kind].generator(scores)
    return loss if logits is None or labels is None else loss + classification(logits, labels)


def discriminator_loss(game: Game, kind: str, gamma: float = 0.0, penalty: float = 0.0, small: float = 0.0) -> Tensor:
    labels, real = game.labels("real"), game.real()
    with torch.no_grad():
        fake = game.fake(labels)
    real_scores, real_logits = game.discriminator.judge(real, labels)
    fake_scores, fake_logits = game.discriminator.judge(fake, labels)
    loss = LOSSES[kind].discriminator(real_scores, fake_scores) + drift(real_scores, small)
    if real_logits is not None and fake_logits is not None and labels is not None:
        loss = loss + classification(real_logits, labels) + classification(fake_logits, labels)
    if gamma:
        loss = loss + r1(game.squared(real, labels), gamma)
    if penalty:
        between = torch.lerp(real, fake, game.golden.read("in/alpha"))
        loss = loss + gradient_penalty(game.squared(between, labels), penalty)
    return loss


GAMES: dict[str, Callable[[Game], Tensor]] = {
    "G_logistic_ns": lambda game: generator_loss(game, "logistic"),
    "G_wgan": lambda game: generator_loss(game, "wasserstein"),
    "G_wgan_acgan": lambda game: generator_loss(game, "wasserstein"),
    "D_logistic": lambda game: discriminator_loss(game, "logistic"),
    "D_logistic_r1_10": lambda game: discriminator_loss(game, "logistic", gamma=10.0),
    "D_wgan_gp": lambda game: discriminator_loss(game, "wasserstein", penalty=10.0, small=0.001),
    "D_wgangp_acgan": lambda game: discriminator_loss(game, "wasserstein", penalty=10.0, small=0.001),
}


def check_losses(golden: Golden) -> None:
    """Every loss at every level of detail that the file holds."""
    networks, tables = _networks(golden)
    for name in golden.outputs():
        match = re.fullmatch(r"([GD])_\w+/lod([\d.]+)/loss", name)
        kind = name.split("/")[0]
        if match is None or kind not in GAMES:
            continue
        for network in networks.values():
            network.lod = float(match[2])  # type: ignore[assignment]
        game = Game(golden, networks["G"], networks["D"], float(match[2]))  # type: ignore[arg-type]
        loss = GAMES[kind](game)
        value = golden.tensors[name].double().mean().item()
        golden.compare_number(name, loss.item(), value, CLOSE)
        gradients = name.removesuffix("loss") + "grad/"
        if golden.has(gradients):
            _compare_gradients(golden, gradients, loss, networks[match[1]], tables[match[1]])


def _networks(golden: Golden) -> tuple[dict[str, nn.Module], dict[str, list[Entry]]]:
    variables = {who: golden.variables(f"tf/{who}/") for who in "GD"}
    spec = spec_of(variables["G"], variables["D"], golden.settings)
    for who, own in variables.items():
        compare_conversion(golden, own, spec, f"{who}/")
    networks = {"G": build_generator(variables["G"], spec), "D": build_discriminator(variables["D"], spec)}
    return networks, {who: entries(own, spec) for who, own in variables.items()}


def _compare_gradients(golden: Golden, prefix: str, loss: Tensor, network: nn.Module, table: list[Entry]) -> None:
    parameters = dict(network.named_parameters())
    slopes = torch.autograd.grad(loss, list(parameters.values()), allow_unused=True, materialize_grads=True)
    trainable = [entry for entry in table if entry.ours in parameters]
    for name, ours in to_theirs(dict(zip(parameters, slopes, strict=True)), trainable).items():
        cancels = "wgan" in prefix and prefix.startswith("D_") and name == "4x4/Dense1/bias"
        golden.compare(prefix + name, ours, CANCELLING if cancels else GRADIENT)
