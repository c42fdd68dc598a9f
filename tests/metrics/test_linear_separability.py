"""How well planes tell attributes, against answers that can be worked out by hand."""

import builtins

import numpy as np
import pytest

from engine.metrics import linear_separability as ls


@pytest.mark.parametrize(
    ("table", "bits"),
    [([[5, 0], [0, 5]], 0.0), ([[1, 1], [1, 1]], 1.0), ([[4, 0], [2, 2]], 0.5), ([[0, 0], [3, 1]], 0.8112781)],
)
def test_conditional_entropy(table: list[list[int]], bits: float) -> None:
    """H(Y|X) = Σ p(x) H(Y|X=x)."""
    assert ls.conditional_entropy(np.array(table, float)) == pytest.approx(bits, abs=1e-6)


def test_the_surer_half_counts() -> None:
    assert ls.surest(np.array([0.1, -3.0, 2.0, -0.2])).tolist() == [1, 2]
    assert ls.surest(np.array([1.0, 1.0, 1.0, 1.0])).tolist() == [0, 1]


def test_a_plane_that_separates_leaves_nothing_to_learn() -> None:
    pytest.importorskip("sklearn")
    latents = np.random.RandomState(0).randn(400, 5)
    separable, hopeless = latents[:, 2] * 3, np.random.RandomState(1).randn(400)
    assert ls.attribute_entropy(latents, separable) == pytest.approx(0, abs=1e-9)
    assert ls.attribute_entropy(latents, hopeless) > 0.8
    found = list(ls.entropies(latents, np.stack([separable, hopeless], 1)))
    assert ls.separability(found) == pytest.approx(2 ** sum(found))


def test_one_class_only_is_perfect() -> None:
    assert ls.attribute_entropy(np.zeros((4, 2)), np.ones(4)) == 0.0


def test_no_attributes_and_no_scikit_learn_are_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="at least one attribute"):
        ls.separability([])
    real = builtins.__import__

    def without(name: str, *rest: object) -> object:
        if name.startswith("sklearn"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ValueError, match="needs scikit-learn"):
        ls.attribute_entropy(np.zeros((4, 2)), np.array([1.0, -1.0, 2.0, -2.0]))
