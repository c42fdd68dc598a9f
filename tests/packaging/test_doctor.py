"""The doctor sees what is well and what is not, and its exit code says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from engine.cli import doctor
from engine.networks import FAMILIES


@pytest.mark.parametrize("family", FAMILIES)
def test_the_cpu_agrees_with_itself(family: str):
    error = doctor.disagreement(family, torch.device("cpu"))
    assert 0 < error < 1e-4, "float32 is compared with float64, so a difference of exactly 0 compares nothing"


@pytest.mark.cuda
@pytest.mark.parametrize("family", FAMILIES)
def test_the_gpu_agrees_with_the_cpu(family: str):
    assert doctor.disagreement(family, torch.device("cuda")) < doctor.TOLERANCE


def test_one_encoder_at_least_encodes():
    (finding,) = doctor.video()
    assert finding.well
    assert "libx264" in finding.value


def test_an_unknown_encoder_does_not_encode():
    assert not doctor._encodes("rawaudio")


@pytest.mark.parametrize(("well", "code"), [(True, 0), (False, 1), (None, 0)])
def test_the_exit_code_says_if_all_is_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], well: bool | None, code: int
):
    monkeypatch.setattr(doctor, "CHECKS", (lambda: iter([doctor.Finding("a thing", "seen", well)]),))
    assert doctor.doctor() == code
    assert "a thing" in capsys.readouterr().out


def test_a_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def breaks() -> Iterator[doctor.Finding]:
        raise RuntimeError("out of order")
        yield

    monkeypatch.setattr(doctor, "CHECKS", (breaks,))
    assert doctor.doctor() == 1
    assert "out of order" in capsys.readouterr().out


def test_a_missing_demo_model_is_not_well(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(doctor, "assets", lambda: tmp_path)
    (finding,) = doctor.demo_model()
    assert finding.well is False
