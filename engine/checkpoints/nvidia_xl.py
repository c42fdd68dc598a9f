"""Tensors of the official StyleGAN-XL, as our spec and our names: what its stages are is told by the tensors, not by settings."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, get_args

import msgspec
import torch
from torch import Tensor

from engine.networks import StyleGANXL
from engine.networks.alias_free_layers import designed
from engine.networks.bandlimits import Passage
from engine.networks.superresolution import CRITICAL, FACTORS, Kernel, Rise

from .modules import State, walked
from .nvidia import Official, Settings
from .nvidia3 import FILTERS, PARTS, PLANE
from .places import Place, layout, same

MAPPING = {
    "table": "embed.weight",
    "project.weight": "embed_proj.weight",
    "project.bias": "embed_proj.bias",
}  # ours → theirs
HABITS = {  # official attribute or keyword → our field
    "margin_size": "margin",
    "output_scale": "output_scale",
    "first_cutoff": "first_cutoff",
    "first_stopband": "first_stopband",
    "last_stopband_rel": "last_stopband",
}
USUAL_WIDTHS = ((65536, 1024), (131072, 2048), (32768, 512), (16384, 256))  # base and max of the official program
SMALLEST, DEEPEST = 8, 64


class Told(NamedTuple):
    """What a layer's name and weight say: its number, pixels a side, feature maps that come out, and its convolution."""

    number: int
    size: int
    features: int
    kernel: int
    name: str


def recognises(official: Official, generator: State | None = None) -> bool:
    """Whether a generator is a StyleGAN-XL; one without labels is told by its table of classes or by what grew."""
    if PLANE not in official:
        return False
    table = "mapping.embed.weight" in official and "mapping.embed.bias" not in official
    parts = {} if generator is None else dict(walked(generator))
    grown = any("head_layer_names" in parts.get(prefix, {}) for prefix in ("", "synthesis."))
    return table or grown or "mapping.embed_proj.weight" in official


def spec_of(official: Official, settings: Settings) -> StyleGANXL:
    """Our spec of a generator's tensors; `settings` are what it says of itself beside them.

    Raises ValueError that says what our networks cannot be.
    """
    layers = layers_of(official)
    *body, last = layers
    radial = any(x.ndim == 2 for name, x in official.items() if name.endswith(FILTERS[1]))
    fields: dict[str, Any] = {
        **_mapped(official),
        **{ours: settings[theirs] for theirs, ours in HABITS.items() if theirs in settings},
        "resolution": last.size,
        "channels": last.features,
        "variant": "r" if radial else "t",
        "clamp": settings.get("conv_clamp", 256) or 0.0,
        "widths": tuple(layer.features for layer in body),
        **_filtered(official, body, settings),
    }
    try:
        plain = msgspec.convert({"family": "stylegan-xl", **fields, "widths": ()}, StyleGANXL)
        return _named(_staged(plain, layers, official), fields["widths"], settings)
    except msgspec.ValidationError as error:
        raise ValueError(f"its tensors describe no StyleGAN-XL that is known here: {error}") from None


def layers_of(official: Official) -> list[Told]:
    """All layers in order, toRGB last. Raises ValueError where there are too few."""
    found = []
    for name, weight in official.items():
        match = re.fullmatch(r"synthesis\.(L(\d{1,4})_(\d{1,5})_(\d{1,5}))\.weight", name)
        if match and weight.ndim == 4:
            found.append(Told(int(match[2]), int(match[3]), int(match[4]), weight.shape[-1], match[1]))
    if len(found) <= CRITICAL + 1:
        raise ValueError("it has no synthesis layers such as synthesis.L0_36_1024, so it is no StyleGAN-XL")
    return sorted(found)


