"""The torch modules that a pickle holds, as the attributes of inert objects; no class of theirs is ever looked at."""

from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor

from engine.weights import Stub

State = Mapping[str, Any]  # the attributes of a torch module

RESTORED = "_reconstruct_persistent_obj"  # how objects that bring their own source are made again
AVERAGES = ("G_ema", "G")  # the average of a generator before the generator itself


def state_of(value: Any) -> State | None:
    """The attributes of a module that a file holds, None for anything else."""
    if not isinstance(value, Stub):
        return None
    given = value.args[0] if value.name.endswith(RESTORED) and value.args else None
    state = given.get("state") if isinstance(given, dict) else value.state
    return state if isinstance(state, dict) and isinstance(state.get("_modules"), dict) else None


def networks(data: Any) -> dict[str, State]:
    """The networks of a snapshot by name; a pickle of one network alone has it under the name "G"."""
    named = data.items() if isinstance(data, dict) else [("G", data)]
    return {str(name): state for name, value in named if (state := state_of(value)) is not None}


def generator_of(found: Mapping[str, State]) -> State | None:
    """The generator among networks, its average where there is one."""
    order = [name for name in (*AVERAGES, *found) if name in found]
    return next((found[name] for name in order if "synthesis" in found[name]["_modules"]), None)


def walked(state: State, prefix: str = "") -> Iterator[tuple[str, State]]:
    """A module and all within it, each with the prefix of its tensors' names."""
    yield prefix, state
    for name, value in state["_modules"].items():
        if (part := state_of(value)) is not None:
            yield from walked(part, f"{prefix}{name}.")


def tensors_of(module: State) -> Iterator[tuple[str, Tensor]]:
    """Every tensor that a state dict of the module would hold, by its full name."""
    for prefix, state in walked(module):
        passing = state.get("_non_persistent_buffers_set", ())
        for name, tensor in {**state.get("_parameters", {}), **state.get("_buffers", {})}.items():
            if isinstance(tensor, Tensor) and name not in passing:
                yield f"{prefix}{name}", tensor


def parameters_of(module: State) -> int:
    """How many numbers of it training changes."""
    kept = (state.get("_parameters", {}).values() for _, state in walked(module))
    return sum(x.numel() for tensors in kept for x in tensors if isinstance(x, Tensor))
