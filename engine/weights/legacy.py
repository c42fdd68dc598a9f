"""torch.save's older layout, one pickle after another and then the numbers: whole files, and each storage in a pickle."""

from typing import Any

from .inert import Global
from .limits import COSTLY, Budget
from .pickles import Find, Reader
from .refusals import BadWeights, Forbidden, shown
from .tensors import Storage, StorageType, is_count, storage_type

MAGIC = 0x1950A86A20F9469CFC6C
PROTOCOL = 1001


class Storages:
    """The storages that a legacy stream names, by their keys, to be filled when the numbers come."""

    def __init__(self, view: memoryview) -> None:
        self.room = len(view)
        self.named: dict[str, Storage] = {}

    def ask(self, identity: Any) -> Storage:
        """The meaning of ('storage', type, key, device, count, None), to which torch's persistent ids come down."""
        if type(identity) is not tuple or len(identity) != 6 or identity[0] != "storage":
            raise Forbidden("asks by a persistent id for something that is no storage")
        _, kind, key, _, count, view = identity
        if type(kind) is not StorageType or type(key) is not str or view is not None:
            raise BadWeights("describes a storage in a way that torch does not")
        if not is_count(count, self.room // kind.dtype.itemsize):
            raise BadWeights("announces a storage with more numbers than the file has room for")
        storage = self.named.setdefault(key, Storage(kind.dtype, count))
        if (storage.dtype, storage.count) != (kind.dtype, count):
            raise BadWeights(f"describes the storage {shown(key)} in two ways")
        return storage


def find_storage_type(module: str, name: str) -> StorageType:
    """All that the inner stream of a single storage may name."""
    found = storage_type(module, name)
    if found is None:
        raise Forbidden(f"asks for {shown(module)}.{shown(name)} inside a storage, and nothing of it was run")
    return found


def load_storage(budget: Budget, args: tuple[Any, ...]) -> Storage:
    """torch.storage._load_from_bytes, whose original would unpickle without any restriction."""
    if len(args) != 1 or type(args[0]) not in (bytes, memoryview):
        raise Forbidden("asks for a storage made of something other than bytes")
    budget.spend(COSTLY)
    reader = Reader(memoryview(args[0]), budget, find_storage_type)
    if reader.load() != MAGIC:
        raise BadWeights("holds a storage that is not written in torch's way")
    storage = read_after_magic(reader)
    if type(storage) is not Storage:
        raise BadWeights("holds a storage that is none")
    return storage


def read_after_magic(reader: Reader) -> Any:
    """What follows the magic number: protocol, machine, the object, the keys of its storages, their numbers."""
    machine = reader.load(), reader.load()
    if machine[0] != PROTOCOL or type(machine[1]) is not dict or not machine[1].get("little_endian", True):
        raise BadWeights("was written by a version of torch, or on a machine, that is not known here")
    storages = Storages(reader.view)
    reader.persistent = storages.ask
    value = reader.load()
    reader.persistent = None
    _fill(reader, storages)
    return value


def _fill(reader: Reader, storages: Storages) -> None:
    keys = reader.load()
    if type(keys) is not list or not all(type(key) is str for key in keys) or sorted(keys) != sorted(storages.named):
        raise BadWeights("does not give the numbers of the storages that it names")
    for key in keys:
        storage = storages.named[key]
        if reader.number(8) != storage.count:
            raise BadWeights(f"gives the storage {shown(key)} another length than it announced")
        storage.fill(reader.slice(storage.size))


def read(view: memoryview, budget: Budget, find: Find) -> Any:
    """A bare pickle, or torch's legacy layout, which is told by the number it starts with."""
    reader = Reader(view, budget, find)
    value = reader.load()
    return read_after_magic(reader) if type(value) is int and value == MAGIC else value


LOAD_STORAGE = Global("torch.storage._load_from_bytes", load_storage)
