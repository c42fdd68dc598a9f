"""From every format that can hold a family into every other, and back: the same model, whose identity says so."""

from itertools import pairwise, permutations
from pathlib import Path

import pytest

from engine.checkpoints import load, native
from engine.export.models import convert, refusal
from engine.networks import FAMILIES
from tests.models import random_generator

KEEP = {"safetensors": ".safetensors", "rosinality": ".pt", "nvidia": ".pkl"}  # formats that keep every bit
PLAIN = {"z_dim": 10, "mapping_dim": 0, "embedding": 0, "clamp": 0.0}  # what even the narrowest of them holds


def formats(family: str) -> list[str]:
    """Those that have a place for the family."""
    spec = FAMILIES[family].tiny(**(PLAIN if family == "stylegan2" else {}))
    return [format for format in KEEP if not refusal(format, spec)]


PAIRS = [
    (family, *pair)
    for family in FAMILIES
    for pair in [("safetensors", "safetensors"), *permutations(formats(family), 2)]
]


@pytest.mark.parametrize(("family", "first", "second"), PAIRS)
def test_the_identity_stays(tmp_path: Path, family: str, first: str, second: str) -> None:
    generator = random_generator(family, **(PLAIN if family == "stylegan2" else {}))
    stations = enumerate(("safetensors", first, second, "safetensors"))
    paths = [tmp_path / f"{number}{KEEP[format]}" for number, format in stations]
    native.write(paths[0], generator, native.Card(generator.spec))
    for source, target in pairwise(paths):
        convert(source, target)
    assert {load(path)[1].identity for path in paths} == {native.identity(generator)}


def test_every_family_has_a_pair() -> None:
    assert {family for family, *_ in PAIRS} == set(FAMILIES)
    assert ("stylegan2", "rosinality", "nvidia") in PAIRS
    assert ("stylegan3", "nvidia", "safetensors") in PAIRS
