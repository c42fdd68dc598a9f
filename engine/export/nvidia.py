"""A StyleGAN2 as a pickle that NVIDIA's own scripts open where stylegan2-ada-pytorch is installed; no source of theirs is in it.

Their own files bring their program's text along and run it. This one only names the classes of `training.networks` and gives
each object its attributes, as pickles do with any class, so that it opens where those classes can be imported: start Python in
the folder of stylegan2-ada-pytorch, then `legacy.load_network_pkl(file)["G_ema"]`, or any of its scripts with `--network`. The
discriminator that their loader asks for is an empty torch.nn.Identity; half precision is off.
"""

import math
import pickle
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from torch import Tensor, nn

from engine.checkpoints import nvidia
from engine.networks import Generator, StyleGAN2
from engine.networks.filters import fir
from engine.whole import whole

MODULE = "training.networks"
PROTOCOL = 4
RATE_OF_AVERAGE = 0.995
SAVE: Callable[..., None] = vars(pickle._Pickler)["save"]  # the standard library's own, which its stubs do not know


class Reference:
    """An object of a class that is only named: made without a call, then given its attributes."""

    def __init__(self, place: str, name: str, state: dict[str, Any]):
        self.place, self.name, self.state = place, name, state


class Writer(pickle._Pickler):
    """A pickler that writes a `Reference` without importing what it names."""

    memo: dict[int, tuple[int, Any]]
    write: Callable[[bytes], Any]
    get: Callable[[int], bytes]
    memoize: Callable[[Any], None]

    def save(self, obj: Any, save_persistent_id: bool = True) -> None:
        if type(obj) is not Reference:
            SAVE(self, obj, save_persistent_id)
            return
        if id(obj) in self.memo:
            self.write(self.get(self.memo[id(obj)][0]))
            return
        SAVE(self, obj.place)
        SAVE(self, obj.name)
        self.write(pickle.STACK_GLOBAL + pickle.EMPTY_TUPLE + pickle.NEWOBJ)
        self.memoize(obj)
        SAVE(self, obj.state)
        self.write(pickle.BUILD)


def write(path: Path, generator: Generator) -> None:
    """Raises ValueError in one sentence for a network that the format has no place for, and OSError."""
    spec = getattr(generator, "spec", None)
    if not isinstance(spec, StyleGAN2) or spec.architecture == "resnet":
        kind = "resnet StyleGAN2s" if isinstance(spec, StyleGAN2) else f"the family {type(spec).__name__}"
        raise ValueError(f"NVIDIA pickles are not written for {kind} yet; write safetensors instead")
    with whole(path) as temporary, temporary.open("wb") as file:
        _dump(file, _snapshot(_Official(generator, spec)))


def _dump(file: BinaryIO, content: Any) -> None:
    Writer(file, PROTOCOL).dump(content)


def _snapshot(official: "_Official") -> dict[str, Any]:
    generator = official.generator()
    judge = Reference("torch.nn.modules.linear", "Identity", dict(nn.Identity().eval().__dict__))
    return {"training_set_kwargs": {}, "G": generator, "D": judge, "G_ema": generator, "augment_pipe": None}


