"""Prompts: read by the encoder that a model was trained with and no other, blended, kept by recipes, truncated by themselves."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engine.cli.main import main
from engine.feature_networks.published import MissingWeights
from engine.feature_networks.sentences import SentenceEncoder
from engine.recipe import (
    Arc,
    Condition,
    Latent,
    Recipe,
    Seed,
    Stored,
    Weighted,
    conditioned,
    decode,
    encode,
    plane,
    put,
    seeded,
)
from engine.recipe.timeline import Key, Timeline
from engine.recipe.wander import Wander
from engine.render import words
from engine.render.latents import Mapped, resolve
from engine.render.models import Loaded, Models
from engine.render.renderer import Renderer
from engine.render.words import absent
from tests.models import model_file
from tests.small_encoder import small_encoder


@pytest.fixture
def encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SentenceEncoder]:
    """A small one with random weights in place of the published one."""
    with small_encoder(tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
def model(tmp_path: Path, encoder: SentenceEncoder) -> Loaded:
    models = Models()
    return models.get(models.open(model_file(tmp_path, "stylegan-t", text_size=5, encoder="minilm-l6")).model)


def ws(model: Loaded, latent: Latent, psi: float = 1.0) -> Tensor:
    return resolve(put(Recipe(latent=latent), "truncation.psi", psi), model, Mapped())[0, 0]


def test_a_prompt_is_part_of_w(model: Loaded, encoder: SentenceEncoder) -> None:
    found = ws(model, seeded(3, prompt="red hair"))
    torch.testing.assert_close(found[8:], encoder(["red hair"])[0])
    torch.testing.assert_close(found[:8], ws(model, seeded(3))[:8])
    assert not ws(model, seeded(3))[8:].any()


def test_truncation_leaves_the_words(model: Loaded, encoder: SentenceEncoder) -> None:
    mean = model.generator.mapping.w_avg
    for latent in (seeded(3, prompt="red hair"), _stored(ws(model, seeded(4, prompt="red hair")), model)):
        found = ws(model, latent, psi=0.0)
        torch.testing.assert_close(found, torch.cat([mean, encoder(["red hair"])[0]]))


def _stored(w: Tensor, model: Loaded) -> Latent:
    rows = w.expand(model.generator.rows, -1).numpy().astype("<f4")
    return Latent((Weighted(Stored(rows.tobytes(), len(rows))),))


def test_between_two_prompts(model: Loaded, encoder: SentenceEncoder) -> None:
    red, blue = encoder(["red", "blue"])
    arc = Arc(Seed(1, prompt="red"), Seed(1, prompt="blue"), 0.25)
    found = ws(model, Latent((Weighted(arc),)))[8:]
    torch.testing.assert_close(found, F.normalize(torch.lerp(red, blue, 0.25), dim=0))
    mixed = ws(model, seeded(1, prompt="red").mix(seeded(1, prompt="blue"), 0.25))[8:]
    torch.testing.assert_close(mixed, torch.lerp(red, blue, 0.25))
    half = ws(model, Latent((Weighted(Arc(Seed(1), Seed(1, prompt="blue"), 0.5)),)))[8:]
    torch.testing.assert_close(half, blue / 2)


def test_words_slide_on_a_timeline(model: Loaded, encoder: SentenceEncoder) -> None:
    red, blue = encoder(["red", "blue"])
    under = ((Condition(prompt="red"), 0.5), (Condition(prompt="blue"), 0.5))
    keys = (seeded(1, prompt="red"), seeded(1, prompt="blue"), conditioned(1, under))
    line = Timeline(keys=tuple(Key(float(at), Recipe(latent=latent), "linear") for at, latent in enumerate(keys)))
    for at, share in ((0.0, 0.0), (0.25, 0.25), (1.0, 1.0), (1.5, 0.75), (2.0, 0.5)):
        latent = line.at(at).latent
        torch.testing.assert_close(ws(model, latent)[8:], torch.lerp(red, blue, share))
        assert plane.place(latent) == (1, 0)
    round_ = replace(line, wander=Wander("noise", 0.5, 3))
    torch.testing.assert_close(ws(model, round_.at(0.7).latent)[8:], torch.lerp(red, blue, 0.7))
    turned = Timeline(keys=tuple(replace(key, path="slerp") for key in line.keys[:2]))
    expected = F.normalize(torch.lerp(red, blue, 0.25), dim=0)  # around the sphere
    torch.testing.assert_close(ws(model, turned.at(0.25).latent)[8:], expected)


def test_recipes_keep_prompts_and_older_ones_are_read() -> None:
    recipe = Recipe(latent=seeded(3, prompt="rote Haare"))
    assert decode(Recipe, encode(recipe)) == recipe
    assert decode(Recipe, '{"version": 4, "latent": {"points": [{"point": {"type": "seed", "number": 3}}]}}') == Recipe(
        latent=seeded(3)
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"text_size": 5, "encoder": "clip-l14"}, "reads words with clip-l14, which is not at hand"),
        ({"text_size": 5}, "with an encoder that it does not name"),
        ({"text_size": 6, "encoder": "minilm-l6"}, "takes 6 numbers for a text, and minilm-l6 gives 5"),
    ],
)
def test_another_encoder_is_refused(
    tmp_path: Path, encoder: SentenceEncoder, changes: dict[str, object], says: str
) -> None:
    renderer = Renderer("cpu")
    info = renderer.open(model_file(tmp_path, "stylegan-t", **changes))
    assert (info.text_size, info.encoder) == (changes["text_size"], changes.get("encoder", ""))
    with pytest.raises(ValueError, match=says):
        renderer.render(Recipe(model=info.model, latent=seeded(1, prompt="red")))
    assert renderer.render(Recipe(model=info.model, latent=seeded(1))).pixels.shape == (16, 16, 3)


def test_a_prompt_on_the_command_line(
    tmp_path: Path, encoder: SentenceEncoder, capfd: pytest.CaptureFixture[str]
) -> None:
    file = model_file(tmp_path, "stylegan-t", text_size=5, encoder="minilm-l6")
    drawn = []
    for prompt in ("red", "blue"):
        out = tmp_path / f"{prompt}.png"
        assert main(["render", "--model", str(file), "--seeds", "1", "--prompt", prompt, "--out", str(out)]) == 0
        drawn.append(np.asarray(Image.open(out)))
    assert not np.array_equal(*drawn)
    model = ("--model", str(file), "--prompt", "red")
    table, film = tmp_path / "mix.png", tmp_path / "film"
    assert main(["mix", *model, "--rows", "1", "--cols", "2", "--layers", "0", "--out", str(table)]) == 0
    np.testing.assert_array_equal(np.asarray(Image.open(table))[-17:-1, 1:17], drawn[0])
    frames = ("--format", "png", "--seconds", "0.1", "--fps", "10", "--scale", "1")
    assert main(["video", *model, "--seeds", "1,2", *frames, "--out", str(film)]) == 0
    np.testing.assert_array_equal(np.asarray(Image.open(min(film.glob("*.png")))), drawn[0])
    assert main(["video", "--prompt", "red", str(tmp_path / "red.png"), "--out", str(tmp_path / "no.mp4")]) == 2
    assert "brings its own class and words" in capfd.readouterr().err
    plain = model_file(tmp_path, "stylegan2")
    assert main(["render", "--model", str(plain), "--seeds", "1", "--prompt", "red", "--out", str(tmp_path)]) == 2
    assert "reads no words; leave --prompt out" in capfd.readouterr().err


def test_an_encoder_that_is_not_here_is_told(encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    assert absent("minilm-l6") == ""
    assert "reads words with clip-l14, which is not at hand" in absent("clip-l14")

    def missing() -> SentenceEncoder:
        raise MissingWeights("it is not here; type: this")

    monkeypatch.setitem(words.ENCODERS, "minilm-l6", missing)
    assert absent("minilm-l6") == "it is not here; type: this"
