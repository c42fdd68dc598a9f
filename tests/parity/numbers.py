"""Golden numbers of the StyleGAN2 trainings: half-lives of averages, rates with lazy regularisers, and how p of ADA moves.

The file's orders of pictures and of labels belong to the official loader of zip files; ours has an order of its own.
"""

from typing import Any

import torch
from torch import nn

from engine.training.ada import adjusted
from engine.training.adam import LazyAdam
from engine.training.ema import ema_beta

from .golden import Golden, Tolerance

ROUNDING = Tolerance(1e-12, 1e-18)


def check_numbers(golden: Golden) -> None:
    """Averages, rates, ADA."""
    for number, row in enumerate(golden.notes["ema_beta"]):
        golden.compare_number(f"ema_beta.{number}", _beta(row), row["beta"], ROUNDING)
    for row in golden.notes["lazy_reg"]:
        optimizer = LazyAdam([nn.Parameter(torch.zeros(1))], row["interval"], row["lr_in"])
        name = f"lazy_reg.{row['interval']}"
        golden.compare_number(f"{name}.lr", row["lr_in"] * optimizer.correction, row["lr"], ROUNDING)
        golden.compare_number(f"{name}.beta2", optimizer.param_groups[0]["betas"][1], row["beta2"], ROUNDING)
    p = 0.0
    for number, row in enumerate(golden.notes["ada_controller_batch64_interval4_kimg500_target0.6"]):
        p = adjusted(p, row["mean_sign_real"], 0.6, 64 * 4, 500)
        golden.compare_number(f"ada.{number}", p, row["p"], ROUNDING)


def _beta(row: dict[str, Any]) -> float:
    half_life = row["ema_kimg"] * 1000
    if row["rampup"] is not None:
        half_life = min(half_life, row["cur_nimg"] * row["rampup"])
    return ema_beta(row["batch"], half_life)
