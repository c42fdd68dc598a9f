"""The command line, and a place without embedded models."""

from tests.cli.conftest import _no_models_embedded, say

__all__ = ["_no_models_embedded", "say"]
