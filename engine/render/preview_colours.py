"""The final picture's colours told from the layers below it, by least squares over the pictures drawn lately."""

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks import Canvas
from engine.networks.layers import downscale

FORGET = 0.8  # of what was learned stays with every picture: the next preview is most like the last picture
RIDGE = 0.1  # of the features' mean power; less of it follows the pictures it has seen too closely, more is too grey
MOST = 32  # pixels a side that are looked at, spread over the picture


class Colours:
    """What must be added to the picture so far, as an affine map of all that a canvas holds at one level.

    A lower toRGB will not do: in StyleGAN2 later layers add to it, in ProGAN and StyleGAN it is as the growing left it.
    """

    def __init__(self) -> None:
        self._power: Tensor | None = None  # Σ xᵀx [n, n] of all inputs x, the constant 1 among them
        self._answer: Tensor | None = None  # Σ xᵀy [n, C]
        self._weight: Tensor | None = None  # [C, n, 1, 1], None while it is still to be found

    @property
    def known(self) -> bool:
        """Whether a picture was learned from."""
        return self._power is not None

    def learn(self, canvas: Canvas, final: Tensor) -> None:
        """Another picture [1, C, H, W], and the canvas on the way to it, smaller by a whole number.

        Every picture counts alike, however strong its features are; one that is not finite is passed over.
        """
        inputs, before = _inputs(canvas), _before(canvas, final.shape[1])
        lower = downscale(final.float().clamp(-1.0, 1.0), final.shape[2] // inputs.shape[2])
        x, y = _rows(inputs), _rows(lower - before)
        power, answer = x.t() @ x, x.t() @ y
        strength = power.diagonal().mean()
        if not bool(strength.isfinite() & answer.isfinite().all()):
            return
        power, answer = power / strength, answer / strength
        if self._power is not None and self._answer is not None:
            power, answer = power + FORGET * self._power, answer + FORGET * self._answer
        self._power, self._answer, self._weight = power, answer, None

    def picture(self, canvas: Canvas) -> Tensor:
        """The preview [1, C, h, w] of a canvas, in float32."""
        weight = self._weight = self._solved() if self._weight is None else self._weight
        return _before(canvas, len(weight)) + F.conv2d(_inputs(canvas), weight)

    def _solved(self) -> Tensor:
        assert self._power is not None
        assert self._answer is not None
        power, answer = self._power.cpu(), self._answer.cpu()  # not every device can solve
        ridge = RIDGE * power.diagonal().mean() * torch.eye(len(power))
        return torch.linalg.solve(power + ridge, answer).t().to(self._power.device)[..., None, None]


def _inputs(canvas: Canvas) -> Tensor:
    """All that a canvas holds and a constant 1, [1, n, h, w]."""
    assert canvas.features is not None
    features = canvas.features.float()
    held = [features] if canvas.picture is None else [_before(canvas, 0), features]
    return torch.cat([*held, torch.ones_like(features[:, :1])], 1)


def _before(canvas: Canvas, channels: int) -> Tensor:
    """The picture so far in the features' resolution, [1, C, h, w]; grey where there is none yet."""
    assert canvas.features is not None
    size = canvas.features.shape[2:]
    if canvas.picture is None:
        return canvas.features.new_zeros((1, channels, *size), dtype=torch.float32)
    picture = canvas.picture.float()
    return picture if picture.shape[2:] == size else F.interpolate(picture, size, mode="bilinear")


def _rows(x: Tensor) -> Tensor:
    """[1, n, h, w] → [pixels, n], at most MOST pixels each way."""
    across = max(x.shape[3] // MOST, 1)
    return x[0, :, ::across, ::across].flatten(1).t()
