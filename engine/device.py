"""Which device there is, in which precision it is fast, and how much memory it has."""

import os
import platform
import sys
from typing import Literal

import torch

Precision = Literal["auto", "fp32", "bf16", "fp16"]
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


def available() -> list[str]:
    """The devices that torch can use here, best first; "cpu" is always last."""
    found = [f"cuda:{i}" for i in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
    if torch.backends.mps.is_available():
        found.append("mps")
    return [*found, "cpu"]


def best() -> torch.device:
    """The device to use when nobody says otherwise."""
    return torch.device(available()[0])


def named(name: str = "auto") -> torch.device:
    """The device of that name ("auto", "cpu", "cuda", "cuda:1", "mps").

    Raises ValueError with one sentence when this machine does not have it.
    """
    if name == "auto":
        return best()
    wanted = "cuda:0" if name == "cuda" else name
    if wanted not in available():
        raise ValueError(f"there is no device {name!r} here; there is {', '.join(available())}")
    return torch.device(wanted)


def has_bf16_units() -> bool:
    """Whether this processor multiplies bfloat16 in hardware (AVX-512 BF16 or AMX)."""
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def precision(device: torch.device, wanted: Precision = "auto") -> torch.dtype:
    """The type in which networks compute; "auto" takes bfloat16 where the device has units for it."""
    if wanted != "auto":
        return DTYPES[wanted]
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    if device.type == "cpu" and has_bf16_units():
        return torch.bfloat16
    return torch.float32


def describe(device: torch.device) -> str:
    """The device in a few words for the status line and `doctor`."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "mps":
        return "Apple GPU"
    return f"{platform.processor() or platform.machine()}, {torch.get_num_threads()} threads"


def memory(device: torch.device) -> tuple[int, int]:
    """(free, total) bytes of the device's memory."""
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        return free, total
    if hasattr(os, "sysconf") and "SC_AVPHYS_PAGES" in os.sysconf_names:
        page = os.sysconf("SC_PAGE_SIZE")
        return page * os.sysconf("SC_AVPHYS_PAGES"), page * os.sysconf("SC_PHYS_PAGES")
    return 0, 0


def most_memory(device: torch.device) -> int:
    """The most bytes that were in use at once: of the graphics card, else of this process; 0 where nobody knows."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_reserved(device))
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    if sys.platform == "win32":
        return 0
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def synchronize(device: torch.device) -> None:
    """Waits until the device has done all it was given, so that a clock can be read."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
