"""Whatever the engine says is said in German too, with its parts in it, and without a cost where the window speaks English."""

import ast
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.recipe import BadRecipe, Recipe, decode
from engine.render.png import read
from engine.training.run import BadRun, Run
from engine.weights import BadWeights
from explorer import words
from explorer.engine_words import PART, EngineWords
from explorer.words import reason, tr
from tests.explorer import engine_said, said


@pytest.fixture
def german() -> Iterator[None]:
    words.use("de")
    yield
    words.use("en")


LANGUAGES = [code for code in words.languages() if code != "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_engine_is_there(language: str, project: Path) -> None:
    known = words.catalogue(language, "engine") | words.catalogue(language)
    assert not [f"{place}: {text}" for text, place in engine_said.written(project).items() if text not in known]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_window_is_there(language: str, project: Path) -> None:
    known = words.catalogue(language, "engine") | words.catalogue(language)
    assert not engine_said.unsaid(said.sources(project), known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_fits(language: str) -> None:
    catalogue = words.catalogue(language, "engine")
    for text, other in catalogue.items():
        assert other.strip() == other, text
        assert set(PART.findall(other)) <= set(PART.findall(text)), text
        assert text.startswith("[Errno") or set(PART.findall(other)) == set(PART.findall(text)), text
    assert list(catalogue) == sorted(catalogue)
    assert not catalogue.keys() & words.catalogue(language).keys()


def test_the_reader_of_sources_finds_what_it_should() -> None:
    tree = ast.parse(
        'BEGIN, TAIL = "back to ", 3\nTEXT = "after {count:,} of them"\ndef f(x):\n    """No sentence at all."""\n'
        '    raise ValueError(f"{x.y} is no file" if x else "too long")\n'
        '    return f"{BEGIN}{x!r} of {x:>3} now", f"in {\'the middle of it\' if x else 1}", "two words"\n'
    )
    found = ["after {0} of them", "{0} is no file", "too long", "back to {0} of {1} now", "the middle of it"]
    assert engine_said.sentences_of(tree) == found


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("a b.pkl holds data that contains itself", "a b.pkl enthält Daten, die sich selbst enthalten"),
        ("it holds no generator that is known here", "sie enthält keinen Generator, der hier bekannt ist"),
        ("Nicht da: it is damaged", "Nicht da: sie ist beschädigt"),
        (
            "the recipe in a.png cannot be read: it is damaged",
            "das Rezept in a.png ist nicht lesbar: sie ist beschädigt",
        ),
        (
            "x.pt: the tensor a.b (and 3 more) is missing, which StyleGAN needs",
            "x.pt: der Tensor a.b (und 3 weitere) fehlt, für StyleGAN nötig",
        ),
        (
            "x cannot be fetched: a does not give it (timed out); b does not give it (c); is there a network?",
            "x lässt sich nicht holen: a gibt sie nicht her (keine Antwort); b gibt sie nicht her (c); "
            "gibt es eine Verbindung ins Netz?",
        ),
        ("Nobody ever wrote this sentence down", "Nobody ever wrote this sentence down"),
        ("session", "session"),  # a name
    ],
)
def test_a_finished_sentence_is_known_again(german: None, text: str, other: str) -> None:
    assert tr(text) == other
    assert tr("Saved {name}", name=text) == f"{other} ist gespeichert"


def test_true_errors_are_said_in_german(german: None, tmp_path: Path) -> None:
    picture = tmp_path / "new.png"
    picture.write_bytes(b"no picture")
    with pytest.raises(BadRecipe) as bad:
        read(picture)
    assert reason(bad.value) == "new.png ist kein PNG-Bild, und nur hier gespeicherte tragen ein Rezept"
    with pytest.raises(BadRecipe) as bad:
        decode(Recipe, b"{")
    assert reason(bad.value) == "das ist hier nicht als Rezept lesbar: die Daten brechen ab"
    with pytest.raises(BadRun) as lost:
        Run(tmp_path).config()
    assert reason(lost.value) == f"{tmp_path} ist kein Lauf: Es gibt dort keine config.json"
    assert reason(BadWeights("x.pkl is no file")) == "x.pkl ist keine Datei"
    assert reason(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "x")).startswith("die Datei")
    assert reason(KeyError()) == "KeyError"


@pytest.mark.skipif(os.name != "posix", reason="other systems say it in other words")
def test_what_the_system_refuses_is_said_in_german(german: None) -> None:
    usual = (errno.ENOSPC, errno.EACCES, errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.EROFS, errno.EIO, errno.EPERM)
    for number in usual:
        assert tr(os.strerror(number)) != os.strerror(number)


def test_english_reads_and_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    words.use("en")
    monkeypatch.setattr(words.EngineWords, "_said", lambda *_: pytest.fail("nothing is looked up"))
    assert tr("x is no file") == "x is no file"
    assert tr("Saved {name}", name="x is no file") == "Saved x is no file"


def test_a_catalogue_is_read_when_it_is_first_needed() -> None:
    asked: list[int] = []

    def read() -> dict[str, str]:
        asked.append(1)
        return {"{0} is no file": "{0} ist keine Datei"}

    known = EngineWords(read)
    assert not asked
    assert known.said("a.b") == "a.b"
    assert not asked
    assert known.said("a.b is no file") == "a.b ist keine Datei"
    assert known.said("is no file at all, and longer" * 1000).startswith("is no file")
    assert asked == [1]


def test_no_template_is_a_knot(german: None) -> None:
    """A long hostile text takes no time: the pieces of a sentence are looked for before its pattern is tried."""
    text = " is " * 900 + "(" * 20
    assert tr(text) == text
    assert re.sub(r"\s", "", tr("the tensor " * 300)) == "thetensor" * 300
