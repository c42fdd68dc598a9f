"""Cuts a text into pieces of words that a language model knows by number, as BERT's tokenizer does (Devlin et al. 2019)."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from engine.weights import BadWeights
from engine.weights.refusals import shown

START, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
LONGEST = 100  # letters of a word that is looked at
IDEOGRAPHS = (  # each a word by itself
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip


class WordPiece:
    """A vocabulary: pieces of words in the order of their numbers; those within a word begin with ##. Capitals do not count."""

    def __init__(self, vocabulary: Path | Sequence[str]):
        """From a file with a piece a line, or the pieces. Raises BadWeights with one sentence for what is no vocabulary."""
        pieces = lines(vocabulary) if isinstance(vocabulary, Path) else vocabulary
        name = vocabulary.name if isinstance(vocabulary, Path) else "the model's own vocabulary"
        self.numbers = {piece: number for number, piece in enumerate(pieces)}
        if missing := [piece for piece in (START, END, UNKNOWN) if piece not in self.numbers]:
            raise BadWeights(f"{shown(name)} is no list of words: it lacks {missing[0]}")

    def __call__(self, text: str, most: int) -> list[int]:
        """Numbers of the pieces of a text between those of start and end, `most` in all."""
        found = [number for word in words(text) for number in pieces_of(word, self.numbers)]
        return [self.numbers[START], *found[: most - 2], self.numbers[END]]


def lines(file: Path) -> list[str]:
    """The pieces in a file. Raises BadWeights with one sentence."""
    try:
        return file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadWeights(f"{shown(file.name)} is no list of words") from None


def words(text: str) -> list[str]:
    """Words in small letters without accents; every mark and ideograph is a word by itself."""
    plain = "".join(_spaced(letter) for letter in text)
    lowered = unicodedata.normalize("NFD", plain).lower()
    return "".join(f" {x} " if _mark(x) else x for x in lowered if unicodedata.category(x) != "Mn").split()


def _spaced(letter: str) -> str:
    """Nothing for what cannot be seen, and room around ideographs."""
    if letter.isspace():
        return " "
    if letter == "\ufffd" or unicodedata.category(letter).startswith("C"):
        return ""
    return f" {letter} " if any(first <= ord(letter) <= last for first, last in IDEOGRAPHS) else letter


def _mark(letter: str) -> bool:
    """Whether a letter is punctuation, to which all of ASCII counts that is neither letter, digit nor space."""
    return unicodedata.category(letter).startswith("P") or (" " < letter < "\x7f" and not letter.isalnum())


def pieces_of(word: str, numbers: Mapping[str, int]) -> Iterator[int]:
    """The longest known pieces of a word, from its beginning; where one is not known, all of it is the unknown."""
    found, start = [], 0
    while start < len(word) <= LONGEST:
        prefix = "##" if start else ""
        end = next((end for end in range(len(word), start, -1) if prefix + word[start:end] in numbers), None)
        if end is None:
            break
        found.append(numbers[prefix + word[start:end]])
        start = end
    yield from found if start == len(word) else [numbers[UNKNOWN]]
