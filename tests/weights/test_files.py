"""Files of the real layouts give exactly the numbers that the golden files hold."""

import json
from pathlib import Path
from typing import Any

import pytest

from engine.weights import Stub, read

from .collected import digest, of_file

FILES = Path(__file__).parent / "files"
GOLDEN: dict[str, dict[str, str]] = json.loads((FILES / "golden.json").read_text())
SHARED = Path(__file__).parents[3] / "shared" / "golden" / "checkpoints"


def found(name: str) -> dict[str, Any]:
    path = FILES / name if (FILES / name).exists() else SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the project")
    return of_file(read(path))


@pytest.mark.parametrize("name", ["progan_tiny.pkl", "sg1_tiny.pkl", "sg2_tiny.pkl", "sg3t_tiny.pkl"])
def test_every_tensor_is_the_golden_one(name: str) -> None:
    assert {key: digest(value) for key, value in found(name).items()} == GOLDEN[name]


@pytest.mark.parametrize("name", ["tf_synthetic_orig.pkl", "tf_synthetic_skip.pkl"])
def test_tensorflow_networks_hold_what_the_official_converter_makes_of_them(name: str) -> None:
    variables, golden = found(name), GOLDEN[name]
    mine = {"mapping.w_avg": variables["vars/Gs/dlatent_avg"]}
    for i in range(len([key for key in golden if key.startswith("sd.G_ema.mapping.fc")]) // 2):
        mine[f"mapping.fc{i}.weight"] = variables[f"vars/Gs/G_mapping/Dense{i}/weight"].T
        mine[f"mapping.fc{i}.bias"] = variables[f"vars/Gs/G_mapping/Dense{i}/bias"]
    mine["synthesis.b4.const"] = variables["vars/Gs/G_synthesis/4x4/Const/const"][0]
    mine["synthesis.b4.conv1.weight"] = variables["vars/Gs/G_synthesis/4x4/Conv/weight"].transpose(3, 2, 0, 1)
    mine["synthesis.b4.conv1.noise_const"] = variables["vars/Gs/G_synthesis/noise0"][0, 0]
    mine["synthesis.b4.conv1.noise_strength"] = variables["vars/Gs/G_synthesis/4x4/Conv/noise_strength"]
    for key, value in mine.items():
        assert digest(value) == golden[f"sd.G_ema.{key}"], key


def test_settings_come_as_plain_data() -> None:
    data = read(FILES / "sg2_tiny.pkl")
    assert data["training_set_kwargs"]["resolution"] == 32
    assert type(data["training_set_kwargs"]) is dict
    assert isinstance(data["G_ema"], Stub)
    assert data["G_ema"].args[0]["class_name"] == "Generator"
    assert data["G_ema"].args[0]["state"]["_init_kwargs"]["synthesis_kwargs"]["channel_base"] == 512


def test_reading_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    copy = tmp_path / "sg2.pkl"
    copy.write_bytes((FILES / "sg2_tiny.pkl").read_bytes())
    for value in of_file(read(copy)).values():
        value.zero_()
    assert copy.read_bytes() == (FILES / "sg2_tiny.pkl").read_bytes()
