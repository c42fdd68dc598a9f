"""StyleGAN-T in training: a step through either kind of discriminator, crops of large pictures, what it does not learn yet."""

import pytest
import torch
from msgspec import structs

from engine.feature_networks.transformer import PictureTransformer, TransformerSize
from engine.networks import StyleGANT
from engine.networks.discriminators.vision import Taps, VisionDiscriminator
from engine.training import judging
from engine.training.config import BlurFade, Config, check
from engine.training.step import Batch, Players, play
from engine.training.words import stylegan_t

CPU = torch.device("cpu")
SMALL = TransformerSize(8, 12, 2, 4, 8, distilled=False)  # sees 8×8 pixels, fewer than the pictures have


def config(**changes: object) -> Config:
    return stylegan_t(StyleGANT.tiny(label_size=2, **changes), 4, 2, labels=True, blur=BlurFade(2.0, 1.0))


def step(players: Players) -> dict[str, float]:
    labels = torch.eye(2).repeat(2, 1)
    pictures = torch.rand(4, 3, 16, 16) * 2 - 1
    return play(players, Batch(pictures, labels), lambda count: torch.eye(2)[torch.arange(count) % 2]).values


def test_a_step_through_a_projected_discriminator() -> None:
    players = Players(config(), CPU)
    before = {name: x.clone() for name, x in players.generator.state_dict().items()}
    seen = step(players)
    assert all(torch.isfinite(torch.tensor(list(seen.values()))))
    after = players.generator.state_dict()
    moved = {name for name, x in after.items() if not torch.equal(x, before[name])}
    assert {"mapping.w_avg", "mapping.dense.0.weight", "layers.b16_residual0.gamma", "layers.input.weight"} <= moved
    assert "layers.input.freqs" not in moved
    assert not torch.equal(players.average.model.state_dict()["mapping.w_avg"], before["mapping.w_avg"])


def test_a_step_through_a_transformer_that_sees_crops(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = VisionDiscriminator(Taps(PictureTransformer(SMALL)), 2, 4)
    monkeypatch.setattr(StyleGANT, "build_discriminator", lambda spec: judge)
    sides = []

    def noted(images: torch.Tensor, side: int, random: torch.Generator | None) -> torch.Tensor:
        sides.append((images.shape[-1], side))
        return images

    monkeypatch.setattr(judging, "often_cropped", noted)
    players = Players(config(judge="dino"), CPU)
    seen = step(players)
    assert all(torch.isfinite(torch.tensor(list(seen.values()))))
    assert set(sides) == {(16, 8)}
    assert len(sides) == 6  # two rounds each of fake and real for the one, of fake for the other


def test_words_are_not_learnt_yet() -> None:
    plain = config()
    reading = structs.replace(plain, network=StyleGANT.tiny(text_size=5))
    check(plain)
    with pytest.raises(ValueError, match=r"not from words yet; set network\.text_size to 0"):
        check(reading)
