"""How a picture looks, in a few bytes: a perceptual hash to find others like it, and a tiny picture to make sure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from PIL import Image

SIDE, KEPT, TINY = 32, 8, 8
BITS = 5  # of 64 that may differ between pictures that are alike
ALIKE = 9.0  # grey values by which the tiny pictures may differ (root mean square)
GREY = 3  # grey values between the channels that still pass for grey


def look(image: Image.Image) -> tuple[int, bytes]:
    """Hash of 64 bits and tiny picture [8, 8, 3] of an RGB picture."""
    small = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
    tiny = small.resize((TINY, TINY), Image.Resampling.BOX)
    return perceptual_hash(np.asarray(small.convert("L"), np.float32)), tiny.tobytes()


def perceptual_hash(grey: np.ndarray) -> int:
    """Signs of the 8x8 lowest cosine waves of [32, 32] against their median (pHash, Zauner 2010, section 3.2.1)."""
    waves = cosines()
    lowest = np.round(waves @ grey @ waves.T, 1).ravel()  # a plain area is silent, not noise
    bits = lowest > np.median(lowest)
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


@lru_cache(maxsize=1)
def cosines() -> np.ndarray:
    """The second to ninth row of the cosine transform, [8, 32]; the first would only tell how bright it is."""
    rows, columns = np.arange(1, KEPT + 1)[:, None], np.arange(SIDE)[None, :]
    return np.cos(np.pi * rows * (2 * columns + 1) / (2 * SIDE)).astype(np.float32)


def is_grey(tiny: bytes) -> bool:
    """Whether the tiny picture shows no colour."""
    pixels = np.frombuffer(tiny, np.uint8).reshape(-1, 3).astype(np.int16)
    return int(np.ptp(pixels, axis=1).max()) <= GREY


def alike(hashes: Sequence[int], tinies: Sequence[bytes]) -> list[list[int]]:
    """Groups of places whose pictures look alike, each led by its first; earlier places lead.

    Every member is near its leader, so that groups do not creep from picture to picture.
    """
    if len(hashes) < 2:
        return []
    codes = np.array(hashes, np.uint64)
    pixels = np.frombuffer(b"".join(tinies), np.uint8).reshape(len(tinies), -1)
    buckets = [bucket for band in bands() for bucket in same(codes & np.uint64(band))]
    sharing: dict[int, list[np.ndarray]] = {}
    for bucket in buckets:
        for place in bucket:
            sharing.setdefault(int(place), []).append(bucket)
    groups: list[list[int]] = []
    taken = np.zeros(len(codes), bool)
    for place in sorted(sharing):
        if not taken[place]:
            found = near(place, np.concatenate(sharing[place]), codes, pixels, taken)
            if found:
                taken[[place, *found]] = True
                groups.append([place, *found])
    return groups


def near(place: int, others: np.ndarray, codes: np.ndarray, pixels: np.ndarray, taken: np.ndarray) -> list[int]:
    """Which later places, not taken yet, look like this one."""
    later = others[(others > place) & ~taken[others]]
    later = np.unique(later[np.bitwise_count(codes[later] ^ codes[place]) <= BITS])
    apart = pixels[later].astype(np.float32) - pixels[place].astype(np.float32)
    return [int(other) for other in later[np.sqrt((apart**2).mean(1)) <= ALIKE]]


def bands() -> list[int]:
    """Six masks that share out the 64 bits: hashes that differ in five bits agree on one of them."""
    edges = np.linspace(0, 64, BITS + 2).round().astype(int)
    return [(1 << int(high)) - (1 << int(low)) for low, high in pairwise(edges)]


def same(values: np.ndarray) -> list[np.ndarray]:
    """The places of every value that comes more than once."""
    order = np.argsort(values, kind="stable")
    cuts = np.flatnonzero(np.diff(values[order])) + 1
    return [run for run in np.split(order, cuts) if len(run) > 1]
