"""The engine: networks, training, rendering. No window anywhere in it."""

import ctypes
import os
import sys

# Read by OpenMP when torch loads it, so it must be said before. Threads that wait spinning, as they do by default, take the
# processor from whoever they wait for when anything else runs beside (a training, the window itself): tenfold slower.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Feature maps come and go with every layer. glibc gives freed memory back to the system at once, and fresh pages then cost
# nearly as much as the computation: pictures took twice as long. mallopt(3) of trim threshold, top pad, mmap threshold.
if sys.platform == "linux" and hasattr(_libc := ctypes.CDLL(None), "mallopt"):
    for _option, _bytes in ((-1, 2**30), (-2, 2**24), (-3, 2**25)):
        _libc.mallopt(_option, _bytes)
