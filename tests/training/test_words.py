"""StyleGAN-T in training: a step through either kind of discriminator, captions, a guide, and its phases."""

from pathlib import Path

import pytest
import torch
from msgspec import structs

from engine.checkpoints import BadCheckpoint, load, native
from engine.feature_networks.bytepairs import VOCABULARY
from engine.feature_networks.clip import CLIP, CLIPS, CLIPSize, Tower
from engine.feature_networks.clip_pair import read_pair
from engine.feature_networks.clip_reader import ClipReader
from engine.feature_networks.transformer import PictureTransformer, TransformerSize
from engine.metrics import guides
from engine.networks import StyleGANT
from engine.networks.discriminators.vision import Taps, VisionDiscriminator
from engine.render import words
from engine.training import judging
from engine.training.config import BlurFade, Config, check
from engine.training.guided import captioned, guided, phase, risen
from engine.training.learning import Guidance, learning
from engine.training.loop import train
from engine.training.run import Run
from engine.training.step import Batch, Players, play
from engine.training.transfer import transferred
from engine.training.words import stylegan_t
from engine.weights import BadWeights

from .guides import Averages, coloured_pictures, equal, small_guide
from .small import newest

CPU = torch.device("cpu")
SMALL = TransformerSize(8, 12, 2, 4, 8, distilled=False)  # sees 8×8 pixels, fewer than the pictures have


def config(**changes: object) -> Config:
    return stylegan_t(StyleGANT.tiny(label_size=2, **changes), 4, 2, labels=True, blur=BlurFade(2.0, 1.0))


def step(players: Players) -> dict[str, float]:
    labels = torch.eye(2).repeat(2, 1)
    side = players.config.network.resolution
    pictures = torch.rand(4, 3, side, side) * 2 - 1
    return play(players, Batch(pictures, labels), lambda count: torch.eye(2)[torch.arange(count) % 2]).values


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return coloured_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def pair(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pair") / "pair.safetensors"
    assert small_guide(pictures, out).design.accuracy == 1.0
    return out


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guides, "lite0_pyramid", Averages)


def reading(pictures: Path, pair: Path) -> Config:
    """Two steps of four pictures, guided by the pair."""
    plain = stylegan_t(StyleGANT.tiny(), 4, 2, data=str(pictures), device="cpu", precision="fp32", kimg=0.008)
    return guided(structs.replace(plain, samples_kimg=1.0, snapshot_kimg=0.004), str(pair))


