"""Golden generators: every stage, pictures at every level of detail, truncation, style mixing."""

import re
from copy import deepcopy

from torch import Tensor

from engine.checkpoints.tensorflow import spec_of
from engine.networks import Generator, ProGAN, Spec
from engine.networks.mapping import Mapping
from engine.render.truncation import truncate
from engine.training.mixing import mix_styles

from .golden import CLOSE, PIXEL_NORM, Golden
from .importer import build_generator, companion, compare_conversion
from .situation import draw, situation
from .stages import mapping_stages, synthesis_stages


def check_generator(golden: Golden) -> None:
    """StyleGAN with its mapping, or ProGAN."""
    weights = companion(golden)
    variables, labels = weights.variables("tf/"), golden.labels("in/labels")
    known = {} if labels is None else {"label_size": labels.shape[1]}
    spec = spec_of(variables, settings={**golden.settings, **known})
    generator = build_generator(variables, spec)
    compare_conversion(golden, variables, spec)
    if isinstance(spec, ProGAN):
        _check_plain(golden, generator, spec)
        return
    assert isinstance(generator.mapping, Mapping)
    stages, w = mapping_stages(generator.mapping, golden.read("in/z"), labels)
    second = generator.mapping(golden.read("in/z2"), labels) if "in/z2" in golden else w
    _compare_stages(golden, "map/", {**stages, "w": w, "w2": second})
    ws = golden.read("in/wplus")
    _compare_stages(golden, "syn/", synthesis_stages(generator, spec, ws))
    for name in golden.outputs("img/"):
        asked = situation(name.removeprefix("img/"))
        network = generator if asked.fused is None else build_generator(variables, spec, asked.fused)
        golden.compare(name, draw(network, ws, asked.lod, asked.native), CLOSE)
    _check_truncation(golden, generator, w)
    _check_mixing(golden, generator, w, second)


def _check_plain(golden: Golden, generator: Generator, spec: Spec) -> None:
    ws = generator.broadcast(generator.mapping(golden.read("in/z"), golden.labels("in/labels")))
    stages = {"4x4/pixelnorm": ws[:, 0], **synthesis_stages(generator, spec, ws)}
    _compare_stages(golden, "act/", stages)
    for name in golden.outputs("img/"):
        asked = situation(name.removeprefix("img/"))
        golden.compare(name, draw(generator, ws, asked.lod, asked.native), PIXEL_NORM)


def _compare_stages(golden: Golden, prefix: str, stages: dict[str, Tensor]) -> None:
    for name in golden.outputs(prefix):
        stage = name.removeprefix(prefix)
        if stage in stages:
            golden.compare(name, stages[stage], PIXEL_NORM if prefix == "act/" else CLOSE)


def _check_truncation(golden: Golden, generator: Generator, w: Tensor) -> None:
    """`trunc/(w|img)_psi<psi>_cut<cutoff>` and `trunc/img_none`."""
    assert isinstance(generator.mapping, Mapping)
    for name in golden.outputs("trunc/"):
        ws = generator.broadcast(w)
        if match := re.fullmatch(r"trunc/(?:w|img)_psi([-\d.]+)_cut(\d+)", name):
            ws = truncate(ws, generator.mapping.w_avg, float(match[1]), int(match[2]))
        golden.compare(name, ws if name.startswith("trunc/w_") else draw(generator, ws), CLOSE)


def _check_mixing(golden: Golden, generator: Generator, w: Tensor, second: Tensor) -> None:
    """`mix/(w|img)_cross<crossover>_lod<lod>`, and the average of w after one training step."""
    for name in golden.outputs("mix/"):
        if match := re.fullmatch(r"mix/(w|img)_cross(\d+)_lod([\d.]+)(_native)?", name):
            ws = mix_styles(w, second, int(match[2]), generator.rows)
            ours = ws if match[1] == "w" else draw(generator, ws, float(match[3]), bool(match[4]))
            golden.compare(name, ours, CLOSE)
    if "mix/dlatent_avg_after" in golden:
        mapping = deepcopy(generator.mapping)
        assert isinstance(mapping, Mapping)
        mapping.update_average(w)
        golden.compare("mix/dlatent_avg_after", mapping.w_avg, CLOSE)
