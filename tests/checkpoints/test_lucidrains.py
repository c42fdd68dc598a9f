"""lucidrains' files draw what his program draws, as it is described; nobody here has a published one to compare with."""

import json
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.checkpoints import BadCheckpoint, load, native
from engine.checkpoints.facts import read_facts
from engine.export.models import convert
from engine.networks import Canvas, Generator
from engine.networks.generator import draw
from engine.networks.layers import pack

from .lucidrains import drawn, state, styles

KINDS = {
    "constant": {},
    "without constant": {"constant": False},
    "with opacity": {"colours": 4},
    "without averages": {"averaged": False},
    "wide": {"widths": (6, 6, 6, 6, 130)},  # as quick convolutions ask
}


def saved(path: Path, found: dict[str, Tensor], **beside: object) -> Path:
    torch.save({"GAN": found, "version": "1.8.9", **beside}, path)
    return path


def gaussian(plane: Tensor) -> Tensor:
    """Noise that is the given uniform plane once it went through the normal distribution's function."""
    return torch.special.ndtri(plane.double()).float()


def folded(generator: Generator, ws: Tensor, noise: Tensor) -> Tensor:
    """ws [N, blocks, E] as his; every layer gets its part of one plane [N, R, R, 1], turned as his program turns it."""
    canvas, rows = Canvas(), ws.repeat_interleave(3, 1)
    for step in generator.steps():
        size = step.layer.resolution
        cut = gaussian(noise[:, :size, :size].permute(0, 3, 2, 1)) if step.layer.constant_noise is not None else None
        canvas = draw(step, canvas, rows, cut)
    assert canvas.picture is not None
    return canvas.picture


def expected(found: dict[str, Tensor], ws: Tensor, noise: Tensor) -> Tensor:
    """His picture in our range, over white."""
    picture = drawn(found, ws, noise)
    if picture.shape[1] == 4:
        colours, opacity = picture.clamp(0, 1).split((3, 1), 1)
        picture = colours * opacity + 1 - opacity
    return 2 * picture - 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("packed", [False, True])
def test_it_draws_what_his_program_draws(tmp_path: Path, kind: str, packed: bool) -> None:
    found = state(**KINDS[kind])
    generator, card = load(saved(tmp_path / "model_7.pt", found))
    if "averaged" in KINDS[kind]:
        found = {f"{name[0]}E{name[1:]}": x for name, x in found.items()}
    torch.manual_seed(0)
    noise = torch.rand(2, generator.resolution, generator.resolution, 1).clamp(0.001, 0.999)
    with torch.no_grad():
        w = styles(found, torch.randn(2, 8))
        ws = w[:, None].repeat(1, len(card.network.features) - 1, 1)
        theirs = expected(found, ws, noise)
        if packed:
            pack(generator)
            assert (generator.layers[f"b{generator.resolution}_conv2"].conv._tiles is not None) == (kind == "wide")
            ours = torch.cat(
                [folded(generator, one, plane) for one, plane in zip(ws.split(1), noise.split(1), strict=True)]
            )
        else:
            ours = folded(generator, ws, noise)
    assert theirs.std() > 0.1
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


def test_every_block_has_a_style_of_its_own(tmp_path: Path) -> None:
    found = state()
    generator, _ = load(saved(tmp_path / "m.pt", found))
    torch.manual_seed(1)
    noise = torch.rand(1, 16, 16, 1).clamp(0.001, 0.999)
    with torch.no_grad():
        ws = styles(found, torch.randn(3, 8))[None]
        torch.testing.assert_close(folded(generator, ws, noise), expected(found, ws, noise), rtol=1e-4, atol=1e-4)


def test_without_noise_it_draws_the_mean_of_what_his_noise_is(tmp_path: Path) -> None:
    found = state()
    generator, _ = load(saved(tmp_path / "m.pt", found))
    z = torch.randn(2, 8, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        theirs = expected(found, styles(found, z)[:, None].repeat(1, 3, 1), torch.full((2, 16, 16, 1), 0.5))
        ours = generator.synthesize(generator.broadcast(generator.mapping(z)), "off")
        assert not torch.allclose(generator(z), ours, atol=0.01)
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-4)


