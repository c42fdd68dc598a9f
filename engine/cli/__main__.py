"""`python -m engine.cli`: the command line without the window."""

import sys

from .main import main

if __name__ == "__main__":
    sys.exit(main())
