"""What the program does where no window can be shown: the demo model's pictures, by the command line's commands."""

import shlex
from pathlib import Path

from engine.cli.main import main

OUT = Path("out")
COMMANDS = (
    ("a contact sheet", "render --seeds 0-31 --grid 8x4 --out {out}"),
    ("a mixing grid", "mix --rows 0-3 --cols 4-9 --layers coarse --out {out}/mix.png"),
    ("a short film", "video --seeds 1,5,9 --seconds 2 --fps 30 --out {out}/video.mp4"),
)


def headless(reason: str, out: Path = OUT) -> int:
    """Makes a contact sheet, a mixing grid and a film in `out`; gives the exit code."""
    print(f"No window: {reason}. The demo model's pictures go to {out.resolve()} instead.", flush=True)
    for what, line in COMMANDS:
        arguments = [word.format(out=out) for word in line.split()]
        print(f"\n{what}: latent-explorer {shlex.join(arguments)}", flush=True)
        if (code := main(arguments)) != 0:
            return code
    print(
        f"\nAll is in {out.resolve()}. For the window, run this on a machine with a screen, over `ssh -X`, "
        "or on a virtual screen: `xvfb-run -a make run`."
    )
    return 0
