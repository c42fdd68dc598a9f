"""Cuts a text into CLIP's tokens: pairs of bytes that are often neighbours, merged again and again (Sennrich et al. 2016).

The vocabulary is a file that the person names. Not verified with the published vocabulary, which could not be had where this was
written, but with a small one in its layout. Broken letters, which the original mends beforehand (by the library ftfy), stay broken.
"""

import gzip
import html
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from engine.weights import BadWeights
from engine.weights.refusals import shown

from .published import MissingWeights, Published

VOCABULARY = Published("bpe_simple_vocab_16e6.txt.gz", "https://github.com/openai/CLIP", 1.4, "MIT")
START, END = "<|startoftext|>", "<|endoftext|>"
LAST = "</w>"  # follows the last letter of a word
TOKENS = 49408  # of the published vocabulary; what its file holds beyond is not used
MOST_BYTES = 2**25
ENDINGS = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")


class BytePairs:
    """A vocabulary: a text file, gzipped or not, whose lines after the first are pairs to merge, the most frequent first."""

    def __init__(self, file: Path, kept: bytes | None = None):
        """`kept` are the file's bytes where they are known already.

        Raises MissingWeights where there is no file, and BadWeights with one sentence for one that is no vocabulary.
        """
        self.file = file
        merges = _merges(file, kept)
        letters = byte_letters().values()
        pieces = [*letters, *(letter + LAST for letter in letters), *map("".join, merges), START, END]
        self.ranks = {merge: rank for rank, merge in enumerate(merges)}
        self.numbers = {piece: number for number, piece in enumerate(pieces)}

    def __call__(self, text: str, context: int) -> list[int]:
        """Numbers of the tokens between those of start and end, `context` in all: cut where there are more, 0 after fewer."""
        found = [self.numbers[piece] for word in words(text) for piece in self.pieces(word)][: context - 2]
        row = [self.numbers[START], *found, self.numbers[END]]
        return row + [0] * (context - len(row))

    def pieces(self, word: str) -> Sequence[str]:
        """The pieces of a word: neighbours are merged, the most frequent pair first, until no pair is known."""
        letters = byte_letters()
        parts = [letters[byte] for byte in word.encode("utf-8")]
        parts[-1] += LAST
        while len(parts) > 1:
            best = min(pairwise(parts), key=lambda pair: self.ranks.get(pair, len(self.ranks)))
            if best not in self.ranks:
                break
            parts = list(_merged(parts, best))
        return parts


@lru_cache(1)
def byte_letters() -> dict[int, str]:
    """A letter that can be seen for each of 256 bytes, in the order in which tokens are numbered: what can be seen comes first."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    unseen = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {byte: chr(256 + n) for n, byte in enumerate(unseen)}


def words(text: str) -> Iterator[str]:
    """Words in small letters: runs of letters, single digits, runs of other marks, and English endings such as 's."""
    text = " ".join(html.unescape(html.unescape(text)).split()).lower()
    start = 0
    while start < len(text):
        end = _end(text, start)
        if not text[start].isspace():
            yield text[start:end]
        start = end


def _end(text: str, start: int) -> int:
    """Where the word that begins there ends."""
    for known in (START, END, *ENDINGS):
        if text.startswith(known, start):
            return start + len(known)
    kind, end = _kind(text[start]), start + 1
    while kind in "LP" and end < len(text) and _kind(text[end]) == kind:
        end += 1
    return end


def _kind(letter: str) -> str:
    """L: letter, N: digit or number, S: space, P: anything else."""
    if letter.isspace():
        return "S"
    kind = unicodedata.category(letter)[0]
    return kind if kind in "LN" else "P"


def _merged(parts: Sequence[str], pair: tuple[str, str]) -> Iterator[str]:
    place = 0
    while place < len(parts):
        both = tuple(parts[place : place + 2]) == pair
        yield "".join(pair) if both else parts[place]
        place += 2 if both else 1


def _merges(file: Path, kept: bytes | None) -> list[tuple[str, str]]:
    try:
        lines = _text(file, kept).split("\n")[1:]
    except FileNotFoundError:
        raise MissingWeights(
            f"there is no file {file}; CLIP's vocabulary {VOCABULARY.file} is published at {VOCABULARY.address} (folder clip)"
        ) from None
    except (OSError, EOFError, UnicodeDecodeError, zlib.error):
        raise BadWeights(f"{shown(file.name)} is no vocabulary of byte pairs") from None
    rows = [tuple(line.split()) for line in lines[: TOKENS - 2 * 256 - 2] if line.strip()]
    if not rows or any(len(row) != 2 for row in rows):
        raise BadWeights(f"{shown(file.name)} is no vocabulary of byte pairs: each line should hold two pieces")
    return [(row[0], row[1]) for row in rows]


def _text(file: Path, kept: bytes | None) -> str:
    with file.open("rb") if kept is None else BytesIO(kept) as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        with gzip.open(raw, "rb") if packed else nullcontext(raw) as source:
            data = source.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError("too large")
    return data.decode("utf-8")
