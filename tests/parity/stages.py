"""What our networks compute between input and output, under the official names of the stages."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from torch import Tensor, nn

from engine.checkpoints.tensorflow import scopes
from engine.networks import Canvas, Generator, Spec
from engine.networks.discriminators.progressive import ProgressiveDiscriminator
from engine.networks.layers import EqualizedLinear, downscale
from engine.networks.mapping import Mapping
from engine.networks.progressive import DenseStart, SynthesisLayer

Stages = dict[str, Tensor]


class Recorder:
    """The outputs (or inputs) of modules, in the order of their calls."""

    def __init__(self) -> None:
        self.calls: dict[nn.Module, list[Tensor]] = defaultdict(list)
        self.inputs: dict[nn.Module, Tensor] = {}

    def hook(self, module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor | Canvas) -> None:
        self.calls[module].append(output.features if isinstance(output, Canvas) else output)  # type: ignore[arg-type]
        if isinstance(inputs[0], Tensor):
            self.inputs[module] = inputs[0]


@contextmanager
def recording(network: nn.Module) -> Iterator[Recorder]:
    """Records every submodule while the body runs."""
    recorder = Recorder()
    hooks = [module.register_forward_hook(recorder.hook) for module in network.modules()]
    try:
        yield recorder
    finally:
        for hook in hooks:
            hook.remove()


def mapping_stages(mapping: Mapping, z: Tensor, labels: Tensor | None) -> tuple[Stages, Tensor]:
    """Every stage of StyleGAN's mapping, and w."""
    with recording(mapping) as seen:
        w = mapping(z, labels)
    stages = {"pixelnorm": seen.inputs[mapping.dense[0]] if len(mapping.dense) else w}
    for i, (dense, bias) in enumerate(zip(mapping.dense, mapping.bias, strict=True)):
        stages[f"Dense{i}/dense"] = seen.calls[dense][0]
        stages[f"Dense{i}/bias"] = seen.calls[bias][0]
        stages[f"Dense{i}/lrelu"] = seen.calls[mapping.activation][i]
    return stages, w


def synthesis_stages(generator: Generator, spec: Spec, ws: Tensor) -> Stages:
    """Every stage of every layer at full resolution, and every toRGB."""
    stages = {}
    with recording(generator) as seen:
        generator.synthesize(ws)
    for name, scope in scopes(spec).items():
        layer = generator.layers[name]
        assert isinstance(layer, SynthesisLayer)
        for stage, module in _layer_stages(layer).items():
            if module in seen.calls:
                stages[f"{scope}/{stage}"] = seen.calls[module][0]
    octaves = spec.resolution.bit_length() - 1
    for level in range(2, octaves + 1):
        features = seen.calls[generator.layers[f"b{2**level}_conv"]][0]
        rgb = generator.layers[f"b{2**level}_rgb"]
        stages[f"ToRGB_lod{octaves - level}/conv"] = rgb.conv(features)
        stages[f"ToRGB_lod{octaves - level}/bias"] = rgb(Canvas(features), None).picture
    return stages


def _layer_stages(layer: SynthesisLayer) -> dict[str, nn.Module]:
    start = layer.source
    dense = {"dense": start.dense} if isinstance(start, DenseStart) else {}
    found = {
        **dense, "conv": start, "blur": layer.blur, "noise": layer.noise, "bias": layer.bias,
        "lrelu": layer.activation, "style": layer.style, "out": layer,
        "instnorm" if layer.norm.instance else "pixelnorm": layer.norm,
    }  # fmt: skip
    return {stage: module for stage, module in found.items() if module is not None}


def discriminator_stages(network: ProgressiveDiscriminator, images: Tensor, labels: Tensor | None) -> Stages:
    """Every stage at full resolution, and every fromRGB of the halved pictures."""
    stages = {}
    octaves = network.resolution.bit_length() - 1
    with recording(network) as seen:
        network.judge(images, labels)
        for level in range(octaves - 1, 1, -1):
            network.from_rgb[f"b{2**level}"](downscale(images, 2 ** (octaves - level)))
    for level in range(octaves, 1, -1):
        rgb = network.from_rgb[f"b{2**level}"]
        for stage, module in {"conv": rgb.conv, "bias": rgb.bias, "lrelu": rgb.activation}.items():
            stages[f"FromRGB_lod{octaves - level}/{stage}"] = seen.calls[module][0]
    for name, block in network.blocks.items():
        size = name.removeprefix("b")
        stages |= _convolution_stages(f"{size}x{size}/Conv0", block.conv0, block.bias0, block.activation, 0, seen)
        down = f"{size}x{size}/Conv1" if block.pool_last else f"{size}x{size}/Conv1_down"
        stages |= _convolution_stages(down, block.conv1, block.bias1, block.activation, 1, seen)
        if block.blur is not None:
            stages[f"{down}/blur"] = seen.calls[block.blur][0]
    head = network.head
    stages["4x4/mbstd"] = seen.inputs[head.conv]
    stages |= _convolution_stages("4x4/Conv", head.conv, head.bias, head.activation, 0, seen)
    stages |= _convolution_stages("4x4/Dense0", head.dense0, head.bias0, head.activation, 1, seen)
    stages["4x4/Dense1/dense"] = seen.calls[head.dense1][0]
    stages["4x4/Dense1/bias"] = seen.calls[head.bias1][0]
    return stages


def _convolution_stages(
    scope: str, source: nn.Module, bias: nn.Module, activation: nn.Module, call: int, seen: Recorder
) -> Stages:
    product = "dense" if isinstance(source, EqualizedLinear) else "conv"
    return {
        f"{scope}/{product}": seen.calls[source][0],
        f"{scope}/bias": seen.calls[bias][0],
        f"{scope}/lrelu": seen.calls[activation][call],
    }
