"""Golden discriminators of StyleGAN-XL: its class heads, two views of a picture, its losses and the guidance by a classifier."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.feature_networks.reassembled import ReassembledPyramid
from engine.feature_networks.transformer import PictureTransformer, TransformerSize
from engine.networks.discriminators.heads import Head, head_widths
from engine.networks.discriminators.mixer import Mixer
from engine.networks.discriminators.projected import ProjectedDiscriminator, nominal_sizes
from engine.networks.discriminators.projected_xl import ClassHead, ManyViews
from engine.training.blur import blur_sigma
from engine.training.guidance import guidance, seen_by_classifier
from engine.training.losses import LOSSES, summed

from . import projected_names as names
from .golden import Golden, Tolerance
from .stages import recording

VIEWS = {"vit": "deit_base_distilled_patch16_224", "eff": "tf_efficientnet_lite0"}
SIDE = 224


def tolerance(golden: Golden) -> Tolerance:
    """What the sidecar allows."""
    return Tolerance(golden.notes["tolerance"]["rtol"], golden.notes["tolerance"]["atol"])


def build_heads(official: Mapping[str, Tensor], settings: Mapping[str, object], inputs: list[int]) -> nn.ModuleList:
    """Heads with official weights; `embed_proj` is where theirs and Projected GAN's differ."""
    table = official.get("0.embed.weight", torch.empty(0, 0))
    nominal = nominal_sizes(SIDE)
    heads = [
        ClassHead(
            [width, *[int(str(settings["ndf"]))] * (len(head_widths(width, size)) - 1)],
            len(table),
            int(str(settings["cmap_dim"])),
            (table.shape[0], table.shape[1]),
        )
        for width, size in zip(inputs, nominal, strict=True)
    ]
    network = nn.ModuleList(heads)
    network.load_state_dict(renamed(official, heads))
    return network.eval().requires_grad_(False)


def renamed(official: Mapping[str, Tensor], heads: list[ClassHead]) -> dict[str, Tensor]:
    plain = {name.replace("embed_proj.", "embed_proj.0."): x for name, x in official.items()}
    return {name.replace(".mapping.", ".project."): x for name, x in names.heads(plain, heads).items()}


def check_heads(golden: Golden) -> None:
    """Class heads on given maps, in evaluation and training, and what training leaves."""
    official, after = golden.variables("state/"), golden.variables("state_after_train/")
    network = build_heads(official, golden.settings, golden.settings["nc"])
    labels = golden.labels("in/c")
    maps = [golden.read(f"in/feat{depth}") for depth in range(len(network))]
    for mode in ("eval", "train"):
        network.train(mode == "train")
        for depth, (head, x) in enumerate(zip(network, maps, strict=True)):
            golden.compare(f"out/{mode}/logits{depth}", head(x, labels), tolerance(golden))
    state, heads = network.state_dict(), [head for head in network if isinstance(head, ClassHead)]
    for name, x in renamed(after, heads).items():
        golden.tensors[f"after training: {name}"] = x
        golden.compare(f"after training: {name}", state[name], tolerance(golden))


def check_discriminator(golden: Golden) -> None:
    """Both views: tokens, maps of tokens, mixed maps, and the scores."""
    official, settings, images = golden.variables("state/"), golden.settings, golden.read("in/img")
    labels = golden.labels("in/c")
    views = {short: view(official, short, settings) for short in VIEWS}
    network = ManyViews(views, images.shape[-1])
    for short, scores in zip(VIEWS, network.split(network(images, labels)), strict=True):
        golden.compare(f"out/logits_{short}", scores, tolerance(golden))
    with recording(network) as seen:
        network(images[:1], None if labels is None else labels[:1])
    _compare_stages(golden, views, images)
    blocks = views["vit"].features.network.blocks
    for number, block in enumerate(settings["vit"]["hooks"]):
        golden.compare(f"act/vit_tokens{number}", seen.calls[blocks[block]][0], tolerance(golden))


def _compare_stages(golden: Golden, views: Mapping[str, ProjectedDiscriminator], images: Tensor) -> None:
    """What the transformer takes, the maps of its tokens, and what the mixers make of all maps, of the first picture."""
    vit = views["vit"]
    given = vit.features.norm(vit.seen(images))
    crop = golden.tensors["act/vit_input_crop"].shape[-1]
    golden.compare("act/vit_input_crop", given[..., :crop, :crop], tolerance(golden))
    for short, one in views.items():
        maps = one.features(one.seen(images[:1]))
        for depth, (found, mixed) in enumerate(zip(maps, one.mixer(maps), strict=True)):
            if short == "vit":
                golden.compare(f"act/vit_reassembled{depth}", found, tolerance(golden))
            golden.compare(f"act/{short}_proj{depth}", mixed, tolerance(golden))


