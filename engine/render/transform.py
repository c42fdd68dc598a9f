"""Moving and turning the picture plane: which layers heed it, and what they are given."""

from engine.networks import Canvas, Layer
from engine.networks.fourier import placement
from engine.recipe import Transform

STILL = Transform()


def layer_transform(transform: Transform, layer: Layer) -> Transform:
    """What of a recipe's transform decides the layer's drawing; STILL where it heeds none."""
    return transform if layer.transforms else STILL


def seen(canvas: Canvas, transform: Transform) -> Canvas:
    """The canvas that a layer gets, with the transform on it as `FourierInput` reads it."""
    if transform == STILL:
        return canvas
    return canvas._replace(kept=(placement(transform.x, transform.y, transform.angle),))
