"""Golden StyleGAN3 networks: pictures through transforms, every stage, gradients, path length, moving averages, pickles."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.networks import Canvas
from engine.networks.alias_free_layers import AliasFreeLayer, AliasFreeRGB
from engine.networks.fourier import FourierInput
from engine.networks.generator import draw
from engine.networks.stylegan3 import StyleGAN3Generator
from engine.render.pixels import to_uint8
from engine.render.truncation import truncate
from engine.training.path_length import lengths, path_length, slopes_of

from . import nvidia
from .golden import EXACT, Golden, Tolerance
from .stylegan2 import FORWARD, SLOPE, compare_gradients, mapping_stages
from .stylegan3_names import Official, load, scopes, spec_of, theirs

FILTER = Tolerance(1e-6)
W_AVG_BETA = 0.998
MEAN_LENGTH = 0.37  # before the step that the files hold


def _transforms() -> dict[str, Tensor]:
    """Those that the files' pictures were drawn through."""
    c, s = math.cos(math.radians(30)), math.sin(math.radians(30))
    found = {
        "identity": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        "translate": [[1, 0, 0.125], [0, 1, -0.25], [0, 0, 1]],
        "rotate30deg": [[c, s, 0], [-s, c, 0], [0, 0, 1]],
        "scale1.7": [[1.7, 0, 0], [0, 1.7, 0], [0, 0, 1]],
    }
    return {name: torch.tensor(rows, dtype=torch.float32) for name, rows in found.items()}


def check_generator(golden: Golden) -> None:
    """Generator on its own: ws, pictures, stages, gradients, path length, moving averages."""
    official, settings = golden.variables("sd."), golden.notes["constructor"]
    generator = build(settings, official)
    z, labels = golden.read("in.z"), golden.labels("in.c")
    ws = generator.broadcast(generator.mapping(z, labels))
    cutoff, average = golden.notes["truncation_cutoff"], generator.mapping.w_avg
    short = truncate(ws, average, 0.7)
    ours = {
        "ws": ws, "ws_psi0.7": short, f"ws_psi0.7_cutoff{cutoff}": truncate(ws, average, 0.7, cutoff),
        "img": generator.synthesize(ws), "img_psi0.7": singly(generator, short),
        "img_wplus": singly(generator, golden.read("in.wplus")),
    }  # fmt: skip
    for name, value in ours.items():
        golden.compare(f"out.{name}", value, FORWARD)
    _compare_filters(golden, "sd.", generator)
    stages = {**mapping_stages(generator.mapping, z, labels), **synthesis_stages(generator, ws)}
    for name in golden.outputs("act."):
        golden.compare(name, stages[name.removeprefix("act.")], FORWARD)
    _compare_transforms(golden, generator, ws)
    _compare_slopes(golden, generator, official)
    _compare_path_length(golden, generator, official)
    _compare_averages(golden, generator, settings.get("magnitude_ema_beta", 0.999))


def build(settings: Mapping[str, Any], official: Official) -> StyleGAN3Generator:
    """The generator of official keyword arguments, with its weights."""
    generator = spec_of(settings).build()
    assert isinstance(generator, StyleGAN3Generator)
    return load(generator, official)


def singly(generator: StyleGAN3Generator, ws: Tensor, transform: Tensor | None = None) -> Tensor:
    """Every picture drawn by itself, as the window draws."""
    return torch.cat([generator.synthesize(one, transform=transform) for one in ws.split(1)])


def synthesis_stages(generator: StyleGAN3Generator, ws: Tensor) -> dict[str, Tensor]:
    """What every layer makes, and its styles."""
    stages, canvas, names = {}, Canvas(), {layer: name for name, layer in scopes(generator).items()}
    for step in generator.steps():
        layer = step.layer
        assert isinstance(layer, FourierInput | AliasFreeLayer | AliasFreeRGB)
        assert layer.row is not None
        canvas = draw(step, canvas, ws, None)
        style, name = layer.affine(ws[:, layer.row]), names[layer]
        stages[name], stages[f"{name}.affine"] = canvas.features, style
        if isinstance(layer, AliasFreeRGB):
            scaled = style / math.sqrt(style.shape[1])  # as the files record it or not
            stages[name], stages[f"{name}.scaled"] = canvas.picture / layer.scale, scaled
    return stages


def _compare_filters(golden: Golden, prefix: str, generator: StyleGAN3Generator) -> None:
    """The filters that we design, against those in the file."""
    for name, layer in scopes(generator).items():
        if isinstance(layer, AliasFreeLayer):
            for part, filter in designed(layer).items():
                golden.compare(f"{prefix}{name}.{part}", filter, FILTER)


def designed(layer: AliasFreeLayer) -> dict[str, Tensor]:
    """The filters of a layer without the gains that they carry."""
    gain = layer.passage.up * 2**0.25
    return {"up_filter": layer.activation.up.filter / gain, "down_filter": layer.activation.down.filter}


