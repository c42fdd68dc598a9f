"""Files of the real layouts, and what the official networks in them draw."""

import json
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file
from torch import Tensor

HERE = Path(__file__).parent
FILES = HERE.parent / "weights" / "files"
REFERENCE = HERE.parent / "reference"
SHARED = HERE.parents[2] / "shared" / "golden"


def pickle_of(name: str) -> Path:
    found = [path for path in (FILES / f"{name}.pkl", SHARED / "checkpoints" / f"{name}.pkl") if path.exists()]
    return found[0] if found else pytest.skip(f"{name}.pkl is not beside the project")


def golden_of(name: str) -> dict[str, Tensor]:
    places = [HERE / "golden" / f"{name}.safetensors", *REFERENCE.glob(f"*/{name}*.safetensors")]
    places += SHARED.glob(f"*/{name}*.safetensors")
    found = [path for path in places if path.exists()]
    return load_file(found[0]) if found else pytest.skip(f"what {name} draws is not beside the project")


def constructed(name: str, prefix: str) -> tuple[dict[str, Tensor], dict[str, Tensor], dict[str, Any]]:
    """A golden file, the state dict in it, and the keyword arguments of the generator."""
    path = REFERENCE / "stylegan2" / f"{name}.safetensors"
    golden, notes = load_file(path), json.loads(path.with_suffix(".json").read_text())
    state = {full.removeprefix(prefix): x for full, x in golden.items() if full.startswith(prefix)}
    return golden, state, notes.get("constructor") or notes["constructor_G"]
