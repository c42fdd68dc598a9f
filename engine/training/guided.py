"""How a training is given a guide, captions, or the next phase of a StyleGAN-T, beside what its preset says."""

from pathlib import Path

from msgspec import structs

from engine import checkpoints
from engine.feature_networks.clip import CLIPS
from engine.feature_networks.clip_pair import named
from engine.feature_networks.clip_reader import reader_in
from engine.feature_networks.reader import OWN
from engine.feature_networks.sentences import SentenceEncoder, SentenceSize
from engine.metrics.guides import Design, read_design
from engine.networks import StyleGANT, StyleGANXL

from .config import Config
from .guidance import IMAGENET
from .learning import FROZEN, Guidance, Learns
from .run import Run
from .transfer import newest, transferred

CLASSES, WORDS, READING = (
    8.0,
    0.2,
    50.0,
)  # weights of guidance: StyleGAN-XL's, and StyleGAN-T's in its first and second phase
READER_RATE, JUDGE_RATE = 3e-6, 0.002


def guided(config: Config, by: str) -> Config:
    """The configuration with a guide; a StyleGAN-T takes over the words' half of a pair as its reader.

    Raises BadCheckpoint or ValueError with one sentence.
    """
    network = config.network
    if isinstance(network, StyleGANXL):
        by = by if by == IMAGENET else str(Path(by).resolve())
        return structs.replace(config, guidance=structs.replace(config.guidance, by=by, weight=CLASSES))
    if not isinstance(network, StyleGANT):
        raise ValueError("a guide is for StyleGAN-XL and StyleGAN-T; choose one of their presets")
    design = check_words(Path(by))
    if design is None:
        return _by_clip(config, network, Path(by))
    network = structs.replace(
        network, label_size=0, text_size=design.outputs, encoder=OWN, reader=design.reader, tower=None
    )
    return structs.replace(config, network=network, guidance=Guidance(str(Path(by).resolve()), WORDS))


def check_words(by: Path) -> Design | None:
    """What a file says of its pair; None for a folder that holds a CLIP. Raises BadCheckpoint or ValueError with one sentence."""
    if by.is_dir():
        if not named(by):
            files = " or ".join(kind.source.file for kind in CLIPS.values())
            raise ValueError(f"the folder {by} holds no CLIP: {files} is missing")
        return None
    design = read_design(by)
    if design.reader is None:
        raise ValueError(f"{by} is a classifier; a StyleGAN-T needs a pair for words, which `guide` trains")
    return design


def _by_clip(config: Config, network: StyleGANT, folder: Path) -> Config:
    """With the CLIP in a folder, which stays where it is: its files are needed to ask the model for something."""
    name = named(folder)
    size = CLIPS[name].size.features
    known = network.tower is not None and network.tower.name == name
    network = structs.replace(network, label_size=0, text_size=size, encoder=name, reader=None, tower=None)
    if known or config.learns == "text-encoder":
        network = _carrying(network, folder)
    return structs.replace(config, network=network, guidance=Guidance(str(folder.resolve()), WORDS))


def _carrying(network: StyleGANT, folder: Path) -> StyleGANT:
    """One that reads with the CLIP in a folder as one that carries the words' half of it. Raises ValueError with one sentence."""
    return structs.replace(network, encoder=OWN, tower=reader_in(folder, network.encoder))


def captioned(config: Config) -> Config:
    """The configuration of a StyleGAN-T that reads with the sentence model, and is guided by nobody. Raises ValueError."""
    if not isinstance(config.network, StyleGANT):
        raise ValueError("only a StyleGAN-T learns from captions; choose one of its presets")
    network = structs.replace(
        config.network,
        label_size=0,
        text_size=SentenceSize().width,
        encoder=SentenceEncoder.name,
        reader=None,
        tower=None,
    )
    return structs.replace(config, network=network)


def phase(config: Config, learns: Learns, before: Path) -> Config:
    """The configuration of another phase of a StyleGAN-T after that of a run or model, whose network it goes on with.

    One that reads with CLIP carries the words' half of it from its second phase on.

    Raises BadCheckpoint or ValueError with one sentence.
    """
    earlier = checkpoints.read_card(newest(before)).network
    if not isinstance(config.network, StyleGANT) or not isinstance(earlier, StyleGANT):
        raise ValueError(
            "only a StyleGAN-T learns by phases; choose one of its presets, and --transfer one of its runs"
        )
    larger = max(earlier.resolution, config.network.resolution)
    guidance = Run(before).config().guidance if before.is_dir() else config.guidance
    network = structs.replace(earlier, resolution=larger)
    if learns == "text-encoder" and guidance.by and network.encoder in CLIPS:
        network = _carrying(network, Path(guidance.by))
    config = structs.replace(config, network=network, learns=learns, guidance=guidance)
    return second(config) if learns == "text-encoder" else config


def risen(config: Config, resolution: int, before: Path) -> Config:
    """The configuration of a StyleGAN-T that goes on with an earlier run's layers at a higher resolution.

    Above 64 pixels a side only what is finer learns (Sauer et al. 2023, section 4); up to there, everything.
    """
    network = structs.replace(config.network, resolution=resolution)
    learns: Learns = "freeze64" if resolution > FROZEN else "all"
    return structs.replace(transferred(config, before.resolve()), network=network, learns=learns)


def second(config: Config) -> Config:
    """The paper's second phase: the reader learns slowly, and its guide counts most (Sauer et al. 2023, section 4)."""
    growth = structs.replace(config.growth, rate=READER_RATE, rates={})
    guidance = structs.replace(config.guidance, weight=READING)
    return structs.replace(config, learns="text-encoder", growth=growth, judge_rate=JUDGE_RATE, guidance=guidance)
