"""Who else teaches a generator, and which parameters of a StyleGAN-T learn: all, those of higher resolutions, or its reader."""

import re
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from engine.networks import StyleGANT, StyleGANXL
from engine.networks.stylegan_t import StyleGANTGenerator

Learns = Literal["all", "text-encoder", "freeze64"]
FROZEN = 64  # up to this resolution layers rest in `freeze64`
BLOCK = re.compile(r"b(\d+)_(?:up|plain|residual|rgb)")


class Guidance(Struct, frozen=True, forbid_unknown_fields=True):
    """What guides a generator: a classifier a StyleGAN-XL (2022, section 3.4), words a StyleGAN-T (2023, section 3.3)."""

    by: str = ""
    """A file that `guide` wrote; for ImageNet's classes deit-small, for a StyleGAN-T a folder with CLIP as well."""
    weight: Annotated[float, Meta(ge=0)] = 0.0
    """Beside the discriminator's verdict; 0 turns it off, and a StyleGAN-T reads with its guide all the same."""
    above: Annotated[int, Meta(ge=0)] = 32
    """A StyleGAN-XL is guided from stages of more pixels a side on."""


def learning(name: str, learns: Learns) -> bool:
    """Whether a parameter of the generator learns (Sauer et al. 2023, section 4).

    all: mapping and layers, not the reader. text-encoder: the reader alone. freeze64: the layers above 64×64, and every toRGB.
    """
    if name.startswith("reader."):
        return learns == "text-encoder"
    if learns != "freeze64":
        return learns == "all"
    layer = name.removeprefix("layers.").partition(".")[0]
    block = BLOCK.match(layer)
    return block is not None and (int(block[1]) > FROZEN or "_rgb" in layer)


def rest(generator: StyleGANTGenerator, learns: Learns) -> None:
    """From now on nothing else of the generator learns."""
    for name, parameter in generator.named_parameters():
        parameter.requires_grad_(learning(name, learns))


def amiss(network: Any, learns: Learns, guidance: Guidance) -> dict[str, bool]:
    """Sentences about settings that contradict each other, and whether each is true."""
    guided = bool(guidance.by)
    found = {
        "guidance is for StyleGAN-XL and StyleGAN-T": guided and not isinstance(network, StyleGANXL | StyleGANT),
        "guidance.weight needs a guide, guidance.by": guidance.weight > 0 and not guided,
        "learns is for StyleGAN-T, which alone learns by phases": learns != "all"
        and not isinstance(network, StyleGANT),
    }
    if isinstance(network, StyleGANXL):
        found["guidance of a StyleGAN-XL begins with its first larger stage, and needs classes"] = guided and not (
            network.stages and network.label_size
        )
    if isinstance(network, StyleGANT):
        found |= _of_words(network, learns, guided)
    return found


def _of_words(network: StyleGANT, learns: Learns, guided: bool) -> dict[str, bool]:
    reads = network.text_size > 0
    return {
        "a StyleGAN-T that is guided reads with its guide; begin it with --guide PAIR": guided and not reads,
        "a StyleGAN-T of words must know which encoder it reads with; begin it with --guide PAIR or --captions": reads
        and not network.encoder,
        "learns=text-encoder needs a model that carries its reader, and its guide; go on from a run that began with --guide": (
            learns == "text-encoder" and (network.carried is None or not guided)
        ),
        f"learns=freeze64 needs a network of more than {FROZEN} pixels": learns == "freeze64"
        and network.resolution <= FROZEN,
    }
