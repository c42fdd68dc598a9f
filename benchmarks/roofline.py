"""How far each family's whole picture is from what this machine can do at all: the arithmetic and the memory that it needs.

The bound is the longer of two times: multiplications and additions at the rate of a large matrix product, and bytes at the rate of
a copy. Arithmetic is that of direct convolutions, of which Winograd's have a quarter, so that a picture may come out better than
its bound. Bytes are every weight and noise once, and what each layer leaves once written and once read.
"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from engine import device as devices
from engine import heap
from engine.networks import (
    Canvas,
    FastGAN,
    Generator,
    ProGAN,
    Spec,
    StyleGAN1,
    StyleGAN2,
    StyleGAN3,
    StyleGANT,
    StyleGANXL,
)
from engine.networks.generator import draw
from engine.networks.layers import channels_last, pack
from engine.networks.lucidrains import LucidrainsStyleGAN2

from .record import Record, percentile, quiet_clock

ROUNDS = 3
SIDE = 1024  # of the matrices that are multiplied
COPIED = 2**28  # bytes
CASES: dict[str, Callable[[], Spec]] = {  # the papers' widths where nothing is said; random weights
    "ProGAN 256²": lambda: ProGAN(resolution=256),
    "StyleGAN 256²": lambda: StyleGAN1(resolution=256),
    "StyleGAN2 256², skip": lambda: StyleGAN2(resolution=256),
    "StyleGAN2 256², resnet": lambda: StyleGAN2(resolution=256, architecture="resnet"),
    "lucidrains' StyleGAN2 256²": LucidrainsStyleGAN2,
    "StyleGAN3-T 256², half the maps": lambda: StyleGAN3.paper(256, "t", feature_base=16384),
    "StyleGAN3-R 256², half the maps": lambda: StyleGAN3.paper(256, "r", feature_base=32768),
    "StyleGAN-XL 64², a quarter of the maps": lambda: StyleGANXL(resolution=64, feature_base=16384, feature_max=256),
    "StyleGAN-T 256²": lambda: StyleGANT(resolution=256),
    "FastGAN 256²": lambda: FastGAN(resolution=256),
}


def measure() -> Iterator[Record]:
    """The two ceilings, then every family beside its bound."""
    heap.keep_memory()
    device, clock = devices.best(), quiet_clock()
    arithmetic, memory = ceilings(device, clock)
    yield Record("roofline", f"ceiling: product of {SIDE}² matrices", arithmetic / 1e9, "GFLOP/s", 0.0, "")
    yield Record("roofline", "ceiling: copy, read and written", memory / 1e9, "GB/s", 0.0, "")
    for case, spec in CASES.items():
        flops, traffic = needs(spec)
        bound = max(flops / arithmetic, traffic / memory)
        what = "arithmetic" if flops / arithmetic > traffic / memory else "memory"
        meaning = f"{what} of {flops / 1e9:.1f} GFLOP and {traffic / 1e6:.0f} MB"
        yield Record("roofline", case, _picture(spec, device, clock) * 1e3, "ms", bound * 1e3, meaning)


def needs(spec: Callable[[], Spec]) -> tuple[int, int]:
    """Floating-point operations and bytes of a picture of a model. Nothing is computed."""
    with torch.device("meta"):
        generator = spec().build().requires_grad_(False)
        ws, counter = torch.zeros(1, generator.rows, generator.w_dim), FlopCounterMode(display=False)
    stays = sum(x.nbytes for x in (*generator.layers.parameters(), *generator.layers.buffers()))
    with torch.no_grad(), counter:
        left = list(_canvases(generator, ws))
    return counter.get_total_flops(), stays + 2 * sum(x.nbytes for canvas in left for x in _held(canvas))


def ceilings(device: torch.device, clock: Callable[[], float]) -> tuple[float, float]:
    """The most operations and bytes a second that were reached."""
    a, b = torch.randn(SIDE, SIDE, device=device), torch.randn(SIDE, SIDE, device=device)
    x = torch.zeros(COPIED // 4, device=device)
    y = torch.zeros_like(x)
    product = _least(lambda: torch.mm(a, b), device, clock, 4 * ROUNDS)
    return 2 * SIDE**3 / product, 2 * COPIED / _least(lambda: y.copy_(x), device, clock, 4 * ROUNDS)


@torch.inference_mode()
def _picture(spec: Callable[[], Spec], device: torch.device, clock: Callable[[], float]) -> float:
    """Seconds of a whole one, drawn as the program does."""
    torch.manual_seed(0)
    generator = spec().build().eval().to(device)
    pack(channels_last(generator))
    ws = torch.randn(1, generator.rows, generator.w_dim, device=device)
    return _least(lambda: generator.synthesize(ws), device, clock, ROUNDS)


def _least(work: Callable[[], object], device: torch.device, clock: Callable[[], float], rounds: int) -> float:
    """The least seconds of several rounds after one of warming up, since whatever else runs here only adds."""
    taken = []
    for _ in range(rounds + 1):
        devices.synchronize(device)
        begun = clock()
        work()
        devices.synchronize(device)
        taken.append(clock() - begun)
    return percentile(taken[1:], 0.0)


def _canvases(generator: Generator, ws: Tensor) -> Iterator[Canvas]:
    canvas = Canvas()
    for step in generator.steps():
        canvas = draw(step, canvas, ws, step.layer.constant_noise)
        yield canvas


def _held(canvas: Canvas) -> list[Tensor]:
    return [x for x in (canvas.features, canvas.picture, *canvas.kept) if x is not None]
