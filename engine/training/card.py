"""The model card that a run writes of itself: samples, data, licence, settings and course, as Markdown beside what it shows."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from engine.data.folder import Images
from engine.data.streaming.addresses import shown
from engine.whole import write_bytes

from .config import Config
from .course import Losses, drawn
from .run import Run

CARD, CURVE = "card.md", "card.svg"
SHOWN = 10  # measurements, the newest ones; of the newest model all
NAMES = {
    "progan": "ProGAN", "stylegan1": "StyleGAN", "stylegan2": "StyleGAN2", "stylegan3": "StyleGAN3", "fastgan": "FastGAN",
    "stylegan-xl": "StyleGAN-XL", "stylegan-t": "StyleGAN-T",
}  # fmt: skip


def write_card(run: Run, config: Config, images: Images) -> Path:
    """Writes the card and its curve into the run's directory, each whole or not at all; gives the card. Raises OSError."""
    losses = Losses(run.statistics())
    curve = drawn(losses, run.metrics())
    if curve:
        write_bytes(run.folder / CURVE, curve.encode())
    parts = [
        _head(run, config),
        _data(config, images),
        _licence(config),
        _settings(config),
        _course(run, losses, bool(curve)),
    ]
    path = run.folder / CARD
    write_bytes(path, ("\n\n".join([*parts, _use(run)]) + "\n").encode())
    return path


def _head(run: Run, config: Config) -> str:
    side, samples = config.network.resolution, run.samples()
    words = [
        f"# {plain(run.folder.name)}",
        f"A {family(config)} that draws pictures of {side} × {side} pixels, trained with Latent Explorer"
        f"{' on ' + plain(Path(shown(config.data)).name) if config.data else ''}.",
    ]
    if samples:
        seen = int(samples[-1].stem)
        words.append(f"![Samples after {seen:,} pictures](samples/{samples[-1].name})")
        words.append(f"Samples without truncation after {seen:,} pictures; nothing was chosen.")
    return "\n\n".join(words)


def _data(config: Config, images: Images) -> str:
    pixels = f"{images.resolution} × {images.resolution}"
    said = [f"{len(images):,} pictures of “{plain(images.name)}”, cut and resized to {pixels} pixels."]
    if config.mirror or config.mirror_y:
        ways = [way for way, on in (("left to right", config.mirror), ("upside down", config.mirror_y)) if on]
        said.append(f"Half of them were shown mirrored {' and '.join(ways)}.")
    if images.classes:
        said.append(f"{len(images.classes)} classes: {', '.join(map(plain, images.classes))}.")
    if images.skipped:
        said.append(f"{len(images.skipped):,} files could not be used.")
    return "## Data\n\n" + " ".join(said)


def _licence(config: Config) -> str:
    if config.licence == "unknown":
        return "## Licence\n\nNothing was said of what the pictures' licence allows; ask before you publish what the model draws."
    return f"## Licence\n\nOf the pictures: {plain(config.licence)}."


def _settings(config: Config) -> str:
    rows = [f"| `{name}` | {plain(value)} |" for name, value in differing(config)]
    begun = f"\n\nIt began with the weights of {plain(Path(config.transfer or config.stem).name)}."
    return "\n".join(
        (
            "## Settings",
            "",
            f"{family(config)} at {config.network.resolution} × {config.network.resolution}, batch {config.growth.batch}, learning "
            f"rate {config.growth.rate:g}, seed {config.seed}. What differs from the program's own settings:",
            "",
            "| setting | value |",
            "|---|---|",
            *rows,
        )
    ) + (begun if config.transfer or config.stem else "")


def differing(config: Config) -> Iterator[tuple[str, str]]:
    """Names and values of the settings that differ from what a configuration of the same network is by itself."""
    usual = msgspec.to_builtins(Config(network=type(config.network)()))
    yield from _differing(msgspec.to_builtins(config), usual, "")


def _differing(own: dict[str, Any], usual: dict[str, Any], above: str) -> Iterator[tuple[str, str]]:
    for name, value in own.items():
        if name in ("data", "transfer", "stem", "device", "by", "reader") or value == usual.get(name):
            continue  # paths and places of this machine are nobody else's business
        if isinstance(value, dict) and isinstance(usual.get(name), dict) and usual[name]:
            yield from _differing(value, usual[name], f"{above}{name}.")
        else:
            yield f"{above}{name}", f"{value:g}" if isinstance(value, float) else str(value)


def _course(run: Run, losses: Losses, curve: bool) -> str:
    seen = int(losses.images[-1]) if len(losses) else 0
    said = [f"## Course\n\n{seen:,} pictures seen in {len(losses):,} steps."]
    if curve:
        said.append(f"![Losses over the pictures seen]({CURVE})")
    for back in run.returns():
        said.append(
            f"After {back['images']:,} pictures the losses were no numbers; it went back to {back['state']:,} and on with a "
            f"learning rate of {back['rate']:g}."
        )
    measured = run.metrics()
    if measured:
        newest = sum(line["images"] == measured[-1]["images"] for line in measured)
        shown = measured[-max(newest, SHOWN) :]
        rows = [f"| {line['images']:,} | {plain(line['metric'])} | {line['value']:.4g} |" for line in shown]
        said.append("\n".join(("| pictures seen | metric | value |", "|---:|---|---:|", *rows)))
    return "\n\n".join(said)


def _use(run: Run) -> str:
    newest = run.snapshots()[-1:]
    if not newest:
        return "## Use\n\nThere is no model yet."
    file = newest[0].relative_to(run.folder).as_posix()
    return f"## Use\n\n```\nlatent-explorer render --model {file} --seeds 0-31 --grid 8x4 --out sheet.png\n```"


def family(config: Config) -> str:
    """What people call the network's family."""
    tag = str(msgspec.to_builtins(config.network)["family"])
    return NAMES.get(tag, tag)


def plain(text: str) -> str:
    """A name as a word that Markdown leaves alone."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|" else letter for letter in text.replace(os.linesep, " "))
