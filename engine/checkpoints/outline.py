"""A network without values: every layer and every tensor's shape, at the cost of neither time nor memory."""

from engine.networks import Generator, Spec
from engine.networks.layers import blank


def outline(spec: Spec) -> Generator:
    """The generator of a spec whose weights were never written to; only shapes may be looked at.

    Raises ValueError where our networks cannot be what the spec asks for.
    """
    try:
        with blank():
            return spec.build()
    except RuntimeError as error:
        raise ValueError(f"a network of these sizes cannot be built here: {error}") from None
