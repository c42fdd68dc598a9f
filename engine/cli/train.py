"""`train`, `resume`, `pause` and `stop`: a network learns a folder of pictures, as long as somebody lets it."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from tyro.conf import FlagCreatePairsOff, Positional, arg

from engine.recipe import put

from .guided import Guided
from .options import Precision, Settings, Threads, settled
from .pictures import ON, classes, hand_over, look, place
from .presets import PRESET_NOTES
from .training import check, train

if TYPE_CHECKING:
    from engine.training.config import Config
    from engine.training.run import Run

    from .pictures import Pictures

PRECISIONS = get_args(Precision)
Augment = Literal["off", "fixed", "ada", "diffaugment"]
AUGMENTS = get_args(Augment)
AUTO = "stylegan2-auto"
KEPT = "(default: as the preset says)"
BEFORE = "(default: as before)"
Processes = Annotated[int, arg(metavar="N")]
Number = Annotated[float | None, arg(metavar="X", help_behavior_hint=KEPT)]
Whole = Annotated[int | None, arg(metavar="N", help_behavior_hint=KEPT)]
Text = Annotated[str | None, arg(metavar="TEXT", help_behavior_hint=KEPT)]
Flag = Annotated[FlagCreatePairsOff[bool], arg(help_behavior_hint="")]

STARTING = 3.0  # seconds from somebody's wish until the first line of ours runs, on a busy machine
PLAIN = (
    "kimg",
    "r1_gamma",
    "device",
    "precision",
    "seed",
    "accumulate",
    "freeze",
    "samples_kimg",
    "snapshot_kimg",
    "licence",
)


@dataclass(frozen=True, kw_only=True)
class Train(Guided):
    """Train a network on a folder, zip or tar file of pictures of any size and kind.

    Sub-folders and shards are read too. Ctrl-C, or `stop` from elsewhere, finishes the step and saves; `resume` goes on. The run's
    folder holds its settings, sample grids, a model every so many pictures (each can be explored while
    training goes on) and all that resuming needs.

    Presets:
    {presets}

    Examples:
      latent-explorer train photos --out runs/photos --preset tiny
      latent-explorer train photos --out runs/photos --preset small-128 --no-mirror --kimg 300
      latent-explorer train animals --out runs/animals --preset small-128 --labels --set growth.training_kimg=20
      latent-explorer train portraits --out runs/portraits --preset stylegan2-auto --transfer ffhq.pkl --freeze 10
      latent-explorer train portraits --out runs/portraits --preset stylegan2-auto --processes 4
      latent-explorer train moods --out runs/moods --preset stylegan-t-tiny --guide moods-pair.safetensors
      latent-explorer train moods --out runs/words --preset stylegan-t-tiny --transfer runs/moods --learns text-encoder
    """

    folder: Annotated[Positional[str], arg(metavar="FOLDER")]
    """Where the pictures are; or a list of tar shards (.txt), or an http(s) address such as https://…/{{000..099}}.tar."""
    out: Annotated[Path, arg(metavar="RUN")]
    """A new folder for the run."""
    preset: Annotated[str, arg(metavar="NAME")]
    """Network, schedule and habits to start from, see above."""
    kimg: Number = None
    """Length of the training, in thousands of pictures shown."""
    batch: Whole = None
    """Pictures in a step, at every resolution."""
    mirror: Flag = False
    """Show half of the pictures mirrored left to right."""
    no_mirror: Flag = False
    """Show no picture mirrored."""
    mirror_y: Flag = False
    """Show half of the pictures upside down, as suits what has no top, such as textures."""
    labels: Flag = False
    """The sub-folders are classes."""
    stream: Flag = False
    """Do not prepare all pictures on disk first, but read tar shards as they come: for millions of pictures."""
    r1_gamma: Number = None
    """Weight of the R1 gradient penalty; less for small pictures, more when training becomes unstable."""
    augment: Annotated[Augment | None, arg(metavar="|".join(AUGMENTS), help_behavior_hint=KEPT)] = None
    """What the discriminator sees is augmented: ada adapts how much, fixed keeps --augment-p; for few pictures."""
    augment_p: Number = None
    """Probability of each augmentation that ada begins with, or that fixed keeps."""
    augment_kinds: Text = None
    """bgc and others: blit, geom, color, filter, noise, cutout or the first letters of several in this order."""
    transfer: Annotated[Path | None, arg(metavar="FILE", help_behavior_hint="")] = None
    """Begin with the weights of a model, or of a run, of the same family; it fits best at the same resolution and width."""
    freeze: Whole = None
    """So many layers of the discriminator, from the highest resolution on, keep what --transfer gave them."""
    accumulate: Whole = None
    """At most so many pictures pass through the networks at once, for want of memory; 0 is the whole batch."""
    seed: Whole = None
    """Start of everything random; the same seed trains the same network."""
    samples_kimg: Number = None
    """A grid of samples every so many thousand pictures."""
    snapshot_kimg: Number = None
    """A model, and a state to resume from, every so many thousand pictures."""
    licence: Text = None
    """What the pictures' licence allows; it travels with every model."""
    device: Text = None
    """auto, cpu, cuda, cuda:1 or mps."""
    precision: Annotated[Precision | None, arg(metavar="|".join(PRECISIONS), help_behavior_hint=KEPT)] = None
    """In which precision the networks compute; auto takes bf16 where the device gains from it."""
    set_: Settings = ()
    """Change any other setting, such as growth.training_kimg=20, network.resolution=64 or r1_interval=4."""
    threads: Threads = 0
    """Processor threads to use."""
    processes: Processes = 1
    """So many processes train together, each with its share of the batch: one for each GPU, or for groups of processor cores."""

    def run(self) -> int:
        if self.preset not in PRESET_NOTES:
            raise ValueError(f"there is no preset {self.preset!r}; there is {', '.join(PRESET_NOTES)}")
        if self.mirror and self.no_mirror:
            raise ValueError("--mirror and --no-mirror contradict each other; give one of them")
        found = look(self.folder, self.stream or ON in self.set_, self.labels)
        config = self.config(found)
        check(config)
        from engine.training.run import Run
        from engine.training.transfer import check_kin, newest

        if config.transfer:
            check_kin(newest(Path(config.transfer)), config.network)
        run = Run.create(self.out, config)
        try:
            hand_over(found, run)
            return train(run, self.threads, self.processes)
        except ValueError:
            if not run.states():  # it never began; leave the name free for the next try
                shutil.rmtree(run.folder, ignore_errors=True)
            raise

    def config(self, found: Pictures) -> Config:
        """The preset with the options laid over it. Raises ValueError with one sentence."""
        from engine.training.transfer import grown, transferred

        config = self.start(found)
        if self.transfer is not None:
            config = grown(transferred(config, self.transfer.resolve()), self.transfer)
        config = self.led(config, self.transfer)
        for name, value in self.changes(found).items():
            config = config if value is None else put(config, name, value)
        return settled(config, self.set_)

    def start(self, found: Pictures) -> Config:
        """The preset; one of them looks at the pictures and the device."""
        from engine.training.presets import PRESETS

        if self.preset != AUTO:
            return PRESETS[self.preset]
        from engine import device as devices
        from engine.training.auto import auto
        from engine.training.sides import side_of

        device = devices.named(self.device or "auto")
        return auto(len(found), side_of(Path(self.folder), found), device, devices.memory(device)[0])

    def changes(self, found: Pictures) -> dict[str, Any]:
        """What the options say of each setting; None: as it was."""
        changes: dict[str, Any] = {name: getattr(self, name) for name in PLAIN}
        changes |= {"data": place(self.folder), "mirror": True if self.mirror else None}
        changes["stream.on"] = self.stream or None
        changes |= {"mirror_y": True if self.mirror_y else None, **self.augmentations()}
        if self.no_mirror:
            changes["mirror"] = False
        if self.batch is not None:
            changes |= {"growth.batch": self.batch, "growth.batches": {}}
        if self.labels:
            changes |= {"labels": True, "network.label_size": classes(found)}
        return changes

    def augmentations(self) -> dict[str, Any]:
        """The same for how the discriminator's pictures are augmented."""
        found: dict[str, Any] = {"ada.p": self.augment_p, "ada.kinds": self.augment_kinds}
        if self.augment == "diffaugment":
            return {**found, "ada.mode": "off", "diffaugment": "color,translation,cutout"}
        return {**found, "ada.mode": self.augment}


