"""One gesture is one step; nothing is lost; settings on disk come back."""

from pathlib import Path

import msgspec
import pytest

from engine.recipe import Model, Recipe, Seed, Stored, Style, put, seeded
from engine.recipe.recipe import Latent, Weighted
from engine.render.info import LayerInfo, ModelInfo
from explorer import fit, mixing, settings
from explorer.compare import Compare
from explorer.settings import Recent, Settings
from explorer.store import Store


@pytest.fixture
def store() -> Store:
    return Store()


def test_a_gesture_is_one_step(store: Store) -> None:
    for psi in (0.9, 0.8, 0.7):
        store.set("truncation.psi", psi)
    store.keep("Truncation")
    assert [entry.note for entry in store.history.entries] == ["Start", "Truncation"]
    store.undo()
    assert store.recipe == Recipe()
    store.redo()
    assert store.recipe.truncation.psi == 0.7


def test_what_is_not_kept_yet_is_kept_before_undo(store: Store) -> None:
    store.set("truncation.psi", 0.5)
    store.undo()
    assert store.recipe == Recipe()
    store.redo()
    assert store.recipe.truncation.psi == 0.5


def test_a_value_out_of_range_changes_nothing(store: Store) -> None:
    with pytest.raises(ValueError, match="psi"):
        store.set("truncation.psi", 9)
    assert store.recipe == Recipe()


def test_abandoned_ways_stay_in_the_history(store: Store) -> None:
    for psi in (0.1, 0.2):
        store.do(put(store.recipe, "truncation.psi", psi), f"{psi}")
    store.undo()
    store.do(put(store.recipe, "truncation.psi", 0.3), "0.3")
    assert [entry.note for entry in store.history.entries] == ["Start", "0.1", "0.2", "0.3"]
    store.go(2)
    assert store.recipe.truncation.psi == 0.2
    assert not store.history.can_redo()


def test_settings_of_a_newer_version_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"theme": "light", "hologram": true}')
    assert settings.read(Settings, path).theme == "light"


def test_recent_models_are_few_and_the_newest_first() -> None:
    machine = Settings()
    for number in range(20):
        machine = settings.with_recent(machine, Recent(f"/{number % 15}.safetensors"))
    assert len(machine.recent) == settings.MOST_RECENT
    assert machine.recent[0].path == "/4.safetensors"
    assert len({recent.path for recent in machine.recent}) == settings.MOST_RECENT


def test_compare_shows_and_lets_go(store: Store) -> None:
    compare = Compare(store)
    store.do(put(store.recipe, "noise.seed", 5), "Seed")
    store.set("noise.seed", 6)
    compare.hold()
    assert store.recipe == Recipe()
    compare.hold()
    compare.release()
    compare.release()
    assert store.recipe.noise.seed == 6
    compare.keep()
    store.set("noise.seed", 7)
    compare.hold()
    assert store.recipe.noise.seed == 6


def test_a_and_b() -> None:
    recipe = mixing.with_b(Recipe(), seeded(9))
    assert mixing.amounts(recipe, 4) == (0, 0, 0, 0)
    recipe = mixing.with_amounts(recipe, (1, 0.5, 0, 0))
    assert recipe.styles == (Style(seeded(9), (1.0, 0.5)),)
    swapped = mixing.swap(recipe)
    assert swapped.latent == seeded(9)
    assert mixing.b_latent(swapped) == seeded(0)
    assert mixing.swap(swapped) == recipe
    assert mixing.only_b(recipe).latent == seeded(9)
    assert mixing.turned(recipe, (0, 1), 4).styles[0].amounts == (1, 1)
    assert mixing.turned(mixing.turned(recipe, (0, 1), 4), (0, 1), 4).styles[0].amounts == ()
    assert mixing.with_amounts(Recipe(), (0, 0)) == Recipe()
    assert mixing.b_latent(mixing.swap(Recipe())) == seeded(0)


def card(layers: int, w_dim: int = 4, classes: int = 0) -> ModelInfo:
    rows = tuple(LayerInfo(row, str(row), 8, "coarse", True) for row in range(layers))
    return ModelInfo(Model("m", "b" * 64), None, "stylegan1", 8, 3, rows, 4, w_dim, 1, True, classes, (), 0, "", "")


def test_a_recipe_is_carried_to_another_model() -> None:
    stored = Latent((Weighted(Stored(bytes(4 * 2 * 4), 2)),))
    recipe = msgspec.structs.replace(Recipe(), latent=seeded(5, 3), styles=(Style(stored, (1.0,)),))
    plain = fit.fitted(recipe, card(6))
    assert plain.model.name == "m"
    assert plain.latent == seeded(5)
    assert plain.styles == (Style(seeded(0), (1.0,)),)
    assert fit.fitted(recipe, card(2)).styles[0].latent == stored
    assert fit.fitted(recipe, card(2, classes=2)).latent == seeded(5, 0)
    assert fit.fitted(recipe, card(2, classes=9)).latent.points[0].point == Seed(5, 3)
