"""One golden file from path to verdict."""

from pathlib import Path
from typing import NamedTuple

import torch

from .golden import Golden
from .kinds import family_not_yet, kind_of

SHOWN = 4  # names in a line


class Verdict(NamedTuple):
    """How a file fared; passed is None where nothing here can recompute it yet."""

    path: Path
    passed: bool | None
    message: str

    @property
    def line(self) -> str:
        word = {True: "passed", False: "FAILED", None: "not yet"}[self.passed]
        return f"{word}: {self.path.parent.name}/{self.path.name}: {self.message}"


def golden_files(folder: Path) -> list[Path]:
    """Every golden file below a folder; a sidecar counts only where it stands alone."""
    alone = [path for path in folder.rglob("*.json") if not path.with_suffix(".safetensors").exists()]
    return sorted([*folder.rglob("*.safetensors"), *alone])


def check(path: Path) -> Verdict:
    """Recomputes one golden file. Whatever rises inside is a failure with its reason."""
    try:
        return _verdict(Golden(path))
    except Exception as error:  # a border: one broken file must not hide the others
        return Verdict(path, False, f"{type(error).__name__}: {' '.join(str(error).split())[:400]}")


def _verdict(golden: Golden) -> Verdict:
    kind = kind_of(golden)
    if kind is None:
        family = family_not_yet(golden)
        if family is not None:
            return Verdict(golden.path, None, f"no networks for {family}")
        return Verdict(golden.path, False, "no kind of golden file that is known here")
    with torch.random.fork_rng(devices=[]):
        kind.check(golden)
    return _judge(golden, kind.name)


def _judge(golden: Golden, kind: str) -> Verdict:
    if not golden.compared:
        return Verdict(golden.path, False, f"{kind}: nothing was compared")
    worst = golden.worst
    found = f"{kind}, {len(golden.compared)} compared, worst {worst.error:.1e} of {worst.name}"
    off = [one for one in golden.compared if not one.used <= 1.0]
    left = golden.outputs()
    if off:
        found += f"; {len(off)} off: " + ", ".join(f"{one.name} {one.error:.1e}" for one in off[:SHOWN])
    if left:
        found += f"; {len(left)} not compared: " + ", ".join(left[:SHOWN])
    return Verdict(golden.path, not off and not left, found)
