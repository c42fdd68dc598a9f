"""Where every class has an average of its own, truncation pulls each picture to that of its classes."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.recipe import Latent, Point, Recipe, Seed, Stored, Style, Weighted, put
from engine.render.latents import Mapped, resolve
from engine.render.models import Loaded, Models
from tests.models import model_file


@pytest.fixture
def model(tmp_path: Path) -> Loaded:
    models = Models()
    return models.get(models.open(model_file(tmp_path, "stylegan-xl", label_size=3)).model)


@pytest.fixture
def ws(model: Loaded) -> Callable[..., Tensor]:
    """ws of weighted points at a truncation."""

    def of(*points: tuple[Point, float], psi: float = 0.0, centre: str = "class", **more: object) -> Tensor:
        recipe = Recipe(latent=Latent(tuple(Weighted(point, weight) for point, weight in points)), **more)  # type: ignore[arg-type]
        return resolve(put(put(recipe, "truncation.psi", psi), "truncation.centre", centre), model, Mapped())[0]

    return of


def centres(model: Loaded) -> Tensor:
    assert isinstance(model.generator.mapping.w_avg, Tensor)
    return model.generator.mapping.w_avg


def test_every_class_has_its_own_centre(model: Loaded, ws: Callable[..., Tensor]) -> None:
    for label in range(3):
        torch.testing.assert_close(ws((Seed(1, label), 1.0)), centres(model)[label].expand(model.generator.rows, -1))


def test_the_centre_of_a_blend_is_the_weighted_mean(model: Loaded, ws: Callable[..., Tensor]) -> None:
    found = ws((Seed(1, 0), 3.0), (Seed(2, 2), 1.0))
    expected = 0.75 * centres(model)[0] + 0.25 * centres(model)[2]
    torch.testing.assert_close(found, expected.expand(model.generator.rows, -1))
    whole = ws((Seed(1, 0), 3.0), (Seed(2, 2), 1.0), psi=1.0)
    half = ws((Seed(1, 0), 3.0), (Seed(2, 2), 1.0), psi=0.5)
    torch.testing.assert_close(half, (whole + expected) / 2)


def test_a_style_is_drawn_to_its_own_centre(model: Loaded, ws: Callable[..., Tensor]) -> None:
    style = Style(Latent((Weighted(Seed(5, 2)),)), (1.0,))
    found = ws((Seed(1, 0), 1.0), styles=(style,))
    torch.testing.assert_close(found[0], centres(model)[2])
    torch.testing.assert_close(found[-1], centres(model)[0])


def test_stored_styles_go_to_the_nearest_centre(model: Loaded, ws: Callable[..., Tensor]) -> None:
    near = centres(model)[1] + 0.001
    rows = near.expand(model.generator.rows, -1).numpy().astype("<f4")
    found = ws((Stored(rows.tobytes(), len(rows)), 1.0))
    torch.testing.assert_close(found, centres(model)[1].expand(model.generator.rows, -1))


def test_another_centre_can_be_chosen(model: Loaded, ws: Callable[..., Tensor]) -> None:
    rows = model.generator.rows
    torch.testing.assert_close(ws((Seed(1, 2), 1.0), centre="all"), centres(model).mean(0).expand(rows, -1))
    whole = ws((Seed(1, 2), 1.0), psi=1.0)
    closest = (centres(model) - whole[0]).norm(dim=1).argmin()
    torch.testing.assert_close(ws((Seed(1, 2), 1.0), centre="nearest"), centres(model)[closest].expand(rows, -1))
    near = centres(model)[1] + 0.001
    stored = Stored(near.expand(rows, -1).numpy().astype("<f4").tobytes(), rows)
    torch.testing.assert_close(ws((stored, 1.0), centre="nearest"), centres(model)[1].expand(rows, -1))


def test_a_model_with_one_average_has_no_choice(model: Loaded, tmp_path: Path) -> None:
    assert model.info.centres == 3
    models = Models()
    for family in ("stylegan2", "stylegan-t", "progan"):
        other = models.get(models.open(model_file(tmp_path, family, label_size=3)).model)
        assert other.info.centres == 0
        latent = Latent((Weighted(Seed(1, 2)),))
        plain, chosen = (
            resolve(
                put(put(Recipe(latent=latent), "truncation.psi", 0.5), "truncation.centre", centre), other, Mapped()
            )
            for centre in ("class", "nearest")
        )
        torch.testing.assert_close(plain, chosen, rtol=0, atol=0)
