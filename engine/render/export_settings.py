"""What a person may wish of an exported film: its kind, quality, size and shape. No torch, no encoder."""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

Kind = Literal["h264", "hevc", "vp9", "av1", "prores", "ffv1", "gif", "webp", "png"]
Quality = Literal["small", "good", "best"]
Shape = Literal["as drawn", "square", "16:9", "9:16"]
Fit = Literal["pad", "crop"]

KINDS: tuple[Kind, ...] = get_args(Kind)
RATIOS = {"square": 1.0, "16:9": 16 / 9, "9:16": 9 / 16}
MAX_FPS = 240
MAX_SIDE = 8192


class ExportSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How a timeline is written."""

    kind: Kind = "h264"
    quality: Quality = "good"
    fps: Annotated[int, Meta(ge=0, le=MAX_FPS)] = 0
    """Frames per second; 0: the timeline's own."""
    scale: Annotated[int, Meta(ge=1, le=64)] = 1
    """Every pixel so many times as large, sharp."""
    side: Annotated[int, Meta(ge=0, le=MAX_SIDE)] = 0
    """Pixels of the longer side, smoothly enlarged or made smaller; 0: as it comes."""
    shape: Shape = "as drawn"
    fit: Fit = "pad"
    """How a picture gets another shape: black beside it, or cut at its edges."""
    hardware: bool = False
    """Encoded by the graphics card, where there is one that can."""
