"""Golden StyleGAN-XL generators: mapping with its tables, stem and what it grew, path length, official names and sizes."""

import math
import re
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.checkpoints import nvidia_xl
from engine.networks import Canvas, StyleGANXL
from engine.networks.alias_free_layers import AliasFreeLayer, AliasFreeRGB
from engine.networks.bandlimits import Passage
from engine.networks.class_mapping import ClassMapping
from engine.networks.fourier import FourierInput
from engine.networks.generator import draw
from engine.networks.stylegan1 import one_hot
from engine.networks.stylegan_xl import StyleGANXLGenerator
from engine.render.truncation import nearest, truncate
from engine.training.path_length import lengths, path_length, slopes_of

from .double import InDouble
from .golden import Golden, Tolerance

MAPPED = Tolerance(1e-5, 1e-6)
DRAWN = Tolerance(1e-4, 2e-5)
SLOPE = Tolerance(1e-4)
FILTER = Tolerance(1e-6)
ROUNDING = Tolerance(1e-12)
W_AVG_BETA = 0.998
OF_MANY_CENTRES = 5  # the class whose w the files draw to the nearest of many centres, found by trying all
MAGNITUDE_BETA = 0.999  # of the update that the files hold


def check_mapping(golden: Golden) -> None:
    """ws, truncation to each class's own average, the averages after a step, seeds, the nearest of many centres."""
    settings = golden.settings
    official = {f"mapping.{name}": x for name, x in golden.variables("state/").items()}
    mapping = _mapping(settings, official)
    z, labels, rows = golden.read("in/z"), golden.labels("in/c"), settings["num_ws"]
    w = mapping(z, labels)
    ws, centre = _rows(w, rows), mapping.centre(labels)
    ours = {"w": ws, **{f"w_psi{psi}": truncate(ws, centre, psi) for psi in (0.7, 0)}}
    ours["w_psi0.5_cutoff3"] = truncate(ws, centre, 0.5, 3)
    for name in golden.outputs("out/seed"):
        ours[name.removeprefix("out/")] = _seeded(golden, mapping, name, rows)
    mapping.update_average(w, W_AVG_BETA, labels)
    for name, value in {**ours, "w_avg_after_update": mapping.w_avg}.items():
        golden.compare(f"out/{name}", value, MAPPED)


def _mapping(settings: Any, official: dict[str, Tensor]) -> ClassMapping:
    table = tuple(settings["embedding"])
    sizes = settings["z_dim"], settings["w_dim"], settings["num_layers"], settings["c_dim"]
    mapping = ClassMapping(*sizes, table, settings["lr_multiplier"])
    names = {f"mapping.{name}": nvidia_xl.theirs(f"mapping.{name}", StyleGANXL(), {}) for name in mapping.state_dict()}
    mapping.load_state_dict({ours.removeprefix("mapping."): official[theirs] for ours, theirs in names.items()})
    return mapping.eval().requires_grad_(False)


def _rows(w: Tensor, rows: int) -> Tensor:
    return w.unsqueeze(1).expand(-1, rows, -1)


def _seeded(golden: Golden, mapping: ClassMapping, name: str, rows: int) -> Tensor:
    """What a seed gives: z from numpy, classes from the same seed anew unless one is named."""
    match = re.fullmatch(r"out/seed(\d+)(?:_class(\d+))?(_multimodal)?_psi([\d.]+)", name)
    assert match is not None, name
    count, seed = len(golden.tensors[name]), int(match[1])
    z = torch.from_numpy(np.random.RandomState(seed).randn(count, golden.settings["z_dim"])).float()
    labels = None
    if mapping.label_size:
        drawn = np.random.RandomState(seed).randint(0, mapping.label_size, count)
        one = match[2] or (OF_MANY_CENTRES if match[3] else None)
        classes = drawn if one is None else np.full(count, int(one))
        labels = one_hot(torch.from_numpy(classes).long(), mapping.label_size)
    w = mapping(z, labels)
    centre = nearest(w, golden.read("in/centroids")) if match[3] else mapping.centre(labels)
    return truncate(_rows(w, rows), centre, float(match[4]))


def build(official: dict[str, Tensor]) -> StyleGANXLGenerator:
    """The generator of official tensors alone; its filters are compared with ours on the way."""
    spec = nvidia_xl.spec_of(official, {})
    generator = spec.build()
    assert isinstance(generator, StyleGANXLGenerator)
    found, names = nvidia_xl.weights(official, spec), nvidia_xl.scopes(spec)
    generator.load_state_dict({name: found[nvidia_xl.theirs(name, spec, names)] for name in generator.state_dict()})
    return generator.eval().requires_grad_(False)


def check_generator(golden: Golden) -> None:
    """A stem or what it grew: ws, every layer with its styles, its schedule and filters, pictures, moved averages."""
    official = golden.variables("state/")
    generator = build(official)
    for name, taps in nvidia_xl.filters(generator.spec, nvidia_xl.layers_of(official)):
        golden.compare(f"state/{name}", taps, FILTER)
    ws = generator.broadcast(generator.mapping(golden.read("in/z"), golden.labels("in/c")))
    golden.compare("out/ws", ws, MAPPED)
    golden.compare("out/img", generator.synthesize(ws), DRAWN)
    golden.compare("out/img", torch.cat([generator.synthesize(one) for one in ws.split(1)]), DRAWN)
    stages = synthesis_stages(generator, ws)
    for name in golden.outputs("act/"):
        golden.compare(name, stages[name.removeprefix("act/")], DRAWN)
    _compare_schedule(golden, generator)
    if "out/img_psi0.7" in golden:
        centre = generator.mapping.centre(golden.labels("in/c"))
        golden.compare("out/img_psi0.7", generator.synthesize(truncate(ws, centre, 0.7)), DRAWN)
    if "out/magnitude_ema_after_update" in golden:
        with generator.measuring(MAGNITUDE_BETA):
            generator.synthesize(ws)
        found = [layer.measure.square for layer in _layers(generator).values() if not isinstance(layer, FourierInput)]
        golden.compare("out/magnitude_ema_after_update", torch.stack(found), DRAWN)
    if "head_layers" in golden.settings:
        _compare_growth(golden, generator)