def _compare_transforms(golden: Golden, generator: StyleGAN3Generator, ws: Tensor) -> None:
    """Instead of the model's own transform; and laid over an own one of identity, which must be the same."""
    layer = generator.layers["input"]
    assert isinstance(layer, FourierInput)
    own = layer.transform.clone()
    for name, transform in _transforms().items():
        layer.transform.copy_(transform)
        golden.compare(f"out.input_transform_{name}", layer(Canvas(), ws[:, 0]).features, FORWARD)
        golden.compare(f"out.img_transform_{name}", generator.synthesize(ws), FORWARD)
        layer.transform.copy_(torch.eye(3))
        golden.compare(f"out.img_transform_{name}", singly(generator, ws, transform), FORWARD)
    layer.transform.copy_(own)


def _compare_slopes(golden: Golden, generator: StyleGAN3Generator, official: Official) -> None:
    generator.requires_grad_(True)
    z = golden.read("in.z").clone().requires_grad_()
    ws = generator.broadcast(generator.mapping(z, golden.labels("in.c"))).contiguous()
    pictures = generator.synthesize(ws)
    golden.compare("out.img", pictures, FORWARD)  # the way of training
    loss = (pictures * golden.read("in.grad_out")).sum()
    golden.compare("out.loss_gradtest", loss, SLOPE)
    compare_gradients(golden, "grad.", loss, {**theirs(generator, official), "z": z, "ws": ws})  # type: ignore[dict-item]
    generator.requires_grad_(False)


def _compare_path_length(golden: Golden, generator: StyleGAN3Generator, official: Official) -> None:
    generator.requires_grad_(True)
    ws = generator.broadcast(generator.mapping(golden.read("in.z"), golden.labels("in.c"))).contiguous()
    pictures = generator.synthesize(ws)
    slope = slopes_of(pictures, ws, golden.read("in.pl_noise_raw") / pictures.shape[-1])
    found = lengths(slope)
    before = golden.read("pl.mean_before") if "pl.mean_before" in golden else torch.tensor(MEAN_LENGTH)
    penalty, mean = path_length(found, before)
    ours = {
        "grads_ws": slope,
        "lengths": found,
        "mean_after": mean,
        "penalty": penalty,
        "loss_mean": 2 * penalty.mean(),
    }
    for name, value in ours.items():
        if f"pl.{name}" in golden:
            golden.compare(f"pl.{name}", value, SLOPE)
    if golden.has("plgrad."):
        compare_gradients(golden, "plgrad.", ours["loss_mean"], theirs(generator, official))
    generator.requires_grad_(False)


def _compare_averages(golden: Golden, generator: StyleGAN3Generator, beta: float) -> None:
    """Average w and magnitudes after one step that moves them."""
    with generator.measuring(beta):
        w = generator.mapping(golden.read("in.z"), golden.labels("in.c"))
        generator.mapping.update_average(w, W_AVG_BETA)
        generator.synthesize(generator.broadcast(w))
    golden.compare("ema_after_update.mapping.w_avg", generator.mapping.w_avg, FORWARD)
    for name, layer in scopes(generator).items():
        if not isinstance(layer, FourierInput):
            golden.compare(f"ema_after_update.{name}.magnitude_ema", layer.measure.square, FORWARD)


def check_pickle(golden: Golden) -> None:
    """Tensors and pictures of an official pickle."""
    settings = golden.notes["init_kwargs"]
    golden.variables("sd.augment_pipe.")
    judge = spec_of(settings["G_ema"], settings["D"]).build_discriminator()
    nvidia.load(judge, golden.variables("sd.D."))
    golden.compare("out.D.logits_fp32", judge(golden.read("in.img_D"), golden.labels("in.c_D")), FORWARD)
    for who in ("G", "G_ema"):
        generator = build(settings[who], golden.variables(f"sd.{who}."))
        _compare_filters(golden, f"sd.{who}.", generator)
        labels = golden.labels("in.c")
        ws = generator.broadcast(generator.mapping(golden.read("in.z"), labels))
        short = truncate(ws, generator.mapping.w_avg, 0.7, 3)
        golden.compare(f"out.{who}.ws", ws, FORWARD)
        golden.compare(f"out.{who}.img_noise_const_fp32", generator.synthesize(ws), FORWARD)
        golden.compare(f"out.{who}.img_psi0.7_cutoff3", generator.synthesize(short), FORWARD)
        if f"out.{who}.img_seed5_noise_const_fp32" in golden:
            golden.compare(f"out.{who}.img_seed5_noise_const_fp32", _seeded(golden, generator, labels), FORWARD)
    pixels = to_uint8(golden.tensors["out.G_ema.img_seed5_noise_const_fp32"])
    golden.compare("out.G_ema.img_seed5_uint8_NHWC", pixels.permute(0, 2, 3, 1), EXACT)


def _seeded(golden: Golden, generator: StyleGAN3Generator, labels: Tensor | None) -> Tensor:
    """The picture of seed 5, whose latent numpy draws."""
    z = torch.from_numpy(np.random.RandomState(5).randn(1, generator.z_dim)).float()
    assert torch.equal(z, golden.read("in.z_seed5").float())
    return generator(z, None if labels is None else labels[:1])