@dataclass(frozen=True, kw_only=True)
class Resume:
    """Go on with a training as if it had never stopped, or that pauses; --kimg makes it longer.

    Examples:
      latent-explorer resume runs/photos
      latent-explorer resume runs/photos --kimg 1000
      latent-explorer resume runs/photos --set growth.rate=0.001 --set r1_gamma=2
    """

    folder: Annotated[Positional[Path], arg(name="run", metavar="RUN")]
    """The run's folder."""
    kimg: Annotated[float | None, arg(metavar="X", help_behavior_hint=BEFORE)] = None
    """New length of the whole training, in thousands of pictures shown."""
    device: Annotated[str | None, arg(metavar="TEXT", help_behavior_hint=BEFORE)] = None
    """auto, cpu, cuda, cuda:1 or mps."""
    precision: Annotated[Precision | None, arg(metavar="|".join(PRECISIONS), help_behavior_hint=BEFORE)] = None
    """In which precision the networks compute."""
    set_: Settings = ()
    """Go on with other settings, such as growth.rate=0.001, r1_gamma=2 or accumulate=8."""
    threads: Threads = 0
    """Processor threads to use."""
    processes: Processes = 1
    """So many processes train together; under `torchrun` it is not needed."""

    def run(self) -> int:
        begun = time.time() - STARTING
        from engine.training.changes import check_change
        from engine.training.run import Run

        run = Run(self.folder)
        if run.pausing():
            return self.wake(run)
        run.clear_pause()
        run.forget_stop_before(begun)  # one that comes while torch is being loaded, which takes seconds, must be heard
        before = config = run.config()
        for name in ("kimg", "device", "precision"):
            value = getattr(self, name)
            config = config if value is None else put(config, name, value)
        config = settled(config, self.set_)
        check(config)
        check_change(before, config)
        if config != before:
            run.write_config(config)
        return train(run, self.threads, self.processes)

    def wake(self, run: Run) -> int:
        """Lets whoever pauses go on. Raises ValueError where that should be with other settings."""
        if self.set_ or (self.kimg, self.device, self.precision) != (None, None, None):
            raise ValueError(
                f"{self.folder} pauses and keeps its settings; stop it first, then resume it with other ones"
            )
        run.clear_pause()
        print(f"{self.folder} goes on where it paused, in the program that trains it.")
        return 0


@dataclass(frozen=True, kw_only=True)
class Pause:
    """Ask a training that runs elsewhere to wait after this step, with all it holds in memory, until `resume`.

    To free the memory as well, `stop` it: it goes on later just as exactly.

    Examples:
      latent-explorer pause runs/photos
      latent-explorer resume runs/photos
    """

    folder: Annotated[Positional[Path], arg(name="run", metavar="RUN")]
    """The run's folder."""

    def run(self) -> int:
        from engine.training.run import Run

        run = Run(self.folder)
        run.config()
        run.request_pause()
        print(f"Asked {self.folder} to pause; `resume {self.folder}` lets it go on.")
        return 0


@dataclass(frozen=True, kw_only=True)
class Stop:
    """Ask a training that runs elsewhere to finish its step, save and end.

    Examples:
      latent-explorer stop runs/photos
    """

    folder: Annotated[Positional[Path], arg(name="run", metavar="RUN")]
    """The run's folder."""

    def run(self) -> int:
        from engine.training.run import Run

        run = Run(self.folder)
        run.config()
        run.request_stop()
        print(f"Asked {self.folder} to stop; `resume {self.folder}` goes on with it.")
        return 0
