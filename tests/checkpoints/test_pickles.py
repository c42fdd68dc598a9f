"""Pickles of the official code, old and new, give the pictures of the golden files and become models of our own."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.checkpoints import load, native, read_card, tensorflow2
from engine.networks import ProGAN, StyleGAN1
from engine.recipe import Recipe, seeded
from engine.render.pixels import to_uint8
from engine.render.renderer import Renderer
from engine.render.truncation import truncate
from engine.weights import read
from tests.models import random_generator
from tests.parity.golden import CLOSE, PIXEL_NORM, Tolerance, difference
from tests.parity.test_importer import official
from tests.weights.collected import of_file

from .files import constructed, golden_of, pickle_of
from .written import Named, network, tensorflow, write

FORWARD = Tolerance(1e-5, 1e-6)
PORTED = Named("dnnlib.tflib.network", "Network")
FIRST = Named("tfutil", "Network")
TINY = ("progan_tiny", "sg1_tiny", "sg2_tiny", "sg3t_tiny", "tf_synthetic_orig", "tf_synthetic_skip")
DRAWN = {  # what the golden file calls z and the picture of it, and how near we must be
    "progan_tiny": ("in/z", "Gs/img", PIXEL_NORM),
    "sg1_tiny": ("in/z", "Gs/img_psi1", CLOSE),
    "sg2_tiny": ("in.z", "out.G_ema.img_noise_const_fp32", FORWARD),
    "sg3t_tiny": ("in.z", "out.G_ema.img_noise_const_fp32", FORWARD),
    "tf_synthetic_orig": ("in.z", "out.G_ema.img_noise_const", FORWARD),
    "tf_synthetic_skip": ("in.z", "out.G_ema.img_noise_const", FORWARD),
}
TRUNCATED = {
    "sg1_tiny": ("Gs/img_default", 0.7, None, CLOSE),
    "sg2_tiny": ("out.G_ema.img_psi0.7_cutoff3", 0.7, 3, FORWARD),
    "sg3t_tiny": ("out.G_ema.img_psi0.7_cutoff3", 0.7, 3, FORWARD),
    "tf_synthetic_orig": ("out.G_ema.img_psi0.5", 0.5, None, FORWARD),
    "tf_synthetic_skip": ("out.G_ema.img_psi0.5", 0.5, None, FORWARD),
}
PIXELS = {"progan_tiny": ("Gs/img_uint8_nchw", 1), "sg1_tiny": ("Gs/img_uint8_nhwc", 3)}


def near(ours: Tensor, golden: Tensor, tolerance: Tolerance) -> None:
    error, used = difference(ours, golden, tolerance)
    assert used <= 1.0, f"{error:.1e} of the largest value"


@pytest.mark.parametrize("name", TINY)
def test_it_draws_the_golden_pictures(name: str) -> None:
    generator, _ = load(pickle_of(name))
    golden, (z, picture, tolerance) = golden_of(name), DRAWN[name]
    with torch.no_grad():
        ws = generator.broadcast(generator.mapping(golden[z]))
        drawn = generator.synthesize(ws)
        near(drawn, golden[picture], tolerance)
        if name in TRUNCATED:
            short, psi, cutoff, tolerance = TRUNCATED[name]
            near(generator.synthesize(truncate(ws, generator.mapping.w_avg, psi, cutoff)), golden[short], tolerance)
    if name in PIXELS:
        pixels, axis = PIXELS[name]
        ours = to_uint8(golden[{"sg1_tiny": "Gs/img_default"}.get(name, picture)]).movedim(1, axis)
        apart = (ours.int() - golden[pixels].int()).abs()
        assert apart.max() <= 1  # where 127.5 x is nearly whole, the last bit of x and the way of rounding decide
        assert (apart > 0).float().mean() < 1e-3


@pytest.mark.parametrize("name", ["sg2_tiny", "sg3t_tiny"])
def test_the_renderer_draws_the_golden_pixels(name: str) -> None:
    renderer = Renderer("cpu")
    info = renderer.open(pickle_of(name))
    pixels = renderer.render(Recipe(model=info.model, latent=seeded(5))).pixels
    apart = np.abs(pixels.astype(int) - golden_of(name)["out.G_ema.img_seed5_uint8_NHWC"][0].numpy())
    assert apart.max() <= 1
    assert (apart > 0).mean() < 1e-3


@pytest.mark.parametrize("name", TINY)
def test_a_model_keeps_its_identity_and_its_pixels_when_it_becomes_ours(name: str, tmp_path: Path) -> None:
    renderer = Renderer("cpu")
    before = renderer.open(pickle_of(name))
    theirs = renderer.render(Recipe(model=before.model, latent=seeded(3))).pixels
    written = native.write(tmp_path / "ours.safetensors", *load(pickle_of(name)))
    after = Renderer("cpu")
    info = after.open(tmp_path / "ours.safetensors")
    assert info.model == before.model
    assert info.model.identity == written.identity != ""
    assert (info.model.name, info.licence) == (name, "unknown (see where the file came from)")
    assert np.array_equal(after.render(Recipe(model=info.model, latent=seeded(3))).pixels, theirs)


@pytest.mark.parametrize("name", TINY)
def test_the_card_is_told_without_the_network(name: str) -> None:
    told, loaded = read_card(pickle_of(name)), load(pickle_of(name))[1]
    assert (told.network, told.name, told.made_by) == (loaded.network, name, loaded.made_by)
    assert told.made_by.startswith("NVIDIA ")
    assert told.identity == ""


@pytest.mark.parametrize("name", ["tf_synthetic_orig", "tf_synthetic_skip"])
def test_tensorflow_weights_become_what_the_official_converter_makes_of_them(name: str) -> None:
    variables = {full: value for full, value in of_file(read(pickle_of(name))).items() if full.startswith("vars/Gs/")}
    found = tensorflow2.official({full[8:]: torch.from_numpy(np.array(x)) for full, x in variables.items()})
    del found["lod"]
    golden = {full[9:]: x for full, x in golden_of(name).items() if full.startswith("sd.G_ema.")}
    assert found.keys() == {full for full in golden if not full.endswith("resample_filter")}
    assert all(torch.equal(x, golden[full]) for full, x in found.items())


def test_a_renamed_file_is_known_by_its_content(tmp_path: Path) -> None:
    for name in ("model.safetensors", "model.pt", "model", "model.jpg"):
        (tmp_path / name).write_bytes(pickle_of("sg2_tiny").read_bytes())
        assert load(tmp_path / name)[1].identity == load(pickle_of("sg2_tiny"))[1].identity
    native.write(tmp_path / "ours.pkl", *load(pickle_of("sg2_tiny")))
    assert load(tmp_path / "ours.pkl")[1].name == "sg2_tiny"


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("whole", [True, False])
def test_resnet_with_an_odd_filter_and_a_clamp(tmp_path: Path, whole: bool, protocol: int) -> None:
    golden, state, settings = constructed("g_res16_resnet_asymfir_clamp", "sd.")
    one = network(state, settings)
    content = {"note": "of a fork", "G": None, "augment_pipe": None, "G_ema": one} if whole else one
    generator, card = load(write(tmp_path / "m.pkl", content, protocol))
    assert (card.network.architecture, card.network.clamp, card.network.taps) == ("resnet", 0.8, (1, 4, 2, 0.5))
    with torch.no_grad():
        near(torch.cat([generator(z) for z in golden["in.z"].split(1)]), golden["out.img_noise_const"], FORWARD)


def test_labels(tmp_path: Path) -> None:
    golden, state, settings = constructed("style_mixing", "sd.G.")
    path = write(tmp_path / "m.pkl", {"G_ema": network(state, settings), "D": network({}, {"epilogue_kwargs": {}})})
    generator, card = load(path)
    assert (card.network.label_size, card.network.noise, generator.label_size) == (3, False, 3)
    with torch.no_grad():
        ws = generator.broadcast(generator.mapping(golden["in.z"], golden["in.c"].float()))
        unmixed = next(name[:-2] for name in golden if name.endswith(".ws") and torch.allclose(golden[name], ws, 1e-4))
        near(generator.synthesize(ws), golden[f"{unmixed}img"], FORWARD)
    renderer = Renderer("cpu")
    info = renderer.open(path)
    pictures = [renderer.render(Recipe(model=info.model, latent=seeded(1, label))).pixels for label in range(3)]
    assert not np.array_equal(pictures[0], pictures[1])
    assert info.label_size == 3


@pytest.mark.parametrize("said", [{}, {"architecture": "resnet", "resample_filter": [1, 4, 2, 0.5]}])
def test_sizes_that_a_file_does_not_say_are_seen_in_its_tensors(tmp_path: Path, said: dict) -> None:
    golden, state, settings = constructed("g_res16_resnet_asymfir_clamp", "sd.")
    mapping = {"lr_multiplier": settings["mapping_kwargs"]["lr_multiplier"]}
    one = network(state, {**said, "conv_clamp": 0.8, "mapping_kwargs": mapping})
    generator, card = load(write(tmp_path / "m.pkl", one))
    assert (card.network.resolution, card.network.mapping_layers, card.network.features()[4]) == (16, 3, 16)
    with torch.no_grad():
        near(torch.cat([generator(z) for z in golden["in.z"].split(1)]), golden["out.img_noise_const"], FORWARD)


def test_what_a_fork_tells_of_the_training(tmp_path: Path) -> None:
    _, state, settings = constructed("style_mixing", "sd.G.")
    content = {
        "G": network(state, settings), "progress": {"cur_nimg": torch.tensor(25_000)},
        "training_set_kwargs": {"path": "C:\\data\\hills.zip"},
    }  # fmt: skip
    card = read_card(write(tmp_path / "m.pkl", content))
    assert (card.images, card.data) == (25_000, "hills")


@pytest.mark.parametrize("label_size", [0, 3])
def test_stylegan_of_tensorflow_with_labels_and_growing(tmp_path: Path, label_size: int) -> None:
    generator = random_generator("stylegan1", label_size=label_size)
    spec = StyleGAN1.tiny(label_size=label_size)
    variables = {**official(generator, spec), "lod": torch.tensor(1.5)}
    judge = official(spec.build_discriminator(), spec)
    triple = tuple(tensorflow(who, {}, x) for who, x in (("G", variables), ("D", judge), ("Gs", variables)))
    found, card = load(write(tmp_path / "m.pkl", triple))
    assert (card.network, card.lod, card.identity) == (spec, 1.5, native.identity(generator))
    generator.lod = 1.5
    z, labels = torch.randn(2, generator.z_dim), torch.eye(3)[:2] if label_size else None
    assert torch.equal(found(z, labels), generator(z, labels))


@pytest.mark.parametrize("kind", [FIRST, PORTED])
def test_progan_knows_who_wrote_its_kernels(tmp_path: Path, kind: Named) -> None:
    """Square kernels do not tell the order of their axes; the class that wrote them does."""
    generator, spec = random_generator("progan", label_size=3), ProGAN.tiny(label_size=3, classify=False)
    variables = official(generator, spec)
    if kind is PORTED:
        turned = {name: x.permute(0, 1, 3, 2) for name, x in variables.items() if name.endswith("Conv0_up/weight")}
        variables |= turned
    one = tensorflow("Gs", {"label_size": 3}, variables, kind)
    assert load(write(tmp_path / "m.pkl", one))[1].identity == native.identity(generator)
