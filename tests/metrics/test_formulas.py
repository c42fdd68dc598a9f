"""What golden files cannot fix about the formulas: known answers, streaming, refusals."""

import math

import numpy as np
import pytest
import torch

from engine.metrics.frechet import Moments, frechet_distance
from engine.metrics.inception_score import Score
from engine.metrics.kernel_distance import kernel_distances
from engine.metrics.path_length import middle_crop, slerp, squared_step, trimmed_mean
from engine.metrics.precision_recall import PrecisionRecall, precision_recall


def moments(features: torch.Tensor, piece: int = 1000) -> Moments:
    found = Moments()
    for rows in features.split(piece):
        found.add(rows)
    return found


@pytest.fixture
def clouds() -> tuple[torch.Tensor, torch.Tensor]:
    random = torch.Generator().manual_seed(1)
    return torch.randn(300, 6, generator=random), torch.randn(300, 6, generator=random) * 2 + 1


def test_frechet_distance_of_known_normal_distributions() -> None:
    """Clouds whose covariances are diagonal: Σ (μ₁ - μ₂)² + (σ₁ - σ₂)²."""
    corners = torch.tensor([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])
    one, other = moments(corners), moments(corners * torch.tensor([3.0, 0.5]) + torch.tensor([1.0, -2.0]))
    assert frechet_distance(one, other) == pytest.approx(1 + 4 + (3 - 1) ** 2 + (1 - 0.5) ** 2)


def test_moments_do_not_depend_on_the_pieces(clouds: tuple[torch.Tensor, torch.Tensor]) -> None:
    one, other = moments(clouds[0], 300), moments(clouds[0], 7)
    torch.testing.assert_close(one.covariance, other.covariance)
    assert frechet_distance(one, other) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(one, moments(clouds[1])) == pytest.approx(frechet_distance(moments(clouds[1]), one))


def test_moments_are_restored(clouds: tuple[torch.Tensor, torch.Tensor]) -> None:
    one = moments(clouds[0])
    assert frechet_distance(Moments.restored(one.state()), one) == pytest.approx(0, abs=1e-9)
    with pytest.raises(ValueError, match="these are no moments"):
        Moments.restored({"count": torch.tensor(3)})


@pytest.mark.parametrize("features", [torch.full((2, 6), torch.nan), torch.zeros(2, 5)])
def test_broken_features_are_refused(clouds: tuple[torch.Tensor, torch.Tensor], features: torch.Tensor) -> None:
    found = moments(clouds[0])
    with pytest.raises(ValueError, match=r"feature"):
        found.add(features)


def test_kernel_distance_tells_clouds_apart(clouds: tuple[torch.Tensor, torch.Tensor]) -> None:
    one, other = (cloud.numpy() for cloud in clouds)
    near = np.mean(list(kernel_distances(one[:150], one[150:], np.random.RandomState(0), 10, 50)))
    far = np.mean(list(kernel_distances(one, other, np.random.RandomState(0), 10, 50)))
    assert abs(near) < 0.3 < far
    with pytest.raises(ValueError, match="at least two pictures"):
        next(kernel_distances(one[:1], other, np.random.RandomState(0)))


def shares(real: np.ndarray, fake: np.ndarray, block: int) -> PrecisionRecall:
    *progress, found = precision_recall(real, fake, 3, block)
    assert progress == sorted(progress)
    assert progress[-1] == 1
    assert isinstance(found, PrecisionRecall)
    return found


def test_precision_and_recall_of_a_part() -> None:
    """Fakes that stay in one half of the real cloud are precise, and do not recall the other half."""
    real = np.concatenate([np.random.RandomState(0).randn(60, 2), np.random.RandomState(1).randn(60, 2) + 100])
    fake = np.random.RandomState(2).randn(60, 2) * 0.5
    found = shares(real, fake, 1000)
    assert found.precision > 0.9
    assert 0.2 < found.recall < 0.5
    assert shares(real, fake, 13) == found


def test_inception_score_of_clear_and_varied_pictures() -> None:
    score = Score(40, 2)
    score.add(torch.eye(4).repeat(10, 1))
    assert score.result() == pytest.approx((4.0, 0.0))
    blurred = Score(40, 2)
    blurred.add(torch.full((30, 4), 0.25))
    with pytest.raises(ValueError, match="30 of 40"):
        blurred.result()
    blurred.add(torch.full((10, 4), 0.25))
    assert blurred.result() == pytest.approx((1.0, 0.0))


def test_slerp_keeps_to_the_great_circle() -> None:
    a, b = torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0, 3.0]])
    half = slerp(a, b, torch.tensor([0.5]))
    torch.testing.assert_close(half, torch.full((1, 2), math.sqrt(0.5)))


def test_crop_and_step() -> None:
    rows = torch.arange(16.0).view(1, 1, 16, 1).expand(1, 1, 16, 16)
    crop = middle_crop(rows)
    assert crop.shape == (1, 1, 8, 8)
    assert crop[0, 0, :, 0].tolist() == list(range(6, 14))
    assert squared_step(torch.ones(2, 3), torch.zeros(2, 3), 0.5).tolist() == [12.0, 12.0]


def test_trimmed_mean_drops_both_ends() -> None:
    values = np.array([0.0, *[1.0] * 298, 1e6], np.float32)
    assert trimmed_mean(values) == 1.0
    with pytest.raises(ValueError, match="no path lengths"):
        trimmed_mean(np.zeros(0))
