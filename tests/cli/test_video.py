"""`video`: films of seeds and of pictures."""

import av

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
