"""Every setting of every preset can be shown in a form, and what a form sends back is accepted."""

import pytest

from engine.networks import TRAINABLE
from engine.recipe import get, put
from engine.training.config import Config
from engine.training.described import BESIDE, described
from engine.training.presets import PRESETS


@pytest.mark.parametrize("family", TRAINABLE)
def test_settings_carry_value_range_and_words(family: str) -> None:
    config = Config(network=TRAINABLE[family]())
    settings = {setting.name: setting for setting in described(config)}
    assert settings["kimg"].value == config.kimg
    assert (settings["mixing"].low, settings["mixing"].high) == (0, 1)
    assert settings["loss"].choices[0] == "logistic"
    assert settings["mirror"].kind is bool
    assert settings["kimg"].about.startswith("Length of the training")
    assert settings["growth.rampup_kimg"].about == "the rate rises from 0 in the beginning"
    assert settings["ada.kinds"].choices[:2] == ("blit", "geom")
    assert settings["network.resolution"].group == "network"
    assert not BESIDE & settings.keys()
    assert not [name for name, setting in settings.items() if len(setting.about.split()) < 3]


@pytest.mark.parametrize("preset", ["tiny", "stylegan2-auto", "stylegan3-small-64", "progan-128", "projected-tiny"])
def test_what_is_shown_can_be_set(preset: str) -> None:
    config = PRESETS[preset]
    for setting in described(config):
        text = str(setting.value).lower() if setting.kind is bool else str(setting.value)
        assert get(put(config, setting.name, text), setting.name) == setting.value, setting.name
