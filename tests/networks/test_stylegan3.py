"""What StyleGAN3 owes beyond what every family owes: filters, both ways to compute, a plane that moves and turns, magnitudes."""

import itertools
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from benchmarks.straightforward import resampled
from engine.checkpoints.native import Card, identity
from engine.metrics.equivariance import translated, turned
from engine.networks import alias_free
from engine.networks.alias_free import AliasFreeActivation, Resampling
from engine.networks.alias_free_layers import AliasFreeLayer, EvenConv2d
from engine.networks.bandlimits import passages, signals
from engine.networks.fourier import FourierInput, placed, placement
from engine.networks.generator import Canvas, draw
from engine.networks.layers import blank, channels_last, pack
from engine.networks.lowpass import bessel, lowpass, separated
from engine.networks.stylegan3 import StyleGAN3, StyleGAN3Generator, mixed_precision
from engine.networks.winograd import convolve_tiles, tiled
from engine.recipe import Recipe, put, seeded
from engine.render.pixels import to_uint8
from engine.render.renderer import Renderer
from engine.training.blur import blur_sigma, blurred

VARIANTS = pytest.mark.parametrize("variant", ["t", "r"])


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def lively(**changes: object) -> StyleGAN3Generator:
    """A generator whose every part has an effect."""
    generator = StyleGAN3.tiny(**changes).build().eval().requires_grad_(False)
    assert isinstance(generator, StyleGAN3Generator)
    for name, parameter in generator.named_parameters():
        if "weight" not in name or "input.affine" in name:
            parameter.add_(torch.randn_like(parameter) * 0.3)
    generator.mapping.w_avg.normal_()
    return generator


def some_ws(generator: StyleGAN3Generator, count: int = 1) -> Tensor:
    return generator.broadcast(generator.mapping(torch.randn(count, generator.z_dim)))


