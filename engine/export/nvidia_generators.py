"""A StyleGAN2 as the objects of NVIDIA's code: synthesis blocks of modulated convolutions, and the mapping before them."""

import math
from typing import Any

from torch import Tensor

from engine.checkpoints import nvidia
from engine.networks import Generator, StyleGAN2
from engine.networks.filters import fir

from .nvidia_parts import ADA, GAINS, HALVES, Kwargs, clamp_of, conv, dense, layers_of, made, mapping, taps_of
from .references import Reference

CODE = ADA
ONES = {"bias_init": 1}  # styles begin as 1


def stylegan2(generator: Generator, spec: StyleGAN2) -> Reference:
    """The whole generator."""
    tensors = {nvidia.theirs(name): x.detach().float().cpu() for name, x in generator.state_dict().items()}
    sizes = {"z_dim": spec.z_dim, "c_dim": spec.label_size, "w_dim": generator.w_dim}
    picture = {"img_resolution": spec.resolution, "img_channels": spec.channels}
    layers = layers_of(
        spec.mapping_layers,
        embed_features=(spec.embedding, 0),
        layer_features=(spec.mapping_dim, 0),
        activation=(spec.mapping_activation, "lrelu"),
        lr_multiplier=(spec.mapping_rate, 0.01),
    )
    inside = Synthesis(tensors, spec, generator.w_dim, generator.rows)
    parts = {"synthesis": inside.network(), "mapping": mapping(CODE, tensors, sizes, layers, generator.rows)}
    made_with = {"z_dim": spec.z_dim, "w_dim": generator.w_dim, "mapping_kwargs": layers}
    made_with |= {"synthesis_kwargs": inside.kwargs, "c_dim": spec.label_size, **picture}
    return made(CODE, "Generator", {**sizes, **picture, "num_ws": generator.rows}, parts, kwargs=made_with)


class Synthesis:
    """The objects of a synthesis network, from tensors under official names."""

    def __init__(self, tensors: dict[str, Tensor], spec: StyleGAN2, w_dim: int, rows: int):
        self.tensors, self.spec, self.w_dim, self.rows = tensors, spec, w_dim, rows
        self.clamp = clamp_of(spec.clamp)
        self.halves = HALVES if self.clamp else 0
        usual = {"use_noise": (spec.noise, True), "activation": (spec.activation, "lrelu")}
        self.styled: Kwargs = {name: value for name, (value, normal) in usual.items() if value != normal}
        self.blocks: Kwargs = {"conv_clamp": self.clamp}
        self.blocks |= {"architecture": spec.architecture} if spec.architecture != "skip" else {}
        self.blocks |= {"resample_filter": taps_of(spec.taps)} if spec.taps != nvidia.USUAL_TAPS else {}
        self.blocks |= self.styled

    @property
    def kwargs(self) -> Kwargs:
        """What all of it is made with."""
        widths = {"channel_base": self.spec.feature_base, "channel_max": self.spec.feature_max}
        return {**widths, "num_fp16_res": self.halves, **self.blocks}

    def network(self) -> Reference:
        sizes = [2**level for level in range(2, self.spec.resolution.bit_length())]
        picture = {"img_resolution": self.spec.resolution, "img_channels": self.spec.channels}
        attributes: Kwargs = {"w_dim": self.w_dim, "img_resolution": self.spec.resolution}
        attributes |= {"img_resolution_log2": sizes[-1].bit_length() - 1, "img_channels": self.spec.channels}
        attributes |= {"block_resolutions": sizes, "num_ws": self.rows}
        parts = {f"b{size}": self.block(size) for size in sizes}
        return made(CODE, "SynthesisNetwork", attributes, parts, kwargs={"w_dim": self.w_dim, **picture, **self.kwargs})

    def block(self, size: int) -> Reference:
        spec, place, last = self.spec, f"synthesis.b{size}", size == self.spec.resolution
        convs = ["conv1"] if size == 4 else ["conv0", "conv1"]
        parts = {name: self.layer(f"{place}.{name}", size, 2 if name == "conv0" else 1) for name in convs}
        if last or spec.architecture == "skip":
            parts["torgb"] = self.rgb(f"{place}.torgb")
        if size > 4 and spec.architecture == "resnet":
            kwargs = {"bias": False, "up": 2, "resample_filter": taps_of(spec.taps), "channels_last": False}
            parts["skip"] = conv(CODE, self.tensors, f"{place}.skip", "linear", None, 2, 1, spec.taps, kwargs)
        inputs, half = 0 if size == 4 else spec.features()[size.bit_length() - 2], self.half(size)
        attributes: Kwargs = {
            "in_channels": inputs, "w_dim": self.w_dim, "resolution": size, "img_channels": spec.channels,
            "is_last": last, "architecture": spec.architecture, "use_fp16": half, "channels_last": False,
            "num_conv": len(convs), "num_torgb": int("torgb" in parts),
        }  # fmt: skip
        kwargs = {"w_dim": self.w_dim, "resolution": size, "img_channels": spec.channels, "is_last": last}
        kwargs |= {"use_fp16": half, **self.blocks}
        own = {"const": self.tensors[f"{place}.const"]} if size == 4 else {}
        buffers = {"resample_filter": fir(spec.taps)}
        args = (inputs, spec.features()[size.bit_length() - 1])
        return made(CODE, "SynthesisBlock", attributes, parts, own, buffers, args, kwargs)

    def half(self, size: int) -> bool:
        """Whether a block computes in half precision."""
        return bool(self.halves) and size >= max(self.spec.resolution * 2 // 2**self.halves, 8)

    def layer(self, place: str, size: int, up: int) -> Reference:
        spec = self.spec
        weight, affine = self.tensors[f"{place}.weight"], dense(CODE, self.tensors, f"{place}.affine", kwargs=ONES)
        attributes: Kwargs = {
            "resolution": size, "up": up, "use_noise": spec.noise, "activation": spec.activation,
            "conv_clamp": self.clamp, "padding": weight.shape[-1] // 2, "act_gain": GAINS.get(spec.activation, 1),
        }  # fmt: skip
        own, buffers = {"weight": weight}, {"resample_filter": fir(spec.taps if up > 1 else nvidia.USUAL_TAPS)}
        if spec.noise:
            own["noise_strength"] = self.tensors[f"{place}.noise_strength"]
            buffers["noise_const"] = self.tensors[f"{place}.noise_const"][0, 0]
        own["bias"] = self.tensors[f"{place}.bias"]
        rising: Kwargs = {"up": 2, "resample_filter": taps_of(spec.taps)} if up > 1 else {}
        kwargs = {"w_dim": self.w_dim, "resolution": size, **rising, "conv_clamp": self.clamp, "channels_last": False}
        args = (weight.shape[1], weight.shape[0])
        return made(
            CODE, "SynthesisLayer", attributes, {"affine": affine}, own, buffers, args, {**kwargs, **self.styled}
        )

    def rgb(self, place: str) -> Reference:
        weight = self.tensors[f"{place}.weight"][..., None, None]
        attributes: dict[str, Any] = {"conv_clamp": self.clamp, "weight_gain": 1 / math.sqrt(weight.shape[1])}
        own = {"weight": weight, "bias": self.tensors[f"{place}.bias"]}
        affine = dense(CODE, self.tensors, f"{place}.affine", kwargs=ONES)
        kwargs = {"w_dim": self.w_dim, "conv_clamp": self.clamp, "channels_last": False}
        args = (weight.shape[1], weight.shape[0])
        return made(CODE, "ToRGBLayer", attributes, {"affine": affine}, own, args=args, kwargs=kwargs)
