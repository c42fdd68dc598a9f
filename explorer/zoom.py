"""Where a picture lies in the canvas, as plain numbers: fitted, or at a scale and a place that the hand has chosen."""

from dataclasses import dataclass

MARGIN = 16.0
MOST, LEAST = 64.0, 0.05


@dataclass(frozen=True)
class Zoom:
    """`scale` is canvas pixels for one of the picture; (x, y) is what lies in the middle, in the picture's widths."""

    scale: float | None = None
    """None: as large as fits."""
    x: float = 0.5
    y: float = 0.5


Size = tuple[float, float]
Place = tuple[float, float, float, float]


def fitting(picture: Size, canvas: Size, margin: float = MARGIN) -> float:
    """The scale at which the whole picture is seen with a margin around it."""
    return max(min((canvas[0] - 2 * margin) / picture[0], (canvas[1] - 2 * margin) / picture[1]), 0.01)


def scale(zoom: Zoom, picture: Size, canvas: Size, margin: float = MARGIN) -> float:
    return fitting(picture, canvas, margin) if zoom.scale is None else zoom.scale


def placed(zoom: Zoom, picture: Size, canvas: Size, margin: float = MARGIN) -> Place:
    """left, top, width, height of the picture in the canvas."""
    size = scale(zoom, picture, canvas, margin)
    width, height = picture[0] * size, picture[1] * size
    return canvas[0] / 2 - zoom.x * width, canvas[1] / 2 - zoom.y * height, width, height


def at_pointer(zoom: Zoom, factor: float, pointer: Size, picture: Size, canvas: Size) -> Zoom:
    """Larger or smaller by a factor; what lies under the pointer stays there."""
    left, top, width, height = placed(zoom, picture, canvas)
    u, v = (pointer[0] - left) / width, (pointer[1] - top) / height
    size = min(max(scale(zoom, picture, canvas) * factor, LEAST), MOST)
    new = (picture[0] * size, picture[1] * size)
    x = u - (pointer[0] - canvas[0] / 2) / new[0]
    y = v - (pointer[1] - canvas[1] / 2) / new[1]
    return Zoom(size, *kept_in_sight(x, y))


def panned(zoom: Zoom, dx: float, dy: float, picture: Size, canvas: Size) -> Zoom:
    """The picture pushed by so many canvas pixels."""
    size = scale(zoom, picture, canvas)
    return Zoom(size, *kept_in_sight(zoom.x - dx / (picture[0] * size), zoom.y - dy / (picture[1] * size)))


def kept_in_sight(x: float, y: float) -> tuple[float, float]:
    """A picture cannot be pushed out of the canvas: some of it stays in the middle."""
    return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)
