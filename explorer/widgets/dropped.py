"""What a file manager drags along."""

from pathlib import Path

from PyQt6.QtGui import QDropEvent


def files(event: QDropEvent | None) -> list[Path]:
    """The local files and folders of a drag."""
    data = event.mimeData() if event is not None else None
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data is not None else []
