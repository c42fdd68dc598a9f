"""Official weights into our networks, checked against the golden file's own conversion of them."""

from collections.abc import Mapping
from typing import TypeVar

from torch import Tensor, nn

from engine.checkpoints.tensorflow import Variables, entries, spec_of, to_ours
from engine.networks import Generator, Spec
from engine.networks.discriminators.progressive import ProgressiveDiscriminator

from .golden import EXACT, Golden

Network = TypeVar("Network", bound=nn.Module)


def build_generator(variables: Variables, spec: Spec, fused: bool | None = None) -> Generator:
    generator = spec.build()
    return load(generator, to_ours(variables, spec, fused))


def build_discriminator(variables: Variables, spec: Spec) -> ProgressiveDiscriminator:
    return load(spec.build_discriminator(), to_ours(variables, spec))


def load(network: Network, state: Mapping[str, Tensor]) -> Network:
    """The network with exactly these weights; anything missing, left over or of another shape rises."""
    network.load_state_dict(state)
    return network.eval()


def compare_conversion(golden: Golden, variables: Variables, spec: Spec, scope: str = "") -> None:
    """Our layout of every variable, bit by bit, where the file holds a `pt/` copy of it."""
    layouts = {entry.theirs: entry for entry in entries(variables, spec)}
    for name in golden.outputs(f"pt/{scope}"):
        variable = name.removeprefix(f"pt/{scope}")
        entry = layouts.get(variable)
        golden.compare(name, entry.layout.ours(variables[variable]) if entry else variables[variable], EXACT)


def check_weights(golden: Golden) -> None:
    """A file of weights alone."""
    variables = golden.variables("tf/")
    spec = spec_of(variables, settings=golden.settings)
    build_generator(variables, spec)
    compare_conversion(golden, variables, spec)


def companion(golden: Golden) -> Golden:
    """The file that holds this one's weights: itself, the one that the sidecar names, or `<name>_weights`."""
    if golden.has("tf/"):
        return golden
    named = str(golden.notes.get("weights", "")).split(" ")[-1] or f"{golden.path.stem}_weights.safetensors"
    return Golden(golden.path.with_name(named))
