"""Golden StyleGAN2 networks: every stage, pictures and scores, gradients, path length, R1."""

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from engine.networks import Canvas
from engine.networks.discriminators.residual import ResidualDiscriminator
from engine.networks.filters import as_type
from engine.networks.generator import draw, layer_noise
from engine.networks.modulation import StyledConv, ToRGB
from engine.networks.stylegan2 import StyleGAN2Generator
from engine.render.truncation import truncate
from engine.training.losses import logistic_generator
from engine.training.path_length import lengths, path_length, slopes_of
from engine.training.penalties import r1, squared_gradient

from .golden import EXACT, Golden, Tolerance
from .nvidia import load, spec_of, theirs
from .stages import recording

FORWARD = Tolerance(1e-5, 1e-6)
SLOPE = Tolerance(1e-4, 1e-6)


def check_generator(golden: Golden) -> None:
    """Generator on its own: ws, pictures in every mode, stages, gradients, path length."""
    official = golden.variables("sd.")
    generator = load(spec_of(golden.notes["constructor"]).build(), official)
    assert isinstance(generator, StyleGAN2Generator)
    z, labels, plus = golden.read("in.z"), golden.labels("in.c"), golden.read("in.wplus")
    w = generator.mapping(z, labels)
    ws = generator.broadcast(w)
    cutoff = golden.notes["truncation_cutoff"]
    averages = generator.mapping.w_avg
    short = truncate(ws, averages, 0.7)
    ours = {
        "ws": ws, "ws_psi0.7": short, f"ws_psi0.7_cutoff{cutoff}": truncate(ws, averages, 0.7, cutoff),
        "ws_psi-0.5": truncate(ws, averages, -0.5),
        "img_noise_const": torch.cat([generator.synthesize(one) for one in ws.split(1)]),  # the way of single pictures
        "img_noise_const_nonfused": generator.synthesize(ws),
        "img_noise_const_psi0.7": generator.synthesize(short),
        "img_noise_none": generator.synthesize(ws, "off"),
        "img_noise_random_seed4242": generator.synthesize(ws, "random", torch.Generator().manual_seed(4242)),
        "img_wplus_noise_const": generator.synthesize(plus),
    }  # fmt: skip
    for name, value in ours.items():
        golden.compare(f"out.{name}", value, FORWARD)
    _compare_noise(golden, generator, ws)
    _compare_stages(golden, {**mapping_stages(generator.mapping, z, labels), **synthesis_stages(generator, ws)})
    _compare_slopes(golden, generator, official)
    _compare_path_length(golden, generator, official)
    generator.mapping.update_average(w, 0.995)
    golden.compare("out.w_avg_after_update", generator.mapping.w_avg, FORWARD)


def _compare_noise(golden: Golden, generator: StyleGAN2Generator, ws: Tensor) -> None:
    """Random noise of every layer, as one source gives it in the order of the layers."""
    source = torch.Generator().manual_seed(4242)
    for name, layer in generator.named_layers().items():
        drawn = layer_noise(layer, ws, "random", source)
        if drawn is not None:
            golden.compare(f"noise_random_seed4242.{name.replace('_', '.')}", drawn, EXACT)


def _compare_stages(golden: Golden, stages: Mapping[str, Tensor]) -> None:
    for name in golden.outputs("act."):
        if name.removeprefix("act.") in stages:
            golden.compare(name, stages[name.removeprefix("act.")], FORWARD)


def mapping_stages(mapping: nn.Module, z: Tensor, labels: Tensor | None) -> dict[str, Tensor]:
    with recording(mapping) as seen:
        stages = {"mapping": mapping(z, labels)}
    stages |= {f"mapping.fc{i}": seen.calls[dense][0] for i, dense in enumerate(mapping.dense)}
    return stages if mapping.embed is None else {**stages, "mapping.embed": seen.calls[mapping.embed][0]}


def synthesis_stages(generator: StyleGAN2Generator, ws: Tensor) -> dict[str, Tensor]:
    """What every layer makes with constant noise, and the features and picture that it leaves."""
    stages, canvas = {}, Canvas()
    for step in generator.steps():
        before, layer = canvas, step.layer
        noise = layer_noise(layer, ws, "const", None)
        canvas = draw(step, before, ws, noise)
        style = layer.affine(ws[:, layer.row])
        block, part = step.name.split("_")
        scope = f"synthesis.{block}.{'torgb' if part == 'rgb' else part}"
        stages[f"{scope}.affine"] = style
        if isinstance(layer, ToRGB):
            stages[scope], stages[f"synthesis.{block}.img"] = layer.color(canvas.features, style), canvas.picture
        elif isinstance(layer, StyledConv):
            start = before.features if layer.start is None else layer.start.expand(len(ws), -1, -1, -1)
            branch = layer.branch(as_type(start, layer.dtype), style, noise)
            stages[scope], stages[f"synthesis.{block}.x"] = branch, canvas.features
            if layer.skip is not None:
                stages[f"synthesis.{block}.skip"] = layer.skip(before.kept[0])
    return stages


