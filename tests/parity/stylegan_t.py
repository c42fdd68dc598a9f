"""Golden StyleGAN-T generators: single layers, the whole network by words or without, official names and sizes."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import TypeVar

import torch
from torch import Tensor, nn

from engine.checkpoints import nvidia_t
from engine.checkpoints.places import fill
from engine.networks import Canvas
from engine.networks.activations import ACTIVATIONS
from engine.networks.filters import Manner
from engine.networks.generator import draw, layer_noise
from engine.networks.modulation import Habit, StyledConv, ToRGB
from engine.networks.stylegan_t import StyleGANTGenerator
from engine.networks.stylegan_t_layers import (
    PairConv,
    ResidualConv,
    SecondOrder,
    SecondOrderConv,
    SecondOrderRGB,
    WaveStart,
)
from engine.render.truncation import truncate

from .golden import Golden, Tolerance
from .projected_names import below

MAPPED = Tolerance(1e-5, 1e-6)
L = TypeVar("L", bound=nn.Module)
GAINS = {"gain_1": 1.0, "gain_sqrt_half": math.sqrt(0.5)}


def tolerance(golden: Golden) -> Tolerance:
    """What the sidecar allows."""
    return Tolerance(golden.notes["tolerance"]["rtol"], golden.notes["tolerance"]["atol"])


def build(official: Mapping[str, Tensor], groups: int = 32) -> StyleGANTGenerator:
    """The generator of official tensors alone."""
    spec = nvidia_t.spec_of(official, {"num_groups": groups})
    generator = spec.build()
    assert isinstance(generator, StyleGANTGenerator)
    generator.load_state_dict(fill(spec, nvidia_t.places(spec), nvidia_t.weights(official, spec)))
    return generator.eval().requires_grad_(False)


def check_generator(golden: Golden) -> None:
    """ws, every layer with its style, blocks and pictures, truncation, noise of every kind, the average after a step."""
    settings = golden.settings
    generator = build(golden.variables("state/"), settings["gn_groups"])
    spec, near = generator.spec, tolerance(golden)
    golden.compare_number("num_ws", generator.rows, settings["num_ws"])
    golden.compare_number("pairs", spec.pairs, settings["num_res_blocks"])
    golden.compare_number("sizes", float(spec.sizes() == settings["block_resolutions"]), 1.0)
    z, text = golden.read("in/z"), golden.labels("in/c")
    w = generator.mapping(z, text)
    ws, centre = generator.broadcast(w), generator.mapping.centre(text)
    golden.compare("out/ws", ws, MAPPED)
    for name in golden.outputs("out/ws_psi"):
        golden.compare(name, truncate(ws, centre, float(name.removeprefix("out/ws_psi"))), MAPPED)
    half = generator.synthesize(truncate(ws, centre, 0.5), "off")
    drawn = {"noise_const": generator.synthesize(ws), "noise_none": generator.synthesize(ws, "off")}
    drawn |= {
        "psi0.5_noise_none": half,
        "noise_const_unfused": torch.cat([generator.synthesize(x) for x in ws.split(1)]),
    }
    for name in golden.outputs("out/img_noise_random"):
        drawn[name.removeprefix("out/img_")] = with_noise(generator, ws, noises(golden))
    for name in golden.outputs("out/img"):
        golden.compare(name, drawn[name.removeprefix("out/img_")], near)
    stages = synthesis_stages(generator, ws)
    for name in golden.outputs("act/"):
        golden.compare(name, stages[name.removeprefix("act/")], near)
    generator.mapping.update_average(w)
    golden.compare("out/x_avg_after_training_forward", generator.mapping.w_avg, MAPPED)


def noises(golden: Golden) -> Iterator[Tensor]:
    """The recorded draws in the order of the layers."""
    for name in sorted(golden.outputs("rand/"), key=lambda one: [int(number) for number in re.findall(r"\d+", one)]):
        yield golden.read(name)


def with_noise(generator: StyleGANTGenerator, ws: Tensor, given: Iterator[Tensor]) -> Tensor:
    """The picture where each layer's noise is the next one given."""
    canvas = Canvas()
    for step in generator.steps():
        noise = None if step.layer.constant_noise is None else next(given)
        canvas = draw(step, canvas, ws, noise)
    assert next(given, None) is None
    assert canvas.picture is not None
    return canvas.picture


