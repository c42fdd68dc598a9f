"""Captions of sample pictures: parts, kinds and colours in everyday words."""

import pytest

from engine.data.captions import caption, colour

DRAWN = {
    "backgroundColor": [], "skinColor": "#e0b687", "clothesVariant": "variant05", "clothingColor": "#d11141",
    "eyesVariant": "variant03", "eyesColor": "#588387", "mouthVariant": "happy09", "glassesVariant": "dark02",
    "hairVariant": "long14", "hairColor": "#603015", "topVariant": "sideSwept", "shadeColor": "#ffffff", "lightColor": "#ffffff8f",
    "eyesTranslateX": 0.5, "hill2Variant": "ridge", "hill2Color": "#00ff00", "flip": "none", "canvasColor": "#8a3fd1",
}  # fmt: skip


def test_a_picture_in_words() -> None:
    assert caption("pixel-art", DRAWN) == (
        "pixel art, beige skin, red clothing, happy mouth, dark glasses, brown long hair, side swept top, purple background"
    )
    assert caption("glass", {"backgroundColor": "#ebd047", "canvasColor": "#000000"}) == "glass, yellow background"
    assert caption("rings", {}) == "rings"


@pytest.mark.parametrize(
    ("code", "name"),
    [("#000000", "black"), ("#ffffff", "white"), ("#808080", "grey"), ("#ff0000", "red"), ("#ff00a0", "pink"),
     ("#ff2000", "red"), ("#ff9000", "orange"), ("#ffd969", "yellow"), ("#603014", "brown"), ("#ffdbac", "beige"),
     ("#00b159", "green"), ("#5eead4", "turquoise"), ("#428bca", "blue"), ("#8a3fd1", "purple"), ("#ff0020", "red")],
)  # fmt: skip
def test_names_of_colours(code: str, name: str) -> None:
    assert colour(code) == name
