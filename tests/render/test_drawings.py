"""What stays of pictures at which the hand has rested: which ones, how much of them, and that nothing else ever shows."""

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.networks import Canvas, Layer, Step
from engine.recipe import Recipe, put, seeded
from engine.render.drawings import MOST, ROOM, SHARE, Cause, Drawings, Plan, room_on, tensors
from engine.render.noise import OFF
from engine.render.renderer import Renderer
from tests.models import model_file

LAYER = Step("layer", Layer())


def plans(styles: str) -> list[Plan]:
    """One layer a letter."""
    return [Plan(LAYER, Cause(at, 0.0, style.encode(), 1.0, OFF), at) for at, style in enumerate(styles)]


def draw(drawings: Drawings, styles: str) -> int:
    """Layer k leaves features of 2^k kilobytes, the last one a picture of one; how many had to be drawn."""
    wanted = plans(styles)
    layers = drawings.begin(wanted, len(wanted))
    present = drawings.present
    if present.picture is None:
        for at in range(layers, len(wanted) - 1):
            present.add([wanted[at]], [Canvas(torch.full((256 << at,), float(ord(styles[at]))))])
        features = present.canvases[-1].features
        present.add(wanted[-1:], [Canvas(features, torch.full((256,), float(ord(styles[-1]))))])
        present.picture = present.canvases[-1].picture
    assert [plan.cause.style for plan in present.plans] == [style.encode() for style in styles]
    return len(wanted) - layers


def kilobytes(drawings: Drawings) -> float:
    """What earlier drawings hold, memory that several share counted once."""
    held: dict[int, int] = {}
    for drawing in drawings._rested:
        found: list[Tensor] = [x for canvas in drawing.canvases for x in tensors(canvas)]
        for x in found if drawing.picture is None else [*found, drawing.picture]:
            held[x.untyped_storage().data_ptr()] = x.untyped_storage().nbytes()
    return sum(held.values()) / 2**10


def test_the_drawing_that_shares_most_layers_is_gone_on_from() -> None:
    drawings = Drawings()
    for styles in ("abcd", "abxy", "zbcd"):
        draw(drawings, styles)
        drawings.keep()
    assert draw(drawings, "abcx") == 1
    assert draw(drawings, "abxz") == 1
    assert draw(drawings, "abxz") == 0  # the present one
    assert draw(drawings, "zzzz") == 3
    assert drawings.usable(plans("abxz")) == 3  # where no hand rested, only what rested ones share with it is left
    assert [draw(drawings, styles) for styles in ("abxy", "zbcd", "abcd")] == [0, 0, 0]


def test_what_several_share_is_there_once_and_what_nobody_rested_at_not_at_all() -> None:
    drawings = Drawings()
    draw(drawings, "abcd")
    drawings.keep()
    alone = kilobytes(drawings)
    assert alone == 1 + 2 + 4 + 1
    for last in "efghij":
        assert draw(drawings, "abc" + last) == 1
    assert kilobytes(drawings) == alone
    drawings.keep()
    assert kilobytes(drawings) == alone + 1


@pytest.mark.parametrize("room", [0, 3, 9, 20, 40])
def test_there_is_never_more_than_there_is_room_for(room: int) -> None:
    drawings, names = Drawings(room * 2**10), "abcdefghijklmnopqrstuvwxyz"
    for name in names:
        assert draw(drawings, name + "bcd") == 4
        drawings.keep()
        assert kilobytes(drawings) <= room
        assert len(drawings.present.canvases) == 4  # the present one is whole
        assert len(drawings._rested) <= MOST
    whole = [name for name in names if drawings.usable(plans(name + "bcd")) == 4]
    assert whole == list(names[-max(min(room, MOST), 1) :])  # pictures stay longest, the newest of them
    assert draw(drawings, "zbcx") == 1


def test_the_oldest_gives_up_its_last_layers_first() -> None:
    drawings = Drawings(14 * 2**10)
    for styles in ("abcd", "efgh"):
        draw(drawings, styles)
        drawings.keep()
    assert [len(drawing.canvases) for drawing in drawings._rested] == [2, 4]
    assert draw(drawings, "abxy") == 2
    assert draw(drawings, "abcd") == 0
    drawings.keep()  # and to come back to it makes it the newest
    assert [drawing.plans[0].cause.style for drawing in drawings._rested] == [b"e", b"a"]


def test_what_was_given_up_halfway_is_not_kept() -> None:
    drawings = Drawings()
    drawings.begin(plans("abcd"), 4)
    drawings.present.add(plans("abcd")[:2], [Canvas(torch.ones(1)), Canvas(torch.ones(1))])
    drawings.keep()
    assert not drawings._rested
    assert drawings.usable(plans("abxx")) == 2


def test_kept_numbers_are_not_those_that_a_graph_writes_to() -> None:
    drawings, lent = Drawings(), torch.ones(4)
    present = drawings.present
    present.add(plans("abc")[:1], [Canvas(torch.zeros(4))])
    present.add(plans("abc")[1:], [Canvas(lent), Canvas(lent, lent)], lent=True)
    present.picture, before = lent, present.canvases[0].features
    drawings.keep()
    lent.fill_(7.0)
    kept = drawings._rested[0]
    assert kept.canvases[0].features is before
    assert kept.canvases[1].features is kept.canvases[2].features
    assert all(bool((x == 1).all()) for x in (*tensors(kept.canvases[1]), *tensors(kept.canvases[2]), kept.picture))


def test_where_nothing_is_kept_layer_by_layer_a_picture_is_drawn_from_what_is_left(tmp_path) -> None:
    renderer = Renderer("cpu")
    model = renderer.open(model_file(tmp_path, "stylegan2")).model
    a, b = (Recipe(model=model, latent=seeded(seed)) for seed in (1, 2))
    exact = renderer.render(a).pixels
    renderer._activations._drawings._room = 8 * 2**10
    renderer.keep()
    renderer.render(b)
    assert renderer.render(a).drawn == 0
    changed = put(a, "strength.4", 0.5)
    frame = renderer.render(changed)
    assert 0 < frame.reused < 5
    assert np.array_equal(frame.pixels, Renderer(models=renderer.models).render(changed).pixels)
    assert np.array_equal(renderer.render(a).pixels, exact)


def test_earlier_drawings_have_a_part_of_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    for total, room in ((0, ROOM), (2**30, 2**30 // SHARE), (2**40, ROOM)):
        monkeypatch.setattr("engine.device.memory", lambda device, total=total: (0, total))
        assert room_on(torch.device("cpu")) == room
