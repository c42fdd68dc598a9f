"""The variables of the official TensorFlow ProGANs and StyleGANs, and where each belongs in our networks."""

import math
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from torch import Size, Tensor

from engine.networks import ProGAN, Spec, StyleGAN1
from engine.networks.progressive import features_at

Variables = Mapping[str, Tensor]
Settings = Mapping[str, Any]
Switch = bool | None

NOTHING: Settings = MappingProxyType({})
SWITCHES = {  # official keyword argument → field of our specs
    "normalize_latents": "normalize_latents",
    "use_instance_norm": "instance_norm",
    "use_pixel_norm": "pixel_norm",
    "use_wscale": "equalize",
    "mbstd_group_size": "stddev_group",
}
ONLY = {  # keyword arguments of which our networks know one value
    "mapping_lrmul": 0.01,
    "pixelnorm_epsilon": 1e-8,
    "use_pixelnorm": True,
    "use_leakyrelu": True,
    "tanh_at_end": False,
}
FUSED_FROM = 128  # StyleGAN's up-convolutions whose output is at least so large run as transposed ones
PROGRESS = ("lod", "G_synthesis/lod")  # how far training had come; not weights


class Layout(NamedTuple):
    """How an official tensor becomes ours: its axes in our order, then both kernel axes reversed where `flip`.

    A kernel that ran as a transposed convolution is stored the other way round than upsampling followed by a
    convolution sees it.
    """

    axes: tuple[int, ...] = ()
    flip: bool = False

    def ours(self, theirs: Tensor) -> Tensor:
        x = theirs.permute(self.axes) if self.axes else theirs
        return (x.flip(2, 3) if self.flip else x).contiguous()

    def theirs(self, ours: Tensor) -> Tensor:
        x = ours.flip(2, 3) if self.flip else ours
        return (x.permute([self.axes.index(i) for i in range(x.ndim)]) if self.axes else x).contiguous()


COPY = Layout()
MATRIX = Layout((1, 0))  # [in, out] → [out, in]
HWIO = Layout((3, 2, 0, 1))  # [h, w, in, out] → [out, in, h, w]
HWIO_FUSED = Layout((3, 2, 0, 1), flip=True)
HWOI_FUSED = Layout((2, 3, 0, 1), flip=True)  # the ProGAN repository's up-convolutions


class Entry(NamedTuple):
    """One variable: its official name, our name, and how the one becomes the other."""

    theirs: str
    ours: str
    layout: Layout


def to_ours(variables: Variables, spec: Spec, fused: Switch = None, outputs_last: Switch = None) -> dict[str, Tensor]:
    """Our state dict of a generator or a discriminator.

    Raises ValueError naming every variable that is missing or left over. For the two switches see `entries`.
    """
    table = entries(variables, spec, fused, outputs_last)
    expected = {entry.theirs for entry in table}
    missing = sorted(expected - variables.keys())
    left_over = sorted(variables.keys() - expected - set(PROGRESS))
    if missing or left_over:
        raise ValueError(
            f"this is not a {type(spec).__name__} of resolution {spec.resolution}: "
            f"missing {', '.join(missing) or 'nothing'}; left over {', '.join(left_over) or 'nothing'}"
        )
    return {entry.ours: entry.layout.ours(variables[entry.theirs]) for entry in table}


def to_theirs(state: Mapping[str, Tensor], table: list[Entry]) -> dict[str, Tensor]:
    """Tensors under our names (weights, or their gradients) under the official names and in the official layout."""
    return {entry.theirs: entry.layout.theirs(state[entry.ours]) for entry in table}