def _layers(generator: StyleGANXLGenerator) -> dict[str, FourierInput | AliasFreeLayer | AliasFreeRGB]:
    """By their official names."""
    found: dict[str, FourierInput | AliasFreeLayer | AliasFreeRGB] = {}
    for name, scope in nvidia_xl.scopes(generator.spec).items():
        layer = generator.layers[name]
        assert isinstance(layer, FourierInput | AliasFreeLayer | AliasFreeRGB)
        found[scope] = layer
    return found


def synthesis_stages(generator: StyleGANXLGenerator, ws: Tensor) -> dict[str, Tensor | None]:
    """What every layer makes, and its styles."""
    stages, canvas = {}, Canvas()
    for step, (name, layer) in zip(generator.steps(), _layers(generator).items(), strict=True):
        assert layer.row is not None
        canvas = draw(step, canvas, ws, None)
        stages[name], stages[f"{name}/styles"] = canvas.features, layer.affine(ws[:, layer.row])
        if isinstance(layer, AliasFreeRGB):
            assert canvas.picture is not None
            stages[name] = canvas.picture / layer.scale
    return stages


def _compare_schedule(golden: Golden, generator: StyleGANXLGenerator) -> None:
    """Every number that the sidecar says of every layer."""
    layers = _layers(generator)
    golden.compare_number("layers", len(layers), len(golden.notes["layers"]))
    for row in golden.notes["layers"][1:]:
        mine = schedule(layers[row["name"]])
        for key, value in row.items():
            if key != "name":
                pairs = zip(np.ravel(mine[key]), np.ravel(value), strict=True)
                for part, (ours, theirs) in enumerate(pairs):
                    golden.compare_number(f"{row['name']}.{key}.{part}", float(ours), float(theirs), ROUNDING)


def schedule(layer: FourierInput | AliasFreeLayer | AliasFreeRGB) -> dict[str, Any]:
    """A layer's numbers under the official names."""
    assert isinstance(layer, AliasFreeLayer | AliasFreeRGB)
    rgb = isinstance(layer, AliasFreeRGB)
    passage = Passage(layer.source, layer.target, 1, layer.target.rate, 1, False) if rgb else layer.passage
    found: dict[str, Any] = {}
    for side, signal in (("in", passage.source), ("out", passage.target)):
        found |= {
            f"{side}_channels": signal.features, f"{side}_size": signal.size, f"{side}_sampling_rate": signal.rate,
            f"{side}_cutoff": signal.cutoff, f"{side}_half_width": signal.half_width,
        }  # fmt: skip
    low, high = passage.padding
    limit = passage.target.rate / 2
    return found | {
        "tmp_sampling_rate": passage.inner, "up_factor": passage.up, "down_factor": passage.down,
        "up_taps": passage.up_taps, "down_taps": passage.down_taps, "padding": [low, high, low, high],
        "conv_kernel": passage.kernel, "torgb": rgb, "radial": passage.radial,
        "critical": math.isclose(passage.target.cutoff, limit),
    }  # fmt: skip


def _compare_growth(golden: Golden, generator: StyleGANXLGenerator) -> None:
    """The same network by growing: rows of ws, names of the layers that are new."""
    settings, spec = golden.settings, generator.spec
    golden.compare_number("num_ws", generator.rows, settings["num_ws"])
    golden.compare_number("factor", spec.stages[-1].factor, settings["up_factor"])
    golden.compare_number("head_layers", spec.stages[-1].layers, settings["head_layers"])
    new = list(_layers(generator))[-len(settings["head_layer_names"]) :]
    golden.compare_number("names", float(new == settings["head_layer_names"]), 1.0)


def check_path_length(golden: Golden) -> None:
    """Path length of the stem, whose weights are in the file beside this one.

    In single precision one sample of the first layer lies on the other side of its leaky ReLU's kink, and gradients by the first
    two rows of ws differ by 1.1e-3; in double precision by 1.5e-6.
    """
    stem = Golden(golden.path.with_name("stem16_t.safetensors"))
    generator = build(stem.variables("state/")).double().requires_grad_(True)
    noise = golden.read("rand/noise_before_scaling").double()
    half, settings = len(noise), golden.settings
    z, labels = golden.read("in/z")[:half].double(), golden.read("in/c")[:half].double()
    with InDouble():
        ws = generator.broadcast(generator.mapping(z, labels)).contiguous()
        slope = slopes_of(generator.synthesize(ws), ws, noise / noise.shape[-1])
        penalty, mean = path_length(lengths(slope), golden.read("in/pl_mean_before").double(), settings["pl_decay"])
        layer = _layers(generator)["L5_36_12"]
        learning: list[nn.Parameter] = [generator.mapping.dense[1].weight, layer.affine.weight]
        slopes = torch.autograd.grad(settings["pl_weight"] * penalty.mean(), learning)
    ours = {
        "pl_grads": slope, "pl_lengths": lengths(slope), "pl_mean_after": mean, "pl_penalty": penalty,
        "grad_mapping_fc1_weight": slopes[0], "grad_L5_affine_weight": slopes[1],
    }  # fmt: skip
    for name, value in ours.items():
        golden.compare(f"out/{name}", value, SLOPE)
