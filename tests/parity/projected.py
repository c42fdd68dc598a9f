"""Golden files of Projected GAN: the random projection, heads, whole discriminators, FastGAN, losses, augmentations, layouts."""

from collections.abc import Iterable, Iterator
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.checkpoints.official import filled
from engine.networks import Canvas
from engine.networks.discriminators.heads import Head, HeadHabit, head_widths
from engine.networks.discriminators.projected import ProjectedDiscriminator, nominal_sizes
from engine.networks.fastgan import FastGAN, FastGANGenerator
from engine.networks.generator import draw
from engine.training import diffaugment
from engine.training.blur import blur_taps, blurred
from engine.training.losses import LOSSES

from . import projected_names as names
from .golden import Golden, Tolerance

PAPER_SIDE = 224


def tolerance(golden: Golden) -> Tolerance:
    """As the sidecar says."""
    return Tolerance(golden.notes["tolerance"]["rtol"], golden.notes["tolerance"]["atol"])


def check_random_projection(golden: Golden) -> None:
    """Maps of the stand-in as they are, mixed across channels, and across scales too; and the mixer on given maps."""
    pyramid, mixer = names.random_projection(golden.variables("state/"), golden.settings["expand"])
    maps = pyramid(golden.read("in/x"))
    ways = {"proj0": maps, "proj1": mixer.channels(maps), "proj2": mixer(maps)}
    given = [golden.read(f"in/map{depth}") for depth in range(len(maps))]
    mixed = mixer.channels(given)
    for name in golden.outputs("out/"):
        way, depth = name.removeprefix("out/")[:-1].rstrip("/"), int(name[-1])
        found = {**ways, "ccm": mixed, "csm": mixer.scales(mixed)}[way][depth]
        golden.compare(name, found, tolerance(golden))
    golden.compare_number("widths", float(mixer.widths == golden.settings["CHANNELS"]), 1.0)
    golden.compare_number("sizes", float(nominal_sizes(PAPER_SIDE) == golden.settings["RESOLUTIONS"]), 1.0)


def check_heads(golden: Golden) -> None:
    """Every head on given maps, in evaluation and training, and what training leaves."""
    settings = golden.settings
    official, after = golden.variables("state/"), golden.variables("state_after_train/")
    labels = golden.labels("in/c")
    table = official.get("0.embed.weight", torch.empty(0, 0))
    habit = HeadHabit(
        settings["separable"],
        settings["patch"],
        len(table),
        settings.get("cmap_dim", 0),
        settings.get("embedding_dim", 0),
    )
    patch_sizes = nominal_sizes(PAPER_SIDE, patch=True)
    sizes = patch_sizes if settings["patch"] else settings["nominal_resolution"]
    heads = [
        Head([inputs, *[settings["ndf"]] * (len(head_widths(inputs, nominal)) - 1)], habit)
        for inputs, nominal in zip(settings["nc"], sizes, strict=True)
    ]
    network = nn.ModuleList(heads).eval()
    network.load_state_dict(names.heads(official, heads))
    maps = [golden.read(f"in/feat{depth}") for depth in range(len(heads))]
    found = []
    for depth, (head, x) in enumerate(zip(heads, maps, strict=True)):
        scores = head(x, labels)
        hidden = scores if head.embedding is None else head.down(x)
        golden.compare(f"out/eval/logits{depth}", scores, tolerance(golden))
        golden.compare(f"out/eval/hidden{depth}", hidden, tolerance(golden))
        found.append(scores.flatten(1))
    golden.compare("out/eval/all", torch.cat(found, 1), tolerance(golden))
    network.train()
    for depth, (head, x) in enumerate(zip(heads, maps, strict=True)):
        golden.compare(f"out/train/logits{depth}", head(x, labels), tolerance(golden))
    _compare_state(golden, network, names.heads(after, heads))


def _compare_state(golden: Golden, network: nn.Module, after: dict[str, Tensor]) -> None:
    """What the network holds, against what it should hold."""
    state = network.state_dict()
    golden.compare_number("tensors that only one has", len(state.keys() ^ after.keys()), 0)
    for name, x in after.items():
        key = f"after training: {name}"
        golden.tensors[key] = x
        golden.compare(key, state[name], tolerance(golden))


