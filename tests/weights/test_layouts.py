"""Every way in which weights are written comes out with the numbers that went in."""

import argparse
import pickle
import struct
import tracemalloc
from collections import OrderedDict, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save
from torch import Tensor, nn

from engine.weights import Global, read

from .written import NUMBERS, Made, Named, pickled, saved, zipped

DTYPES = [
    *(torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8),
    *(torch.uint8, torch.bool, torch.complex64, torch.uint16, torch.uint32, torch.float8_e4m3fn),
]
WAYS = {
    "zip": saved,
    "zip protocol 4": lambda value: saved(value, pickle_protocol=4),
    "legacy": lambda value: saved(value, _use_new_zipfile_serialization=False),
    **{f"pickle {protocol}": lambda value, p=protocol: pickle.dumps(value, p) for protocol in (2, 3, 4, 5)},
}


def back(tmp_path: Path, data: bytes) -> Any:
    path = tmp_path / "weights.bin"
    path.write_bytes(data)
    return read(path)


def same(found: Tensor, wanted: Tensor) -> bool:
    alike = found.dtype == wanted.dtype and found.shape == wanted.shape and found.device.type == "cpu"
    return alike and found.contiguous().view(torch.uint8).equal(wanted.detach().contiguous().view(torch.uint8))


@pytest.mark.parametrize("way", WAYS)
def test_every_dtype_in_every_layout(tmp_path: Path, way: str) -> None:
    for dtype in DTYPES:
        tensor = torch.arange(24).reshape(2, 3, 4).to(dtype)
        assert same(back(tmp_path, WAYS[way]({"x": tensor}))["x"], tensor), dtype


@pytest.mark.parametrize("way", WAYS)
def test_views_scalars_empty_tensors_and_parameters(tmp_path: Path, way: str) -> None:
    whole = torch.arange(48.0).reshape(1, 3, 4, 4)
    tensors = {
        "transposed": whole[0, 0].T,
        "part": whole[0, 1:, 2, ::2],
        "channels last": whole.to(memory_format=torch.channels_last),
        "scalar": torch.tensor(3.5),
        "empty": torch.zeros(0, 7),
        "expanded": torch.ones(1).expand(2, 5),
        "parameter": nn.Parameter(torch.full((2,), 0.5)),
    }
    found = back(tmp_path, WAYS[way](tensors))
    assert all(torch.equal(found[name], tensor) for name, tensor in tensors.items())
    assert found["transposed"].stride() == tensors["transposed"].stride()
    assert not found["parameter"].requires_grad


@pytest.mark.parametrize("way", WAYS)
def test_state_dicts_and_optimisers(tmp_path: Path, way: str) -> None:
    net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    optimiser = torch.optim.Adam(net.parameters())
    net(torch.ones(2, 3)).sum().backward()
    optimiser.step()
    checkpoint = {
        "g_ema": net.state_dict(),
        "g_optim": optimiser.state_dict(),
        "args": argparse.Namespace(size=256, path="data"),
        "size": torch.Size([2, 3]),
        "mean": np.float64(0.25),
        "losses": defaultdict(list, {"g": [0.5]}),
        "seen": {1, 2},
    }
    found = back(tmp_path, WAYS[way](checkpoint))
    assert list(found["g_ema"]) == list(net.state_dict())
    assert all(torch.equal(found["g_ema"][name], value) for name, value in net.state_dict().items())
    assert torch.equal(found["g_optim"]["state"][0]["exp_avg"], optimiser.state_dict()["state"][0]["exp_avg"])
    assert (found["args"].name, found["args"].state) == ("argparse.Namespace", {"size": 256, "path": "data"})
    assert (found["size"], found["mean"]) == ((2, 3), 0.25)
    assert (found["losses"], found["seen"]) == ({"g": [0.5]}, {1, 2})


@pytest.mark.parametrize("protocol", range(6))
def test_numpy_in_every_protocol(tmp_path: Path, protocol: int) -> None:
    arrays = {
        "plain": NUMBERS,
        "fortran": np.asfortranarray(NUMBERS),
        "big-endian": NUMBERS.astype(">f4"),
        "whole": np.arange(4),
        "truth": np.array([True, False]),
        "empty": np.zeros((0, 3)),
        "point": np.array(2.0, np.float16),
    }
    found = back(tmp_path, pickle.dumps({**arrays, "number": np.float32(0.5), "yes": np.bool_(True)}, protocol))
    for name, array in arrays.items():
        assert np.array_equal(found[name], array), name
        assert found[name].dtype == array.dtype.newbyteorder("="), name
        assert torch.from_numpy(found[name]).shape == array.shape
    assert found["number"] == 0.5
    assert found["yes"]