def official_name(layer: str) -> str:
    """b8.convs1.0 and the like."""
    part = "weight" if layer == "input" else "affine.weight"
    found = nvidia_t.theirs(f"layers.{layer}.{part}").removeprefix("synthesis.")
    return found.removesuffix(".weight").removesuffix(".affine.proj")


def synthesis_stages(generator: StyleGANTGenerator, ws: Tensor) -> dict[str, Tensor]:
    """What every layer makes with constant noise, its style, and what every block leaves."""
    stages: dict[str, Tensor] = {}
    canvas = Canvas()
    for step in generator.steps():
        layer, name = step.layer, official_name(step.name)
        assert layer.row is not None
        canvas = draw(step, canvas, ws, layer_noise(layer, ws, "const", None))
        assert canvas.features is not None
        stages[name] = canvas.features
        if isinstance(layer, StyledConv | ToRGB):
            stages[f"{name}.styles"] = layer.affine(ws[:, layer.row])
        if isinstance(layer, ToRGB):
            block = name.split(".")[0]
            stages[name] = layer.color(canvas.features, layer.affine(ws[:, layer.row]))
            assert canvas.picture is not None
            stages[f"{block}.x"], stages[f"{block}.img"] = canvas.features, canvas.picture
    return stages


def check_layers(golden: Golden) -> None:
    """Each kind of layer by itself, with both gains that a network has."""
    settings, near, w = golden.settings, tolerance(golden), golden.read("in/w")
    habit = Habit(settings["w_dim"], Manner(clamp=256.0))
    official = golden.variables("state/")
    (inputs, outputs, size) = settings["up"]
    plain, residual = settings["plain"], settings["residual"]
    layers: dict[str, StyledConv] = {
        "plain": PairConv(0, plain[2], plain[0], habit),
        "up": SecondOrderConv(0, size, inputs, outputs, habit, up=2),
        "residual": ResidualConv(0, residual[2], residual[0], habit),
    }
    for name, layer in layers.items():
        x = golden.read(f"in/x_{name}")
        filled(layer, below(official, f"{name}/"))
        for suffix, gain in GAINS.items():
            with_gain(layer, gain)
            y = layer(Canvas(x), w, layer.constant_noise).features
            assert y is not None
            golden.compare(f"out/{name}_{suffix}", y, near)
        golden.compare(f"out/{name}_styles", layer.affine(w), near)
        if isinstance(layer, ResidualConv):
            golden.compare("out/residual_groupnorm", layer.normalized(x), near)
    rgb = filled(SecondOrderRGB(0, 16, settings["torgb"][0], settings["torgb"][1], habit), below(official, "torgb/"))
    golden.compare("out/torgb", rgb.color(golden.read("in/x_torgb"), rgb.affine(w)), near)
    split = SecondOrder(*settings["split"])
    split.load_state_dict(below(official, "split/proj."))
    golden.compare("out/split", split(w), near)
    start = filled(WaveStart(settings["w_dim"], settings["input"]["channels"]), below(official, "input/"))
    features = start(Canvas(), w).features
    assert features is not None
    golden.compare("out/input", features, near)


def with_gain(layer: StyledConv, gain: float) -> None:
    """Another gain of what the convolution makes; the networks have one for each kind."""
    layer.before, layer.after = ACTIVATIONS["lrelu"].gains(gain)
    layer.clamp = 256.0 * gain


def filled(layer: L, official: Mapping[str, Tensor]) -> L:
    """A layer with official weights."""
    state = {}
    for name, mine in layer.state_dict().items():
        state[name] = official[name if isinstance(layer, WaveStart) else nvidia_t.PARTS.get(name, name)].reshape(
            mine.shape
        )
    layer.load_state_dict(state)
    return layer.requires_grad_(False)