def entries(variables: Variables, spec: Spec, fused: Switch = None, outputs_last: Switch = None) -> list[Entry]:
    """Where every variable of a generator or discriminator belongs.

    `fused` says whether up-convolutions ran as transposed ones (None: StyleGAN from 128×128 on, ProGAN by the layer's
    name); `outputs_last` whether a ProGAN's fused kernels are [h, w, in, out] as in StyleGAN's port of it (None: as
    their shapes say, else [h, w, out, in]).
    """
    if is_discriminator(variables):
        return list(_discriminator(spec))
    if isinstance(spec, StyleGAN1):
        return [*_mapping(spec), *_synthesis(spec, "G_synthesis/", "Conv0_up", fused, HWIO_FUSED)]
    if not isinstance(spec, ProGAN):
        raise ValueError("these names are those of ProGAN and StyleGAN")
    named_fused = "8x8/Conv0/weight" not in variables
    if outputs_last is None:
        outputs_last = _outputs_last(variables, spec)
    layout = HWIO_FUSED if outputs_last else HWOI_FUSED
    return list(_synthesis(spec, "", "Conv0_up" if named_fused else "Conv0", named_fused, layout))


def is_discriminator(variables: Variables) -> bool:
    return any(name.startswith("FromRGB_lod") for name in variables)


def spec_of(generator: Variables, discriminator: Variables | None = None, settings: Settings = NOTHING) -> Spec:
    """The spec of a generator; what only the discriminator beside it can tell is added where there is one.

    `settings` are the official keyword arguments (a pickle's static_kwargs): switches that leave no trace in names and
    shapes. Raises ValueError where our networks cannot be what variables or settings ask for.
    """
    family = StyleGAN1 if any(name.startswith("G_synthesis/") for name in generator) else ProGAN
    judge = {} if discriminator is None else _judge_sizes(discriminator, family)
    sizes = _styled_sizes(generator) if family is StyleGAN1 else _plain_sizes(generator, judge, settings)
    widths = _widths(generator) | ({} if discriminator is None else _widths(discriminator))
    return _spec(family, {**judge, **sizes, **_features(widths, settings)}, settings)


def spec_of_discriminator(variables: Variables, family: type[Spec], settings: Settings = NOTHING) -> Spec:
    """The spec of a discriminator alone, whose family its variables do not tell; the generator's sizes are defaults."""
    return _spec(family, {**_judge_sizes(variables, family), **_features(_widths(variables), settings)}, settings)


def levels(variables: Variables) -> int:
    """log2 of the resolution, from the largest scope such as 256x256."""
    sizes = [int(size) for name in variables for size in re.findall(r"(?:^|/)(\d+)x\d+/", name)]
    if not sizes:
        raise ValueError("these variables have no layers such as 4x4 or 8x8, so they are no ProGAN and no StyleGAN")
    return max(sizes).bit_length() - 1


def scopes(spec: Spec) -> dict[str, str]:
    """Our synthesis layers → official scopes, toRGB aside, with the up-convolutions named as where they run fused."""
    start = "4x4/Const" if isinstance(spec, StyleGAN1) and spec.constant_input else "4x4/Dense"
    found = {"b4_start": start, "b4_conv": "4x4/Conv"}
    for level in range(3, spec.resolution.bit_length()):
        size = 2**level
        found[f"b{size}_up"], found[f"b{size}_conv"] = f"{size}x{size}/Conv0_up", f"{size}x{size}/Conv1"
    return found


def _outputs_last(variables: Variables, spec: ProGAN) -> bool:
    features = spec.features()
    for level in range(3, len(features)):
        weight = variables.get(f"{2**level}x{2**level}/Conv0_up/weight")
        if weight is not None and weight.shape[2] != weight.shape[3]:
            return weight.shape[3] == features[level]
    return False


def _mapping(spec: StyleGAN1) -> Iterator[Entry]:
    yield Entry("dlatent_avg", "mapping.w_avg", COPY)
    if spec.label_size:
        yield Entry("G_mapping/LabelConcat/weight", "mapping.embedding", COPY)
    for i in range(spec.mapping_layers):
        yield Entry(f"G_mapping/Dense{i}/weight", f"mapping.dense.{i}.weight", MATRIX)
        yield Entry(f"G_mapping/Dense{i}/bias", f"mapping.bias.{i}.bias", COPY)


