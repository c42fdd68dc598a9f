"""Which frequencies every layer of StyleGAN3 may carry, and the sampling rates, sizes and filters that follow from them."""

import math
from itertools import pairwise

from msgspec import Struct


class Limits(Struct, frozen=True):
    """What the schedule of a whole network is made of (Karras et al. 2021, table 1 and appendix D)."""

    resolution: int
    depth: int
    critical: int
    cutoff: float
    stopband: float
    last_stopband: float
    margin: int
    feature_base: int
    feature_max: int


class Signal(Struct, frozen=True):
    """A picture-like signal: feature maps, pixels a side with margin, samples for each picture width, cutoff and half-width.

    Half-width is half the width of the transition band around the cutoff.
    """

    features: int
    size: int
    rate: int
    cutoff: float
    half_width: float

    @property
    def resolution(self) -> int:
        """The power of two of pixels a side that hold what lies below the cutoff."""
        return int(2.0 ** math.floor(math.log2(2.0 * self.cutoff) + 1e-6))


class Passage(Struct, frozen=True):
    """What a layer makes of one signal: the other, by a convolution of `kernel` taps and filters of `taps` taps a sample.

    Its leaky ReLU works at `inner` samples for each picture width.
    """

    source: Signal
    target: Signal
    kernel: int
    inner: int
    taps: int
    radial: bool

    @property
    def up(self) -> int:
        return self.inner // self.source.rate

    @property
    def down(self) -> int:
        return self.inner // self.target.rate

    @property
    def up_taps(self) -> int:
        return self.taps * self.up if self.up > 1 else 1

    @property
    def down_taps(self) -> int:
        return self.taps * self.down if self.down > 1 else 1

    @property
    def padding(self) -> tuple[int, int]:
        """Before and after up-sampling's convolution, a side; negative where pixels are cut off."""
        total = (self.target.size - 1) * self.down + 1 - (self.source.size + self.kernel - 1) * self.up
        total += self.up_taps + self.down_taps - 2
        low = (total + self.up) // 2
        return low, total - low


def signals(limits: Limits, channels: int) -> list[Signal]:
    """What comes out of every layer, the picture last: cutoffs and stopbands grow geometrically, the last layers are critical."""
    top = limits.resolution / 2
    found = []
    for number in range(limits.depth + 1):
        share = min(number / (limits.depth - limits.critical), 1.0)
        cutoff = limits.cutoff * (top / limits.cutoff) ** share
        stopband = limits.stopband * (top * limits.last_stopband / limits.stopband) ** share
        rate = 2 ** math.ceil(math.log2(min(2 * stopband, limits.resolution)))
        trimmed = number >= limits.depth - 1
        features = round(min(limits.feature_base / 2 / cutoff, limits.feature_max))
        size = limits.resolution if trimmed else rate + 2 * limits.margin
        half_width = max(stopband, rate / 2) - cutoff
        found.append(Signal(channels if number == limits.depth else features, size, rate, cutoff, half_width))
    return found


def passages(limits: Limits, channels: int, kernel: int, taps: int, over: int, radial: bool) -> list[Passage]:
    """Every layer but toRGB; filters are `radial` but before the critically sampled ones."""
    carried = signals(limits, channels)
    found = []
    for number, (source, target) in enumerate(pairwise([carried[0], *carried[:-1]])):
        critical = number >= limits.depth - limits.critical
        inner = max(source.rate, target.rate) * over
        found.append(Passage(source, target, kernel, inner, taps, radial and not critical))
    return found
