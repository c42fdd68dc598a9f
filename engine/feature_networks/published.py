"""Where the weights of feature networks come from: a folder that the person names, an installed package, or a download, once."""

import hashlib
import importlib.util
import re
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from engine.progress import Progress
from engine.weights import BadWeights, read
from engine.weights.refusals import shown
from engine.whole import whole

from .frozen import FeatureNetwork

PATIENCE = 30.0  # seconds
PIECE = 2**18


class MissingWeights(ValueError):
    """A file of weights that is not here and cannot be fetched; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Published:
    """A file of weights as its authors publish it. A name that ends in -XXXXXXXX holds the first digits of its SHA-256."""

    file: str
    address: str
    megabytes: float
    licence: str
    package: str = ""
    """The Python package that brings it along, and where in it: `package:folder`."""

    @property
    def digest(self) -> str:
        """How the SHA-256 of the file begins; empty where its name does not say."""
        match = re.search(r"-([0-9a-f]{8})\.\w+$", self.file)
        return match[1] if match else ""

    def here(self, *folders: Path) -> Path | None:
        """Its path in the first of the folders that has it, or in the installed package."""
        return next((path for path in (folder / self.file for folder in folders) if path.is_file()), self._packaged())

    def _packaged(self) -> Path | None:
        name, _, folder = self.package.partition(":")
        found = importlib.util.find_spec(name) if name else None
        places = (found.submodule_search_locations or []) if found is not None else []
        return next((path for path in (Path(place) / folder / self.file for place in places) if path.is_file()), None)


def fetch(published: Published, named: Path | None, cache: Path) -> Generator[Progress, None, Path]:
    """The path of a file of weights: in the folder that the person names, else where it is found, else downloaded to `cache`.

    Raises MissingWeights with one sentence.
    """
    if named is not None and not named.is_dir():
        raise MissingWeights(f"there is no folder {named} to take weights from")
    found = published.here(*([named] if named is not None else []), cache)
    if found is not None:
        return found
    if not published.address.startswith("https://"):
        raise MissingWeights(f"{published.file} is missing: {published.address}")
    yield Progress(0, 1, f"Fetching {published.file}, {published.megabytes:.0f} MB")
    return (yield from _download(published, cache / published.file))


def _download(published: Published, path: Path) -> Generator[Progress, None, Path]:
    digest, done, total = hashlib.sha256(), 0, max(round(published.megabytes * 1e6), 1)
    try:
        with urllib.request.urlopen(published.address, timeout=PATIENCE) as source, whole(path) as part:
            with part.open("wb") as file:
                while piece := source.read(PIECE):
                    digest.update(piece)
                    done += file.write(piece)
                    yield Progress(done, max(total, done), published.file)
            if not digest.hexdigest().startswith(published.digest):
                raise MissingWeights(f"what {published.address} gave is not {published.file}: its SHA-256 is another")
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise MissingWeights(
            f"{published.file} ({published.megabytes:.0f} MB, {published.licence}) could not be fetched from "
            f"{published.address} ({getattr(error, 'reason', error)}); fetch it elsewhere and name its folder with "
            f"--weights-folder"
        ) from None
    return path


def tensors(path: Path) -> dict[str, Tensor]:
    """What a file of weights holds, by name. Nothing in it can run. Raises BadWeights with one sentence."""
    found = read(path)
    if not isinstance(found, dict) or not all(isinstance(value, Tensor) for value in found.values()):
        raise BadWeights(f"{shown(path.name)} holds something else than tensors by name")
    return {str(name): value for name, value in found.items() if not str(name).endswith("num_batches_tracked")}


def filled(network: FeatureNetwork, weights: Mapping[str, Tensor], file: str) -> FeatureNetwork:
    """The network with exactly these weights, frozen. Raises BadWeights that names what is missing, left over or misshapen."""
    places = network.state_dict()
    for name, place in places.items():
        if name not in weights:
            raise BadWeights(f"{shown(file)} lacks the tensor {name}")
        if weights[name].shape != place.shape or not weights[name].is_floating_point():
            raise BadWeights(
                f"{shown(file)}: {name} is {tuple(weights[name].shape)}, where {tuple(place.shape)} belongs"
            )
    for name in weights:
        if name not in places:
            raise BadWeights(f"{shown(file)} holds a tensor that the network does not have: {shown(name)}")
    network.load_state_dict({name: weights[name].float() for name in places})
    return network.eval().requires_grad_(False)
