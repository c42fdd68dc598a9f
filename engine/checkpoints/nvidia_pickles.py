"""Pickles of the official PyTorch code and its forks: networks whose sources are never looked at, only what they hold."""

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from torch import Tensor

from engine.networks import Spec, StyleGAN2, StyleGAN3
from engine.weights.refusals import shown

from . import nvidia, nvidia3, nvidia_t, nvidia_xl, official, projected
from .card import UNKNOWN_LICENCE, Card
from .file import File
from .modules import State, generator_of, networks, tensors_of, walked
from .others import Others, plain

OF_FEATURES = re.compile(
    r"(feature_network|discriminator|feature_networks|discriminators)\..+"
)  # names in a judge that looks at features


def recognises(file: File) -> bool:
    return file.pickled and bool(networks(file.data))


def card(file: File) -> Card:
    found = networks(file.data)
    generator = _generator(found)
    settings = generator.get("_init_kwargs", {})
    named = dict(tensors_of(generator))
    if projected.recognises(named):
        return _card_of(file, projected.spec_of(named, {**settings, **generator}), "Projected GAN pickle")
    if nvidia_xl.recognises(named, generator):
        spec = nvidia_xl.spec_of(named, {**_synthesis_habit(generator), **settings})
        return _card_of(file, spec, "StyleGAN-XL pickle")
    if nvidia_t.recognises(named):
        return _card_of(file, nvidia_t.spec_of(named, nvidia_t.settings_of(generator)), "StyleGAN-T pickle")
    family = nvidia3 if nvidia3.PLANE in named else nvidia
    told = family.told_by(named)
    mapping = {**told["mapping_kwargs"], **_mapping_habit(generator), **settings.get("mapping_kwargs", {})}
    judge = found.get("D", {}).get("_init_kwargs")
    return Card(
        family.spec_of({**told, **_synthesis_habit(generator), **settings, "mapping_kwargs": mapping}, judge),
        name=file.path.stem,
        images=_images(file.data),
        data=_data(file.data),
        licence=UNKNOWN_LICENCE,
        made_by=f"NVIDIA {'stylegan2-ada-pytorch' if 'synthesis_kwargs' in settings else 'stylegan3'} pickle",
    )


def _card_of(file: File, spec: Spec, made_by: str) -> Card:
    return Card(
        spec,
        name=file.path.stem,
        images=_images(file.data),
        data=_data(file.data),
        licence=UNKNOWN_LICENCE,
        made_by=made_by,
    )


def tensors(file: File, card: Card) -> dict[str, Tensor]:
    return _weights(_generator(networks(file.data)), card.network)


def others(file: File, card: Card) -> Others:
    """The generator that learnt, its discriminator and the strength of augmentation."""
    found, spec = networks(file.data), card.network
    training_set = plain(file.data.get("training_set_kwargs")) if isinstance(file.data, dict) else {}
    if not isinstance(spec, StyleGAN2 | StyleGAN3):
        return Others(training_set=training_set)
    drawn, learnt = _generator(found), found.get("G")
    judge = dict(tensors_of(found["D"])) if "D" in found else {}  # an empty one stands for none
    return Others(
        None if learnt is None or learnt is drawn else _weights(learnt, spec),
        nvidia.judge_weights(judge, spec) if judge and not any(map(OF_FEATURES.fullmatch, judge)) else None,
        strength(found),
        training_set,
    )


def strength(found: Mapping[str, State]) -> float | None:
    """Of the augmentation among networks."""
    p = dict(tensors_of(found["augment_pipe"])).get("p") if "augment_pipe" in found else None
    return float(p) if p is not None and p.numel() == 1 else None


def _weights(generator: State, spec: Spec) -> dict[str, Tensor]:
    return official.filled(dict(tensors_of(generator)), spec)


def _generator(found: Mapping[str, State]) -> State:
    generator = generator_of(found)
    if generator is None:
        raise ValueError(f"it holds no generator, only {shown(', '.join(found))}")
    return generator


def _synthesis_habit(generator: State) -> dict[str, Any]:
    """What the synthesis and a convolution say of all, since defaults differ between the versions that write such files."""
    modules = dict(walked(generator))
    convolution = r"synthesis\.(b4\.conv1|L0_\d+_\d+)\."
    layer = next((state for name, state in modules.items() if re.fullmatch(convolution, name)), {})
    synthesis = modules.get("synthesis.", {})
    said = {name: synthesis[name] for name in nvidia3.HABITS if name in synthesis}
    return said | {name: layer[name] for name in ("conv_clamp", "activation", "use_noise") if name in layer}


def _mapping_habit(generator: State) -> dict[str, Any]:
    layer = dict(walked(generator)).get("mapping.fc0.", {})
    known = {"activation": "activation", "lr_multiplier": "bias_gain"}
    return {name: layer[attribute] for name, attribute in known.items() if attribute in layer}


def _images(data: Any) -> int:
    """Pictures seen in training, where a fork counts them."""
    progress = data.get("progress") if isinstance(data, dict) else None
    seen = progress.get("cur_nimg", 0) if isinstance(progress, dict) else 0
    return max(0, int(seen))


def _data(data: Any) -> str:
    """What the training set was called."""
    settings = data.get("training_set_kwargs") if isinstance(data, dict) else None
    path = settings.get("path") if isinstance(settings, dict) else None
    return PurePosixPath(path.replace("\\", "/")).stem if isinstance(path, str) else ""
