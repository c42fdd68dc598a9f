"""`video`: films of seeds, of pictures and of timelines."""

import av

from engine.recipe import encode
from engine.recipe.timeline import Key, Sound, Timeline
from engine.recipe.wander import Wander
from engine.render import png


def facts(path):
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        return stream.average_rate, (stream.width, stream.height), sum(1 for _ in file.decode(stream))


def test_a_film_of_seeds(say, model, tmp_path):
    path = tmp_path / "new" / "film.mp4"
    said = say("video", "--model", model, "--seeds", "1,5,9", "--seconds", "0.4", "--fps", 10, "--out", path)
    assert (said.code, said.out.strip(), said.err) == (0, str(path), "")
    assert facts(path) == (10, (16, 16), 9)


def test_a_loop_enlarged(say, model, tmp_path):
    words = ("--seeds", "1,5", "--seconds", "0.4", "--fps", 10, "--loop", "--scale", 3)
    assert say("video", "--model", model, *words, "--out", tmp_path).code == 0
    assert facts(tmp_path / "video.mp4") == (10, (48, 48), 8)


def test_a_film_between_pictures(say, model, tmp_path):
    for seed, psi in ((1, 0.2), (2, 1.0)):
        words = ("--seeds", seed, "--set", f"truncation.psi={psi}", "--out", tmp_path / f"{seed}.png")
        say("render", "--model", model, *words)
    assert png.read(tmp_path / "1.png").truncation.psi == 0.2
    pictures = (tmp_path / "1.png", tmp_path / "2.png")
    assert say("video", *pictures, "--model", model, "--seconds", "0.5", "--fps", 8, "--out", tmp_path).code == 0
    assert facts(tmp_path / "video.mp4")[2] == 5


def test_bad_wishes_are_one_sentence(say, model, tmp_path):
    for words, sentence in (
        (("--seeds", "1"), "at least two pictures"),
        (("--seeds", "1,2", "--fps", "0"), "1 to 240 frames per second, not 0"),
        (("--seeds", "1,2", "--fps", "x"), "error parsing --fps: it should be a whole number, not 'x'"),
        (("--seeds", "1,2", "--seconds", "-1"), "more than 0"),
        (("--seeds", "1,2", "--seconds", "nan"), "more than 0"),
        (("--seeds", "1,2", "--scale", "65"), "enlarged 1 to 64 times"),
        ((), "say what to film"),
        (("some.png", "--seeds", "1,2"), "say what to film"),
        (("some.png", "other.png"), "some.png cannot be read"),
    ):
        assert sentence in say("video", "--model", model, *words, "--out", tmp_path / "f.mp4").complaint()
    assert "should end in .mp4" in say("video", "--seeds", "1,2", "--out", tmp_path / "f.avi").complaint()
    assert list(tmp_path.iterdir()) == []


def saved(path, model, say, **changes):
    """A timeline of two pictures, its recipes naming the model."""
    for seed in (1, 2):
        say("render", "--model", model, "--seeds", seed, "--out", path.parent / f"{seed}.png")
    first, second = (png.read(path.parent / f"{seed}.png") for seed in (1, 2))
    timeline = Timeline(fps=10, keys=(Key(0.0, first), Key(0.5, second, path="slerp")), **changes)
    path.write_bytes(encode(timeline))
    return timeline


def test_a_timeline_gives_the_frames_that_render_gives(say, model, tmp_path):
    timeline = saved(tmp_path / "line.json", model, say, loop=True, closing=0.4, wander=Wander("noise"))
    words = ("video", tmp_path / "line.json", "--model", model)
    assert say(*words, "--format", "png", "--out", tmp_path / "frames").code == 0
    files = sorted((tmp_path / "frames").iterdir())
    assert len(files) == timeline.frames() == 9
    for number in (0, 3, 8):
        assert png.read(files[number]) == timeline.frame(number)
        say("render", files[number], "--model", model, "--out", tmp_path / "again.png")
        assert (tmp_path / "again.png").read_bytes() == files[number].read_bytes()
    assert say(*words, "--out", tmp_path / "a.mkv").code == say(*words, "--out", tmp_path / "b.mkv").code == 0
    assert (tmp_path / "a.mkv").read_bytes() == (tmp_path / "b.mkv").read_bytes()
    assert facts(tmp_path / "a.mkv") == (10, (16, 16), 9)


def test_the_ending_says_the_kind_and_options_the_shape(say, model, tmp_path):
    saved(tmp_path / "line.json", model, say)
    words = ("video", tmp_path / "line.json", "--model", model, "--fps", 20, "--shape", "16:9", "--side", 128)
    assert say(*words, "--out", tmp_path / "film.webm").code == 0
    assert facts(tmp_path / "film.webm") == (20, (128, 72), 11)
    with av.open(str(tmp_path / "film.webm")) as file:
        assert file.streams.video[0].codec_context.name == "vp9"


def test_a_bad_timeline_is_one_sentence(say, model, tmp_path):
    saved(tmp_path / "line.json", model, say, sound=Sound("gone.wav"))
    (tmp_path / "bad.json").write_text('{"keys": [{"at": 0, "recipe": {}}, {"at": 0, "recipe": {}}]}')
    (tmp_path / "empty.json").write_text("{}")
    for words, sentence in (
        (("line.json",), "gone.wav cannot be opened"),
        (("line.json", "--loop"), "a timeline has its own way"),
        (("bad.json",), "bad.json: this is no timeline that can be read here: keys must follow one another"),
        (("empty.json",), "at least one key"),
        (("none.json",), "none.json cannot be read"),
        (("line.json", "--side", 4), "16 to 8192"),
    ):
        said = say("video", tmp_path / words[0], *words[1:], "--model", model, "--out", tmp_path / "f.mp4")
        assert sentence in said.complaint()
    assert not list(tmp_path.glob("*f.mp4*"))
