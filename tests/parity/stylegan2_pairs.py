"""Golden pairs of StyleGAN2 networks: inside pickles, in mixed precision, style mixing; and the layouts of the official sizes."""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.networks.discriminators.residual import Block
from engine.networks.filters import fir
from engine.networks.modulation import StyledConv, ToRGB, modulated_convolve
from engine.networks.stylegan2 import StyleGAN2, mixed_precision
from engine.render.pixels import to_uint8
from engine.render.truncation import truncate
from engine.training.mixing import mix_styles

from . import nvidia
from .golden import EXACT, Golden, Tolerance
from .nvidia import load, spec_of
from .stylegan2 import FORWARD, discriminator_stages, generator_of, synthesis_stages

HALF_PICTURE, HALF_SCORE, HALF_CONVOLUTION = Tolerance(5e-3), Tolerance(0.0, 1e-3), Tolerance(2e-3)


def check_pickle(golden: Golden) -> None:
    """Tensors and pictures of an official pickle, also of one converted from TensorFlow."""
    written_by_stylegan3 = "stylegan3" in golden.notes.get("repo", "")
    unsaid = {"conv_clamp": 256} if written_by_stylegan3 else {}
    settings = golden.notes.get("init_kwargs") or {
        who: golden.notes[f"{who[0]}_init_kwargs"] for who in ("G", "G_ema", "D")
    }
    golden.variables("sd.augment_pipe.")
    judge = load(spec_of(discriminator={**unsaid, **settings["D"]}).build_discriminator(), golden.variables("sd.D."))
    for name in golden.outputs("out.D."):
        golden.compare(name, judge(golden.read("in.img_D"), _labels(golden, "img_D")), FORWARD)
    for who in (who for who in ("G", "G_ema") if golden.has(f"sd.{who}.")):
        generator = generator_of(golden, f"sd.{who}.", {**unsaid, **settings[who]})
        ws = generator.broadcast(generator.mapping(golden.read("in.z"), _labels(golden, "z")))
        average = generator.mapping.w_avg
        picture = generator.synthesize(ws)
        found = {
            "ws": ws, "img_noise_const": picture, "img_noise_const_fp32": picture,
            "img_psi0.5": generator.synthesize(truncate(ws, average, 0.5)),
            "img_psi0.7_cutoff3": generator.synthesize(truncate(ws, average, 0.7, 3)),
            "img_seed5_noise_const_fp32": _seeded(golden, generator),
        }  # fmt: skip
        for name, value in found.items():
            if value is not None and f"out.{who}.{name}" in golden:
                golden.compare(f"out.{who}.{name}", value, FORWARD)
    _compare_pixels(golden)


def _seeded(golden: Golden, generator: nn.Module) -> Tensor | None:
    """The picture of seed 5, whose latent numpy draws."""
    if "in.z_seed5" not in golden:
        return None
    z = torch.from_numpy(np.random.RandomState(5).randn(1, generator.z_dim)).float()
    assert torch.equal(z, golden.read("in.z_seed5").float())
    return generator(z, _labels(golden, "z_seed5"))


def _labels(golden: Golden, whose: str) -> Tensor | None:
    """The labels of an input: those that bear its name, else as many as it needs of any in the file."""
    found = sorted(
        (name for name in golden.tensors if name.startswith("in.c")), key=lambda name: whose[-2:] not in name
    )
    count = len(golden.tensors[f"in.{whose}"])
    fitting = [golden.labels(name) for name in found if len(golden.tensors[name]) >= count]
    return None if not fitting or fitting[0] is None else fitting[0][:count]


def _compare_pixels(golden: Golden) -> None:
    """8-bit pictures, exactly, from the golden floats: where 127.5 x is nearly whole, the last bit of x decides."""
    if "out.G_ema.img_seed5_uint8_NHWC" in golden:
        pixels = to_uint8(golden.tensors["out.G_ema.img_seed5_noise_const_fp32"]).permute(0, 2, 3, 1)
        golden.compare("out.G_ema.img_seed5_uint8_NHWC", pixels, EXACT)


def check_mixing(golden: Golden) -> None:
    """ws and pictures for the second latents and crossovers that some seeds drew."""
    generator = generator_of(golden, "sd.G.", golden.notes["constructor_G"])
    labels = golden.labels("in.c")
    first = generator.mapping(golden.read("in.z"), labels)
    for seed in sorted({name.split(".")[0] for name in golden.tensors if name.startswith("seed")}):
        second = generator.mapping(golden.read(f"{seed}.z2_draw"), labels)
        mixes = golden.read(f"{seed}.u_draw") < golden.notes["style_mixing_prob"]
        drawn = int(golden.read(f"{seed}.cutoff_draw"))
        crossover = drawn if mixes else generator.rows
        ws = mix_styles(first, second, crossover, generator.rows)
        golden.compare(f"{seed}.ws", ws, FORWARD)
        golden.compare(f"{seed}.img", generator.synthesize(ws), FORWARD)


