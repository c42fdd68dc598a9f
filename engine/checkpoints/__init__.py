"""One door for every model file. To add a format: a file beside this with a `Format`'s functions, and its name in `FORMATS`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from engine.networks import Generator
from engine.weights import BadWeights
from engine.weights.refusals import shown

from . import lucidrains, native, nvidia_pickles, rosinality1, rosinality2, state_dicts, tensorflow_pickles
from .card import BadCheckpoint, Card, checked
from .file import File, Format

FORMATS: tuple[Format, ...] = (  # the first that recognises a file reads it
    rosinality1,
    rosinality2,
    lucidrains,
    state_dicts,
    nvidia_pickles,
    tensorflow_pickles,
    native,
)

__all__ = ["FORMATS", "BadCheckpoint", "Card", "load", "read_card"]


def load(path: Path) -> tuple[Generator, Card]:
    """The generator in float32 on the CPU, and its card with its identity. Raises BadCheckpoint with one sentence."""
    with explained(path):
        file = File(path)
        format = format_of(file)
        card = checked(format.card(file))
        tensors = format.tensors(file, card)
        file.forget()
        return native.assemble(path, card, tensors)


def read_card(path: Path) -> Card:
    """Only what a file says of itself; those of other programs say no identity. Raises BadCheckpoint with one sentence."""
    with explained(path):
        file = File(path)
        return checked(format_of(file).card(file))


def format_of(file: File) -> Format:
    """Told by the content alone. Raises ValueError where it is none that is known here."""
    for format in FORMATS:
        if format.recognises(file):
            return format
    raise ValueError("it holds no generator that is known here")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """The border at which whatever is wrong with a file, also a layout that nobody foresaw, becomes one sentence."""
    name = shown(path.name)
    try:
        yield
    except BadCheckpoint:
        raise
    except BadWeights as error:  # begins with the file's name
        raise BadCheckpoint(str(error)) from None
    except (ValueError, msgspec.ValidationError) as error:
        raise BadCheckpoint(f"{name}: {error}") from error
    except (LookupError, TypeError, AttributeError, ArithmeticError) as error:
        kind = type(error).__name__
        raise BadCheckpoint(f"{name} is damaged, or laid out in a way that is not known here ({kind})") from error
