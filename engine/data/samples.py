"""Sample data sets: drawn pictures in the public domain, rendered from DiceBear styles, with captions and classes."""

from __future__ import annotations

import colorsys
import json
import random
from collections.abc import Generator, Iterator
from functools import lru_cache, partial
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from engine.data.captions import caption
from engine.data.labels import CARD as WORDS
from engine.data.workers import spread
from engine.progress import Progress
from engine.whole import whole, write_bytes

CARD = "sample.json"
LABELS = "labels.json"
LICENSE = "LICENSE.txt"
MISSING = 'Sample pictures need three small packages: pip install "latent-explorer[samples]".'
AT_REST: dict[str, object] = {"Rotate": 0, "TranslateX": 0, "TranslateY": 0, "Scale": 1, "Fill": "solid"}

Attributes = dict[str, Any]


class BadSample(ValueError):
    """A sample set that cannot be made; its message is one sentence for the person."""


def sample(
    style: str, out: Path, count: int, size: int, seed: int = 0, processes: int | None = None
) -> Generator[Progress, None, None]:
    """Render `count` pictures of a style into `out`; several styles (comma separated) become sub-folders."""
    names = tuple(dict.fromkeys(part.strip() for part in style.split(",") if part.strip()))
    check_request(names, count, size)
    folders = [out] if len(names) == 1 else [out / name for name in names]
    if len(names) > 1:
        claim(out, {"styles": list(names)})
    for folder, name in zip(folders, names, strict=True):
        claim(folder, card(name, size, seed), count)
    total = count * len(names)
    for part, (folder, name) in enumerate(zip(folders, names, strict=True)):
        for done in render_set(name, folder, count, size, seed, processes):
            yield Progress(part * count + done, total, name)
    if len(names) > 1:
        write_classes(out, names)


def render_set(name: str, folder: Path, count: int, size: int, seed: int, processes: int | None) -> Iterator[int]:
    """Render one style into one folder and label it, telling how many pictures are there."""
    labels: dict[str, Attributes] = {}
    work = partial(draw_file, name, folder, size, seed)
    for file_name, attributes in spread(work, range(count), processes):
        labels[file_name] = attributes
        if len(labels) == count:
            write_labels(name, folder, labels)
        yield len(labels)


def write_labels(name: str, folder: Path, labels: dict[str, Attributes]) -> None:
    """What was drawn, as attributes and as captions in words."""
    write_bytes(folder / LABELS, json.dumps(labels, separators=(",", ":")).encode())
    captions = [(file_name, caption(name, attributes)) for file_name, attributes in labels.items()]
    write_bytes(folder / WORDS, json.dumps({"labels": None, "captions": captions}).encode())


def write_classes(out: Path, names: tuple[str, ...]) -> None:
    """The captions of all sub-folders in one file, and each one's style as its class."""
    told = [
        (f"{name}/{file_name}", words, number)
        for number, name in enumerate(names)
        for file_name, words in json.loads((out / name / WORDS).read_bytes())["captions"]
    ]
    card = {
        "labels": [(path, number) for path, _, number in told],
        "classes": names,
        "captions": [(path, words) for path, words, _ in told],
    }
    write_bytes(out / WORDS, json.dumps(card).encode())


def draw_file(name: str, folder: Path, size: int, seed: int, index: int) -> tuple[str, Attributes]:
    """Draw picture number `index` into its file unless it is there already; its name and attributes."""
    file_name = f"{index:06d}.png"
    svg, attributes = draw(name, f"{seed}-{index}")
    path = folder / file_name
    if not path.exists():
        image, background = rasterise(svg, size, f"{seed}-{index}")
        with whole(path) as part:
            image.save(part, format="PNG")
    else:
        background = background_colour(f"{seed}-{index}")
    return file_name, attributes | {"canvasColor": "#{:02x}{:02x}{:02x}".format(*background)}


def draw(name: str, key: str) -> tuple[str, Attributes]:
    """The drawing that belongs to a key, as SVG, and what was drawn."""
    from dicebear import Avatar

    drawn = Avatar(load_style(name), {"seed": key}).to_json()
    return drawn["svg"], {k: plain(v) for k, v in drawn["options"].items() if not at_rest(k, v)}


def plain(value: object) -> object:
    """One colour instead of a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def at_rest(key: str, value: object) -> bool:
    """True for attributes that change nothing: no turn, no shift, no scaling, nothing in motion."""
    if key.startswith("animation") or key in ("scale", "rotate", "translateX", "translateY", "borderRadius"):
        return True
    return key == "idRandomization" or any(key.endswith(end) and value == rest for end, rest in AT_REST.items())


def rasterise(svg: str, size: int, key: str) -> tuple[Image.Image, tuple[int, int, int]]:
    """The drawing as an RGB picture over the key's background colour, and that colour."""
    from resvg_py import svg_to_bytes

    background = background_colour(key)
    png = svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True)
    with Image.open(BytesIO(png)) as image:
        drawn = image.convert("RGBA")
    if drawn.size != (size, size):
        raise BadSample(f"The drawing came out as {drawn.width}x{drawn.height} pixels instead of {size}x{size}.")
    canvas = Image.new("RGBA", drawn.size, (*background, 255))
    return Image.alpha_composite(canvas, drawn).convert("RGB"), background