def check_discriminator(golden: Golden) -> None:
    """The whole discriminator on small pictures, which it enlarges, on large ones, and with augmentations."""
    official, settings = golden.variables("state/"), golden.settings
    pyramid, mixer = names.random_projection(names.below(official, "feature_network."), settings["expand"])
    heads = [
        Head([inputs, *[settings["ndf"]] * (len(head_widths(inputs, nominal)) - 1)], HeadHabit())
        for inputs, nominal in zip(mixer.widths, nominal_sizes(PAPER_SIDE), strict=True)
    ]
    network = ProjectedDiscriminator(pyramid, mixer, heads, 64, PAPER_SIDE).eval()
    network.heads.load_state_dict(names.heads(names.below(official, "discriminator.mini_discs."), heads))
    small = golden.read("in/img64")
    golden.compare("out/logits_interp224", network(small), tolerance(golden))
    with drawing(golden, small.shape[2]):
        augmented = diffaugment.diffaugment(small, "color,translation,small-cutout")
    golden.compare("out/logits_diffaug_interp224", network(augmented), tolerance(golden))
    network.resolution = PAPER_SIDE  # as if the data were so large: nothing is enlarged
    golden.compare("out/logits_native128", network(golden.read("in/img128")), tolerance(golden))


def draws(golden: Golden, side: int) -> Iterator[Tensor]:
    """The draws in [0, 1) of our augmentations that lead to the draws of the file, in our order."""
    for name in ("brightness", "saturation", "contrast"):
        yield golden.read(f"rand/{name}")
    most, cut = int(side / 8 + 0.5), int(side * 0.2 + 0.5)
    for name, lowest, count in (("translation", -most, 2 * most + 1), ("cutout", 0, side + 1 - cut % 2)):
        drawn = [golden.read(f"rand/{name}_{axis}").flatten() for axis in ("y", "x")]
        yield (torch.stack(drawn, 1) - lowest + 0.5) / count


def drawing(golden: Golden, side: int) -> Any:
    """In this context our augmentations draw what the file holds."""
    given = draws(golden, side)
    return patch.object(diffaugment, "_uniform", lambda x, random, *shape: next(given))


def check_augmentations(golden: Golden) -> None:
    """Pictures after each step, cumulatively."""
    images, policies = golden.read("in/x"), diffaugment.POLICIES
    steps: Iterable[tuple[str, Any]] = zip(
        ("brightness", "saturation", "contrast", "translation", "cutout"),
        (*policies["color"], *policies["translation"], *policies["small-cutout"]),
        strict=True,
    )
    with drawing(golden, images.shape[2]):
        for name, step in steps:
            images = step(images, None)
            golden.compare(f"out/{name}", images, tolerance(golden))


def check_losses(golden: Golden) -> None:
    """Hinge losses of the scores of all heads, and the blur of what the discriminator sees."""
    loss, fake, real = LOSSES["hinge"], golden.read("in/logits_fake"), golden.read("in/logits_real")
    sure = torch.ones_like(real)  # costs nothing
    golden.compare("out/loss_G", loss.generator(fake), tolerance(golden))
    golden.compare("out/loss_D_fake", loss.discriminator(sure, fake), tolerance(golden))
    golden.compare("out/loss_D_real", loss.discriminator(real, -sure), tolerance(golden))
    images = golden.read("in/img")
    for name in golden.outputs("out/blur_sigma_"):
        sigma = float(name.removeprefix("out/blur_sigma_"))
        golden.compare(name, blurred(images, sigma), tolerance(golden))
        taps = blur_taps(sigma)
        if taps is not None:
            golden.compare(f"out/kernel_sigma_{sigma}", taps, tolerance(golden))


def fastgan_of(golden: Golden) -> FastGANGenerator:
    """The generator of the file, with its weights."""
    settings, official = golden.settings, golden.variables("state/")
    rows = len(official.get("synthesis.embed.weight", ()))
    spec = FastGAN(
        settings["img_resolution"], label_size=rows, z_dim=settings["z_dim"], features=settings["ngf"],
        light=settings.get("synthesis_kwargs", {}).get("lite", False),
    )  # fmt: skip
    generator = spec.build().eval()
    assert isinstance(generator, FastGANGenerator)
    generator.load_state_dict(filled(official, spec))
    return generator


def check_fastgan(golden: Golden) -> None:
    """What each part makes with the noise of the file, and the picture."""
    generator = fastgan_of(golden)
    labels = golden.labels("in/c")
    if labels is not None:  # a row of the table for each class, also of classes that the data does not have
        labels = F.pad(labels, (0, generator.label_size - labels.shape[1]))
    ws = generator.broadcast(generator.mapping(golden.read("in/z"), labels))
    stages, canvas, noises = {}, Canvas(), iter(golden.outputs("rand/noise"))
    for step in generator.steps():
        noise = golden.read(next(noises)) if step.layer.constant_noise is not None else None
        canvas = draw(step, canvas, ws, noise)
        size, part = step.name.split("_")
        stage = {"start": "init", "excite": f"se_{size[1:]}"}.get(part, f"feat_{size[1:]}")
        stages[f"act/{stage}"] = canvas.features
    assert next(noises, None) is None
    for name in golden.outputs("act/"):
        found = stages[name]
        assert found is not None
        golden.compare(name, found, tolerance(golden))
    assert canvas.picture is not None
    golden.compare("out/img", canvas.picture, tolerance(golden))
