"""The picture plane that StyleGAN3 begins from: sine waves that the style and the person may shift and turn."""

import math

import torch
from torch import Tensor, nn

from .activations import Dense, full_precision
from .bandlimits import Signal
from .generator import Canvas, Layer
from .layers import normal

TURN = 2.0 * math.pi


def placement(right: float = 0.0, down: float = 0.0, degrees: float = 0.0, scale: float = 1.0) -> Tensor:
    """[3, 3] that draws the picture moved by picture widths, turned anticlockwise and enlarged: the inverse of all that."""
    c, s = math.cos(math.radians(degrees)) / scale, math.sin(math.radians(degrees)) / scale
    return torch.tensor([[c, -s, s * down - c * right], [s, c, -s * right - c * down], [0.0, 0.0, 1.0]])


def placed(transform: Tensor) -> Canvas:
    """A blank canvas on which `FourierInput` draws through a transform [3, 3] or [N, 3, 3] (see `placement`)."""
    return Canvas(kept=(transform,))


class FourierInput(Layer):
    """w → a shift and a turn → sine waves of fixed frequencies → mixed features (Karras et al. 2021, section 3.2, B and F).

    `freqs` [C, 2] and `phases` [C] are drawn once; `transform` [3, 3] is the model's own, after which comes that of a canvas
    made by `placed`. Always in float32. Style strength a moves the four numbers r_c, r_s, t_x, t_y away from 1, 0, 0, 0.
    """

    freqs: Tensor
    phases: Tensor
    transform: Tensor
    places: Tensor
    transforms = True

    def __init__(self, w_dim: int, out: Signal, row: int = 0):
        super().__init__()
        self.row, self.resolution = row, out.resolution
        self.passed, self.stopped = out.cutoff, out.rate / 2
        self.weight = nn.Parameter(normal((out.features, out.features)))
        self.affine = Dense(w_dim, 4)
        with torch.no_grad():
            self.affine.weight.zero_()
            self.affine.bias[0] = 1.0
        direction = torch.randn(out.features, 2)
        radius = direction.norm(dim=1, keepdim=True)
        self.register_buffer("freqs", direction / radius * (-radius.square() / 4).exp() * out.cutoff)
        self.register_buffer("phases", torch.rand(out.features) - 0.5)
        self.register_buffer("transform", torch.eye(3))
        places = (torch.arange(out.size) + 0.5 - out.size / 2) / out.rate
        self.register_buffer("places", places, persistent=False)

    def forward(self, canvas: Canvas, w: Tensor | None, noise: Tensor | None = None, strength: float = 1.0) -> Canvas:
        assert w is not None
        with full_precision(w):
            style = self.affine(w.float())
            if strength != 1.0:
                neutral = torch.eye(4, device=style.device)[0]
                style = neutral + strength * (style - neutral)
            features = self.waves(self.plane(style, canvas.kept[0] if canvas.kept else None))
            weight = self.weight / math.sqrt(self.weight.shape[1])
            return Canvas((weight.to(features) @ features.flatten(2)).unflatten(2, features.shape[2:]))

    def plane(self, style: Tensor, transform: Tensor | None = None) -> Tensor:
        """Where the wave plane is seen from: style [N, 4] and transforms as one [N, 3, 3]."""
        style = style / style[:, :2].norm(dim=1, keepdim=True)
        c, s, x, y = style.unbind(1)
        zero, one = torch.zeros_like(c), torch.ones_like(c)
        rows = [c, -s, s * y - c * x, s, c, -s * x - c * y, zero, zero, one]
        found = torch.stack(rows, 1).unflatten(1, (3, 3)) @ self.transform.to(style)
        return found if transform is None else found @ transform.to(found)

    def waves(self, plane: Tensor) -> Tensor:
        """[N, 3, 3] → sin 2π(f · p + φ) [N, C, S, S]; what the plane stretches beyond the cutoff fades (appendix F.1)."""
        fx, fy = self.freqs.unbind(1)
        a, b, c = plane[:, 0, :, None], plane[:, 1, :, None], self.phases
        x, y, phase = (fx * a[:, i] + fy * b[:, i] for i in range(3))
        phase = phase + c
        excess = (torch.hypot(x, y) - self.passed) / (self.stopped - self.passed)
        amplitude = (1.0 - excess).clamp(0.0, 1.0)[..., None, None]
        across, down = x[..., None] * self.places, y[..., None] * self.places
        turns = across[:, :, None, :] + down[..., None] + phase[..., None, None]
        return torch.sin(TURN * turns) * amplitude
