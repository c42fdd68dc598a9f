"""Classes and words belong to seeds: they are found, blended, and kept wherever a latent goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.recipe import (
    PLAIN,
    Arc,
    Condition,
    Latent,
    Seed,
    Stored,
    Weighted,
    conditioned,
    conditions,
    plane,
    seeded,
    with_conditions,
)
from engine.recipe.recipe import with_seeds
from engine.recipe.wander import Wander, wandered

RED, BLUE = Condition(prompt="red hair"), Condition(prompt="blue hair")
BOTH = ((RED, 0.75), (BLUE, 0.25))
STORED = Latent((Weighted(Stored(bytes(16), 1)),))


def near(latent: Latent) -> dict[object, object]:
    return {item.point: pytest.approx(item.weight, abs=1e-7) for item in latent.points}


@pytest.mark.parametrize("under", [PLAIN, ((Condition(3), 1.0),), ((RED, 1.0),), BOTH, ((RED, 1.25), (BLUE, -0.25))])
def test_what_a_seed_is_drawn_under_is_found_again(under):
    assert conditions(conditioned(5, under)) == under
    assert with_conditions(seeded(5), under) == conditioned(5, under)
    assert conditions(plane.at(5.25, 2.5, under)) == tuple(
        (condition, pytest.approx(share)) for condition, share in under
    )


def test_one_condition_is_the_seed_itself():
    assert conditioned(7, ((Condition(2), 1.0),)) == seeded(7, 2)
    assert conditioned(-1) == seeded(2**32 - 1)
    assert conditions(STORED) == PLAIN
    assert with_conditions(STORED, BOTH) == STORED


def test_a_difference_of_seeds_has_their_condition():
    latent = Latent((*STORED.points, Weighted(Seed(4, 2), 0.5), Weighted(Seed(5, 2), -0.5)))
    assert conditions(latent) == ((Condition(2), 1.0),)


def test_an_arc_has_the_conditions_of_its_ends():
    arc = Latent((Weighted(Arc(Seed(1, 4), Seed(2, 5), 0.25)),))
    assert conditions(arc) == ((Condition(4), 0.75), (Condition(5), 0.25))
    assert with_conditions(arc, ((RED, 1.0),)) == Latent((Weighted(Arc(Seed(1, *RED), Seed(2, *RED), 0.25)),))


@given(st.integers(0, 99), st.integers(0, 99), st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_blend_of_words_lies_on_the_plane(i, j, u, v, share):
    under = ((RED, 1 - share), (BLUE, share))
    latent = plane.at(i + u, j + v, under)
    assert plane.place(latent) == pytest.approx((i + u, j + v), abs=1e-5)
    assert plane.place(with_conditions(latent, PLAIN)) == pytest.approx((i + u, j + v), abs=1e-5)


def test_what_is_no_even_blend_does_not_lie_on_the_plane():
    assert plane.place(Latent((Weighted(Seed(1, 4), 0.5), Weighted(Seed(2, 5), 0.5)))) is None
    assert plane.place(Latent((Weighted(Seed(1, 4), 0.5), Weighted(Seed(1, 5), 0.5)))) == (1, 0)


def test_wandering_keeps_what_it_wanders_around():
    latent = conditioned(5, BOTH)
    found = wandered(latent, Wander("noise", 0.5, 9), 0.3)
    assert conditions(found) == tuple((condition, pytest.approx(share)) for condition, share in BOTH)
    assert {item.point.number for item in found.points} >= {5, 9, 10}
    assert wandered(latent, Wander("noise", 0.5, 9), 1.0) == latent


def test_points_that_become_equal_are_taken_together():
    found = with_seeds(conditioned(5, BOTH), lambda seed: Seed(seed.number))
    assert near(found) == near(seeded(5))
