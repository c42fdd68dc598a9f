"""What every family owes: shapes, state, cached folding, independence of pictures, gradients, purity of devices."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from engine.networks import FAMILIES, TRAINABLE, Canvas, Generator, Spec, Trainable
from engine.networks.generator import draw, layer_noise
from engine.networks.layers import pack
from engine.networks.progressive import ProgressiveGenerator
from engine.render.truncation import truncate
from engine.training.penalties import r1, squared_gradient

BATCH = 4

EACH = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
SPECS = {
    **{f"{name}-0labels": family.tiny() for name, family in FAMILIES.items()},
    **{f"{name}-3labels": family.tiny(label_size=3) for name, family in TRAINABLE.items()},
}
PLAIN_AND_LABELLED = pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def lively(spec: Spec) -> Generator:
    """A generator in which noise, biases and the average of w take part, unlike in a fresh one."""
    generator = spec.build().eval()
    with torch.no_grad():
        for parameter in generator.parameters():
            if parameter.abs().max() < 1e-4:  # nothing, or next to nothing
                parameter.normal_()
        generator.mapping.w_avg.normal_()
    return generator


class Unjudged(nn.Module):
    """Stands where a family has no discriminator: every picture is its own score."""

    def forward(self, pictures: Tensor, labels: Tensor | None = None) -> Tensor:
        return pictures.square().mean((1, 2, 3))

    def judge(self, pictures: Tensor, labels: Tensor | None = None) -> tuple[Tensor, None]:
        return self(pictures), None


def judge_of(spec: Spec) -> Any:
    """The discriminator that trains beside a generator."""
    return spec.build_discriminator() if isinstance(spec, Trainable) else Unjudged()


def inputs(spec: Spec, count: int = BATCH, device: str = "cpu") -> tuple[Tensor, Tensor | None]:
    """Latents and one-hot labels."""
    z = torch.randn(count, spec.z_dim, device=device)
    labels = torch.zeros(count, spec.label_size, device=device)
    if spec.label_size:
        labels[:, 0] = 1.0
    return z, labels if spec.label_size else None


def levels_of_detail(spec: Spec) -> list[float]:
    """Those that the family can grow through."""
    return [half / 2 for half in range(2 * int(math.log2(spec.resolution)) - 3)] if grows(spec) else [0.0]


def grows(spec: Spec) -> bool:
    return isinstance(spec.build(), ProgressiveGenerator)


def grow(spec: Spec, lod: float, *networks: nn.Module) -> None:
    """Takes the networks to a level of detail; families that do not grow have only 0."""
    if lod and not grows(spec):
        pytest.skip("does not grow")
    for network in networks:
        network.lod = lod


@PLAIN_AND_LABELLED
def test_shapes_at_every_level_of_detail(spec: Spec) -> None:
    generator, discriminator = spec.build(), judge_of(spec)
    z, labels = inputs(spec)
    for lod in levels_of_detail(spec):
        generator.lod = discriminator.lod = lod
        size = spec.resolution // 2 ** math.floor(lod)
        pictures = generator(z, labels)
        assert pictures.shape == (BATCH, spec.channels, size, size)
        scores, logits = discriminator.judge(pictures, labels)
        assert scores.shape[0] == BATCH
        if logits is not None:
            assert logits.shape == (BATCH, spec.label_size)


@PLAIN_AND_LABELLED
def test_ws_have_the_rows_that_layers_read(spec: Spec) -> None:
    generator = spec.build()
    ws = generator.broadcast(generator.mapping(*inputs(spec)))
    assert ws.shape == (BATCH, generator.rows, generator.w_dim)
    assert {layer.row for layer in generator.layers.values()} - {None} == set(range(generator.rows))


@PLAIN_AND_LABELLED
def test_state_dict_makes_the_same_network(spec: Spec) -> None:
    z, labels = inputs(spec)
    one, other = lively(spec), spec.build().eval()
    other.load_state_dict(one.state_dict())
    assert torch.equal(one(z, labels), other(z, labels))
    judge, same = judge_of(spec), judge_of(spec)
    same.load_state_dict(judge.state_dict())
    pictures = one(z, labels)
    assert torch.equal(judge(pictures, labels), same(pictures, labels))


@PLAIN_AND_LABELLED
def test_packed_weights_draw_the_same_picture(spec: Spec) -> None:
    generator = lively(spec)
    z, labels = inputs(spec)
    with torch.no_grad():
        plain = generator(z, labels)
        pack(generator)
        torch.testing.assert_close(generator(z, labels), plain, rtol=1e-4, atol=5e-5)


@EACH
@pytest.mark.parametrize("lod", [0.0, 0.5, 1.0])
def test_folding_from_a_kept_canvas_equals_forward(family: type[Spec], lod: float) -> None:
    generator = lively(family.tiny())
    grow(generator.spec, lod, generator)
    z, _ = inputs(generator.spec)
    with torch.inference_mode():
        whole = generator(z)
        ws = generator.broadcast(generator.mapping(z))
        kept = [Canvas()]
        for step in generator.steps():
            kept.append(draw(step, kept[-1], ws, layer_noise(step.layer, ws, "const", None)))
        before = [[x.clone() for x in canvas if isinstance(x, Tensor)] for canvas in kept]
        for start, canvas in enumerate(kept):
            for step in generator.steps()[start:]:
                canvas = draw(step, canvas, ws, layer_noise(step.layer, ws, "const", None))
            assert torch.equal(canvas.picture, whole)
        after = [[x for x in canvas if isinstance(x, Tensor)] for canvas in kept]
    for old, new in zip(before, after, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(old, new, strict=True))


@PLAIN_AND_LABELLED
def test_a_picture_does_not_depend_on_its_batch(spec: Spec) -> None:
    generator = lively(spec)
    z, labels = inputs(spec)
    with torch.no_grad():
        together = generator(z, labels)
        alone = generator(z[2:3], None if labels is None else labels[2:3])
    torch.testing.assert_close(together[2:3], alone, rtol=1e-4, atol=1e-5)


@EACH
def test_the_same_latent_gives_the_same_picture(family: type[Spec]) -> None:
    generator = lively(family.tiny())
    z, _ = inputs(generator.spec)
    assert torch.equal(generator(z), generator(z))


def with_strength(generator: Generator, ws: Tensor, strengths: dict[int, float]) -> Tensor:
    """The picture with some rows' styles scaled; rows that are not named pass no strength at all."""
    canvas = Canvas()
    for step in generator.steps():
        noise = layer_noise(step.layer, ws, "const", None)
        named = {} if step.layer.row not in strengths else {"strength": strengths[step.layer.row]}
        canvas = draw(step, canvas, ws, noise, **named)
    return canvas.picture


