"""`metrics`: how good a model is, in the figures that papers print."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from tyro.conf import FlagCreatePairsOff, arg

from engine.progress import ended

from .options import Threads, use_threads
from .pictures import place
from .progress import follow

if TYPE_CHECKING:
    from engine.metrics.asked import Asked
    from engine.metrics.registry import Result

USUAL = "(default: where this system keeps caches)"


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Measure a model: FID and the other figures that papers print.

    A name may hold a count (fid50k, fid5k, pr500) and end in _full, which takes all real pictures instead of as many:
    fid, kid, pr and is (Inception v3 of 2015, VGG16); ppl_zfull, ppl_wfull anywhere on the path, ppl_zend, ppl_wend at its
    beginning (t = 0), ppl2_wend without crop; ls (linear separability); eqt_int, eqt_frac, eqr (StyleGAN3 only).
    sfid compares maps by place, rfid by a network with random weights, fid_class class by class; clip_score says how well
    pictures fit the captions that they were asked for, in the eyes of the pair that --pair names. words says how many pictures
    show what their captions (phrases between commas: "red hair, glasses") or classes say, attribute by attribute, as a small
    network reads them that learns it from the data set's pictures.
    fd_lite0, kd_lite0, pr_lite0, is_lite0, sfd_lite0, rfd_lite0 and fd_lite0_class look through EfficientNet-lite0, whose weights
    come with the extra `features`; they are not FID and not KID, and only good to compare models with one another.

    Weights of Inception, VGG16 and LPIPS are downloaded on first use, or taken from --weights-folder. What is known of the
    data set is kept for the next time.

    Examples:
      latent-explorer metrics --model runs/cats --data photos/cats --metrics fd_lite0_5k
      latent-explorer metrics --model ffhq.pkl --data ffhq --metrics fid50k,kid50k,pr50k --json figures.json
      latent-explorer metrics --model runs/cats --metrics ppl_wfull,ppl_wend --weights-folder weights
      latent-explorer metrics --model runs/both --data data/both --metrics fd_lite0_class_2k,sfd_lite0_2k
      latent-explorer metrics --model runs/many --data https://server/many-{000..099}.tar --metrics fid50k
      latent-explorer metrics --model runs/moods --data data/moods --metrics clip_score_1k --pair moods-pair.safetensors
      latent-explorer metrics --model runs/avatars --data data/avatars --metrics words1k
    """

    model: Annotated[str, arg(metavar="MODEL", help_behavior_hint="(default: the one that came with the program)")] = ""
    """A model that came with the program, a model file, or a training run's folder (its newest snapshot)."""
    data: Annotated[str, arg(metavar="FOLDER", help_behavior_hint="")] = ""
    """The pictures that the model was trained on; or a list of tar shards (.txt), or an http(s) address of them."""
    stream: FlagCreatePairsOff[bool] = False
    """Do not prepare the pictures on disk, but read tar shards as they come: so many from all over them as a metric takes."""
    metrics: Annotated[str, arg(metavar="NAMES")] = "fd_lite0_5k"
    """What to measure, separated by commas."""
    json: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """Write the figures here too."""
    weights_folder: Annotated[Path | None, arg(metavar="FOLDER", help_behavior_hint=USUAL)] = None
    """Where the weights of feature networks are, under the names that their authors gave them."""
    cache: Annotated[Path | None, arg(metavar="FOLDER", help_behavior_hint=USUAL)] = None
    """Where prepared pictures, what is known of data sets, and downloaded weights are kept."""
    mirror: FlagCreatePairsOff[bool] = False
    """The model was trained on mirrored pictures too."""
    seed: Annotated[int, arg(metavar="N")] = 0
    """Another seed draws other pictures."""
    batch: Annotated[int, arg(metavar="N")] = 8
    """Pictures that are drawn or judged at once."""
    processes: Annotated[int, arg(metavar="N")] = 1
    """Programs that work side by side; with several graphics cards one for each."""
    classifier_kimg: Annotated[float, arg(metavar="X")] = 150.0
    """For ls, and at most for words: thousands of pictures that the classifier of attributes sees while it learns."""
    pair: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """For clip_score: a pair that `guide` trained, or a folder with CLIP's weights and vocabulary."""
    device: Annotated[str, arg(metavar="DEVICE")] = "auto"
    """auto, cpu, cuda, cuda:1 or mps."""
    threads: Threads = 0
    """Processor threads to use."""

    def run(self) -> int:
        for name, value in (("batch", self.batch), ("processes", self.processes)):
            if not 1 <= value <= 1024:
                raise ValueError(f"--{name} {value} should be 1 to 1024")
        if not 0 <= self.seed < 2**32:
            raise ValueError(f"--seed {self.seed} should be 0 to {2**32 - 1}")
        use_threads(self.threads)
        from engine.metrics.registry import understood
        from engine.metrics.sharing import joined

        names = understood(self.metrics.split(","))
        with joined() as speaks:
            results = self.measured(names, speaks)
        if speaks:
            shown(results)
            if self.json is not None:
                self.write(self.json, results)
        return 0

    def measured(self, names: Sequence[Asked], speaks: bool = True) -> list[Result]:
        """All figures; of several processes one shows how far they are. Raises ValueError with one sentence."""
        from engine.caches import cache_folder
        from engine.data.streaming.addresses import is_list
        from engine.metrics.bench import Settings
        from engine.metrics.registry import measure
        from engine.render.models import MissingModel, find

        try:
            model = find(self.model)
        except MissingModel as error:
            raise ValueError(f"{error}; --model takes a name or a file") from None
        shards = place(self.data) if self.data and (self.stream or is_list(self.data)) else ""
        data = Path(self.data) if self.data and not shards else None
        cache = self.cache or cache_folder()
        with tempfile.TemporaryDirectory(prefix="metrics-") as scratch:
            settings = Settings(
                model,
                data,
                cache,
                Path(scratch),
                self.weights_folder,
                self.device,
                self.batch,
                self.seed,
                self.processes,
                self.mirror,
                self.classifier_kimg,
                self.pair,
                shards,
            )
            return follow(measure(names, settings), "Measuring") if speaks else ended(measure(names, settings))

    def write(self, path: Path, results: Sequence[Result]) -> None:
        """The figures and how they were measured, complete or not at all."""
        from engine.data.streaming.addresses import shown as plain
        from engine.whole import write_bytes

        told: dict[str, Any] = {
            "model": self.model,
            "data": plain(self.data) or None,
            "seed": self.seed,
            "batch": self.batch,
            "mirror": self.mirror,
            "results": [result._asdict() for result in results],
        }
        write_bytes(path, json.dumps(told, indent=1).encode())


def shown(results: Sequence[Result]) -> None:
    """A table of all figures, and below it what is to be known of them."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("metric", "value", "what it is", "pictures", "seconds"):
        table.add_column(heading, justify="right" if heading in ("value", "seconds") else "left")
    for result in results:
        pictures = ", ".join(f"{count} {kind}" for kind, count in result.pictures.items())
        rest = [result.title, pictures, f"{result.seconds:.0f}"]
        for name, value in result.values.items():
            table.add_row(name, f"{value:.6g}", *rest)
            rest = ["", "", ""]
    console = Console()
    console.print(table)
    for result in results:
        if result.note:
            console.print(f"{result.name}: {result.note}", markup=False, highlight=False)
