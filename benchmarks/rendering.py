"""How long a whole picture takes in every family that has a yardstick, at the papers' sizes, with random weights."""

import platform
from collections.abc import Callable, Iterator, Mapping
from time import perf_counter

import torch
from torch import Tensor

from engine import heap
from engine.networks import Generator, Spec
from engine.networks.layers import channels_last, pack
from engine.networks.stylegan1 import StyleGAN1
from engine.networks.stylegan2 import StyleGAN2
from engine.networks.stylegan3 import StyleGAN3

from . import straightforward
from .record import Record, percentile

CASES: dict[str, Callable[[], Spec]] = {
    "StyleGAN 256²": lambda: StyleGAN1(resolution=256),
    "StyleGAN 1024²": lambda: StyleGAN1(resolution=1024),
    "StyleGAN2 256² skip": lambda: StyleGAN2(resolution=256),
    "StyleGAN2 256² resnet": lambda: StyleGAN2(resolution=256, architecture="resnet"),
    "StyleGAN2 1024² skip": lambda: StyleGAN2(resolution=1024),
    "StyleGAN3-T 256²": lambda: StyleGAN3.paper(256, "t", feature_base=16384),
    "StyleGAN3-R 256²": lambda: StyleGAN3.paper(256, "r", feature_base=32768),
}
ROUNDS = 3
CLOSE = 1e-3  # all must draw the same
AS_IT_COMES = {
    heap.MAPPED: 65536,
    heap.FAST: 128,
    heap.TRIM: 2**26,
    -3: 2**25,
}  # -3: from how many bytes on blocks are mapped


@torch.inference_mode()
def measure() -> Iterator[Record]:
    """Ours, and twice the straightforward way: with memory as the C library manages it, and as our renderer asks for."""
    for case, spec in CASES.items():
        torch.manual_seed(0)
        plain, packed = spec().build().eval(), spec().build().eval()
        packed.load_state_dict(plain.state_dict())
        pack(channels_last(packed))
        ws = plain.broadcast(plain.mapping(torch.randn(1, plain.z_dim)))
        ours, given_back, kept = _times(packed, plain, ws)
        yield Record("rendering", case, ours, "ms", given_back, "straightforward")
        yield Record("rendering", case, ours, "ms", kept, "straightforward, memory kept")


def _times(packed: Generator, plain: Generator, ws: Tensor) -> list[float]:
    """Milliseconds of the three, in turn; the least of all rounds, since whatever else runs here only adds."""
    pictures: dict[str, Tensor] = {}

    def ours() -> None:
        pictures["ours"] = packed.synthesize(ws)

    def theirs() -> None:
        pictures["theirs"] = straightforward.drawn(plain, ws)

    times = in_turn({"ours": ours, "given back": theirs, "kept": theirs}, ROUNDS)
    off = straightforward.apart(pictures["ours"], pictures["theirs"])
    if off > CLOSE:
        raise ValueError(f"both ways should draw the same, and are {off:.1e} apart")
    return [percentile(taken, 0.0) * 1e3 for taken in times.values()]


def in_turn(sides: Mapping[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each side in every round; the one called "given back" has memory as the C library manages it."""
    times: dict[str, list[float]] = {side: [] for side in sides}
    for _ in range(rounds):
        for side, work in sides.items():
            if platform.libc_ver()[0] == "glibc":
                heap.ask(AS_IT_COMES) if side == "given back" else heap.keep_memory()
            begun = perf_counter()
            work()
            times[side].append(perf_counter() - begun)
    return times