def test_the_average_is_that_of_many_styles_and_always_the_same(tmp_path: Path) -> None:
    found = state()
    path = saved(tmp_path / "m.pt", found)
    (one, card), (other, again) = load(path), load(path)
    w = styles(found, torch.randn(4000, 8, generator=torch.Generator().manual_seed(3)))
    assert (one.mapping.w_avg - w.mean(0)).abs().max() < 0.1 * w.std()
    assert torch.equal(one.mapping.w_avg, other.mapping.w_avg)
    assert card == again


def test_a_bare_state_dict_and_one_of_parallel_training(tmp_path: Path) -> None:
    found = state()
    identity = load(saved(tmp_path / "m.pt", found))[1].identity
    torch.save(found, tmp_path / "bare.pt")
    torch.save({f"module.{name}": x for name, x in found.items()}, tmp_path / "parallel.pt")
    assert {load(tmp_path / name)[1].identity for name in ("bare.pt", "parallel.pt")} == {identity}


def test_it_becomes_a_file_of_our_own_and_draws_the_same(tmp_path: Path, say) -> None:
    path = saved(tmp_path / "m.pt", state(), G_scaler={"scale": 65536.0})
    assert say("convert", path, tmp_path / "o.safetensors").code == 0
    convert(tmp_path / "o.safetensors", tmp_path / "again.safetensors")
    (before, card), (after, written) = load(path), load(tmp_path / "again.safetensors")
    assert written.identity == card.identity == native.identity(after)
    z = torch.randn(2, 8)
    assert torch.equal(before(z), after(z))
    assert "not written for the family Lucidrains" in say("convert", path, tmp_path / "o.pkl").complaint()
    told = json.loads(say("info", path, "--json").out)
    assert (told["family"], told["resolution"], told["z_dim"]) == ("lucidrains-stylegan2", 16, 8)
    assert "not verified with a published one" in told["made_by"]
    assert [layer["name"] for layer in told["layers"]][:4] == ["b4_conv1", "b4_conv2", "b4_rgb", "b8_conv1"]


def test_a_file_with_attention_is_described_and_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "m.pt", state(attention=True))
    facts = read_facts(path)
    assert (facts.family, facts.resolution, facts.z_dim, facts.card) == ("lucidrains-stylegan2", 16, 8, None)
    assert facts.training == {"version": "1.8.9"}
    assert "attns.1.0.fn.to_q.weight" in facts.shapes
    with pytest.raises(BadCheckpoint, match=r"m\.pt: it was trained with attention layers .* so it cannot be drawn"):
        load(path)
    assert "attention" in facts.obstacle


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda s: s.pop("GE.blocks.1.conv2.weight"), "the tensor blocks.1.conv2.weight is missing"),
        (lambda s: s.pop("GE.initial_block"), "the tensor initial_block is missing"),
        (lambda s: s.pop("GE.blocks.1.conv1.weight"), "the tensor blocks.1.conv1.weight is missing"),
        (lambda s: s.pop("SE.net.0.weight"), "the tensor net.0.weight is missing"),
        (lambda s: s.update({"GE.quantize.x": torch.zeros(2)}), "the tensor quantize.x is left over"),
        (lambda s: s.update({"SE.net.2.bias": torch.zeros(3)}), "net.2.bias is (3,)"),
        (lambda s: s.update({"GE.blocks.0.to_rgb.conv.weight": torch.zeros(5, 8, 1, 1)}), "it tells 5 colours"),
        (lambda s: s["GE.blocks.0.to_rgb.upsample.1.f"].zero_(), "blocks.0.to_rgb.upsample.1.f is not the filter"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(tmp_path: Path, change, says: str) -> None:
    found = state()
    change(found)
    with pytest.raises(BadCheckpoint) as caught:
        load(saved(tmp_path / "m.pt", found))
    assert says in str(caught.value)
    assert str(caught.value).startswith("m.pt")
