"""What StyleGAN2 owes beyond what every family owes: rows, strength, half precision, frozen layers, both ways to modulate."""

import msgspec
import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.networks.activations import ACTIVATIONS
from engine.networks.filters import convolve, downsample, fir, upfirdn, upsample
from engine.networks.modulation import StyledConv, ToRGB, modulated_convolve
from engine.networks.stylegan2 import StyleGAN2, mixed_precision

ARCHITECTURES = pytest.mark.parametrize("architecture", ["skip", "resnet", "orig"])
TAPS = pytest.mark.parametrize(
    "taps", [(1.0, 3.0, 3.0, 1.0), (1.0, 4.0, 2.0, 0.5), (1.0, 2.0, 1.0), tuple(range(1, 9))]
)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def lively(spec: StyleGAN2) -> torch.nn.Module:
    network = spec.build().eval()
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if "weight" not in name:
                parameter.add_(torch.randn_like(parameter) * 0.3)
    return network


@ARCHITECTURES
def test_rows_as_in_the_original_layout(architecture: str) -> None:
    layers = StyleGAN2.tiny(resolution=32, architecture=architecture).build().named_layers()
    convolutions = [layer.row for layer in layers.values() if isinstance(layer, StyledConv)]
    pictures = [layer.row for layer in layers.values() if isinstance(layer, ToRGB)]
    assert convolutions == list(range(7))
    assert pictures == ([1, 3, 5, 7] if architecture == "skip" else [7])


@ARCHITECTURES
@pytest.mark.parametrize("judge", ["skip", "resnet", "orig"])
def test_every_architecture_plays(architecture: str, judge: str) -> None:
    spec = StyleGAN2.tiny(architecture=architecture, judge_architecture=judge, label_size=2)
    generator, labels = lively(spec), torch.eye(2)
    pictures = generator(torch.randn(2, spec.z_dim), labels)
    assert pictures.shape == (2, 3, 16, 16)
    assert spec.build_discriminator()(pictures, labels).shape == (2, 1)


def test_the_spec_goes_through_json() -> None:
    spec = StyleGAN2.tiny(architecture="resnet", taps=(1.0, 2.0, 1.0))
    assert msgspec.json.decode(msgspec.json.encode(spec), type=StyleGAN2) == spec


@ARCHITECTURES
def test_style_strength_is_around_one(architecture: str) -> None:
    """s' = 1 + a (s - 1): at strength 0 every style is 1, and w says nothing any more."""
    generator = lively(StyleGAN2.tiny(architecture=architecture))
    w = torch.randn(2, generator.w_dim)
    for layer in generator.layers.values():
        s = layer.affine(w)
        torch.testing.assert_close(layer.affine(w, 1.5), 1 + 1.5 * (s - 1))
        assert torch.equal(layer.affine(w, 0.0), torch.ones_like(s))
        assert torch.equal(layer.affine(w, 1.0), s)


@pytest.mark.parametrize("up", [1, 2])
@pytest.mark.parametrize("demodulate", [True, False])
def test_single_pictures_take_the_other_way_to_the_same_result(up: int, demodulate: bool) -> None:
    x, weight, style = torch.randn(3, 4, 16, 16), torch.randn(5, 4, 3, 3), torch.randn(3, 4)
    how = {"up": up, "padding": 1, "flip": up > 1, "demodulate": demodulate, "gain": 1.3, "bias": torch.randn(5)}
    together = modulated_convolve(x, weight, style, fir((1, 3, 3, 1)), **how)
    alone = [modulated_convolve(x[i : i + 1], weight, style[i : i + 1], fir((1, 3, 3, 1)), **how) for i in range(3)]
    torch.testing.assert_close(torch.cat(alone), together, rtol=1e-4, atol=1e-5)


def test_demodulated_maps_have_unit_variance() -> None:
    y = modulated_convolve(torch.randn(4, 64, 32, 32), torch.randn(16, 64, 3, 3) * 7, torch.rand(4, 64) + 1, fir(None))
    torch.testing.assert_close(y.std((2, 3)), torch.ones(4, 16), rtol=0.1, atol=0.0)


def zeros_between(x: Tensor, up: int) -> Tensor:
    n, c, h, w = x.shape
    stuffed = x.new_zeros(n, c, h * up, w * up)
    stuffed[:, :, ::up, ::up] = x
    return stuffed


