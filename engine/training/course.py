"""The course of a training as a drawing of a few kilobytes: losses, and what was measured of the snapshots."""

import math
from array import array
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import numpy as np

WIDTH, HEIGHT, EDGE = 640, 200, 44
POINTS = 120  # what happens from step to step is noise
COLOURS = ("#c2410c", "#1d4ed8", "#15803d", "#7e22ce")  # readable on white and on black
LOSSES = (("loss_generator", "generator"), ("loss_discriminator", "discriminator"))

Points = list[tuple[float, float]]


class Losses:
    """The losses of a training, eight bytes a number, since a long one has hundreds of thousands of steps."""

    def __init__(self, lines: Iterable[dict[str, Any]] = ()):
        """Takes lines of statistics one after the other; what is no number is NaN."""
        self.images = array("d")
        self.values = {key: array("d") for key, _ in LOSSES}
        for line in lines:
            self.images.append(line["images"])
            for key, values in self.values.items():
                value = line.get(key)
                values.append(value if isinstance(value, int | float) else math.nan)

    def __len__(self) -> int:
        return len(self.images)


def drawn(losses: Losses, measured: Sequence[dict[str, Any]]) -> str:
    """The losses above, each metric below, over thousands of pictures, as SVG; "" where there is nothing to draw.

    Parts of a metric, whose names go on after a space, are figures alone.
    """
    averages = {name: averaged(losses.images, losses.values[key]) for key, name in LOSSES}
    charts = [("Loss", {name: points for name, points in averages.items() if points})]
    for metric in dict.fromkeys(str(line["metric"]) for line in measured if " " not in line["metric"]):
        charts.append((metric, {"": [(x["images"], x["value"]) for x in measured if x["metric"] == metric]}))
    charts = [(title, lines) for title, lines in charts if any(len(points) > 1 for points in lines.values())]
    if not charts:
        return ""
    height = HEIGHT * len(charts)
    body = "\n".join(_chart(title, lines, at * HEIGHT) for at, (title, lines) in enumerate(charts))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return f'{head} font-family="sans-serif" font-size="11" fill="#787878">\n{body}\n</svg>\n'


def averaged(x: Sequence[float], y: Sequence[float]) -> Points:
    """At most POINTS means of those points [N] that are numbers."""
    points = np.array([x, y], np.float64)
    points = points[:, np.isfinite(points).all(0)]
    if not points.size:
        return []
    starts = np.arange(0, points.shape[1], max(math.ceil(points.shape[1] / POINTS), 1))
    sums = np.add.reduceat(points, starts, axis=1)
    counts = np.diff(np.append(starts, points.shape[1]))
    return [(float(across), float(up)) for across, up in (sums / counts).T]


def _chart(title: str, lines: dict[str, Points], top: int) -> str:
    everything = [point for points in lines.values() for point in points]
    left, right = min(x for x, _ in everything), max(x for x, _ in everything)
    low, high = min(y for _, y in everything), max(y for _, y in everything)
    across, up = (right - left) or 1.0, (high - low) or 1.0

    def place(x: float, y: float) -> str:
        inside = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
        return f"{EDGE + (x - left) / across * inside[0]:.1f},{top + HEIGHT - EDGE - (y - low) / up * inside[1]:.1f}"

    bottom = top + HEIGHT - EDGE
    found = [f'<text x="{EDGE}" y="{top + 20}" font-weight="bold">{escape(title)}</text>']
    found.append(f'<path d="M{EDGE},{top + EDGE} V{bottom} H{WIDTH - EDGE}" fill="none" stroke="#a0a0a0"/>')
    for y, words in ((top + EDGE + 4, f"{high:.3g}"), (bottom + 4, f"{low:.3g}")):
        found.append(f'<text x="{EDGE - 6}" y="{y}" text-anchor="end">{words}</text>')
    for x, images in ((EDGE, left), (WIDTH - EDGE, right)):
        found.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{images / 1000:.4g}k</text>')
    for at, (name, points) in enumerate(lines.items()):
        path, colour = " ".join(place(x, y) for x, y in points), COLOURS[at % len(COLOURS)]
        found.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8"/>')
        found.append(f'<text x="{EDGE + 120 + 110 * at}" y="{top + 20}" fill="{colour}">{escape(name)}</text>')
    return "\n".join(found)
