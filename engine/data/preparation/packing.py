"""A picture as the bytes of a PNG file, several times faster than by the general way and hardly larger."""

from __future__ import annotations

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOUR_TYPES = {1: 0, 3: 2}  # channels → grey, RGB (PNG, third edition, 11.2.1)
NONE, PAETH = 0, 4  # row filters (9.2)


def png(pixels: np.ndarray, stored: bool = False) -> bytes:
    """A PNG file of uint8 [H, W] or [H, W, 3], without metadata; `stored` packs nothing, as NVIDIA's own zips have it."""
    height, width = pixels.shape[:2]
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    rows = pixels.reshape(height, width * channels)
    filtered = np.empty((height, width * channels + 1), np.uint8)
    filtered[:, 0] = NONE if stored else PAETH
    filtered[:, 1:] = rows if stored else rows - paeth(rows, channels)
    # After the filter hardly anything but short runs repeats: searching for more would take most of the time.
    packer = zlib.compressobj(0 if stored else 1, zlib.DEFLATED, 15, 9, zlib.Z_RLE)
    data = packer.compress(filtered.tobytes()) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, COLOUR_TYPES[channels], 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def paeth(rows: np.ndarray, channels: int) -> np.ndarray:
    """Of the left, upper and upper left neighbour the one nearest to left + upper - upper left; outside lies 0 (9.4)."""
    around = np.zeros((rows.shape[0] + 1, rows.shape[1] + channels), np.int16)
    around[1:, channels:] = rows
    left, upper, corner = around[1:, :-channels], around[:-1, channels:], around[:-1, :-channels]
    to_left, to_upper = upper - corner, left - corner
    to_corner = np.abs(to_left + to_upper)
    to_left, to_upper = np.abs(to_left), np.abs(to_upper)
    nearest = np.where(to_upper <= to_corner, upper, corner)
    return np.where((to_left <= to_upper) & (to_left <= to_corner), left, nearest).astype(np.uint8)


def chunk(kind: bytes, data: bytes) -> bytes:
    """One PNG chunk (5.3)."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
