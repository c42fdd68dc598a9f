"""Transformers of pictures and words: published layouts and sizes, what their blocks compute, and what is said of wrong files.

All with random weights: not verified with published ones.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

from engine.feature_networks import BadWeights, MissingWeights, clip, vit
from engine.feature_networks.clip import CLIP, CLIPS, CLIPSize, Tower, read_clip
from engine.feature_networks.transformer import TransformerBlock, TransformerSize
from engine.feature_networks.vit import VITS, ViT, read_vit
from tests.networks.test_families import OnlyHere

TINY = TransformerSize(16, 2, 2, 8, 32)
TINY_DINO = TransformerSize(16, 2, 2, 8, 32, distilled=False)
TINY_CLIP = CLIPSize(12, Tower(64, 2), 8, 16, Tower(64, 2), 7, 50)
VIT_KINDS = {
    "deit": vit.Kind("tiny DeiT", TINY, 5, VITS["deit-base"].source),
    "dino": vit.Kind("tiny DINO", TINY_DINO, 0, VITS["dino-small"].source),
}
CLIP_KIND = clip.Kind("tiny CLIP", TINY_CLIP, CLIPS["clip-b32"].source)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def timm(network: ViT) -> dict[str, Tensor]:
    """A network's tensors by the names that timm gives them."""
    return {name.removeprefix("transformer."): x for name, x in network.state_dict().items()}


def pictures(count: int = 2, side: int = 20) -> Tensor:
    return torch.randint(0, 256, (count, 3, side, side), dtype=torch.uint8)


@pytest.mark.parametrize(
    ("name", "parameters", "some"),
    [
        ("deit-base", 87_338_192, {"pos_embed": (1, 198, 768), "head_dist.weight": (1000, 768)}),
        ("deit-small", 22_436_432, {"dist_token": (1, 1, 384), "blocks.11.attn.qkv.weight": (1152, 384)}),
        ("dino-small", 21_665_664, {"pos_embed": (1, 197, 384), "patch_embed.proj.weight": (384, 3, 16, 16)}),
    ],
)
def test_transformers_have_the_published_layout(name: str, parameters: int, some: Mapping[str, tuple]) -> None:
    with torch.device("meta"):
        network = ViT(VITS[name].size, VITS[name].classes)
    found = timm(network)
    assert sum(x.numel() for x in found.values()) == parameters
    assert {key: tuple(found[key].shape) for key in some} == some
    assert not VITS[name].verified


@pytest.mark.parametrize(("name", "parameters"), [("clip-b32", 151_277_313), ("clip-l14", 427_616_513)])
def test_clip_has_the_published_layout(name: str, parameters: int) -> None:
    with torch.device("meta"):
        network = CLIP(CLIPS[name].size)
    found = network.state_dict()
    assert sum(x.numel() for x in found.values()) == parameters
    assert found["visual.transformer.resblocks.0.attn.in_proj_weight"].shape[1] == CLIPS[name].size.picture.width
    assert found["text_projection"].shape == (CLIPS[name].size.text.width, CLIPS[name].size.features)
    assert not CLIPS[name].verified


