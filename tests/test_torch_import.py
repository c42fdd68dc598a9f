"""Torch as the window imports it: without what drawing never needs, and whole again for whoever does need it."""

import subprocess
import sys

SCRIPT = """
import sys
from engine.torch_import import SHAPES, quickly
quickly()
import torch
assert SHAPES not in sys.modules and not hasattr(torch, "_meta_registrations")
from engine.recipe import Noise, Recipe
from engine.render.renderer import Renderer
frame = Renderer().render(Recipe(noise=Noise("random", 3)))
assert frame.pixels.std() > 10
assert SHAPES not in sys.modules
import engine.export.graphs
assert torch._meta_registrations is sys.modules[SHAPES]
kernels = torch.empty(4, 3, 3, 3, device="meta")
assert torch.nn.functional.conv2d(torch.empty(2, 3, 8, 8, device="meta"), kernels).shape == (2, 4, 6, 6)
"""


def test_drawing_does_without_the_rules_for_shapes_and_tracing_gets_them() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
