"""The command line: which commands there are, and the border at which every error becomes one sentence."""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from inspect import cleandoc
from typing import Protocol

import tyro

from .convert import Convert
from .dataset import Check, Sample, Styles
from .dataset_prepare import Prepare
from .grow import Grow
from .guide import Guide
from .info import Info
from .metrics import Metrics
from .mix import Mix
from .models import Get, Models
from .presets import listed
from .progress import tell
from .render import Render
from .train import Pause, Resume, Stop, Train
from .trial import Trial
from .video import Video

PROGRAM = "latent-explorer"
HELP = ("-h", "--help", "help")
INTERRUPTED = 130  # as shells count it: 128 + SIGINT


OPTION = re.compile(r"--|[A-Z]{2,}( |$)")
JARGON = {
    "invalid literal for int() with base 10:": "it should be a whole number, not",
    ". Expected 1 values": "",
    "could not convert string to float:": "it should be a number, not",
}


class Command(Protocol):
    """A frozen struct of options that knows what to do with them."""

    def run(self) -> int:
        """Does it; gives the exit code."""


@dataclass(frozen=True, kw_only=True)
class Doctor:
    """Look whether all is well on this machine, and whether every device computes right.

    Examples:
      latent-explorer doctor
    """

    def run(self) -> int:
        from .doctor import doctor

        return doctor()


COMMANDS: dict[str, type[Command]] = {
    "render": Render,
    "mix": Mix,
    "video": Video,
    "info": Info,
    "convert": Convert,
    "models get": Get,
    "models": Models,
    "train": Train,
    "trial": Trial,
    "resume": Resume,
    "grow": Grow,
    "guide": Guide,
    "pause": Pause,
    "stop": Stop,
    "dataset check": Check,
    "dataset prepare": Prepare,
    "metrics": Metrics,
    "dataset sample": Sample,
    "dataset styles": Styles,
    "doctor": Doctor,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the words of a command line say; gives the exit code: 0, 1 or 2 after bad input, 130 after Ctrl-C."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with sentences():
            return obey(words)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        tell("Stopped; nothing half-written is left.")
        return INTERRUPTED


def obey(words: Sequence[str]) -> int:
    """Does what the words say; all is said when it returns, so that a reader who is gone is noticed inside the border."""
    commands = listing(words)
    try:
        if commands is None:
            return parsed(words).run()
        print(overview(commands))
        return 0
    finally:
        sys.stdout.flush()


@contextlib.contextmanager
def sentences() -> Iterator[None]:
    """Shows an error that a person can mend as one sentence and ends with 2; faults of the program itself rise."""
    try:
        yield
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except (ValueError, OSError, MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "memory" not in str(error):
            raise
        tell(f"{PROGRAM}: {sentence(error)}")
        raise SystemExit(2) from None


def sentence(error: Exception) -> str:
    """What is wrong, in one line."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    if isinstance(error, MemoryError | RuntimeError):
        first = str(error).split("\n")[0].split(". ")[0]
        return f"there is not enough memory for this ({first or 'out of memory'}); close other programs or ask for less"
    return " ".join(str(error).split())


def parsed(words: Sequence[str]) -> Command:
    """The command that the words mean. Raises ValueError with one sentence, and SystemExit(0) after a help text."""
    name = next((name for name in COMMANDS if list(words[: name.count(" ") + 1]) == name.split()), None)
    if name is None:
        raise ValueError(unknown(words))
    kind = COMMANDS[name]
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            return tyro.cli(
                kind,
                prog=f"{PROGRAM} {name}",
                description=cleandoc(kind.__doc__ or "").replace("{presets}", listed()),
                args=list(words[name.count(" ") + 1 :]),
            )
    except SystemExit as end:
        if end.code in (0, None):
            raise
        raise ValueError(f"{complaint(said.getvalue())}; see {PROGRAM} {name} --help") from None


def unknown(words: Sequence[str]) -> str:
    """What to say of a command that does not exist."""
    group = [name for name in COMMANDS if name.startswith(f"{words[0]} ")]
    if group:
        return f"{words[0]} what? There is: {', '.join(group)}"
    near = difflib.get_close_matches(words[0], COMMANDS, 1)
    guess = f"did you mean {near[0]}?" if near else f"there is {', '.join(COMMANDS)};"
    return f"there is no command {words[0]!r}; {guess} see {PROGRAM} --help"


def complaint(box: str) -> str:
    """The sentence inside the box that tyro draws around a wrong option, and the options it thinks were meant."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", box)
    rows = [row.strip("│| ").strip() for row in plain.splitlines() if row.startswith(("│", "|"))]
    rules = [at for at, row in enumerate(rows) if row.startswith("──")]
    before, after = (rows[: rules[0]], rows[rules[0] :]) if rules else (rows, [])
    said = " ".join(row for row in before if row).rstrip(".") or "these options cannot be read"
    if said.startswith("Missing from"):
        return f"{' and '.join(row.split()[0] for row in before[1:] if OPTION.match(row))} must be given"
    for jargon, plain in JARGON.items():
        said = said.replace(jargon, plain)
    near = dict.fromkeys(row.split()[0] for row in after if row.startswith("--"))
    guesses = " or ".join(name for name in near if name not in said)
    return said[0].lower() + said[1:] + (f" (perhaps {guesses})" if guesses else "")


def listing(words: Sequence[str]) -> list[str] | None:
    """The commands that the words ask to be told about: all, or those of a group as in `dataset --help`; else None."""
    if not words or words[0] in HELP:
        return list(COMMANDS)
    if words[0] in COMMANDS:  # a command of its own, also where others begin with its name
        return None
    group = [name for name in COMMANDS if name.startswith(f"{words[0]} ")]
    return group if group and all(word in HELP for word in words[1:]) else None


def overview(names: Sequence[str]) -> str:
    """The help text of the program itself, with these commands."""
    width = max(map(len, names)) + 2
    lines = [f"  {name:<{width}}{cleandoc(COMMANDS[name].__doc__ or '').splitlines()[0]}" for name in names]
    return "\n".join(
        (
            f"usage: {PROGRAM} COMMAND [options]     (without a command: the window)",
            "",
            "Explore the latent space of StyleGAN, and train it on your own pictures.",
            "",
            *lines,
            "",
            f"Each command explains its options, with examples: {PROGRAM} COMMAND --help",
            "",
            "Examples:",
            f"  {PROGRAM} render --seeds 0-31 --grid 8x4 --out sheet.png",
            f"  {PROGRAM} dataset sample landscape data/landscape --count 2000 --size 32",
            f"  {PROGRAM} train data/landscape --out runs/first --preset tiny",
            f"  {PROGRAM} video --model runs/first --seeds 1,5,9 --out film.mp4 --scale 8",
        )
    )
