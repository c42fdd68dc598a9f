"""What the official programs make of their options, and what our configurations for the same wishes say, value by value."""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import structs

from engine.networks import StyleGAN3
from engine.training.ada import Ada
from engine.training.config import Config
from engine.training.dice import PARTS, SETS
from engine.training.ema import ema_beta
from engine.training.official import full_precision, stylegan2, stylegan3
from engine.training.transfer import transferred

from .golden import Golden, Tolerance

NUMBER = Tolerance(1e-12)
NOT_OURS = (  # their classes, files, workers and reports; memory layouts and kernels, which change no result
    "class_name", "data_loader_kwargs", "num_gpus", "ticks", "kimg_per_tick", "metrics", "random_seed", "run_dir",
    "max_size", "fp16_channels_last", "fused_modconv_default", "pl_no_weight_grad",
)  # fmt: skip
ARCHITECTURES = ("skip", "resnet", "orig")


def check_configs(golden: Golden) -> None:
    """Every value that an official program decides on, for every line of options."""
    for number, line in enumerate(golden.notes):
        options = line["options"] if isinstance(line["options"], dict) else read(line["options"])
        third = isinstance(line["options"], list)
        if "error" in line:
            golden.compare_number(f"{number}: {line['error']}", float(refused(options, line["resolution"])), 1.0)
            continue
        config = wished(options, line["resolution"], third)
        ours = {name: plain(value) for name, value in told(config, third).items()}
        for name, official in flat(line["args"]):
            golden.compare_number(f"{number}.{name}", ours.get(name, math.nan), plain(official), NUMBER)
        unsaid = {name for name in ours if name.startswith("augment_kwargs.") and ours[name]} - dict(
            flat(line["args"])
        ).keys()
        golden.compare_number(f"{number}.augmentations besides", len(unsaid), 0)


def read(words: list[str]) -> dict[str, Any]:
    """`--name value …` as a table."""
    return {name.removeprefix("--"): value for name, value in zip(words[::2], words[1::2], strict=True)}


def flat(args: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every value that is of interest by its dotted name."""
    for name, value in args.items():
        if any(name.endswith(other) for other in NOT_OURS):
            continue
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def plain(value: Any) -> float:
    """None is -1; of an address only that there is one; of Adam's decays the second, where the first is 0."""
    if value in ARCHITECTURES:
        return 10.0 + ARCHITECTURES.index(value)
    if isinstance(value, list):
        return float(value[1]) if value[0] == 0 else math.nan
    return -1.0 if value is None else 1.0 if isinstance(value, str) else float(value)


def refused(options: Mapping[str, Any], resolution: int) -> bool:
    try:
        wished(options, resolution, True)
    except ValueError:
        return True
    return False


def wished(options: Mapping[str, Any], resolution: int, third: bool) -> Config:
    """Our configuration for the options of the one program or the other."""
    if third:
        batch, devices = int(options["batch"]), int(options["gpus"])
        config = stylegan3(
            options["cfg"].removeprefix("stylegan3-"), resolution, float(options["gamma"]), batch,  # type: ignore[arg-type]
            int(options.get("batch-gpu", batch // devices)), int(options.get("cbase", 32768)), float(options.get("dlr", 0.002)),
        )  # fmt: skip
    else:
        config = stylegan2(options.get("cfg", "auto"), resolution, options["gpus"])
    config = structs.replace(
        config,
        ada=augmented(config.ada, options),
        mirror=bool(options.get("mirror", False)),
        labels=bool(options.get("cond", False)),
        freeze=int(options.get("freezed", 0)),
    )
    config = full_precision(config) if options.get("fp32") else config
    return transferred(config, Path("x.pkl")) if options.get("resume") else config


def augmented(ada: Ada, options: Mapping[str, Any]) -> Ada:
    kinds = options.get("augpipe", "bgc")
    modes = {"noaug": Ada("off"), "fixed": Ada("fixed", options.get("p", 0.2)), "ada": ada}
    return structs.replace(modes[options.get("aug", "ada")], kinds=kinds, kimg=ada.kimg)


def told(config: Config, third: bool) -> dict[str, Any]:
    """What a configuration says, under the official names."""
    spec, batch, clamp = config.network, config.growth.batch, config.network.clamp or None
    judge_base, judge_max = (
        (spec.judge_base, spec.judge_max) if isinstance(spec, StyleGAN3) else (spec.feature_base, spec.feature_max)
    )
    inner = "G_kwargs." if third else "G_kwargs.synthesis_kwargs."
    adam = {"betas": [0, 0.99], "eps": 1e-8}
    return {
        "G_kwargs.z_dim": spec.z_dim, "G_kwargs.w_dim": spec.w_dim, "G_kwargs.mapping_kwargs.num_layers": spec.mapping_layers,
        f"{inner}channel_base": spec.feature_base, f"{inner}channel_max": spec.feature_max,
        f"{inner}num_fp16_res": config.half_resolutions, f"{inner}conv_clamp": clamp,
        "D_kwargs.channel_base": judge_base, "D_kwargs.channel_max": judge_max, "D_kwargs.conv_clamp": clamp,
        "D_kwargs.num_fp16_res": config.half_resolutions, "D_kwargs.block_kwargs.freeze_layers": config.freeze,
        "D_kwargs.epilogue_kwargs.mbstd_group_size": spec.stddev_group,
        "D_kwargs.architecture": getattr(spec, "judge_architecture", "resnet"),
        "G_kwargs.magnitude_ema_beta": ema_beta(batch, config.magnitude_kimg * 1000),
        "G_kwargs.conv_kernel": 1 if getattr(spec, "variant", "t") == "r" else 3,
        "G_kwargs.use_radial_filters": getattr(spec, "variant", "t") == "r",
        **{f"G_opt_kwargs.{name}": value for name, value in {**adam, "lr": config.growth.rate}.items()},
        **{f"D_opt_kwargs.{name}": value for name, value in {**adam, "lr": config.judge_rate or config.growth.rate}.items()},
        "loss_kwargs.r1_gamma": config.r1_gamma, "loss_kwargs.pl_weight": config.path.weight,
        "loss_kwargs.style_mixing_prob": config.mixing, "loss_kwargs.blur_init_sigma": config.blur.sigma,
        "loss_kwargs.blur_fade_kimg": config.blur.kimg, "G_reg_interval": config.path.interval,
        "training_set_kwargs.use_labels": config.labels, "training_set_kwargs.xflip": config.mirror,
        "training_set_kwargs.resolution": spec.resolution, "total_kimg": config.kimg, "batch_size": batch,
        "batch_gpu": config.accumulate, "ema_kimg": config.ema_kimg, "ema_rampup": config.ema_rampup or None,
        "resume_pkl": config.transfer, **augmentations(config.ada),
    }  # fmt: skip


def augmentations(ada: Ada) -> dict[str, Any]:
    """The pipe, and what rules its strength."""
    kinds = structs.asdict(SETS[ada.kinds]) if ada.mode != "off" else {}
    found = {f"augment_kwargs.{name}": kinds.get(name, 0.0) for part in PARTS.values() for name in part}
    return {**found, "ada_target": ada.target, "ada_kimg": ada.kimg, "augment_p": ada.p}