@TAPS
@pytest.mark.parametrize(
    ("up", "down", "padding"), [(2, 1, (2, 1, 2, 1)), (1, 2, (1, 1, 3, 0)), (3, 2, (-1, 6, 8, -2))]
)
def test_filters_are_what_their_definition_says(
    taps: tuple[float, ...], up: int, down: int, padding: tuple[int, int, int, int]
) -> None:
    x, kernel = torch.randn(2, 3, 9, 9), fir(taps)
    full = torch.outer(kernel, kernel) if kernel.ndim == 1 else kernel
    stuffed = F.pad(zeros_between(x, up), padding)
    expected = F.conv2d(stuffed, full.flip(0, 1).expand(3, 1, -1, -1), groups=3)[:, :, ::down, ::down]
    torch.testing.assert_close(upfirdn(x, kernel, up, down, padding), expected, rtol=1e-4, atol=1e-5)


@TAPS
def test_resampling_keeps_brightness(taps: tuple[float, ...]) -> None:
    grey = torch.ones(1, 1, 32, 32)
    assert upsample(grey, fir(taps))[0, 0, 16:48, 16:48] == pytest.approx(torch.ones(32, 32), abs=0.6)
    torch.testing.assert_close(upsample(grey, fir(taps))[0, 0, 16:48, 16:48].mean(), torch.tensor(1.0))
    torch.testing.assert_close(downsample(grey, fir(taps))[0, 0, 4:12, 4:12], torch.ones(8, 8))


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("flip", [True, False])
def test_up_convolution_without_zeros_equals_the_one_with_zeros(size: int, flip: bool) -> None:
    x, weight, kernel = torch.randn(2, 4, 6, 6), torch.randn(5, 4, size, size), fir((1, 4, 2, 0.5))
    straight = upfirdn(zeros_between(x, 2), kernel, 1, 1, (2 + size // 2, 1 + size // 2) * 2, gain=4.0)
    straight = F.conv2d(straight, weight.flip(2, 3) if flip else weight)
    fast = convolve(x, weight, kernel, up=2, padding=size // 2, flip=flip)
    torch.testing.assert_close(fast, straight, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_gain_may_come_before_what_is_homogeneous(name: str) -> None:
    activation, x = ACTIVATIONS[name], torch.randn(100)
    before, after = activation.gains(0.7)
    torch.testing.assert_close(activation.function(x * before) * after, activation.function(x) * activation.gain * 0.7)


@ARCHITECTURES
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_near_and_never_overflows(architecture: str, dtype: torch.dtype) -> None:
    spec = StyleGAN2.tiny(resolution=32, feature_base=512, feature_max=32, architecture=architecture)
    generator, discriminator, z = lively(spec), spec.build_discriminator(), torch.randn(2, spec.z_dim)
    with torch.no_grad():
        generator.layers["b32_conv1"].affine.weight.mul_(3e4)  # styles that float16 cannot hold
        exact = generator(z)
        scores = discriminator(exact)
        with torch.autocast("cpu", dtype):
            near = generator(z)
        mixed_precision(generator, 2, dtype)
        mixed_precision(discriminator, 2, dtype)
        mixed = generator(z)
    for pictures in (near, mixed):
        assert pictures.dtype == torch.float32
        assert (pictures - exact).abs().max() < exact.abs().max() * 0.05
    assert (discriminator(exact) - scores).abs().max() < 0.1
    assert generator.layers["b8_conv1"].dtype == torch.float32
    assert generator.layers["b16_conv0"].dtype == dtype


def test_frozen_layers_do_not_learn_and_thawed_ones_do() -> None:
    discriminator = StyleGAN2.tiny().build_discriminator()
    discriminator.freeze(4)  # from RGB, both convolutions and the way around them
    learning = {name for name, p in discriminator.named_parameters() if p.requires_grad}
    assert not any("b16" in name for name in learning)
    assert {name.split(".")[0] for name in learning} == {"blocks", "head"}
    discriminator.freeze(0)
    assert all(p.requires_grad for p in discriminator.parameters())


def test_a_conditional_discriminator_keeps_no_average() -> None:
    names = StyleGAN2.tiny(label_size=3).build_discriminator().state_dict()
    assert "mapping.embed.weight" in names
    assert "mapping.w_avg" not in names


def test_a_batch_of_any_size_when_all_are_compared() -> None:
    spec = StyleGAN2.tiny(stddev_group=0)
    assert spec.build_discriminator()(torch.randn(5, 3, 16, 16)).shape == (5, 1)
    with pytest.raises(ValueError, match="cannot be split"):
        StyleGAN2.tiny().build_discriminator()(torch.randn(5, 3, 16, 16))


def test_a_resolution_that_is_no_power_of_two_is_refused() -> None:
    for build in (StyleGAN2(resolution=48).build, StyleGAN2(resolution=48).build_discriminator):
        with pytest.raises(ValueError, match="power of two"):
            build()