def view(official: Mapping[str, Tensor], short: str, settings: Mapping[str, object]) -> ProjectedDiscriminator:
    """One of the two projected discriminators, with official weights."""
    features = names.below(official, f"feature_networks.{VIEWS[short]}.")
    if short == "vit":
        pyramid, mixer = transformer(features, settings)
    else:
        pyramid, mixer = names.random_projection(features, bool(settings["expand"]))  # type: ignore[assignment]
    found = names.below(official, f"discriminators.{VIEWS[short]}.mini_discs.")
    heads = [head for head in build_heads(found, settings, mixer.widths) if isinstance(head, Head)]
    return ProjectedDiscriminator(pyramid, mixer, heads, 0, SIDE).eval()


def transformer(official: Mapping[str, Tensor], settings: Mapping[str, object]) -> tuple[ReassembledPyramid, Mixer]:
    """The tiny transformer of the file, its maps of tokens, and the mixer."""
    told, widths = settings["vit"], settings["reassemble_features"]
    assert isinstance(told, dict)
    assert isinstance(widths, list)
    size = TransformerSize(told["embed"], told["depth"], told["heads"], told["patch"], SIDE, told["distilled"])
    network = PictureTransformer(size)
    network.load_state_dict(names.below(official, "pretrained.model."))
    pyramid = ReassembledPyramid(network, told["hooks"], widths)
    for at in range(len(widths)):
        scale = names.below(official, f"pretrained.layer{at + 1}.4.")
        pyramid.narrow[at].load_state_dict(names.below(official, f"pretrained.layer{at + 1}.3."))
        pyramid.scale[at].load_state_dict(scale)
    weights = names.mixer(names.below(official, "scratch."))
    mixer = Mixer(widths, len(weights["across.0.bias"]), bool(settings["expand"]))
    mixer.load_state_dict(weights)
    return pyramid, mixer


def check_losses(golden: Golden) -> None:
    """Losses and their gradients on given scores, the guidance with its gradient, and the blur's schedule."""
    fake, real = (_scores(golden, kind) for kind in ("fake", "real"))
    half = len(fake) // 2
    game = summed(LOSSES["hinge"], lambda scores: scores.split([len(fake[0]), len(fake[half])], 1))
    adversarial = game.generator(_side_by_side(fake))
    golden.compare("out/loss_G_adv", adversarial, tolerance(golden))
    for number, slope in enumerate(torch.autograd.grad(adversarial, fake)):
        golden.compare(f"out/G_grad_logits{number}", slope, tolerance(golden))
    sure = [torch.full_like(x, 1e4) for x in fake]  # costs nothing as a real picture, nor turned round as a fake one
    for kind, mine, loss in (
        ("fake", fake, game.discriminator(_side_by_side(sure), _side_by_side(fake))),
        ("real", real, game.discriminator(_side_by_side(real), _side_by_side([-x for x in sure]))),
    ):
        golden.compare(f"out/loss_D_{kind}", loss, tolerance(golden))
        for number, slope in enumerate(torch.autograd.grad(loss, mine)):
            golden.compare(f"out/D_grad_{kind}{number}", slope, tolerance(golden))
    _compare_guidance(golden, adversarial.detach())
    start, kimg = golden.settings["blur_init_sigma"], golden.settings["blur_fade_kimg"]
    for name in golden.outputs("out/blur_sigma_at_"):
        ours = torch.tensor(blur_sigma(int(name.rpartition("_")[2]), start, kimg))
        golden.compare(name, ours, tolerance(golden))


def _scores(golden: Golden, kind: str) -> list[Tensor]:
    """The vector of every network and picture."""
    count = sum(name.startswith(f"in/{kind}_logits") for name in golden.tensors)
    return [golden.read(f"in/{kind}_logits{number}").requires_grad_() for number in range(count)]


def _side_by_side(scores: list[Tensor]) -> Tensor:
    """[N, places] of both networks, whose pictures follow one another in the files."""
    half = len(scores) // 2
    return torch.cat([torch.stack(scores[:half]), torch.stack(scores[half:])], 1)


def _compare_guidance(golden: Golden, adversarial: Tensor) -> None:
    images, labels = golden.read("in/img").requires_grad_(), golden.read("in/c")
    weights = golden.variables("classifier/")

    def classifier(x: Tensor) -> Tensor:
        features = F.relu(F.conv2d(x, weights["conv.weight"], weights["conv.bias"], stride=16))
        return F.linear(features.flatten(1), weights["fc.weight"], weights["fc.bias"])

    given, weight = seen_by_classifier(images), golden.settings["cls_weight"]
    loss = guidance(classifier, images, labels)
    size = golden.tensors["out/guidance_input_crop"].shape[-1]
    middle = slice((SIDE - size) // 2, (SIDE + size) // 2)
    ours = {
        "guidance_input_crop": given[..., middle, middle], "classifier_logits": classifier(given), "guidance_ce": loss,
        "loss_G_total": adversarial + weight * loss,
        "G_grad_img_from_guidance": torch.autograd.grad(weight * loss, images)[0],
    }  # fmt: skip
    for name, value in ours.items():
        golden.compare(f"out/{name}", value, tolerance(golden))
