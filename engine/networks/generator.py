"""What every family has in common: a mapping, and layers folded over a canvas."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn


class Canvas(NamedTuple):
    """What passes from layer to layer: features, the picture so far, and earlier maps that later layers need."""

    features: Tensor | None = None
    picture: Tensor | None = None
    kept: tuple[Tensor, ...] = ()


class Layer(nn.Module):
    """One step of synthesis: canvas and style in, canvas out. The canvas that comes in is never written to.

    `row` is the row of ws that it reads (None: it reads no style), `resolution` that of what it draws and
    `constant_noise` [1, 1, H, W] the model's own noise, None where the layer has no noise input. A layer that `transforms`
    heeds the transform [3, 3] that a canvas keeps, and so moves and turns what is drawn.
    """

    row: int | None = None
    resolution: int = 0
    transforms: bool = False

    @property
    def constant_noise(self) -> Tensor | None:
        return None

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        """`w` [N, w_dim]; `noise` [N or 1, 1, H, W] already at its strength; `strength` scales the style (1: as trained)."""
        raise NotImplementedError


class Step(NamedTuple):
    """A layer in its place: its name, itself, and for toRGB layers how far the picture is still the lower one's (fade-in)."""

    name: str
    layer: Layer
    fade: float = 0.0


class Generator(nn.Module):
    """A mapping and ordered layers. Subclasses say which of their layers a level of detail needs.

    z [N, z_dim] (and labels [N, label_size], or features of texts [N, text_size]) → mapping → ws [N, rows, w_dim] → layers →
    picture [N, channels, H, W] in [-1, 1].
    `lod` is the level of detail of progressive growing: 0 is full resolution, each unit halves it.
    """

    mapping: nn.Module
    layers: nn.ModuleDict
    z_dim: int
    w_dim: int
    label_size: int
    resolution: int
    channels: int
    text_size: int = 0  # numbers of the feature of a text that takes the place of labels; 0: it knows no words
    encoder: str = ""  # the network that made the features of texts in training
    has_w: bool = True  # False: there is no W to mix in, latents blend in Z
    lod: float = 0.0

    @property
    def rows(self) -> int:
        """How many rows of ws the layers read."""
        return 1 + max((layer.row for layer in self.named_layers().values() if layer.row is not None), default=0)

    def named_layers(self) -> Mapping[str, Layer]:
        """All layers by name, in order."""
        return cast(Mapping[str, Layer], self.layers)

    def steps(self) -> Sequence[Step]:
        """The layers that draw the picture at the present level of detail, in order."""
        return [Step(name, layer) for name, layer in self.named_layers().items()]

    def levels(self) -> Mapping[int, int]:
        """Where on the way the picture can be told already, in a lower resolution: after how many steps, and in which.

        The canvas then holds features of that resolution. Families that do not draw one resolution after the other have none.
        """
        return {}

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """The picture of z with constant noise and no truncation, [N, channels, H, W]."""
        return self.synthesize(self.broadcast(self.mapping(z, labels)))

    def broadcast(self, w: Tensor) -> Tensor:
        """[N, w_dim] → ws [N, rows, w_dim]."""
        return w.unsqueeze(1).expand(-1, self.rows, -1)

    def synthesize(self, ws: Tensor, noise: str = "const", generator: torch.Generator | None = None) -> Tensor:
        """ws [N, rows, w_dim] → picture; `noise` is "const", "off" or "random" (one draw per picture, from `generator`)."""
        canvas = Canvas()
        for step in self.steps():
            canvas = draw(step, canvas, ws, layer_noise(step.layer, ws, noise, generator))
        assert canvas.picture is not None
        return canvas.picture


def draw(step: Step, canvas: Canvas, ws: Tensor, noise: Tensor | None, strength: float = 1.0) -> Canvas:
    """One layer over the canvas; while a resolution fades in, its picture is mixed with the doubled lower one."""
    layer = step.layer
    after = layer(canvas, None if layer.row is None else ws[:, layer.row], noise, strength)
    if step.fade and canvas.picture is not None:
        lower = canvas.picture.repeat_interleave(2, 2).repeat_interleave(2, 3)
        return after._replace(picture=torch.lerp(after.picture, lower, step.fade))
    return after


def layer_noise(layer: Layer, ws: Tensor, mode: str, generator: torch.Generator | None) -> Tensor | None:
    """The noise [N or 1, 1, H, W] that a layer gets in the given mode; None where it has no noise input or noise is off."""
    constant = layer.constant_noise
    if constant is None or mode == "off":
        return None
    if mode == "const":
        return constant
    shape = (ws.shape[0], *constant.shape[1:])
    return torch.randn(shape, generator=generator, device=ws.device, dtype=torch.float32)
