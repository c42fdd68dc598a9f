"""Which kind of golden file is which, told by what it holds. To add a kind: a check, and its line in `KINDS`."""

import re
from collections.abc import Callable
from typing import NamedTuple

from . import (
    metrics,
    numbers,
    projected,
    projected_layouts,
    stylegan2,
    stylegan2_operations,
    stylegan2_pairs,
    stylegan3,
    stylegan3_operations,
    stylegan3_tables,
    stylegan_t,
    stylegan_t_judges,
    stylegan_xl,
    stylegan_xl_judges,
    stylegan_xl_layouts,
    training_configs,
    training_steps,
)
from .augmentations import check_augmentations
from .discriminators import check_discriminator, check_growing_reals
from .generators import check_generator
from .golden import Golden
from .importer import check_weights
from .losses import check_losses
from .networks import check_pair, check_pickle, check_variants
from .operations import check_operations
from .schedule import check_schedules

PROJECTED = "projected_gan"
XL_LAYOUT = "generator stylegan3-t imagenet 16"
T_LAYOUT = "generator lite64"


class Kind(NamedTuple):
    """What a file is called, how it is known, and what recomputes it."""

    name: str
    matches: Callable[[Golden], bool]
    check: Callable[[Golden], None]


def progressive(golden: Golden) -> bool:
    """A file of ProGAN or StyleGAN 1: their sidecars say which code was the truth."""
    return "truth" in golden.notes or golden.has("tf/")


def named(pattern: str) -> Callable[[Golden], bool]:
    """Whether a progressive file holds a tensor of such a name."""
    return lambda golden: progressive(golden) and any(re.fullmatch(pattern, name) for name in golden.tensors)


def said(pattern: str) -> Callable[[Golden], bool]:
    """Whether the sidecar calls the file so."""
    return lambda golden: isinstance(golden.notes, dict) and bool(re.match(pattern, str(golden.notes.get("kind"))))


def about(pattern: str) -> Callable[[Golden], bool]:
    """Whether the sidecar's line about the file begins so."""
    return lambda golden: isinstance(golden.notes, dict) and bool(re.match(pattern, str(golden.notes.get("what"))))


def is_stylegan2_pickle(golden: Golden) -> bool:
    """StyleGAN3's files say so in their name."""
    return said(r"contents of|result of the official legacy")(golden) and golden.has("sd.G_ema.synthesis.b4.const")


def is_stylegan3_pickle(golden: Golden) -> bool:
    return said(r"contents of")(golden) and golden.has("sd.G_ema.synthesis.input.")


def is_table_of_options(golden: Golden) -> bool:
    return isinstance(golden.notes, list) and all("options" in line for line in golden.notes)


def table_of_stylegan3(column: str) -> Callable[[Golden], bool]:
    """Whether a sidecar by itself has such a column for every configuration of StyleGAN3."""
    return lambda golden: isinstance(golden.notes, dict) and column in golden.notes.get("stylegan3-t-256", {})


def told(pattern: str, folder: str) -> Callable[[Golden], bool]:
    """Whether the sidecar of a file in that folder says so of what the file holds."""
    return lambda golden: (
        golden.path.parent.name == folder
        and isinstance(golden.notes, dict)
        and bool(re.match(pattern, str(golden.notes.get("what"))))
    )