def test_a_block_is_the_textbook_one() -> None:
    mine, theirs = (
        TransformerBlock(16, 2),
        nn.TransformerEncoderLayer(16, 2, 64, 0.0, "gelu", 1e-6, batch_first=True, norm_first=True),
    )
    names = {
        "norm1": mine.norm1, "norm2": mine.norm2, "linear1": mine.mlp.fc1, "linear2": mine.mlp.fc2,
        "self_attn.out_proj": mine.attn.proj,
    }  # fmt: skip
    state = {f"{name}.{leaf}": x for name, layer in names.items() for leaf, x in layer.state_dict().items()}
    state |= {f"self_attn.in_proj_{leaf}": x for leaf, x in mine.attn.qkv.state_dict().items()}
    theirs.load_state_dict(state)
    x = torch.randn(2, 5, 16)
    torch.testing.assert_close(mine(x), theirs(x), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("wrapped", ["plain", "model", "teacher", "safetensors"])
@pytest.mark.parametrize("name", VIT_KINDS)
def test_published_layouts_of_transformers_are_read(tmp_path: Path, name: str, wrapped: str) -> None:
    kind = VIT_KINDS[name]
    network = ViT(kind.size, kind.classes).eval()
    tensors, path = timm(network), tmp_path / "net"
    if name == "dino":
        tensors["head.mlp.0.weight"] = torch.zeros(3)  # of the training, not of the network
    if wrapped == "safetensors":
        save_file({key: x.contiguous() for key, x in tensors.items()}, path)
    elif wrapped == "teacher":
        torch.save({"teacher": {f"module.backbone.{key}": x for key, x in tensors.items()}, "epoch": 3}, path)
    else:
        torch.save(tensors if wrapped == "plain" else {"model": tensors, "epoch": 3}, path)
    read = read_vit(name, path, kind)
    x = pictures()
    assert torch.equal(read(x), network(x))
    assert read(x).shape == (2, 16)
    assert not any(p.requires_grad for p in read.parameters())


def test_distilled_networks_judge_with_both_heads() -> None:
    network, x = ViT(TINY, 5).eval(), pictures()
    tokens = network.transformer(network.whitened(x))
    assert network.head is not None
    assert network.head_dist is not None
    expected = (network.head(tokens[:, 0]) + network.head_dist(tokens[:, 1])) / 2
    torch.testing.assert_close(network.logits(x), expected)
    with pytest.raises(ValueError, match="without classes"):
        ViT(TINY_DINO).logits(x)


def test_clip_reads_both_layouts(tmp_path: Path) -> None:
    network = CLIP(TINY_CLIP).eval()
    state = network.state_dict()
    torch.save({**state, "input_resolution": torch.tensor(16), "vocab_size": torch.tensor(50)}, tmp_path / "openai")
    words = ("transformer.", "token_embedding.", "positional_embedding", "ln_final.", "text_projection")
    newer = {f"text.{key}" if key.startswith(words) else key: x.half().contiguous() for key, x in state.items()}
    save_file(newer, tmp_path / "open_clip")
    x, tokens = pictures(), torch.randint(0, 49, (2, 7))
    first = read_clip("clip-b32", tmp_path / "openai", CLIP_KIND)
    assert torch.equal(first(x), network(x))
    assert torch.equal(first.text(tokens), network.text(tokens))
    second = read_clip("clip-b32", tmp_path / "open_clip", CLIP_KIND)
    assert second(x).dtype == torch.float32
    torch.testing.assert_close(second.text(tokens), network.text(tokens), rtol=0.02, atol=0.02)


@pytest.mark.parametrize("quick", [True, False])
def test_a_block_of_clip_is_the_textbook_one(quick: bool) -> None:
    block = clip.Block(128, True, quick)
    theirs = nn.MultiheadAttention(128, 2, batch_first=True)
    theirs.load_state_dict(block.attn.state_dict())
    x = torch.randn(2, 5, 128)
    y, mask = block.ln_1(x), nn.Transformer.generate_square_subsequent_mask(5)
    y = x + theirs(y, y, y, attn_mask=mask, need_weights=False)[0]
    inner = block.mlp.c_fc(block.ln_2(y))
    y = y + block.mlp.c_proj(inner * torch.sigmoid(1.702 * inner) if quick else F.gelu(inner))
    torch.testing.assert_close(block(x), y, rtol=1e-5, atol=1e-5)


def test_what_follows_the_end_of_a_text_does_not_matter() -> None:
    network = CLIP(TINY_CLIP).eval()
    tokens = torch.tensor([[1, 5, 6, 49, 0, 0, 0], [1, 7, 49, 0, 0, 0, 0]])
    other = tokens.clone()
    other[:, 5:] = 3
    assert torch.equal(network.text(tokens), network.text(other))
    other[:, 1] = 9
    assert not torch.allclose(network.text(tokens), network.text(other))
    with pytest.raises(ValueError, match="7 tokens long"):
        network.text(tokens[:, :3])


def test_what_is_missing_or_wrong_is_said(tmp_path: Path) -> None:
    for read, name, kind in ((read_vit, "deit-base", VIT_KINDS["deit"]), (read_clip, "clip-b32", CLIP_KIND)):
        for path in (None, tmp_path / "nothing"):
            with pytest.raises(MissingWeights, match=r"MB, .* is published at https://"):
                read(name, path, kind)
        torch.save({"epoch": 3}, tmp_path / "empty")
        with pytest.raises(BadWeights, match="no tensors by name"):
            read(name, tmp_path / "empty", kind)
        torch.save({"visual.more": torch.zeros(1)}, tmp_path / "else")
        with pytest.raises(BadWeights, match="lacks the tensor"):
            read(name, tmp_path / "else", kind)
    tensors = timm(ViT(TINY, 5))
    for wrong, sentence in (
        ({**tensors, "norm.weight": torch.ones(3)}, r"norm.weight is \(3,\), where \(16,\) belongs"),
        ({**tensors, "more": torch.ones(3)}, "does not have: transformer.more"),
    ):
        torch.save(wrong, tmp_path / "wrong")
        with pytest.raises(BadWeights, match=sentence):
            read_vit("deit-base", tmp_path / "wrong", VIT_KINDS["deit"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_program_of_torchscript_is_not_run(tmp_path: Path) -> None:
    torch.jit.trace(nn.Linear(2, 2), torch.zeros(1, 2)).save(tmp_path / "ViT-B-32.pt")  # type: ignore[no-untyped-call]
    with pytest.raises(BadWeights, match=r"a program of TorchScript.*save its state_dict"):
        read_clip("clip-b32", tmp_path / "ViT-B-32.pt", CLIP_KIND)


def test_transformers_stay_on_their_device() -> None:
    with torch.device("meta"):
        networks = [ViT(TINY, 5), CLIP(TINY_CLIP)]
    x = torch.empty(2, 3, 20, 20, device="meta")
    with OnlyHere("meta"):
        assert [network(x).shape for network in networks] == [(2, 16), (2, 12)]
        assert networks[0].logits(x).shape == (2, 5)  # type: ignore[operator]
        assert networks[1].text(torch.zeros(2, 7, dtype=torch.long, device="meta")).shape == (2, 12)  # type: ignore[operator]
