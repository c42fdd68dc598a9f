"""The engine: networks, training, rendering. No window anywhere in it."""

import os

from .heap import keep_memory

# Read by OpenMP when torch loads it, so it must be said before. Threads that wait spinning, as they do by default, take the
# processor from whoever they wait for when anything else runs beside (a training, the window itself): tenfold slower.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

keep_memory()  # here, before any thread asks for memory
