"""Torch as the window imports it: without what drawing never needs, and whole again for whoever does need it."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
from pathlib import Path
from engine.torch_import import SHAPES, quickly
quickly()
import torch
assert SHAPES not in sys.modules and not hasattr(torch, "_meta_registrations")
from engine.recipe import Recipe
from engine.render.renderer import Renderer
frame = Renderer().render(Recipe())
assert frame.pixels.std() > 10
assert SHAPES not in sys.modules
from engine.export.graphs import write_programs
from tests.models import random_generator
written = write_programs(Path(sys.argv[1]) / "model.pt2", random_generator("stylegan2").eval())
program = torch.export.load(written[0])
assert torch._meta_registrations.__name__ == SHAPES
"""


def test_drawing_does_without_the_rules_for_shapes_and_tracing_gets_them(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
