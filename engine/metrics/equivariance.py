"""Pictures moved and turned as exactly as sampling allows, to judge whether a generator follows (Karras et al. 2021, appendix E).

Every operation gives the picture that should be, and a mask of 1 where it is known and 0 elsewhere.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks.filters import filtered, upfirdn, upsample

LOBES = 3  # of Lanczos windows
REACH = 6  # pixels that a filter for turning reaches each way
FIELD = 64  # pixels each way on which such a filter is computed
Masked = tuple[Tensor, Tensor]


def rotation(angle: float) -> np.ndarray:
    """[3, 3] that turns by an angle in radians, anticlockwise as seen on the screen."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


def translated(x: Tensor, right: float, down: float) -> Masked:
    """[N, C, H, W] moved by picture widths and heights, rounded to whole pixels (EQ-T)."""
    height, width = x.shape[2:]
    across, along = round(right * width), round(down * height)
    return _placed(x, across, along, (0, 0), (0, 0))


def _placed(x: Tensor, across: int, along: int, low: tuple[int, int], high: tuple[int, int]) -> Masked:
    """x, which begins `low` pixels (x, y) before the picture that it stands for and ends `high` after, moved by whole pixels.

    The mask leaves out as much at each end as is blurred there.
    """
    height, width = x.shape[2] - low[1] - high[1], x.shape[3] - low[0] - high[0]
    left, top = across - low[0], along - low[1]
    if -x.shape[3] < left < width and -x.shape[2] < top < height:
        moved = F.pad(x, (left, width - left - x.shape[3], top, height - top - x.shape[2]))
    else:
        moved = x.new_zeros(*x.shape[:2], height, width)
    mask = torch.zeros_like(moved)
    rows = slice(max(along + high[1], 0), height + min(along - low[1], 0))
    columns = slice(max(across + high[0], 0), width + min(across - low[0], 0))
    mask[:, :, rows, columns] = 1.0
    return moved, mask


def translated_finely(x: Tensor, right: float, down: float) -> Masked:
    """[N, C, H, W] moved by picture widths and heights, between pixels by Lanczos filters (EQ-T_frac)."""
    height, width = x.shape[2:]
    across, along = math.floor(right * width), math.floor(down * height)
    kernels = [_lanczos(right * width - across, x), _lanczos(down * height - along, x)]
    low, high = LOBES - 1, LOBES
    spread = upfirdn(x, kernels[0][None], padding=(low + high, low + high, 0, 0))
    spread = upfirdn(spread, kernels[1][:, None], padding=(0, 0, low + high, low + high))
    return _placed(spread, across, along, (low, low), (high, high))


def _lanczos(shift: float, like: Tensor) -> Tensor:
    """Taps -2 … 3 of a Lanczos filter that moves by a part of a pixel; they sum to 1."""
    place = np.arange(1 - LOBES, LOBES + 1) - shift
    taps = np.sinc(place) * np.sinc(place / LOBES)
    return torch.tensor(taps / taps.sum(), dtype=torch.float32, device=like.device)


def turning_filter(matrix: np.ndarray, up: int) -> np.ndarray:
    """Passes what both the pixel grid and the one turned by `matrix` can hold, `up` taps a pixel, [12 up - 1, 12 up - 1]."""
    place = np.arange(1 - FIELD * up, FIELD * up) / up
    x, y = np.meshgrid(place, place)
    (a, b), (c, d) = matrix[:2, :2]
    turned = a * x + b * y, c * x + d * y
    passed = _convolved(_product(np.sinc, x, y), _product(np.sinc, *turned))
    window = _convolved(_product(_lobe, x, y), _product(_lobe, *turned))
    middle, reach = FIELD * up - 1, REACH * up - 1
    taps = slice(middle - reach, middle + reach + 1)
    whole = np.pad((passed * window)[taps, taps], (0, 1))
    phases = whole.reshape(2 * REACH, up, 2 * REACH, up)
    phases = phases / phases.sum((0, 2), keepdims=True) / up**2
    return phases.reshape(whole.shape)[:-1, :-1]


def _product(function: Callable[[np.ndarray], np.ndarray], x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return function(x) * function(y)


def _lobe(x: np.ndarray) -> np.ndarray:
    return np.sinc(x / LOBES) * (np.abs(x) < LOBES)


def _convolved(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Convolution of two kernels centred on their grids, as if these were rings."""
    spectra = [np.fft.fftn(np.fft.ifftshift(kernel)) for kernel in (a, b)]
    return np.fft.fftshift(np.fft.ifftn(spectra[0] * spectra[1])).real


def turned(x: Tensor, angle: float, up: int = 4) -> Masked:
    """[N, C, H, W] turned about its middle by an angle in radians, sampled from a finer, filtered copy (EQ-R)."""
    matrix = rotation(angle)
    kernel = torch.tensor(turning_filter(matrix, up), dtype=torch.float32, device=x.device)
    border = kernel.shape[0] // 2
    fine = upsample(x, kernel, up, padding=border)
    theta = _sampling(matrix, x.shape[2:], up, border)
    grid = F.affine_grid(theta.to(x).expand(len(x), -1, -1), list(x.shape), align_corners=False)
    known = torch.zeros_like(fine)
    edge = 2 * border + 1
    known[:, :, edge:-edge, edge:-edge] = 1.0
    sampled = F.grid_sample(fine, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    return sampled, F.grid_sample(known, grid, mode="nearest", padding_mode="zeros", align_corners=False)


def _sampling(matrix: np.ndarray, size: Sequence[int], up: int, border: int) -> Tensor:
    """[1, 2, 3]: where the turned picture is found on the finer copy and its border, in the units of torch's affine_grid."""
    theta = np.linalg.inv(matrix)
    theta[:2, 2] *= 2
    for axis, pixels in enumerate((size[1], size[0])):
        theta[axis, 2] += 1 / (up * pixels)
        theta[axis] *= pixels / (pixels + 2 * border / up)
    return torch.tensor(theta[None, :2], dtype=torch.float32)


def as_if_turned(x: Tensor, angle: float) -> Masked:
    """[N, C, H, W] without the frequencies that `turned` would have lost on the way back (EQ-R)."""
    kernel = torch.tensor(turning_filter(rotation(-angle), 1), dtype=torch.float32, device=x.device)
    edge = REACH - 1
    mask = torch.zeros_like(x)
    mask[:, :, edge:-edge, edge:-edge] = 1.0
    return filtered(x, kernel), mask
