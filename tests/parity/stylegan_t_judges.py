"""Golden discriminators of StyleGAN-T: heads on tokens, the whole on a tiny transformer, losses, guidance, official sizes."""

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.checkpoints import nvidia_t
from engine.checkpoints.places import layout
from engine.feature_networks.transformer import PictureTransformer, TransformerSize
from engine.networks import StyleGANT
from engine.networks.discriminators.vision import Taps, TokenHead, VisionDiscriminator
from engine.training import crops
from engine.training.blur import blur_sigma, blurred
from engine.training.diffaugment import diffaugment
from engine.training.losses import LOSSES
from engine.training.text_guidance import seen_by_encoder, spherical_distance, text_guidance

from .golden import Golden
from .projected import drawing
from .projected_names import below
from .stylegan_t import tolerance

PREFIXES = {
    "main.0.0.": "alone.conv.",
    "main.0.1.": "alone.norm.",
    "main.1.fn.0.": "around.conv.",
    "main.1.fn.1.": "around.norm.",
    "cls.": "out.",
    "cmapper.": "project.",
}
LEAVES = {"weight_orig": "weight", "weight_u": "u", "weight_v": "v"}
PARAMETERS = {  # of a generator in thousands, by configuration and resolution
    "full64": 975_556, "full256": 1_016_437, "full512": 1_020_498, "lite64": 74_557, "lite256": 85_703, "lite512": 87_045,
}  # fmt: skip
HEAD_PARAMETERS = 1_550_720


def ours(name: str) -> str:
    """Our name of a tensor of a head."""
    prefix = next(known for known in PREFIXES if name.startswith(known))
    leaf = name.removeprefix(prefix)
    return PREFIXES[prefix] + LEAVES.get(leaf, leaf)


def head_of(official: Mapping[str, Tensor], settings: Mapping[str, Any]) -> TokenHead:
    """A head with official weights."""
    width, condition = len(official["main.0.0.bias"]), official.get("cmapper.weight", torch.empty(0, 0)).shape[1]
    head = TokenHead(width, condition, settings["cmap_dim"])
    head.load_state_dict({ours(name): x for name, x in official.items()})
    return head.eval()


def check_head(golden: Golden) -> None:
    """Scores of batches of several sizes, features before them, training, and what that leaves."""
    head, near = head_of(golden.variables("state/"), golden.settings), tolerance(golden)
    after = golden.variables("state_after_train/")
    for mode in ("eval", "train"):
        head.train(mode == "train")
        for name in golden.outputs(f"out/{mode}/logits_"):
            count = name.rpartition("_")[2]
            tokens = golden.read(f"in/tokens_{count}")
            if mode == "eval" and len(tokens) == len(golden.tensors["act/main"]):
                golden.compare("act/main0", head.alone(tokens), near)
                golden.compare("act/main", head.features(tokens), near)
            golden.compare(name, head(tokens, golden.labels(f"in/c_{count}"))[:, None], near)
    state = head.state_dict()
    golden.compare_number("tensors that only one has", len(state.keys() ^ {ours(name) for name in after}), 0)
    for name, x in after.items():
        golden.tensors[f"after training: {name}"] = x
        golden.compare(f"after training: {name}", state[ours(name)], near)


def discriminator_of(official: Mapping[str, Tensor], settings: Mapping[str, Any]) -> VisionDiscriminator:
    """The whole, with official weights."""
    told = settings["vit"]
    size = TransformerSize(told["embed"], told["depth"], told["heads"], told["patch"], told["img"], distilled=False)
    network = PictureTransformer(size)
    network.load_state_dict(below(official, "dino.model.model."))
    found = VisionDiscriminator(Taps(network, tuple(told["hooks"])), settings["c_dim"], settings["cmap_dim"])
    for number, head in enumerate(found.heads):
        weights = below(official, f"heads.{number}.")
        head.load_state_dict({ours(name): x for name, x in weights.items()})
    return found.eval()


def check_discriminator(golden: Golden) -> None:
    """Tokens and scores of small pictures, of large ones with and without a crop, and with augmentations."""
    network, near = discriminator_of(golden.variables("state/"), golden.settings), tolerance(golden)
    small, large, text = golden.read("in/img32"), golden.read("in/img96"), golden.read("in/c")
    given = network.taps.norm(network.seen(small))
    crop = golden.tensors["act/vit_input_crop"].shape[-1]
    golden.compare("act/vit_input_crop", given[..., :crop, :crop], near)
    for depth, tokens in enumerate(network.taps(network.seen(small))):
        golden.compare(f"act/tokens{depth}", tokens, near)
    golden.compare("out/logits_img32", network(small, text), near)
    words = text[: len(large)]
    golden.compare("out/logits_img96_nocrop", network(large, words), near)
    top, left = golden.read("rand/crop_top_left").tolist()
    cropped = crops.cut(large, top, left, network.side)
    golden.compare("out/logits_img96_crop", network(cropped, words), near)
    with drawing(golden, small.shape[2]):
        augmented = diffaugment(small, "color,translation,small-cutout")
    golden.compare("out/logits_img32_diffaug", network(augmented, text), near)


