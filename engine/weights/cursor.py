"""A place in a stretch of memory, read forward and never past its end."""

from .limits import LINE, Budget
from .refusals import BadWeights


class Cursor:
    def __init__(self, view: memoryview, budget: Budget) -> None:
        self.view, self.at = view, 0
        self.budget = budget

    def read(self, count: int = -1) -> bytes:
        return bytes(self.slice(count))

    def readline(self) -> bytes:
        line = bytes(self.view[self.at : self.at + LINE])
        end = line.find(b"\n") + 1
        if not end:
            raise BadWeights(f"holds a line without end at byte {self.at:,}")
        self.at += end
        self.budget.claim(4 * end)
        return line[:end]

    def slice(self, count: int) -> memoryview:
        start, end = self.at, self.at + count
        if not start <= end <= len(self.view):
            raise BadWeights(f"asks for {count:,} bytes at byte {start:,}, more than there are")
        self.at = end
        return self.view[start:end]

    def number(self, width: int) -> int:
        return int.from_bytes(self.slice(width), "little")
