"""Memory that a picture has used serves the next one, instead of going back to the system and being cleared page by page.

Feature maps come and go with every layer, and the C library of Linux hands large blocks back as soon as they are free. Clearing the
pages again then takes nearly as long as the computation, and at 512² and above longer than all that lies between convolutions.
"""

import ctypes
import os
import platform
from collections.abc import Mapping

TRIM, FAST, MAPPED, ARENAS = -1, 1, -4, -8  # parameters of mallopt in glibc's malloc.h
SHARE = 4  # at most this part of the machine's memory is kept, and no more than what mallopt's int can say


def keep_memory() -> bool:
    """From now on freed memory stays with the process, up to a quarter of the machine's; False where that cannot be asked for.

    Blocks are found again only if the few bytes beside them, cut off to align them, are joined to them as they are freed: hence no
    fast bins. Threads that have asked for memory already keep to blocks of 32 MiB, so it should be called before they start.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    most = min(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // SHARE, 2**31 - 1)
    return ask({ARENAS: 1, MAPPED: 0, FAST: 0, TRIM: most})


def ask(wanted: Mapping[int, int]) -> bool:
    """Sets parameters of glibc's malloc; whether it took them all."""
    mallopt = ctypes.CDLL(None).mallopt
    taken = [mallopt(parameter, value) == 1 for parameter, value in wanted.items()]
    return all(taken)
