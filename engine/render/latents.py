"""From a recipe to the row of ws that each layer reads; always in float32 on the CPU, so that every device reads the same."""

from collections import OrderedDict
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from engine.networks import Generator
from engine.networks.mapping import Mapping
from engine.networks.stylegan_t_layers import BypassedMapping
from engine.recipe import Arc, Latent, Point, Recipe, Seed, Stored, Style, Truncation, Weighted, layer_value

from .models import Loaded
from .truncation import nearest, truncate
from .words import words_of

KEPT_POINTS = 4096  # of each model
_Styles = tuple[Latent, tuple[Style, ...], Truncation]


class Mapped:
    """What was asked for lately of models that are still in memory, so that each point runs through the mapping once."""

    def __init__(self) -> None:
        self._points: WeakKeyDictionary[Generator, OrderedDict[Point, Tensor]] = WeakKeyDictionary()
        self._last: WeakKeyDictionary[Generator, tuple[_Styles, Tensor]] = WeakKeyDictionary()

    def w(self, point: Seed | Arc, generator: Generator) -> Tensor:
        """[w_dim]"""
        kept = self._points.setdefault(generator, OrderedDict())
        if point not in kept:
            kept[point] = generator.mapping(*_input([(point, 1.0)], generator))[0]
            while len(kept) > KEPT_POINTS:
                kept.popitem(last=False)
        kept.move_to_end(point)
        return kept[point]

    def ws(self, recipe: Recipe, generator: Generator) -> Tensor:
        """[1, rows, w_dim]; nothing is done again while only strengths, noise or the plane change."""
        styles: _Styles = (recipe.latent, recipe.styles, recipe.truncation)
        if generator not in self._last or self._last[generator][0] != styles:
            self._last[generator] = styles, _resolved(recipe, generator, self)
        return self._last[generator][1]


def resolve(recipe: Recipe, model: Loaded, mapped: Mapped) -> Tensor:
    """ws [1, rows, w_dim]: latent and styles truncated each towards its own centre, then laid over one another.

    Raises ValueError with one sentence when a point does not fit the model.
    """
    return mapped.ws(recipe, model.generator)


def _resolved(recipe: Recipe, generator: Generator, mapped: Mapped) -> Tensor:
    if not generator.has_w:
        return _blended_z(recipe, generator)
    ws = _truncated(recipe.latent, recipe.truncation, generator, mapped)
    for style in recipe.styles:
        if style.seen:
            other = _truncated(style.latent, recipe.truncation, generator, mapped)
            amounts = torch.tensor([layer_value(style.amounts, row, 0.0) for row in range(generator.rows)])
            ws = torch.lerp(ws, other, amounts[:, None])
    return ws


def store(recipe: Recipe, model: Loaded, mapped: Mapped) -> Latent:
    """The recipe's latent with its styles laid over it as one stored point of W+ (before truncation)."""
    plain = Recipe(recipe.version, recipe.model, recipe.latent, recipe.styles)
    if not model.generator.has_w:
        return recipe.latent
    ws = resolve(plain, model, mapped)[0]
    return Latent((Weighted(Stored(ws.numpy().astype("<f4").tobytes(), ws.shape[0])),))


def _average(latent: Latent, generator: Generator, mapped: Mapped) -> Tensor:
    """[1, rows, w_dim], the weighted mean of the latent's points."""
    return _mean(latent, torch.stack([_located(item.point, generator, mapped) for item in latent.points]))


def _mean(latent: Latent, points: Tensor) -> Tensor:
    """[1, ...] of what each point has, [points, ...], by the points' weights."""
    if len(latent.points) == 1:
        return points
    weights = torch.tensor([item.weight for item in latent.points], dtype=torch.float32)
    return torch.einsum("p,p...->...", weights / weights.sum(), points).unsqueeze(0)


def _located(point: Point, generator: Generator, mapped: Mapped) -> Tensor:
    """[rows, w_dim]"""
    if not isinstance(point, Stored):
        return mapped.w(point, generator).unsqueeze(0).expand(generator.rows, -1)
    return _stored(point, generator)


def _stored(point: Stored, generator: Generator) -> Tensor:
    """[rows, w_dim]. Raises ValueError with one sentence when they are not those of the model."""
    rows = torch.from_numpy(np.frombuffer(point.rows, "<f4").reshape(point.layers, -1).astype(np.float32))
    if rows.shape != (generator.rows, generator.w_dim):
        raise ValueError(
            f"this picture's stored styles are {point.layers} layers of {rows.shape[1]} numbers; the model has "
            f"{generator.rows} layers of {generator.w_dim}"
        )
    return rows