KINDS: tuple[Kind, ...] = (  # the first that matches
    Kind("schedule", lambda golden: "schedules" in golden.notes, check_schedules),
    Kind("StyleGAN2 generator", said("StyleGAN2 generator"), stylegan2.check_generator),
    Kind("StyleGAN2 discriminator", said("StyleGAN2 discriminator"), stylegan2.check_discriminator),
    Kind("StyleGAN2 operations", said("StyleGAN2 single ops"), stylegan2_operations.check_operations),
    Kind("StyleGAN2 in half precision", said("StyleGAN2 mixed precision"), stylegan2_pairs.check_half),
    Kind("StyleGAN2 style mixing", said("style mixing regularisation"), stylegan2_pairs.check_mixing),
    Kind("StyleGAN2 pickle", is_stylegan2_pickle, stylegan2_pairs.check_pickle),
    Kind("augmentations", said("ADA augmentation"), check_augmentations),
    Kind("training steps", said(r"four (StyleGAN3 )?training iterations"), training_steps.check_steps),
    Kind("training configurations", is_table_of_options, training_configs.check_configs),
    Kind("StyleGAN2 layouts", lambda golden: "stylegan2_1024" in golden.notes, stylegan2_pairs.check_layouts),
    Kind("metrics", said("metric formulas"), metrics.check_metrics),
    Kind("equivariance", said("equivariance metric"), metrics.check_equivariance),
    Kind("numbers", lambda golden: "lazy_reg" in golden.notes, numbers.check_numbers),
    Kind("StyleGAN3 generator", said("StyleGAN3 generator"), stylegan3.check_generator),
    Kind("StyleGAN3 operations", said("StyleGAN3 ops"), stylegan3_operations.check_operations),
    Kind("StyleGAN3 filters", said("designed up/down filters"), stylegan3_tables.check_filters),
    Kind("StyleGAN3 tables", table_of_stylegan3("layers"), stylegan3_tables.check_tables),
    Kind("StyleGAN3 layouts", table_of_stylegan3("parameter_order"), stylegan3_tables.check_layouts),
    Kind("StyleGAN3 pickle", is_stylegan3_pickle, stylegan3.check_pickle),
    Kind("StyleGAN-XL mapping", about(r"mapping network; seeds"), stylegan_xl.check_mapping),
    Kind("StyleGAN-XL generator", about(r"StyleGAN-XL stem|super-resolution generator"), stylegan_xl.check_generator),
    Kind("StyleGAN-XL path length", about("path length regulariser on the stem"), stylegan_xl.check_path_length),
    Kind("StyleGAN-XL heads", about("class-conditional heads on given maps"), stylegan_xl_judges.check_heads),
    Kind("StyleGAN-XL discriminator", about("two-network projected"), stylegan_xl_judges.check_discriminator),
    Kind("StyleGAN-XL losses", about("StyleGAN-XL losses"), stylegan_xl_judges.check_losses),
    Kind("StyleGAN-XL layouts", lambda golden: XL_LAYOUT in golden.notes, stylegan_xl_layouts.check_layouts),
    Kind("StyleGAN-T layers", about("single StyleGAN-T layers"), stylegan_t.check_layers),
    Kind("StyleGAN-T generator", about("StyleGAN-T generator"), stylegan_t.check_generator),
    Kind("StyleGAN-T head", about("one discriminator head on fixed tokens"), stylegan_t_judges.check_head),
    Kind("StyleGAN-T discriminator", about("whole StyleGAN-T disc"), stylegan_t_judges.check_discriminator),
    Kind("StyleGAN-T losses", about("StyleGAN-T losses"), stylegan_t_judges.check_losses),
    Kind("StyleGAN-T layouts", lambda golden: T_LAYOUT in golden.notes, stylegan_t_judges.check_layouts),
    Kind("random projection", told("frozen random projection", PROJECTED), projected.check_random_projection),
    Kind("projected heads, full size", lambda golden: "formula" in golden.notes, projected_layouts.check_full_size),
    Kind("projected heads", told(r"(?!whole|hinge).*heads", PROJECTED), projected.check_heads),
    Kind("projected discriminator", told("whole projected discriminator", PROJECTED), projected.check_discriminator),
    Kind("DiffAugment", told("differentiable augmentation", PROJECTED), projected.check_augmentations),
    Kind("hinge losses", told("hinge losses", PROJECTED), projected.check_losses),
    Kind("FastGAN", told("FastGAN generator", PROJECTED), projected.check_fastgan),
    Kind("projected layouts", lambda golden: "fastgan 256" in golden.notes, projected_layouts.check_layouts),
    Kind("operations", named("conv/w_tf_hwio"), check_operations),
    Kind("growing reals", named(r"in/real_uint8_lod.*"), check_growing_reals),
    Kind("losses", named(r"[GD]_\w+/lod[\d.]+/loss"), check_losses),
    Kind("pickle", named(r"vars/Gs/.*"), check_pickle),
    Kind("variants", named(r"[^/]+/tf/.*"), check_variants),
    Kind("pair", named(r"tf/D/.*"), check_pair),
    Kind("generator", named(r"img/.*"), check_generator),
    Kind("discriminator", named(r"scores/.*"), check_discriminator),
    Kind("weights", named(r"tf/.*"), check_weights),
)

NOT_YET = {  # families without networks here → what their sidecars or folders say
    "stylegan2": r"stylegan2",
    "stylegan3": r"stylegan3",
    "stylegan_xl": r"stylegan[-_]xl",
    "stylegan_t": r"stylegan[-_]t\b",
    "projected_gan": r"projected[-_]gan",
}


def kind_of(golden: Golden) -> Kind | None:
    return next((kind for kind in KINDS if kind.matches(golden)), None)


def family_not_yet(golden: Golden) -> str | None:
    """The family that the file belongs to, where we have no networks for it yet."""
    repository = golden.notes.get("repo", "") if isinstance(golden.notes, dict) else ""
    for family, pattern in NOT_YET.items():
        if re.search(pattern, repository) or golden.path.parent.name == family:
            return family
    return None
