"""Feature networks: published layouts, sizes, preprocessing, purity of devices; with random weights but for EfficientNet-lite0."""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from engine.feature_networks import FILES, NETWORKS, FeatureNetwork, load
from engine.feature_networks.efficientnet import ConvNorm, EfficientNetLite0
from engine.feature_networks.inception import Inception
from engine.feature_networks.sampling import matrix, resized
from engine.feature_networks.vgg import VGG16, Perceptual
from tests.networks.test_families import OnlyHere

TINY = (3, 4, 4, 5, 5)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def pictures(count: int = 2, side: int = 32) -> Tensor:
    return torch.randint(0, 256, (count, 3, side, side), dtype=torch.uint8)


def shapes(network: str) -> dict[str, tuple[int, ...]]:
    with torch.device("meta"):
        return {name: tuple(tensor.shape) for name, tensor in NETWORKS[network].build().state_dict().items()}


def test_inception_has_the_published_layout() -> None:
    found = shapes("inception")
    numbers = {name: np.prod(shape) for name, shape in found.items() if "running" not in name}
    assert sum(numbers.values()) == 23_850_960  # 21,785,568 as for 1000 classes, and the last layer of 1008
    expected = {
        "Conv2d_1a_3x3.conv.weight": (32, 3, 3, 3),
        "Conv2d_4a_3x3.bn.running_var": (192,),
        "Mixed_5b.branch5x5_2.conv.weight": (64, 48, 5, 5),
        "Mixed_5b.branch_pool.conv.weight": (32, 192, 1, 1),
        "Mixed_6a.branch3x3.conv.weight": (384, 288, 3, 3),
        "Mixed_6b.branch7x7dbl_5.conv.weight": (192, 128, 1, 7),
        "Mixed_6e.branch7x7_3.conv.weight": (192, 192, 7, 1),
        "Mixed_7a.branch7x7x3_4.conv.weight": (192, 192, 3, 3),
        "Mixed_7c.branch3x3dbl_3b.conv.weight": (384, 384, 3, 1),
        "fc.weight": (1008, 2048),
    }
    assert {name: found[name] for name in expected} == expected
    assert len(found) == 94 * 5 + 2


def test_vgg16_has_the_published_layout() -> None:
    found = shapes("vgg16")
    convolutions = [
        int(name.split(".")[1]) for name in found if name.startswith("features") and name.endswith("weight")
    ]
    assert convolutions == [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]
    assert {name: shape for name, shape in found.items() if name.endswith("weight") and "classifier" in name} == {
        "classifier.0.weight": (4096, 25088),
        "classifier.3.weight": (4096, 4096),
        "classifier.6.weight": (1000, 4096),
    }
    assert sum(np.prod(shape) for shape in found.values()) == 138_357_544


@pytest.mark.parametrize("network", NETWORKS)
def test_networks_stay_on_their_device(network: str) -> None:
    with torch.device("meta"):
        built = NETWORKS[network].build()
    with OnlyHere("meta"):
        features = built(torch.empty(2, 3, 64, 64, device="meta"))
    assert features.shape[0] == 2
    assert features.shape[1] == (built.size or features.shape[1])


def test_networks_stay_in_evaluation_mode() -> None:
    network = Perceptual(TINY, 6).train()
    assert not any(module.training for module in network.modules())


def test_inception_sees_what_tensorflow_saw(monkeypatch: pytest.MonkeyPatch) -> None:
    """(x - 128) / 128 of pictures at 299×299; probabilities without the bias of the last layer."""
    network, seen = Inception().eval(), []
    monkeypatch.setattr(network.Conv2d_1a_3x3, "forward", lambda x: seen.append(x) or torch.zeros(len(x), 32, 149, 149))
    with torch.no_grad():
        features = network(torch.full((1, 3, 32, 32), 255, dtype=torch.uint8))
        assert seen[0].shape == (1, 3, 299, 299)
        torch.testing.assert_close(seen[0].unique(), torch.tensor([127 / 128]))
        assert features.shape == (1, 2048)
        network.fc.bias.fill_(3.0)
        network.fc.bias[0] = 90.0
        probabilities = network.probabilities(torch.zeros(1, 2048))
    torch.testing.assert_close(probabilities, torch.full((1, 1008), 1 / 1008))


def test_resizing_of_tensorflow() -> None:
    """Samples begin at the corner: of 4 pixels enlarged to 8, every second is an old one, and the last is repeated."""
    row = torch.tensor([0.0, 10.0, 30.0, 70.0]).expand(1, 1, 4, 4)
    assert resized(row, 8, "tensorflow")[0, 0, 0].tolist() == [0, 5, 10, 20, 30, 50, 70, 70]
    assert resized(row, 2, "tensorflow")[0, 0, 0].tolist() == [0, 30]
    assert resized(row, 4, "tensorflow") is row


