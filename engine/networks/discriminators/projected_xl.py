"""The discriminator of StyleGAN-XL (Sauer et al. 2022): several frozen networks see the pictures, class tables know the labels."""

import math
from collections.abc import Callable, Mapping, Sequence

import torch
from msgspec import Struct, structs
from torch import Tensor, nn

from engine.feature_networks.pyramid import Pyramid, lite0_pyramid
from engine.feature_networks.reassembled import deit_pyramid

from ..activations import Dense
from ..layers import normal
from .heads import Head, HeadHabit, head_widths
from .mixer import Mixer
from .projected import ProjectedDiscriminator, Projection, nominal_sizes

TRANSFORMER_SIDE = 224


class ClassHead(Head):
    """A head in which labels meet features by the row of a pretrained table, which the head has for itself and trains."""

    def __init__(self, widths: Sequence[int], label_size: int, judge_dim: int, table: tuple[int, int]):
        super().__init__(widths, HeadHabit(label_size=label_size, judge_dim=judge_dim, embedding=table[1]))
        self.label_size, self.mapping = label_size, None
        self.embedding = nn.Parameter(normal(table)) if label_size else None
        self.project = Dense(table[1], judge_dim, "lrelu") if label_size else None

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        out: Tensor = self.out(self.down(x))
        if self.embedding is None or self.project is None:
            return out
        if labels is None:
            raise ValueError("this discriminator was made for pictures with class labels and got none")
        mapped = self.project(labels.to(self.embedding) @ self.embedding[: self.label_size])
        return (out * mapped[..., None, None]).sum(1, keepdim=True) / math.sqrt(out.shape[1])


class ManyViews(nn.Module):
    """Pictures [N, channels, R, R] → the scores of all views side by side, [N, places of all heads].

    A view is a projected discriminator by itself; `counts` says how many of the scores each has.
    """

    lod = 0.0  # does not grow

    def __init__(self, views: Mapping[str, ProjectedDiscriminator], resolution: int):
        super().__init__()
        self.views = nn.ModuleDict(views)
        self.condition = next(iter(views.values())).condition
        self.counts = [places(view, resolution) for view in views.values()]

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        return self.each(lambda: images, labels)

    def each(self, shown: Callable[[], Tensor], labels: Tensor | None = None) -> Tensor:
        """The same where every view is shown the pictures anew, with augmentations of its own."""
        return torch.cat([view(shown(), labels) for view in self.views.values()], 1)

    def judge(self, images: Tensor, labels: Tensor | None = None) -> tuple[Tensor, None]:
        """Scores, and no class logits."""
        return self(images, labels), None

    def split(self, scores: Tensor) -> tuple[Tensor, ...]:
        """The scores of each view by itself."""
        return scores.split(self.counts, 1)


def places(view: ProjectedDiscriminator, resolution: int) -> int:
    """How many scores a view gives a picture: each head halves its map a few times and looks at all 4×4 places of what is left."""
    size, found = max(view.side, resolution if view.resolution else 0), 0
    for depth, head in enumerate(view.heads):
        assert isinstance(head, Head)
        found += ((size >> (depth + 1 + len(head.down))) - 3) ** 2
    return found


class ViewHabit(Struct, frozen=True):
    """What the heads of all views share: classes, the dimension in which they meet features, and the table of classes."""

    sizes: Projection
    label_size: int
    judge_dim: int
    table: tuple[int, int]


def view(features: Pyramid, habit: ViewHabit, resolution: int) -> ProjectedDiscriminator:
    """One that looks through a frozen network, with random heads; with a resolution of 0 pictures are always resized."""
    mixer = Mixer(features.channels, habit.sizes.width)
    heads = [
        ClassHead(head_widths(inputs, nominal, habit.sizes.most), habit.label_size, habit.judge_dim, habit.table)
        for inputs, nominal in zip(mixer.widths, nominal_sizes(habit.sizes.side), strict=True)
    ]
    return ProjectedDiscriminator(features, mixer, heads, resolution, habit.sizes.side)


def many_views(names: Sequence[str], resolution: int, channels: int, habit: ViewHabit) -> ManyViews:
    """A view through each of the named networks, "deit" and "lite0"; a transformer always sees 224×224 pixels.

    Raises MissingWeights with one sentence, and ValueError for pictures that are neither grey nor red, green and blue.
    """
    if channels not in (1, 3):
        raise ValueError(f"a projected discriminator sees pictures of 1 or 3 channels, not of {channels}")
    found = {}
    for name in names:
        if name == "deit":
            whole = structs.replace(habit, sizes=structs.replace(habit.sizes, side=TRANSFORMER_SIDE))
            found[name] = view(deit_pyramid(), whole, 0)
        else:
            found[name] = view(lite0_pyramid(), habit, resolution)
    return ManyViews(found, resolution)
