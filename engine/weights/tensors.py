"""Rebuilds torch tensors as views of bytes in memory, after checking that they stay inside their storage."""

from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import Tensor

from .inert import Global
from .limits import COSTLY, DIMENSIONS, NUMBERS, Budget
from .refusals import BadWeights, Forbidden

NAMES = (
    *("float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"),
    *("uint16", "uint32", "uint64", "float8_e4m3fn", "float8_e5m2", "complex64", "complex128"),
)
DTYPES = {name: getattr(torch, name) for name in NAMES}
STORAGES = {  # torch's class names → the dtype of what they hold
    "DoubleStorage": torch.float64,
    "FloatStorage": torch.float32,
    "HalfStorage": torch.float16,
    "BFloat16Storage": torch.bfloat16,
    "LongStorage": torch.int64,
    "IntStorage": torch.int32,
    "ShortStorage": torch.int16,
    "CharStorage": torch.int8,
    "ByteStorage": torch.uint8,
    "BoolStorage": torch.bool,
    "ComplexFloatStorage": torch.complex64,
    "ComplexDoubleStorage": torch.complex128,
    "UntypedStorage": torch.uint8,
}


@dataclass(eq=False, slots=True)
class StorageType:
    """The name of a storage class in a file: the dtype of its numbers."""

    dtype: torch.dtype


@dataclass(eq=False, slots=True)
class Storage:
    """So many numbers of one dtype; `data` are their bytes, which legacy files give only after the tensors."""

    dtype: torch.dtype
    count: int
    data: memoryview | None = None

    @property
    def size(self) -> int:
        return self.count * self.dtype.itemsize

    def bytes(self, budget: Budget) -> memoryview:
        if self.data is None:
            budget.claim(self.size)
            self.data = memoryview(bytearray(self.size))
        return self.data

    def fill(self, data: memoryview) -> None:
        if self.data is None:
            self.data = data
        else:
            self.data[:] = data


def storage_type(module: str, name: str) -> StorageType | None:
    known = module in ("torch", "torch.cuda", "torch.storage")
    return StorageType(STORAGES[name]) if known and name in STORAGES else None


def is_count(value: Any, most: int) -> bool:
    return type(value) is int and 0 <= value <= most


def rebuild(budget: Budget, args: tuple[Any, ...]) -> Tensor:
    """torch._utils._rebuild_tensor and _v2: storage, offset, size, stride; what follows says nothing of the numbers."""
    storage, offset, size, stride = args[:4]
    return _view(budget, storage, storage.dtype if type(storage) is Storage else None, offset, size, stride)


def rebuild_v3(budget: Budget, args: tuple[Any, ...]) -> Tensor:
    """torch._utils._rebuild_tensor_v3: as before, then requires_grad, hooks and the dtype of an untyped storage."""
    storage, offset, size, stride, _, _, dtype = args[:7]
    return _view(budget, storage, dtype, offset, size, stride)


def rebuild_parameter(budget: Budget, args: tuple[Any, ...]) -> Tensor:
    """torch._utils._rebuild_parameter: a parameter is its tensor."""
    if not args or not isinstance(args[0], Tensor):
        raise Forbidden("asks for a parameter that is no tensor")
    return args[0]


def rebuild_from_type(budget: Budget, args: tuple[Any, ...]) -> Tensor:
    """torch._tensor._rebuild_from_type_v2: how to rebuild it, its class, the arguments, its attributes."""
    how, _, inner = args[:3]
    if type(how) is not Global or how.call not in (rebuild, rebuild_v3, rebuild_parameter) or type(inner) is not tuple:
        raise Forbidden("asks for a tensor rebuilt in a way that torch does not know")
    tensor: Tensor = how.call(budget, inner)
    return tensor


def _view(budget: Budget, storage: Any, dtype: Any, offset: Any, size: Any, stride: Any) -> Tensor:
    if type(storage) is not Storage or type(dtype) is not torch.dtype:
        raise Forbidden("asks for a tensor of something that is no storage of numbers")
    count = storage.size // dtype.itemsize
    _check_layout(count, offset, size, stride)
    budget.claim(prod(size) * dtype.itemsize)
    budget.spend(COSTLY)
    if not prod(size):
        return torch.empty(size, dtype=dtype)
    whole = torch.frombuffer(storage.bytes(budget), dtype=dtype, count=count)
    return whole.as_strided(size, stride, offset)


def _check_layout(count: int, offset: Any, size: Any, stride: Any) -> None:
    if type(size) is not tuple or type(stride) is not tuple or len(size) != len(stride) or len(size) > DIMENSIONS:
        raise BadWeights("holds a tensor whose shape and strides are not two equally long, short rows of numbers")
    if not all(is_count(value, NUMBERS) for value in (offset, *size, *stride)):
        raise BadWeights("holds a tensor with an impossible offset, length or stride")
    if prod(max(length, 1) for length in size) > NUMBERS:
        raise BadWeights("holds a tensor with more numbers than any computer has")
    end = offset + sum((length - 1) * step for length, step in zip(size, stride, strict=True)) + 1
    if prod(size) and end > count:
        raise BadWeights(f"holds a tensor that reaches to number {end:,} of a storage with {count:,}")
