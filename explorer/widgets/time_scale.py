"""Between seconds and pixels, and the marks of a ruler."""

from dataclasses import dataclass

from explorer.figures import figure

MARGIN = 36.0  # pixels before the first moment
LEAST, MOST = 4.0, 2000.0  # pixels a second
STEPS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0, 3600.0)
ROOM = 64.0  # pixels that a mark with words needs


@dataclass(frozen=True)
class TimeScale:
    """`left` is the moment at the margin."""

    left: float = 0.0
    pixels: float = 80.0

    def x(self, seconds: float) -> float:
        return MARGIN + (seconds - self.left) * self.pixels

    def seconds(self, x: float) -> float:
        return self.left + (x - MARGIN) / self.pixels

    def zoomed(self, factor: float, x: float) -> "TimeScale":
        """Finer or coarser, with the moment at `x` staying there."""
        pixels = min(max(self.pixels * factor, LEAST), MOST)
        return TimeScale(max(self.seconds(x) - (x - MARGIN) / pixels, 0.0), pixels)

    def moved(self, pixels: float) -> "TimeScale":
        return TimeScale(max(self.left + pixels / self.pixels, 0.0), self.pixels)

    def marks(self, width: float) -> list[tuple[float, str]]:
        """The moments on the ruler with their words."""
        step = next((step for step in STEPS if step * self.pixels >= ROOM), STEPS[-1])
        first, last = int(self.left / step), int(self.seconds(width) / step) + 1
        return [(number * step, clock(number * step, step < 1)) for number in range(first, last + 1)]


def fitting(length: float, width: float) -> TimeScale:
    """The scale in which the whole length is seen."""
    pixels = (width - 2 * MARGIN) / length if length > 0 else 80.0
    return TimeScale(0.0, min(max(pixels, LEAST), 240.0))


def clock(seconds: float, fine: bool = True) -> str:
    """A moment as 1:03.25, or 1:03 where fractions do not matter."""
    minutes, rest = divmod(max(seconds, 0.0), 60)
    return f"{int(minutes)}:{figure(rest, '05.2f')}" if fine else f"{int(minutes)}:{round(rest):02d}"
