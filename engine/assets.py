"""Where the files that travel with the program are: models, icons, theme, presets, help."""

from pathlib import Path


def assets() -> Path:
    """The folder `assets`; it lies beside the package `engine` in a checkout and in an installed wheel alike."""
    return Path(__file__).resolve().parent.parent / "assets"
