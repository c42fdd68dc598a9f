"""How families, numbers and sizes of models are said to a person."""

from pathlib import Path

from .figures import figure
from .words import tr

FAMILIES = {
    "progan": "Progressive GAN", "stylegan1": "StyleGAN", "stylegan2": "StyleGAN2", "stylegan3": "StyleGAN3",
    "stylegan-xl": "StyleGAN-XL", "stylegan-t": "StyleGAN-T", "fastgan": "FastGAN", "projected-gan": "Projected GAN",
    "lucidrains-stylegan2": "StyleGAN2 (lucidrains)",
}  # fmt: skip
ACROSS = "×"


def family_name(name: str) -> str:
    """As its paper writes it; files write `stylegan-xl` or `stylegan_xl`."""
    return FAMILIES.get(name.replace("_", "-"), name)


def square(side: int) -> str:
    """512 as 512 × 512; nothing where nobody knows it."""
    return f"{side} {ACROSS} {side}" if side else ""


def shape_in_words(shape: tuple[int, ...] | list[int]) -> str:
    """[64, 64, 3, 3] as 64 × 64 × 3 × 3; a single number has no shape."""
    return f" {ACROSS} ".join(str(size) for size in shape) or tr("one number")


def in_words(count: int) -> str:
    """1234567 as 1.2 million."""
    if count >= 1_000_000:
        return tr("{number} million", number=figure(count / 1_000_000, ".1f"))
    return tr("{number} thousand", number=f"{count / 1000:.0f}") if count >= 10_000 else str(count)


def in_bytes(size: int) -> str:
    """The size of a file: 2392152 as 2.3 MB."""
    for unit, factor in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if size >= factor:
            amount = size / factor
            return f"{figure(amount, '.1f' if amount < 10 else '.0f')} {unit}"
    return tr("{count} bytes", count=size)


def short_path(path: Path, most: int = 44) -> str:
    """The end of a long path, the home folder as ~."""
    try:
        text = str(Path("~") / path.relative_to(Path.home()))
    except ValueError:
        text = str(path)
    return text if len(text) <= most else f"…{text[1 - most :]}"
