"""Why a weight file is not opened, each time in one sentence."""

LONGEST_NAME = 120


class BadWeights(ValueError):
    """A file that cannot be read as weights; the message is one sentence for a person."""


class Forbidden(BadWeights):
    """A file that asks for something which reading weights never needs; the message names it."""


def shown(text: str) -> str:
    """Text from a file, safe to print: one line, of bounded length, plain ASCII."""
    plain = ascii(text[:LONGEST_NAME])[1:-1]
    return plain[:LONGEST_NAME] + "..." if len(text) > LONGEST_NAME or len(plain) > LONGEST_NAME else plain
