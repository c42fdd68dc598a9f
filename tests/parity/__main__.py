"""`python -m tests.parity PATH`: recomputes golden files with the project's own networks."""

import sys
from pathlib import Path

import torch

from .check import Verdict, check, golden_files


def main(arguments: list[str]) -> int:
    """One line a file, and at the end `N passed, M failed`; 0 when nothing failed."""
    if len(arguments) != 1:
        print("usage: python -m tests.parity FILE-OR-FOLDER")
        return 2
    path = Path(arguments[0])
    torch.set_num_threads(1)
    verdicts = [shown(check(file)) for file in golden_files(path)] if path.is_dir() else [shown(named(path))]
    passed = sum(verdict.passed is True for verdict in verdicts)
    failed = sum(verdict.passed is False for verdict in verdicts)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not verdicts else 0


def named(path: Path) -> Verdict:
    """A file that was asked for by name must be recomputed; not to be able to is a failure."""
    verdict = check(path)
    return verdict._replace(passed=bool(verdict.passed))


def shown(verdict: Verdict) -> Verdict:
    print(verdict.line, flush=True)
    return verdict


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
