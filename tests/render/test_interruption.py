"""A picture that nobody wants any more is given up soon, also halfway through a layer, and that leaves nothing wrong behind."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.networks import FAMILIES, bands, pauses
from engine.networks.activations import ACTIVATIONS
from engine.networks.endings import Ending
from engine.recipe import Recipe, seeded
from engine.render.mailbox import Superseded
from engine.render.renderer import Renderer
from tests.models import model_file

LARGE = {"resolution": 32, "feature_base": 4096, "feature_max": 128}  # drawn in tiles
KINDS = {**{family: (family, {}) for family in FAMILIES}, "tiles": ("stylegan2", LARGE)}


class Impatient:
    """Says at the `last` time that it is asked that nobody wants the picture."""

    def __init__(self, last: int = -1):
        self.asked, self.last = 0, last

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked - 1 == self.last


@pytest.mark.parametrize("kind", KINDS)
def test_given_up_anywhere_a_picture_is_drawn_to_the_end_all_the_same(tmp_path: Path, kind: str) -> None:
    family, switches = KINDS[kind]
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path, family, **switches))
    one, other = (Recipe(model=info.model, latent=seeded(seed)) for seed in (1, 2))
    calm, steps = Impatient(), len(renderer.models.get(info.model).generator.steps())
    exact = {recipe: Renderer(models=renderer.models).render(recipe, calm).pixels for recipe in (one, other)}
    assert calm.asked >= 2 * steps
    assert calm.asked > 2 * steps or kind not in (
        "tiles",
        "stylegan1",
        "stylegan3",
        "stylegan-xl",
    )  # halfway through layers
    for last in range(0, calm.asked // 2, max(calm.asked // 8, 1)):
        for after in (other, one):
            renderer.render(other)
            with pytest.raises(Superseded):
                renderer.render(one, Impatient(last))
            assert np.array_equal(renderer.render(after).pixels, exact[after]), last


@pytest.mark.parametrize(("height", "noisy", "clamp"), [(16, True, None), (17, False, 0.7), (33, True, 0.7)])
def test_some_rows_at_a_time_are_the_same_as_all_at_once(height: int, noisy: bool, clamp, monkeypatch) -> None:
    monkeypatch.setattr(bands, "PART", 2**12)
    x = torch.randn(1, 4, height, 9).contiguous(memory_format=torch.channels_last)
    weight, bias, noise = torch.randn(5, 4, 3, 3), torch.randn(5), torch.randn(height, 9) if noisy else None
    assert bands.pays(x, weight)
    ending = Ending(torch.ones(5), bias, noise, ACTIVATIONS["lrelu"], 1.25, clamp)
    times: list[int] = []
    with torch.inference_mode(), pauses.asking(lambda: times.append(1)):
        y = bands.convolve(x, weight, ending)
        whole = torch.nn.functional.conv2d(x, weight, bias, padding=1) + (0.0 if noise is None else noise)
        whole = torch.nn.functional.leaky_relu(whole, 0.2) * 1.25
    assert torch.allclose(y, whole if clamp is None else whole.clamp(-clamp, clamp), atol=1e-5)
    assert len(times) > 2
    assert y.is_contiguous(memory_format=torch.channels_last)


def test_only_who_asks_is_asked() -> None:
    times: list[int] = []
    pauses.pause()
    with pauses.asking(lambda: times.append(1)):
        pauses.pause()
        with pauses.asking(lambda: times.append(2)):
            pauses.pause()
        pauses.pause()
    pauses.pause()
    assert times == [1, 2, 1]