@pytest.mark.parametrize("taps", [(12,), (7,), (12, 12), (5, 4)], ids=str)
@pytest.mark.parametrize(("up", "down"), [(1, 1), (2, 1), (4, 1), (8, 1), (1, 2), (1, 4), (2, 2), (4, 2), (2, 3)])
@pytest.mark.parametrize("padding", [(0, 0, 0, 0), (9, 8, 9, 8), (-3, -4, 5, -1)], ids=str)
def test_resampling_is_that_with_zeros_between(
    taps: tuple[int, ...], up: int, down: int, padding: tuple[int, int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alias_free, "BLOCK", 16)
    monkeypatch.setattr(alias_free, "DOWN_BLOCK", 4)  # several blocks even here
    kernel, x = torch.randn(taps), torch.randn(2, 3, 23, 19)
    ours = Resampling(kernel.numpy(), up, down, padding)(x)
    torch.testing.assert_close(ours, resampled(x, kernel, up, down, padding), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("cached", [1, 5000, 2**18])
@pytest.mark.parametrize(("radial", "quick"), [(False, True), (True, True), (True, False)])
@pytest.mark.parametrize("together", [3, 16])
def test_drawing_and_training_agree(
    cached: int, radial: bool, quick: bool, together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alias_free, "CACHED", cached)
    monkeypatch.setattr(alias_free, "TOGETHER", together)
    monkeypatch.setattr("torch.backends.mkldnn.is_available", lambda: quick)
    up, down = lowpass(12, 4, 8, 32), lowpass(12, 4, 8, 32, radial)
    activation = AliasFreeActivation(Resampling(up, 2, 1, (9, 8, 9, 8), 4.0), Resampling(down, 1, 2), clamp=0.8)
    x = torch.randn(2, 5, 45, 39).to(memory_format=torch.channels_last)
    drawn, trained = activation(x), activation(x.requires_grad_())
    assert not drawn.requires_grad
    torch.testing.assert_close(drawn, trained, rtol=1e-5, atol=1e-6)


def test_filters() -> None:
    for radial in (False, True):
        filter = lowpass(12, 8.0, 12.0, 64, radial)
        assert filter.dtype == np.float32
        assert filter.sum() == pytest.approx(1.0)
        np.testing.assert_allclose(filter, filter[::-1], atol=1e-7)
    columns, rows = separated(filter)
    np.testing.assert_allclose(np.einsum("rh,rw->hw", columns, rows), filter, atol=1e-7 * filter.max())
    assert len(columns) < 6
    assert lowpass(1, 2.0, 3.0, 4).tolist() == [1.0]
    np.testing.assert_allclose(
        bessel(np.array([0.0, 1.0, -1.0, 40.0])), [0.0, 0.4400505857, -0.4400505857, 0.1260383156], atol=1e-9
    )


@pytest.mark.parametrize(("inputs", "outputs", "size"), [(3, 5, 7), (8, 4, 30), (1, 1, 1), (4, 4, 66)])
def test_winograd_is_a_convolution(inputs: int, outputs: int, size: int) -> None:
    x, weight, bias = torch.randn(inputs, size, size + 1), torch.randn(outputs, inputs, 3, 3), torch.randn(outputs)
    before, after = torch.rand(inputs) + 0.5, torch.rand(outputs) + 0.5
    plain = F.conv2d((x * before[:, None, None])[None], weight, padding=2)[0] * after[:, None, None]
    ours = convolve_tiles(x, tiled(weight), before, after, bias)
    assert (ours - plain - bias[:, None, None]).abs().max() < 1e-5 * plain.abs().max()


@pytest.mark.parametrize("count", [1, 2])
def test_a_large_packed_convolution_gives_the_same(count: int) -> None:
    layer = EvenConv2d(192, 192, 3).requires_grad_(False)
    x, style = torch.randn(count, 192, 10, 10), torch.randn(count, 192)
    with torch.no_grad():
        plain = layer(x, style, torch.tensor(0.7), torch.randn(192))
        torch.manual_seed(0)
    layer.pack()
    assert layer._tiles is not None
    bias = torch.randn(192)
    with torch.no_grad():
        quick = layer(x, style, torch.tensor(0.7), bias)
    slow = layer(x, style, torch.tensor(0.7), bias)  # gradients might be wanted here
    torch.testing.assert_close(quick, slow, rtol=1e-4, atol=1e-5)
    assert plain.shape == quick.shape == (count, 192, 12, 12)


@VARIANTS
def test_spec_and_schedule(variant: str) -> None:
    spec = StyleGAN3.paper(256, "r" if variant == "r" else "t")
    assert msgspec.json.decode(msgspec.json.encode(spec), type=StyleGAN3) == spec
    carried = signals(spec.limits, spec.channels)
    assert [signal.resolution for signal in carried] == [4, 4, 8, 8, 16, 16, 32, 32, 64, 64, 128, 128, 256, 256, 256]
    found = passages(spec.limits, 3, 3, spec.taps, spec.oversampling, variant == "r")
    assert all(a.target == b.source for a, b in itertools.pairwise(found))
    with blank():
        assert spec.build().rows == 16


@pytest.mark.parametrize("changes", [{"resolution": 24}, {"depth": 2}])
def test_what_cannot_be_built_is_refused(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"not a power of two|too many"):
        StyleGAN3.tiny(**changes).build()


@VARIANTS
def test_neighbours_do_not_matter(variant: str) -> None:
    """Not even where their styles are a thousand times as large."""
    generator = lively(variant=variant)
    ws = some_ws(generator, 3) * torch.tensor([1.0, 1000.0, 0.01])[:, None, None]
    together = generator.synthesize(ws)
    alone = torch.cat([generator.synthesize(one) for one in ws.split(1)])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-5)


@VARIANTS
def test_style_strength_is_around_the_neutral_style(variant: str) -> None:
    """s' = 1 + a (s - 1): at strength 0 every style is 1, the plane rests, and w says nothing any more."""
    generator = lively(variant=variant)
    pictures = []
    for ws in some_ws(generator, 2).split(1):
        canvas = Canvas()
        for step in generator.steps():
            canvas = draw(step, canvas, ws, None, 0.0)
        pictures.append(canvas.picture)
    assert pictures[0] is not None
    assert torch.equal(pictures[0], pictures[1])


def test_a_canvas_transform_is_laid_over_the_models_own() -> None:
    generator = lively()
    first = generator.layers["input"]
    assert isinstance(first, FourierInput)
    ws, move = some_ws(generator, 2), placement(0.2, -0.1, 25.0, 1.3)
    over = generator.synthesize(ws, transform=move)
    both = generator.synthesize(ws, transform=move.expand(2, -1, -1))
    first.transform.copy_(move)
    torch.testing.assert_close(generator.synthesize(ws), over)
    torch.testing.assert_close(both, over)
    assert torch.equal(generator.synthesize(ws), generator.synthesize(ws, transform=torch.eye(3)))


def test_placement_undoes_what_the_picture_undergoes() -> None:
    turn = placement(degrees=90.0)
    torch.testing.assert_close(turn @ torch.tensor([0.0, -1.0, 1.0]), torch.tensor([1.0, 0.0, 1.0]))  # right went up
    there = placement(0.3, -0.2, 40.0, 1.5) @ torch.tensor([0.3, -0.2, 1.0])
    torch.testing.assert_close(there, torch.tensor([0.0, 0.0, 1.0]))


def decibels(ours: Tensor, wanted: tuple[Tensor, Tensor]) -> float:
    """Peak signal-to-noise ratio where the mask is 1; the pictures' range is -1 … 1."""
    picture, mask = wanted
    error = ((ours - picture).square() * mask).sum() / mask.sum()
    return float(20 * np.log10(2) - 10 * torch.log10(error))


@VARIANTS
def test_pictures_follow_the_plane(variant: str) -> None:
    """An untrained network is equivariant already: T to moving, R to turning as well."""
    generator = lively(resolution=32, variant=variant, margin=10, depth=8)
    ws = some_ws(generator)
    picture = generator.synthesize(ws)
    moved = generator.synthesize(ws, transform=placement(4 / 32, -2 / 32))
    assert decibels(moved, translated(picture, 4 / 32, -2 / 32)) > 55
    if variant == "r":
        tilted = generator.synthesize(ws, transform=placement(degrees=90.0))
        assert decibels(tilted, (torch.rot90(picture, 1, (2, 3)), torch.ones_like(picture))) > 55
        exact, mask = turned(picture, np.pi / 2)
        assert decibels(exact, (torch.rot90(picture, 1, (2, 3)), mask)) > 20  # both turn the same way


def test_magnitudes_are_followed_only_when_asked() -> None:
    generator = lively()
    ws, layer = some_ws(generator, 2), generator.layers["l0"]
    assert isinstance(layer, AliasFreeLayer)
    before = layer.measure.square.clone()
    generator.synthesize(ws)
    assert torch.equal(layer.measure.square, before)
    with generator.measuring(0.25):
        generator.synthesize(ws)
    features = generator.layers["input"](Canvas(), ws[:, 0]).features
    torch.testing.assert_close(layer.measure.square, torch.lerp(features.square().mean(), before, 0.25))
    after = layer.measure.square.clone()
    generator.synthesize(ws)
    assert torch.equal(layer.measure.square, after)


@VARIANTS
def test_half_precision_where_rates_are_high(variant: str) -> None:
    generator = lively(resolution=32, variant=variant)
    ws = some_ws(generator)
    plain = generator.synthesize(ws)
    mixed_precision(generator, 1)
    canvas, types = Canvas(), []
    for step in generator.steps():
        canvas = draw(step, canvas, ws, None)
        types.append(None if canvas.features is None else canvas.features.dtype)
    assert types[1] == torch.float32
    assert types[-2] == torch.float16
    assert canvas.picture is not None
    assert canvas.picture.dtype == torch.float32
    torch.testing.assert_close(canvas.picture, plain, rtol=0.05, atol=0.05)


@VARIANTS
def test_recipes_render(variant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The renderer draws the family as it is, from the first layer that changed."""
    generator = lively(variant=variant)
    card = Card(generator.spec, name="wave", identity=identity(generator))  # type: ignore[arg-type]
    monkeypatch.setattr("engine.render.models.load", lambda path: (generator, card))
    renderer = Renderer("cpu")
    info = renderer.open(Path("wave.safetensors"))
    assert (info.family, info.has_noise, len(info.layers)) == ("stylegan3", False, generator.rows)
    assert {layer.band for layer in info.layers} == {"coarse", "middle", "fine"}
    recipe = put(Recipe(latent=seeded(5)), "model", info.model)
    frame = renderer.render(recipe)
    z = torch.from_numpy(np.random.RandomState(5).randn(1, generator.z_dim)).float()
    with torch.inference_mode():
        expected = to_uint8(generator(z))[0].permute(1, 2, 0).numpy()
    assert np.array_equal(frame.pixels, expected)
    stronger = renderer.render(put(recipe, "strength", (1.0, 1.0, 1.0, 1.0, 1.5)))
    assert stronger.reused == 4
    assert not np.array_equal(stronger.pixels, frame.pixels)


def test_training_channels_last() -> None:
    """The memory layout that training chooses changes nothing."""
    generator = StyleGAN3.tiny().build()
    ws = torch.randn(2, generator.rows, generator.w_dim)
    plain = generator.synthesize(ws)
    channels_last(generator)
    torch.testing.assert_close(generator.synthesize(ws), plain)
    pack(generator)
    torch.testing.assert_close(generator.synthesize(ws), plain, rtol=1e-4, atol=1e-5)


def test_a_transform_goes_through_a_canvas() -> None:
    transform = placement(0.5)
    assert placed(transform).kept == (transform,)


def test_blur_fades() -> None:
    assert [blur_sigma(images, 10.0, 0.2) for images in (0, 100, 200, 300)] == [10.0, 5.0, 0.0, 0.0]
    assert blur_sigma(0, 10.0, 0.0) == 0.0
    images = torch.randn(1, 1, 9, 9)
    assert torch.equal(blurred(images, 0.3), images)
    flat = blurred(torch.ones(1, 1, 21, 21), 1.5)
    assert flat[0, 0, 10, 10] == pytest.approx(1.0)