@pytest.fixture(scope="module")
def first(pictures: Path, pair: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The first phase, finished."""
    run = Run.create(tmp_path_factory.mktemp("runs") / "first", reading(pictures, pair))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guides, "lite0_pyramid", Averages)
        list(train(run))
    return run


def test_a_step_through_a_projected_discriminator() -> None:
    players = Players(config(), CPU)
    before = {name: x.clone() for name, x in players.generator.state_dict().items()}
    seen = step(players)
    assert all(torch.isfinite(torch.tensor(list(seen.values()))))
    after = players.generator.state_dict()
    moved = {name for name, x in after.items() if not torch.equal(x, before[name])}
    assert {"mapping.w_avg", "mapping.dense.0.weight", "layers.b16_residual0.gamma", "layers.input.weight"} <= moved
    assert "layers.input.freqs" not in moved
    assert not torch.equal(players.average.model.state_dict()["mapping.w_avg"], before["mapping.w_avg"])


def test_a_step_through_a_transformer_that_sees_crops(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = VisionDiscriminator(Taps(PictureTransformer(SMALL)), 2, 4)
    monkeypatch.setattr(StyleGANT, "build_discriminator", lambda spec: judge)
    sides = []

    def noted(images: torch.Tensor, side: int, random: torch.Generator | None) -> torch.Tensor:
        sides.append((images.shape[-1], side))
        return images

    monkeypatch.setattr(judging, "often_cropped", noted)
    players = Players(config(judge="dino"), CPU)
    seen = step(players)
    assert all(torch.isfinite(torch.tensor(list(seen.values()))))
    assert set(sides) == {(16, 8)}
    assert len(sides) == 6  # two rounds each of fake and real for the one, of fake for the other


def test_captions_teach_and_the_reader_travels_with_the_model(first: Run, pair: Path) -> None:
    lines = list(first.statistics())
    assert [line["images"] for line in lines] == [4, 8]
    assert all(line["loss_guidance"] > 0 for line in lines)
    generator, card = load(first.snapshots()[-1])
    assert (card.network.encoder, card.network.text_size) == ("own", 8)
    known = guides.read_guide(pair)
    assert isinstance(known, guides.SmallPair)
    red, blue = (words.feature(f"a {name} square", generator) for name in ("red", "blue"))
    torch.testing.assert_close(torch.stack([red, blue]), known.texts(["a red square", "a blue square"]))
    state = newest(first)
    assert torch.equal(state["generator.reader.encoder.layer.0.output.dense.bias"],
                       known.words.state_dict()["encoder.layer.0.output.dense.bias"])  # fmt: skip
    z = torch.randn(1, 8)
    assert not torch.equal(generator(z, red[None]), generator(z, blue[None]))


def test_the_second_phase_teaches_the_reader_alone(first: Run, tmp_path: Path) -> None:
    second = phase(transferred(first.config(), first.folder), "text-encoder", first.folder)
    assert (second.growth.rate, second.judge_rate, second.guidance.weight) == (3e-6, 0.002, 50.0)
    run = Run.create(tmp_path / "second", second)
    list(train(run))
    before, after = newest(first), newest(run)
    network, _ = load(first.snapshots()[-1])
    names = {f"generator.{name}" for name, _ in network.named_parameters()}
    changed = names - equal(before, after, "generator.")
    assert changed
    assert all(name.startswith("generator.reader.") for name in changed)
    assert len(changed) > len([name for name in names if "reader" in name]) // 2
    kept = "optimizer.discriminator.square."
    judges = [name.replace(kept, "discriminator.") for name in after if name.startswith(kept)]
    assert judges
    assert not any(torch.equal(before[name], after[name]) for name in judges)


def test_a_run_that_resumes_goes_on_bit_for_bit_in_its_phase(first: Run, tmp_path: Path) -> None:
    second = phase(transferred(first.config(), first.folder), "text-encoder", first.folder)
    whole, halves = (Run.create(tmp_path / name, second) for name in ("whole", "halves"))
    list(train(whole))
    halves.write_config(structs.replace(second, kimg=0.004))
    list(train(halves))
    halves.write_config(second)
    list(train(halves))
    one, other = newest(whole), newest(halves)
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_above_64_pixels_only_what_is_new_and_every_rgb_learns() -> None:
    players = Players(structs.replace(config(resolution=128, feature_base=1024, feature_max=4), learns="freeze64"), CPU)
    before = {name: x.clone() for name, x in players.generator.named_parameters()}
    step(players)
    moved = {name for name, x in players.generator.named_parameters() if not torch.equal(x, before[name])}
    assert all("b128_" in name or "_rgb" in name for name in moved)
    assert {"layers.b8_rgb.bias", "layers.b64_rgb.bias", "layers.b128_plain0.bias", "layers.b128_rgb.bias"} <= moved
    assert {name for name in before if learning(name, "freeze64")} >= moved


def test_a_run_grows_with_its_guide(first: Run) -> None:
    found = risen(first.config(), 128, first.folder)
    assert (found.network.resolution, found.learns, found.transfer) == (128, "freeze64", str(first.folder))
    assert (found.guidance, found.network.reader) == (first.config().guidance, first.config().network.reader)
    check(found)
    small = risen(first.config(), 64, first.folder)
    assert (small.network.resolution, small.learns) == (64, "all"), "there is nothing above 64 pixels to learn alone"
    check(small)


def test_another_guide_is_refused(first: Run, pictures: Path, pair: Path, tmp_path: Path) -> None:
    small_guide(pictures, tmp_path / "other.safetensors", steps=2, seed=1)
    small_guide(pictures, tmp_path / "classes.safetensors", labels=True, steps=2)
    guidance = Guidance(str(tmp_path / "other.safetensors"), 0.2)
    with pytest.raises(BadCheckpoint, match=r"other\.safetensors is not the pair that this run began with"):
        Players(structs.replace(first.config(), guidance=guidance), CPU)
    with pytest.raises(ValueError, match="is a classifier; a StyleGAN-T needs a pair for words"):
        guided(first.config(), str(tmp_path / "classes.safetensors"))
    with pytest.raises(BadCheckpoint, match=r"is no guide; `guide FOLDER --out FILE` trains one"):
        guided(first.config(), str(first.snapshots()[-1]))
    assert native.read_card(first.snapshots()[-1]).network.reader.origin == guides.read_design(pair).reader.origin


def test_pictures_without_captions_are_named(pair: Path, tmp_path: Path) -> None:
    silent = coloured_pictures(tmp_path / "silent", captions=False)
    run = Run.create(tmp_path / "run", reading(silent, pair))
    with pytest.raises(ValueError, match=r"have no captions: neither a \.txt beside each"):
        list(train(run))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"network": StyleGANT.tiny(text_size=5)}, "must know which encoder it reads with"),
        ({"learns": "freeze64"}, "needs a network of more than 64 pixels"),
        ({"learns": "text-encoder"}, "needs a model that carries its reader"),
        ({"guidance": Guidance("pair.safetensors")}, "that is guided reads with its guide"),
        ({"guidance": Guidance(weight=1.0)}, "guidance.weight needs a guide"),
        ({"network": Config().network, "learns": "freeze64"}, "learns is for StyleGAN-T"),
        ({"network": Config().network, "guidance": Guidance("x")}, "guidance is for StyleGAN-XL and StyleGAN-T"),
    ],
)
def test_settings_that_contradict_each_other(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check(structs.replace(config(), **changes))


def test_the_sentence_model_reads_where_it_is_asked_to() -> None:
    found = captioned(stylegan_t(StyleGANT.tiny(label_size=2)))
    assert (found.network.encoder, found.network.text_size, found.network.label_size) == ("minilm-l6", 384, 0)
    check(found)
    with pytest.raises(ValueError, match="only a StyleGAN-T learns from captions"):
        captioned(Config())


def test_clip_reads_and_leads_from_its_folder(pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "clip"
    folder.mkdir()
    plain = stylegan_t(StyleGANT.tiny(), 4, 2, data=str(pictures), device="cpu", precision="fp32", kimg=0.004)
    with pytest.raises(ValueError, match=r"holds no CLIP: ViT-B-32\.pt or ViT-L-14\.pt is missing"):
        guided(plain, str(folder))
    size = CLIPSize(8, Tower(64, 1), 8, 16, Tower(64, 1), 7, 515)
    kind = structs.replace(CLIPS["clip-b32"], size=size)
    monkeypatch.setitem(CLIPS, "clip-b32", kind)
    torch.save(CLIP(size).state_dict(), folder / kind.source.file)
    (folder / VOCABULARY.file).write_text("version\nr e\n")
    config = guided(plain, str(folder))
    assert (config.network.encoder, config.network.text_size, config.network.reader) == ("clip-b32", 8, None)
    run = Run.create(tmp_path / "run", config)
    list(train(run))
    (line,) = run.statistics()
    assert 0 < line["loss_guidance"] < 10
    with pytest.raises(ValueError, match="needs a model that carries its reader"):
        check(structs.replace(config, learns="text-encoder"))
    reads_on(run, folder, tmp_path)
    (folder / kind.source.file).unlink()
    with pytest.raises(BadCheckpoint, match="does not hold clip-b32, with which this run reads"):
        Players(config, CPU)


def reads_on(first: Run, folder: Path, tmp_path: Path) -> None:
    """The second phase teaches the words' half of CLIP alone, which the model then carries with its vocabulary, and goes on."""
    second = structs.replace(phase(transferred(first.config(), first.folder), "text-encoder", first.folder), kimg=0.008)
    assert (second.network.encoder, second.guidance.weight) == ("own", 50.0)
    assert guided(second, str(folder)).network == second.network
    run = Run.create(tmp_path / "second", structs.replace(second, kimg=0.004))
    list(train(run))
    run.write_config(second)
    list(train(run))
    one, before = newest(run), newest(first)
    assert len(list(run.statistics())) == 2
    begun = read_pair("clip-b32", folder).network.state_dict()
    known = before | {f"generator.reader.{name}": x for name, x in begun.items()}
    generator, card = load(run.snapshots()[-1])
    names = {f"generator.{name}" for name, _ in generator.named_parameters()}
    changed = {name for name in names if not torch.equal(one[name], known[name])}
    assert {"generator.reader.text_projection", "generator.reader.token_embedding.weight"} <= changed
    assert all(name.startswith("generator.reader.") for name in changed)
    vocabulary = folder / VOCABULARY.file
    kept = vocabulary.read_bytes()
    vocabulary.write_text("version\nr e\nb l\n")
    with pytest.raises(BadWeights, match="is not the vocabulary that this run began with"):
        Players(second, CPU)
    vocabulary.unlink()
    with pytest.raises(ValueError, match="lacks CLIP's vocabulary"):
        phase(transferred(first.config(), first.folder), "text-encoder", first.folder)
    assert (card.network.encoder, card.network.tower) == ("own", ClipReader("clip-b32", len(kept)))
    red, blue = (words.feature(name, generator) for name in ("red", "blue"))
    assert (red.shape, words.absent(generator.encoder)) == ((8,), "")
    assert not torch.equal(red, blue)
    vocabulary.write_bytes(kept)
    assert not torch.equal(red, read_pair("clip-b32", folder)(["red"])[0]), "it has learnt"
    torch.testing.assert_close(red, read_pair("clip-b32", folder)(["red"])[0], atol=1e-2, rtol=0)