@pytest.mark.parametrize("side", [7, 16, 40])
def test_smooth_resizing_is_that_of_pillow(side: int) -> None:
    values = np.random.RandomState(0).rand(20, 20).astype(np.float32)
    ours = resized(torch.from_numpy(values)[None, None], side)[0, 0].numpy()
    theirs = np.asarray(Image.fromarray(values).resize((side, side), Image.Resampling.BILINEAR))
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    torch.testing.assert_close(matrix(20, side, "tensorflow", torch.empty(0)).sum(1), torch.ones(side))


@pytest.mark.parametrize(
    ("side", "kernel", "padding"), [(224, 3, (0, 1)), (7, 3, (1, 1)), (56, 5, (1, 2)), (15, 5, (2, 2))]
)
def test_strides_pad_as_tensorflow(side: int, kernel: int, padding: tuple[int, int]) -> None:
    """A kernel of ones counts how many pixels are seen at the first and at the last place."""
    layer = ConvNorm(1, 1, kernel, 2, linear=True)
    layer.norm.eps = 0.0
    with torch.no_grad():
        layer.conv.weight.fill_(1.0)
        seen = layer(torch.ones(1, 1, side, side))[0, 0]
    assert seen.shape[0] == -(-side // 2)
    middle = seen.shape[0] // 2
    assert (kernel * seen[0, middle] / seen[middle, middle]).round() == kernel - padding[0]
    assert (kernel * seen[-1, middle] / seen[middle, middle]).round() == kernel - padding[1]


def test_lite0_maps() -> None:
    with torch.device("meta"):
        maps = EfficientNetLite0().maps(torch.empty(1, 3, 128, 128))
    assert [tuple(x.shape[1:]) for x in maps] == [(24, 32, 32), (40, 16, 16), (112, 8, 8), (320, 4, 4)]


def test_vgg_whitens_and_takes_the_second_hidden_layer() -> None:
    network = VGG16(TINY, 6).eval()
    white = network.whitened(torch.full((1, 3, 1, 1), 255.0))[0, :, 0, 0]
    torch.testing.assert_close(white, torch.tensor([2.2489, 2.4286, 2.6400]), atol=1e-4, rtol=0)
    features = network(pictures())
    assert features.shape == (2, 6)
    assert features.min() >= 0
    assert [x.shape[1] for x in network.depths(pictures())] == list(TINY)


def test_perceptual_distance_is_lpips() -> None:
    """Σ over depths of the mean over places of Σ w (â - b̂)²."""
    network = Perceptual(TINY, 6).eval()
    with torch.no_grad():
        for weight in network.weights:
            weight.copy_(torch.rand(len(weight)))
        one, other = pictures(1), pictures(1)
        found = (network(one) - network(other)).square().sum()
        expected = torch.zeros(())
        for a, b, weight in zip(network.vgg.depths(one), network.vgg.depths(other), network.weights, strict=True):
            apart = (torch.nn.functional.normalize(a) - torch.nn.functional.normalize(b)).square()
            expected += (apart * weight[:, None, None]).sum(1).mean()
    torch.testing.assert_close(found, expected)
    with pytest.raises(ValueError, match="at least 16 pixels"):
        network(pictures(1, 8))


@pytest.fixture(scope="session")
def lite0() -> FeatureNetwork:
    path = FILES["lite0"].here()
    if path is None:
        pytest.skip("the extra `features` is not installed")
    return load("lite0", {"lite0": path})


@pytest.mark.parametrize(("photo", "name", "number"), [("china.jpg", "palace", 698), ("flower.jpg", "daisy", 985)])
def test_lite0_knows_what_it_was_taught(lite0: FeatureNetwork, photo: str, name: str, number: int) -> None:
    """The published weights in our network name scikit-learn's photographs rightly among the 1000 classes of ImageNet."""
    samples = pytest.importorskip("sklearn.datasets")
    pixels = samples.load_sample_image(photo)
    left = (pixels.shape[1] - pixels.shape[0]) // 2
    square = torch.from_numpy(pixels[:, left : left + pixels.shape[0]].copy()).permute(2, 0, 1)[None]
    assert isinstance(lite0, EfficientNetLite0)
    assert lite0.logits(square).argmax().item() == number, name
    assert lite0(square).shape == (1, 1280)
