"""The kinds of film that can be written, and how an encoder of each is set up."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

import av
import numpy as np
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace

from .export_settings import ExportSettings, Kind, Quality

BITS_PER_PIXEL = 0.3  # for the encoders that know no constant quality
BT709 = 1  # primaries, transfer and matrix of BT.709 all have the number 1 (ITU-T H.273)
OTHERS = ("mpeg4", "libvpx-vp9", "libaom-av1", "libsvtav1", "libx265", "prores_ks", "ffv1", "gif")

Options = dict[str, str]


class NoEncoder(ValueError):
    """This machine cannot write such a film; the message is one sentence for a person."""


@dataclass(frozen=True)
class Format:
    """`codecs` in the order they are tried, those of graphics cards first where they are wished for."""

    words: str
    suffix: str
    container: str
    codecs: tuple[str, ...]
    pixels: str
    hardware: tuple[str, ...] = ()
    options: dict[str, dict[Quality, Options]] = field(default_factory=dict)
    sound: str = ""
    muxing: Options = field(default_factory=dict)
    joined: bool = True
    """Whether its parts are put together as they are; pictures that move (GIF, WebP) are made from FFV1 parts."""

    @property
    def yuv(self) -> bool:
        """Whether colours are converted, and sides must be even."""
        return self.pixels.startswith("yuv")


def _graded(small: Options, good: Options, best: Options, **common: str) -> dict[Quality, Options]:
    return {"small": {**common, **small}, "good": {**common, **good}, "best": {**common, **best}}


def _crf(small: int, good: int, best: int, **common: str) -> dict[Quality, Options]:
    first, second, third = ({"crf": str(value)} for value in (small, good, best))
    return _graded(first, second, third, **common)


H264_HARDWARE = ("h264_nvenc", "h264_videotoolbox", "h264_vaapi", "h264_qsv", "h264_amf", "h264_mf")
ENCODERS = ("libx264", *H264_HARDWARE, "libopenh264")
HEVC_HARDWARE = ("hevc_nvenc", "hevc_videotoolbox", "hevc_qsv", "hevc_amf", "hevc_mf")
AV1_HARDWARE = ("av1_nvenc", "av1_qsv", "av1_amf")
X265 = {"x265-params": "log-level=error"}
FRONT = {"movflags": "+faststart"}  # the index lies in front, so that it plays while it loads
SAME = {"fflags": "+bitexact"}  # no random numbers in the file

FORMATS: dict[Kind, Format] = {
    "h264": Format(
        "H.264, plays everywhere", ".mp4", "mp4", ENCODERS, "yuv420p", H264_HARDWARE,
        {"libx264": _crf(23, 16, 10, preset="medium")},  # 16: no banding to be seen in smooth skies
        "aac", FRONT,
    ),
    "hevc": Format(
        "HEVC, smaller", ".mp4", "mp4", ("libx265", *HEVC_HARDWARE), "yuv420p", HEVC_HARDWARE,
        {"libx265": _crf(27, 20, 14, preset="medium", **X265)}, "aac", FRONT,
    ),
    "vp9": Format(
        "VP9, for the web", ".webm", "webm", ("libvpx-vp9",), "yuv420p", (),
        {"libvpx-vp9": _crf(38, 28, 16, b="0", **{"row-mt": "1"})}, "libopus", SAME,
    ),
    "av1": Format(
        "AV1, smallest", ".mp4", "mp4", ("libsvtav1", "libaom-av1", *AV1_HARDWARE), "yuv420p", AV1_HARDWARE,
        {"libsvtav1": _crf(42, 30, 18, preset="8"), "libaom-av1": _crf(42, 30, 18, **{"cpu-used": "6"})}, "aac", FRONT,
    ),
    "prores": Format(
        "ProRes, for cutting", ".mov", "mov", ("prores_ks",), "yuv422p10le", (),
        {"prores_ks": _graded({"profile": "1"}, {"profile": "2"}, {"profile": "3"}, vendor="apl0")}, "pcm_s16le",
    ),
    "ffv1": Format(
        "FFV1, nothing lost", ".mkv", "matroska", ("ffv1",), "bgr0", (),
        {"ffv1": _graded({}, {}, {}, level="3", slicecrc="1")}, "flac", SAME,
    ),
    "gif": Format("GIF", ".gif", "gif", ("ffv1",), "bgr0", joined=False),
    "webp": Format("WebP, moving", ".webp", "webp", ("ffv1",), "bgr0", joined=False),
    "png": Format("PNG pictures in a folder", "", "", (), "rgb24", joined=False),
}  # fmt: skip


def part_format(kind: Kind) -> Format:
    """The format of the parts that a film of this kind is made from."""
    return FORMATS[kind] if FORMATS[kind].joined else FORMATS["ffv1"]


def kind_for(suffix: str) -> Kind | None:
    """The first kind whose files end like this; None where no film's do."""
    return next((kind for kind, found in FORMATS.items() if found.suffix and found.suffix == suffix.lower()), None)


def encoder(settings: ExportSettings, width: int, height: int, fps: int) -> str:
    """The first encoder that really opens here. Raises NoEncoder with one sentence that lists what there is."""
    found = part_format(settings.kind)
    for codec in (*(found.hardware if settings.hardware else ()), *found.codecs):
        if codec in av.codecs_available and _opens(codec, found, settings.quality, (width, height), fps):
            return codec
    there = ", ".join(name for name in OTHERS if name in av.codecs_available) or "no other either"
    name = found.words.split(",")[0]
    raise NoEncoder(
        f"no {name} encoder works here for {width}×{height} pixels (there is {there}); pip install --force av"
    )


def _opens(codec: str, found: Format, quality: Quality, size: tuple[int, int], fps: int) -> bool:
    context = cast(VideoCodecContext, av.CodecContext.create(codec, "w"))
    set_up(context, codec, found, quality, size, fps)
    try:
        context.open()
    except (av.FFmpegError, ValueError):
        return False
    return True


def set_up(
    context: VideoCodecContext, codec: str, found: Format, quality: Quality, size: tuple[int, int], fps: int
) -> None:
    """Size, rate, pixels, colour tags and quality of an encoder that is not open yet."""
    context.width, context.height = size
    context.pix_fmt = found.pixels
    context.framerate, context.time_base = Fraction(fps), Fraction(1, fps)
    if found.yuv:
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = ColorRange.MPEG
    if codec in found.options:
        context.options = dict(found.options[codec][quality])
    else:
        context.bit_rate = max(100_000, int(size[0] * size[1] * fps * BITS_PER_PIXEL))


def video_frame(pixels: np.ndarray, found: Format) -> av.VideoFrame:
    """[H, W, 3] uint8 → a frame; yuv by BT.709 in the studio range, tagged as such."""
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
    if not found.yuv:
        return frame.reformat(format=found.pixels)
    frame = frame.reformat(
        format=found.pixels,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
    )
    frame.color_primaries = frame.color_trc = BT709  # ProRes writes the frame's own
    return frame