@EACH
def test_style_strength(family: type[Spec]) -> None:
    generator = lively(family.tiny())
    with torch.no_grad():
        ws = generator.broadcast(generator.mapping(inputs(generator.spec)[0]))
        plain = generator.synthesize(ws)
        assert torch.equal(with_strength(generator, ws, dict.fromkeys(range(generator.rows), 1.0)), plain)
        if not generator.has_w:
            return
        for row in range(generator.rows):
            stronger = with_strength(generator, ws, {row: 1.5})
            psi = torch.ones(generator.rows)
            psi[row] = 1.5
            truncated = generator.synthesize(truncate(ws, generator.mapping.w_avg, psi))
            assert not torch.allclose(stronger, plain, atol=1e-3)
            assert not torch.allclose(stronger, truncated, atol=1e-3)


@EACH
def test_noise_modes(family: type[Spec]) -> None:
    generator = lively(family.tiny())
    ws = generator.broadcast(generator.mapping(inputs(generator.spec)[0]))
    has_noise = any(layer.constant_noise is not None for layer in generator.layers.values())
    draws = [generator.synthesize(ws, "random", torch.Generator().manual_seed(seed)) for seed in (1, 1, 2)]
    assert torch.equal(draws[0], draws[1])
    for other in (draws[2], generator.synthesize(ws, "off"), generator.synthesize(ws)):
        assert torch.equal(draws[0], other) != has_noise


