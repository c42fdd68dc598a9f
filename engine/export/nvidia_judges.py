"""A discriminator of StyleGAN2 or 3 as the objects of NVIDIA's code: blocks from the highest resolution down, then the head."""

from torch import Tensor, nn

from engine.checkpoints import nvidia
from engine.networks import StyleGAN2, StyleGAN3
from engine.networks.filters import fir

from .nvidia_parts import HALVES, Code, Kwargs, clamp_of, conv, dense, layers_of, made, mapping, taps_of
from .references import Reference

USUAL_CLAMP = 256  # of StyleGAN3's code; the older one has none


def discriminator(network: nn.Module, spec: StyleGAN2 | StyleGAN3, code: Code) -> Reference:
    """The whole discriminator, as `code` has it."""
    return Judge(network, spec, code).whole()


class Judge:
    """The objects of one discriminator."""

    def __init__(self, network: nn.Module, spec: StyleGAN2 | StyleGAN3, code: Code):
        self.tensors: dict[str, Tensor] = {
            nvidia.theirs(name): x.detach().float().cpu() for name, x in network.state_dict().items()
        }
        self.code, self.spec, self.clamp = code, spec, clamp_of(spec.clamp)
        self.halves = HALVES if self.clamp else 0
        two = spec if isinstance(spec, StyleGAN2) else StyleGAN2()
        self.architecture, self.taps, self.activation = two.judge_architecture, two.taps, two.activation
        self.shared: Kwargs = {"img_channels": spec.channels, "architecture": self.architecture}
        self.shared |= {"conv_clamp": self.clamp}
        self.ends: Kwargs = {"mbstd_group_size": spec.stddev_group or None}
        self.ends |= {} if spec.stddev_features == 1 else {"mbstd_num_channels": spec.stddev_features}
        self.blocks: Kwargs = {"freeze_layers": 0} if code.newer else {}
        self.blocks |= {} if self.taps == nvidia.USUAL_TAPS else {"resample_filter": taps_of(self.taps)}
        unusual = {} if self.activation == "lrelu" else {"activation": self.activation}
        self.blocks |= unusual
        self.ends |= unusual
        self.layers = layers_of(
            spec.judge_mapping_layers,
            usual=8,
            embed_features=(two.judge_embedding, 0),
            layer_features=(two.judge_mapping_dim, 0),
            activation=(self.activation, "lrelu"),
            lr_multiplier=(two.judge_mapping_rate, 0.01),
        )

    def whole(self) -> Reference:
        spec, top = self.spec, self.spec.resolution.bit_length() - 1
        sizes = [2**level for level in range(top, 2, -1)]
        dim = self.tensors["b4.out.weight"].shape[0] if spec.label_size else 0
        parts, first = {}, 0
        for size in sizes:
            parts[f"b{size}"] = self.block(size, first)
            first += parts[f"b{size}"].state["num_layers"]
        if spec.label_size:
            told = {"z_dim": 0, "c_dim": spec.label_size, "w_dim": dim}
            parts["mapping"] = mapping(self.code, self.tensors, told, self.layers, None)
        parts["b4"] = self.head(dim)
        picture = {"img_resolution": spec.resolution, "img_channels": spec.channels}
        attributes: Kwargs = {"c_dim": spec.label_size, "img_resolution": spec.resolution, "img_resolution_log2": top}
        attributes |= {"img_channels": spec.channels, "block_resolutions": sizes}
        kwargs = {**self.settings(), "c_dim": spec.label_size, **picture}
        return made(self.code, "Discriminator", attributes, parts, kwargs=kwargs)

    def settings(self) -> Kwargs:
        """What it is made with, beside labels and pictures."""
        found: Kwargs = {"block_kwargs": self.blocks, "mapping_kwargs": self.layers, "epilogue_kwargs": self.ends}
        widths = self.widths()
        found |= {"channel_base": widths[0], "channel_max": widths[1]}
        found |= {} if self.architecture == "resnet" else {"architecture": self.architecture}
        found |= {"cmap_dim": self.spec.judge_dim} if self.spec.judge_dim else {}
        if not self.code.newer or self.clamp != USUAL_CLAMP:
            found |= {"num_fp16_res": self.halves, "conv_clamp": self.clamp}
        return found

    def widths(self) -> tuple[int, int]:
        """How many feature maps there are times the resolution, and at most."""
        if isinstance(self.spec, StyleGAN3):
            return self.spec.judge_base, self.spec.judge_max
        return self.spec.feature_base, self.spec.feature_max

    def block(self, size: int, first: int) -> Reference:
        """One resolution; `first` is the number of its first layer."""
        place, top = f"b{size}", size == self.spec.resolution
        falling: Kwargs = {"down": 2, "trainable": True, "resample_filter": taps_of(self.taps)}
        ends: Kwargs = {"conv_clamp": self.clamp, "channels_last": False}
        active: Kwargs = {"activation": self.activation}
        parts = {}
        if top or self.architecture == "skip":
            parts["fromrgb"] = self.conv(f"{place}.fromrgb", kwargs={**active, "trainable": True, **ends})
        parts["conv0"] = self.conv(f"{place}.conv0", kwargs={**active, "trainable": True, **ends})
        parts["conv1"] = self.conv(f"{place}.conv1", down=2, kwargs={**active, **falling, **ends})
        if self.architecture == "resnet":
            kwargs = {"bias": False, **falling, "channels_last": False}
            parts["skip"] = conv(self.code, self.tensors, f"{place}.skip", "linear", None, 1, 2, self.taps, kwargs)
        middle, outputs = (self.tensors[f"{place}.{name}.weight"].shape[0] for name in ("conv0", "conv1"))
        inputs, half = 0 if top else middle, bool(self.halves) and size >= max(self.spec.resolution * 2 // 2**HALVES, 8)
        attributes: Kwargs = {
            "in_channels": inputs, "resolution": size, "img_channels": self.spec.channels, "first_layer_idx": first,
            "architecture": self.architecture, "use_fp16": half, "channels_last": False, "num_layers": len(parts),
        }  # fmt: skip
        kwargs = {"resolution": size, "first_layer_idx": first, "use_fp16": half, **self.blocks, **self.shared}
        buffers = {"resample_filter": fir(self.taps)}
        args = (inputs, middle, outputs)
        return made(self.code, "DiscriminatorBlock", attributes, parts, None, buffers, args, kwargs)

    def conv(self, place: str, down: int = 1, kwargs: Kwargs | None = None, clamped: bool = True) -> Reference:
        """A convolution with a bias, its activation and, where it is `clamped`, its clamp."""
        clamp = self.clamp if clamped else None
        return conv(self.code, self.tensors, place, self.activation, clamp, 1, down, self.taps, kwargs)

    def head(self, dim: int) -> Reference:
        """What looks at 4×4 feature maps; `dim` is that of mapped labels, 0 where there are none."""
        features, parts = self.tensors["b4.fc.weight"].shape[0], {}
        active = {"activation": self.activation}
        if self.architecture == "skip":
            parts["fromrgb"] = self.conv("b4.fromrgb", kwargs=active, clamped=False)
        if self.spec.stddev_features:
            compared = {"group_size": self.spec.stddev_group or None, "num_channels": self.spec.stddev_features}
            parts["mbstd"] = made(self.code, "MinibatchStdLayer", compared, kwargs=compared)
        parts["conv"] = self.conv("b4.conv", kwargs={**active, "conv_clamp": self.clamp})
        parts["fc"] = dense(self.code, self.tensors, "b4.fc", self.activation, kwargs=active)
        parts["out"] = dense(self.code, self.tensors, "b4.out")
        sizes: Kwargs = {"cmap_dim": dim, "resolution": 4}
        attributes = {"in_channels": features, **sizes, "img_channels": self.spec.channels}
        attributes |= {"architecture": self.architecture}
        kwargs = {**sizes, **self.ends, **self.shared}
        return made(self.code, "DiscriminatorEpilogue", attributes, parts, args=(features,), kwargs=kwargs)
