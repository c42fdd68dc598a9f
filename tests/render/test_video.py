"""Films: every frame there, the first and last the rendered ones, colours tagged and right, nothing left on cancel."""

from dataclasses import replace
from fractions import Fraction

import av
import numpy as np
import pytest
from av.video.reformatter import ColorRange, Colorspace

from engine.recipe import Recipe, put, seeded
from engine.render import formats, video
from engine.render.frame import Frame
from engine.render.renderer import Renderer
from tests.models import model_file
from tests.render.painting import Drawing


class Painter(Drawing):
    """Paints smooth pictures of any size; blue tells the seed."""

    def __init__(self, height=32, width=48):
        self.height, self.width = height, width

    def render(self, recipe):
        place = sum(item.weight * item.point.number for item in recipe.latent.points)
        y, x = np.mgrid[: self.height, : self.width]
        planes = (255 * x / self.width, 255 * y / self.height, np.full_like(x, 20 * place))
        return Frame(recipe, np.stack(planes, 2).astype(np.uint8))


def way(*seeds):
    return [Recipe(latent=seeded(seed)) for seed in seeds]


def decoded(path):
    """All frames [H, W, 3] as a player shows them that believes the tags."""
    with av.open(str(path)) as file:
        return [
            frame.reformat(
                format="rgb24",
                src_colorspace=Colorspace.ITU709,
                src_color_range=ColorRange.MPEG,
                dst_color_range=ColorRange.JPEG,
            ).to_ndarray()
            for frame in file.decode(video=0)
        ]


def test_it_plays_and_begins_and_ends_with_its_pictures(tmp_path):
    path, painter = tmp_path / "film.mp4", Painter()
    work = list(video.film(way(1, 9, 4), painter, path, 0.3, 30))
    assert [now.done for now in work] == list(range(1, 20))
    assert {now.total for now in work} == {19}
    assert work[4].frame is not None
    frames = decoded(path)
    assert len(frames) == 19
    for at, seed in ((0, 1), (9, 9), (-1, 4)):
        expected = painter.render(way(seed)[0]).pixels
        assert np.abs(frames[at].astype(int) - expected).mean() < 4
    blues = [frame[..., 2].mean() for frame in frames]
    assert blues[:10] == sorted(blues[:10])


def test_colours_are_tagged_and_the_index_lies_in_front(tmp_path):
    path = tmp_path / "film.mp4"
    list(video.film(way(1, 2), Painter(), path, 0.5, 25))
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt, stream.average_rate) == ("h264", "yuv420p", Fraction(25))
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        assert file.duration == pytest.approx(13 / 25 * 1e6, abs=2000)
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_colours_are_converted_by_bt709(tmp_path):
    class Red(Drawing):
        def render(self, recipe):
            return Frame(recipe, np.full((32, 32, 3), (255, 0, 0), np.uint8))

    list(video.film(way(1, 2), Red(), tmp_path / "red.mp4", 0.1, 10))
    with av.open(str(tmp_path / "red.mp4")) as file:
        frame = next(file.decode(video=0))
    y, u, v = (np.frombuffer(plane, np.uint8)[0] for plane in frame.planes)
    assert (int(y), int(u), int(v)) == pytest.approx((63, 102, 240), abs=2)  # BT.601 would give 81, 90, 240


@pytest.mark.parametrize(("height", "width"), [(33, 47), (1, 1), (5, 4)])
def test_odd_sizes_are_padded_with_their_edge(tmp_path, height, width):
    path = tmp_path / "odd.mp4"
    list(video.film(way(3, 3), Painter(height, width), path, 0.2, 10))
    frames = decoded(path)
    assert len(frames) == 3
    assert frames[0].shape == (height + height % 2, width + width % 2, 3)
    if height % 2:
        assert np.abs(frames[0][-1].astype(int) - frames[0][-2]).mean() < 6


def test_a_loop_leaves_the_last_frame_to_the_first(tmp_path):
    path = tmp_path / "loop.mp4"
    work = list(video.film(way(1, 9), Painter(), path, 0.5, 10, loop=True, scale=2))
    assert len(work) == len(decoded(path)) == 10
    assert decoded(path)[0].shape == (64, 96, 3)
    assert work[-1].frame.recipe.latent.mix(seeded(1), 0) != seeded(1)


def test_cancel_leaves_nothing(tmp_path):
    for frames in (0, 1, 3):
        work = video.film(way(1, 9), Painter(), tmp_path / "new" / "film.mp4", 5, 30)
        for _ in range(frames):
            next(work)
        work.close()
        assert not any((tmp_path / "new").glob("*"))


def test_cancel_keeps_an_older_film(tmp_path):
    path = tmp_path / "film.mp4"
    path.write_bytes(b"older")
    work = video.film(way(1, 9), Painter(), path, 5, 30)
    next(work)
    work.close()
    assert path.read_bytes() == b"older"


def test_a_failing_renderer_leaves_nothing(tmp_path):
    class Tired(Painter):
        def render(self, recipe):
            if len(recipe.latent.points) > 1:
                raise ValueError("too tired")
            return super().render(recipe)

    with pytest.raises(ValueError, match="too tired"):
        list(video.film(way(1, 9), Tired(), tmp_path / "film.mp4", 1, 30))
    assert list(tmp_path.iterdir()) == []


def test_frames_are_those_that_render_gives(tmp_path):
    renderer, fresh = Renderer("cpu"), Renderer("cpu")
    model = renderer.open(model_file(tmp_path)).model
    fresh.open(tmp_path / "stylegan1.safetensors")
    recipes = [put(recipe, "model", model) for recipe in way(1, 2)]
    recipes[1] = put(recipes[1], "truncation.psi", 0.3)
    for now in video.film(recipes, renderer, tmp_path / "film.mp4", 0.5, 10):
        assert np.array_equal(now.frame.pixels, fresh.render(now.frame.recipe).pixels)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"recipes": way(1)}, "at least two"),
        ({"seconds": 0}, "more than 0"),
        ({"fps": 1000}, "1 to 240"),
        ({"scale": 0}, "enlarged 1 to 64"),
        ({"renderer": Painter(8, 5000), "scale": 2}, "too large"),
    ],
)
def test_bad_wishes_are_one_sentence(tmp_path, changes, sentence):
    wish = {"recipes": way(1, 2), "renderer": Painter(), "path": tmp_path / "f.mp4", "seconds": 1, "fps": 5, **changes}
    with pytest.raises(ValueError, match=sentence):
        list(video.film(**wish))
    assert list(tmp_path.iterdir()) == []


def test_without_an_encoder_it_says_what_there_is(tmp_path, monkeypatch):
    future = replace(formats.FORMATS["h264"], codecs=("h264_of_the_future",))
    monkeypatch.setitem(formats.FORMATS, "h264", future)
    with pytest.raises(video.NoEncoder, match="there is mpeg4"):
        list(video.film(way(1, 2), Painter(), tmp_path / "f.mp4", 1, 5))
    assert list(tmp_path.iterdir()) == []
