"""Which settings a run may change when it goes on."""

from pathlib import Path

import pytest
from msgspec import structs

from engine.cli.main import main
from engine.networks import StyleGAN2
from engine.training.changes import NOT_WHILE_RUNNING, check_change
from engine.training.run import Run
from tests.training.test_steps import lazy


def test_most_settings_may_change() -> None:
    before = lazy()
    growth = structs.replace(before.growth, rate=0.001)
    check_change(before, structs.replace(before, growth=growth, r1_gamma=3.0, kimg=9.0, accumulate=2, mirror=True))


@pytest.mark.parametrize("name", NOT_WHILE_RUNNING)
def test_some_may_not_and_it_is_said_why(name: str) -> None:
    before = lazy()
    others = {"network": StyleGAN2(64), "labels": True, "phases": "joined", "seed": 5}
    with pytest.raises(ValueError, match=f"{name} cannot change: .{{20}}"):
        check_change(before, structs.replace(before, **{name: others.get(name, "elsewhere")}))


def test_the_command_refuses_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Run.create(tmp_path / "run", lazy(data=str(tmp_path)))
    before = run.config_file.read_bytes()
    assert main(["resume", str(run.folder), "--set", "seed=5"]) == 2
    assert "seed cannot change" in capsys.readouterr().err
    assert run.config_file.read_bytes() == before
