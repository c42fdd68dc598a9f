"""The command line for tests of what it says about model files."""

from tests.cli.conftest import say

__all__ = ["say"]
