"""How fast a way is gone: evenly, softly, not before its end, or along a curve that a person has drawn."""

from typing import Annotated, Literal

from msgspec import Meta

Ease = Literal["linear", "smooth", "hold", "curve"]
Unit = Annotated[float, Meta(ge=0.0, le=1.0)]
Curve = tuple[Unit, Unit, Unit, Unit]

SMOOTH: Curve = (0.42, 0.0, 0.58, 1.0)  # what a curve begins with, before a person bends it
HALVINGS = 48


def eased(kind: Ease, t: float, curve: Curve = SMOOTH) -> float:
    """How far one has come, 0 to 1, after a fraction `t` (0 to 1) of the time.

    `curve` holds the two handles x1, y1, x2, y2 of a cubic Bézier curve from (0, 0) to (1, 1).
    """
    if t <= 0.0 or t >= 1.0:
        return min(max(t, 0.0), 1.0)
    if kind == "hold":
        return 0.0
    if kind == "smooth":
        return t * t * (3.0 - 2.0 * t)
    if kind == "curve":
        x1, y1, x2, y2 = curve
        return _bezier(_crossing(x1, x2, t), y1, y2)
    return t


def backwards(curve: Curve) -> Curve:
    """The curve of the same way gone from its end to its beginning."""
    x1, y1, x2, y2 = curve
    return 1.0 - x2, 1.0 - y2, 1.0 - x1, 1.0 - y1


def _bezier(s: float, first: float, second: float) -> float:
    """One coordinate of the curve whose ends are 0 and 1."""
    rest = 1.0 - s
    return 3.0 * rest * rest * s * first + 3.0 * rest * s * s * second + s * s * s


def _crossing(first: float, second: float, x: float) -> float:
    """Where on the curve its x is `x`: it only rises while both handles lie within 0 and 1."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if _bezier(middle, first, second) < x:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
