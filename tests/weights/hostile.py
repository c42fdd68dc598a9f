"""A corpus of hostile files: each asks for something that weights never need, or lies about what it holds."""

import io
import json
import struct
import zipfile

import numpy as np
import torch

from .written import array, call, glob, pickled, program, raw, rezipped, row, saved, storage, stream, tensor
from .written import text, whole, zipped

NAMES = (  # module, name: what attackers call
    *(("os", "system"), ("posix", "system"), ("nt", "system"), ("os", "popen"), ("os", "execv"), ("os", "remove")),
    *(("subprocess", "Popen"), ("subprocess", "check_output"), ("pty", "spawn"), ("shutil", "rmtree")),
    *(
        ("builtins", name)
        for name in ("eval", "exec", "compile", "getattr", "setattr", "__import__", "open", "globals")
    ),
    *(("builtins", name) for name in ("type", "vars", "input", "print", "map", "filter", "memoryview", "breakpoint")),
    *(("__builtin__", name) for name in ("eval", "apply", "file", "execfile", "getattr")),
    *(("importlib", "import_module"), ("runpy", "run_path"), ("imp", "load_source"), ("code", "interact")),
    *(("marshal", "loads"), ("pickle", "loads"), ("_pickle", "loads"), ("dill", "loads"), ("dill._dill", "loads")),
    *(("dill._dill", "_eval_repr"), ("dill._dill", "_create_filehandle"), ("cloudpickle", "loads"), ("joblib", "load")),
    *(("torch", "load"), ("torch.serialization", "load"), ("torch.hub", "load"), ("torch.jit", "load")),
    *(("torch.package", "PackageImporter"), ("torch.utils.cpp_extension", "load"), ("torch", "from_file")),
    *(("torch._utils", "_rebuild_qtensor"), ("torch._utils", "_rebuild_device_tensor_from_numpy")),
    *(
        ("torch._utils", "_rebuild_sparse_tensor"),
        ("torch._utils", "_import_dotted_name"),
        ("torch", "UntypedStorage.x"),
    ),
    *(("torch.storage", "TypedStorage"), ("torch.storage", "_share_filename_cpu"), ("torch", "classes")),
    *(("numpy", "load"), ("numpy", "fromfile"), ("numpy", "memmap"), ("numpy.core.multiarray", "fromfile")),
    *(("numpy.testing._private.utils", "runstring"), ("numpy", "recarray"), ("numpy.ctypeslib", "load_library")),
    *(("operator", "attrgetter"), ("operator", "methodcaller"), ("operator", "itemgetter"), ("functools", "reduce")),
    *(("ctypes", "CDLL"), ("sys", "exit"), ("sys", "modules"), ("socket", "socket"), ("webbrowser", "open")),
    *(("codecs", "decode"), ("_codecs", "decode"), ("copyreg", "add_extension"), ("collections", "namedtuple")),
    *(("types", "SimpleNamespace"), ("weakref", "ref"), ("asyncio", "run"), ("multiprocessing", "Process")),
    *(("__main__", "main"), ("engine.checkpoints", "load"), ("main", "main"), ("tempfile", "mkdtemp")),
    *(("collections", "OrderedDict.fromkeys"), ("torch.nn", "Module.__init__.__globals__"), ("training", "a.b")),
    *(
        ("trainingcamp", "x"),
        ("torch.nnx", "x"),
        ("timm_", "x"),
        ("", "system"),
        ("torch", ""),
        ("collections", "__class__"),
    ),
)
WAYS = {  # how a pickle can name and call something with the text that is on the stack
    "GLOBAL REDUCE": lambda m, n: program(glob(m, n), text("touch CANARY"), b"\x85R", protocol=2),
    "STACK_GLOBAL REDUCE": lambda m, n: program(text(m), text(n), b"\x93", text("touch CANARY"), b"\x85R"),
    "INST": lambda m, n: program(b"(", text("touch CANARY"), f"i{m}\n{n}\n".encode(), protocol=1),
    "OBJ": lambda m, n: program(b"(", glob(m, n), text("touch CANARY"), b"o", protocol=1),
    "NEWOBJ": lambda m, n: program(text(m), text(n), b"\x93", text("touch CANARY"), b"\x85\x81"),
    "never called": lambda m, n: program(glob(m, n)),
    "in a storage": lambda m, n: program(storage(program(call(m, n, text("touch CANARY")), protocol=2))),
    "in a zip": lambda m, n: zipped({"a/data.pkl": program(call(m, n, text("touch CANARY")), protocol=2)}),
}
SYSTEM = call("os", "system", text("touch CANARY"))
DICT = call("collections", "OrderedDict")
STUB = call("training.networks", "Generator")
CODE = call("dill._dill", "_create_function")
ODD = {  # requests that name only allowed things, or no things at all
    "getattr chain": program(call("builtins", "getattr", glob("torch.nn", "Module"), text("__init__"))),
    "call of a stub": program(STUB, b")R"),
    "call of a dictionary": program(DICT, b")R"),
    "call of a text": program(text("os.system"), b")R"),
    "call of a storage class": program(glob("torch", "FloatStorage"), b")R"),
    "arguments that are no tuple": program(glob("training", "x"), b"}R"),
    "attributes of a dictionary": program(DICT, b"}", text("keys"), SYSTEM, b"sb"),
    "attributes of a plain dictionary": program(b"}}", text("__class__"), glob("training", "x"), b"sb"),
    "attributes of a class": program(glob("training", "x"), b"}", text("__init__"), text("x"), b"sb"),
    "attributes of a function": program(glob("torch._utils", "_rebuild_tensor_v2"), b"}", text("__code__"), b"Nsb"),
    "attributes of a tensor": program(tensor(b"K\x00", row(2), row(1)), b"}", text("data"), b"Nsb"),
    "attributes of a dtype": program(glob("torch", "float32"), b"}", text("x"), b"Nsb"),
    "attributes of a list": program(b"]}", text("append"), b"Nsb"),
    "items of a stub": program(STUB, text("key"), b"Ns"),
    "append to a stub": program(STUB, b"Na"),
    "append to a tensor": program(tensor(b"K\x00", row(2), row(1)), b"Na"),
    "members of a list": program(b"](Na\x90"),
    "STACK_GLOBAL without text": program(b"K\x01K\x02\x93"),
    "STACK_GLOBAL of a class": program(glob("training", "x"), text("y"), b"\x93"),
    "EXT1": program(b"\x82\x01"),
    "EXT2": program(b"\x83\x01\x01"),
    "EXT4": program(b"\x84\x01\x01\x01\x01"),
    "NEWOBJ_EX": program(glob("training", "x"), b")}\x92"),
    "NEXT_BUFFER": program(b"\x97", protocol=5),
    "READONLY_BUFFER": program(raw(b"x"), b"\x98", protocol=5),
    "persistent id": program(text("/etc/passwd"), b"Q"),
    "persistent id as a line": program(b"P/etc/passwd\n"),
    "storage of nothing": program(call("torch.storage", "_load_from_bytes", b"N")),
    "storage of text": program(call("torch.storage", "_load_from_bytes", text("x" * 99))),
    "storage in a storage": program(storage(program(storage(stream(4, bytes(16))), protocol=2))),
    "storage that is a zip": program(storage(saved(torch.zeros(3)))),
    "tensor in a storage": program(storage(saved(torch.zeros(3), _use_new_zipfile_serialization=False))),
    "tensor of a text": program(tensor(b"K\x00", row(2), row(1), text("storage"))),
    "parameter of a text": program(call("torch._utils", "_rebuild_parameter", text("x"), b"\x89", b"}")),
    "tensor of a made-up kind": program(
        call("torch._tensor", "_rebuild_from_type_v2", glob("training", "x"), glob("torch", "Tensor"), b")", b"}")
    ),
    "codec": program(call("_codecs", "encode", text("x"), text("zlib_codec"))),
    "bytes of a million": program(call("builtins", "bytes", whole(10**6))),
    "_reconstructor of a text": program(call("copyreg", "_reconstructor", text("x"), b"N", b"N")),
    "tuple as a key": program(b"})Ns"),
    "tensor as a key": program(b"}", tensor(b"K\x00", row(2), row(1)), b"Ns"),
    "stub in a set": program(b"\x8f(", STUB, b"\x90"),
    "set of tuples": program(call("builtins", "set", b"(", b")", b"l")),
    "ordered dictionary of tuples as keys": program(call("collections", "OrderedDict", b"()N\x86l")),
    "numpy objects": np.array([print], dtype=object).dumps() if False else pickled(np.array([1, None], object)),
    "numpy object scalar": program(call("numpy.core.multiarray", "scalar", call("numpy", "dtype", text("O8")), SYSTEM)),
    "numpy objects by list": program(array(row(2), b"(NNl")),
    "numpy fields": pickled(np.zeros(2, [("a", "f4"), ("b", "O")])),
    "numpy text": pickled(np.array(["a"])),
    "numpy dates": pickled(np.array(["2020-01-01"], "M8[D]")),
    "numpy void": pickled(np.zeros(2, "V4")),
    "numpy subclass": pickled(np.ma.masked_array([1.0])),
}
LIES = {  # sizes, offsets and structures that are not what they claim
    "empty": b"",
    "one byte": b"\x80",
    "zeros": bytes(1000),
    "text": b"Hello, this is a letter and not a model.\n" * 10,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "protocol 6": b"\x80\x06N.",
    "STOP without a value": program(b""),
    "no STOP": b"\x80\x04N",
    "mark never closed": program(b"(N"),
    "pop of nothing": program(b"0"),
    "tuple of nothing": program(b"\x87"),
    "list without mark": program(b"l"),
    "odd dictionary": program(b"(Nd"),
    "odd items": program(b"}(Nu"),
    "huge LONG_BINPUT": program(b"Nr\xff\xff\xff\xff"),
    "huge PUT": program(b"Np99999999999999999999\n"),
    "negative PUT": program(b"Np-1\n"),
    "GET of nothing": program(b"j\xff\xff\xff\x7f"),
    "GET of a word": program(b"gword\n"),
    "huge LONG4": program(b"\x8b\xff\xff\xff\x7f"),
    "long LONG4": program(b"\x8b" + struct.pack("<i", 10**5) + b"\x7f" * 10**5),
    "negative LONG4": program(b"\x8b\xff\xff\xff\xff"),
    "long LONG": program(b"L" + b"9" * 10**6 + b"L\n"),
    "long FLOAT": program(b"F" + b"9" * 10**6 + b"\n"),
    "huge BINBYTES8": program(b"\x8e" + b"\xff" * 8),
    "huge BINUNICODE8": program(b"\x8d" + b"\xff" * 8),
    "huge BYTEARRAY8": program(b"\x96" + b"\xff" * 7 + b"\x7f", protocol=5),
    "huge BINBYTES": program(b"B\xff\xff\xff\xff"),
    "negative BINSTRING": program(b"T\xff\xff\xff\xff"),
    "huge FRAME": b"\x80\x04\x95" + b"\xff" * 8 + b"N.",
    "STRING without quotes": program(b"Sos.system\n"),
    "line without end": program(b"c" + b"o" * 10**6),
    "deep tuples": program(b"N", b"\x85" * 100_000),
    "deep lists": program(b"]" * 100_000, b"a" * 99_999),
    "deep marks": program(b"(" * 100_000),
    "deep dictionaries": program((b"}" + text("x")) * 5_000, b"N", b"s" * 5_000),
    "deep states": program((glob("training", "x") + b")\x81") * 1_000, b"N", b"b" * 1_000),
    "list in itself": program(b"]\x94h\x00a"),
    "dictionary in itself": program(b"}\x94", text("x"), b"h\x00s"),
    "stub in itself": program(STUB, b"\x94}", text("_modules"), b"h\x00sb"),
    "circle of two": program(b"]\x94]\x94h\x00ah\x01a" + b"0h\x00h\x01a"),
    "unfolding lists": program(
        b"]\x94", b"".join(b"0](h" + bytes([i]) * 1 + b"h" + bytes([i]) + b"e\x94" for i in range(60))
    ),
    "unfolding tuples": program(b"N", b"2\x86" * 60),
    "unfinished array": program(call("numpy.core.multiarray", "_reconstruct", glob("numpy", "ndarray"), b"N", b"N")),
    "unfinished dtype": program(b"]", call("numpy", "dtype", text("f4")), b"a"),
    "array before it is finished": program(
        *(b"]", call("numpy.core.multiarray", "_reconstruct", glob("numpy", "ndarray")), b"\x94ah\x00"),
        *(b"(K\x01", row(0), call("numpy", "dtype", text("f4")), b"(K\x03", text("<"), b"NNNJ\xff\xff\xff\xffNK\x00tb"),
        *(b"\x89C\x00tb", b"\x86"),
    ),
    "array shorter than its shape": program(array(row(4), raw(bytes(15)))),
    "array of huge shape": program(array(row(2**40, 2**40), raw(bytes(16)))),
    "array of negative shape": program(array(row(-4, -1), raw(bytes(16)))),
    "array of nothing, 0 × 2^60": program(array(row(0, 2**47, 2**47), raw(b""))),
    "array of 100 axes": program(array(row(*[1] * 100), raw(bytes(4)))),
    "array with text as its shape": program(array(text("4"), raw(bytes(16)))),
    "tensor past its storage": program(tensor(b"K\x00", row(5), row(1))),
    "tensor with strides past its storage": program(tensor(b"K\x00", row(2, 2), row(4, 1))),
    "tensor offset past its storage": program(tensor(b"K\x01", row(4), row(1))),
    "tensor with a negative offset": program(tensor(whole(-1), row(2), row(1))),
    "tensor with a negative stride": program(tensor(b"K\x03", row(2), row(-1))),
    "tensor with a negative length": program(tensor(b"K\x00", row(-2), row(1))),
    "tensor of huge shape": program(tensor(b"K\x00", row(2**62, 4), row(1, 1))),
    "tensor of huge shape without strides": program(tensor(b"K\x00", row(2**40), row(0))),
    "tensor of nothing, 0 × 2^94": program(tensor(b"K\x00", row(0, 2**47, 2**47), row(1, 1, 1))),
    "tensor with a huge stride": program(tensor(b"K\x00", row(2), row(2**200))),
    "tensor with an unequal number of strides": program(tensor(b"K\x00", row(2, 2), row(1))),
    "tensor of 1000 axes": program(tensor(b"K\x00", row(*[1] * 1000), row(*[1] * 1000))),
    "tensor with a fractional shape": program(tensor(b"K\x00", b"G?\xf0" + bytes(6) + b"\x85", row(1))),
    "tensor with a yes as its offset": program(tensor(b"\x88", row(2), row(1))),
    "storage shorter than it says": program(storage(stream(4, bytes(15)))),
    "storage of 2^62 numbers": program(storage(stream(2**62, bytes(16)))),
    "storage of -1 numbers": program(storage(stream(-1, bytes(16)))),
    "storage of unequal numbers": program(
        storage(stream(4, bytes(16)).replace(struct.pack("<q", 4), struct.pack("<q", 2)))
    ),
    "storage without magic": program(storage(program(whole(7)) + bytes(200))),
    "storage of a made-up class": program(storage(stream(4, bytes(16), glob("torch", "EvilStorage")))),
    "storage of a text": program(storage(stream(4, bytes(16), text("FloatStorage")))),
    "storage with unhashable keys": program(storage(stream(4, bytes(16)).replace(b"](" + text("0") + b"e", b"](]e"))),
    "legacy file with a view": saved(torch.zeros(3), _use_new_zipfile_serialization=False).replace(b"Ntq", b"]tq"),
    "legacy file cut short": saved(torch.zeros(300), _use_new_zipfile_serialization=False)[:-5],
}
TENSORS = saved({"x": torch.arange(10.0)})
PICKLE = zipfile.ZipFile(io.BytesIO(TENSORS)).read("archive/data.pkl")