def check_half(golden: Golden) -> None:
    """The highest resolutions in float16: types, pictures, scores, and modulated convolution by itself."""
    notes = golden.notes
    generator = generator_of(golden, "sd.G.", notes["constructor_G"])
    judge = load(spec_of(discriminator=notes["constructor_D"]).build_discriminator(), golden.variables("sd.D."))
    ws = generator.broadcast(generator.mapping(golden.read("in.z")))
    images = golden.read("in.img")
    golden.compare("out.ws", ws, FORWARD)
    golden.compare("out.img_force_fp32", generator.synthesize(ws), FORWARD)
    golden.compare("out.logits_force_fp32", judge(images), FORWARD)
    mixed_precision(generator, notes["constructor_G"]["synthesis_kwargs"]["num_fp16_res"])
    mixed_precision(judge, notes["constructor_D"]["num_fp16_res"])
    golden.compare("out.img_fp16_batch2", generator.synthesize(ws), HALF_PICTURE)
    golden.compare("out.img_fp16_batch1", generator.synthesize(ws[:1]), HALF_PICTURE)
    golden.compare("out.logits_fp16", judge(images), HALF_SCORE)
    stages = synthesis_stages(generator, ws) | discriminator_stages(judge, images, None)
    for name, official in notes["layer_output_dtypes"].items():
        stage = name.removeprefix("D.").replace("G.", "synthesis.")
        ours = stages.get(stage, stages.get(stage.removesuffix(".x")))
        golden.compare_number(f"{name} is {official}", float(ours is not None and str(ours.dtype) == official), 1.0)
    x, weight, style = (golden.read(f"in.{name}") for name in ("xs", "w3", "s"))
    for demodulate in (False, True):
        y = modulated_convolve(x.half(), weight, style, fir([1, 3, 3, 1]), padding=1, demodulate=demodulate)
        for fused in (0, 1):
            golden.compare(f"out.modconv16_demod{int(demodulate)}_fused{fused}", y.float(), HALF_CONVOLUTION)


SIZES: dict[str, StyleGAN2] = {  # the configurations of the layouts
    "paper256": StyleGAN2(256, feature_base=16384),
    "auto256": StyleGAN2(256, feature_base=16384, mapping_layers=2),
    "stylegan2_1024": StyleGAN2(),
    "cifar32_cond10": StyleGAN2(32, label_size=10, mapping_layers=2, judge_architecture="orig"),
    "paper512_cond3": StyleGAN2(512, label_size=3),
}


def check_layouts(golden: Golden) -> None:
    """Every official tensor has a place of its size and kind in ours, every place is filled; rows of ws, halves, totals."""
    for name, layout in golden.notes.items():
        with torch.device("meta"):
            networks = {"G": SIZES[name].build(), "D": SIZES[name].build_discriminator()}
        golden.compare_number(f"{name}.num_ws", networks["G"].rows, layout["num_ws"])
        for who, network in networks.items():
            golden.compare_number(f"{name}.{who}.differences", len(_differences(network, layout[who]["tensors"])), 0)
            total = sum(p.numel() for p in network.parameters())
            golden.compare_number(f"{name}.{who}.num_params", total, layout[who]["num_params"])
            mixed_precision(network, 4)
            halves = {m.resolution for m in network.modules() if _is_half(m)}
            missed = halves ^ set(layout[f"fp16_blocks_{who}"])
            golden.compare_number(f"{name}.{who}.fp16_blocks", len(missed), 0)


def _differences(network: nn.Module, tensors: list[tuple[str, list[int], str]]) -> set[Any]:
    """(name, elements, kind) of what only one of both has."""
    parameters = {name for name, _ in network.named_parameters()}
    mine = {(name, x.numel(), "param" if name in parameters else "buffer") for name, x in network.state_dict().items()}
    official = {
        (nvidia.ours(name), int(np.prod(shape)), kind) for name, shape, kind in tensors if "resample_filter" not in name
    }
    return mine ^ official


def _is_half(module: nn.Module) -> bool:
    return isinstance(module, StyledConv | ToRGB | Block) and module.dtype == torch.float16
