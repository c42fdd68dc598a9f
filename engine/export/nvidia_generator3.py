"""A StyleGAN3 as the objects of NVIDIA's code: the wave plane, alias-free layers, and the mapping before them."""

from torch import Tensor

from engine.checkpoints import nvidia3
from engine.networks import Generator, StyleGAN3
from engine.networks.bandlimits import Passage, Signal, signals

from .nvidia_parts import HALVES, SG3, Kwargs, clamp_of, dense, layers_of, made, mapping
from .references import Reference, whole_numbers

BETA = 0.5 ** (32 / 20_000)  # of the magnitudes' averages, as at the papers' batch of 32
CLAMP = 256
USUAL = {  # official keyword → our field and what the official code takes where nothing is said; as `nvidia3.SIZES`
    **{"num_layers": 14, "num_critical": 2, "first_cutoff": 2.0, "first_stopband": 2.0**2.1},
    **{"last_stopband_rel": 2.0**0.3, "margin_size": 10, "output_scale": 0.25, "filter_size": 6, "lrelu_upsampling": 2},
}
LAYER_KEYWORDS = ("conv_kernel", "use_radial_filters", "conv_clamp", "filter_size", "lrelu_upsampling")


def stylegan3(generator: Generator, spec: StyleGAN3) -> Reference:
    """The whole generator."""
    tensors = {nvidia3.theirs(name, spec): x.detach().float().cpu() for name, x in generator.state_dict().items()}
    sizes = {"z_dim": spec.z_dim, "c_dim": spec.label_size, "w_dim": spec.w_dim}
    picture = {"img_resolution": spec.resolution, "img_channels": spec.channels}
    layers = layers_of(spec.mapping_layers, lr_multiplier=(spec.mapping_rate, 0.01))
    kwargs = settings(spec)
    parts = {
        "synthesis": network(tensors, spec, generator.rows, {"w_dim": spec.w_dim, **picture, **kwargs}),
        "mapping": mapping(SG3, tensors, sizes, layers, generator.rows),
    }
    made_with = {"z_dim": spec.z_dim, "w_dim": spec.w_dim, "mapping_kwargs": layers, **kwargs}
    made_with |= {"c_dim": spec.label_size, **picture}
    return made(SG3, "Generator", {**sizes, **picture, "num_ws": generator.rows}, parts, kwargs=made_with)


def settings(spec: StyleGAN3) -> Kwargs:
    """The keyword arguments of a synthesis network, as far as they are not what the official code takes anyway."""
    given: Kwargs = {"channel_base": spec.feature_base, "channel_max": spec.feature_max, "magnitude_ema_beta": BETA}
    given |= {"conv_kernel": 1, "use_radial_filters": True} if spec.variant == "r" else {}
    given |= {} if spec.clamp == CLAMP else {"conv_clamp": clamp_of(spec.clamp)}
    given |= {} if spec.clamp else {"num_fp16_res": 0}
    fields = {official: getattr(spec, nvidia3.SIZES[official]) for official in USUAL}
    return given | {name: value for name, value in fields.items() if value != USUAL[name]}


def network(tensors: dict[str, Tensor], spec: StyleGAN3, rows: int, kwargs: Kwargs) -> Reference:
    """All that comes after the mapping."""
    names, carried = nvidia3.scopes(spec), signals(spec.limits, spec.channels)
    known = {name: value for name, value in kwargs.items() if name in LAYER_KEYWORDS}
    parts = {"input": plane(tensors, spec.w_dim, carried[0])}
    for number, passage in enumerate(spec.passages()):
        buffers = {part[1:]: tensor for part, tensor in nvidia3.filters_of(passage)}
        critical = number >= spec.depth - spec.critical
        parts[names[f"l{number}"]] = layer(tensors, names[f"l{number}"], spec, passage, critical, buffers, known)
    last = Passage(carried[-2], carried[-1], 1, max(carried[-2].rate, carried[-1].rate), spec.taps, False)
    nothing = dict.fromkeys(part[1:] for part in nvidia3.FILTERS)
    parts[names["rgb"]] = layer(tensors, names["rgb"], spec, last, True, nothing, known, torgb=True)
    attributes: Kwargs = {
        "w_dim": spec.w_dim, "num_ws": rows, "img_resolution": spec.resolution, "img_channels": spec.channels,
        "num_layers": spec.depth, "num_critical": spec.critical, "margin_size": spec.margin,
        "output_scale": spec.output_scale, "num_fp16_res": HALVES if spec.clamp else 0,
        "layer_names": list(parts)[1:],
    }  # fmt: skip
    return made(SG3, "SynthesisNetwork", attributes, parts, kwargs=kwargs)


def plane(tensors: dict[str, Tensor], w_dim: int, first: Signal) -> Reference:
    """What the first layer is given."""
    place, size = "synthesis.input", [first.size, first.size]
    affine = dense(SG3, tensors, f"{place}.affine", kwargs={"weight_init": 0, "bias_init": [1, 0, 0, 0]})
    sizes: Kwargs = {"w_dim": w_dim, "channels": first.features}
    rates = {"sampling_rate": float(first.rate), "bandwidth": first.cutoff}
    buffers = {name: tensors[f"{place}.{name}"] for name in ("transform", "freqs", "phases")}
    attributes = {**sizes, "size": whole_numbers(size), **rates}
    own = {"weight": tensors[f"{place}.weight"]}
    kwargs = {**sizes, "size": first.size, **rates}
    return made(SG3, "SynthesisInput", attributes, {"affine": affine}, own, buffers, kwargs=kwargs)


def layer(
    tensors: dict[str, Tensor],
    name: str,
    spec: StyleGAN3,
    passage: Passage,
    critical: bool,
    filters: dict[str, Tensor | None],
    known: Kwargs,
    torgb: bool = False,
) -> Reference:
    """A layer with its filters, or toRGB, which has none."""
    place, source, target = f"synthesis.{name}", passage.source, passage.target
    half = bool(spec.clamp) and target.rate * 2**HALVES > spec.resolution
    low, high = passage.padding
    before: Kwargs = {
        "w_dim": spec.w_dim, "is_torgb": torgb, "is_critically_sampled": critical, "use_fp16": half,
        "in_channels": source.features, "out_channels": target.features, "in_size": source.size,
        "out_size": target.size, "in_sampling_rate": source.rate, "out_sampling_rate": target.rate,
    }  # fmt: skip
    after: Kwargs = {
        "in_cutoff": source.cutoff, "out_cutoff": target.cutoff, "in_half_width": source.half_width,
        "out_half_width": target.half_width,
    }  # fmt: skip
    sizes = {"in_size": whole_numbers([source.size] * 2), "out_size": whole_numbers([target.size] * 2)}
    attributes: Kwargs = {
        **before, **sizes, "tmp_sampling_rate": passage.inner, **after, "conv_kernel": passage.kernel,
        "conv_clamp": clamp_of(spec.clamp), "magnitude_ema_beta": BETA, "up_factor": passage.up,
        "up_taps": passage.up_taps, "down_factor": passage.down, "down_taps": passage.down_taps,
        "down_radial": passage.radial, "padding": [low, high, low, high],
    }  # fmt: skip
    said = {**before, **after, "magnitude_ema_beta": BETA, **known}
    own = {part: tensors[f"{place}.{part}"] for part in ("weight", "bias")}
    buffers = {"magnitude_ema": tensors[f"{place}.magnitude_ema"], **filters}
    affine = dense(SG3, tensors, f"{place}.affine", kwargs={"bias_init": 1})
    return made(SG3, "SynthesisLayer", attributes, {"affine": affine}, own, buffers, kwargs=said)
