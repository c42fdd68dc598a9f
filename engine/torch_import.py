"""Importing torch for drawing."""

import sys
from importlib import import_module
from types import ModuleType

SHAPES = "torch._meta_registrations"  # some 0.7 s of the 1.7 s that the import takes
CHANCE = "torch._prims.rng_prims"  # which those rules import, and without which torch makes no random numbers of a seed


def quickly() -> None:
    """Imports torch without its rules for the shapes of tensors that have no data, which only tracing a network needs.

    Whoever imports those rules afterwards gets them, as torch's own tracers do and `engine.export.graphs`. Where torch is there
    already, nothing happens.
    """
    if "torch" in sys.modules:
        return
    later = sys.modules[SHAPES] = _Later(SHAPES)
    try:
        torch = import_module("torch")
        import_module(CHANCE)
    finally:
        if sys.modules.get(SHAPES) is later:
            del sys.modules[SHAPES]
    if vars(torch).get("_meta_registrations") is later:
        del torch._meta_registrations


class _Later(ModuleType):
    """Stands for a module that is read when somebody asks for something in it."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)