@pytest.mark.parametrize("family", TRAINABLE.values(), ids=TRAINABLE)
def test_labels_matter(family: type[Trainable]) -> None:
    spec = family.tiny(label_size=3)
    generator, discriminator = lively(spec), judge_of(spec)
    z, labels = inputs(spec)
    assert labels is not None
    other = labels.roll(1, 1)
    pictures = generator(z, labels)
    assert not torch.allclose(pictures, generator(z, other), atol=1e-3)
    if discriminator.condition in ("select", "projection"):
        assert not torch.allclose(discriminator(pictures, labels), discriminator(pictures, other))
        with pytest.raises(ValueError, match="class labels"):
            discriminator(pictures)


@PLAIN_AND_LABELLED
@pytest.mark.parametrize("lod", [0.0, 0.5, 1.0])
def test_gradients_reach_every_layer_that_is_in_use(spec: Spec, lod: float) -> None:
    generator, discriminator = lively(spec), judge_of(spec)
    grow(spec, lod, generator, discriminator)
    z, labels = inputs(spec)
    scores, logits = discriminator.judge(generator(z, labels), labels)
    loss = scores.square().sum() + (0.0 if logits is None else logits.square().sum())
    loss.backward()
    used = {f"layers.{step.name}" for step in generator.steps()}
    for name, parameter in generator.named_parameters():
        if name.startswith("mapping.") or ".".join(name.split(".")[:2]) in used:
            assert parameter.grad is not None, name
            assert parameter.grad.any(), name
        else:
            assert parameter.grad is None, name
    size = spec.resolution // 2 ** math.floor(lod)
    for name, parameter in discriminator.named_parameters():
        part, level = name.split(".")[:2]
        faded = part == "from_rgb" and level not in (f"b{size}", f"b{size // 2}" if lod % 1 else "")
        unborn = part == "blocks" and int(level.removeprefix("b")) > size
        assert (parameter.grad is None) == (faded or unborn), name


class OnlyHere(TorchDispatchMode):
    """Fails on tensors of another device, and on float64, which Apple's GPUs do not have; plain numbers may pass."""

    def __init__(self, device: str):
        super().__init__()
        self.device = device

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in (x for x in tree_flatten((args, kwargs, out))[0] if isinstance(x, Tensor) and x.ndim):
            assert tensor.device.type == self.device, f"{func} met a tensor on {tensor.device}"
            assert tensor.dtype != torch.float64, f"{func} met float64"
        return out


@PLAIN_AND_LABELLED
def test_networks_stay_on_their_device(spec: Spec) -> None:
    with torch.device("meta"):
        generator, discriminator = spec.build(), judge_of(spec)
    z, labels = inputs(spec, device="meta")
    if grows(spec):
        generator.lod = discriminator.lod = 0.5
    with OnlyHere("meta"):
        ws = generator.broadcast(generator.mapping(z, labels))
        for noise in ("const", "off", "random"):
            pictures = generator.synthesize(ws, noise)
        scores, _ = discriminator.judge(pictures, labels)
        penalty = r1(squared_gradient(lambda x: discriminator(x, labels), pictures), 10.0)
        (scores.mean() + penalty).backward()
    assert pictures.device.type == scores.device.type == "meta"


def test_the_watch_over_devices_sees_strangers() -> None:
    with pytest.raises(AssertionError, match="float64"), OnlyHere("cpu"):
        torch.zeros(2).double()
    with pytest.raises(AssertionError, match="met a tensor on cpu"), OnlyHere("meta"):
        torch.zeros(2)


@pytest.mark.cuda
@PLAIN_AND_LABELLED
def test_a_gpu_draws_the_same_picture(spec: Spec) -> None:
    generator, discriminator = lively(spec), judge_of(spec)
    z, labels = inputs(spec)
    with torch.no_grad():
        pictures = generator(z, labels)
        scores = discriminator(pictures, labels)
        generator.cuda()
        discriminator.cuda()
        there = generator(z.cuda(), None if labels is None else labels.cuda())
        scored = discriminator(pictures.cuda(), None if labels is None else labels.cuda())
    torch.testing.assert_close(there.cpu(), pictures, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(scored.cpu(), scores, rtol=1e-3, atol=1e-3)
