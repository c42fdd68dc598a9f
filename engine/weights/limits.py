"""How much of everything a weight file may ask for, so that no file costs more time or memory than its size earns."""

from .refusals import BadWeights

FILE_BYTES = 16 * 2**30
STEPS = 1_500_000  # pickle instructions; tiny StyleGAN2 and 3 snapshots take 46,000 and 59,000
COSTLY = 20  # instructions' worth of time that a global, a tensor or an array takes
FOLLOWING = 6  # instructions' worth of time that checking one collection takes
MARKS = 1_000  # marks open at once; genuine files: below 50
LINE = 1_024  # bytes of one line of text arguments
INTEGER = 32  # bytes of one integer; torch's magic number has 10
HEADER = 8 * 2**20  # bytes of a safetensors header; a thousand tensors take a hundred thousand
DIRECTORY = 4 * 2**20  # bytes of a zip's directory
GAP = 1_024  # how far memo indices may run ahead of their count
PLAIN_TEXT = 4_096  # Python 2's strings hold text or bytes; longer ones are bytes
COPIED = 64  # bytes; longer byte strings stay slices of the file
ODD_KEYS = 1_024  # keys other than str in one container: their hashes can be chosen to collide
DEPTH = 400  # containers in containers; a module within modules takes five
NODES = 10_000_000  # values met by one who follows every reference
DIMENSIONS = 16
NUMBERS = 2**48  # elements of one tensor, counting axes of length 0 as 1


class Budget:
    """What is left to the one file being read: instructions, and bytes of text, copies, tensors and arrays."""

    def __init__(self, size: int) -> None:
        self.steps = STEPS
        self.bytes = 4 * size + 64 * 2**20

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise BadWeights(f"takes more than {STEPS:,} pickle instructions, which no genuine weight file does")

    def claim(self, count: int) -> None:
        self.bytes -= count
        if self.bytes < 0:
            raise BadWeights("unpacks to far more than its own size, which no genuine weight file does")
