"""A pickle machine that bounds every instruction and knows only the globals it is given: nothing is imported or run."""

import codecs
import pickle
import pickletools
import sys
from collections.abc import Callable
from typing import Any, ClassVar

from .cursor import Cursor
from .inert import Global, Stub, Unfinished
from .keys import add_members, add_pairs
from .limits import COPIED, COSTLY, GAP, INTEGER, MARKS, PLAIN_TEXT, Budget
from .refusals import BadWeights, Forbidden, shown

Find = Callable[[str, str], Any]
Persistent = Callable[[Any], Any]
Step = Callable[[Any], None]

MISSING = object()
NEVER_BUILT = {"_metadata"}  # the only attribute that genuine mappings carry: versions of torch modules


class Reader(Cursor, pickle._Unpickler):
    """Reads pickles that follow one another in `view`, each with `load`.

    `find` says what a global's module and name stand for, `persistent` what is meant by a persistent id. Byte strings
    that are not short come as slices of `view`.
    """

    dispatch: ClassVar[dict[int, Step]]
    stack: list[Any]
    metastack: list[list[Any]]
    append: Callable[[Any], None]
    pop_mark: Callable[[], list[Any]]

    def __init__(self, view: memoryview, budget: Budget, find: Find, persistent: Persistent | None = None) -> None:
        Cursor.__init__(self, view, budget)
        pickle._Unpickler.__init__(self, self)
        self.find, self.persistent = find, persistent

    def load(self) -> Any:
        self.stack, self.metastack = [], []
        self.append = self.stack.append
        self.kept: list[Any] = []  # the memo
        self.puts = 0
        view, size, budget, dispatch, stop = self.view, len(self.view), self.budget, self.dispatch, pickle.STOP[0]
        while self.at < size:
            budget.steps -= 1
            if budget.steps < 0:
                budget.spend(0)  # says so
            code = view[self.at]
            self.at += 1
            if code == stop:
                return self.result()
            dispatch.get(code, refused)(self)
        raise BadWeights(f"breaks off at byte {self.at:,}")

    def result(self) -> Any:
        if self.metastack or len(self.stack) != 1:
            raise BadWeights(f"ends at byte {self.at:,} with something other than one value")
        return self.stack.pop()

    def call(self, target: Any, args: Any) -> Any:
        if type(target) is not Global:
            raise Forbidden(f"asks to call {kind(target)}, and nothing in a weight file is ever called")
        if type(args) is not tuple:
            raise BadWeights(f"gives {target.name} arguments that are none")
        return target if target.call is None else target.call(self.budget, args)

    def named(self, module: Any, name: Any) -> Any:
        if type(module) is not str or type(name) is not str:
            raise Forbidden("asks for a class or function without naming it")
        self.budget.spend(COSTLY)
        return self.find(module, name)

    def load_mark(self) -> None:
        if len(self.metastack) >= MARKS:
            raise BadWeights(f"nests more than {MARKS:,} collections")
        self.metastack.append(self.stack)
        self.stack = []
        self.append = self.stack.append

    # Text, bytes and integers of a given length

    def text(self, count: int) -> None:
        value = str(self.slice(count), "utf-8", "replace")
        self.budget.claim(sys.getsizeof(value))
        self.append(value)

    def bytes(self, count: int) -> None:
        found = self.slice(count)
        self.append(found if count > COPIED else bytes(found))

    def old_text(self, count: int) -> None:
        """A string of Python 2: bytes or Latin text, nobody knows; the long ones are bytes."""
        self.bytes(count)
        if count <= PLAIN_TEXT:
            self.append(str(self.stack.pop(), "latin1"))

    def integer(self, count: int) -> None:
        if count > INTEGER:
            raise BadWeights(f"holds an integer of {count:,} bytes")
        self.append(int.from_bytes(self.slice(count), "little", signed=True))

    def load_string(self) -> None:
        quoted = self.readline()[:-1]
        if len(quoted) < 2 or quoted[0] != quoted[-1] or quoted[0] not in b"\"'":
            raise BadWeights("holds a string without quotes")
        self.append(str(codecs.escape_decode(quoted[1:-1])[0], "latin1"))

    def load_frame(self) -> None:
        count = self.number(8)
        if count > len(self.view) - self.at:
            raise BadWeights(f"announces a frame of {count:,} bytes, more than there are")

    # The memo, a list because genuine indices are consecutive

    def put(self, index: int) -> None:
        self.puts += 1
        if not 0 <= index <= self.puts + GAP:
            raise BadWeights(f"remembers a value under the number {index:,} without there being so many")
        while len(self.kept) <= index:
            self.kept.append(MISSING)
        top = self.kept[index] = self.stack[-1]
        if isinstance(top, Unfinished):
            top.kept.append(index)

    def get(self, index: int) -> None:
        if not 0 <= index < len(self.kept) or self.kept[index] is MISSING:
            raise BadWeights(f"refers to the value number {index:,} without there being one")
        self.append(self.kept[index])

    # Collections: only exact lists, dicts and sets are filled, and what is given to code is dropped

    def extend(self, items: list[Any]) -> None:
        target = self.target(list)
        if target is not None:
            target.extend(items)

    def load_setitem(self) -> None:
        value = self.stack.pop()
        key = self.stack.pop()
        target = self.target(dict)
        if target is not None:
            add_pairs(target, [(key, value)])

    def load_dict(self) -> None:
        items = self.pop_mark()
        self.append({})
        self.fill(items)

    def fill(self, items: list[Any]) -> None:
        target = self.target(dict)
        if target is not None:
            add_pairs(target, zip(items[::2], items[1::2], strict=True))

    def load_empty_set(self) -> None:
        self.budget.spend(3)  # an empty set takes the memory of four lists
        self.append(set())

    def load_additems(self) -> None:
        items = self.pop_mark()
        target = self.target(set)
        if target is not None:
            add_members(target, items)

    def load_frozenset(self) -> None:
        self.append(frozenset(add_members(set(), self.pop_mark())))

    def target(self, wanted: type) -> Any:
        top = self.stack[-1]
        if type(top) is wanted:
            return top
        if type(top) is Global and top.call is None:
            return None
        raise Forbidden(f"asks to fill {kind(top)} as if it were a {wanted.__name__}")

    # Globals and objects

    def load_global(self) -> None:
        module, name = self.readline()[:-1], self.readline()[:-1]
        self.append(self.named(str(module, "utf-8"), str(name, "utf-8")))

    def load_stack_global(self) -> None:
        name = self.stack.pop()
        self.append(self.named(self.stack.pop(), name))

    def load_reduce(self) -> None:
        args = self.stack.pop()
        self.append(self.call(self.stack.pop(), args))

    def load_inst(self) -> None:
        self.load_global()
        made = self.stack.pop()
        args = tuple(self.pop_mark())
        self.append(self.call(made, args))

    def load_obj(self) -> None:
        made, *args = self.pop_mark()
        self.append(self.call(made, tuple(args)))

    def load_build(self) -> None:
        state = self.stack.pop()
        top = self.stack[-1]
        if type(top) is Stub:
            top.state = state
        elif isinstance(top, Unfinished):
            self.finish(top, state)
        elif type(top) is dict:
            if state and not (type(state) is dict and state.keys() <= NEVER_BUILT):
                raise Forbidden("asks to set attributes of a dictionary")
        elif type(top) is not Global or top.call is not None:
            raise Forbidden(f"asks to set attributes of {kind(top)}")

    def finish(self, shell: Unfinished, state: Any) -> None:
        value = self.stack[-1] = shell.finish(self.budget, state)
        for index in shell.kept:
            if self.kept[index] is shell:
                self.kept[index] = value
        shell.kept.clear()

    def load_binpersid(self) -> None:
        if self.persistent is None:
            raise Forbidden("asks by a persistent id for something outside of itself")
        self.append(self.persistent(self.stack.pop()))


