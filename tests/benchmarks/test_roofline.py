"""What a picture needs: counted by hand for one layer, and every family has a case."""

from benchmarks import roofline
from engine.networks import FAMILIES
from engine.networks.progan import ProGAN


def test_every_family_has_a_case() -> None:
    assert {spec().__struct_config__.tag for spec in roofline.CASES.values()} == set(FAMILIES)


def test_arithmetic_and_bytes_of_the_smallest_network() -> None:
    """A fully connected start to 2 maps of 4×4, a 3×3 convolution, toRGB."""
    flops, traffic = roofline.needs(lambda: ProGAN(resolution=4, z_dim=3, feature_base=4, feature_max=2))
    start, conv, rgb = 3 * 32, 16 * 2 * 2 * 9, 16 * 2 * 3
    assert flops == 2 * (start + conv + rgb)
    weights, biases = start + 2 * 2 * 9 + 2 * 3, 2 + 2 + 3
    left = 32 + 32 + (32 + 48)  # features, features, features and the picture
    assert traffic == 4 * (weights + biases + 2 * left)