def _mapped(official: Official) -> dict[str, Any]:
    """Sizes of the mapping. Raises ValueError that names what is missing."""
    depth = 0
    while f"mapping.fc{depth}.weight" in official:
        depth += 1
    average, first = _matrix(official, "mapping.w_avg"), _matrix(official, "mapping.fc0.weight")
    fields: dict[str, Any] = {"mapping_layers": depth, "w_dim": average.shape[-1], "z_dim": first.shape[-1]}
    if average.ndim == 2:
        rows, features = _matrix(official, "mapping.embed.weight").shape
        project = _matrix(official, "mapping.embed_proj.weight")
        fields |= {"label_size": len(average), "z_dim": len(project), "table_rows": rows, "table_features": features}
    return fields


def _matrix(official: Official, name: str) -> Tensor:
    """A tensor of one axis or two; only the average of w may have one."""
    found = official.get(name)
    if found is None:
        raise ValueError(f"the tensor {name} is missing, which its network needs")
    if found.ndim not in ((1, 2) if name.endswith("w_avg") else (2,)):
        raise ValueError(f"the tensor {name} is {tuple(found.shape)}, where a matrix is needed")
    return found


def _filtered(official: Official, body: Sequence[Told], settings: Settings) -> dict[str, Any]:
    """Taps of a filter for each sample, and how finely the leaky ReLU is sampled: the first layer keeps its rate."""
    found, over = official.get(f"synthesis.{body[0].name}{FILTERS[0]}"), settings.get("lrelu_upsampling", 2)
    if found is None or type(over) is not int or over < 2:
        return {}
    return {"taps": found.numel() // over, "oversampling": over}


def _staged(plain: StyleGANXL, layers: Sequence[Told], official: Official) -> StyleGANXL:
    """The stem and the stages whose layers have these sizes and, if possible, these filters. Raises ValueError."""
    fitting = list(_candidates(plain, layers))
    for spec in fitting:
        if all(_bears(official, name, taps) for name, taps in filters(spec, layers)):
            return spec
    if not fitting:
        raise ValueError("numbers and sizes of its layers are not those of a StyleGAN-XL's stem and stages")
    return fitting[0]


def _candidates(plain: StyleGANXL, layers: Sequence[Told]) -> Iterator[StyleGANXL]:
    """Every stem and stages that make layers of such sizes; only after a stem that grew is a number left out."""
    gap = next((n for n, layer in enumerate(layers) if layer.number != n), None)
    if gap is None:
        yield msgspec.structs.replace(plain, depth=len(layers) - 1, kernel=_kernel(plain, layers[0]))
        return
    if any(layer.number != place + 1 for place, layer in enumerate(layers[gap:], gap)):
        return
    size, depth = SMALLEST, gap + CRITICAL
    while gap and size < plain.resolution and depth <= DEEPEST:
        stem = msgspec.structs.replace(plain, resolution=size, depth=depth, kernel=_kernel(plain, layers[0]))
        if _agrees(stem, layers, gap):
            yield from _grown(stem, plain.resolution, layers)
        size *= 2


def _grown(spec: StyleGANXL, resolution: int, layers: Sequence[Told]) -> Iterator[StyleGANXL]:
    """What becomes of a stem or a stage by all further stages up to a resolution."""
    kept = spec.kept()
    kernel = _kernel(spec, layers[kept])
    for factor in FACTORS:
        reached = spec.resolution * factor
        for depth in range(CRITICAL + 1, len(layers) - kept):
            if reached > resolution or depth > DEEPEST:
                break
            larger = spec.grown(Rise(factor, depth, kernel))
            whole = reached == resolution and depth == len(layers) - kept - 1
            if whole and _agrees(larger, layers, len(layers) - 1):
                yield larger
            elif reached < resolution and _agrees(larger, layers, larger.kept()):
                yield from _grown(larger, resolution, layers)


def _kernel(spec: StyleGANXL, layer: Told) -> Kernel:
    """As a spec says it, 0 for the variant's own. Raises ValueError."""
    if layer.kernel == (1 if spec.variant == "r" else 3):
        return 0
    found: Kernel | None = next((kernel for kernel in get_args(Kernel) if kernel == layer.kernel), None)
    if found is None:
        raise ValueError(f"the kernels of {layer.name} are {layer.kernel} wide, which no StyleGAN-XL has")
    return found


def _agrees(spec: StyleGANXL, layers: Sequence[Told], count: int) -> bool:
    sizes = [passage.target.size for passage in spec.layout().passages[:count]]
    return sizes == [layer.size for layer in layers[:count]]


def _named(spec: StyleGANXL, widths: tuple[int, ...], settings: Settings) -> StyleGANXL:
    """With base and max of feature maps where these tell all widths, with the widths themselves otherwise."""
    said = (settings.get("channel_base"), settings.get("channel_max"))
    for base, most in (said, *USUAL_WIDTHS):
        if type(base) is int and type(most) is int and base > 0 and most > 0:
            usual = msgspec.structs.replace(spec, feature_base=base, feature_max=most)
            if tuple(passage.target.features for passage in usual.layout().passages) == widths:
                return msgspec.convert(msgspec.to_builtins(usual), StyleGANXL)
    return msgspec.convert(msgspec.to_builtins(msgspec.structs.replace(spec, widths=widths)), StyleGANXL)


def scopes(spec: StyleGANXL) -> dict[str, str]:
    """Our layers' names and theirs, which hold a number, the size and the feature maps; a stem that grew leaves a number out."""
    found, stage = {"input": "input"}, spec.layout()
    stem = spec.depth - CRITICAL if spec.stages else len(stage.passages) + 1
    for place, signal in enumerate([*(passage.target for passage in stage.passages), stage.picture]):
        name = "rgb" if place == len(stage.passages) else f"l{place}"
        found[name] = f"L{place + (place >= stem)}_{signal.size}_{signal.features}"
    return found


def theirs(name: str, spec: StyleGANXL, names: dict[str, str] | None = None) -> str:
    """The official name of a tensor of ours; `names` are the layers' `scopes`."""
    scope, _, rest = name.partition(".")
    if scope == "mapping":
        return "mapping." + MAPPING.get(rest, re.sub(r"^dense\.(\d+)\.", r"fc\1.", rest))
    layer, _, part = rest.partition(".")
    return f"synthesis.{(names or scopes(spec))[layer]}.{PARTS.get(part, part)}"


def places(spec: StyleGANXL) -> Iterator[Place]:
    """Where every official tensor of a generator belongs, filters aside."""
    names = scopes(spec)
    for name in layout(spec):
        yield Place(theirs(name, spec, names), name, same)


def weights(official: Official, spec: StyleGANXL) -> dict[str, Tensor]:
    """All but the filters, and but a table of classes that no label asks for.

    Raises ValueError where a filter is not the one that the spec describes.
    """
    for name, taps in filters(spec, layers_of(official)):
        if not _bears(official, name, taps):
            raise ValueError(f"the tensor {name} is missing or not the filter that its network is described with")
    unused = () if spec.label_size else ("mapping.embed.weight",)
    return {name: x for name, x in official.items() if not name.endswith(FILTERS) and name not in unused}


def _bears(official: Official, name: str, filter: Tensor) -> bool:
    found = official.get(name)
    return found is not None and found.shape == filter.shape and torch.allclose(found.float(), filter, atol=1e-6)


def filters(spec: StyleGANXL, layers: Sequence[Told]) -> Iterator[tuple[str, Tensor]]:
    """Every filter that the official layers keep, by its name; one tap is no filter."""
    for passage, layer in zip(spec.layout().passages, layers, strict=False):
        yield from _design(passage, layer.name)


def _design(passage: Passage, name: str) -> Iterator[tuple[str, Tensor]]:
    for part, taps in zip(FILTERS, designed(passage), strict=True):
        if taps.size > 1:
            yield f"synthesis.{name}{part}", torch.from_numpy(taps)
