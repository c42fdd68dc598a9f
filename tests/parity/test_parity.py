"""The networks compute what the originals did, as tests/reference has it; and the parity itself finds faults."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.parity.__main__ import main
from tests.parity.check import check, golden_files
from tests.parity.golden import EXACT, Golden, Tolerance, difference
from tests.parity.kinds import KINDS, kind_of

REFERENCE = Path(__file__).parent.parent / "reference"
FILES = golden_files(REFERENCE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_recomputes(path: Path) -> None:
    verdict = check(path)
    assert verdict.passed, verdict.line


def test_reference_has_every_kind() -> None:
    found = {kind_of(Golden(path)) for path in FILES}
    missing = [kind.name for kind in KINDS if kind not in found]
    large = {"StyleGAN-XL discriminator", "StyleGAN-T layers", "StyleGAN-T losses", "projected heads", "FastGAN"}
    assert set(missing) == large, "CI checks these where they lie beside us"


@pytest.mark.parametrize(
    "families", [("progan", "stylegan1"), ("stylegan2", "stylegan3"), ("projected_gan", "stylegan_xl", "stylegan_t")]
)
def test_reference_is_small(families: tuple[str, ...]) -> None:
    sizes = [path.stat().st_size for family in families for path in (REFERENCE / family).rglob("*")]
    assert sum(sizes) < 12_000_000


@pytest.fixture
def operations(tmp_path: Path) -> Path:
    """A golden file of one's own to spoil."""
    for suffix in (".json", ".safetensors"):
        source = REFERENCE / "progan" / f"pg_ops{suffix}"
        (tmp_path / source.name).write_bytes(source.read_bytes())
    return tmp_path / "pg_ops.safetensors"


def test_a_wrong_value_fails(operations: Path) -> None:
    tensors = load_file(operations)
    tensors["conv2d/y"][0, 0, 0, 0] += 0.01
    save_file(tensors, operations)
    verdict = check(operations)
    assert verdict.passed is False
    assert "1 off: conv2d/y" in verdict.line


def test_an_output_that_nothing_computes_fails(operations: Path) -> None:
    save_file({**load_file(operations), "conv3d/y": torch.zeros(2)}, operations)
    verdict = check(operations)
    assert verdict.passed is False
    assert "1 not compared: conv3d/y" in verdict.line


def test_a_file_that_compares_nothing_fails(operations: Path) -> None:
    save_file({"conv/w_tf_hwio": torch.zeros(2)}, operations)
    assert "nothing was compared" in check(operations).line


def test_values_that_are_no_numbers_fail(operations: Path) -> None:
    tensors = load_file(operations)
    tensors["x"][0, 0, 0, 0] = torch.nan
    save_file(tensors, operations)
    assert check(operations).passed is False


def test_a_file_of_an_unknown_kind_fails(tmp_path: Path) -> None:
    save_file({"something": torch.zeros(2)}, tmp_path / "unknown.safetensors")
    assert check(tmp_path / "unknown.safetensors").passed is False


def test_the_command_counts(operations: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = operations.parent / "stylegan2_numbers.json"
    later.write_text(json.dumps({"repo": "NVlabs/stylegan2-ada-pytorch"}))
    assert main([str(operations.parent)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "1 passed, 0 failed"
    assert lines[1].startswith("not yet: ")


def test_a_file_asked_for_by_name_must_be_recomputed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    later = tmp_path / "numbers.json"
    later.write_text(json.dumps({"repo": "NVlabs/stylegan2-ada-pytorch"}))
    assert main([str(later)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


@pytest.mark.parametrize(
    ("ours", "golden", "passes"),
    [
        (torch.tensor([1.0]), torch.tensor([1.00001]), True),
        (torch.tensor([1.0]), torch.tensor([1.001]), False),
        (torch.tensor([0.0]), torch.tensor([0.0]), True),
        (torch.tensor([1e-9]), torch.tensor([0.0]), False),
        (torch.tensor([torch.inf]), torch.tensor([torch.inf]), False),
        (torch.zeros(2), torch.zeros(3), False),
    ],
)
def test_difference(ours: torch.Tensor, golden: torch.Tensor, passes: bool) -> None:
    assert (difference(ours, golden, Tolerance(2e-5))[1] <= 1.0) is passes


def test_exact_means_the_same_type_too() -> None:
    assert difference(torch.zeros(2), torch.zeros(2, dtype=torch.uint8), EXACT)[1] > 1.0
