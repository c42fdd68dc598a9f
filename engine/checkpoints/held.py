"""The plain state dicts that a file holds, in whatever wrapping training programs put them, the best generator first."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from torch import Tensor

from .file import SAFETENSORS, File
from .native import KEY

Held = Mapping[str, Tensor]

AVERAGES = ("g_ema", "g_running", "G_ema", "params_ema", "ema", "generator_ema")  # before the networks they average
NETWORKS = ("generator", "g", "G", "netG", "params", "state_dict", "model", "GAN")
WRAPPINGS = ("module.", *(f"{name}." for name in AVERAGES), "decoder.", "generator.", "netG.", "G.", "g.")
SHARED = ("latent_avg",)  # tensors that programs keep beside a state dict, and which belong to it


def held(file: File) -> list[Held]:
    """Every state dict of a file, those of averages first. Nothing for files of our own. Raises BadWeights."""
    data = file.data if file.pickled or foreign(file.path) else None
    if not isinstance(data, dict):
        return []
    beside = {name: data[name] for name in SHARED if isinstance(data.get(name), Tensor)}
    return [{**one, **beside} for found in _dicts(data) for one in _unwrapped(found)]


def chosen(file: File, mine: Callable[[Held], bool]) -> Held | None:
    """The first dictionary of tensors in the file that is `mine`; None where no one is."""
    return next((one for one in held(file) if mine(one)), None)


def recognised(file: File, mine: Callable[[Held], bool]) -> Held:
    """The same in a file that has been recognised by it."""
    found = chosen(file, mine)
    assert found is not None
    return found


def foreign(path: Path) -> bool:
    """Whether it is a sound safetensors file that is not ours; False also where nothing can be read."""
    try:
        with path.open("rb") as start:
            if start.read(9)[5:] != SAFETENSORS:
                return False
        with safe_open(path, framework="pt", device="cpu") as file:
            return KEY not in (file.metadata() or {})
    except (OSError, SafetensorError, RuntimeError):
        return False


def _dicts(data: dict[Any, Any]) -> Iterator[Held]:
    """The dictionaries of tensors in a file: within others by their usual names, then by any, then the file itself."""
    inner = {str(name): value for name, value in data.items() if isinstance(value, dict)}
    known = [name for name in (*AVERAGES, *NETWORKS) if name in inner]
    for name in (*known, *(name for name in inner if name not in known)):
        if _is_state(inner[name]):
            yield inner[name]
    if _is_state(data):
        yield data


def _is_state(value: Mapping[Any, Any]) -> bool:
    """A name for every tensor, and nothing but tensors."""
    return bool(value) and all(type(name) is str and isinstance(x, Tensor) for name, x in value.items())


def _unwrapped(state: Held) -> Iterator[Held]:
    """The same without what parallel training or a larger network puts before every name, then as it is."""
    for prefix in WRAPPINGS:
        inside = {name.removeprefix(prefix): x for name, x in state.items() if name.startswith(prefix)}
        if inside:
            yield {**inside, **{name: state[name] for name in SHARED if name in state}}
    yield state
