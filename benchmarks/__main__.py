"""`python -m benchmarks [NAME…] [--json FILE]`: measures what README says, prints tables, writes records."""

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .record import Record

NAMES = (
    "render",
    "rendering",
    "roofline",
    "alias_free",
    "window",
    "preview",
    "training",
    "data",
    "startup",
    "memory",
    "large",
    "checkpoints",
    "gallery",
    "session",
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", type=Path, help="also write the records to this file")
    options = parser.parse_args(arguments)
    console = Console()
    records: list[Record] = []
    for name in options.names or NAMES:
        found = list(import_module(f"benchmarks.{name}").measure())
        console.print(table(name, found))
        records += found
    if options.json:
        plain = [{**asdict(record), "ratio": record.ratio} for record in records]
        options.json.write_text(json.dumps({"machine": machine(), "records": plain}, indent=2))
    return 0


def table(name: str, records: list[Record]) -> Table:
    """The records of one benchmark, with the machine and how busy it is in the caption."""
    out = Table(title=name, caption=machine())
    for heading in ("case", "value", "yardstick", "ratio", "yardstick is"):
        out.add_column(heading, justify="left" if heading in ("case", "yardstick is") else "right")
    for r in records:
        out.add_row(r.case, f"{r.value:.2f} {r.unit}", f"{r.yardstick:.2f} {r.unit}", f"{r.ratio:.2f}", r.meaning)
    return out


def machine() -> str:
    """Processor, threads and load, so that a figure can be judged."""
    import torch

    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else platform.machine()
    return f"{device} · {torch.get_num_threads()} of {os.cpu_count()} threads · torch {torch.__version__} · {load}"


if __name__ == "__main__":
    sys.exit(main())