def background_colour(key: str) -> tuple[int, int, int]:
    """A soft colour drawn from the key alone."""
    chance = random.Random(f"background {key}")
    red, green, blue = colorsys.hsv_to_rgb(chance.random(), chance.uniform(0.15, 0.5), chance.uniform(0.75, 0.97))
    return round(red * 255), round(green * 255), round(blue * 255)


def check_request(names: tuple[str, ...], count: int, size: int) -> None:
    """Refuse what cannot be drawn before anything is written."""
    if not 1 <= count <= 1_000_000:
        raise BadSample(f"The number of sample pictures must lie between 1 and 1000000, not {count}.")
    if not 4 <= size <= 2048:
        raise BadSample(f"The size of sample pictures must lie between 4 and 2048 pixels, not {size}.")
    require_packages()
    allowed = styles()
    wrong = [name for name in names if name not in allowed]
    if wrong or not names:
        what = f"Style {wrong[0]!r} is not one of the CC0 styles" if wrong else "No style was named"
        raise BadSample(f"{what}; there are: {', '.join(allowed)}.")


def require_packages() -> None:
    """Say which extra is missing rather than fail in a worker."""
    try:
        import dicebear
        import resvg_py

        files("dicebear_styles")
    except ImportError as error:
        raise BadSample(MISSING) from error
    del dicebear, resvg_py


@lru_cache(maxsize=1)
def styles() -> tuple[str, ...]:
    """The names of the styles that may be used: dedicated to the public domain and drawn without fonts."""
    require_packages()
    found = (entry.name for entry in files("dicebear_styles").iterdir() if entry.name.endswith(".json"))
    names = sorted(name.removesuffix(".json") for name in found)
    return tuple(name for name in names if usable(definition(name)))


def usable(style: dict[str, Any]) -> bool:
    """CC0 by its own metadata, and free of letters, whose look depends on the fonts of the machine."""
    licence = style.get("meta", {}).get("license", {})
    cc0 = licence.get("name") == "CC0 1.0" and "publicdomain/zero/1.0" in licence.get("url", "")
    return cc0 and '"name": "text"' not in json.dumps(style)


def definition(name: str) -> dict[str, Any]:
    """The style's file as it was published."""
    loaded: dict[str, Any] = json.loads(files("dicebear_styles").joinpath(f"{name}.json").read_text("utf-8"))
    return loaded


@lru_cache(maxsize=4)
def load_style(name: str) -> Any:
    """The style, checked once per process: the check takes up to seconds."""
    from dicebear import Style

    return Style(definition(name))


def card(name: str, size: int, seed: int) -> dict[str, Any]:
    """What a sample folder was made from: the same card makes the same pictures."""
    meta = definition(name)["meta"]
    packages = ("dicebear-core", "dicebear-styles", "resvg-py")
    return {
        "style": name,
        "size": size,
        "seed": seed,
        "author": meta["creator"]["name"],
        "license": meta["license"]["name"],
        "license_url": meta["license"]["url"],
        "credit": meta["license"]["text"],
        "made_with": {package: version(package) for package in packages},
    }


def claim(folder: Path, made_from: dict[str, Any], count: int | None = None) -> None:
    """Make the folder ours, or go on in one that is; refuse any other folder that holds something."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        holds = any(folder.iterdir())
    except OSError as error:
        raise BadSample(f"The folder {folder} cannot be used for sample pictures: {error.strerror}.") from error
    if holds and read_card(folder) != made_from:
        raise BadSample(f"The folder {folder} already holds something else; choose an empty or a new folder.")
    if count is not None and (folder / f"{count:06d}.png").exists():
        raise BadSample(f"The folder {folder} already holds more than {count} pictures; ask for at least as many.")
    write_bytes(folder / CARD, json.dumps(made_from, indent=1).encode())
    if "credit" in made_from:
        write_bytes(folder / LICENSE, license_text(made_from).encode())


def read_card(folder: Path) -> object:
    """The card of a sample folder, or None where there is none."""
    try:
        return json.loads((folder / CARD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def license_text(made_from: dict[str, Any]) -> str:
    """The line that names style, author and licence."""
    return (
        f"Pictures of the style {made_from['style']} by {made_from['author']}, {made_from['license']} "
        f"({made_from['license_url']}).\n{made_from['credit']}\n"
    )
