"""Reads weight files of any origin as inert data: nothing in them is imported, built or run."""

from .door import read
from .inert import Global, Stub
from .refusals import BadWeights, Forbidden

__all__ = ["BadWeights", "Forbidden", "Global", "Stub", "read"]