def _truncated(latent: Latent, truncation: Truncation, generator: Generator, mapped: Mapped) -> Tensor:
    """[1, rows, w_dim] of a latent, drawn to its own centre."""
    rows = range(generator.rows)
    psi = torch.tensor([truncation.psi * layer_value(truncation.layers, row, 1.0) for row in rows])
    ws = _average(latent, generator, mapped)
    mapping = generator.mapping
    assert isinstance(mapping, Mapping)
    if mapping.w_avg.ndim == 2 and truncation.centre != "class":
        w, centres = ws.mean(1), mapping.w_avg
        centre = centres.mean(0) if truncation.centre == "all" else nearest(w, centres)
    else:
        centre = _centre(latent, mapping, generator)
    return truncate(ws, centre, psi, truncation.cutoff)


def _centre(latent: Latent, mapping: Mapping, generator: Generator) -> Tensor:
    """[w_dim], or [1, w_dim] where every class or text has its own: the weighted mean of those of the latent's points."""
    if mapping.w_avg.shape == (generator.w_dim,):
        return mapping.w_avg
    return _mean(latent, torch.cat([_centre_of(item.point, mapping, generator) for item in latent.points]))


def _centre_of(point: Point, mapping: Mapping, generator: Generator) -> Tensor:
    """[1, w_dim]; stored styles do not tell their class, so theirs is the nearest centre, but they hold what a text said."""
    if isinstance(point, Stored):
        w = _stored(point, generator).mean(0, keepdim=True)
        return mapping.centre_of(w) if isinstance(mapping, BypassedMapping) else nearest(w, mapping.w_avg)
    return mapping.centre(_input([(point, 1.0)], generator)[1])


def _blended_z(recipe: Recipe, generator: Generator) -> Tensor:
    """[1, rows, w_dim], all rows alike, of a family without W: latents and styles blend in Z, the mapping normalises the blend."""
    latent = recipe.latent
    for style in recipe.styles:
        if style.seen:
            latent = latent.mix(style.latent, layer_value(style.amounts, 0, 0.0))
    points = [(item.point, item.weight) for item in latent.points]
    return generator.broadcast(generator.mapping(*_input(points, generator)))


def _input(points: list[tuple[Point, float]], generator: Generator) -> tuple[Tensor, Tensor | None]:
    """z [1, z_dim] and one-hot labels [1, label_size], or features of prompts [1, text_size], of a weighted set of seeds."""
    total = sum(weight for _, weight in points)
    z = np.zeros(generator.z_dim)
    labels = torch.zeros(1, generator.label_size or generator.text_size)
    for point, weight in points:
        if isinstance(point, Stored):
            raise ValueError("this model has no W, so it cannot draw a picture from stored styles")
        z += _z(point, generator.z_dim) * (weight / total)
        if generator.label_size:
            for number, share in _classes(point, generator):
                labels[0, number] += share * weight / total
        elif generator.text_size:
            labels[0] += words_of(point, generator) * (weight / total)
    return torch.from_numpy(z).float().unsqueeze(0), labels if labels.numel() else None


def _z(point: Seed | Arc, size: int) -> np.ndarray:
    """[z_dim] float64. Between two seeds it turns from one to the other: sin((1-t)a)/sin a z0 + sin(ta)/sin a z1."""
    if isinstance(point, Seed):
        return np.random.RandomState(point.number).randn(size)
    start, end = _z(point.start, size), _z(point.end, size)
    cosine = float(start @ end / (np.linalg.norm(start) * np.linalg.norm(end)))
    angle = float(np.arccos(np.clip(cosine, -1.0, 1.0)))
    if np.sin(angle) < 1e-6:  # the same direction, or just opposite ones, between which no arc is the shortest
        return start + (end - start) * point.t
    return (np.sin((1 - point.t) * angle) * start + np.sin(point.t * angle) * end) / np.sin(angle)


def _classes(point: Seed | Arc, generator: Generator) -> list[tuple[int, float]]:
    """Each class that a point asks for, with its share."""
    if isinstance(point, Seed):
        return [(_class(point, generator), 1.0)]
    return [(_class(point.start, generator), 1.0 - point.t), (_class(point.end, generator), point.t)]


def _class(seed: Seed, generator: Generator) -> int:
    """The class that a seed asks for; the first where it asks for none."""
    label = seed.label or 0
    if label >= generator.label_size:
        raise ValueError(f"there is no class {label}: this model has the classes 0 to {generator.label_size - 1}")
    return label
