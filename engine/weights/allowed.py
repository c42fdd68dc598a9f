"""Every global that a weight file may name, and what it stands for; no name is ever looked up anywhere else."""

from collections.abc import Iterable
from typing import Any

import torch

from . import arrays, legacy, tensors
from .inert import Call, Global, class_stub
from .keys import add_members, add_pairs
from .limits import LINE, Budget
from .refusals import BadWeights, Forbidden, shown
from .tensors import storage_type


def mapping(budget: Budget, args: tuple[Any, ...]) -> dict[Any, Any]:
    """OrderedDict and its like become plain dictionaries, which keep their order too."""
    return add_pairs({}, ((key, value) for key, value in _items(budget, args)))


def counting_mapping(budget: Budget, args: tuple[Any, ...]) -> dict[Any, Any]:
    """collections.defaultdict, whose first argument would make missing values."""
    return mapping(budget, args[1:])


def members(budget: Budget, args: tuple[Any, ...]) -> set[Any]:
    return add_members(set(), _items(budget, args))


def size(budget: Budget, args: tuple[Any, ...]) -> torch.Size:
    lengths = tuple(_items(budget, args))
    if not all(type(length) is int for length in lengths):
        raise BadWeights("holds a torch.Size of something other than whole numbers")
    return torch.Size(lengths)


def restored(budget: Budget, args: tuple[Any, ...]) -> Any:
    """copyreg._reconstructor, by which protocols 0 and 1 make an object: its class, a base class, the base's value."""
    made = args[0] if args else None
    if type(made) is not Global:
        raise Forbidden("asks for an object without naming its class")
    return made if made.call is None else made.call(budget, ())


def _items(budget: Budget, args: tuple[Any, ...]) -> Iterable[Any]:
    given = args[0] if args else ()
    if type(given) not in (list, tuple, dict, set) or len(args) > 1:
        raise BadWeights("fills a collection with something that is none")
    budget.spend(len(given))
    return given.items() if type(given) is dict else given


BUILTINS = ("builtins", "__builtin__")  # Python 3's and Python 2's name
CALLS: dict[str, Call] = {
    "collections.OrderedDict": mapping,
    "collections.defaultdict": counting_mapping,
    "dnnlib.EasyDict": mapping,
    "dnnlib.util.EasyDict": mapping,
    **{f"{builtins}.{name}": members for builtins in BUILTINS for name in ("set", "frozenset")},
    **{f"{builtins}.dict": mapping for builtins in BUILTINS},
    **{f"{builtins}.bytes": arrays.no_bytes for builtins in BUILTINS},
    "copyreg._reconstructor": restored,
    "copy_reg._reconstructor": restored,
    "_codecs.encode": arrays.encode,
    "numpy.dtype": arrays.dtype,
    **{f"numpy.{core}.multiarray._reconstruct": arrays.reconstruct for core in ("core", "_core")},
    **{f"numpy.{core}.multiarray.scalar": arrays.scalar for core in ("core", "_core")},
    **{f"numpy.{core}.numeric._frombuffer": arrays.from_buffer for core in ("core", "_core")},
    "torch.Size": size,
    "torch._utils._rebuild_tensor": tensors.rebuild,
    "torch._utils._rebuild_tensor_v2": tensors.rebuild,
    "torch._utils._rebuild_tensor_v3": tensors.rebuild_v3,
    "torch._utils._rebuild_parameter": tensors.rebuild_parameter,
    "torch._utils._rebuild_parameter_with_state": tensors.rebuild_parameter,
    "torch._tensor._rebuild_from_type_v2": tensors.rebuild_from_type,
    "torch.storage._load_from_bytes": legacy.load_storage,
}
OBJECTS = (  # become stubs that keep their arguments and state
    *(f"{builtins}.{name}" for builtins in BUILTINS for name in ("object", "list", "tuple", "str", "int", "float")),
    "argparse.Namespace",
    *("pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath"),
    *("torch.device", "torch.channels_last", "torch.contiguous_format", "torch.preserve_format", "torch.strided"),
    *("torch.Tensor", "torch._tensor.Tensor"),
    *("dnnlib.tflib.network.Network", "tfutil.Network", "network.Network"),
)
CODE = (  # become bare names, whatever they are called with
    *(f"dill._dill.{name}" for name in ("_create_function", "_create_code", "_create_cell", "_load_type")),
    *(f"dill._dill.{name}" for name in ("_import_module", "_get_attr", "_setitems", "_create_type")),
    *(f"dill._dill.{name}" for name in ("_create_weakref", "_create_weakproxy", "_create_namedtuple")),
    *(f"types.{name}" for name in ("CodeType", "FunctionType", "LambdaType", "MethodType", "CellType", "ModuleType")),
    *("functools.partial", "torch.relu", "torch.sigmoid", "torch.tanh"),
    "torch.utils.hooks.RemovableHandle",
    "torch.nn.modules.module._WrappedHook",  # may hold the module that holds it
)
FAMILIES = (  # packages that genuine checkpoints mention; whatever is in them becomes a stub
    *("torch_utils", "dnnlib", "training", "networks", "legacy"),  # StyleGAN2-ADA, 3, XL, T
    *("pg_modules", "feature_networks", "clip", "open_clip", "timm", "torchvision"),  # Projected GAN, XL, T
    *("torch.nn", "torch._C._nn"),
)
VALUES: dict[str, Any] = {
    **{f"torch.{name}": dtype for name, dtype in tensors.DTYPES.items()},
    "numpy.ndarray": arrays.ARRAY,
    **{name: Global(name, call) for name, call in CALLS.items()},
    **{name: class_stub(name) for name in OBJECTS},
    **{name: Global(name) for name in CODE},
}


def find(module: str, name: str) -> Any:
    """What `name` of `module` stands for. Raises Forbidden with the full name for everything that weights never need."""
    full = f"{module}.{name}".replace("dill.dill.", "dill._dill.")
    if "." not in name and len(full) <= LINE:
        if full in VALUES:
            return VALUES[full]
        storage = storage_type(module, name)
        if storage is not None:
            return storage
        if any(module == family or module.startswith(f"{family}.") for family in FAMILIES):
            return class_stub(full)
    raise Forbidden(f"asks for {shown(full)}, which weights never need, so nothing of it was run")
