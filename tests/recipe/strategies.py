"""Random recipes that keep every declared range."""

from hypothesis import strategies as st

from engine.recipe import Arc, Latent, Model, Noise, Recipe, Seed, Stored, Style, Transform, Truncation, Weighted
from engine.recipe.recipe import LEAST_PERIOD, MAX_LAYERS, MAX_PHASE, VERSION


def floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


def layers(low: float, high: float) -> st.SearchStrategy[tuple[float, ...]]:
    return st.lists(floats(low, high), max_size=20).map(tuple)


seeds = st.builds(Seed, st.integers(0, 2**32 - 1), st.none() | st.integers(0, 1000), st.none() | st.text(max_size=20))
stored = st.integers(1, 4).flatmap(
    lambda n: st.binary(min_size=8 * n, max_size=8 * n).map(lambda rows: Stored(rows, n))
)
arcs = st.builds(Arc, seeds, seeds, floats(0.0, 1.0))
weighted = st.builds(Weighted, seeds | stored | arcs, floats(0.01, 10.0))
latents = st.lists(weighted, min_size=1, max_size=5).map(lambda points: Latent(tuple(points)))
styles = st.builds(Style, latents, layers(0.0, 1.0), st.booleans(), st.text(max_size=20))
truncations = st.builds(
    Truncation,
    floats(-1.0, 2.0),
    st.integers(0, MAX_LAYERS),
    layers(-2.0, 2.0),
    st.sampled_from(["class", "all", "nearest"]),
)
noises = st.builds(
    Noise, st.sampled_from(["off", "const", "random"]), st.integers(0, 2**32 - 1), floats(0.0, 4.0), layers(0.0, 4.0),
    floats(0.0, MAX_PHASE), st.just(0) | st.integers(LEAST_PERIOD, 1000),
)  # fmt: skip
transforms = st.builds(Transform, floats(-1.0, 1.0), floats(-1.0, 1.0), floats(-360.0, 360.0))
models = st.builds(Model, st.text(max_size=50), st.just("") | st.text("0123456789abcdef", min_size=64, max_size=64))
recipes = st.builds(
    Recipe,
    st.just(VERSION),
    models,
    latents,
    st.lists(styles, max_size=3).map(tuple),
    layers(0.0, 4.0),
    truncations,
    noises,
    transforms,
)
