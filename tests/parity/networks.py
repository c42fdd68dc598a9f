"""Golden pairs of generator and discriminator, configurations of StyleGAN, and the networks inside small pickles."""

import re
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from engine.checkpoints.tensorflow import spec_of, spec_of_discriminator
from engine.networks import Generator, StyleGAN1
from engine.networks.mapping import Mapping as StyleMapping
from engine.render.pixels import to_uint8
from engine.render.truncation import truncate

from .golden import CLOSE, EXACT, PIXEL_NORM, Golden
from .importer import build_discriminator, build_generator, compare_conversion
from .situation import draw, judge, situation


def check_pair(golden: Golden) -> None:
    """Weights under `tf/G/` and `tf/D/`; pictures and scores at some levels of detail."""
    variables = {who: golden.variables(f"tf/{who}/") for who in "GD"}
    spec = spec_of(variables["G"], variables["D"], golden.settings)
    for who, own in variables.items():
        compare_conversion(golden, own, spec, f"{who}/")
    generator, discriminator = build_generator(variables["G"], spec), build_discriminator(variables["D"], spec)
    labels = golden.labels("in/labels")
    ws = generator.broadcast(generator.mapping(golden.read("in/z"), labels))
    for name in golden.outputs("img/"):
        golden.compare(name, draw(generator, ws, situation(name.removeprefix("img/")).lod), PIXEL_NORM)
    images = golden.read("in/images")
    for name in golden.outputs("scores/"):
        scores, _ = judge(discriminator, images, None, situation(name.removeprefix("scores/")).lod)
        golden.compare(name, scores, CLOSE)


def check_variants(golden: Golden) -> None:
    """Weights under `<variant>/tf/`, keyword arguments by variant in the sidecar."""
    for variant in sorted({name.split("/")[0] for name in golden.tensors if "/tf/" in name}):
        variables = golden.variables(f"{variant}/tf/")
        settings = golden.settings[variant]
        if f"{variant}/scores" in golden:
            network = build_discriminator(variables, spec_of_discriminator(variables, StyleGAN1, settings))
            golden.compare(f"{variant}/scores", network(golden.read("in/images")), CLOSE)
            continue
        generator = build_generator(variables, spec_of(variables, settings=settings))
        ws = generator.broadcast(generator.mapping(golden.read("in/z")))
        for name in golden.outputs(f"{variant}/"):
            if match := re.fullmatch(r"[^/]+/img_lod([\d.]+)", name):
                golden.compare(name, draw(generator, ws, float(match[1])), CLOSE)
        golden.compare(f"{variant}/w", ws, CLOSE)


def check_pickle(golden: Golden) -> None:
    """What a small official pickle holds under `vars/`, and what the official networks made of it."""
    variables = {who: golden.variables(f"vars/{who}/") for who in ("G", "Gs", "D")}
    spec = spec_of(variables["Gs"], variables["D"], merged(golden.settings))
    scores = build_discriminator(variables["D"], spec)(golden.read("in/images"))
    golden.compare("D/scores", scores, CLOSE)
    tolerance = CLOSE if isinstance(spec, StyleGAN1) else PIXEL_NORM
    for who in ("G", "Gs"):
        generator = build_generator(variables[who], spec)
        for name, ours in _run(generator, golden.read("in/z")).items():
            if f"{who}/{name}" in golden:
                golden.compare(f"{who}/{name}", ours, tolerance)
    _compare_pixels(golden)


def _run(generator: Generator, z: Tensor) -> dict[str, Tensor]:
    """What the official `run` gives; a StyleGAN truncates by psi 0.7 below layer 8 unless asked not to."""
    w = generator.mapping(z)
    ws = generator.broadcast(w)
    picture = generator.synthesize(ws)
    found = {"w": w, "img": picture, "img_psi1": picture}
    if isinstance(generator.mapping, StyleMapping):
        found["img_default"] = generator.synthesize(truncate(ws, generator.mapping.w_avg, 0.7, 8))
    return found


def _compare_pixels(golden: Golden) -> None:
    """8-bit pictures, exactly, from the golden floats: where 127.5 x is nearly a half, the last bit of x decides."""
    floats = golden.tensors["Gs/img_default" if "Gs/img_default" in golden else "Gs/img"]
    for name, ours in (("nchw", to_uint8(floats)), ("nhwc", to_uint8(floats).permute(0, 2, 3, 1))):
        if f"Gs/img_uint8_{name}" in golden:
            golden.compare(f"Gs/img_uint8_{name}", ours, EXACT)


def merged(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Keyword arguments given in parts (common, G, D) as one."""
    return {name: value for part in settings.values() for name, value in part.items()}
