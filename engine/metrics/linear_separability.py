"""Linear separability: how well a plane in latent space tells an attribute of pictures (Karras et al. 2018, section 4.2)."""

import warnings
from collections.abc import Iterator, Sequence

import numpy as np

MISSING = 'Linear separability needs scikit-learn: pip install "latent-explorer[metrics]".'


def surest(logits: np.ndarray, share: float = 0.5) -> np.ndarray:
    """Rows of the `share` of pictures of whose attribute the classifier is most certain, int64; ties in their order."""
    confidence = np.abs(logits.astype(np.float64))  # orders as the larger of softmax([l, -l]) does
    kept = max(1, int(len(logits) * share))
    return np.argsort(-confidence, kind="stable")[:kept]


def conditional_entropy(table: np.ndarray) -> float:
    """H(Y|X) in bits of a table of counts [X, Y]: what is left to learn of Y when X is known; 0 at least."""
    joint = table / table.sum()
    by_x, by_y = joint.sum(1), joint.sum(0)
    of_y = -sum(p * np.log2(p) for p in by_y if p > 0)
    shared = sum(
        joint[x, y] * np.log2(joint[x, y] / (by_x[x] * by_y[y])) for x in range(2) for y in range(2) if joint[x, y] > 0
    )
    return max(0.0, float(of_y - shared))


def attribute_entropy(latents: np.ndarray, logits: np.ndarray) -> float:
    """H(Y|X) of one attribute: X the side of the best plane in latent space [N, D], Y the sign of the logits [N], in bits.

    Only the surer half of the pictures counts. Where all of them are on one side nothing is left to learn.
    Raises ValueError with one sentence where scikit-learn is missing.
    """
    rows = surest(logits)
    truth = (logits[rows] <= 0).astype(np.int64)
    if truth.min() == truth.max():
        return 0.0
    guessed = separated(latents[rows], truth)
    table = np.zeros((2, 2))
    np.add.at(table, (guessed, truth), 1)
    return conditional_entropy(table)


def require_scikit_learn() -> None:
    """Raises ValueError with one sentence where it is missing."""
    try:
        import sklearn.svm
    except ImportError:
        raise ValueError(MISSING) from None
    del sklearn


def separated(latents: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """The class [N] that a linear support vector machine, fitted to latents [N, D] and classes [N], gives each of them."""
    require_scikit_learn()
    from sklearn.svm import LinearSVC

    machine = LinearSVC(random_state=0)
    with warnings.catch_warnings():  # not to converge within the paper's thousand rounds is an answer too
        warnings.simplefilter("ignore")
        machine.fit(latents, truth)
    return np.asarray(machine.predict(latents), np.int64)


def separability(entropies: Sequence[float]) -> float:
    """2^ΣH over all attributes: 1 is perfect (the paper's exp of the sum in nats). Raises ValueError for none."""
    if not entropies:
        raise ValueError("linear separability needs at least one attribute")
    return float(2.0 ** sum(entropies))


def entropies(latents: np.ndarray, logits: np.ndarray) -> Iterator[float]:
    """That of each attribute; latents [N, D], logits [N, attributes]."""
    for attribute in range(logits.shape[1]):
        yield attribute_entropy(latents, logits[:, attribute])
