"""Plain state dicts without any description: under the official PyTorch names, or under ours."""

import re
from typing import Any

from torch import Tensor

from engine.networks import ProGAN, Spec, StyleGAN1

from . import nvidia, nvidia3, nvidia_t, nvidia_xl, official, projected
from .card import UNKNOWN_LICENCE, Card
from .file import File
from .held import Held, chosen, recognised
from .places import Place, fill, layout, same

OFFICIAL = re.compile(
    r"synthesis\.(b4\.(const|conv1\.weight)|b8\.input\.freqs|input\.freqs|L0_\d+_\d+\.weight|init\.init\.0\.weight_orig)"
)
OURS = re.compile(r"layers\.(b4_(start|conv|conv1|rgb)|input|l0)\..+")


def recognises(file: File) -> bool:
    return chosen(file, _mine) is not None


def card(file: File) -> Card:
    found = recognised(file, _mine)
    maker = "plain state dict, official names" if _official(found) else "plain state dict"
    return Card(_spec(found), name=file.path.stem, licence=UNKNOWN_LICENCE, made_by=maker)


def tensors(file: File, card: Card) -> dict[str, Tensor]:
    found, spec = recognised(file, _mine), card.network
    if not _official(found):
        return fill(spec, (Place(name, name, same) for name in layout(spec)), found)
    return official.filled(found, spec)


def _mine(one: Held) -> bool:
    return any(OFFICIAL.fullmatch(name) or OURS.fullmatch(name) for name in one)


def _official(found: Held) -> bool:
    return any(OFFICIAL.fullmatch(name) for name in found)


def _spec(found: Held) -> Spec:
    if nvidia_xl.recognises(found):
        return nvidia_xl.spec_of(found, {})
    if nvidia_t.recognises(found):
        return nvidia_t.spec_of(found, {})
    if projected.recognises(found):
        return projected.spec_of(found, {})
    if _official(found):
        return (
            nvidia3.spec_of(nvidia3.told_by(found)) if nvidia3.PLANE in found else nvidia.spec_of(nvidia.told_by(found))
        )
    if "layers.b4_conv1.start" in found:
        named = {nvidia.theirs(name): x for name, x in found.items() if name.startswith(("mapping.", "layers.b"))}
        return nvidia.spec_of(nvidia.told_by(named))
    if "layers.input.freqs" in found:
        raise ValueError("it is a StyleGAN3 without its description, and the names of its tensors do not tell its size")
    return _progressive(found)


def _progressive(found: Held) -> Spec:
    """The sizes of a ProGAN or a StyleGAN. Raises ValueError that names what is missing."""
    sizes = [int(match[1]) for name in found if (match := re.fullmatch(r"layers\.b(\d+)_rgb\.conv\.weight", name))]
    widths = {size: _shape(found, f"layers.b{size}_rgb.conv.weight")[1] for size in sizes}
    if not widths:
        raise ValueError("the tensor layers.b4_rgb.conv.weight is missing, so sizes cannot be told")
    shared: dict[str, Any] = {
        "resolution": max(sizes),
        "channels": _shape(found, f"layers.b{max(sizes)}_rgb.conv.weight")[0],
        "feature_base": max(width * size // 2 for size, width in widths.items()),
        "feature_max": max(widths.values()),
    }
    if "mapping.w_avg" not in found:
        return ProGAN(**shared, z_dim=_shape(found, "layers.b4_start.source.dense.weight")[1])
    depth = len([name for name in found if re.fullmatch(r"mapping\.dense\.\d+\.weight", name)])
    labels = found["mapping.embedding"].shape[0] if "mapping.embedding" in found else 0
    w_dim = found["mapping.w_avg"].shape[0]
    hidden, inputs = _shape(found, "mapping.dense.0.weight") if depth else (w_dim, w_dim)
    return StyleGAN1(
        **shared, label_size=labels, z_dim=inputs // 2 if labels else inputs, w_dim=w_dim, mapping_dim=hidden,
        mapping_layers=depth, constant_input="layers.b4_start.source.const" in found,
        noise="layers.b4_conv.noise.strength" in found, styles="layers.b4_conv.style.affine.weight" in found,
    )  # fmt: skip


def _shape(found: Held, name: str) -> tuple[int, ...]:
    shape = tuple(found[name].shape) if name in found else ()
    if len(shape) < 2:
        raise ValueError(f"the tensor {name} is missing or has too few axes, so sizes cannot be told")
    return shape