class _Official:
    """Makes the objects of one generator, with the attributes that those of NVIDIA's files have."""

    def __init__(self, generator: Generator, spec: StyleGAN2):
        ours = {name: tensor.detach().float().cpu() for name, tensor in generator.state_dict().items()}
        self.tensors = {nvidia.theirs(name): tensor for name, tensor in ours.items()}
        self.spec, self.w_dim, self.rows = spec, generator.w_dim, generator.rows
        self.clamp = spec.clamp or None
        self.filter = fir(spec.taps)

    def generator(self) -> Reference:
        spec = self.spec
        sizes = {"z_dim": spec.z_dim, "c_dim": spec.label_size, "w_dim": self.w_dim}
        picture = {"img_resolution": spec.resolution, "img_channels": spec.channels}
        widths = {"channel_base": spec.feature_base, "channel_max": spec.feature_max}
        synthesis: dict[str, Any] = {
            **widths,
            "num_fp16_res": 0,
            "conv_clamp": self.clamp,
            "architecture": spec.architecture,
        }
        synthesis |= {"resample_filter": list(spec.taps), "use_noise": spec.noise, "activation": spec.activation}
        layers: dict[str, Any] = {"num_layers": spec.mapping_layers, "activation": spec.mapping_activation}
        layers |= {"lr_multiplier": spec.mapping_rate, "embed_features": spec.embedding or None}
        layers |= {"layer_features": spec.mapping_dim or None}
        kwargs = {**sizes, **picture, "mapping_kwargs": layers, "synthesis_kwargs": synthesis}
        parts = {"synthesis": self.synthesis(picture), "mapping": self.mapping(sizes)}
        return self.made("Generator", {**sizes, **picture, "num_ws": self.rows}, parts, kwargs=kwargs)

    def mapping(self, sizes: dict[str, int]) -> Reference:
        spec, parts = self.spec, {}
        if spec.label_size:
            parts["embed"] = self.dense("mapping.embed", "linear")
        for number in range(spec.mapping_layers):
            parts[f"fc{number}"] = self.dense(f"mapping.fc{number}", spec.mapping_activation, spec.mapping_rate)
        attributes = {**sizes, "num_ws": self.rows, "num_layers": spec.mapping_layers, "w_avg_beta": RATE_OF_AVERAGE}
        return self.made("MappingNetwork", attributes, parts, buffers={"w_avg": self.tensors["mapping.w_avg"]})

    def synthesis(self, picture: dict[str, int]) -> Reference:
        levels = range(2, self.spec.resolution.bit_length())
        parts = {f"b{2**level}": self.block(2**level) for level in levels}
        attributes: dict[str, Any] = {"w_dim": self.w_dim, **picture, "num_ws": self.rows}
        attributes |= {"img_resolution_log2": levels[-1], "block_resolutions": [2**level for level in levels]}
        return self.made("SynthesisNetwork", attributes, parts)

    def block(self, size: int) -> Reference:
        spec, place, last = self.spec, f"synthesis.b{size}", size == self.spec.resolution
        convs = ["conv1"] if size == 4 else ["conv0", "conv1"]
        parts = {name: self.layer(f"{place}.{name}", size, 2 if name == "conv0" else 1) for name in convs}
        if last or spec.architecture == "skip":
            parts["torgb"] = self.rgb(f"{place}.torgb")
        attributes = {
            "in_channels": 0 if size == 4 else spec.features()[size.bit_length() - 2], "w_dim": self.w_dim,
            "resolution": size, "img_channels": spec.channels, "is_last": last, "architecture": spec.architecture,
            "use_fp16": False, "channels_last": False, "num_conv": len(convs), "num_torgb": int("torgb" in parts),
        }  # fmt: skip
        const = {"const": self.tensors[f"{place}.const"]} if size == 4 else {}
        return self.made("SynthesisBlock", attributes, parts, const, {"resample_filter": self.filter})

    def layer(self, place: str, size: int, up: int) -> Reference:
        gain = {"linear": 1.0}.get(self.spec.activation, math.sqrt(2))
        attributes = {
            "resolution": size, "up": up, "use_noise": self.spec.noise, "activation": self.spec.activation,
            "conv_clamp": self.clamp, "padding": 1, "act_gain": gain,
        }  # fmt: skip
        own = {name: self.tensors[f"{place}.{name}"] for name in ("weight", "bias")}
        buffers = {"resample_filter": self.filter}
        if self.spec.noise:
            own["noise_strength"] = self.tensors[f"{place}.noise_strength"]
            buffers["noise_const"] = self.tensors[f"{place}.noise_const"][0, 0]
        return self.made("SynthesisLayer", attributes, {"affine": self.dense(f"{place}.affine")}, own, buffers)

    def rgb(self, place: str) -> Reference:
        weight = self.tensors[f"{place}.weight"][..., None, None]
        attributes = {"conv_clamp": self.clamp, "weight_gain": 1 / math.sqrt(weight.shape[1])}
        own = {"weight": weight, "bias": self.tensors[f"{place}.bias"]}
        return self.made("ToRGBLayer", attributes, {"affine": self.dense(f"{place}.affine")}, own)

    def dense(self, place: str, activation: str = "linear", rate: float = 1.0) -> Reference:
        own = {name: self.tensors[f"{place}.{name}"] for name in ("weight", "bias")}
        gain = rate / math.sqrt(own["weight"].shape[1])
        return self.made(
            "FullyConnectedLayer", {"activation": activation, "weight_gain": gain, "bias_gain": rate}, own=own
        )

    def made(
        self,
        name: str,
        attributes: Mapping[str, Any],
        parts: Mapping[str, Reference] | None = None,
        own: Mapping[str, Tensor] | None = None,
        buffers: Mapping[str, Tensor] | None = None,
        kwargs: Mapping[str, Any] | None = None,
    ) -> Reference:
        """An object with what every torch module has, and its own."""
        state = {
            **nn.Module().eval().__dict__,
            "_parameters": {name: nn.Parameter(x.contiguous().clone(), False) for name, x in (own or {}).items()},
            "_buffers": {name: x.contiguous().clone() for name, x in (buffers or {}).items()},
            "_modules": dict(parts or {}),
            **attributes,
            "_init_args": (),
            "_init_kwargs": dict(kwargs or {}),
        }
        return Reference(MODULE, name, state)
