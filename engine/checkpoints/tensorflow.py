"""The variables of the official TensorFlow ProGANs and StyleGANs, and where each belongs in our networks."""

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import NamedTuple

from torch import Tensor

from engine.networks import ProGAN, Spec, StyleGAN1

Variables = Mapping[str, Tensor]

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


def to_ours(
    variables: Variables, spec: Spec, fused: bool | None = None, outputs_last: bool | None = None
) -> dict[str, Tensor]:
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


def entries(
    variables: Variables, spec: Spec, fused: bool | None = None, outputs_last: bool | None = None
) -> list[Entry]:
    """Where every variable of a generator or discriminator belongs.

    `fused` says whether up-convolutions ran as transposed ones (None: StyleGAN from 128×128 on, ProGAN by the layer's
    name); `outputs_last` whether a ProGAN's fused kernels are [h, w, in, out] as in StyleGAN's port of it (None: as
    their shapes say, else [h, w, out, in]).
    """
    if is_discriminator(variables):
        return list(_discriminator(spec))
    if isinstance(spec, StyleGAN1):
        return [*_mapping(spec), *_synthesis(spec, "G_synthesis/", "Conv0_up", fused, HWIO_FUSED)]
    named_fused = "8x8/Conv0/weight" not in variables
    if outputs_last is None:
        outputs_last = _outputs_last(variables, spec)
    layout = HWIO_FUSED if outputs_last else HWOI_FUSED
    return list(_synthesis(spec, "", "Conv0_up" if named_fused else "Conv0", named_fused, layout))


def is_discriminator(variables: Variables) -> bool:
    return any(name.startswith("FromRGB_lod") for name in variables)


def spec_of(
    generator: Variables, discriminator: Variables | None = None, settings: Settings = MappingProxyType({})
) -> Spec:
    """The spec of a generator; what only the discriminator beside it can tell is added where there is one.

    `settings` are the official keyword arguments (a pickle's static_kwargs): switches that leave no trace in names and
    shapes. Raises ValueError where our networks cannot be what the variables or settings ask for.
    """
    styled = any(name.startswith("G_synthesis/") for name in generator)
    top, prefix = levels(generator), "G_synthesis/" if styled else ""
    widths = {level: generator[f"{prefix}ToRGB_lod{top - level}/weight"].shape[2] for level in range(2, top + 1)}
    judged = {} if discriminator is None else _judged(discriminator, StyleGAN1 if styled else ProGAN, widths)
    sizes = {
        "resolution": 2**top,
        "channels": generator[f"{prefix}ToRGB_lod0/weight"].shape[3],
        **_features(widths, settings),
        **judged,
        **(_styled(generator) if styled else _plain(generator, judged, settings)),
    }
    return _spec(StyleGAN1 if styled else ProGAN, sizes, settings)


def spec_of_discriminator(
    variables: Variables, family: type[Spec], settings: Settings = MappingProxyType({})
) -> Spec:
    """The spec of a discriminator alone, whose family its variables do not tell; the generator's sizes are defaults."""
    top = levels(variables)
    sizes = {"resolution": 2**top, "channels": variables["FromRGB_lod0/weight"].shape[2]}
    return _spec(family, {**sizes, **_judged(variables, family, {}), **settings_features(settings)}, settings)


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


def _synthesis(spec: Spec, prefix: str, up: str, fused: bool | None, fused_layout: Layout) -> Iterator[Entry]:
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


def _sizes(spec: Spec) -> Iterator[tuple[int, int]]:
    """Level of detail and resolution, from full resolution down to 4×4."""
    for lod in count():
        size = spec.resolution >> lod
        if size < 4:
            return
        yield lod, size