def check_losses(golden: Golden) -> None:
    """Losses and their gradients, the distance of pictures and words, the blur and its schedule."""
    near, loss = tolerance(golden), LOSSES["hinge-by-batch"]
    fake, real = (golden.read(f"in/{kind}_logits").requires_grad_() for kind in ("fake", "real"))
    adversarial = loss.generator(fake)
    sure = torch.full_like(real, 1e4).detach()  # costs nothing as a real picture, nor turned round as a fake one
    judged = {"fake": loss.discriminator(sure, fake), "real": loss.discriminator(real, -sure)}
    for kind, scores in (("fake", fake), ("real", real)):
        golden.compare(f"out/loss_D_{kind}", judged[kind], near)
        golden.compare(f"out/D_grad_{kind}", torch.autograd.grad(judged[kind], scores)[0], near)
    golden.compare("out/loss_G_adv", adversarial, near)
    golden.compare("out/G_grad_logits", torch.autograd.grad(adversarial, fake)[0], near)
    _compare_guidance(golden, adversarial.detach())
    golden.compare("out/sph", spherical_distance(golden.read("in/sph_a"), golden.read("in/sph_b")), near)
    for name in golden.outputs("out/blur_sigma_at_"):
        sigma = blur_sigma(int(name.rpartition("_")[2]), 32.0, 1000.0)
        golden.compare(name, torch.tensor(sigma), near)
    images = golden.read("in/img_blur")
    for name in golden.outputs("out/blur_sigma_"):
        golden.compare(name, blurred(images, float(name.rpartition("_")[2])), near)


def _compare_guidance(golden: Golden, adversarial: Tensor) -> None:
    near, weights = tolerance(golden), golden.variables("image_encoder/")
    images, words = golden.read("in/gen_img").requires_grad_(), golden.read("in/c")
    place = golden.read("rand/crop_top_left").tolist()

    def encoder(x: Tensor) -> Tensor:
        y = F.conv2d(x, weights["conv.weight"], weights["conv.bias"], stride=28).tanh()
        return F.linear(y.flatten(1), weights["fc.weight"], weights["fc.bias"])

    with patch.object(crops, "drawn", lambda *_: place):
        given = seen_by_encoder(images)
        loss = text_guidance(encoder, images, words)
    size = golden.tensors["out/clip_input_crop"].shape[-1]
    features, weight = F.normalize(encoder(given), dim=1), golden.settings["clip_weight"]
    total = adversarial + weight * loss
    found = {
        "clip_input_crop": given[..., :size, :size], "image_features": features, "clip_loss": loss,
        "spherical_distance": spherical_distance(features, words), "loss_G_total": total,
        "G_grad_img": torch.autograd.grad(total, images)[0],
    }  # fmt: skip
    for name, value in found.items():
        golden.compare(f"out/{name}", value, near)


def check_layouts(golden: Golden) -> None:
    """Names and shapes of all official sizes, and the heads."""
    for name, shapes in golden.notes.items():
        if name.startswith("generator"):
            _check_generator(golden, name.split()[-1], shapes)
    official = golden.notes["discriminator heads"]
    with torch.device("meta"):
        head = TokenHead(384, 768)
    mine = {(f"heads.{number}.{name}", tuple(x.shape)) for number in range(5) for name, x in head.state_dict().items()}
    theirs = {(f"{name[:8]}{ours(name[8:])}", tuple(shape)) for name, shape in official.items()}
    golden.compare_number("tensors of heads that only one has", len(mine ^ theirs), 0)
    golden.compare_number("parameters of a head", sum(p.numel() for p in head.parameters()), HEAD_PARAMETERS)


def _check_generator(golden: Golden, kind: str, shapes: Mapping[str, list[int]]) -> None:
    blank = {official: torch.empty(shape, device="meta") for official, shape in shapes.items()}
    spec = StyleGANT.paper(int(kind[4:]), kind.startswith("full"))
    golden.compare_number(f"{kind}: the spec", float(nvidia_t.spec_of(blank, {}) == spec), 1.0)
    mine = layout(spec)
    known = {name for name in shapes if not name.endswith("resample_filter")}
    places = {place.theirs: place for place in nvidia_t.places(spec)}
    golden.compare_number(f"{kind}: tensors that only one has", len(known ^ places.keys()), 0)
    wrong = [name for name in known if places[name].convert(blank[name]).shape != mine[places[name].ours]]
    golden.compare_number(f"{kind}: other shapes", len(wrong), 0)
    with torch.device("meta"):
        count = sum(p.numel() for p in spec.build().parameters())
    golden.compare_number(f"{kind}: thousands of parameters", round(count / 1000), PARAMETERS[kind])
