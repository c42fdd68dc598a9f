"""The preset that is proposed fits the pictures and the device, and says why."""

import pytest

from engine.cli.presets import FAMILIES, PRESET_NOTES, family_of
from engine.training.advice import TEXTS, advise


@pytest.mark.parametrize(
    ("count", "side", "device", "cores", "preset", "words"),
    [
        (20_000, 512, "NVIDIA H100", 8, "stylegan2-auto", "of mostly 512 pixels on NVIDIA H100: StyleGAN2 at 512"),
        (800, 700, "Apple GPU", 8, "stylegan2-auto", "and penalty follow them. They are few"),
        (800, 300, "", 2, "stylegan2-small-64", "without a graphics card: at 64 × 64 a processor gets somewhere"),
        (60_000, 300, "", 16, "stylegan2-small-128", "at 128 × 128"),
        (300, 40, "", 16, "stylegan2-tiny", "more than 32 × 32 is not in them"),
        (40, 0, "", 2, "stylegan2-tiny", "They are very few: begin with a trained model"),
    ],
)  # fmt: skip
def test_what_is_proposed_and_why(count: int, side: int, device: str, cores: int, preset: str, words: str) -> None:
    advice = advise(count, side, device, cores)
    assert advice.preset == preset
    assert words in str(advice)
    assert set(advice.reasons) <= TEXTS.keys()


def test_every_preset_has_its_family() -> None:
    assert {family_of(preset) for preset in PRESET_NOTES} == set(FAMILIES)
    assert family_of("small-256") == "StyleGAN"
    assert family_of("stylegan2-auto") == "StyleGAN2"