def compare_gradients(
    golden: Golden, prefix: str, loss: Tensor, parameters: Mapping[str, nn.Parameter], cancels: bool = False
) -> None:
    """The gradient of every parameter; those that have none in ours are zero in the golden file."""
    slopes = torch.autograd.grad(
        loss, list(parameters.values()), retain_graph=True, allow_unused=True, materialize_grads=True
    )
    for (name, _), slope in zip(parameters.items(), slopes, strict=True):
        tolerance = Tolerance(0.0, 1e-6) if cancels and name.endswith("bias") else SLOPE
        golden.compare(prefix + name, slope.reshape(golden.tensors[prefix + name].shape), tolerance)


def _compare_slopes(golden: Golden, generator: StyleGAN2Generator, official: Mapping[str, Tensor]) -> None:
    generator.requires_grad_(True)
    z = golden.read("in.z").clone().requires_grad_()
    ws = generator.broadcast(generator.mapping(z, golden.labels("in.c"))).contiguous()
    loss = (generator.synthesize(ws) * golden.read("in.grad_out")).sum()
    golden.compare("out.loss_gradtest", loss, SLOPE)
    compare_gradients(golden, "grad.", loss, {**theirs(generator, official), "z": z, "ws": ws})  # type: ignore[dict-item]
    generator.requires_grad_(False)


def _compare_path_length(golden: Golden, generator: StyleGAN2Generator, official: Mapping[str, Tensor]) -> None:
    generator.requires_grad_(True)
    ws = generator.broadcast(generator.mapping(golden.read("in.z"), golden.labels("in.c"))).contiguous()
    pictures = generator.synthesize(ws)
    slope = slopes_of(pictures, ws, golden.read("in.pl_noise_raw") / pictures.shape[-1])
    found = lengths(slope)
    penalty, mean = path_length(found, golden.read("pl.mean_before"))
    loss = 2.0 * penalty.mean()
    for name, ours in {
        "grads_ws": slope, "lengths": found, "mean_after": mean, "penalty": penalty, "loss_mean": loss
    }.items():  # fmt: skip
        golden.compare(f"pl.{name}", ours, SLOPE)
    compare_gradients(golden, "plgrad.", loss, theirs(generator, official))
    generator.requires_grad_(False)


def check_discriminator(golden: Golden) -> None:
    """Discriminator on its own: scores, stages, gradients, R1, frozen layers."""
    official, settings = golden.variables("sd."), golden.notes["constructor"]
    network = load(spec_of(discriminator=settings).build_discriminator(), official)
    assert isinstance(network, ResidualDiscriminator)
    images, labels = golden.read("in.img").clone().requires_grad_(), golden.labels("in.c")
    _compare_stages(golden, discriminator_stages(network, images.detach(), labels))
    network.requires_grad_(True)
    network.freeze(settings.get("block_kwargs", {}).get("freeze_layers", 0))
    learning = {name: p for name, p in theirs(network, official).items() if p.requires_grad}
    scores = network(images, labels)
    loss = logistic_generator(scores)
    golden.compare("out.logits", scores, FORWARD)
    golden.compare("out.loss_softplus_neg", loss, FORWARD)
    golden.compare("out.loss_softplus_pos", logistic_generator(-scores), FORWARD)
    compare_gradients(golden, "grad.", loss, {**learning, "img": images})  # type: ignore[dict-item]
    golden.compare("r1.grads_img", torch.autograd.grad(scores.sum(), images)[0], SLOPE)
    squared = squared_gradient(lambda x: network(x, labels), images)
    golden.compare("r1.penalty", squared, SLOPE)
    golden.compare("r1.loss_mean_gamma10", r1(squared, 10.0), SLOPE)
    compare_gradients(golden, "r1grad.", r1(squared, 10.0), learning, cancels=True)


def discriminator_stages(network: ResidualDiscriminator, images: Tensor, labels: Tensor | None) -> dict[str, Tensor]:
    with recording(network) as seen:
        stages = {"b4": network(images, labels)}
    for name, module in _parts(network):
        stages[name] = seen.calls[module][0]
    for (name, _), picture in zip(network.named_blocks().items(), seen.calls[network.resample], strict=False):
        stages[f"{name}.img"] = picture
    stages["b4.mbstd"] = seen.inputs[network.head.conv]
    if network.mapping is not None:
        stages |= mapping_stages(network.mapping, images.new_zeros(len(images), 0), labels)
    return stages


def _parts(network: ResidualDiscriminator) -> Iterator[tuple[str, nn.Module]]:
    """Submodules under the official names of their stages."""
    for name, rgb in network.from_rgb.items():
        yield f"{name}.fromrgb", rgb
    for name, block in network.named_blocks().items():
        yield f"{name}.x", block
        yield f"{name}.conv0", block.conv0
        yield f"{name}.conv1", block.conv1
        if block.skip is not None:
            yield f"{name}.skip", block.skip
    yield "b4.conv", network.head.conv
    yield "b4.fc", network.head.dense
    yield "b4.out", network.head.out


def generator_of(golden: Golden, prefix: str, settings: Mapping[str, Any]) -> StyleGAN2Generator:
    generator = load(spec_of(settings).build(), golden.variables(prefix))
    assert isinstance(generator, StyleGAN2Generator)
    return generator
