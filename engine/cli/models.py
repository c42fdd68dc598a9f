"""`models` and `models get`: well-known public models, listed and fetched."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from tyro.conf import Positional, arg

from .progress import follow, tell


def here(whole: int, part: int) -> str:
    """What of a file is on this computer."""
    return f"{whole / 2**20:.0f} MB" if whole else f"{part / 2**20:.0f} MB, stopped" if part else ""


@dataclass(frozen=True, kw_only=True)
class Models:
    """List well-known public models; `models get NAME` fetches one.

    Examples:
      latent-explorer models
      latent-explorer models --json
      latent-explorer models get --help
    """

    json: bool = False
    """Print everything as JSON, for other programs."""

    def run(self) -> int:
        from engine.catalogue import entries, standing, store

        found = entries()
        if self.json:
            print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
            return 0
        from rich.console import Console
        from rich.table import Table

        table = Table("name", "family", "resolution", "licence", "here", box=None, pad_edge=False)
        for one in found:
            size = f"{one.resolution}²" if one.resolution else "–"
            table.add_row(one.name, one.family, size, one.licence, here(*standing(one, store())))
        Console().print(table)
        return 0


@dataclass(frozen=True, kw_only=True)
class Get:
    """Fetch a public model; the same command goes on where it was stopped.

    Look at the licence first: many are for research only. No checksums are published, so the first download records
    the one it saw, and later ones must be the same.

    Examples:
      latent-explorer models get stylegan2-ffhq-256x256
      latent-explorer models get ada-pt-metfaces --out models
      latent-explorer models get ada-pt-metfaces --mirror file:///mnt/models/metfaces.pkl
    """

    name: Annotated[Positional[str], arg(metavar="NAME")]
    """As `models` lists it."""
    out: Annotated[Path | None, arg(metavar="FOLDER", help_behavior_hint="(default: the person's cache)")] = None
    """Where the file goes."""
    mirror: Annotated[str, arg(metavar="ADDRESS")] = ""
    """Another address of the same file, tried first: https://…, or file://… for one on this machine."""

    def run(self) -> int:
        from engine.catalogue import download, entry, store

        one = entry(self.name)
        if self.mirror:
            one = msgspec.structs.replace(one, mirrors=(self.mirror, *one.mirrors))
        tell(f"The licence of {one.name}: {one.licence}{f' ({one.note})' if one.note else ''}")
        got: Any = follow(download(one, self.out or store()), "Fetching")
        if got.first:
            tell(f"Its SHA-256 was seen for the first time and recorded: {got.sha256}")
        print(got.path)
        return 0