def _torch_identity(key: str, count: int, kind: bytes = glob("torch", "FloatStorage")) -> bytes:
    return b"(" + text("storage") + kind + text(key) + text("cpu") + whole(count) + b"tQ"


def _overlapping() -> bytes:
    """Two entries of one place."""
    data = bytearray(zipped({"a/data.pkl": b"N.", "a/other.pkl": b"N."}))
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    return bytes(data)


def _declared(size: int) -> bytes:
    """An entry that says in the directory how large it is."""
    data = bytearray(zipped({"a/data.pkl": b"N."}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 20 : at + 28] = struct.pack("<2L", size, size)
    return bytes(data)


def _counted(count: int) -> bytes:
    """A directory that says how many entries it has."""
    data = bytearray(zipped({"a/data.pkl": b"N."}))
    at = data.rfind(b"PK\x05\x06")
    data[at + 8 : at + 12] = struct.pack("<2H", count, count)
    return bytes(data)


ZIPS = {
    "bomb": zipped({"a/data.pkl": bytes(20 * 2**20)}, zipfile.ZIP_DEFLATED),
    "bomb beside": zipped({"a/data.pkl": b"N."})
    if False
    else rezipped(TENSORS, {})
    and zipped({"archive/data.pkl": PICKLE, "archive/data/0": bytes(20 * 2**20)}, zipfile.ZIP_DEFLATED),
    "absolute name": rezipped(TENSORS, {"/etc/cron.d/x": b"x"}),
    "name that climbs": rezipped(TENSORS, {"archive/../../x": b"x"}),
    "name of Windows": rezipped(TENSORS, {"C:\\x": b"x"}),
    "name that climbs in Windows": rezipped(TENSORS, {"a\\..\\x": b"x"}),
    "no data.pkl": zipped({"archive/version": b"3"}),
    "two data.pkl": rezipped(TENSORS, {"other/data.pkl": b"N."}),
    "TorchScript": rezipped(TENSORS, {"archive/data.pkl": program(call("__torch__.net", "Net"))}),
    "big-endian": rezipped(TENSORS, {"archive/byteorder": b"big"}),
    "storage missing": rezipped(TENSORS, {"archive/data.pkl": program(_torch_identity("9", 4))}),
    "storage too short": rezipped(TENSORS, {"archive/data.pkl": program(_torch_identity("0", 11))}),
    "storage of huge count": rezipped(TENSORS, {"archive/data.pkl": program(_torch_identity("0", 2**63))}),
    "storage by path": rezipped(TENSORS, {"archive/data.pkl": program(_torch_identity("../../etc/passwd", 4))}),
    "storage of a text": rezipped(TENSORS, {"archive/data.pkl": program(_torch_identity("0", 1, text("x")))}),
    "persistent id of a module": rezipped(TENSORS, {"archive/data.pkl": program(b"(", text("module"), b"NNNNtQ")}),
    "persistent id of a text": rezipped(TENSORS, {"archive/data.pkl": program(text("x"), b"Q")}),
    "overlapping entries": _overlapping(),
    "entry longer than the file": _declared(10**6),
    "entry of 4 GB": _declared(0xFFFFFFFF),
    "more entries than there are": _counted(60_000),
    "without a directory": TENSORS[:-22],
    "directory only": TENSORS[:4] + TENSORS[-100:],
    "cut in the middle": TENSORS[: len(TENSORS) // 2],
}


def _safetensors(header: bytes, numbers: bytes = b"", length: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if length is None else length) + header + numbers


def _entry(dtype: str, shape: list[int], start: int, end: int) -> bytes:
    return json.dumps({"x": {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}}).encode()


SAFETENSORS = {
    "header longer than the file": _safetensors(b"{}", length=1000),
    "header of 1 TB": _safetensors(b"{}", length=2**39),
    "header of 100 MB": _safetensors(b"{}" + b" " * 1000, length=100 * 2**20),
    "header that is no JSON": _safetensors(b"{nonsense"),
    "deep header": _safetensors(b'{"x":' + b"[" * 10**6),
    "header with numbers": _safetensors(b'{"x": 5}'),
    "numbers past the end": _safetensors(_entry("F32", [4], 0, 16)),
    "numbers that do not fit": _safetensors(_entry("F32", [5], 0, 16), bytes(16)),
    "huge shape": _safetensors(_entry("F32", [2**62, 4], 0, 16), bytes(16)),
    "negative offsets": _safetensors(_entry("F32", [4], -16, 0), bytes(16)),
    "made-up dtype": _safetensors(_entry("O8", [4], 0, 16), bytes(16)),
}


def corpus() -> dict[str, bytes]:
    """Every hostile file by its name."""
    calls = {f"{way} {m}.{n}": make(m, n) for m, n in NAMES for way, make in WAYS.items()}
    parts = {"odd": ODD, "lie": LIES, "zip": ZIPS, "safetensors": SAFETENSORS}
    return calls | {f"{part}: {name}": data for part, files in parts.items() for name, data in files.items()}
