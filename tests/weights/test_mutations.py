"""Whatever is changed in a file of a real layout, it is read or refused; nothing else happens."""

from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save

from engine.weights import BadWeights, read

from .written import saved

FILES = Path(__file__).parent / "files"
STATE = {"conv.weight": torch.arange(12.0).reshape(1, 3, 2, 2), "step": torch.tensor(3)}
ORIGINALS = {
    "progan": (FILES / "progan_tiny.pkl").read_bytes(),
    "stylegan3": (FILES / "sg3t_tiny.pkl").read_bytes(),
    "zip": saved(STATE),
    "legacy": saved(STATE, _use_new_zipfile_serialization=False),
    "safetensors": save(STATE),
}
CHANGE = st.tuples(st.integers(0, 2**32), st.binary(max_size=12), st.integers(0, 12))


@pytest.mark.parametrize("name", ORIGINALS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(changes=st.lists(CHANGE, min_size=1, max_size=6), head=st.booleans())
def test_changed_files_are_read_or_refused(
    tmp_path: Path, name: str, changes: list[tuple[int, bytes, int]], head: bool
) -> None:
    data = bytearray(ORIGINALS[name])
    for place, new, length in changes:
        at = place % (min(len(data), 2_000) if head else len(data))
        data[at : at + length] = new
    path = tmp_path / "model.pkl"
    path.write_bytes(data)
    sentence = "model.pkl was read"
    try:
        read(path)
    except BadWeights as error:
        sentence = str(error)
    assert sentence.startswith("model.pkl ")
    assert sentence.isprintable()
