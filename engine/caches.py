"""Where the program keeps what can be made again at any time."""

from pathlib import Path

from platformdirs import user_cache_path


def cache_folder() -> Path:
    """The person's folder for it; it need not exist yet."""
    return user_cache_path("latent-explorer", appauthor=False)
