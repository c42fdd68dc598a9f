"""What a person asks for: the name of a metric with a count in it, such as fid50k, pr5k or fd_lite0_200."""

import re
from dataclasses import dataclass

FEWEST = 10
MOST = 10_000_000


@dataclass(frozen=True)
class Asked:
    """A metric by its name without the count, how many pictures (0: as its paper), and whether all real ones count."""

    name: str
    metric: str
    count: int = 0
    full: bool = False


def asked(name: str) -> Asked:
    """fid50k_full → Asked("fid50k_full", "fid", 50000, True). Raises ValueError with one sentence for an impossible count."""
    rest, full = name.removesuffix("_full"), name.endswith("_full")
    found = re.search(r"_?(\d{1,9}k|\d{2,9})", rest)
    if found is None:
        return Asked(name, rest, 0, full)
    count = int(found[1].removesuffix("k")) * (1000 if found[1].endswith("k") else 1)
    if not FEWEST <= count <= MOST:
        raise ValueError(f"{name} asks for {count} pictures; there should be {FEWEST} to {MOST}")
    return Asked(name, rest[: found.start()] + rest[found.end() :], count, full)
