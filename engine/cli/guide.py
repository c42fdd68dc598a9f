"""`guide`: trains what guides a generator, from pictures with captions or in class folders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from tyro.conf import FlagCreatePairsOff, Positional, arg

from .options import Threads, use_threads
from .progress import follow


@dataclass(frozen=True, kw_only=True)
class Guide:
    """Train a guide on a folder of pictures: a pair of encoders for words and pictures, or with --labels a classifier.

    A StyleGAN-T reads with the words' half of a pair, which travels in its model, and is led by the pictures' half. A classifier
    leads a StyleGAN-XL towards its classes. Captions lie beside the pictures as .txt or in dataset.json; those of sample
    data are made of their attributes. It looks through EfficientNet-lite0, whose weights come with the extra `features`.

    Examples:
      latent-explorer guide data/moods --out moods-pair.safetensors
      latent-explorer train data/moods --out runs/moods --preset stylegan-t-tiny --guide moods-pair.safetensors
      latent-explorer guide data/both --labels --out both-classes.safetensors
      latent-explorer grow runs/both --to 64 --guide both-classes.safetensors
    """

    folder: Annotated[Positional[Path], arg(metavar="FOLDER")]
    """Where the pictures are."""
    out: Annotated[Path, arg(metavar="FILE")]
    """The file of the guide, which ends in .safetensors."""
    labels: FlagCreatePairsOff[bool] = False
    """The sub-folders are classes: train a classifier of them."""
    steps: Annotated[int, arg(metavar="N")] = 600
    """Steps that it learns."""
    seed: Annotated[int, arg(metavar="N")] = 0
    """Another seed begins with other weights."""
    device: Annotated[str, arg(metavar="DEVICE")] = "auto"
    """auto, cpu, cuda, cuda:1 or mps."""
    threads: Threads = 0
    """Processor threads to use."""

    def run(self) -> int:
        if not 1 <= self.steps <= 1_000_000:
            raise ValueError(f"--steps {self.steps} should be 1 to 1000000")
        if self.out.suffix != ".safetensors":
            raise ValueError(f"--out {self.out} should end in .safetensors")
        use_threads(self.threads)
        from engine import device as devices
        from engine.caches import cache_folder
        from engine.training.pairing import AMONG, train_guide

        cache = cache_folder() / "pictures"
        device = str(devices.named(self.device))
        work = train_guide(self.folder, self.out, cache, self.labels, self.steps, self.seed, device)
        learnt = follow(work, "Learning")
        finds = "the class" if self.labels else f"the right text among {AMONG}"
        share = f"{100 * learnt.design.accuracy:.1f} %"
        print(f"Learnt from {learnt.pictures} pictures; of those held back it finds {finds} for {share}.")
        print(f"The guide is {self.out}")
        return 0