def kind(value: Any) -> str:
    return shown(value.name) if isinstance(value, Global | Stub) else f"a value of type {type(value).__name__}"


def refused(reader: Reader) -> None:
    code = chr(reader.view[reader.at - 1])
    for known in pickletools.opcodes:
        if known.code == code:
            raise Forbidden(f"asks for the pickle instruction {known.name}, which weights never need")
    raise BadWeights(f"holds no pickle instruction at byte {reader.at - 1:,}")


def sized(step: Callable[[Reader, int], None], width: int) -> Step:
    """The instruction whose argument is a length or an index of so many bytes; negative ones read as far too large."""
    return lambda reader: step(reader, reader.number(width))


HARMLESS = (  # the standard library's own steps: they only move plain values of fixed size
    *(pickle.NONE, pickle.NEWTRUE, pickle.NEWFALSE, pickle.INT, pickle.LONG, pickle.FLOAT),
    *(pickle.BININT, pickle.BININT1, pickle.BININT2, pickle.BINFLOAT),
    *(pickle.EMPTY_TUPLE, pickle.TUPLE, pickle.TUPLE1, pickle.TUPLE2, pickle.TUPLE3),
    *(pickle.EMPTY_LIST, pickle.LIST, pickle.EMPTY_DICT),
    *(pickle.POP, pickle.POP_MARK, pickle.DUP, pickle.PROTO, pickle.UNICODE),
)
OWN: dict[bytes, Step] = {
    pickle.MARK: Reader.load_mark,
    pickle.FRAME: Reader.load_frame,
    pickle.STRING: Reader.load_string,
    pickle.SHORT_BINSTRING: sized(Reader.old_text, 1),
    pickle.BINSTRING: sized(Reader.old_text, 4),
    pickle.SHORT_BINUNICODE: sized(Reader.text, 1),
    pickle.BINUNICODE: sized(Reader.text, 4),
    pickle.BINUNICODE8: sized(Reader.text, 8),
    pickle.SHORT_BINBYTES: sized(Reader.bytes, 1),
    pickle.BINBYTES: sized(Reader.bytes, 4),
    pickle.BINBYTES8: sized(Reader.bytes, 8),
    pickle.BYTEARRAY8: sized(Reader.bytes, 8),
    pickle.LONG1: sized(Reader.integer, 1),
    pickle.LONG4: sized(Reader.integer, 4),
    pickle.PUT: lambda reader: reader.put(int(reader.readline())),
    pickle.BINPUT: sized(Reader.put, 1),
    pickle.LONG_BINPUT: sized(Reader.put, 4),
    pickle.MEMOIZE: lambda reader: reader.put(len(reader.kept)),
    pickle.GET: lambda reader: reader.get(int(reader.readline())),
    pickle.BINGET: sized(Reader.get, 1),
    pickle.LONG_BINGET: sized(Reader.get, 4),
    pickle.APPEND: lambda reader: reader.extend([reader.stack.pop()]),
    pickle.APPENDS: lambda reader: reader.extend(reader.pop_mark()),
    pickle.SETITEM: Reader.load_setitem,
    pickle.SETITEMS: lambda reader: reader.fill(reader.pop_mark()),
    pickle.DICT: Reader.load_dict,
    pickle.EMPTY_SET: Reader.load_empty_set,
    pickle.ADDITEMS: Reader.load_additems,
    pickle.FROZENSET: Reader.load_frozenset,
    pickle.GLOBAL: Reader.load_global,
    pickle.STACK_GLOBAL: Reader.load_stack_global,
    pickle.REDUCE: Reader.load_reduce,
    pickle.NEWOBJ: Reader.load_reduce,
    pickle.INST: Reader.load_inst,
    pickle.OBJ: Reader.load_obj,
    pickle.BUILD: Reader.load_build,
    pickle.BINPERSID: Reader.load_binpersid,
}
Reader.dispatch = {code[0]: pickle._Unpickler.dispatch[code[0]] for code in HARMLESS} | {
    code[0]: step for code, step in OWN.items()
}