def test_a_python_2_file_of_an_old_class(tmp_path: Path) -> None:
    numbers = NUMBERS.tobytes() * 400
    kind = b"cnumpy\ndtype\n(U\x02f4K\x00K\x01tR(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    shell = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\x00\x85U\x01btR"
    array = shell + b"(K\x01(M`\tt" + kind + b"\x89T" + struct.pack("<i", len(numbers)) + numbers + b"tb"
    network = b"(cnetwork\nNetwork\no}(U\x04nameU\x01GU\x0cparam_values](" + array + b"eub"
    found = back(tmp_path, b"\x80\x02(" + network + b"N\x87."[1:].replace(b"\x87", b"t"))
    assert (found[0].name, found[0].state["name"]) == ("network.Network", "G")
    assert np.array_equal(found[0].state["param_values"][0], np.tile(NUMBERS.ravel(), 400))


def test_an_instance_in_the_oldest_protocol(tmp_path: Path) -> None:
    found = back(tmp_path, b"(itfutil\nNetwork\np0\n(dp1\nS'version'\np2\nI2\nsV\xe4\np3\nF0.5\nsb.")
    assert (found.name, found.state) == ("tfutil.Network", {"version": 2, "ä": 0.5})


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_discriminators_with_hooks_become_stubs_and_names(tmp_path: Path, protocol: int) -> None:
    """As StyleGAN-XL's and Projected GAN's: classes by reference, dill's functions, methods bound to their own module."""
    code = Made(Named("dill._dill", "_create_code"), (0, b"\x64\x00\x53\x00" * 40, "hook"))
    hook = Made(Named("dill._dill", "_create_function"), (code, {}, "hook", None, None), {"__doc__": None})
    method = Named("dill._dill", "_load_type")
    vit = Made(Named("timm.models.vision_transformer", "VisionTransformer"))
    bound = Made(Made(method, ("MethodType",)), (hook, vit))
    vit.state = {"_parameters": {"w": torch.ones(2)}, "forward_flex": bound, "_forward_hooks": OrderedDict({7: hook})}
    embed = nn.Embedding(2, 3)
    act = Made(Named("functools", "partial"), (Named("torch._C._nn", "gelu"),), (None, (), {}, None))
    found = back(tmp_path, pickled({"D": vit, "embed": embed, "act": act}, protocol))
    assert found["D"].name == "timm.models.vision_transformer.VisionTransformer"
    assert torch.equal(found["D"].state["_parameters"]["w"], torch.ones(2))
    assert type(found["D"].state["forward_flex"]) is Global
    assert found["D"].state["_forward_hooks"][7].name == "dill._dill._create_function"
    assert found["embed"].name == "torch.nn.modules.sparse.Embedding"
    assert torch.equal(found["embed"].state["_parameters"]["weight"], embed.weight)
    assert found["act"].name == "functools.partial"


def test_safetensors(tmp_path: Path) -> None:
    tensors = {"a": torch.arange(3.0), "b": torch.ones(2, 2, dtype=torch.bfloat16)}
    found = back(tmp_path, save(tensors, {"of": "a test"}))
    assert all(same(found[name], tensor) for name, tensor in tensors.items())


@pytest.mark.parametrize("way", ["zip", "pickle 2", "pickle 3", "pickle 4", "pickle 5"])
def test_large_numbers_are_slices_of_the_file(tmp_path: Path, way: str) -> None:
    path = tmp_path / "large.pkl"
    path.write_bytes(WAYS[way]([torch.zeros(2**18) for _ in range(8)]))
    tracemalloc.start()
    try:
        found = read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) == 8
    assert way == "pickle 2" or peak < 2**20  # protocol 2 writes bytes as text


def test_a_zip_of_something_else_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"not one of torch.save"):
        back(tmp_path, zipped({"word/document.xml": b"<a/>"}))
