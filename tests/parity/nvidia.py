"""Official PyTorch weights into our networks, and our parameters by their official names."""

from torch import nn

from engine.checkpoints.nvidia import Official, ours, spec_of

__all__ = ["Official", "load", "ours", "spec_of", "theirs"]


def load(network: nn.Module, official: Official) -> nn.Module:
    """The network with exactly these weights; anything missing, left over or of another size rises."""
    own = network.state_dict()
    state = {ours(name): tensor for name, tensor in official.items() if "resample_filter" not in name}
    network.load_state_dict({name: x.reshape(own[name].shape) if name in own else x for name, x in state.items()})
    return network.eval().requires_grad_(False)


def theirs(network: nn.Module, official: Official) -> dict[str, nn.Parameter]:
    """Our parameters by their official names."""
    own = dict(network.named_parameters())
    found = {name: ours(name) for name in official if "resample_filter" not in name}
    return {name: own[mine] for name, mine in found.items() if mine in own}