def _synthesis(spec: Spec, prefix: str, up: str, fused: Switch, fused_layout: Layout) -> Iterator[Entry]:
    noise = isinstance(spec, StyleGAN1) and spec.noise
    styles = isinstance(spec, StyleGAN1) and spec.styles
    for index, (layer, scope) in enumerate(scopes(spec).items()):
        ours, theirs = f"layers.{layer}", prefix + scope.replace("Conv0_up", up)
        size = 2 ** (index // 2 + 2)
        if layer.endswith("_up"):
            transposed = size >= FUSED_FROM if fused is None else fused
            yield Entry(f"{theirs}/weight", f"{ours}.source.weight", fused_layout if transposed else HWIO)
        elif layer != "b4_start":
            yield Entry(f"{theirs}/weight", f"{ours}.source.weight", HWIO)
        elif scope.endswith("Const"):
            yield Entry(f"{theirs}/const", f"{ours}.source.const", COPY)
        else:
            yield Entry(f"{theirs}/weight", f"{ours}.source.dense.weight", MATRIX)
        yield Entry(f"{theirs}/bias", f"{ours}.bias.bias", COPY)
        if noise:
            yield Entry(f"{prefix}noise{index}", f"{ours}.noise.constant", COPY)
            yield Entry(f"{theirs}/Noise/weight", f"{ours}.noise.strength", COPY)
        if styles:
            yield Entry(f"{theirs}/StyleMod/weight", f"{ours}.style.affine.weight", MATRIX)
            yield Entry(f"{theirs}/StyleMod/bias", f"{ours}.style.shift.bias", COPY)
    for lod, size in _sizes(spec):
        yield from _convolution(f"{prefix}ToRGB_lod{lod}", f"layers.b{size}_rgb.conv", f"layers.b{size}_rgb.bias")


def _discriminator(spec: Spec) -> Iterator[Entry]:
    down = "Conv1" if isinstance(spec, ProGAN) and spec.pool_last else "Conv1_down"
    for lod, size in _sizes(spec):
        yield from _convolution(f"FromRGB_lod{lod}", f"from_rgb.b{size}.conv", f"from_rgb.b{size}.bias")
        if size > 4:
            yield from _convolution(f"{size}x{size}/Conv0", f"blocks.b{size}.conv0", f"blocks.b{size}.bias0")
            yield from _convolution(f"{size}x{size}/{down}", f"blocks.b{size}.conv1", f"blocks.b{size}.bias1")
    yield from _convolution("4x4/Conv", "head.conv", "head.bias")
    for i in range(2):
        yield Entry(f"4x4/Dense{i}/weight", f"head.dense{i}.weight", MATRIX)
        yield Entry(f"4x4/Dense{i}/bias", f"head.bias{i}.bias", COPY)


def _convolution(theirs: str, weight: str, bias: str) -> Iterator[Entry]:
    yield Entry(f"{theirs}/weight", f"{weight}.weight", HWIO)
    yield Entry(f"{theirs}/bias", f"{bias}.bias", COPY)


def _sizes(spec: Spec) -> list[tuple[int, int]]:
    """Level of detail and resolution, from full resolution down to 4×4."""
    return [(lod, spec.resolution >> lod) for lod in range(spec.resolution.bit_length() - 2)]


def _shape(variables: Variables, name: str) -> Size:
    if name not in variables:
        raise ValueError(f"this is no ProGAN and no StyleGAN: the variable {name} is missing")
    return variables[name].shape


def _widths(variables: Variables) -> dict[int, int]:
    """Feature maps of the layers at 2^level; level 1 is the discriminator's hidden width."""
    top = levels(variables)
    if is_discriminator(variables):
        found = {level: _shape(variables, f"FromRGB_lod{top - level}/weight")[3] for level in range(2, top + 1)}
        return {1: _shape(variables, "4x4/Dense0/weight")[1], **found}
    prefix = "G_synthesis/" if "G_synthesis/ToRGB_lod0/weight" in variables else ""
    return {level: _shape(variables, f"{prefix}ToRGB_lod{top - level}/weight")[2] for level in range(2, top + 1)}


def _features(widths: Mapping[int, int], settings: Settings) -> dict[str, Any]:
    """Resolution, and the smallest base of nf(s) = min(base / 2^(s · decay), most) with nf(level - 1) = width."""
    decay, most = float(settings.get("fmap_decay", 1.0)), max(widths.values())
    base = math.ceil(max(width * 2.0 ** ((level - 1) * decay) for level, width in widths.items()))
    for level, width in widths.items():
        if features_at(level - 1, base, decay, most) != width:
            raise ValueError(f"layers of widths {list(widths.values())} do not follow min(base / 2^s, most)")
    return {"resolution": 2 ** max(widths), "feature_base": base, "feature_decay": decay, "feature_max": most}


def _styled_sizes(variables: Variables) -> dict[str, Any]:
    """What a StyleGAN generator's names and shapes say."""
    depth = len([name for name in variables if re.fullmatch(r"G_mapping/Dense\d+/weight", name)])
    embedding = variables.get("G_mapping/LabelConcat/weight")
    labels = 0 if embedding is None else embedding.shape[0]
    w_dim = _shape(variables, "dlatent_avg")[0]
    inputs, hidden = _shape(variables, "G_mapping/Dense0/weight") if depth else (w_dim, w_dim)
    return {
        "channels": _shape(variables, "G_synthesis/ToRGB_lod0/weight")[3],
        "label_size": labels,
        "z_dim": inputs // 2 if labels else inputs,
        "w_dim": w_dim,
        "mapping_dim": hidden,
        "mapping_layers": depth,
        "constant_input": "G_synthesis/4x4/Const/const" in variables,
        "noise": "G_synthesis/noise0" in variables,
        "styles": "G_synthesis/4x4/Conv/StyleMod/weight" in variables,
    }


def _plain_sizes(variables: Variables, judge: Settings, settings: Settings) -> dict[str, Any]:
    """What a ProGAN generator says; how much of its input is the label, only settings or discriminator know."""
    labels = int(settings.get("label_size", judge.get("label_size", 0)))
    return {
        "channels": _shape(variables, "ToRGB_lod0/weight")[3],
        "label_size": labels,
        "z_dim": _shape(variables, "4x4/Dense/weight")[0] - labels,
        "pool_last": "8x8/Conv0/weight" in variables,
    }


def _judge_sizes(variables: Variables, family: type[Spec]) -> dict[str, Any]:
    """What a discriminator's names and shapes say."""
    outputs = _shape(variables, "4x4/Dense1/weight")[1]
    sizes = {"channels": _shape(variables, "FromRGB_lod0/weight")[2]}
    statistics = _shape(variables, "4x4/Conv/weight")[2] - _shape(variables, "4x4/Conv/weight")[3]
    if statistics != 1:
        sizes |= {"stddev_features": statistics} if statistics else {"stddev_group": 0}
    if family is StyleGAN1:
        return {**sizes, "label_size": outputs if outputs > 1 else 0}
    pool_last = "8x8/Conv1/weight" in variables
    return {**sizes, "label_size": outputs - 1, "classify": outputs > 1, "pool_last": pool_last}


def _spec(family: type[Spec], sizes: Settings, settings: Settings) -> Spec:
    for name, value in ONLY.items():
        if settings.get(name, value) != value:
            raise ValueError(f"networks with {name} = {settings[name]} instead of {value} are not supported")
    if settings.get("blur_filter", (1, 2, 1)) not in ([1, 2, 1], (1, 2, 1), None, []):
        raise ValueError(f"networks blurred by {settings['blur_filter']} instead of [1, 2, 1] are not supported")
    switches = {ours: settings[theirs] for theirs, ours in SWITCHES.items() if theirs in settings}
    switches["relu"] = settings.get("nonlinearity", "lrelu") == "relu"
    switches["blur"] = bool(settings.get("blur_filter", True))
    known = {name: value for name, value in switches.items() if name in family.__struct_fields__}
    return family(**{**known, **sizes})
